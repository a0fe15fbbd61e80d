"""`manage.py doctor`: each broken part is named with how to mend it, and hides no other."""

import json
import os
import resource
import socketserver
import subprocess
import sys
import textwrap
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import redis
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from redis.exceptions import RedisError

from config.ops.doctor import database, examination, host, jobs, storage
from config.ops.doctor.cache import examine_redis
from config.ops.doctor.clocks import compare
from config.ops.doctor.database import examine_database
from config.ops.doctor.environment import examine_settings
from config.ops.doctor.findings import Finding, Level, ok, warning, worst
from config.ops.doctor.jobs import examine_jobs
from config.ops.doctor.mail import examine_mail, examine_mail_to
from config.ops.doctor.storage import examine_disks, examine_storage
from core.embedded.binaries import find_valkey
from tests.config.own_postgres import own_postgres
from tests.config.test_env import SAFE
from tests.core.mail_standins import SmtpStandin
from tests.core.tcp_proxy import tcp_proxy
from tests.e2e.server import new_database
from tests.house.rules import ROOT

pytestmark = pytest.mark.xdist_group("doctor")  # Some share a PostgreSQL of their own.


def doctor(*arguments: str, **environ: str) -> tuple[int, list[Finding]]:
    """Exit code and findings of a new process that has these variables and no others."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            **environ,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.stdout, ran.stderr
    document = json.loads(ran.stdout)
    findings = [Finding(**{**each, "level": Level(each["level"])}) for each in document["findings"]]
    assert document["worst"] == worst(findings)
    return ran.returncode, findings


def of(findings: list[Finding], part: str, level: Level) -> list[str]:
    """What was found about a part at a level."""
    return [each.found for each in findings if (each.part, each.level) == (part, level)]


def only(findings: Iterator[Finding], level: Level = Level.FAULT) -> Finding:
    """The one finding of this level."""
    (found,) = [finding for finding in findings if finding.level is level]
    return found


def levels(findings: Iterator[Finding]) -> set[Level]:
    return {finding.level for finding in findings}


# ---- The environment ---------------------------------------------------------------------------


def test_every_missing_and_unsafe_variable_is_told_and_the_rest_is_examined():
    broken = {k: v for k, v in SAFE.items() if k not in ("SITE_URL", "DATABASE_URL")}
    code, findings = doctor(**{**broken, "PORT": "http", "SECRET_KEY": "x" * 60,
                               "REDIS_URL": "redis://127.0.0.1:1/0"})  # fmt: skip

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
    assert away.startswith("redis://127.0.0.1:1/0: ")
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


def test_a_secret_is_never_printed():
    _, findings = doctor(
        **SAFE
        | {
            "DATABASE_URL": "postgresql://jyoti:hidden-one@127.0.0.1:1/jyoti",
            "REDIS_URL": "redis://:hidden-two@127.0.0.1:1/0",
            "MEDIA_BACKEND_URL": "file:///nonexistent/media",
            "MAIL_URL": "smtp://jyoti:hidden-three@127.0.0.1:1",
        }
    )

    faults = [finding.part for finding in findings if finding.level is Level.FAULT]
    assert faults == ["database", "redis", "storage", "mail", "worker"]
    assert "hidden" not in str(findings)


def test_what_djangos_checks_find_is_passed_on(settings):
    settings.SITE_URL = "https://photos.example.org"
    settings.STATICFILES_DIRS = ["/nonexistent/static"]
    found = only(examine_settings(), Level.WARNING)
    assert found.found.startswith("staticfiles.W004")


# ---- The database ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strict_database(tmp_path_factory) -> Iterator[str]:
    """The address of a PostgreSQL of its own, where the role `locked` needs the password `right`."""
    with own_postgres(tmp_path_factory.mktemp("postgres")) as url:
        with psycopg.connect(url, user="postgres", autocommit=True) as server:
            server.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
            rules = Path(server.execute("SHOW hba_file").fetchone()[0])
            rules.write_text(f"local all locked scram-sha-256\n{rules.read_text()}")
            server.execute("SELECT pg_reload_conf()")
        yield url


@pytest.fixture
def at(settings) -> Iterator[Callable[..., None]]:
    """`at(url, **changes)`: let the settings name that database."""
    entry = django_settings.DATABASES["default"]
    kept = dict(entry)

    def change(url: str, **changes: str) -> None:
        parts = psycopg.conninfo.conninfo_to_dict(url)
        entry.update({
            "HOST": parts["host"], "PORT": parts.get("port", ""), "NAME": parts["dbname"],
            "USER": parts.get("user", ""), "PASSWORD": parts.get("password", ""), **changes,
        })  # fmt: skip

    yield change
    entry.clear()
    entry.update(kept)


@pytest.mark.django_db
def test_a_migrated_database_is_well():
    findings = list(examine_database())
    assert Level.FAULT not in levels(iter(findings))
    assert "every migration is applied" in {finding.found for finding in findings}


def test_a_wrong_password_is_told_and_a_right_one_is_not(strict_database, at):
    at(strict_database, USER="locked", PASSWORD="wrong")
    refused = only(examine_database())
    assert 'password authentication failed for user "locked"' in refused.found
    assert "systemctl start jyoti-secrets" in refused.mend

    at(strict_database, USER="locked", PASSWORD="right")
    assert next(examine_database()).level is Level.OK


def test_a_database_that_is_not_there_is_told(strict_database, at):
    at(strict_database, NAME="nowhere")
    missing = only(examine_database())
    assert 'database "nowhere" does not exist' in missing.found
    assert missing.mend.startswith("Make the database")


def test_a_server_that_is_away_is_told(at):
    at("postgresql://jyoti@127.0.0.1:1/jyoti")
    away = only(examine_database())
    assert "Connection refused" in away.found
    assert "security group" in away.mend


def test_an_empty_database_waits_for_its_migrations(monkeypatch):
    with new_database() as url:
        code, findings = doctor(**SAFE | {"DATABASE_URL": url})

    assert code == 1
    missing, waiting = of(findings, "database", Level.FAULT)
    assert missing == "extension pg_trgm is missing"
    assert waiting.split(maxsplit=1)[1].startswith("migrations wait: ")
    (not_examined,) = of(findings, "worker", Level.FAULT)
    assert not_examined == "not examined: ProgrammingError"


@pytest.mark.django_db
def test_few_free_connections_are_a_warning(monkeypatch):
    monkeypatch.setattr(database, "MOST_CONNECTIONS_PERCENT", 0)
    told = [finding.found for finding in examine_database() if finding.level is Level.WARNING]
    assert told[-1].endswith("connections are in use")


@pytest.mark.django_db
def test_an_old_server_is_a_fault(monkeypatch):
    monkeypatch.setattr(database, "OLDEST", 990000)
    assert "upgrade the server" in only(examine_database()).mend


# ---- Redis -------------------------------------------------------------------------------------


@contextmanager
def valkey(folder: Path, **options: str) -> Iterator[str]:
    """The address of a Valkey of its own, with these options."""
    path = folder / "valkey.sock"
    words = [
        word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)
    ]
    process = subprocess.Popen(
        [find_valkey(), "--port", "0", "--unixsocket", path, "--save", "", *words],
        stdout=subprocess.DEVNULL,
    )
    url = f"unix://{path}"
    client = redis.Redis.from_url(url, password=options.get("requirepass"))
    deadline = time.monotonic() + 20
    while True:
        try:
            client.ping()
            break
        except (RedisError, OSError):
            assert time.monotonic() < deadline, "Valkey did not start"
            time.sleep(0.02)
    try:
        yield url
    finally:
        client.close()
        process.terminate()
        process.wait(10)


def test_the_embedded_valkey_is_well():
    assert levels(examine_redis()) == {Level.OK}


def test_redis_that_goes_away_is_told(settings):
    with tcp_proxy(django_settings.REDIS_URLS[0]) as proxy:
        settings.REDIS_URLS = [proxy.url]
        assert levels(examine_redis()) == {Level.OK}
        proxy.cut()
        away = only(examine_redis())

    assert away.found.startswith(f"redis://127.0.0.1:{proxy.port}/")
    assert "Is the server up" in away.mend


def test_a_redis_that_throws_keys_out_is_told(settings, tmp_path):
    with valkey(tmp_path, maxmemory="3mb", maxmemory_policy="allkeys-lru") as url:
        settings.REDIS_URLS = [url]
        with redis.Redis.from_url(url) as client:
            for number in range(300):
                client.set(f"k{number}", "x" * 20_000)
        findings = list(examine_redis())

    assert "maxmemory-policy is allkeys-lru" in only(iter(findings)).found
    warnings = [finding.found for finding in findings if finding.level is Level.WARNING]
    assert any("keys were thrown out" in found for found in warnings)
    assert any(found.endswith("MB in use of 3") for found in warnings)


def test_a_redis_without_a_limit_is_a_warning(settings, tmp_path):
    with valkey(tmp_path) as url:
        settings.REDIS_URLS = [url]
        assert only(examine_redis(), Level.WARNING).found.endswith("without a limit")


def test_a_redis_whose_password_changed_is_told(settings, tmp_path):
    with valkey(tmp_path, requirepass="harbour", maxmemory="50mb") as url:
        settings.REDIS_URLS = [url.replace("unix://", "unix://:wrong@")]
        refused = only(examine_redis())
        settings.REDIS_URLS = [url.replace("unix://", "unix://:harbour@")]
        assert levels(examine_redis()) == {Level.OK}

    assert "systemctl start jyoti-secrets" in refused.mend
    assert "wrong" not in refused.found.replace("wrong@", "")


# ---- Storage, disks, clocks --------------------------------------------------------------------


def test_the_store_is_written_to_read_and_left_as_it_was(settings, tmp_path):
    settings.MEDIA_BACKEND_URL = f"file://{tmp_path / 'media'}"
    assert levels(examine_storage()) == {Level.OK}
    assert [file for file in (tmp_path / "media").rglob("*") if file.is_file()] == []


def test_a_full_disk_is_told(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    django_settings.MEDIA_BACKEND_URL, kept = (
        f"file://{tmp_path}",
        django_settings.MEDIA_BACKEND_URL,
    )
    resource.setrlimit(resource.RLIMIT_FSIZE, (storage.PROBE_BYTES // 2, before[1]))
    try:
        full = only(examine_storage())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        django_settings.MEDIA_BACKEND_URL = kept
    assert (full.part, full.found) == ("storage", "there is no room for a file")


def test_root_leaves_no_folders_that_the_service_cannot_write_to(settings, tmp_path, monkeypatch):
    settings.MEDIA_BACKEND_URL = f"file://{tmp_path}"
    if os.geteuid() == 0:
        os.chown(tmp_path, 1, 1)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (finding,) = examine_storage()
    assert (finding.level, finding.found.partition(":")[0]) == (Level.WARNING, "not examined")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_no_folder_is_told(settings, tmp_path):
    (tmp_path / "media").write_text("a file")
    settings.MEDIA_BACKEND_URL = f"file://{tmp_path / 'media'}"
    refused = only(examine_storage())
    assert refused.found.startswith("NotADirectoryError")
    assert str(tmp_path / "media") in refused.mend


def test_little_room_is_a_fault_and_less_than_usual_a_warning(monkeypatch):
    assert Level.FAULT not in levels(examine_disks())
    monkeypatch.setattr(storage, "WARNING_PERCENT", 101)
    assert levels(examine_disks()) == {Level.WARNING}
    monkeypatch.setattr(storage, "FAULT_BYTES", 10**18)
    assert levels(examine_disks()) == {Level.FAULT}


@pytest.mark.parametrize(("skew_s", "level"), [(1.9, Level.OK), (-1.9, Level.OK), (2.1, Level.FAULT),
                                              (-2.1, Level.FAULT)])  # fmt: skip
def test_a_clock_may_be_two_seconds_off(skew_s, level):
    before = datetime.now(UTC)
    after = before + timedelta(seconds=4)
    (finding,) = compare("database", before + timedelta(seconds=2 + skew_s), before, after)
    word = "ahead" if skew_s > 0 else "behind"
    assert finding.level is level
    assert finding.found == f"the clock of the database is {abs(skew_s)} s {word}"


# ---- Mail --------------------------------------------------------------------------------------


@contextmanager
def refusing_smtp() -> Iterator[int]:
    """The port of a server that knows nobody's password."""

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 standin\r\n")
            while line := self.rfile.readline().strip():
                verb = line[:4].upper()
                answers = {b"EHLO": b"250-standin\r\n250 AUTH PLAIN", b"QUIT": b"221 bye"}
                self.wfile.write(answers.get(verb, b"535 5.7.8 who are you") + b"\r\n")

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def test_a_mail_server_that_refuses_the_password_is_told(settings):
    with refusing_smtp() as port:
        settings.MAIL_URL = f"smtp://jyoti:wrong@127.0.0.1:{port}?tls=off"
        refused = only(examine_mail())

    assert refused.found == f"127.0.0.1:{port}: 535 5.7.8 who are you"
    assert refused.mend.startswith("Name or password in MAIL_URL are wrong")


