"""What a person said is blanked when the account is erased; the numbers stay without holes."""

from typing import Final

from django.db import connection, transaction

from core.realtime import envelope, push_to_users
from messaging.models import Inbox, Member

# In the lock order of all writes here: the conversation, then inboxes by person, then members.
# All of this person's messages, or one. Each blanked message is a change of its own, so that clients find it by `after_rev`.
BLANK: Final = """
WITH locked AS MATERIALIZED (
    SELECT id, rev FROM messaging_conversation WHERE id = %(conversation)s FOR NO KEY UPDATE
), said AS MATERIALIZED (
    SELECT m.id, row_number() OVER (ORDER BY m.seq) AS place FROM messaging_message m
    WHERE m.conversation_id = (SELECT id FROM locked) AND m.sender_id = %(user)s
    AND (%(id)s::bigint IS NULL OR m.id = %(id)s)
), blanked AS (
    UPDATE messaging_message m
    SET kind = 'hidden', body = '', payload = '{}', sender_id = NULL,
        rev = (SELECT rev FROM locked) + said.place
    FROM said WHERE m.id = said.id
    RETURNING m.id
), raised AS (
    UPDATE messaging_conversation c SET rev = c.rev + (SELECT count(*) FROM blanked)
    WHERE c.id = (SELECT id FROM locked)
), inbox AS MATERIALIZED (
    SELECT i.user_id FROM messaging_inbox i WHERE i.user_id = ANY(ARRAY(
        SELECT user_id FROM messaging_member
        WHERE conversation_id = (SELECT id FROM locked) AND left_at IS NULL
    )) ORDER BY i.user_id FOR NO KEY UPDATE
), counted AS (
    UPDATE messaging_inbox i SET version = i.version + 1 FROM inbox
    WHERE i.user_id = inbox.user_id RETURNING i.user_id, i.version
)
UPDATE messaging_member m SET changed_version = counted.version FROM counted
WHERE m.conversation_id = (SELECT id FROM locked) AND m.user_id = counted.user_id
RETURNING m.user_id
"""


def messages_erase(*, user_id: int) -> None:
    """Blank what they said and take them out of every conversation; again is fine."""
    own = Member.objects.filter(user=user_id).values_list("conversation_id", flat=True)
    for conversation_id in list(own):
        _leave(user_id, conversation_id)
    Inbox.objects.filter(pk=user_id).delete()


@transaction.atomic
def _leave(user_id: int, conversation_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BLANK, {"conversation": conversation_id, "user": user_id, "id": None})
        others = [pk for (pk,) in cursor.fetchall()]
    Member.objects.filter(user=user_id, conversation=conversation_id).delete()
    data = {"conversation_id": str(conversation_id)}
    push_to_users(others, envelope("conversation.updated", data))
