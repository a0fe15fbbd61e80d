"""Writing a post: as a draft, to be published at a time, or at once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.errors import RuleError
from core.viewer import Viewer
from posts.constants import Audience, CommentsPolicy, PostState
from posts.models import Place, Post
from posts.selectors.places import findable_places
from posts.services.captions import hashtags_in
from posts.services.people import PersonAt, mentions_sync, people_tags_sync
from posts.services.pictures import pictures_set
from posts.services.rules import (
    author_locked,
    bad_field,
    check_picture_count,
    check_room,
    checked_time,
    clean_caption,
)
from posts.services.states import go_out


@transaction.atomic
def post_create(
    *,
    author_id: int,
    media_ids: Sequence[int],
    caption: str = "",
    audience: Audience = Audience.PUBLIC,
    comments_policy: CommentsPolicy = CommentsPolicy.EVERYONE,
    hide_like_count: bool = False,
    sensitive: bool = False,
    place_id: int | None = None,
    people_tags: Sequence[PersonAt] = (),
    state: PostState = PostState.PUBLISHED,
    publish_at: datetime | None = None,
) -> Post:
    """Make a post of own, ready and unused pictures, in this order; a draft may have none yet.

    Raises BadInputError for a wrong number of pictures, too long a caption, too many tags or
    mentions in it, and `publish_at_required` or `publish_at_unused`; RuleError `media_unknown`,
    `media_not_ready`, `media_already_used`, `place_unknown`, `publish_at_past`,
    `publish_at_too_far`, `too_many_drafts`, `too_many_scheduled`, and as `people_tags_sync`.
    """
    check_picture_count(len(media_ids), state)
    text = clean_caption(caption)
    time = planned_time(state, publish_at)
    # Held: an account that becomes private meanwhile waits, or is read so.
    author = author_locked(author_id)
    check_room(author_id, state)
    post = Post.objects.create(
        author=author,
        caption=text,
        hashtags=hashtags_in(text),
        audience=audience,
        comments_policy=comments_policy,
        hide_like_count=hide_like_count,
        sensitive=sensitive,
        place=place_named(author_id, place_id),
        state=PostState.DRAFT if state == PostState.PUBLISHED else state,
        publish_at=time,
    )
    pictures_set(post, media_ids)
    people_tags_sync(post, people_tags)
    if state == PostState.PUBLISHED:
        go_out(post)
    else:
        mentions_sync(post)
    return post


def planned_time(state: PostState, publish_at: datetime | None) -> datetime | None:
    """When a post of this state goes out, if that is planned.

    Raises BadInputError `publish_at_required` or `publish_at_unused`, and as `checked_time`.
    """
    if state == PostState.SCHEDULED:
        if publish_at is None:
            raise bad_field("publish_at", "publish_at_required", "Say when to publish it.")
        return checked_time(publish_at)
    if publish_at is not None:
        message = "Only a planned post has a time to publish it at."
        raise bad_field("publish_at", "publish_at_unused", message)
    return None


def place_named(author_id: int, place_id: int | None) -> Place | None:
    """A place that its author can find. Raises RuleError `place_unknown`."""
    if place_id is None:
        return None
    place = findable_places(viewer=Viewer(id=author_id)).filter(pk=place_id).first()
    if place is None:
        raise RuleError.of_field("place", "place_unknown", "There is no such place.")
    return place
