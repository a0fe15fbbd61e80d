"""Messages as those who report and moderate them meet them."""

from core.viewer import Viewer
from messaging.models import Member, Message


def reported_message(viewer: Viewer, message_id: int) -> Message | None:
    """Somebody else's message that this viewer can read."""
    message = Message.objects.filter(pk=message_id).exclude(sender=viewer.pk).first()
    if message is None or message.sender_id is None:
        return None
    own = Member.objects.visible_to(viewer).filter(
        conversation=message.conversation_id, first_seq__lte=message.seq
    )
    return message if own.exists() else None


def any_message(message_id: int) -> Message | None:
    """A message that was not blanked."""
    return Message.objects.filter(pk=message_id, sender__isnull=False).first()
