"""Gives the demo's pictures to the services as if somebody had uploaded them."""

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from PIL import Image

from config.demo.content import DemoPicture
from core.errors import UnavailableError
from media_storage.services import media_create

_PATIENCE_S = 60
T = TypeVar("T")


def upload(owner_id: int, picture: DemoPicture) -> int:
    """Keep the picture for its owner and return its id; made for a thread of its own."""
    try:
        with picture_file(picture) as file:
            return patiently(
                lambda: media_create(owner_id=owner_id, file=file, alt_text=picture.alt).pk
            )
    finally:
        connections.close_all()


@contextmanager
def picture_file(picture: DemoPicture) -> Iterator[SimpleUploadedFile]:
    """The part of the picture that is meant, as if it had been uploaded."""
    with Image.open(picture.path) as image:
        left, top, right, bottom = picture.crop
        box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        part = image.crop(tuple(round(side) for side in box))  # type: ignore[arg-type]
    buffer = io.BytesIO()
    part.save(buffer, "WEBP", quality=90, method=2)
    with SimpleUploadedFile(f"{picture.file}.webp", buffer.getvalue(), "image/webp") as file:
        yield file


def patiently(act: Callable[[], T]) -> T:
    """Wait while a running server uses both places of the decoder."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return act()
        except UnavailableError as busy:
            if time.monotonic() > deadline:
                raise
            time.sleep(busy.retry_after or 1)
