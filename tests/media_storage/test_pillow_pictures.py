"""Pillow's own test pictures, hundreds of them broken on purpose: an answer each, and soon."""

import tarfile
import time
from pathlib import Path

import pytest

from tests.media_storage import pictures

ROOT = Path(__file__).resolve().parents[2]
MOST_S = 5.0
# A kind each that once broke somebody's server, made here: what `make test` runs without Pillow's.
FEW = {
    "truncated png": pictures.encoded(pictures.quadrants(), "PNG")[:900],
    "false canvas": pictures.webp_with_false_canvas(),
    "16 bits of grey, cut": pictures.encoded(pictures.quadrants(mode="I;16", colours=(1, 2, 3, 4)), "PNG")[:300],
    "gif of 60 frames": pictures.gif_of(60),
    "laden": pictures.laden_jpeg(),
    "scan bomb": pictures.scan_bomb(3_000, (400, 400)),
    "text": b"P6 100 100 255 " + bytes(30_000),
    "icon": pictures.ico(),
}  # fmt: skip
SHARES = 8


def check(name, data, send):
    began = time.monotonic()
    answer = send(data, name=name)
    took = time.monotonic() - began
    assert took <= MOST_S, (name, took)
    assert answer.status_code in {201, 202, 400, 413, 415, 422}, (name, answer.content)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["errors"][0]["field"] == "file"
    return answer.status_code


@pytest.mark.django_db
@pytest.mark.parametrize("name", FEW)
def test_any_file_at_all_gets_an_answer_soon(name, send):
    check(name, FEW[name], send)


@pytest.mark.pictures
@pytest.mark.django_db
@pytest.mark.parametrize("share", range(SHARES))
def test_pillows_own_pictures_get_an_answer_soon(share, send, settings):
    settings.RATE_LIMIT_SCALE = 0
    (archive,) = (ROOT / ".local" / "pillow").glob("pillow-*.tar.gz")
    statuses = []
    with tarfile.open(archive) as source:
        for member in source:
            is_picture = "/Tests/images/" in member.name and member.isfile()
            if is_picture and hash_of(member.name) % SHARES == share:
                statuses.append(check(member.name, source.extractfile(member).read(), send))
    assert len(statuses) > 50
    assert {201, 415, 422} <= set(statuses)


def hash_of(name):
    """The same in every process."""
    return sum(name.encode())
