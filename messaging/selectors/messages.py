"""What was said, by sequence number and by revision; never below where a member's history begins."""

from dataclasses import dataclass
from typing import TypedDict

from django.db.models import BigIntegerField
from psycopg.rows import args_row

from core.sql import CompiledQuery, P
from core.viewer import Viewer
from messaging.constants import CHANGES_MAX
from messaging.models import Message
from messaging.selectors.conversations import conversation_for, member_for
from messaging.selectors.people import people_for
from messaging.shapes import ConversationShape, MessageRow, MessageShape, message_shape


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a history: before or after a message, around it, or (none set) the end."""

    limit: int
    before_seq: int | None = None
    after_seq: int | None = None
    around_seq: int | None = None

    def bounds(self, last_seq: int) -> tuple[int, int]:
        """The first and last seq of the part. There are no holes, so it is arithmetic."""
        if self.before_seq is not None:
            return self.before_seq - self.limit, self.before_seq - 1
        if self.after_seq is not None:
            return self.after_seq + 1, self.after_seq + self.limit
        if self.around_seq is not None:
            low = self.around_seq - self.limit // 2
            return low, low + self.limit - 1
        return last_seq - self.limit + 1, last_seq


@dataclass(frozen=True, slots=True)
class History:
    """A part of a conversation by ascending seq, and whether there is more on either side."""

    messages: list[MessageShape]
    has_older: bool
    has_newer: bool


class Changes(TypedDict):
    """All that changed after a revision; with `has_more` up to `rev` only."""

    results: list[MessageShape]
    conversation: ConversationShape
    rev: int
    has_more: bool


def history(*, viewer: Viewer, conversation_id: int, span: Span) -> History:
    """A part of one of the viewer's conversations. Three queries. Raises NotFoundError."""
    member = member_for(viewer=viewer, conversation_id=conversation_id)
    low, high = span.bounds(member.conversation.last_seq)
    low, high = max(low, member.first_seq), min(high, member.conversation.last_seq)
    rows: list[MessageRow] = []
    if low <= high:
        rows = _by_seq(conversation_id=conversation_id, low=low, high=high)
    return History(
        messages=_shapes(viewer, rows),
        has_older=bool(rows) and rows[0].seq > member.first_seq,
        has_newer=bool(rows) and rows[-1].seq < member.conversation.last_seq,
    )


def changes(*, viewer: Viewer, conversation_id: int, after_rev: int, limit: int) -> Changes:
    """What one of the viewer's conversations has that a client at `after_rev` lacks.

    Reading on from the answer's `rev` gives the rest. Six queries. Raises NotFoundError.
    """
    # The conversation is read first: a change between the two reads comes with the next answer.
    conversation = conversation_for(viewer=viewer, conversation_id=conversation_id)
    rows: list[MessageRow] = _by_rev(
        conversation_id=conversation_id,
        low=after_rev,
        high=conversation["rev"],
        first_seq=conversation["first_seq"],
    )
    has_more = len(rows) > limit
    rows = rows[:limit]
    return {
        "results": _shapes(viewer, rows),
        "conversation": conversation,
        "rev": rows[-1].rev if has_more else conversation["rev"],
        "has_more": has_more,
    }


def _shapes(viewer: Viewer, rows: list[MessageRow]) -> list[MessageShape]:
    if not rows:
        return []
    people = people_for(viewer=viewer, user_ids={row.sender_id for row in rows})
    return [message_shape(row, people) for row in rows]


_CONVERSATION = P("conversation_id", BigIntegerField())
_LOW, _HIGH = P("low", BigIntegerField()), P("high", BigIntegerField())

_by_seq = CompiledQuery(
    lambda: (
        Message.objects.filter(conversation=_CONVERSATION, seq__gte=_LOW, seq__lte=_HIGH)
        .order_by("seq")
        .values_list(*MessageRow._fields)
    ),
    row=args_row(MessageRow),
)
_by_rev = CompiledQuery(
    lambda: (
        Message.objects.filter(
            conversation=_CONVERSATION,
            rev__gt=_LOW,
            rev__lte=_HIGH,
            seq__gte=P("first_seq", BigIntegerField()),
        )
        .order_by("rev")
        .values_list(*MessageRow._fields)[: CHANGES_MAX + 1]
    ),
    row=args_row(MessageRow),
)
