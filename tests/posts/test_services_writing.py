"""Publishing, editing and deleting posts: what changes, for whom, and what never does."""

import threading

import pytest
from django.db import connection

from accounts.models import User
from core.errors import ApplicationError
from media_storage.models import Media
from posts.constants import Audience, CommentsPolicy, PostState
from posts.models import Post, PostMedia
from posts.services import post_create, post_delete, post_edit

pytestmark = pytest.mark.django_db


def refusal(act, **arguments):
    with pytest.raises(ApplicationError) as caught:
        act(**arguments)
    return (caught.value.status, caught.value.code, [e.field for e in caught.value.errors])


def test_a_post_keeps_its_pictures_in_the_order_asked_for(user, make_media):
    first, second, third = (make_media(user) for _ in range(3))
    ids = [third.pk, first.pk, second.pk]
    post = post_create(author_id=user.pk, media_ids=ids, caption="Harbour")
    places = PostMedia.objects.filter(post=post).order_by("position")
    assert list(places.values_list("media_id", "position")) == list(zip(ids, range(3), strict=True))
    post.refresh_from_db()
    assert [item["id"] for item in post.media] == ids
    assert (post.state, post.caption) == (PostState.PUBLISHED, "Harbour")
    assert (post.audience, post.comments_policy) == (Audience.PUBLIC, CommentsPolicy.EVERYONE)
    assert post.published_at is not None
    assert len(post.shortcode) == 11
    assert User.objects.get(pk=user.pk).posts_count == 1


def test_twenty_pictures_are_a_post_and_neither_none_nor_twenty_one(user, make_media):
    ids = [make_media(user).pk for _ in range(21)]
    for wrong in ([], ids):
        assert refusal(post_create, author_id=user.pk, media_ids=wrong) == (
            400,
            "invalid",
            ["media_ids"],
        )
    assert not Post.objects.exists()
    post_create(author_id=user.pk, media_ids=ids[:20])
    assert PostMedia.objects.count() == 20


def test_a_caption_may_have_2200_characters_in_normal_form(user, make_media):
    media_ids = [make_media(user).pk]
    too_long = "é" * 2201
    assert refusal(post_create, author_id=user.pk, media_ids=media_ids, caption=too_long) == (
        400,
        "invalid",
        ["caption"],
    )
    post = post_create(author_id=user.pk, media_ids=media_ids, caption="e\u0301" * 2200)
    assert post.caption == "é" * 2200


def test_text_that_cannot_be_stored_is_refused(user, make_media):
    arguments = {"author_id": user.pk, "media_ids": [make_media(user).pk]}
    for bad in ("a\x00b", "a\ud800b"):
        assert refusal(post_create, **arguments, caption=bad) == (400, "bad_text", ["caption"])


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"state": Media.State.PROCESSING, "width": None, "height": None}, "media_not_ready"),
        ({"state": Media.State.FAILED, "error_code": "unreadable_picture"}, "media_not_ready"),
    ],
)
def test_a_picture_that_is_not_ready_makes_no_post(user, make_media, columns, code):
    ids = [make_media(user).pk, make_media(user, **columns).pk]
    assert refusal(post_create, author_id=user.pk, media_ids=ids) == (422, code, ["media_ids.1"])
    assert not Post.objects.exists()
    assert User.objects.get(pk=user.pk).posts_count == 0


def test_somebody_elses_picture_is_unknown(user, other_user, make_media):
    ids = [make_media(other_user).pk]
    assert refusal(post_create, author_id=user.pk, media_ids=ids)[:2] == (422, "media_unknown")


