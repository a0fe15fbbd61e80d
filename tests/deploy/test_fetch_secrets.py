"""Secrets reach the services as files that appear whole, and stay while AWS is away."""

import json
import stat
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from config.env import load
from deploy.hosts import secrets
from deploy.hosts.secrets import BUNDLE, fetch, write
from tests.core.certificates import make_authority

PREFIX, CACHE = "jyoti/staging", "cache.internal"
APP = {
    "SECRET_KEY": "3kq9Zt-p0vWcXy7Lr2Qm8Nb5Hd1Gf6Js4Ku_aEoRiTnMwBzCxVlPqSd",
    "MAIL_URL": "ses://x",
}
LOGIN = {
    "engine": "postgres",
    "host": "db.internal",
    "port": 5432,
    "dbname": "jyoti",
    "username": "jyoti_app",
    "password": "a/b?c@d%e:f g",
}
VARIABLES = ("SECRET_KEY", "MAIL_URL", "DATABASE_URL", "DATABASE_DIRECT_URL", "REDIS_URL")


@pytest.fixture
def aws(monkeypatch):
    """Secrets Manager in this process, with the three secrets of a stage."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("secretsmanager")
        for name, value in (("app", APP), ("database", LOGIN), ("cache", {"auth_token": "t/k"})):
            client.create_secret(Name=f"{PREFIX}/{name}", SecretString=json.dumps(value))
        yield client


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "secrets"
    made.mkdir(mode=0o750)
    return made


@pytest.fixture
def bundle(tmp_path) -> str:
    """Where the authorities of RDS are served."""
    pem = tmp_path / "global-bundle.pem"
    pem.write_bytes(make_authority("Amazon RDS of the test").pem)
    return pem.as_uri()


def read(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in VARIABLES if (folder / name).exists()}


def events(capsys):
    return {line["event"]: line for line in map(json.loads, capsys.readouterr().err.splitlines())}


def test_the_services_start_from_what_was_fetched(aws, folder, bundle, capsys):
    assert fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    ca = folder / BUNDLE
    url = (
        "postgresql://jyoti_app:a%2Fb%3Fc%40d%25e%3Af%20g@db.internal:5432/jyoti"
        f"?sslmode=verify-full&sslrootcert={ca}"
    )
    env = load(
        "production",
        {
            "SECRETS_DIRECTORY": str(folder),
            "ALLOWED_HOSTS": "photos.example.org",
            "SITE_URL": "https://photos.example.org",
            "MEDIA_BACKEND_URL": "s3://bucket",
            "MAIL_FROM": "Jyoti <hello@example.org>",
            "TRUSTED_PROXIES": "2",
        },
    )
    assert (env.secret_key, env.mail_url) == (APP["SECRET_KEY"], "ses://x")
    assert (env.database_url, env.database_direct_url) == (url, url)
    assert env.redis_url == "rediss://:t%2Fk@cache.internal:6379/0"
    assert events(capsys)["secrets_changed"]["names"] == list(VARIABLES)


def test_no_secret_is_readable_by_others_or_told_to_the_log(aws, folder, bundle, capsys):
    fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {0o440}
    assert {file.stat().st_gid for file in folder.iterdir()} == {folder.stat().st_gid}
    told = capsys.readouterr().err
    for secret in (APP["SECRET_KEY"], LOGIN["password"], "a%2Fb", "t%2Fk", "t/k"):
        assert secret not in told


def test_a_rotation_changes_the_file_and_what_did_not_change_is_left_alone(
    aws, folder, bundle, capsys
):
    fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    before = {name: (folder / name).stat().st_ino for name in VARIABLES}
    capsys.readouterr()
    login = {**LOGIN, "username": "jyoti_app_clone", "password": "new"}
    aws.put_secret_value(SecretId=f"{PREFIX}/database", SecretString=json.dumps(login))
    assert fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    after = {name: (folder / name).stat().st_ino for name in VARIABLES}
    changed = [name for name in VARIABLES if before[name] != after[name]]
    assert changed == ["DATABASE_URL", "DATABASE_DIRECT_URL"]
    assert (folder / "DATABASE_URL").read_text().startswith("postgresql://jyoti_app_clone:new@")
    assert events(capsys)["secrets_changed"]["names"] == changed


@pytest.mark.parametrize("broken", ["absent", "another form", "no JSON"])
def test_while_a_secret_cannot_be_read_every_file_stays_as_it_was(
    aws, folder, bundle, capsys, broken
):
    fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    before = read(folder)
    if broken == "absent":
        aws.delete_secret(SecretId=f"{PREFIX}/cache", ForceDeleteWithoutRecovery=True)
    else:
        text = "{}" if broken == "another form" else "password"
        aws.put_secret_value(SecretId=f"{PREFIX}/database", SecretString=text)
    aws.put_secret_value(
        SecretId=f"{PREFIX}/app", SecretString=json.dumps({**APP, "SECRET_KEY": "x" * 60})
    )
    capsys.readouterr()
    assert fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    assert read(folder) == before
    assert events(capsys)["secrets_not_read"]["level"] == "WARNING"


def test_while_aws_is_away_the_files_stay_and_a_new_host_is_not_usable(
    folder, tmp_path, bundle, monkeypatch, capsys
):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert not fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    assert events(capsys)["secrets_missing"]["names"] == [
        "SECRET_KEY",
        "MAIL_URL",
        "DATABASE_URL",
        "DATABASE_DIRECT_URL",
        "REDIS_URL",
    ]
    for name in VARIABLES:
        write(folder, name, "kept\n")
    assert fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    assert read(folder) == dict.fromkeys(VARIABLES, "kept\n")


def test_a_host_with_a_cache_of_its_own_gets_no_url_for_it(aws, folder, bundle):
    aws.delete_secret(SecretId=f"{PREFIX}/cache", ForceDeleteWithoutRecovery=True)
    assert fetch(folder, PREFIX, "", bundle_url=bundle)
    assert not (folder / "REDIS_URL").exists()


def test_what_is_no_certificate_does_not_replace_the_authorities(
    aws, folder, bundle, tmp_path, monkeypatch
):
    fetch(folder, PREFIX, CACHE, bundle_url=bundle)
    kept = (folder / BUNDLE).read_text()
    (tmp_path / "page.html").write_text("<h1>Sign in to this network</h1>")
    monkeypatch.setattr(secrets, "BUNDLE_DAYS", 0)
    assert fetch(folder, PREFIX, CACHE, bundle_url=(tmp_path / "page.html").as_uri())
    assert (folder / BUNDLE).read_text() == kept


def test_without_the_authorities_a_new_host_is_not_usable(aws, folder, tmp_path, capsys):
    assert not fetch(folder, PREFIX, CACHE, bundle_url=(tmp_path / "absent.pem").as_uri())
    assert events(capsys)["secrets_missing"]["names"] == [BUNDLE]


def test_a_reader_never_sees_half_a_file(folder):
    """The old file is whole as long as anybody has it open, and the new one from its first moment."""
    write(folder, "SECRET_KEY", "old" * 1000)
    with (folder / "SECRET_KEY").open() as reader:
        assert write(folder, "SECRET_KEY", "new" * 1000)
        assert reader.read() == "old" * 1000
    assert (folder / "SECRET_KEY").read_text() == "new" * 1000
    assert [file.name for file in folder.iterdir()] == ["SECRET_KEY"]
