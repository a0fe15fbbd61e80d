"""What moderators do with a message: blank it. They see it only as its receiver reported it."""

from django.db import connection, transaction

from core.realtime import envelope, push_to_users
from messaging.models import Message
from messaging.services.erasing import BLANK


@transaction.atomic
def message_blank(*, message: Message) -> None:
    """Nobody sees what it said any more; its number stays. Again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            BLANK,
            {"conversation": message.conversation_id, "user": message.sender_id, "id": message.pk},
        )
        members = [pk for (pk,) in cursor.fetchall()]
    data = {"conversation_id": str(message.conversation_id)}
    push_to_users(members, envelope("conversation.updated", data))
