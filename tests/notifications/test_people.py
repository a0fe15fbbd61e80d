"""Who is named or tagged in a post is told once, if they may see it and wish to."""

import io

import pytest

from accounts.constants import RelationKind
from accounts.models import Relation
from accounts.services import block_create
from media_storage.services import media_create
from notifications import handlers
from posts.constants import Audience, PostState
from posts.events import PostPublished
from posts.services import (
    PersonAt,
    people_tags_remove,
    post_create,
    post_delete,
    post_edit,
    post_publish,
)
from tests.media_storage import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(user, settings, tmp_path):
    """`write(caption, *tagged)`: a post of `user`."""
    settings.MEDIA_BACKEND_URL = f"file://{tmp_path / 'media'}"

    def make(caption="", *tagged, **options):
        media = media_create(owner_id=user.pk, file=io.BytesIO(pictures.jpeg()))
        return post_create(
            author_id=user.pk, media_ids=[media.pk], caption=caption,
            people_tags=[PersonAt(media.pk, person.pk, 0.5, 0.5) for person in tagged], **options,
        )  # fmt: skip

    return make


def test_who_is_named_or_shown_is_told_once(user, other_user, write, told):
    post = write(f"@{other_user.username} and @{user.username}", other_user)
    for _ in range(2):
        handlers.on_post_published(PostPublished(post_id=post.pk, author_id=user.pk))
    rows = told(other_user)
    assert sorted((row["type"], row["text"]) for row in rows) == [
        ("mention", f"{user.username} mentioned you in a post."),
        ("people_tag", f"{user.username} tagged you in a post."),
    ]
    assert {row["target"]["shortcode"] for row in rows} == {post.shortcode}
    assert told(user) == []


def test_an_edit_tells_those_who_are_new_and_takes_back_from_the_others(
    user, other_user, make_user, write, told
):
    third = make_user()
    post = write(f"@{other_user.username}")
    assert len(told(other_user)) == 1
    post_edit(actor_id=user.pk, post=post, caption=f"@{third.username}")
    assert [row["type"] for row in told(third)] == ["mention"]
    assert told(other_user) == []


def test_who_leaves_a_picture_hears_no_more_of_it(other_user, write, told):
    post = write("", other_user)
    assert [row["type"] for row in told(other_user)] == ["people_tag"]
    people_tags_remove(user_id=other_user.pk, post=post)
    assert told(other_user) == []


def test_a_draft_tells_nobody_until_it_is_out(user, other_user, write, told):
    post = write(f"@{other_user.username}", state=PostState.DRAFT)
    assert told(other_user) == []
    post_publish(actor_id=user.pk, post=post)
    assert len(told(other_user)) == 1
    post_delete(actor_id=user.pk, post=post)
    assert told(other_user) == []


@pytest.mark.parametrize("why", ["audience", "mute", "block"])
def test_what_they_may_not_or_do_not_wish_to_see_is_not_told(why, user, other_user, write, told):
    if why == "mute":
        Relation.objects.create(
            owner=other_user, target=user, kind=RelationKind.MUTE, scopes=["posts"]
        )
    audience = Audience.FOLLOWERS if why == "audience" else Audience.PUBLIC
    write(f"@{other_user.username}", other_user, audience=audience)
    if why == "block":
        block_create(owner_id=other_user.pk, target=user)
    assert told(other_user) == []
