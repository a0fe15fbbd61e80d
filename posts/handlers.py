"""Background work of posts: what is planned, what is old, and pictures that follow what happens."""

from django.utils import timezone

from accounts.events import PrivacyChanged
from core.events import periodic, subscribe
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
    """Remove the pictures of what is gone for good."""
    services.post_media_remove(post_id=event.post_id)


@periodic(cron="* * * * *", queue="live")
def publish_planned_posts() -> None:
    """What is planned for this minute comes out as it begins."""
    services.posts_publish_due(now=timezone.now())


@periodic(cron="47 * * * *", queue="bulk")
def purge_deleted_posts() -> None:
    """What has been in the bin for its time goes for good."""
    now = timezone.now()
    while services.posts_purge(now=now):
        pass
