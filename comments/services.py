"""All writes of the app: one function, one act, one transaction.

Locks are taken in one order: the root of a thread, its replies, the post's counters last.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Follow
from accounts.services import words_check
from comments.constants import BODY_MAX, DELETED_KEPT_DAYS, CommentState
from comments.events import (
    CommentCreated,
    CommentDeleted,
    CommentLiked,
    CommentReplied,
    CommentUnliked,
)
from comments.models import Comment
from core.errors import BadInputError, FieldError, ForbiddenError, NotFoundError
from core.events import publish
from core.realtime import envelope, push_to_topic
from core.sql import mend_counters, run_hot
from core.text import clean_text
from posts.constants import CommentsPolicy
from posts.models import Post
from posts.services import post_comment_count_add

# The like and its counter are one statement, which returns nothing if nothing changed.
_LIKE: Final = """
WITH added AS (
    INSERT INTO comments_commentlike (comment_id, user_id, created_at)
    SELECT id, %(actor)s::bigint, now() FROM comments_comment
    WHERE id = %(comment)s::bigint AND state = 'visible'
    ON CONFLICT DO NOTHING RETURNING comment_id
)
UPDATE comments_comment SET likes_count = likes_count + 1
WHERE id IN (SELECT comment_id FROM added) RETURNING likes_count AS count
"""
_UNLIKE: Final = """
WITH gone AS (
    DELETE FROM comments_commentlike
    WHERE comment_id = %(comment)s::bigint AND user_id = %(actor)s::bigint RETURNING comment_id
)
UPDATE comments_comment SET likes_count = likes_count - 1
WHERE id IN (SELECT comment_id FROM gone) RETURNING likes_count AS count
"""


_TAKE_LIKES_BACK: Final = """
WITH gone AS (DELETE FROM comments_commentlike WHERE user_id = %s RETURNING comment_id)
UPDATE comments_comment SET likes_count = likes_count - 1
WHERE id IN (SELECT comment_id FROM gone)
"""


# The differences are added, so that what is written meanwhile is not lost.
_RECOUNTS: Final = {
    "comments_count": """
        UPDATE posts_post SET comments_count = posts_post.comments_count + off.amount
        FROM (SELECT p.id, (
            SELECT count(*) FROM comments_comment c WHERE c.post_id = p.id AND c.state = 'visible'
        ) - p.comments_count AS amount FROM posts_post p) off
        WHERE off.id = posts_post.id AND off.amount <> 0
    """,
    "replies_count": """
        UPDATE comments_comment SET replies_count = comments_comment.replies_count + off.amount
        FROM (SELECT r.id, (
            SELECT count(*) FROM comments_comment c WHERE c.root_id = r.id AND c.state = 'visible'
        ) - r.replies_count AS amount FROM comments_comment r WHERE r.state = 'visible') off
        WHERE off.id = comments_comment.id AND off.amount <> 0
    """,
    "comment_likes_count": """
        UPDATE comments_comment SET likes_count = comments_comment.likes_count + off.amount
        FROM (SELECT c.id, (
            SELECT count(*) FROM comments_commentlike l WHERE l.comment_id = c.id
        ) - c.likes_count AS amount FROM comments_comment c) off
        WHERE off.id = comments_comment.id AND off.amount <> 0
    """,
}


@dataclass(frozen=True, slots=True)
class CommentLikeState:
    """How a like toggle left things."""

    liked: bool
    likes_count: int


@transaction.atomic
def comment_create(
    *, actor_id: int, post: Post, body: str, parent: Comment | None = None
) -> Comment:
    """Comment on a post, or reply to a comment on it.

    Raises ForbiddenError `comments_closed` if the post does not take comments from this person,
    NotFoundError if the parent is on another post or the thread or post is gone by now,
    BadInputError for a body that is empty or too long once it is in normal form.
    """
    text = _clean_body(body)
    _check_policy(actor_id=actor_id, post=post)
    if parent is not None and parent.post_id != post.pk:
        raise NotFoundError
    comment = Comment.objects.create(
        post_id=post.pk,
        author_id=actor_id,
        root_id=_join_thread(parent) if parent else None,
        parent=parent,
        body=text,
    )
    post_comment_count_add(post_id=post.pk, step=1)
    publish(CommentCreated(comment_id=comment.pk, post_id=post.pk, author_id=actor_id))
    if parent is not None:
        publish(CommentReplied(comment_id=comment.pk, parent_id=parent.pk, author_id=actor_id))
    _push("comment.created", comment)
    return comment


@transaction.atomic
def comment_edit(*, actor_id: int, comment: Comment, body: str) -> Comment:
    """Change one's own words; the same words again change nothing.

    Raises ForbiddenError `not_author`, BadInputError as `comment_create`.
    """
    if comment.author_id != actor_id:
        raise ForbiddenError("Only its author edits a comment.", code="not_author")
    text = _clean_body(body)
    changed = Comment.objects.standing().filter(pk=comment.pk).exclude(body=text)
    changed.update(body=text, edited_at=timezone.now())
    return Comment.objects.get(pk=comment.pk)


@transaction.atomic
def comment_delete(*, actor_id: int, comment: Comment) -> None:
    """Take a comment away, with all replies if it is a root; its author or the post's may.

    Raises ForbiddenError `not_author`, and NotFoundError if it is gone by now.
    """
    if actor_id not in (comment.author_id, comment.post.author_id):
        raise ForbiddenError(
            "Only its author and the author of the post delete a comment.", code="not_author"
        )
    # Whoever replies updates the root too, so the thread stands still from here.
    Comment.objects.select_for_update(no_key=True).get(pk=comment.root_id or comment.pk)
    if not Comment.objects.standing().filter(pk=comment.pk).exists():
        raise NotFoundError
    thread = Comment.objects.standing().filter(Q(pk=comment.pk) | Q(root=comment.pk))
    gone = thread.update(state=CommentState.DELETED, deleted_at=timezone.now(), replies_count=0)
    if comment.root_id:
        _count_replies(comment.root_id, -1)
    post_comment_count_add(post_id=comment.post_id, step=-gone)
    publish(CommentDeleted(comment_id=comment.pk, post_id=comment.post_id))
    _push("comment.deleted", comment)


@transaction.atomic
def comment_like(*, actor_id: int, comment: Comment) -> CommentLikeState:
    """Like a comment; the second call changes nothing."""
    count = _toggle(_LIKE, actor_id, comment)
    if count is not None:
        publish(CommentLiked(comment_id=comment.pk, actor_id=actor_id))
    return _like_state(comment, count, liked=True)


@transaction.atomic
def comment_unlike(*, actor_id: int, comment: Comment) -> CommentLikeState:
    """Take a like back; the second call changes nothing."""
    count = _toggle(_UNLIKE, actor_id, comment)
    if count is not None:
        publish(CommentUnliked(comment_id=comment.pk, actor_id=actor_id))
    return _like_state(comment, count, liked=False)


@transaction.atomic
def comment_hide(*, comment_id: int, is_hidden: bool) -> None:
    """Take a comment out of sight with its thread, or put it back; again changes nothing."""
    old, new = CommentState.VISIBLE, CommentState.HIDDEN
    if not is_hidden:
        old, new = new, old
    comment = Comment.objects.filter(pk=comment_id, state=old).first()
    if comment is None:
        return
    Comment.objects.select_for_update(no_key=True).get(pk=comment.root_id or comment.pk)
    thread = Comment.objects.filter(Q(pk=comment.pk) | Q(root=comment.pk), state=old)
    moved = thread.update(state=new)
    step = -1 if is_hidden else 1
    if comment.root_id:
        _count_replies(comment.root_id, step)
    post_comment_count_add(post_id=comment.post_id, step=step * moved)
    _push("comment.deleted" if is_hidden else "comment.created", comment)


@transaction.atomic
def comment_remove(*, comment_id: int) -> None:
    """Take it away for good, whatever its state; again changes nothing."""
    comment = Comment.objects.select_related("post").filter(pk=comment_id).first()
    if comment is None or comment.state == CommentState.DELETED:
        return
    if comment.state == CommentState.VISIBLE:
        comment_delete(actor_id=comment.author_id, comment=comment)
    else:
        thread = Comment.objects.filter(Q(pk=comment.pk) | Q(root=comment.pk))
        thread.update(state=CommentState.DELETED, deleted_at=timezone.now(), replies_count=0)


@transaction.atomic
def comments_purge(*, now: datetime, batch: int = 1_000) -> int:
    """Remove what was deleted long enough ago, at most `batch` at a time; return how many."""
    before = now - timedelta(days=DELETED_KEPT_DAYS)
    old = Comment.objects.filter(deleted_at__lt=before).order_by("deleted_at")
    ids = list(old.values_list("pk", flat=True)[:batch])
    Comment.objects.filter(pk__in=ids).delete()
    return len(ids)


@transaction.atomic
def comments_erase(*, user_id: int) -> None:
    """Remove all comments and comment likes of a person, and count them off; again is fine.

    With a root its thread goes: the answers would stand for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_LIKES_BACK, [user_id])
    own = Comment.objects.filter(author=user_id)
    for comment in list(own.standing().filter(root__isnull=False).order_by("pk")):
        _count_replies(comment.root_id or 0, -1)
        post_comment_count_add(post_id=comment.post_id, step=-1)
    for root in list(own.standing().filter(root__isnull=True).order_by("pk")):
        below = Comment.objects.standing().filter(root=root).exclude(author=user_id).count()
        post_comment_count_add(post_id=root.post_id, step=-1 - below)
    own.delete()


