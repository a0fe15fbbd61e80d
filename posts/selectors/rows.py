"""The columns that every read of posts selects, and how lists move through (published_at, id)."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    Func,
    JSONField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject
from django.db.models.lookups import IsNull

from accounts.models import SHOWN_STATES, blocks_between
from core.sql import P
from posts.constants import PeopleTagState
from posts.models import Like, Mention, PeopleTag, Post, PostQuerySet, Save
from posts.shapes import PostRow

VIEWER = P("viewer", BigIntegerField())
# Statements are compiled for two page sizes, each a page and one row more, so that a plan knows
# how few rows are wanted.
SMALL_PAGE, LARGE_PAGE = 21, 51


class Position(NamedTuple):
    """Where a post stands in a list by time; a list is read past one."""

    published_at: datetime
    post_id: int


#: Before the first post of every list.
TOP = Position(datetime.max.replace(tzinfo=UTC), 2**63 - 1)


def position_of(row: PostRow) -> Position:
    """Where a published post stands. Raises ValueError for another one."""
    if row.published_at is None:
        raise ValueError(f"post {row.id} is not published")
    return Position(row.published_at, row.id)


def size_for(limit: int) -> int:
    """The compiled page size that holds so many rows. Raises ValueError above LARGE_PAGE."""
    if limit > LARGE_PAGE:
        raise ValueError(f"a page has at most {LARGE_PAGE} rows")
    return SMALL_PAGE if limit <= SMALL_PAGE else LARGE_PAGE


def past_position(*, is_backward: bool) -> Q:
    """Posts past the slots `at` and `id` in reading direction, in a form that an index can use."""
    step = "gt" if is_backward else "lt"
    at, post_id = P("at", DateTimeField()), P("id", BigIntegerField())
    return Q(**{f"published_at__{step}e": at}) & (
        Q(**{f"published_at__{step}": at}) | Q(**{f"pk__{step}": post_id})
    )


def time_order(*, is_backward: bool) -> tuple[str, str]:
    """Newest first, or the reverse for reading backwards."""
    return ("published_at", "pk") if is_backward else ("-published_at", "-pk")


def columns(posts: PostQuerySet) -> "QuerySet[Post, tuple[Any, ...]]":
    """The columns of PostRow, in its order, with the slot `viewer`."""
    return posts.annotate(
        liked=_has(Like),
        saved=_has(Save),
        mentioned=_people(Mention.objects.all()),
        tagged_people=_people(
            PeopleTag.objects.filter(_SHOWN_TAG),
            id="pk",
            media="media_id",
            x="x",
            y="y",
            state="state",
        ),
    ).values_list(
        "pk",
        "shortcode",
        "caption",
        "audience",
        "state",
        "media",
        "sensitive",
        "comments_policy",
        "hide_like_count",
        "pinned_pos",
        "published_at",
        "publish_at",
        "edited_at",
        "likes_count",
        "comments_count",
        "author_id",
        "author__username",
        "author__display_name",
        "author__avatar_key",
        "author__is_private",
        "liked",
        "saved",
        "hashtags",
        "place_id",
        "place__name",
        "mentioned",
        "tagged_people",
    )


_SHOWN_TAG = Q(state=PeopleTagState.SHOWN) | Q(
    Q(user=VIEWER) | Q(post__author=VIEWER), state=PeopleTagState.PENDING
)


def _people(rows: "QuerySet[Any]", **fields: str) -> Case:
    """The people in the post whom the viewer may see, as JSON; looked up only where there are any."""
    block = blocks_between(VIEWER, OuterRef("user")).values("pk")[:1]
    seen = rows.filter(
        IsNull(Subquery(block), rhs=True), post=OuterRef("pk"), user__state__in=SHOWN_STATES
    )
    person = {
        "user": "user_id",
        "username": "user__username",
        "display_name": "user__display_name",
        "avatar_key": "user__avatar_key",
        "is_private": "user__is_private",
    }
    listed: Any = seen.order_by("pk").values_list(JSONObject(**person, **fields))
    as_json = Func(ArraySubquery(listed), function="to_jsonb", output_field=JSONField())
    nobody = Value([], JSONField())
    return Case(When(has_people=True, then=as_json), default=nobody, output_field=JSONField())


def _has(model: type[Like] | type[Save]) -> IsNull:
    """Whether the viewer's row exists.

    A scalar sub-query, because a prepared EXISTS would read all the likes they ever gave.
    """
    own = model.objects.filter(post=OuterRef("pk"), user=VIEWER)
    return IsNull(Subquery(own.values("pk")[:1]), rhs=False)
