"""Serving files: public keys for everybody and for ever, all others by a signature that ends."""

import re
import time

import pytest

from core.signing import sign
from media_storage.constants import URL_WINDOW_S
from media_storage.services import media_set_access
from media_storage.shapes import media_shape
from media_storage.shapes.addresses import PURPOSE, address, verdict, window_end

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(upload):
    return upload()


@pytest.fixture
def public(upload, run_jobs):
    media = upload()
    media_set_access(media_ids=[media.pk], is_public=True)
    run_jobs()
    media.refresh_from_db()
    return media


def url_of(media):
    return media_shape(media)["variants"][0]["url"]


def get(client, url, **headers):
    """The answer, read to its end and closed."""
    answer = client.get(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    if answer.streaming:
        answer.body = b"".join(answer)
        answer.close()
    return answer


def refused(answer):
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()["code"]


def test_a_public_file_has_one_address_for_ever(public, client):
    url = url_of(public)
    assert url == f"/media/{public.key}/320.webp"
    answer = get(client, url)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.body[:4] == b"RIFF"


def test_a_private_file_is_kept_by_browsers_no_longer_than_its_address(private, client):
    url = url_of(private)
    assert re.fullmatch(rf"/media/{private.key}/320\.webp\?e=\d+&s=[\w-]{{22}}", url)
    answer = get(client, url)
    assert answer.status_code == 200
    kind, age = re.fullmatch(
        r"(private), max-age=(\d+), immutable", answer["Cache-Control"]
    ).groups()
    assert kind == "private"
    assert URL_WINDOW_S - 2 <= int(age) <= 2 * URL_WINDOW_S


def test_files_are_served_as_pictures_and_as_nothing_else(private, client):
    answer = get(client, url_of(private))
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("inline")
    assert "Set-Cookie" not in answer


def test_serving_asks_no_database(private, client, django_assert_num_queries):
    url = url_of(private)
    with django_assert_num_queries(0):
        assert get(client, url).status_code == 200


def test_head_and_304_send_no_body(private, client):
    url = url_of(private)
    full = get(client, url)
    head = client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == full["Content-Length"] == str(len(full.body))
    for tag in (full["ETag"], f"W/{full['ETag']}", f'"other", {full["ETag"]}', "*"):
        again = get(client, url, If_None_Match=tag)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == full["ETag"]
    assert get(client, url, If_None_Match='"other"').status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_files_can_only_be_read(method, private, client):
    answer = getattr(client, method)(url_of(private))
    assert refused(answer) == (405, "method_not_allowed")
    assert answer["Allow"] == "GET, HEAD"


@pytest.fixture
def accel(settings):
    settings.MEDIA_ACCEL = "/_media/"


def test_behind_nginx_the_file_is_named_instead_of_sent(accel, private, client, tmp_path):
    answer = client.get(url_of(private))
    assert (answer.status_code, answer.content) == (200, b"")
    prefix, _, path = answer["X-Accel-Redirect"].partition("/_media/")
    assert prefix == ""
    assert (tmp_path / "media" / path).read_bytes()[:4] == b"RIFF"
    assert answer["Content-Type"] == "image/webp"
    assert re.fullmatch(r"private, max-age=\d+, immutable", answer["Cache-Control"])


def test_nginx_is_told_nothing_that_the_asker_may_not_see(accel, private, client):
    path = url_of(private).partition("?")[0]
    end = int(time.time()) - 1
    expired = f"e={end}&s={sign(PURPOSE, f'{private.key}:{end}')}"
    gone = url_of(private).replace("/320.webp", "/9999.webp")
    for url, expected in (
        (path, (404, "not_found")),
        (f"{path}?{expired}", (403, "address_expired")),
        (gone, (404, "not_found")),
    ):
        answer = client.get(url)
        assert refused(answer) == expected
        assert "X-Accel-Redirect" not in answer


def test_behind_nginx_a_known_file_is_still_304_and_head_names_it_too(accel, private, client):
    url = url_of(private)
    head = client.head(url)
    assert head["X-Accel-Redirect"].endswith(f"{private.key}/320.webp")
    again = client.get(url, headers={"If-None-Match": head["ETag"]})
    assert again.status_code == 304
    assert "X-Accel-Redirect" not in again


def test_without_its_own_signature_a_private_file_is_not_there(private, upload, client):
    path, _, signed = url_of(private).partition("?")
    end, signature = re.fullmatch(r"e=(\d+)&s=(.+)", signed).groups()
    other = url_of(upload()).partition("?")[2]
    forged = "A" * len(signature)
    for query in (
        "",
        other,
        f"e={end}",
        f"s={signature}",
        f"e={end}&s={forged}",
        f"e={int(end) + 300}&s={signature}",
        f"e=&s={signature}",
        f"e=-1&s={signature}",
        f"e={'9' * 400}&s={signature}",
        f"e=٣&s={signature}",
        f"e={end}&s=%00%ff",
        f"e={end}&s={signature}x",
        f"e[]={end}&s={signature}",
    ):
        assert refused(get(client, f"{path}?{query}")) == (404, "not_found"), query
    assert get(client, f"{path}?{signed}").status_code == 200


def test_an_address_that_has_ended_says_so(private, client):
    end = int(time.time()) - 1
    signature = sign(PURPOSE, f"{private.key}:{end}")
    answer = get(client, f"/media/{private.key}/320.webp?e={end}&s={signature}")
    assert refused(answer) == (403, "address_expired")


def test_the_original_needs_a_signature_of_its_own(public, private, client):
    for media in (public, private):
        path = f"/media/{media.original_key}/original.jpg"
        signed = url_of(private).partition("?")[2]
        assert refused(get(client, path)) == (404, "not_found")
        assert refused(get(client, f"{path}?{signed}")) == (404, "not_found")
        own = media_shape(media, is_owner=True)["original_url"]
        assert get(client, own).status_code == 200
    assert get(client, f"/media/{public.key}/original.jpg").status_code == 404


def test_old_addresses_end_within_5_minutes_when_access_narrows(public, client, run_jobs):
    url = url_of(public)
    media_set_access(media_ids=[public.pk], is_public=False)
    run_jobs(minutes=5)
    assert refused(get(client, url)) == (404, "not_found")
    public.refresh_from_db()
    assert get(client, url_of(public)).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "s" + "0" * 32 + "/320.webp",
        "p" + "0" * 32 + "/320.webp",
        "p" + "0" * 32 + "/../../settings.py",
        "p" + "0" * 32 + "/%2e%2e/x.webp",
        "p" + "0" * 32 + "/.x.tmp",
        "p" + "0" * 32,
        "x" + "0" * 32 + "/320.webp",
        "p" + "0" * 31 + "/320.webp",
        "P" + "0" * 32 + "/320.webp",
        "p" + "0" * 32 + "/320.webp%0a",
        "",
    ],
)
def test_paths_that_name_no_file_are_not_found(path, client):
    answer = get(client, f"/media/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_addresses_of_one_window_are_equal_and_live_5_to_10_minutes():
    assert window_end(600.0) == window_end(899.9) == 1200
    assert window_end(900.0) == 1500


def test_a_changed_secret_ends_all_addresses(settings):
    key = "s" + "a" * 32
    end, signature = re.search(r"e=(\d+)&s=(.+)", address(key)[1]).groups()
    assert verdict(key, end, signature) == "valid"
    settings.SECRET_KEY = "another " * 8
    assert verdict(key, end, signature) == "wrong"
