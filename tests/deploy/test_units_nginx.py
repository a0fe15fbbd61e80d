"""nginx of the single box, really run: who gets what, with which headers, and what is written down."""

import json
import re
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.client import SECURITY_HEADERS
from media_storage.api.files import SAFE_HEADERS
from media_storage.constants import PICTURE_BYTES_MAX, VIDEO_BYTES_MAX
from tests.deploy.nginx_box import HOST, Box, Part, running

TICKET = "ticket-that-nobody-may-read"
CLIENT_SAYS = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Request-Id": "mine",
}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    with running(tmp_path_factory.mktemp("box")) as made:
        yield made


def last_seen(part: Part) -> dict[str, str]:
    return part.asked[-1]


def test_http_leads_to_https(box: Box) -> None:
    answer = box.ask_plainly("/p/abc?x=1")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/p/abc?x=1")


def test_certbot_gets_its_proof_without_https(box: Box) -> None:
    assert box.ask_plainly("/.well-known/acme-challenge/token").body == b"proof"


def test_another_name_is_not_here(box: Box) -> None:
    assert box.ask_plainly("/", host="evil.example").status == 421
    with pytest.raises(ssl.SSLError):
        box.ask("/", host="evil.example")


def test_what_a_client_says_of_itself_is_replaced(box: Box) -> None:
    """TRUSTED_PROXIES=1 reads the last entry of X-Forwarded-For: there is just that one."""
    box.ask("/api/v1/instance", headers=CLIENT_SAYS)
    seen = last_seen(box.http)
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert seen["Host"] == HOST
    assert re.fullmatch(r"[0-9a-f]{32}", seen["X-Request-Id"])


@pytest.mark.parametrize("path", ["/readyz", "/healthz/deep"])
def test_what_tells_of_the_inside_is_not_public(box: Box, path: str) -> None:
    before = len(box.http.asked)
    assert box.ask(path).status == 404
    assert len(box.http.asked) == before


def test_liveness_is_public(box: Box) -> None:
    assert box.ask("/healthz").status == 200


def test_hashed_file_has_the_headers_of_the_client(box: Box) -> None:
    answer = box.ask("/assets/page-1a2b3c4d.js", headers={"Accept-Encoding": "gzip"})
    assert answer.body == b"compressed"
    assert answer.all("Cache-Control") == ["max-age=315360000, public, immutable"]
    for name, value in SECURITY_HEADERS.items():
        assert answer.all(name) == [value]


def test_missing_file_may_not_be_kept(box: Box) -> None:
    answer = box.ask("/assets/gone-1a2b3c4d.js")
    assert (answer.status, answer.all("Cache-Control")) == (404, [])


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/assets/page-1a2b3c4d.js", "/readyz", "/media/x"]
)
def test_every_answer_says_once_that_only_https_is_spoken(box: Box, path: str) -> None:
    said = "max-age=31536000; includeSubDomains; preload"
    assert box.ask(path).all("Strict-Transport-Security") == [said]


def test_picture_is_sent_by_nginx_with_the_headers_of_the_application(box: Box) -> None:
    answer = box.ask("/media/pabc/320.webp?e=1&s=2")
    assert (answer.body, answer.headers["Content-Type"]) == (b"picture", "image/webp")
    kept_by_nginx = {"Content-Disposition"}
    for name in SAFE_HEADERS.keys() - kept_by_nginx:
        assert answer.all(name) == [SAFE_HEADERS[name]]


def test_folder_of_pictures_has_no_door_of_its_own(box: Box) -> None:
    assert box.ask("/_media/p/aa/picture.webp").status == 404


@pytest.mark.parametrize(
    ("path", "size"),
    [("/api/v1/media", VIDEO_BYTES_MAX), ("/api/v1/me/avatar", PICTURE_BYTES_MAX)],
)
def test_upload_may_be_as_large_as_its_kind(box: Box, path: str, size: int) -> None:
    form = 2_000
    answer = box.ask(path, method="POST", body=b"x" * (size + form))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "size"), [("/api/v1/posts", 1_100_000), ("/api/v1/media", 214_000_000)]
)
def test_larger_body_is_refused_as_a_problem(box: Box, path: str, size: int) -> None:
    before = len(box.http.asked)
    answer = box.ask(path, method="POST", headers={"Content-Length": str(size), "Expect": ""})
    problem = json.loads(answer.body)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status, problem["status"], problem["code"]) == (413, 413, "too_large")
    assert len(box.http.asked) == before


def test_socket_goes_to_the_gateway_with_its_upgrade(box: Box) -> None:
    box.ask(f"/ws/v1?ticket={TICKET}", headers={"Upgrade": "websocket", "Connection": "Upgrade"})
    seen = last_seen(box.websocket)
    assert (seen["Upgrade"], seen["Connection"]) == ("websocket", "upgrade")
    assert (seen["X-Forwarded-For"], seen["path"]) == ("127.0.0.1", f"/ws/v1?ticket={TICKET}")


def test_no_log_shows_what_stands_behind_the_question_mark(box: Box) -> None:
    box.ask(f"/ws/v1?ticket={TICKET}")
    box.ask(f"/media/pabc/320.webp?s={TICKET}")
    box.ask(f"/api/v1/notifications/unsubscribe/{TICKET}")
    # A line is written after its answer was sent.
    deadline = time.monotonic() + 5
    while "unsubscribe" not in box.log("access.log") and time.monotonic() < deadline:
        time.sleep(0.05)
    lines = [json.loads(line) for line in box.log("access.log").splitlines()]
    paths = [line["path"] for line in lines][-3:]
    assert paths == ["/ws/v1", "/media/pabc/320.webp", "/api/v1/notifications/unsubscribe/..."]
    assert TICKET not in box.log("access.log") + box.log("error.log")


def test_server_that_is_away_is_told_as_a_problem(tmp_path: Path) -> None:
    with running(tmp_path, alone=True) as alone:
        answer = alone.ask("/api/v1/instance")
        alone.ask(f"/ws/v1?ticket={TICKET}")
        told = alone.log("error.log")
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "unavailable")
    assert answer.all("Retry-After") == ["5"]
    assert "connect() failed" in told
    assert TICKET not in told
