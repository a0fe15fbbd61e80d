"""`manage.py smoke`: five figures of a live site, over the network and by nothing else."""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from config.client import with_static_files
from config.ops.smoke import sockets
from config.ops.smoke.accounts import API, Credentials, Person
from config.ops.smoke.availability import availability
from config.ops.smoke.limits import PROMISES
from config.ops.smoke.page import page_load
from config.ops.smoke.pictures import CAPTION, multipart, photograph
from config.ops.smoke.results import NotMeasuredError, percentile
from config.ops.smoke.web import Connection
from messaging.constants import SUBPROTOCOL
from tests.e2e.server import serving
from tests.house.rules import ROOT

pytestmark = pytest.mark.xdist_group("run")

NAMES = ["page_s", "api_ms", "message_ms", "upload_s", "uptime_percent"]
NEED_PEOPLE = ["api_ms", "message_ms", "upload_s"]


@dataclass
class Site:
    """A running server, the way to its data, and the smoke people's line."""

    url: str
    environ: dict[str, str]
    people: str

    def one(self, sql: str) -> int:
        """The number that a query gives."""
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            return connection.execute(sql).fetchone()[0]


def smoke(url: str, *arguments: str, people: str = "") -> subprocess.CompletedProcess[str]:
    """Run it as a machine does that knows nothing of the site: production, and no variable set."""
    return subprocess.run(
        [sys.executable, "manage.py", "smoke", url, *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SMOKE_PEOPLE": people,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def measured(url: str, *arguments: str, people: str = "") -> tuple[int, dict]:
    """The exit code and the metrics of --json."""
    ran = smoke(url, "--json", *arguments, people=people)
    assert ran.stdout, ran.stderr
    document = json.loads(ran.stdout)
    assert document["exit_code"] == ran.returncode
    return ran.returncode, document["metrics"]


def make_people(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "smoke_people", *arguments],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """`manage.py run` on a database of its own, with the two accounts."""
    with serving(tmp_path_factory.mktemp("site")) as (server, environ):
        made = make_people(environ)
        assert made.returncode == 0, made.stderr
        yield Site(server.url, environ, made.stdout)


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
    with _served(with_static_files(_page)) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def _page(environ, start_response):
    is_root = environ["PATH_INFO"] == "/"
    start_response("200 OK" if is_root else "404 Not Found", [("Content-Type", "text/html")])
    return [(settings.CLIENT_DIST / "index.html").read_bytes()]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args) -> None:
        """Say nothing."""


class _served:  # noqa: N801
    """A WSGI application on a port, until the end of the block."""

    def __init__(self, application, tls: ssl.SSLContext | None = None) -> None:
        self.server: WSGIServer = make_server("127.0.0.1", 0, application, handler_class=_Quiet)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))

    def __enter__(self) -> WSGIServer:
        self._thread.start()
        return self.server

    def __exit__(self, *_error) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


def test_the_limits_are_those_of_the_deployment():
    constants = tomllib.loads((ROOT / "deploy" / "constants.toml").read_text())
    assert {promise.name: promise.limit for promise in PROMISES} == constants["success"]
    assert [promise.name for promise in PROMISES if promise.is_floor] == ["uptime_percent"]
    assert constants["routes"]["api"] == API
    assert constants["routes"]["websocket"] == sockets.PATH
    assert sockets.SUBPROTOCOL == SUBPROTOCOL


def test_a_live_site_keeps_what_needs_accounts(site):
    code, metrics = measured(
        site.url,
        *(f"--only={name}" for name in NEED_PEOPLE),
        people=site.people,
    )  # fmt: skip

    assert {name: metric["problem"] for name, metric in metrics.items()} == dict.fromkeys(
        NEED_PEOPLE, ""
    )
    assert metrics["api_ms"]["detail"]["requests"] == 25
    assert metrics["message_ms"]["detail"]["messages"] == 20
    assert metrics["message_ms"]["detail"]["worst_ms"] >= metrics["message_ms"]["value"] > 0
    assert metrics["upload_s"]["detail"]["megapixels"] == 12
    assert code == (0 if all(metric["kept"] for metric in metrics.values()) else 1)


def test_it_leaves_nothing_that_the_api_can_take_away(site):
    before = site.one("SELECT count(*) FROM accounts_session WHERE revoked_at IS NULL")
    measured(site.url, "--only=upload_s", people=site.people)

    assert site.one("SELECT count(*) FROM posts_post WHERE state = 'published'") == 0
    assert site.one("SELECT count(*) FROM posts_post") > 0
    assert site.one("SELECT count(*) FROM accounts_session WHERE revoked_at IS NULL") == before == 0


def test_a_post_that_an_interrupted_run_left_is_taken_away(site):
    one = json.loads(site.people)[0]
    author = Person.sign_in(site.url, Credentials(one["username"], one["password"]), 20)
    media = author.post_form("media", *multipart(photograph()))
    post = author.call("POST", "posts", {"media_ids": [media["id"]], "caption": CAPTION})
    author.sign_out()
    state = f"SELECT count(*) FROM posts_post WHERE id = {post['id']} AND state = "
    assert site.one(f"{state} 'published'") == 1

    measured(site.url, "--only=upload_s", people=site.people)

    assert site.one(f"{state} 'deleted'") == 1


