"""Comments in threads of two levels, and their likes; who may see one is decided here, once."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Expression, F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from accounts.models import SHOWN_STATES, blocks_between
from comments.constants import BODY_MAX, LISTED_STATES, CommentState
from core.viewer import Viewer
from posts.models import NOBODY, Post


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments, narrowed to those a viewer may see."""

    def standing(self) -> Self:
        """Comments that are neither deleted nor waiting for the owner of the post."""
        return self.filter(state=CommentState.VISIBLE)

    def listed_for(self, viewer_id: int | Expression) -> Self:
        """What this person may read in a list below a post, or a root, that they may see.

        What stands and, among those that wait, their own and those on their own posts; of authors
        who are shown and have no block with them either way.
        """
        return self.filter(
            Q(state=CommentState.VISIBLE) | Q(author=viewer_id) | Q(post__author=viewer_id),
            unblocked(viewer_id, "author"),
            state__in=LISTED_STATES,
            author__state__in=SHOWN_STATES,
        )

    def visible_to(self, viewer: Viewer) -> Self:
        """What this viewer may see; the rule is that of `visible_to_id`."""
        return self.visible_to_id(viewer.id or NOBODY)

    def visible_to_id(self, viewer_id: int | Expression) -> Self:
        """The whole rule: the post is visible, the author is, and so is the root of a reply.

        The viewer is an id, NOBODY or a compiled query's slot.
        """
        return self.listed_for(viewer_id).filter(
            Q(root__isnull=True)
            | Q(root__state__in=LISTED_STATES, root__author__state__in=SHOWN_STATES),
            unblocked(viewer_id, "root__author"),
            post__in=Post.objects.visible_to_id(viewer_id),
        )


def unblocked(viewer_id: int | Expression, person: str) -> IsNull:
    """That there is no block either way between the viewer and the person in this column."""
    # A scalar sub-query, because a prepared EXISTS reads all blocks of the viewer.
    block = blocks_between(viewer_id, OuterRef(person)).values("pk")[:1]
    return IsNull(Subquery(block), rhs=True)


class Comment(models.Model):
    """A comment on a post, or a reply in the thread of the comment `root`, answering `parent`.

    The counters here and `Post.comments_count` count what is `visible`, for everybody alike: what
    one viewer does not see because of a block is not taken off the number for that viewer, who
    could tell from the difference who blocked them (docs/adr/0034).
    """

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    root = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="thread", db_index=False
    )
    parent = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="answers")
    body = models.CharField(max_length=BODY_MAX)
    state = models.CharField(max_length=8, choices=CommentState, default=CommentState.VISIBLE)
    pinned = models.BooleanField(default=False, db_default=False)
    likes_count = models.PositiveIntegerField(default=0)
    replies_count = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="comments_state_known", condition=Q(state__in=CommentState.values)
            ),
            models.CheckConstraint(name="comments_body_not_empty", condition=~Q(body="")),
            models.CheckConstraint(
                name="comments_parent_in_thread",
                condition=Q(root__isnull=False) | Q(parent__isnull=True),
            ),
            models.CheckConstraint(
                name="comments_root_not_self", condition=Q(root__isnull=True) | ~Q(root=F("id"))
            ),
            models.CheckConstraint(
                name="comments_pinned_is_root", condition=Q(pinned=False) | Q(root__isnull=True)
            ),
            models.CheckConstraint(
                name="comments_deleted_dated",
                condition=Q(state=CommentState.DELETED, deleted_at__isnull=False)
                | (~Q(state=CommentState.DELETED) & Q(deleted_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["post", "-pinned", "-id"],
                condition=Q(root__isnull=True, state__in=LISTED_STATES),
                name="comments_roots_by_time",
            ),
            models.Index(
                fields=["post", "-pinned", "-likes_count", "-id"],
                condition=Q(root__isnull=True, state__in=LISTED_STATES),
                name="comments_roots_by_likes",
            ),
            models.Index(
                fields=["root", "id"],
                condition=Q(root__isnull=False),
                name="comments_replies",
            ),
            # For the cascades from posts and people, and for what one person wrote.
            models.Index(fields=["post"], name="comments_of_post"),
            models.Index(fields=["author", "-id"], name="comments_of_author"),
            models.Index(
                fields=["deleted_at"],
                condition=Q(deleted_at__isnull=False),
                name="comments_deleted",
            ),
        ]

    def __str__(self) -> str:
        return f"comment {self.pk} on {self.post_id}"


class CommentLike(models.Model):
    """Somebody likes a comment."""

    comment = models.ForeignKey(
        Comment, on_delete=models.CASCADE, related_name="likes", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="comment_likes",
        db_index=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["comment", "user"], name="comments_like_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["comment", "-id"], name="comments_likes_of_comment"),
            models.Index(fields=["user", "-id"], name="comments_likes_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.comment_id}"
