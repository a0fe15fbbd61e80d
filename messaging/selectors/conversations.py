"""Conversations as one member sees them: the inbox, one in detail, and who is in it."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.lookups import IsNull
from psycopg.rows import args_row

from accounts.constants import RelationKind
from accounts.models import Relation, User
from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from messaging.constants import Folder
from messaging.models import Member, MemberQuerySet, Message
from messaging.selectors.people import people_for
from messaging.shapes import (
    ConversationRow,
    ConversationShape,
    MemberRow,
    MessageRow,
    conversation_shape,
)

MOST_ROWS = 51
Side = Literal["first", "older", "newer"]

_COLUMNS = (
    "conversation_id",
    "conversation__kind",
    "conversation__title",
    "conversation__last_seq",
    "conversation__rev",
    "conversation__last_activity_at",
    "folder",
    "read_seq",
    "first_seq",
    "muted_until",
    "pinned_at",
)
_VIEWER = P("viewer_id", BigIntegerField())
_IDS = P("conversation_ids", ArrayField(BigIntegerField()))


def member_for(*, viewer: Viewer, conversation_id: int) -> Member:
    """The viewer's membership, with its conversation. Raises NotFoundError."""
    members = Member.objects.visible_to(viewer).select_related("conversation")
    member = members.filter(conversation=conversation_id).first()
    if member is None:
        raise NotFoundError
    return member


def member_ids_for(*, viewer: Viewer, conversation_id: int) -> tuple[int, ...]:
    """Everybody in one of the viewer's conversations, the viewer too. Raises NotFoundError."""
    member_for(viewer=viewer, conversation_id=conversation_id)
    return tuple(
        Member.objects.filter(conversation=conversation_id, left_at__isnull=True)
        .order_by("user_id")
        .values_list("user_id", flat=True)
    )


def conversation_for(*, viewer: Viewer, conversation_id: int) -> ConversationShape:
    """One conversation in its outer form. Four queries. Raises NotFoundError."""
    rows: list[ConversationRow] = _detail(viewer_id=viewer.pk, conversation_id=conversation_id)
    if not rows:
        raise NotFoundError
    return conversation_shapes(viewer, rows)[0]


def inbox_rows(
    *, viewer: Viewer, folder: Folder, q: str, position: tuple[Any, ...] | None, is_backward: bool
) -> list[ConversationRow]:
    """At most MOST_ROWS of the viewer's conversations, newest activity first, in reading direction.

    They begin past `position` (last_activity_at, id), or go up from it when `is_backward`. `q`
    narrows to conversations whose title or whose other people match.
    """
    side: Side = "first" if position is None else "newer" if is_backward else "older"
    if q:
        rows = _side_of(_matching(viewer, folder, q), side, position).values_list(*_COLUMNS)
        return [ConversationRow(*row) for row in rows[:MOST_ROWS]]
    args: dict[str, Any] = {"viewer_id": viewer.pk, "folder": folder.value}
    if position is not None:
        args["at"], args["conversation_id"] = position
    found: list[ConversationRow] = _inbox(side)(**args)
    return found


def conversation_shapes(viewer: Viewer, rows: Sequence[ConversationRow]) -> list[ConversationShape]:
    """The outer form of these conversations, in the same order. Three queries."""
    ids = [row.id for row in rows]
    members: dict[int, list[MemberRow]] = {conversation_id: [] for conversation_id in ids}
    for member in _members(conversation_ids=ids, viewer_id=viewer.pk):
        members[member.conversation_id].append(member)
    last: dict[int, MessageRow] = {
        m.conversation_id: m for m in _last_messages(conversation_ids=ids)
    }
    # Somebody who left may have said the last word.
    user_ids = {m.user_id for group in members.values() for m in group}
    people = people_for(viewer=viewer, user_ids=user_ids | {m.sender_id for m in last.values()})
    return [
        conversation_shape(
            row,
            members=members[row.id],
            last_message=last.get(row.id),
            people=people,
            viewer_id=viewer.pk,
        )
        for row in rows
    ]


_detail = CompiledQuery(
    lambda: (
        Member.objects.of(_VIEWER)
        .filter(conversation=P("conversation_id", BigIntegerField()))
        .values_list(*_COLUMNS)
    ),
    row=args_row(ConversationRow),
)
# How far somebody has read is not shown to whom they restrict: for these they have read nothing.
_RESTRICTS = Relation.objects.filter(
    owner=OuterRef("user"), target=_VIEWER, kind=RelationKind.RESTRICT
)
_members = CompiledQuery(
    lambda: (
        Member.objects.filter(conversation__eqany=_IDS, left_at__isnull=True)
        .annotate(
            shown_read_seq=Case(
                When(IsNull(Subquery(_RESTRICTS.values("pk")[:1]), rhs=False), then=0),
                default="read_seq",
                output_field=BigIntegerField(),
            )
        )
        .order_by("conversation_id", "id")
        .values_list("conversation_id", "user_id", "role", "shown_read_seq")
    ),
    row=args_row(MemberRow),
)
_last_messages = CompiledQuery(
    lambda: Message.objects.filter(
        conversation__eqany=_IDS, seq=F("conversation__last_seq")
    ).values_list(*MessageRow._fields),
    row=args_row(MessageRow),
)


@cache
def _inbox(side: Side) -> CompiledQuery:
    at, conversation_id = P("at", DateTimeField()), P("conversation_id", BigIntegerField())
    position = None if side == "first" else (at, conversation_id)
    return CompiledQuery(
        lambda: _side_of(
            Member.objects.of(_VIEWER)
            .listed_for(_VIEWER)
            .filter(folder=P("folder", CharField(max_length=8))),
            side,
            position,
        ).values_list(*_COLUMNS)[:MOST_ROWS],
        row=args_row(ConversationRow),
    )


def _side_of(
    members: MemberQuerySet, side: Side, position: tuple[Any, ...] | None
) -> MemberQuerySet:
    step, sign = ("gt", "") if side == "newer" else ("lt", "-")
    if position is not None:
        at, conversation_id = position
        members = members.filter(
            Q(**{f"conversation__last_activity_at__{step}": at})
            | Q(conversation__last_activity_at=at, **{f"conversation__{step}": conversation_id})
        )
    return members.order_by(f"{sign}conversation__last_activity_at", f"{sign}conversation_id")


def _matching(viewer: Viewer, folder: Folder, q: str) -> MemberQuerySet:
    named = User.objects.visible_to(viewer).filter(
        Q(username__icontains=q) | Q(display_name__icontains=q), pk=OuterRef("user")
    )
    with_them = Member.objects.filter(
        Exists(named), conversation=OuterRef("conversation"), left_at__isnull=True
    ).exclude(user=viewer.pk)
    return (
        Member.objects.visible_to(viewer)
        .listed_for(viewer.pk)
        .filter(Q(conversation__title__icontains=q) | Exists(with_them), folder=folder)
    )
