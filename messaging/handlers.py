"""Background work of messaging: conversations follow what people set about each other."""

from accounts.events import RestrictionChanged, UserBlocked, UserUnblocked
from core.events import subscribe
from messaging.services import conversation_follow_block, conversation_follow_restriction


@subscribe(RestrictionChanged, queue="live")
def on_restriction_changed(event: RestrictionChanged) -> None:
    """Put the conversation of the two among the requests, or back."""
    conversation_follow_restriction(owner_id=event.owner_id, other_id=event.target_id)


@subscribe(UserBlocked, queue="live")
def on_user_blocked(event: UserBlocked) -> None:
    """The conversation of the two is gone for both."""
    conversation_follow_block(one_id=event.blocker_id, other_id=event.blocked_id)


@subscribe(UserUnblocked, queue="live")
def on_user_unblocked(event: UserUnblocked) -> None:
    """It is back, unless the other blocks as well."""
    conversation_follow_block(one_id=event.blocker_id, other_id=event.blocked_id)
