"""Multipart requests with files: streamed to disk without a name, and cut off when too large."""

import errno
import tempfile
from collections.abc import Mapping
from typing import IO, Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from rest_framework.parsers import DataAndFiles, MultiPartParser

from core.errors import ApplicationError, PayloadTooLargeError, StorageFullError

# What the borders and fields around the files may take.
ENVELOPE_BYTES = 1_000_000
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class UploadParser(MultiPartParser):
    """multipart/form-data whose files together have at most `max_bytes`.

    Raises PayloadTooLargeError `file_too_large` before the rest of the body is read, and
    StorageFullError when the disk is full. Files have no name on the disk: nothing is left behind
    however the process ends.
    """

    max_bytes: ClassVar[int]

    def most_bytes(self, head: bytes) -> int:
        """The most that files may have of which the first begins like this; may raise a refusal."""
        return self.max_bytes

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        """Parse with the one upload handler of this class."""
        context = dict(parser_context or {})
        context["request"].upload_handlers = [_Spool(self)]
        return super().parse(stream, media_type, context)


class _Spool(FileUploadHandler):
    """Writes each file to an unnamed one on disk, and counts."""

    def __init__(self, parser: UploadParser) -> None:
        super().__init__()
        self.parser = parser
        self.max_bytes = parser.max_bytes
        self.used = 0
        self.announced = 0
        self.spool: IO[bytes]

    def handle_raw_input(
        self,
        input_data: Any,
        meta: Any,
        content_length: int,
        *rest: Any,
    ) -> None:
        """Refuse by the announced length, before a byte is read."""
        self.announced = content_length
        self._check(content_length - ENVELOPE_BYTES)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a file that has no name."""
        super().new_file(*args, **kwargs)
        self.spool = tempfile.TemporaryFile()  # noqa: SIM115  closed with the UploadedFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write, or stop at once when it is too much or there is no room."""
        try:
            if self.used == 0:
                self.max_bytes = self.parser.most_bytes(raw_data)
                self._check(self.announced - ENVELOPE_BYTES)
            self.used += len(raw_data)
            self._check(self.used)
        except ApplicationError:
            self.spool.close()
            raise
        try:
            self.spool.write(raw_data)
        except OSError as error:
            self.spool.close()
            if error.errno in FULL:
                raise StorageFullError from error
            raise

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        """The file, at its beginning."""
        try:
            self.spool.flush()
        except OSError as error:
            if error.errno in FULL:
                raise StorageFullError from error
            raise
        self.spool.seek(0)
        return UploadedFile(self.spool, self.file_name, self.content_type, file_size)

    def _check(self, size: int) -> None:
        if size > self.max_bytes:
            message = f"Files may have {self.max_bytes // 1_000_000} MB in all."
            raise PayloadTooLargeError(message, code="file_too_large")
