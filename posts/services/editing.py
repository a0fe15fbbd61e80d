"""Editing a post: everything may change; of what others saw, the former version is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from core.errors import ConflictError
from core.events import publish
from posts.constants import Audience, CommentsPolicy, PostState
from posts.events import PostEdited
from posts.models import Post, PostRevision
from posts.services.captions import hashtags_in
from posts.services.people import PersonAt, mentions_sync, people_tags_sync
from posts.services.pictures import (
    describe,
    exposure_renew,
    media_ids_of,
    pictures_set,
)
from posts.services.rules import check_picture_count, check_room, clean_caption, own_post_locked
from posts.services.writing import place_named, planned_time

_PLAIN = ("audience", "comments_policy", "hide_like_count", "sensitive")
_WRITTEN = (*_PLAIN, "caption", "hashtags", "place", "state", "publish_at", "edited_at")


class PostChanges(TypedDict, total=False):
    """What an edit may change; what is left out stays."""

    caption: str
    audience: Audience
    comments_policy: CommentsPolicy
    hide_like_count: bool
    sensitive: bool
    #: None takes the place away.
    place_id: int | None
    #: All pictures in their new order; what is left out is removed for good.
    media_ids: Sequence[int]
    #: (media id, text)
    alt_texts: Sequence[tuple[int, str]]
    people_tags: Sequence[PersonAt]
    #: Draft or planned, for what is not out yet.
    state: PostState
    publish_at: datetime | None


@transaction.atomic
def post_edit(*, actor_id: int, post: Post, **changes: Unpack[PostChanges]) -> None:
    """Change what is given; the same again changes nothing.

    Raises ForbiddenError `not_author`, NotFoundError if it is gone by now, ConflictError
    `already_published` for a time or state of what was out before, and what `post_create` raises.
    """
    current = own_post_locked(actor_id, post)
    before, seen, audience = _version(current), _settings(current), current.audience
    is_retagged = _write(current, changes)
    _plan(current, changes)
    is_rewritten = _version(current) != before
    if not (is_rewritten or is_retagged) and _settings(current) == seen:
        return
    # Who is tagged is no part of a version: it is not an edit to those who read.
    if is_rewritten and _was_out(current):
        _keep(current, before, audience)
    current.save(update_fields=_WRITTEN)
    if current.state == PostState.PUBLISHED:
        exposure_renew(current)
        if is_rewritten or is_retagged:
            publish(PostEdited(post_id=current.pk, author_id=actor_id))


def _write(post: Post, changes: PostChanges) -> bool:
    """Put the changes into the held row and what hangs on it; whether tags of people changed."""
    for name in _PLAIN:
        if name in changes:
            setattr(post, name, changes[name])  # type: ignore[literal-required]
    if "place_id" in changes:
        post.place = place_named(post.author_id, changes["place_id"])
    if "media_ids" in changes:
        check_picture_count(len(changes["media_ids"]), PostState(post.state))
        pictures_set(post, changes["media_ids"])
    if changes.get("alt_texts"):
        describe(post, changes["alt_texts"])
    if "caption" in changes:
        post.caption = clean_caption(changes["caption"])
        post.hashtags = hashtags_in(post.caption)
        mentions_sync(post)
    return "people_tags" in changes and people_tags_sync(post, changes["people_tags"])


def _plan(post: Post, changes: PostChanges) -> None:
    """Put off, plan, or take back to the drafts."""
    if not {"state", "publish_at"} & changes.keys():
        return
    if _was_out(post):
        raise ConflictError("This post was published before.", code="already_published")
    planned = PostState.SCHEDULED if changes.get("publish_at") else PostState.DRAFT
    state = changes.get("state", planned)
    kept = post.publish_at if state == PostState.SCHEDULED else None
    at = changes.get("publish_at", kept)
    time = planned_time(state, at)
    if state != post.state:
        check_room(post.author_id, state)
    check_picture_count(len(media_ids_of(post)), state)
    post.state, post.publish_at = state, time


def _was_out(post: Post) -> bool:
    return post.published_at is not None


def _version(post: Post) -> dict[str, Any]:
    """What others see of it, as a revision keeps it."""
    return {
        "caption": post.caption,
        "place_name": post.place.name if post.place else "",
        "sensitive": post.sensitive,
        "media": [{"id": item["id"], "alt_text": item["alt_text"]} for item in post.media],
    }


def _settings(post: Post) -> tuple[Any, ...]:
    """What changes without being an edit to those who read."""
    return (
        post.audience,
        post.comments_policy,
        post.hide_like_count,
        post.place_id,
        post.state,
        post.publish_at,
    )


def _keep(post: Post, before: dict[str, Any], audience: int) -> None:
    """Note the former version of a post that is or was out."""
    now = timezone.now()
    since = post.edited_at or post.published_at or now
    PostRevision.objects.create(
        post=post, audience=audience, since=since, replaced_at=now, **before
    )
    post.edited_at = now
