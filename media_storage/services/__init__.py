"""All writes of media. Other apps use these; what the background does is in `upkeep`."""

from media_storage.services.changes import (
    media_attach,
    media_delete,
    media_erase,
    media_set_access,
    media_update,
)
from media_storage.services.direct import (
    upload_arrived,
    upload_form,
    upload_keep,
    upload_prepare,
    upload_receive,
    upload_start,
)
from media_storage.services.intake import media_most_bytes
from media_storage.services.uploads import (
    PreparedMedia,
    avatar_create,
    media_create,
    media_keep,
    media_prepare,
)

__all__ = [
    "PreparedMedia",
    "avatar_create",
    "media_attach",
    "media_create",
    "media_delete",
    "media_erase",
    "media_keep",
    "media_most_bytes",
    "media_prepare",
    "media_set_access",
    "media_update",
    "upload_arrived",
    "upload_form",
    "upload_keep",
    "upload_prepare",
    "upload_receive",
    "upload_start",
]
