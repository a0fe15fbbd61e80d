"""`manage.py doctor`: Redis, the store of media, disks, clocks and mail."""

import os
import resource
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from redis.exceptions import RedisError

from config.ops.doctor import storage
from config.ops.doctor.cache import examine_redis
from config.ops.doctor.clocks import compare
from config.ops.doctor.findings import Level
from config.ops.doctor.mail import examine_mail, examine_mail_to
from config.ops.doctor.storage import examine_disks, examine_storage
from core.embedded.binaries import find_valkey
from tests.config.doctors import levels, only
from tests.core.mail_standins import SmtpStandin
from tests.core.tcp_proxy import tcp_proxy


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
