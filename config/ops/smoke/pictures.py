"""How long it takes until a photograph from a telephone is a post."""

import io
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from PIL import Image

from config.ops.smoke.accounts import Person
from config.ops.smoke.results import Figure, NotMeasuredError
from config.ops.smoke.web import Connection, origin_of

#: 12 megapixels, as telephones take them.
SIDES: Final = (4000, 3000)
#: Posts with this caption are ours; those that an interrupted run left are taken away.
CAPTION: Final = "A smoke test of this site."
_POLL_S: Final = 0.2


def photograph() -> bytes:
    """A JPEG of about 3 MB with detail everywhere, another one each time."""
    grain = Image.frombytes("RGB", (1000, 750), os.urandom(1000 * 750 * 3))
    picture = io.BytesIO()
    grain.resize(SIDES, Image.Resampling.BICUBIC).save(picture, "JPEG", quality=80)
    return picture.getvalue()


def picture_to_post(origin: str, author: Person, follower: Person, timeout_s: float) -> Figure:
    """Seconds from the first byte of the upload to the answer that holds the new post.

    Then, unmeasured: the follower's home feed shows the post, and its picture can be had. The post
    is deleted whatever happened, and its picture with it. Raises NotMeasuredError.
    """
    _clear_away(author)
    content_type, body = multipart(photograph())
    began = time.perf_counter()
    media = _ready(author, author.post_form("media", content_type, body), began + timeout_s)
    with _posted(author, media["id"]) as post:
        seconds = time.perf_counter() - began
        _check_shown(origin, follower, post["id"], timeout_s)
    return Figure(seconds, {"MB": round(len(body) / 1e6, 1), "megapixels": 12})


def _ready(author: Person, media: Any, deadline: float) -> Any:
    """A large site may finish pictures in the background (202)."""
    while media["state"] == "processing" and time.perf_counter() < deadline:
        time.sleep(_POLL_S)
        media = author.call("GET", f"media/{media['id']}")
    if media["state"] != "ready":
        raise NotMeasuredError(
            f"The picture is {media['state']}: {media['error']}",
            "Look at the worker (journalctl -u jyoti-worker) and at the place for media.",
        )
    return media


@contextmanager
def _posted(author: Person, media_id: str) -> Iterator[Any]:
    form = {"media_ids": [media_id], "caption": CAPTION, "audience": "followers"}
    try:
        post = author.call("POST", "posts", form)
    except NotMeasuredError:
        author.call("DELETE", f"media/{media_id}")
        raise
    try:
        yield post
    finally:
        author.call("DELETE", f"posts/{post['id']}")


def _clear_away(author: Person) -> None:
    for post in author.call("GET", f"users/{author.id}/posts")["results"]:
        if post["caption"] == CAPTION:
            author.call("DELETE", f"posts/{post['id']}")


def _check_shown(origin: str, follower: Person, post_id: str, timeout_s: float) -> None:
    feed = follower.call("GET", "feed/home")["results"]
    post = next((post for post in feed if post["id"] == post_id), None)
    if post is None:
        raise NotMeasuredError(
            "The new post is not in the home feed of the person who follows its author.",
            "Make the smoke people anew: manage.py smoke_people. If it stays so, the feed is wrong.",
        )
    _check_picture(urljoin(origin, post["media"][0]["variants"][0]["url"]), timeout_s)


def _check_picture(url: str, timeout_s: float) -> None:
    parts = urlsplit(url)
    connection = Connection(origin_of(url), timeout_s)
    answer = connection.request("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
    connection.close()
    kind = answer.headers.get("Content-Type", "")
    if answer.status != 200 or not kind.startswith("image/"):  # noqa: PLR2004
        raise NotMeasuredError(
            f"The picture at {parts.path} answered {answer.status} {kind}",
            "Look at the route /media/ in front of the site and at the place for media.",
        )


def multipart(picture: bytes) -> tuple[str, bytes]:
    """A multipart body with one file, and its content type."""
    boundary = uuid.uuid4().hex
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="smoke.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    )
    body = head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()
    return f"multipart/form-data; boundary={boundary}", body
