"""People made through the real API, as a native client would."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image
from playwright.sync_api import APIRequestContext, APIResponse, Playwright

from config.demo.content import PICTURES
from tests.e2e.mails import code_for

PASSWORD = "a quiet harbour 7"
_numbers = count(1)


class Person:
    """Somebody with an account; `api` is signed in as them."""

    def __init__(self, api: APIRequestContext, answer: dict[str, Any]) -> None:
        self._api = api
        self._token = answer["access"]
        self.id = answer["user"]["id"]
        self.username = answer["user"]["username"]

    def call(self, method: str, path: str, **more: Any) -> Any:
        """Answer of the API. Raises AssertionError for a refusal."""
        return _answer(
            self._api.fetch(
                f"/api/v1/{path}",
                method=method,
                headers={"Authorization": f"Bearer {self._token}"},
                **more,
            )
        )

    def share(
        self, *pictures: str, caption: str = "", alt: str = "A picture", **more: Any
    ) -> dict[str, Any]:
        """Post pictures of the demo, by name; `more` are other fields of the post."""
        ids = [self._upload(PICTURES / f"{name}.webp", alt)["id"] for name in pictures]
        return self.call("POST", "posts", data={"media_ids": ids, "caption": caption, **more})

    def follow(self, other: "Person") -> None:
        """Follow, or ask to."""
        self.call("PUT", f"users/{other.id}/follow")

    def conversation_with(self, other: "Person") -> str:
        """The id of the conversation of the two."""
        return self.call("POST", "conversations", data={"user_ids": [other.id]})["id"]

    def write(self, conversation_id: str, text: str) -> None:
        """Send a message."""
        data = {"client_id": str(uuid4()), "body": text}
        self.call("POST", f"conversations/{conversation_id}/messages", data=data)

    def _upload(self, path: Path, alt: str) -> dict[str, Any]:
        file = {"name": path.name, "mimeType": "image/webp", "buffer": path.read_bytes()}
        return self.call("POST", "media", multipart={"file": file, "alt_text": alt})


class People:
    """Makes people."""

    def __init__(self, api: APIRequestContext) -> None:
        self._api = api

    def make(self, name: str) -> Person:
        """Register somebody whose name begins like this, and prove their address."""
        username = f"{name}{next(_numbers)}"
        data = {
            "username": username,
            "display_name": name.capitalize(),
            "email": f"{username}@example.org",
            "password": PASSWORD,
        }
        native = {"X-Client": "native"}
        answer = _answer(self._api.post("/api/v1/auth/register", data=data, headers=native))
        person = Person(self._api, answer)
        person.call("POST", "auth/email/verify", data={"code": code_for(data["email"])})
        # The first access token does not know of it yet.
        refresh = {"refresh": answer["refresh"]}
        fresh = _answer(self._api.post("/api/v1/auth/refresh", data=refresh, headers=native))
        return Person(self._api, {**answer, **fresh})


@contextmanager
def making_people(playwright: Playwright, url: str) -> Iterator[People]:
    """A client of the API that is no browser."""
    api = playwright.request.new_context(base_url=url, extra_http_headers={"X-Client": "native"})
    try:
        yield People(api)
    finally:
        api.dispose()


def photograph_with_place(path: Path) -> Path:
    """Write a real photograph as a phone does: with a GPS position, a camera's name and XMP."""
    exif = Image.Exif()
    exif[0x010F] = "Harbour Cameras"
    exif[0x8825] = {1: "N", 2: (46.0, 3.0, 5.0), 3: "E", 4: (14.0, 30.0, 22.0)}
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>Harbour Cameras 46.05N</x:xmpmeta>"
    with Image.open(PICTURES / "pier-gull.webp") as image:
        image.save(path, "JPEG", quality=85, exif=exif, xmp=xmp)
    return path


def metadata_of(picture: bytes) -> list[str]:
    """The kinds of metadata in a picture, apart from what is needed to show it."""
    with Image.open(io.BytesIO(picture)) as image:
        found = [name for name in ("exif", "xmp", "photoshop", "comment") if name in image.info]
        return found + [str(tag) for tag in image.getexif()]


def _answer(response: APIResponse) -> Any:
    assert response.ok, f"{response.status} {response.url}: {response.text()[:500]}"
    return response.json() if response.body() else None
