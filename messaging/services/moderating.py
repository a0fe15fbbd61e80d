"""What moderators do with messages: blank one; and what admins alone do, for a reason: read them.

Moderators see a message only as its receiver reported it.
"""

from django.db import connection, transaction

from accounts.constants import ModerationAct, Role
from accounts.models import User
from accounts.services import Case, moderation_act
from core.errors import BadInputError, ForbiddenError, NotFoundError
from core.realtime import envelope, push_to_users
from messaging.constants import BREAK_GLASS_MESSAGES, BREAK_GLASS_REASON_MIN
from messaging.models import Conversation, Message
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


@transaction.atomic
def conversation_read_by_admin(
    *, admin: User, conversation_id: int, reason: str, address: str | None = None
) -> list[Message]:
    """Break the glass: the newest messages of other people's conversation, oldest first.

    The act is in the log before a word is seen. Raises ForbiddenError `not_admin`, BadInputError
    `reason_missing`, NotFoundError.
    """
    if admin.role != Role.ADMIN:
        raise ForbiddenError("Only admins may do this.", code="not_admin")
    if len(reason.strip()) < BREAK_GLASS_REASON_MIN:
        raise BadInputError("Say why, so that others understand it later.", code="reason_missing")
    if not Conversation.objects.filter(pk=conversation_id).exists():
        raise NotFoundError
    case = Case("conversation", conversation_id)
    moderation_act(
        moderator=admin,
        act=ModerationAct.READ_MESSAGES,
        case=case,
        reason=reason,
        address=address,
    )
    newest = Message.objects.filter(conversation=conversation_id).select_related("sender")
    return list(newest.order_by("-seq")[:BREAK_GLASS_MESSAGES])[::-1]