def comments_recount() -> dict[str, int]:
    """Set the counters of comments, replies and comment likes right; how many of each were off."""
    return mend_counters(_RECOUNTS)


def _clean_body(body: str) -> str:
    # Normal form can be longer than what was typed, so the length counts here.
    text = clean_text(body, field="body").strip()
    if not text:
        _refuse_body("blank", "Write something.")
    if len(text) > BODY_MAX:
        _refuse_body("max_length", f"A comment has at most {BODY_MAX} characters.")
    words_check(text, field="body")
    return text


def _refuse_body(code: str, message: str) -> None:
    raise BadInputError(message, errors=[FieldError("body", code, message)])


def _check_policy(*, actor_id: int, post: Post) -> None:
    """Nobody means nobody; the other policies never keep the post's author out."""
    policy = post.comments_policy
    if policy == CommentsPolicy.EVERYONE:
        return
    if policy != CommentsPolicy.NOBODY:
        if actor_id == post.author_id:
            return
        pair = (
            {"follower": actor_id, "followee": post.author_id}
            if policy == CommentsPolicy.FOLLOWERS
            else {"follower": post.author_id, "followee": actor_id}
        )
        if Follow.objects.active().filter(**pair).exists():
            return
    raise ForbiddenError("You cannot comment on this post.", code="comments_closed")


