"""Posts with their pictures; who may see a post is decided here, once."""

import secrets
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Expression, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import IsNull

from accounts.constants import RelationKind
from accounts.models import SHOWN_STATES, Follow, Relation, blocks_between
from core.viewer import Viewer
from posts.constants import (
    CAPTION_MAX,
    MEDIA_MAX,
    OWN_STATES,
    PINNED_MAX,
    SHORTCODE_LENGTH,
    TAG_MAX,
    Audience,
    CommentsPolicy,
    PostState,
)
from posts.models.places import Place

# No audience reaches somebody for whom this is the limit.
NOTHING = -1
# No person has this id: an anonymous viewer in a statement that asks for one.
NOBODY = 0


def new_shortcode() -> str:
    """64 random bits as URL-safe text: nobody finds a post by counting."""
    return secrets.token_urlsafe(8)


class PostQuerySet(models.QuerySet["Post"]):
    """Posts, narrowed to those a viewer may see."""

    def published(self) -> Self:
        """Posts that are out: no drafts, no archived and no deleted ones."""
        return self.filter(state=PostState.PUBLISHED)

    def visible_to(self, viewer: Viewer) -> Self:
        """What this viewer may see; the rule is that of `visible_to_id`."""
        return self.visible_to_id(viewer.id or NOBODY)

    def visible_to_id(self, viewer_id: int | Expression) -> Self:
        """The one rule of who sees what; the viewer is an id, NOBODY or a compiled query's slot.

        Visible is what is published, if its author is shown, there is no block in either direction,
        and the audience is within what the viewer is to the author.
        """
        return self.filter(_is_visible_to(viewer_id))

    def reachable_by_id(self, viewer_id: int | Expression) -> Self:
        """What this viewer may see, and their own that are not out: drafts, planned and archived."""
        own = Q(author=viewer_id, state__in=OWN_STATES)
        return self.filter(_is_visible_to(viewer_id) | own)

    def in_bin_of(self, author_id: int) -> Self:
        """What this person deleted and may still take back."""
        return self.filter(author=author_id, state=PostState.DELETED, deleted_from__isnull=False)


def _is_visible_to(viewer_id: int | Expression) -> Q:
    block = _first(blocks_between(viewer_id, OuterRef("author")))
    return Q(
        IsNull(block, rhs=True),
        state=PostState.PUBLISHED,
        author__state__in=SHOWN_STATES,
        audience__lte=_reach_of(viewer_id),
    )


def _reach_of(viewer_id: int | Expression) -> Case:
    """The narrowest audience of the row's author that this person belongs to, or NOTHING.

    Close friends are so only while they follow: removing a follower takes everything away. The
    sub-queries are scalar because a prepared EXISTS reads all that the viewer follows.
    """
    follow = Follow.objects.active().filter(follower=viewer_id, followee=OuterRef("author"))
    friend = Relation.objects.filter(
        owner=OuterRef("author"), target=viewer_id, kind=RelationKind.CLOSE_FRIEND
    )
    stranger = Case(
        When(author__is_private=True, then=Value(NOTHING)), default=Value(Audience.PUBLIC.value)
    )
    return Case(
        When(author=viewer_id, then=Value(Audience.ONLY_ME.value)),
        When(IsNull(_first(follow), rhs=True), then=stranger),
        When(IsNull(_first(friend), rhs=False), then=Value(Audience.CLOSE_FRIENDS.value)),
        default=Value(Audience.FOLLOWERS.value),
    )


def _first(rows: models.QuerySet[Any]) -> Subquery:
    return Subquery(rows.values("pk")[:1])


