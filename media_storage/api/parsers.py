"""Bodies that are a whole file, and bodies whose very bytes are signed."""

import tempfile
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from rest_framework.parsers import BaseParser

from core.errors import PayloadTooLargeError
from media_storage.constants import VIDEO_BYTES_MAX

CHUNK = 1 << 16


class WholeBodyParser(BaseParser):
    """The body as `file`, on disk without a name. Raises PayloadTooLargeError."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write it down as it comes, and stop as soon as it is too much."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the UploadedFile
        size = 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > VIDEO_BYTES_MAX:
                file.close()
                raise PayloadTooLargeError(code="file_too_large")
            file.write(chunk)
        file.seek(0)
        return {"file": UploadedFile(file, "file", media_type, size)}


class RawParser(BaseParser):
    """The body as `raw` bytes, of at most DATA_UPLOAD_MAX_MEMORY_SIZE; it is parsed when proven."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Read it. Raises PayloadTooLargeError."""
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise PayloadTooLargeError
        return {"raw": raw}
