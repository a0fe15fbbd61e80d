"""Background work of media: films, the rest of the variants, moves, and removal."""

from core.events import periodic, subscribe
from media_storage.events import (
    MediaAccessChanged,
    MediaFilesRetired,
    MediaUploadArrived,
    MediaUploaded,
)
from media_storage.services import direct, films, upkeep, waiting


@subscribe(MediaUploaded, queue="media")
def on_media_uploaded(event: MediaUploaded) -> None:
    """Make what nobody waited for: the film of a video, the further sizes of a picture."""
    films.video_complete(media_id=event.media_id)
    upkeep.media_complete(media_id=event.media_id)


@subscribe(MediaAccessChanged, queue="media")
def on_media_access_changed(event: MediaAccessChanged) -> None:
    """Move the files to where the present decision wants them."""
    upkeep.media_move(media_id=event.media_id)


@subscribe(MediaFilesRetired, queue="media")
def on_media_files_retired(event: MediaFilesRetired) -> None:
    """Remove the files."""
    upkeep.media_files_remove(key=event.key)


@subscribe(MediaUploadArrived, queue="media")
def on_media_upload_arrived(event: MediaUploadArrived) -> None:
    """Take in what came to the store while nobody waits."""
    direct.upload_take_in(upload_id=event.upload_id)


@periodic(cron="* * * * *", queue="media")
def deliver_waiting() -> None:
    """Bring the store what it did not take before."""
    waiting.waiting_deliver()


@periodic(cron="17 * * * *", queue="bulk")
def give_up_videos() -> None:
    """What has waited for hours will not be finished."""
    films.videos_give_up()


@periodic(cron="41 * * * *", queue="bulk")
def collect_orphans() -> None:
    """Uploads that were never used go after a day, those never completed after an hour."""
    upkeep.media_orphans_collect()
    direct.uploads_collect()


@periodic(cron="23 4 * * *", queue="bulk")
def sweep_files() -> None:
    """Files that no row names go after a day."""
    upkeep.media_files_sweep()