def test_a_missed_limit_is_exit_code_1_and_says_what_was_measured(site):
    ran = smoke(site.url, "--only=api_ms", "--api-ms=0.001", people=site.people)

    assert ran.returncode == 1, ran.stdout
    assert re.fullmatch(
        r"MISSED +API answer, p95 +[\d.]+ ms +< 0.001 ms +median_ms [\d.]+, requests 25\n",
        ran.stdout,
    )


def test_without_accounts_the_public_figures_are_measured_and_the_exit_code_is_2(site):
    code, metrics = measured(site.url, "--watch=1")

    assert code == 2
    assert list(metrics) == NAMES
    assert metrics["uptime_percent"]["value"] == 100
    for name in NEED_PEOPLE:
        assert metrics[name]["value"] is None
        assert metrics[name]["problem"] == "No accounts were given."
        assert "manage.py smoke_people" in metrics[name]["mend"]


def test_public_asks_for_no_accounts(site):
    _, metrics = measured(site.url, "--public", "--watch=1")
    assert list(metrics) == ["page_s", "uptime_percent"]


def test_a_wrong_password_is_told_once_for_all_and_never_shown(site):
    wrong = json.dumps(
        [{**person, "password": "harbour-secret"} for person in json.loads(site.people)]
    )
    ran = smoke(site.url, *(f"--only={name}" for name in NEED_PEOPLE), people=wrong)

    assert ran.returncode == 2
    assert ran.stdout.count("smoke.one cannot sign in.") == 3
    assert "harbour-secret" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "The accounts are not in the expected form."),
        ('[{"username": "a"}]', "The accounts are not in the expected form."),
        ('[{"username": "a", "password": "b"}]', "Two accounts are needed, 1 were given."),
    ],
)
def test_accounts_in_another_form_are_refused(text, problem, tmp_path):
    file = tmp_path / "people.json"
    file.write_text(text)
    code, metrics = measured("http://127.0.0.1:1", "--only=api_ms", f"--people={file}")
    assert (code, metrics["api_ms"]["problem"]) == (2, problem)


def test_renewed_people_get_other_passwords_and_the_old_ones_end(site):
    again = make_people(site.environ)
    old, site.people = site.people, again.stdout

    assert {person["username"] for person in json.loads(again.stdout)} == {"smoke.one", "smoke.two"}
    assert measured(site.url, "--only=api_ms", people=old)[0] == 2
    assert measured(site.url, "--only=api_ms", "--api-ms=60000", people=again.stdout)[0] == 0
    assert site.one("SELECT count(*) FROM accounts_follow WHERE state = 'active'") == 2
    assert site.one("SELECT count(*) FROM accounts_user WHERE is_private") == 2


def test_people_never_take_over_somebody_elses_name(site):
    with psycopg.connect(site.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO accounts_user (username, email, password, role, state, token_epoch, "
            "is_private, display_name, bio, pronouns, links, avatar_key, settings, posts_count, "
            "followers_count, following_count, created_at) VALUES ('ada.one', 'ada@example.org', "
            "'x', 'user', 'active', 1, false, '', '', '', '[]', '', '{}', 0, 0, 0, now())"
        )
    refused = make_people(site.environ, "--names", "ada.one", "ada.two")

    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "CommandError: Somebody is called ada.one. Choose other ones with --names."
    )
    assert site.one("SELECT count(*) FROM accounts_user WHERE password = 'x'") == 1


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
    with _served(with_static_files(_page)) as server:
        figure = page_load(f"http://127.0.0.1:{server.server_port}", timeout_s=10)

    assert figure.detail["not_compressed"] == ["/assets/index-AAAAAAAA.css"]


def test_a_page_that_names_a_missing_file_is_not_measured(built_client):
    (settings.CLIENT_DIST / "assets" / "vendor-AAAAAAAA.js").unlink()
    with (
        _served(with_static_files(_page)) as server,
        pytest.raises(NotMeasuredError, match=r"GET /assets/vendor-AAAAAAAA.js answered 404"),
    ):
        page_load(f"http://127.0.0.1:{server.server_port}", timeout_s=10)


def test_a_page_without_a_client_is_not_measured():
    def not_built(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<p>The web client is not built."]

    with (
        _served(not_built) as server,
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
    with _served(flaky) as server:
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

    with _served(pages_only) as server:
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

    with _served(page, context) as server:
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


def test_what_is_no_address_is_told():
    ran = smoke("photos.example.org", "--public")
    assert ran.returncode == 2
    assert "'photos.example.org' is no address of a site." in ran.stdout


def test_percentiles_are_observed_values():
    assert percentile(range(1, 21), 95) == 19
    assert percentile([5], 95) == 5