class Post(models.Model):
    """One to twenty pictures with a caption; the counters change with what they count.

    `media` holds the pictures' snapshots and `hashtags` the names of the tags, so that a list needs
    no further query; the rows of PostMedia, Media and the caption are the truth.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="posts"
    )
    shortcode = models.CharField(max_length=SHORTCODE_LENGTH, default=new_shortcode)
    caption = models.CharField(max_length=CAPTION_MAX, blank=True)
    audience = models.PositiveSmallIntegerField(choices=Audience, default=Audience.PUBLIC)
    state = models.CharField(max_length=10, choices=PostState, default=PostState.DRAFT)
    media: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        default=list
    )
    hashtags = ArrayField(models.CharField(max_length=TAG_MAX), default=list, db_default=[])
    #: Whether anybody is mentioned or tagged: others need not be looked up.
    has_people = models.BooleanField(default=False, db_default=False)
    place = models.ForeignKey(
        Place,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="posts",
        db_index=False,
    )
    sensitive = models.BooleanField(default=False)
    comments_policy = models.CharField(
        max_length=10, choices=CommentsPolicy, default=CommentsPolicy.EVERYONE
    )
    hide_like_count = models.BooleanField(default=False)
    pinned_pos = models.PositiveSmallIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    #: The state to go back to from the bin; none in it: gone for good.
    deleted_from = models.CharField(max_length=10, choices=PostState, null=True, blank=True)  # noqa: DJ001
    likes_count = models.PositiveIntegerField(default=0)
    comments_count = models.PositiveIntegerField(default=0)
    saves_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shortcode"], name="posts_shortcode_once"),
            models.CheckConstraint(
                name="posts_audience_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(
                name="posts_state_known", condition=Q(state__in=PostState.values)
            ),
            models.CheckConstraint(
                name="posts_comments_policy_known",
                condition=Q(comments_policy__in=CommentsPolicy.values),
            ),
            models.CheckConstraint(
                name="posts_published_dated",
                condition=~Q(state=PostState.PUBLISHED) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="posts_scheduled_dated",
                condition=~Q(state=PostState.SCHEDULED) | Q(publish_at__isnull=False),
            ),
            models.CheckConstraint(
                name="posts_deleted_dated",
                condition=Q(state=PostState.DELETED, deleted_at__isnull=False)
                | (~Q(state=PostState.DELETED) & Q(deleted_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="posts_in_bin_is_deleted",
                condition=Q(deleted_from__isnull=True) | Q(state=PostState.DELETED),
            ),
            models.CheckConstraint(
                name="posts_pinned_in_range",
                condition=Q(pinned_pos__isnull=True) | Q(pinned_pos__range=(1, PINNED_MAX)),
            ),
            models.UniqueConstraint(
                fields=["author", "pinned_pos"],
                name="posts_pinned_once",
                condition=Q(pinned_pos__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            # What the home feed probes, once for each person followed.
            models.Index(
                fields=["author", "-published_at", "-id"],
                include=["audience"],
                condition=Q(state=PostState.PUBLISHED),
                name="posts_of_author",
            ),
            # What it reads from the top for those who follow very many.
            models.Index(
                fields=["-published_at", "-id"],
                include=["author", "audience"],
                condition=Q(state=PostState.PUBLISHED),
                name="posts_newest",
            ),
            # What an author keeps apart from what is out.
            models.Index(
                fields=["author", "state", "-id"],
                condition=~Q(state=PostState.PUBLISHED),
                name="posts_kept",
            ),
            models.Index(
                fields=["place", "-published_at", "-id"],
                condition=Q(state=PostState.PUBLISHED, place__isnull=False),
                name="posts_of_place",
            ),
            models.Index(
                fields=["publish_at"], condition=Q(state=PostState.SCHEDULED), name="posts_due"
            ),
            models.Index(
                fields=["deleted_at"], condition=Q(state=PostState.DELETED), name="posts_binned"
            ),
        ]

    def __str__(self) -> str:
        return self.shortcode


class PostMedia(models.Model):
    """One picture at its place in a post; a picture belongs to one post only."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="post_media", db_index=False
    )
    media = models.OneToOneField(
        "media_storage.Media", on_delete=models.RESTRICT, related_name="post_media"
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["post", "position"],
                name="posts_media_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="posts_media_place_in_range", condition=Q(position__lt=MEDIA_MAX)
            ),
        ]
        verbose_name_plural = "post media"

    def __str__(self) -> str:
        return f"{self.media_id} at {self.position} of {self.post_id}"
