"""Comments as one viewer may see them; what may not be seen is not found."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.lookups import IsNull
from psycopg.rows import args_row

from accounts.models import User
from accounts.shapes import Hiding
from comments.constants import REPLIES_SHOWN, CommentSort
from comments.models import Comment, CommentLike, CommentQuerySet
from comments.shapes import CommentRow, CommentShape, comment_shape
from core.errors import NotFoundError
from core.sql import CompiledQuery, P
from core.viewer import Viewer
from posts.models import NOBODY, Post
from posts.selectors.hiding import of_viewer, read_shown
from posts.selectors.rows import VIEWER, size_for

# The slots of each order, and what stands before every row.
_ORDERS: Final = {
    CommentSort.NEWEST: ("pinned", "id"),
    CommentSort.TOP: ("pinned", "likes", "id"),
}
_TOPS: Final = {
    CommentSort.NEWEST: (True, 2**63 - 1),
    CommentSort.TOP: (True, 2**31 - 1, 2**63 - 1),
}


def comment_for(*, viewer: Viewer, comment_id: int) -> Comment:
    """A comment by id, with its post. Raises NotFoundError."""
    visible = Comment.objects.visible_to(viewer).select_related("post")
    comment = visible.filter(pk=comment_id).first()
    if comment is None:
        raise NotFoundError
    return comment


def comment_row_for(*, viewer: Viewer, comment_id: int) -> CommentRow:
    """The same as a row for `comment_shapes`. Raises NotFoundError."""
    rows = _threads(_visible_query(viewer=viewer.id or NOBODY, id=comment_id))
    if not rows:
        raise NotFoundError
    return rows[0]


def comment_shape_for(*, viewer: Viewer, comment_id: int) -> CommentShape:
    """The same as Comment. Raises NotFoundError."""
    row = comment_row_for(viewer=viewer, comment_id=comment_id)
    return comment_shapes(viewer=viewer, rows=[row])[0]


def comment_roots(
    *,
    viewer: Viewer,
    post_id: int,
    sort: CommentSort,
    position: tuple[Any, ...] | None,
    is_backward: bool,
    limit: int,
) -> list[CommentRow]:
    """At least `limit` roots of a post, if there are so many, in reading direction: pinned ones first.

    They begin past `position`, which is what `root_position` gave for a row, and are without what
    the viewer hides, each with its newest replies. One query, one more for none. Raises NotFoundError for a post that the viewer may not see.
    """
    query = _roots_query(sort, is_backward, size_for(limit))

    def read(past: tuple[Any, ...] | None) -> list[CommentRow]:
        slots = dict(zip(_ORDERS[sort], past or _TOPS[sort], strict=True))
        roots = _threads(query(viewer=viewer.id or NOBODY, post=post_id, **slots))
        # A UNION promises no order.
        roots.sort(key=lambda row: root_position(row, sort=sort), reverse=not is_backward)
        return roots

    rows = read_shown(
        read,
        position=position,
        limit=limit,
        is_hidden=_is_hidden_from(viewer),
        position_of=lambda row: root_position(row, sort=sort),
    )
    if not rows and not _post_query(viewer=viewer.id or NOBODY, post=post_id):
        raise NotFoundError
    return rows


def root_position(row: CommentRow, *, sort: CommentSort) -> tuple[int, ...]:
    """Where a root stands in its order."""
    by_likes = (row.likes_count,) if sort == CommentSort.TOP else ()
    return (row.pinned, *by_likes, row.id)


def comment_replies(
    *,
    viewer: Viewer,
    root_id: int,
    position: Sequence[int] | None,
    is_backward: bool,
    limit: int,
) -> list[CommentRow]:
    """At least `limit` replies to a visible root, if there are so many, past `position`.

    Oldest first, or in the opposite direction when reading backwards; without what the viewer
    hides. One query.
    """
    query = _replies_query(is_backward, size_for(limit))
    return read_shown(
        lambda past: query(viewer=viewer.id or NOBODY, root=root_id, id=past or 0),
        position=position[0] if position else None,
        limit=limit,
        is_hidden=_is_hidden_from(viewer),
        position_of=lambda row: row.id,
    )


def comment_shapes(*, viewer: Viewer, rows: Iterable[CommentRow]) -> list[CommentShape]:
    """Rows as Comments, each root with its newest replies that the viewer does not hide."""
    is_hidden = _is_hidden_from(viewer)

    def shape(row: CommentRow) -> CommentShape:
        below = [reply for reply in reversed(row.replies) if not is_hidden(reply)]
        shapes = [comment_shape(reply, viewer_id=viewer.id, replies=[]) for reply in below]
        return comment_shape(row, viewer_id=viewer.id, replies=shapes)

    return [shape(row) for row in rows]


def any_comment(comment_id: int) -> Comment | None:
    """A comment, whatever its state; for moderators."""
    return Comment.objects.select_related("post").filter(pk=comment_id).first()


def reported_comment(viewer: Viewer, comment_id: int) -> Comment | None:
    """A comment that this viewer may see, to report it."""
    return Comment.objects.visible_to(viewer).filter(pk=comment_id).first()


def comment_likes(*, viewer: Viewer, comment: Comment) -> QuerySet[CommentLike]:
    """Likes of a comment with the people, those visible to the viewer."""
    visible = User.objects.visible_to(viewer)
    return CommentLike.objects.filter(comment=comment, user__in=visible).select_related("user")


def _is_hidden_from(viewer: Viewer) -> Callable[[CommentRow], bool]:
    """Whether a row holds words that the viewer hides; their own never do."""
    hiding: dict[tuple[str, ...], Hiding | None] = {}

    def is_hidden(row: CommentRow) -> bool:
        if not row.hidden_words or row.author_id == viewer.id:
            return False
        words = tuple(row.hidden_words)
        if words not in hiding:
            hiding[words] = Hiding.of(words, None)
        found = hiding[words]
        return found is not None and found.hides(row.body)

    return is_hidden


@cache
def _roots_query(sort: CommentSort, is_backward: bool, size: int) -> CompiledQuery:  # noqa: FBT001
    def build() -> QuerySet[Comment, tuple[Any, ...]]:
        seen = Comment.objects.listed_for(VIEWER).filter(
            _past(sort, is_backward),
            _post_is_visible(),
            post_id=P("post", BigIntegerField()),
            root__isnull=True,
        )
        names = [_SLOTS[slot][0] for slot in _ORDERS[sort]]
        order = names if is_backward else [f"-{name}" for name in names]
        return _columns(seen).order_by(*order)[:size]

    return _ThreadQuery(build, row=args_row(CommentRow))


class _ThreadQuery(CompiledQuery):
    """What another query gives, and behind it the replies named in its `reply_ids`: one trip."""

    @cached_property
    def compiled(self) -> tuple[str, frozenset[str]]:
        """The SQL text of both, and the names of its slots."""
        first, slots = super().compiled
        below, _ = CompiledQuery(_by_id_build).compiled
        ids = "ARRAY(SELECT unnest(reply_ids) FROM first)"
        below = below.replace("%(ids)s::bigint[]", ids)
        text = f"WITH first AS MATERIALIZED ({first}) SELECT * FROM first UNION ALL ({below})"  # noqa: S608
        return text, slots


def _threads(rows: Sequence[CommentRow]) -> list[CommentRow]:
    """What a _ThreadQuery found: each comment that was asked for, with its replies."""
    found = {row.id: row for row in rows}
    below = {reply_id for row in rows for reply_id in row.reply_ids}

    def with_replies(row: CommentRow) -> CommentRow:
        if not row.reply_ids:
            return row
        return row._replace(replies=tuple(found[i] for i in row.reply_ids if i in found))

    return [with_replies(row) for row in rows if row.id not in below]


_SLOTS: Final = {
    "pinned": ("pinned", P("pinned", BooleanField())),
    "likes": ("likes_count", P("likes", IntegerField())),
    "id": ("pk", P("id", BigIntegerField())),
}


def _past(sort: CommentSort, is_backward: bool) -> Q:  # noqa: FBT001
    """`(a, b, c) < (x, y, z)` in a form that uses the index on (a, b, c)."""
    step = "gt" if is_backward else "lt"
    *firsts, (name, slot) = [_SLOTS[slot] for slot in _ORDERS[sort]]
    past = Q(**{f"{name}__{step}": slot})
    for first, value in reversed(firsts):
        past = Q(**{f"{first}__{step}e": value}) & (Q(**{f"{first}__{step}": value}) | past)
    return past


@cache
def _replies_query(is_backward: bool, size: int) -> CompiledQuery:  # noqa: FBT001
    def build() -> QuerySet[Comment, tuple[Any, ...]]:
        step, order = ("lt", "-pk") if is_backward else ("gt", "pk")
        seen = Comment.objects.listed_for(VIEWER).filter(
            root_id=P("root", BigIntegerField()), **{f"pk__{step}": P("id", BigIntegerField())}
        )
        return _columns(seen).order_by(order)[:size]

    return CompiledQuery(build, row=args_row(CommentRow))


def _post_is_visible() -> IsNull:
    """Asked once for the whole statement, not for each row: it hangs on none."""
    return IsNull(Subquery(_post_build()[:1]), rhs=False)


def _post_build() -> QuerySet[Post, tuple[int]]:
    visible = Post.objects.visible_to_id(VIEWER)
    return visible.filter(pk=P("post", BigIntegerField())).values_list("pk")


def _visible_build() -> QuerySet[Comment, tuple[Any, ...]]:
    visible = Comment.objects.visible_to_id(VIEWER)
    return _columns(visible.filter(pk=P("id", BigIntegerField())))


def _by_id_build() -> QuerySet[Comment, tuple[Any, ...]]:
    ids = P("ids", ArrayField(BigIntegerField()))
    return _columns(Comment.objects.listed_for(VIEWER).filter(pk__eqany=ids))


_post_query = CompiledQuery(_post_build)
_visible_query = _ThreadQuery(_visible_build, row=args_row(CommentRow))


def _columns(seen: CommentQuerySet) -> QuerySet[Comment, tuple[Any, ...]]:
    """The columns of CommentRow, in its order."""
    like = CommentLike.objects.filter(comment=OuterRef("pk"), user=VIEWER)
    replies = Comment.objects.listed_for(VIEWER).filter(root=OuterRef("pk"))
    return seen.annotate(
        # A scalar sub-query, because a prepared EXISTS reads all that the viewer ever liked.
        liked=IsNull(Subquery(like.values("pk")[:1]), rhs=False),
        reply_ids=ArraySubquery(replies.order_by("-pk").values("pk")[:REPLIES_SHOWN]),
        hidden_words=of_viewer("words"),
    ).values_list(
        "pk",
        "post_id",
        "root_id",
        "parent_id",
        "body",
        "state",
        "likes_count",
        "replies_count",
        "created_at",
        "edited_at",
        "author_id",
        "author__username",
        "author__display_name",
        "author__avatar_key",
        "author__is_private",
        "pinned",
        "liked",
        "reply_ids",
        "hidden_words",
    )
