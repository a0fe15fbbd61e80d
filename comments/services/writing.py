"""Writing, editing, approving and deleting comments."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Follow
from accounts.selectors import is_restricted
from accounts.services import words_check
from comments.constants import BODY_MAX, LISTED_STATES, CommentState
from comments.events import CommentCreated, CommentDeleted, CommentEdited, CommentReplied
from comments.models import Comment
from comments.services.likes import pending
from comments.services.pins import post_author_check
from comments.services.threads import (
    count_in,
    replies_count_add,
    tell_watchers,
    thread_lock,
    thread_of,
)
from core.errors import BadInputError, FieldError, ForbiddenError, NotFoundError
from core.events import publish
from core.text import clean_text
from posts.constants import CommentsPolicy
from posts.models import Post
from posts.services import post_comment_count_add


@transaction.atomic
def comment_create(
    *, actor_id: int, post: Post, body: str, parent: Comment | None = None
) -> Comment:
    """Comment on a post, or reply to a comment on it.

    Of somebody whom the post's author restricts it waits: only these two see it, nobody is told and
    nothing counts it until `comment_approve`.

    Raises ForbiddenError `comments_closed` if the post does not take comments from this person,
    NotFoundError if the parent is on another post or the thread or post is gone by now, RuleError
    `comment_pending` for a reply to what waits, BadInputError for a body that is empty or too long
    once it is in normal form.
    """
    text = _clean_body(body)
    _check_policy(actor_id=actor_id, post=post)
    if parent is not None and parent.post_id != post.pk:
        raise NotFoundError
    waits = is_restricted(owner_id=post.author_id, user_id=actor_id)
    comment = Comment.objects.create(
        post_id=post.pk,
        author_id=actor_id,
        root_id=_thread_for(parent, waits=waits) if parent else None,
        parent=parent,
        body=text,
        state=CommentState.PENDING if waits else CommentState.VISIBLE,
    )
    if not waits:
        _begin_to_stand(comment)
    return comment


@transaction.atomic
def comment_approve(*, actor_id: int, comment: Comment) -> None:
    """Let a comment that waits be seen by everybody; the second call changes nothing.

    Raises ForbiddenError `not_post_author`, RuleError `comment_pending` for a reply below a root
    that waits itself, NotFoundError if it is gone by now.
    """
    post_author_check(actor_id, comment)
    root = thread_lock(comment)
    if comment.root_id and root.state == CommentState.PENDING:
        raise pending()
    waiting = Comment.objects.filter(pk=comment.pk, state=CommentState.PENDING)
    if waiting.update(state=CommentState.VISIBLE):
        _begin_to_stand(comment)


@transaction.atomic
def comment_edit(*, actor_id: int, comment: Comment, body: str) -> Comment:
    """Change one's own words; the same words again change nothing.

    Raises ForbiddenError `not_author`, BadInputError as `comment_create`.
    """
    if comment.author_id != actor_id:
        raise ForbiddenError("Only its author edits a comment.", code="not_author")
    text = _clean_body(body)
    changed = Comment.objects.filter(pk=comment.pk, state__in=LISTED_STATES).exclude(body=text)
    if changed.update(body=text, edited_at=timezone.now()):
        publish(CommentEdited(comment_id=comment.pk))
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
    # Whoever replies locks the root too, so the thread stands still from here.
    thread_lock(comment)
    state = Comment.objects.values_list("state", flat=True).get(pk=comment.pk)
    if state not in LISTED_STATES:
        raise NotFoundError
    counted = thread_remove(comment)
    if state == CommentState.PENDING:
        return
    if comment.root_id:
        replies_count_add(comment.root_id, -1)
    post_comment_count_add(post_id=comment.post_id, step=-counted)
    publish(CommentDeleted(comment_id=comment.pk, post_id=comment.post_id))
    tell_watchers("comment.deleted", comment)


def thread_remove(comment: Comment) -> int:
    """Delete a comment and what is below it, whatever their states; how many had stood."""
    gone = {
        "state": CommentState.DELETED,
        "deleted_at": timezone.now(),
        "replies_count": 0,
        "pinned": False,
    }
    thread = thread_of(comment)
    counted = thread.standing().update(**gone)
    thread.exclude(state=CommentState.DELETED).update(**gone)
    return counted


def _begin_to_stand(comment: Comment) -> None:
    """From now on everybody sees it: count it, and tell whom it concerns."""
    count_in(comment)
    publish(
        CommentCreated(comment_id=comment.pk, post_id=comment.post_id, author_id=comment.author_id)
    )
    if comment.parent_id is not None:
        publish(
            CommentReplied(
                comment_id=comment.pk, parent_id=comment.parent_id, author_id=comment.author_id
            )
        )
    tell_watchers("comment.created", comment)


def _thread_for(parent: Comment, *, waits: bool) -> int:
    """The root for a reply to this comment; the thread stands still afterwards."""
    root = thread_lock(parent)
    states = {root.state, Comment.objects.values_list("state", flat=True).get(pk=parent.pk)}
    if not states <= set(LISTED_STATES):
        raise NotFoundError
    # Whoever waits may go on talking to themselves; others first approve what they answer.
    if CommentState.PENDING in states and not waits:
        raise pending()
    return root.pk


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
    raise ForbiddenError(_CLOSED[CommentsPolicy(policy)], code="comments_closed")


_CLOSED = {
    CommentsPolicy.FOLLOWERS: "Only followers of the author can comment on this post.",
    CommentsPolicy.FOLLOWED: "Only people whom the author follows can comment on this post.",
    CommentsPolicy.NOBODY: "Comments on this post are turned off.",
}
