"""Background work of posts: pictures follow what becomes of media, accounts and posts."""

from accounts.events import PrivacyChanged
from core.events import subscribe
from media_storage.events import MediaMoved, MediaReady, MediaUpdated
from posts import services
from posts.events import PostDeleted


@subscribe(MediaReady, queue="live")
def on_media_ready(event: MediaReady) -> None:
    """Show the further variants."""
    services.post_media_refresh(media_id=event.media_id)


@subscribe(MediaMoved, queue="live")
def on_media_moved(event: MediaMoved) -> None:
    """Give out the new addresses; the old ones may have ended."""
    services.post_media_refresh(media_id=event.media_id)


@subscribe(MediaUpdated, queue="live")
def on_media_updated(event: MediaUpdated) -> None:
    """Show the new alternative text."""
    services.post_media_refresh(media_id=event.media_id)


@subscribe(PrivacyChanged, queue="bulk")
def on_privacy_changed(event: PrivacyChanged) -> None:
    """Open or close the files of everything that the account posted."""
    services.posts_access_renew(author_id=event.user_id)


@subscribe(PostDeleted, queue="bulk")
def on_post_deleted(event: PostDeleted) -> None:
    """Remove the pictures."""
    services.post_media_remove(post_id=event.post_id)