def test_a_mail_server_without_encryption_is_told(settings):
    with SmtpStandin() as standin:
        settings.MAIL_URL = f"smtp://127.0.0.1:{standin.port}"
        assert "It offers no encryption" in only(examine_mail()).mend
        settings.MAIL_URL = standin.url
        found = only(examine_mail(), Level.WARNING)

    assert found.found == f"127.0.0.1:{standin.port} answers unencrypted and asks for no password"
    assert standin.mails == []


def test_a_mail_server_that_is_away_is_told(settings):
    settings.MAIL_URL = "smtp://127.0.0.1:1"
    assert "may this machine reach that port" in only(examine_mail()).mend


def test_one_mail_is_sent_to_the_address_that_was_given(settings):
    with SmtpStandin() as standin:
        settings.MAIL_URL = standin.url
        found = only(examine_mail_to("maya@example.org"), Level.OK)
        (mail,) = standin.mails

    assert found.found == "a mail to maya@example.org was taken; look whether it arrives"
    assert (mail["to"], mail["private"]) == ("maya@example.org", None)


# ---- Background work ---------------------------------------------------------------------------

_JOB = """
INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id)
VALUES ('live', 'a.task', %s, %s) RETURNING id
"""


def add_job(status: str, *, age_s: int = 0, worker_id: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_JOB, [status, worker_id])
        (job_id,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(secs => %s) "
            "WHERE job_id = %s",
            [age_s, job_id],
        )


