"""Background work of comments: they follow their authors' accounts, and old ones are cleared away."""

from django.utils import timezone

from accounts.events import PrivacyChanged
from comments.services import comments_follow_account, comments_purge
from core.events import periodic, subscribe


@subscribe(PrivacyChanged, queue="bulk")
def on_privacy_changed(event: PrivacyChanged) -> None:
    """Take out of the numbers what nobody sees while the account is away, or count it again."""
    comments_follow_account(user_id=event.user_id)


@periodic(cron="37 3 * * *", queue="bulk")
def purge_deleted_comments() -> None:
    """What was deleted a month ago goes for good."""
    now = timezone.now()
    while comments_purge(now=now):
        pass
