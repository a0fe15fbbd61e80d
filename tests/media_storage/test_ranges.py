"""Parts of files, which players of videos ask for."""

import pytest

from tests.media_storage.test_files import get, private, url_of

__all__ = ["private"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [("0-1", 0, 2), ("0-0", 0, 1), ("10-", 10, None), ("-7", -7, None), ("5-999999999", 5, None)],
)
def test_a_part_of_a_file_is_sent_when_asked_for(wanted, start, stop, private, client):
    """Safari plays no video of a server that cannot do this."""
    url = url_of(private)
    whole = get(client, url)
    assert whole["Accept-Ranges"] == "bytes"
    answer = get(client, url, Range=f"bytes={wanted}")
    first = start % len(whole.body)
    assert (answer.status_code, answer.body) == (206, whole.body[start:stop])
    last = first + len(answer.body) - 1
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(whole.body)}"
    assert answer["Content-Length"] == str(len(answer.body))
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("wanted", ["999999999-", "999999999-1000000000", "-0"])
def test_a_part_that_is_not_there_is_416(wanted, private, client):
    url = url_of(private)
    size = len(get(client, url).body)
    answer = get(client, url, Range=f"bytes={wanted}")
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{size}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=5-2"},
        {"Range": "bytes=0-1,4-5"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=-"},
        {"Range": "bytes=0-1", "If-Range": '"another"'},
        {"Range": "bytes=" + "9" * 30 + "-"},
    ],
)
def test_what_is_no_part_of_this_file_gets_all_of_it(headers, private, client):
    answer = client.get(url_of(private), headers=headers)
    assert answer.status_code == 200
    answer.close()


def test_a_part_of_what_the_browser_has_goes_on(private, client):
    url = url_of(private)
    tag = get(client, url)["ETag"]
    assert get(client, url, Range="bytes=3-4", If_Range=tag).status_code == 206