def add_worker(silent_s: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_s],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def in_one_transaction(db, monkeypatch) -> None:
    """The test's rows are seen by the test's connection alone: leave it open."""
    monkeypatch.setattr(connection, "close", lambda: None)


@pytest.mark.usefixtures("in_one_transaction")
def test_no_worker_is_a_fault_and_a_silent_one_counts_as_none():
    assert only(examine_jobs()).found == "no worker runs: none was ever there"
    add_worker(silent_s=90)
    assert only(examine_jobs()).found == "no worker runs: the last was there 90 s ago"
    add_worker(silent_s=3)
    found = [finding.found for finding in examine_jobs()]
    assert found == ["1 queues are served, last heartbeat 3 s ago", "0 jobs are due"]


@pytest.mark.usefixtures("in_one_transaction")
def test_jobs_that_wait_too_long_failed_or_lost_their_worker_are_told():
    alive, dead = add_worker(silent_s=3), add_worker(silent_s=600)
    add_job("todo", age_s=jobs.WAITING_S - 10)
    add_job("doing", worker_id=alive)
    assert levels(examine_jobs()) == {Level.OK}

    add_job("todo", age_s=jobs.WAITING_S + 10)
    add_job("failed")
    add_job("doing", worker_id=dead)
    findings = list(examine_jobs())
    assert only(iter(findings)).found == f"2 jobs are due, the oldest since {jobs.WAITING_S + 10} s"
    assert [finding.found for finding in findings if finding.level is Level.WARNING] == [
        "1 jobs failed for good",
        "1 jobs are of workers that died",
    ]


# ---- The host ----------------------------------------------------------------------------------


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
    monkeypatch.setenv("SECRETS_DIRECTORY", str(tmp_path))
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


# ---- The command -------------------------------------------------------------------------------


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