def _join_thread(parent: Comment) -> int:
    """Count a reply to this comment; return the root. The thread stands still afterwards."""
    root_id = parent.root_id or parent.pk
    _count_replies(root_id, 1)
    if parent.root_id and not Comment.objects.standing().filter(pk=parent.pk).exists():
        raise NotFoundError
    return root_id


def _count_replies(root_id: int, step: int) -> None:
    root = Comment.objects.standing().filter(pk=root_id)
    if not root.update(replies_count=F("replies_count") + step):
        raise NotFoundError


def _toggle(statement: str, actor_id: int, comment: Comment) -> int | None:
    """The new number of likes, or None if nothing changed."""
    rows: list[dict[str, Any]] = run_hot(statement, {"comment": comment.pk, "actor": actor_id})
    return int(rows[0]["count"]) if rows else None


def _like_state(comment: Comment, count: int | None, *, liked: bool) -> CommentLikeState:
    likes_count = comment.likes_count if count is None else count
    return CommentLikeState(liked=liked, likes_count=likes_count)


def _push(type_: str, comment: Comment) -> None:
    """Tell those who watch the post which comment it is, and the post's new counts."""
    topic, post_id = f"post:{comment.post_id}", str(comment.post_id)
    root_id = None if comment.root_id is None else str(comment.root_id)
    data = {"post_id": post_id, "comment_id": str(comment.pk), "root_id": root_id}
    push_to_topic(topic, envelope(type_, data))
    post = Post.objects.only("likes_count", "hide_like_count", "comments_count").get(
        pk=comment.post_id
    )
    counts = {
        "post_id": post_id,
        "likes_count": None if post.hide_like_count else post.likes_count,
        "comments_count": post.comments_count,
    }
    push_to_topic(topic, envelope("post.counts", counts))
