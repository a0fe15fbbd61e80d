"""All writes of media. Other apps use these; what the background does is in `upkeep`."""

from media_storage.services.changes import (
    media_attach,
    media_delete,
    media_erase,
    media_set_access,
    media_update,
)
from media_storage.services.uploads import avatar_create, media_create

__all__ = [
    "avatar_create",
    "media_attach",
    "media_create",
    "media_delete",
    "media_erase",
    "media_set_access",
    "media_update",
]
