"""The environment: every problem at once, and the example file names every variable."""

import os
import re
import subprocess
import sys
from dataclasses import fields

import pytest

from config.env import Env, EnvironmentInvalidError, database_settings, kind_of, load
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
    kept_plans = "-c plan_cache_mode=force_generic_plan"
    assert entry["OPTIONS"]["options"] == f"{kept_plans} -c statement_timeout=3000"
    worker = database_settings(SAFE["DATABASE_URL"], "worker")
    assert worker["OPTIONS"]["options"] == kept_plans


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
