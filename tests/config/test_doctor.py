"""`manage.py doctor`: each broken part is named with how to mend it, and hides no other."""

import json
import os
import subprocess
import sys
import textwrap
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from config.ops.doctor import examination, host
from config.ops.doctor.environment import examine_settings
from config.ops.doctor.findings import Finding, Level, ok, warning, worst
from tests.config.doctors import ALONE, doctor, levels, of, only
from tests.house.rules import ROOT


def test_every_missing_and_unsafe_variable_is_told_and_the_rest_is_examined():
    given = {k: v for k, v in ALONE.items() if k not in ("SITE_URL", "DATABASE_URL")}
    code, findings = doctor(**given | {"PORT": "http", "SECRET_KEY": "x" * 60})

    assert code == 1
    assert of(findings, "environment", Level.FAULT) == [
        "SITE_URL is missing",
        "DATABASE_URL is missing",
        "PORT invalid literal for int() with base 10: 'http'",
        "SECRET_KEY is not random",
    ]
    assert of(findings, "database", Level.WARNING) == ["not examined"]
    assert of(findings, "worker", Level.WARNING) == ["not examined"]
    (away,) = of(findings, "redis", Level.FAULT)
    assert away.startswith("127.0.0.1:1/0: ")
    assert all(finding.mend for finding in findings if finding.level is not Level.OK)


def test_settings_that_do_not_exist_are_told():
    code, findings = doctor(DJANGO_SETTINGS_MODULE="config.settings.staging")

    assert code == 1
    first, *others = of(findings, "environment", Level.FAULT)
    assert first.startswith("DJANGO_SETTINGS_MODULE config.settings.staging cannot be imported")
    assert "SECRET_KEY is missing" in others


