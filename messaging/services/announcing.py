"""What sockets are told: those of all members about a new message, one's own about badges."""

from collections.abc import Iterator, Sequence

import orjson

from core.realtime import Envelope, envelope, push_to_users
from messaging.selectors import unread_conversations, unread_requests
from messaging.services.writing import Written
from messaging.shapes import MessageShape


def announcements(
    written: Written, message: MessageShape | orjson.Fragment
) -> Iterator[tuple[Sequence[int], Envelope]]:
    """Who gets which envelope, in order; nothing for a duplicate.

    `message.created` goes to all sockets of all members, the sender's own too, and says as well
    that the sender has read up to it. Before the first message the others hear of the conversation.
    """
    if written.is_duplicate:
        return
    row = written.row
    if row.seq == 1:
        others = [user_id for user_id in written.member_ids if user_id != row.sender_id]
        yield (
            others,
            envelope("conversation.created", {"conversation_id": str(row.conversation_id)}),
        )
    yield written.member_ids, envelope("message.created", {"message": message})


def badges_push(*, user_id: int) -> None:
    """After commit, tell a person's sockets how many conversations and requests are unread."""
    badges = {
        "messages": unread_conversations(user_id=user_id),
        "message_requests": unread_requests(user_id=user_id),
    }
    push_to_users([user_id], envelope("badges.updated", badges))