def test_a_picture_belongs_to_one_post_only(user, make_media):
    media = make_media(user)
    post_create(author_id=user.pk, media_ids=[media.pk])
    for ids in ([media.pk], [make_media(user).pk] * 2):
        code = refusal(post_create, author_id=user.pk, media_ids=ids)[1]
        assert code == "media_already_used"
    assert Post.objects.count() == 1
    assert User.objects.get(pk=user.pk).posts_count == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_posts_at_once_with_one_picture_one_is_made(user, make_media):
    media, results = make_media(user), []

    def create():
        try:
            results.append(post_create(author_id=user.pk, media_ids=[media.pk]))
        except ApplicationError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=create) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("media_already_used") == 4
    assert Post.objects.count() == 1
    assert User.objects.get(pk=user.pk).posts_count == 1


def test_an_edit_changes_caption_and_alternative_texts(user, make_media):
    media = [make_media(user), make_media(user)]
    post = post_create(author_id=user.pk, media_ids=[m.pk for m in media], caption="Old")
    post_edit(actor_id=user.pk, post=post, caption="New", alt_texts=[(media[1].pk, "A boat")])
    post.refresh_from_db()
    assert post.caption == "New"
    assert [item["alt_text"] for item in post.media] == ["", "A boat"]
    assert Media.objects.get(pk=media[1].pk).alt_text == "A boat"
    assert post.edited_at is not None


def test_the_same_edit_again_changes_nothing(user, make_post):
    post = make_post(user, caption="Same")
    post_edit(actor_id=user.pk, post=post, caption="Same")
    post.refresh_from_db()
    assert post.edited_at is None


def test_only_the_author_edits_and_deletes(user, other_user, make_post):
    post = make_post(user, caption="Mine")
    changes = {"actor_id": other_user.pk, "post": post}
    assert refusal(post_edit, **changes, caption="Yours")[:2] == (403, "not_author")
    assert refusal(post_delete, **changes)[:2] == (403, "not_author")
    post.refresh_from_db()
    assert (post.caption, post.state) == ("Mine", PostState.PUBLISHED)


def test_a_picture_of_another_post_is_not_described(user, make_post):
    post, other = make_post(user), make_post(user)
    media_id = PostMedia.objects.get(post=other).media_id
    assert refusal(post_edit, actor_id=user.pk, post=post, alt_texts=[(media_id, "x")]) == (
        422,
        "media_unknown",
        ["media.0.id"],
    )
    assert Media.objects.get(pk=media_id).alt_text == ""


def test_a_deleted_post_is_gone_and_a_second_time_not_found(user, make_post):
    post = make_post(user)
    post_delete(actor_id=user.pk, post=post)
    post.refresh_from_db()
    assert post.state == PostState.DELETED
    assert post.deleted_at is not None
    assert User.objects.get(pk=user.pk).posts_count == 0
    for act in (post_delete, post_edit):
        assert refusal(act, actor_id=user.pk, post=post)[:2] == (404, "not_found")
    assert User.objects.get(pk=user.pk).posts_count == 0


@pytest.mark.django_db(transaction=True)
def test_twenty_deletes_at_once_count_one(user, make_post):
    make_post(user)
    post, codes = make_post(user), []

    def delete():
        try:
            post_delete(actor_id=user.pk, post=post)
            codes.append("deleted")
        except ApplicationError as error:
            codes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=delete) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == ["deleted"] + ["not_found"] * 19
    assert User.objects.get(pk=user.pk).posts_count == 1


def test_each_act_is_told_once(user, make_post, published):
    post = make_post(user, caption="One")
    for _ in range(2):
        post_edit(actor_id=user.pk, post=post, caption="Two")
    post_delete(actor_id=user.pk, post=post)
    ids = {"post_id": post.pk, "author_id": user.pk}
    assert published() == [("PostPublished", ids), ("PostEdited", ids), ("PostDeleted", ids)]


def test_what_is_refused_is_not_told(user, other_user, make_post, make_media, published):
    post = make_post(user)
    before = published()
    refusal(post_delete, actor_id=other_user.pk, post=post)
    refusal(post_create, author_id=user.pk, media_ids=[make_media(other_user).pk])
    assert published() == before
