"""People in posts: who the caption names, and who is tagged in a picture."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User, UserQuerySet
from core.errors import NotFoundError, RuleError
from core.events import publish
from core.viewer import Viewer
from posts.constants import PEOPLE_TAGS_MAX, PeopleTagState
from posts.events import PostUntagged
from posts.models import Mention, PeopleTag, Post
from posts.services.captions import mentions_in
from posts.services.rules import bad_field


@dataclass(frozen=True, slots=True)
class PersonAt:
    """Somebody at (x, y) of a picture, each from 0 to 1 from its left upper corner."""

    media_id: int
    user_id: int
    x: float
    y: float


def mentions_sync(post: Post) -> None:
    """Let the mentions of a post, whose row the caller holds, be the people its caption names now.

    Named are people whom the author may see.
    """
    runs = mentions_in(post.caption)
    people = _people(post.author_id).filter(username__in={name for run in runs for name in run})
    ids = dict(people.values_list("username", "pk"))
    named = {next((ids[name] for name in run if name in ids), None) for run in runs} - {None}
    Mention.objects.filter(post=post).exclude(user__in=named).delete()
    Mention.objects.bulk_create(
        (Mention(post=post, user_id=pk) for pk in sorted(filter(None, named))),
        ignore_conflicts=True,
    )
    flag_sync(post)


def people_tags_sync(post: Post, tags: Sequence[PersonAt]) -> bool:
    """Let the tags of a held post be these; whether anything changed.

    Who asked to be asked is shown when they agree. Raises BadInputError `bad_count` or
    `bad_place`, RuleError `media_unknown`, `person_unknown`, `person_twice` or `person_untagged`,
    which name the tag as `people_tags.<index>`.
    """
    _check_form(post, tags)
    people = _people(post.author_id).in_bulk({tag.user_id for tag in tags})
    standing = PeopleTag.objects.filter(post=post)
    left = set(standing.filter(state=PeopleTagState.REMOVED).values_list("user_id", flat=True))
    for index, tag in enumerate(tags):
        if tag.user_id not in people:
            raise _broken(index, "user_id", "person_unknown", "There is no such person.")
        if tag.user_id in left:
            message = "This person has taken a tag of this post away."
            raise _broken(index, "user_id", "person_untagged", message)
    current = {(t.media_id, t.user_id): t for t in standing.exclude(user__in=left)}
    changed = [_put(post, tag, current.pop((tag.media_id, tag.user_id), None), people[tag.user_id])
               for tag in tags]  # fmt: skip
    PeopleTag.objects.filter(pk__in=[tag.pk for tag in current.values()]).delete()
    flag_sync(post)
    return bool(current) or any(changed)


def people_tags_drop(post: Post, media_ids: Iterable[int]) -> None:
    """Pictures leave the post, and the people in them with them."""
    PeopleTag.objects.filter(post=post, media__in=list(media_ids)).delete()
    flag_sync(post)


@transaction.atomic
def people_tag_approve(*, user_id: int, tag_id: int) -> int:
    """Agree to be shown in a picture; the post's id. The second call changes nothing.

    Raises NotFoundError for a tag that is not of this person, or that they removed.
    """
    tags = PeopleTag.objects.select_for_update(no_key=True).filter(pk=tag_id, user=user_id)
    tag = tags.exclude(state=PeopleTagState.REMOVED).first()
    if tag is None:
        raise NotFoundError
    if tag.state == PeopleTagState.PENDING:
        tag.state = PeopleTagState.SHOWN
        tag.save(update_fields=["state"])
    return tag.post_id


@transaction.atomic
def people_tags_remove(*, user_id: int, post: Post) -> None:
    """Take oneself out of a post, for good; the second call changes nothing."""
    own = PeopleTag.objects.filter(post=post, user=user_id).exclude(state=PeopleTagState.REMOVED)
    if own.update(state=PeopleTagState.REMOVED):
        publish(PostUntagged(post_id=post.pk, author_id=post.author_id, user_id=user_id))


def flag_sync(post: Post) -> None:
    """Whether anybody has to be looked up for this post."""
    has_people = (
        Mention.objects.filter(post=post).exists() or PeopleTag.objects.filter(post=post).exists()
    )
    if post.has_people != has_people:
        post.has_people = has_people
        post.save(update_fields=["has_people"])


def _put(post: Post, tag: PersonAt, row: PeopleTag | None, person: User) -> bool:
    """Place one tag; whether it is new or stands elsewhere now."""
    if row is None:
        is_asked = person.settings.get("approve_tags") is True and person.pk != post.author_id
        state = PeopleTagState.PENDING if is_asked else PeopleTagState.SHOWN
        PeopleTag.objects.create(
            post=post, media_id=tag.media_id, user=person, x=tag.x, y=tag.y, state=state
        )
        return True
    if (row.x, row.y) == (tag.x, tag.y):
        return False
    row.x, row.y = tag.x, tag.y
    row.save(update_fields=["x", "y"])
    return True


def _check_form(post: Post, tags: Sequence[PersonAt]) -> None:
    if len(tags) > PEOPLE_TAGS_MAX:
        message = f"A post has at most {PEOPLE_TAGS_MAX} tags of people."
        raise bad_field("people_tags", "bad_count", message)
    own = {item["id"] for item in post.media}
    seen: set[tuple[int, int]] = set()
    for index, tag in enumerate(tags):
        if not (0 <= tag.x <= 1 and 0 <= tag.y <= 1):
            message = "A place in a picture is from 0 to 1."
            raise bad_field(f"people_tags.{index}.x", "bad_place", message)
        if tag.media_id not in own:
            raise _broken(index, "media_id", "media_unknown", "This post has no such picture.")
        if (tag.media_id, tag.user_id) in seen:
            message = "A person is tagged once in a picture."
            raise _broken(index, "user_id", "person_twice", message)
        seen.add((tag.media_id, tag.user_id))


def _people(author_id: int) -> UserQuerySet:
    return User.objects.visible_to(Viewer(id=author_id))


def _broken(index: int, field: str, code: str, message: str) -> Exception:
    return RuleError.of_field(f"people_tags.{index}.{field}", code, message)
