"""Facts about media that other apps may hear of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaUploaded:
    """A picture was stored with its first variants; the further ones are still to be made."""

    media_id: int


@dataclass(frozen=True, slots=True)
class MediaReady:
    """All variants exist; snapshots of this media want renewing."""

    media_id: int


@dataclass(frozen=True, slots=True)
class MediaUpdated:
    """The alternative text changed; snapshots of this media want renewing."""

    media_id: int


@dataclass(frozen=True, slots=True)
class MediaAccessChanged:
    """It was decided that media is public, or no longer; its files still have their old key."""

    media_id: int


@dataclass(frozen=True, slots=True)
class MediaMoved:
    """The files have a new key; snapshots of this media want renewing."""

    media_id: int


@dataclass(frozen=True, slots=True)
class MediaFilesRetired:
    """Nothing names this key any more; its files are to be removed."""

    key: str


@dataclass(frozen=True, slots=True)
class MediaUploadArrived:
    """A file has come to the store, and nobody waits for it to be taken in."""

    upload_id: int
