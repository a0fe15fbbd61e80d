"""`manage.py smoke`: what needs no accounts, against servers that misbehave in known ways."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from config.client import with_static_files
from config.ops.smoke.availability import availability
from config.ops.smoke.page import page_load
from config.ops.smoke.results import NotMeasuredError, percentile
from config.ops.smoke.web import Connection
from tests.house.rules import ROOT


@pytest.fixture
def built_client(monkeypatch, tmp_path) -> Iterator[str]:
    """The address of a small web client, compressed and served by the code that serves ours."""
    monkeypatch.setattr(settings, "CLIENT_DIST", tmp_path / "dist")
    assets = settings.CLIENT_DIST / "assets"
    assets.mkdir(parents=True)
    (settings.CLIENT_DIST / "index.html").write_text(
        '<!doctype html><link rel="icon" href="/assets/unneeded.svg">'
        '<link rel="modulepreload" href="/assets/vendor-AAAAAAAA.js">'
        '<link rel="stylesheet" href="/assets/index-AAAAAAAA.css">'
        '<script type="module" src="/assets/index-AAAAAAAA.js"></script>'
        '<script src="https://elsewhere.example/x.js"></script>'
    )
    for name in ("vendor-AAAAAAAA.js", "index-AAAAAAAA.js", "index-AAAAAAAA.css"):
        (assets / name).write_text(f"/* {os.urandom(5000).hex()} */")
    compress = [sys.executable, "-m", "whitenoise.compress", "--quiet", settings.CLIENT_DIST]
    subprocess.run(compress, check=True)
    with served(with_static_files(_page)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def _page(environ, start_response):
    is_root = environ["PATH_INFO"] == "/"
    start_response("200 OK" if is_root else "404 Not Found", [("Content-Type", "text/html")])
    return [(settings.CLIENT_DIST / "index.html").read_bytes()]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args) -> None:
        """Say nothing."""


@contextmanager
def served(application, tls: ssl.SSLContext | None = None) -> Iterator[WSGIServer]:
    """A WSGI application on a port, until the end of the block."""
    server: WSGIServer = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_page_load_fetches_what_is_critical_and_compressed(built_client):
    figure = page_load(built_client, timeout_s=10)

    packed = sum(file.stat().st_size for file in settings.CLIENT_DIST.glob("assets/*.br"))
    page = (settings.CLIENT_DIST / "index.html").stat().st_size
    assert packed < 20_000
    assert figure.detail == {"files": 4, "kB": round((packed + page) / 1000)}
    assert 0 < figure.value < 10


def test_text_that_comes_uncompressed_is_told(built_client):
    for packed in settings.CLIENT_DIST.glob("assets/index-*.css.*"):
        packed.unlink()
    with served(with_static_files(_page)) as server:
        figure = page_load(f"http://127.0.0.1:{server.server_port}", timeout_s=10)

    assert figure.detail["not_compressed"] == ["/assets/index-AAAAAAAA.css"]


def test_a_page_that_names_a_missing_file_is_not_measured(built_client):
    (settings.CLIENT_DIST / "assets" / "vendor-AAAAAAAA.js").unlink()
    with (
        served(with_static_files(_page)) as server,
        pytest.raises(NotMeasuredError, match=r"GET /assets/vendor-AAAAAAAA.js answered 404"),
    ):
        page_load(f"http://127.0.0.1:{server.server_port}", timeout_s=10)


def test_a_page_without_a_client_is_not_measured():
    def not_built(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<p>The web client is not built."]

    with (
        served(not_built) as server,
        pytest.raises(NotMeasuredError, match="holds no web client"),
    ):
        page_load(f"http://127.0.0.1:{server.server_port}", timeout_s=10)


def test_availability_counts_the_seconds_of_an_outage_and_tells_both_ends():
    asked = iter(range(100))

    def flaky(environ, start_response):
        # Two requests a probe: the second and third probes fail.
        is_down = 2 <= next(asked) < 4
        start_response("503 Away" if is_down else "200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    said: list[str] = []
    with served(flaky) as server:
        figure = availability(f"http://127.0.0.1:{server.server_port}", 4, said.append)

    assert figure.detail == {"seconds": 4, "down_s": 2, "breaks": 1}
    assert figure.value == 50
    assert [line.split(maxsplit=1)[1] for line in said] == [
        "down: the page answered 503",
        "up again",
    ]


def test_a_page_of_a_balancer_is_no_answer_of_the_api():
    def pages_only(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<p>Welcome to nginx"]

    with served(pages_only) as server:
        figure = availability(f"http://127.0.0.1:{server.server_port}", 1, lambda _line: None)

    assert figure.value == 0


def test_a_server_that_hangs_counts_for_all_the_seconds_it_took(monkeypatch):
    monkeypatch.setattr("config.ops.smoke.availability.PATIENCE_S", 1.5)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        figure = availability(f"http://127.0.0.1:{silent.getsockname()[1]}", 1, lambda _line: None)

    assert figure.detail == {"seconds": 2, "down_s": 2, "breaks": 1}


@pytest.fixture
def certificate(tmp_path) -> Path:
    """A file with a key and a certificate for 127.0.0.1 that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    now = datetime.now(UTC)
    addresses = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(addresses, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    file = tmp_path / "site.pem"
    file.write_bytes(
        key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    return file


def test_certificates_are_checked_and_a_ca_of_ones_own_can_be_named(certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def page(_environ, start_response):
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    with served(page, context) as server:
        url = f"https://127.0.0.1:{server.server_port}"
        with pytest.raises(NotMeasuredError, match="certificate verify failed") as refused:
            Connection(url, 10).request("GET", "/")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert Connection(url, 10).request("GET", "/").status == 200

    assert "SSL_CERT_FILE" in refused.value.mend


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_watching_for_ever_ends_by_a_signal_with_what_was_counted(built_client, number):
    arguments = ["--only=uptime_percent", "--watch=forever", "--json"]
    with subprocess.Popen(
        [sys.executable, "manage.py", "smoke", built_client, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as watching:
        # The stand-in is no API: the first probe already says so.
        assert "down: the API answered 404" in watching.stderr.readline()
        watching.send_signal(number)
        document = json.loads(watching.stdout.read())

    assert watching.returncode == document["exit_code"] == 1
    detail = document["metrics"]["uptime_percent"]["detail"]
    assert detail["seconds"] == detail["down_s"] >= 1


def test_percentiles_are_observed_values():
    assert percentile(range(1, 21), 95) == 19
    assert percentile([5], 95) == 5
