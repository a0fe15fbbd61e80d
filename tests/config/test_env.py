"""The environment: every problem at once, and the example file names every variable."""

import ast
import os
import re
import shlex
import subprocess
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path

import pytest

from config.env import (
    SERVER_WORDS,
    Env,
    EnvironmentInvalidError,
    database_field,
    database_settings,
    kind_of,
    load,
    secret_file,
)
from messaging.services.batcher import conninfo
from tests.house.rules import ROOT

SAFE = {
    "SECRET_KEY": "3kq9Zt-p0vWcXy7Lr2Qm8Nb5Hd1Gf6Js4Ku_aEoRiTnMwBzCxVlPqSd",
    "ALLOWED_HOSTS": "photos.example.org",
    "SITE_URL": "https://photos.example.org",
    "DATABASE_URL": "postgresql://jyoti:s%40crit@db:5433/jyoti?sslmode=require",
    "REDIS_URL": "redis://cache:6379/0",
    "MEDIA_BACKEND_URL": "file:///var/lib/jyoti/media",
    "MAIL_URL": "smtp://mail:25",
    "MAIL_FROM": "Jyoti <hello@example.org>",
    "TRUSTED_PROXIES": "1",
}


def problems(**changes):
    with pytest.raises(EnvironmentInvalidError) as raised:
        load("production", {**SAFE, **changes})
    return raised.value.problems


def test_the_safe_environment_is_accepted():
    env = load("production", SAFE)
    assert env.site_url == "https://photos.example.org"
    assert env.allowed_hosts == ("photos.example.org",)


def test_production_names_everything_that_is_missing_at_once():
    with pytest.raises(EnvironmentInvalidError) as raised:
        load("production", {})
    assert raised.value.problems == [
        f"{name} is missing"
        for name in (
            "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL",
            "MEDIA_BACKEND_URL", "MAIL_URL", "MAIL_FROM", "TRUSTED_PROXIES",
        )
    ]  # fmt: skip


