"""Everything of a post may change; what others saw before stays to be read."""

import pytest

from accounts.constants import RelationKind
from core.viewer import Viewer, anonymous
from media_storage.models import Media
from posts.constants import Audience, CommentsPolicy
from posts.models import Hashtag, Post, PostMedia
from posts.selectors import post_history
from posts.services import place_create, post_create, post_edit, post_unlike
from tests.posts.test_services_writing import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def trio(user, make_media):
    """A post of three pictures."""
    ids = [make_media(user).pk for _ in range(3)]
    return post_create(author_id=user.pk, media_ids=ids, caption="Before #sea")


def ids_of(post):
    post.refresh_from_db()
    return [item["id"] for item in post.media]


def versions(viewer, post):
    post.refresh_from_db()
    return [row.caption for row in post_history(viewer=viewer, post=post).order_by("pk")]


def test_pictures_are_put_in_another_order(user, trio):
    first, second, third = ids_of(trio)
    post_edit(actor_id=user.pk, post=trio, media_ids=[third, first, second])
    assert ids_of(trio) == [third, first, second]
    rows = PostMedia.objects.filter(post=trio).order_by("position")
    assert list(rows.values_list("media_id", flat=True)) == [third, first, second]
    assert trio.edited_at is not None


def test_a_picture_left_out_is_removed_and_a_new_one_joins(user, trio, make_media):
    first, _, third = ids_of(trio)
    new = make_media(user).pk
    post_edit(actor_id=user.pk, post=trio, media_ids=[new, third, first])
    assert ids_of(trio) == [new, third, first]
    assert set(Media.objects.values_list("pk", flat=True)) == {new, third, first}
    # Seen by everybody, as the others are.
    assert Media.objects.get(pk=new).is_public is True


def test_pictures_that_do_not_fit_change_nothing(user, other_user, trio, make_media):
    before = ids_of(trio)
    strange = make_media(other_user).pk
    edit = {"actor_id": user.pk, "post": trio}
    assert refusal(post_edit, **edit, media_ids=[]) == (400, "invalid", ["media_ids"])
    assert refusal(post_edit, **edit, media_ids=[*before, strange]) == (
        422, "media_unknown", ["media_ids.3"],
    )  # fmt: skip
    assert refusal(post_edit, **edit, media_ids=[before[0], before[0]]) == (
        422, "media_already_used", ["media_ids.1"],
    )  # fmt: skip
    assert ids_of(trio) == before


def test_a_narrower_audience_closes_the_files_and_a_wider_one_opens_them(user, trio):
    for audience, is_public in (
        (Audience.FOLLOWERS, False), (Audience.CLOSE_FRIENDS, False), (Audience.PUBLIC, True),
    ):  # fmt: skip
        post_edit(actor_id=user.pk, post=trio, audience=audience)
        assert set(Media.objects.values_list("is_public", flat=True)) == {is_public}
        assert Hashtag.objects.get().posts_count == int(is_public)
    trio.refresh_from_db()
    # Whom a post is for is no edit to those who read it.
    assert (trio.audience, trio.edited_at, versions(anonymous(), trio)) == (
        Audience.PUBLIC,
        None,
        [],
    )


def test_settings_change_without_a_word_to_anybody(user, trio, published):
    before = published()
    post_edit(actor_id=user.pk, post=trio, comments_policy=CommentsPolicy.NOBODY,
              hide_like_count=True)  # fmt: skip
    trio.refresh_from_db()
    assert (trio.comments_policy, trio.hide_like_count, trio.edited_at) == ("nobody", True, None)
    assert published() == before


def test_every_former_version_is_kept_and_the_same_again_is_none(user, trio, published):
    place = place_create(actor_id=user.pk, name="Harbour")
    media_id = ids_of(trio)[0]
    for _ in range(2):
        post_edit(actor_id=user.pk, post=trio, caption="After #sky", place_id=place.pk)
    post_edit(actor_id=user.pk, post=trio, sensitive=True, alt_texts=[(media_id, "A boat")])
    one, two = post_history(viewer=anonymous(), post=trio).order_by("pk")
    assert (one.caption, one.place_name, one.sensitive) == ("Before #sea", "", False)
    assert (two.caption, two.place_name, two.sensitive) == ("After #sky", "Harbour", False)
    assert one.since == trio.published_at
    assert two.since == one.replaced_at
    assert [item["alt_text"] for item in two.media] == ["", "", ""]
    assert [name for name, _ in published()].count("PostEdited") == 2
    trio.refresh_from_db()
    assert (trio.hashtags, trio.edited_at) == (["sky"], two.replaced_at)


def test_what_was_for_fewer_does_not_come_out_with_the_post(
    user, other_user, make_post, follow, relate
):
    follow(other_user, user)
    relate(user, RelationKind.CLOSE_FRIEND, other_user)
    post = make_post(user, caption="For friends", audience=Audience.CLOSE_FRIENDS)
    friend, owner = Viewer(id=other_user.pk), Viewer(id=user.pk)
    post_edit(actor_id=user.pk, post=post, caption="For friends, again")
    assert versions(friend, post) == ["For friends"]
    post_edit(actor_id=user.pk, post=post, caption="For all", audience=Audience.PUBLIC)
    for viewer in (friend, anonymous()):
        assert versions(viewer, post) == []
    assert versions(owner, post) == ["For friends", "For friends, again"]
    post_edit(actor_id=user.pk, post=post, caption="For all, again")
    assert versions(anonymous(), post) == ["For all"]


def test_an_edit_loses_no_count(user, other_user, trio):
    Post.objects.filter(pk=trio.pk).update(likes_count=7, comments_count=3)
    post_edit(actor_id=user.pk, post=trio, caption="Counted")
    post_unlike(actor_id=other_user.pk, post=trio)
    assert Post.objects.values_list("likes_count", "comments_count").get(pk=trio.pk) == (7, 3)


@pytest.mark.parametrize(
    ("caption", "code"),
    [
        (" ".join(f"#t{n}" for n in range(31)), "too_many_hashtags"),
        (" ".join(f"@person{n}" for n in range(21)), "too_many_mentions"),
    ],
)
def test_a_caption_has_so_many_tags_and_mentions(user, trio, caption, code):
    edit = {"actor_id": user.pk, "post": trio, "caption": caption}
    assert refusal(post_edit, **edit) == (400, "invalid", ["caption"])
    post_edit(actor_id=user.pk, post=trio, caption=caption.rpartition(" ")[0])
    trio.refresh_from_db()
    assert len(trio.hashtags) in (0, 30)
    assert code
