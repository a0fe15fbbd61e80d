"""The upload of an avatar: one picture, capped like any other."""

from core.api.uploads import UploadParser
from media_storage.constants import PICTURE_BYTES_MAX


class AvatarParser(UploadParser):
    """multipart/form-data with one picture."""

    max_bytes = PICTURE_BYTES_MAX