def test_production_names_everything_that_is_unsafe_at_once():
    assert problems(
        SECRET_KEY="local-only-" + "x" * 50,
        ALLOWED_HOSTS="*",
        SITE_URL="http://photos.example.org",
        RATE_LIMIT_SCALE="0",
        MAIL_URL="console://",
        TRUSTED_PROXIES="0",
    ) == [
        "SECRET_KEY is not random",
        "SECRET_KEY is a known default",
        "ALLOWED_HOSTS allows every host",
        "SITE_URL is not https",
        "RATE_LIMIT_SCALE 0 switches the limits off",
        "MAIL_URL console:// sends no mail",
        "TRUSTED_PROXIES must be 1 or more: HTTPS ends at a proxy",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///x"),
        ("REDIS_URL", "memcached://x"),
        ("TRUSTED_PROXIES", "many"),
        ("RATE_LIMIT_SCALE", "-1"),
        ("RATE_LIMIT_SCALE", "inf"),
        ("JYOTI_PROCESS", "cron"),
        ("LOG_LEVEL", "LOUD"),
        ("PORT", "http"),
        ("MEDIA_ACCEL", "_media"),
        ("SECRETS_DIRECTORY", "run/secrets"),
        ("JYOTI_DRAIN_FILE", "draining"),
        ("JYOTI_RUNTIME_DIRECTORY", "run"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(name, value):
    (problem,) = problems(**{name: value})
    assert problem.startswith(name)


def test_the_example_file_lists_every_variable_and_no_other():
    listed = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(field.name.upper() for field in fields(Env))


def test_a_database_url_becomes_djangos_settings():
    entry = database_settings(SAFE["DATABASE_URL"], "http")
    assert entry["PASSWORD"] == "s@crit"
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db", "5433", "jyoti")
    assert entry["OPTIONS"]["sslmode"] == "require"
    assert entry["OPTIONS"]["options"] == f"{SERVER_WORDS} -c statement_timeout=3000"
    worker = database_settings(SAFE["DATABASE_URL"], "worker")
    assert worker["OPTIONS"]["options"] == SERVER_WORDS


def test_certificates_and_a_role_in_the_database_url_reach_every_connection():
    url = "postgresql://u:p@db/jyoti?sslmode=verify-full&sslrootcert=/etc/ssl/rds.pem"
    entry = database_settings(f"{url}&options=-c%20role%3Djyoti", "ws")
    words = dict(pair.split("=", 1) for pair in shlex.split(conninfo(entry)))
    assert (words["sslmode"], words["sslrootcert"]) == ("verify-full", "/etc/ssl/rds.pem")
    assert (words["user"], words["password"], words["host"]) == ("u", "p", "db")
    assert (words["connect_timeout"], words["tcp_user_timeout"]) == ("5", "3000")
    assert words["options"] == f"{SERVER_WORDS} -c role=jyoti -c statement_timeout=3000"
    assert entry["OPTIONS"]["connect_timeout"] == 3


def test_worker_and_commands_go_past_the_pooler():
    direct = {**SAFE, "DATABASE_DIRECT_URL": "postgresql://direct/jyoti"}
    fields_of = {
        process: database_field(load("production", {**direct, "JYOTI_PROCESS": process}))
        for process in ("http", "ws", "worker", "command")
    }
    assert fields_of == {
        "http": "database_url",
        "ws": "database_url",
        "worker": "database_direct_url",
        "command": "database_direct_url",
    }
    assert database_field(load("production", {**SAFE, "JYOTI_PROCESS": "worker"})) == "database_url"


@pytest.fixture
def secrets(tmp_path):
    """SAFE without its secrets, which are files now, as deploy/bin/fetch-secrets writes them."""
    names = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MAIL_URL")
    for name in names:
        (tmp_path / name).write_text(SAFE[name] + "\n")
    rest = {name: value for name, value in SAFE.items() if name not in names}
    return {**rest, "SECRETS_DIRECTORY": str(tmp_path)}


def test_what_the_environment_lacks_is_read_from_its_file_without_the_newline(secrets):
    env, plain = load("production", secrets), load("production", SAFE)
    assert replace(env, secrets_directory="") == plain


def test_the_environment_comes_before_the_files(secrets):
    env = load("production", {**secrets, "REDIS_URL": "redis://other:6379/1", "SECRET_KEY": " "})
    assert env.redis_url == "redis://other:6379/1"
    assert env.secret_key == SAFE["SECRET_KEY"]


def test_a_secret_that_is_absent_empty_or_unreadable_is_named(secrets, tmp_path):
    (tmp_path / "SECRET_KEY").unlink()
    (tmp_path / "REDIS_URL").write_text("\n")
    (tmp_path / "MAIL_URL").write_bytes(b"smtp://\xff")
    with pytest.raises(EnvironmentInvalidError) as raised:
        load("production", secrets)
    assert raised.value.problems == [
        "MAIL_URL cannot be read from SECRETS_DIRECTORY: it is no text",
        "SECRET_KEY is missing",
        "REDIS_URL is missing",
        "MAIL_URL is missing",
    ]


READER = """
import os
from config.env import EnvironmentInvalidError, load
if os.geteuid() == 0:
    os.setresuid(65534, 65534, 65534)
try:
    load("production")
except EnvironmentInvalidError as error:
    print(error.problems)
"""


def test_a_secret_that_this_account_may_not_read_is_named():
    """Read in a process without the rights of root, which may read everything."""
    rest = {name: value for name, value in SAFE.items() if name != "SECRET_KEY"}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        Path(folder, "SECRET_KEY").write_text(SAFE["SECRET_KEY"])
        Path(folder, "SECRET_KEY").chmod(0)
        answer = subprocess.run(
            [sys.executable, "-c", READER],
            cwd=ROOT,
            env={**rest, "SECRETS_DIRECTORY": folder},
            capture_output=True,
            text=True,
            check=True,
        )
    assert ast.literal_eval(answer.stdout) == [
        "SECRET_KEY cannot be read from SECRETS_DIRECTORY: Permission denied",
        "SECRET_KEY is missing",
    ]


def test_the_login_file_is_the_file_that_the_url_came_from(secrets, tmp_path):
    assert secret_file("DATABASE_URL", secrets) == tmp_path / "DATABASE_URL"
    assert secret_file("DATABASE_DIRECT_URL", secrets) is None
    assert secret_file("DATABASE_URL", {**secrets, "DATABASE_URL": "postgresql://db"}) is None
    assert secret_file("DATABASE_URL", SAFE) is None


def test_production_starts_from_files_alone(secrets):
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **secrets)
    assert checked.returncode == 0, checked.stderr


def test_an_unknown_settings_module_is_refused():
    with pytest.raises(EnvironmentInvalidError):
        kind_of("config.settings.staging")


def manage(*args, **environ):
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            **environ,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_deploy_checks_are_clean_under_production_settings():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **SAFE)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_a_production_process_does_not_start_without_its_environment():
    refused = manage("check")
    assert refused.returncode != 0
    assert "SECRET_KEY is missing" in refused.stderr
    assert "REDIS_URL is missing" in refused.stderr


def test_production_hashes_passwords_with_bcrypt_of_twelve_rounds():
    shown = manage(
        "shell", "-v", "0", "-c",
        "from django.contrib.auth.hashers import make_password; print(make_password('a'))",
        **SAFE,
    )  # fmt: skip
    assert shown.stdout.startswith("bcrypt_sha256$$2b$12$")
