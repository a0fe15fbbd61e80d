"""Background work of messaging: conversations follow what people set about each other."""

from accounts.events import RestrictionChanged
from core.events import subscribe
from messaging.services import conversation_follow_restriction


@subscribe(RestrictionChanged, queue="live")
def on_restriction_changed(event: RestrictionChanged) -> None:
    """Put the conversation of the two among the requests, or back."""
    conversation_follow_restriction(owner_id=event.owner_id, other_id=event.target_id)