def test_services_that_cannot_be_started_are_told():
    script = """
        import runpy, sys
        import core.embedded as embedded

        def refuse(_kind, *, database_url, redis_url):
            if not (database_url and redis_url):
                raise embedded.EmbeddedServiceError("no PostgreSQL was found")
            return embedded.ServiceUrls(database_url, redis_url)

        embedded.ensure_services = refuse
        sys.argv = ["manage.py", "doctor", "--json"]
        runpy.run_path("manage.py", run_name="__main__")
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1, ran.stderr
    told = [each["found"] for each in json.loads(ran.stdout)["findings"]]
    assert told[:2] == [
        "DATABASE_URL is not set, and: no PostgreSQL was found",
        "REDIS_URL is not set, and: no PostgreSQL was found",
    ]


def test_a_secret_that_cannot_be_read_is_told_and_the_others_are_used(tmp_path):
    (tmp_path / "REDIS_URL").write_text("redis://127.0.0.1:1/7")
    (tmp_path / "SECRET_KEY").write_bytes(b"\xff" * 60)
    given = {k: v for k, v in ALONE.items() if k not in ("REDIS_URL", "SECRET_KEY")}
    _, findings = doctor(**given | {"SECRETS_DIRECTORY": str(tmp_path)})

    assert of(findings, "environment", Level.FAULT)[0] == (
        "SECRET_KEY cannot be read from SECRETS_DIRECTORY: it is no text"
    )
    (away,) = of(findings, "redis", Level.FAULT)
    assert away.startswith("redis://127.0.0.1:1/7: ")


def test_a_secret_is_never_printed():
    _, findings = doctor(**ALONE)

    faults = [finding.part for finding in findings if finding.level is Level.FAULT]
    assert faults == ["database", "redis", "storage", "mail", "worker"]
    assert "hidden" not in str(findings)


def test_what_djangos_checks_find_is_passed_on(settings):
    settings.SITE_URL = "https://photos.example.org"
    settings.STATICFILES_DIRS = ["/nonexistent/static"]
    found = only(examine_settings(), Level.WARNING)
    assert found.found.startswith("staticfiles.W004")


def test_the_constants_are_those_of_the_deployment():
    constants = tomllib.loads((ROOT / "deploy" / "constants.toml").read_text())
    assert str(host.ENVIRONMENT) == constants["paths"]["environment"]
    assert list(host.PORTS.values()) == [
        constants["ports"]["http"],
        constants["ports"]["websocket"],
    ]
    assert 3 * constants["seconds"]["secrets_refresh"] == host.OLDEST_SECRETS_S
    assert all((ROOT / "deploy" / "systemd" / unit).is_file() for unit in host.UNITS)


def test_secrets_that_strangers_may_read_or_that_are_old_are_told(monkeypatch, tmp_path):
    env = replace(django_settings.ENV, secrets_directory=str(tmp_path))
    monkeypatch.setattr(django_settings, "ENV", env)
    secret = tmp_path / "SECRET_KEY"
    assert only(host.examine_files()).found == f"{tmp_path} holds none"

    secret.write_text("x")
    secret.chmod(0o440)
    assert Level.FAULT not in levels(host.examine_files())
    secret.chmod(0o444)
    assert only(host.examine_files()).found == f"{secret} has mode 0444"

    secret.chmod(0o440)
    os.utime(secret, (time.time() - 1000, time.time() - 1000))
    old = [finding for finding in host.examine_files() if finding.part == "secrets"]
    assert [(finding.level, finding.found) for finding in old] == [
        (Level.WARNING, "1 secrets, written 1000 s ago")
    ]


def test_a_host_that_is_draining_says_so(settings, tmp_path):
    settings.DRAIN_FILE = str(tmp_path / "draining")
    assert "draining" not in str(list(host.examine_files()))
    (tmp_path / "draining").touch()
    assert "this host is draining" in str(list(host.examine_files()))


def test_a_client_that_is_not_built_is_told(settings, tmp_path):
    settings.CLIENT_DIST = tmp_path
    assert "web client is not here" in only(host.examine_files(), Level.WARNING).found


def test_units_that_do_not_run_and_ports_that_are_closed_are_told(monkeypatch, tmp_path):
    """A stand-in for systemctl: its real answers are seen where the units are booted."""
    systemctl = tmp_path / "systemctl"
    systemctl.write_text(
        "#!/bin/sh\necho LoadState=loaded\n"
        "case $2 in *worker*) echo ActiveState=failed; echo SubState=failed ;;\n"
        "*http.service) echo ActiveState=active; echo SubState=running; echo NRestarts=9 ;;\n"
        "*) echo ActiveState=active; echo SubState=running; echo NRestarts=0 ;; esac\n"
    )
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(host, "_SYSTEMD", tmp_path)
    monkeypatch.setattr(host, "PORTS", {"jyoti-http": 1})
    findings = list(host.examine_units())

    assert [finding.found for finding in findings if finding.level is Level.FAULT] == [
        "jyoti-worker.service is failed (failed)",
        "port 1 is closed",
    ]
    assert only(iter(findings), Level.WARNING).found == (
        "jyoti-http.service is active (running), started again 9 times"
    )


def test_where_nothing_of_systemd_is_there_nothing_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(host, "_SYSTEMD", tmp_path / "nothing")
    assert list(host.examine_units()) == []


def test_the_gravest_finding_decides():
    assert worst([]) is Level.OK
    assert worst([ok("a", "b"), warning("a", "b", "c")]) is Level.WARNING


@pytest.mark.django_db
def test_the_list_is_for_people_and_strict_takes_warnings_seriously(capsys, monkeypatch):
    def parts() -> Iterator[Finding]:
        yield ok("disk", "70 GB free")
        yield warning("mail", "none leaves", "Set MAIL_URL.")

    monkeypatch.setattr("config.management.commands.doctor.examine", parts)
    with pytest.raises(SystemExit) as calm:
        call_command("doctor")
    with pytest.raises(SystemExit) as strict:
        call_command("doctor", "--strict")

    assert (calm.value.code, strict.value.code) == (0, 1)
    assert capsys.readouterr().out.splitlines()[:3] == [
        "ok       disk         70 GB free",
        "warning  mail         none leaves",
        "                      Set MAIL_URL.",
    ]


def test_an_examination_that_breaks_is_a_fault_and_hides_no_other(monkeypatch):
    def breaks() -> Iterator[Finding]:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("config.ops.doctor.examination._PARTS", [
        examination._Part("first", breaks), examination._Part("second", lambda: iter([ok("second", "x")])),
    ])  # fmt: skip
    first, second = examination.examine()
    assert first.found == "could not be examined: RuntimeError: unforeseen"
    assert second.level is Level.OK
