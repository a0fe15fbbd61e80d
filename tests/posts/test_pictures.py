"""Pictures of posts with real files: who may fetch them, what the posts keep, and their end."""

import pytest

from accounts.events import PrivacyChanged
from accounts.services import profile_update
from core.registry import media_uses
from media_storage.events import MediaMoved
from media_storage.models import Media
from posts import handlers
from posts.constants import Audience
from posts.events import PostDeleted
from posts.models import Post, PostMedia
from posts.selectors import own_post_shapes, post_shape_for
from posts.services import post_create, post_delete, post_edit, post_remove

pytestmark = pytest.mark.django_db


def urls(viewer, post):
    (media,) = post_shape_for(viewer=viewer, post_id=post.pk)["media"]
    return [variant["url"] for variant in media["variants"]]


def answers(client, addresses):
    codes = set()
    for url in addresses:
        answer = client.get(url)
        answer.getvalue()
        codes.add(answer.status_code)
    return codes


@pytest.fixture
def publish(user, upload, run_jobs):
    """`publish(audience)`: a post by `user` of one real picture, everything about it done."""

    def make(audience=Audience.PUBLIC):
        post = post_create(author_id=user.pk, media_ids=[upload(user).pk], audience=audience)
        run_jobs()
        return Post.objects.get(pk=post.pk)

    return make


def test_a_public_post_of_a_public_account_has_permanent_addresses(
    user, publish, viewer_of, client
):
    post = publish()
    addresses = urls(viewer_of(user), post)
    assert addresses
    assert all(url.startswith("/media/p") and "?" not in url for url in addresses)
    assert answers(client, addresses) == {200}


@pytest.mark.parametrize("audience", sorted(set(Audience) - {Audience.PUBLIC}))
def test_a_narrower_post_has_signed_addresses(user, publish, viewer_of, client, audience):
    addresses = urls(viewer_of(user), publish(audience))
    assert addresses
    assert all(url.startswith("/media/s") and "&s=" in url for url in addresses)
    assert answers(client, addresses) == {200}
    assert 200 not in answers(client, [url.partition("?")[0] for url in addresses])


def test_posts_of_a_private_account_are_signed(user, publish, viewer_of):
    profile_update(user_id=user.pk, is_private=True)
    assert all(url.startswith("/media/s") for url in urls(viewer_of(user), publish()))


def test_going_private_ends_the_open_addresses_and_coming_back_opens_new_ones(
    user, publish, viewer_of, client, run_jobs
):
    public, narrow = publish(), publish(Audience.FOLLOWERS)
    viewer = viewer_of(user)
    open_addresses, narrow_addresses = urls(viewer, public), urls(viewer, narrow)

    profile_update(user_id=user.pk, is_private=True)
    run_jobs(minutes=5)
    assert 200 not in answers(client, open_addresses)
    closed = urls(viewer, public)
    assert all(url.startswith("/media/s") for url in closed)
    assert answers(client, closed) == {200}

    profile_update(user_id=user.pk, is_private=False)
    run_jobs()
    assert all(url.startswith("/media/p") for url in urls(viewer, public))
    assert set(urls(viewer, public)).isdisjoint(open_addresses)
    assert [u.partition("?")[0] for u in urls(viewer, narrow)] == [
        u.partition("?")[0] for u in narrow_addresses
    ]


def test_the_further_variants_appear_in_the_post(user, upload, run_jobs, viewer_of):
    post = post_create(author_id=user.pk, media_ids=[upload(user).pk])
    before = urls(viewer_of(user), post)
    run_jobs()
    types = {v["type"] for v in Post.objects.get(pk=post.pk).media[0]["variants"]}
    assert types == {"image/webp", "image/avif"}
    assert len(urls(viewer_of(user), post)) > len(before)


def test_a_snapshot_is_the_present_state_whatever_comes_twice_or_late(user, publish):
    post = publish()
    media_id = PostMedia.objects.get(post=post).media_id
    Media.objects.filter(pk=media_id).update(alt_text="A boat")
    for _ in range(2):
        handlers.on_media_moved(MediaMoved(media_id=media_id))
    assert Post.objects.get(pk=post.pk).media == [{**post.media[0], "alt_text": "A boat"}]
    handlers.on_media_moved(MediaMoved(media_id=media_id + 1))


def test_privacy_is_followed_whatever_comes_twice_or_late(user, publish, run_jobs):
    post = publish()
    for _ in range(2):
        handlers.on_privacy_changed(PrivacyChanged(user_id=user.pk))
    handlers.on_privacy_changed(PrivacyChanged(user_id=user.pk + 1))
    run_jobs()
    assert Post.objects.get(pk=post.pk).media == post.media


def test_the_pictures_of_a_post_that_moderators_removed_are_gone(
    user, publish, viewer_of, client, run_jobs
):
    post, other = publish(), publish()
    addresses, others = urls(viewer_of(user), post), urls(viewer_of(user), other)
    post_remove(post_id=post.pk)
    run_jobs()
    for _ in range(2):
        handlers.on_post_deleted(PostDeleted(post_id=post.pk, author_id=user.pk))
    assert Post.objects.get(pk=post.pk).media == []
    assert [m.pk for m in Media.objects.all()] == [other.media[0]["id"]]
    assert 200 not in answers(client, addresses)
    assert answers(client, others) == {200}


def test_pictures_in_the_bin_are_there_for_their_author_alone(
    user, publish, viewer_of, client, run_jobs
):
    post = publish()
    addresses = urls(viewer_of(user), post)
    post_delete(actor_id=user.pk, post=post)
    run_jobs(minutes=5)
    assert answers(client, addresses) == {404}
    shape = own_post_shapes(viewer=viewer_of(user), post_ids=[post.pk])[post.pk]
    assert answers(client, [v["url"] for v in shape["media"][0]["variants"]]) == {200}


def test_a_post_that_stands_loses_no_picture_to_a_stray_job(user, publish):
    post = publish()
    handlers.on_post_deleted(PostDeleted(post_id=post.pk, author_id=user.pk))
    assert Post.objects.get(pk=post.pk).media == post.media
    assert Media.objects.count() == 1


def test_media_learns_which_pictures_posts_show(user, make_media):
    shown, spare = make_media(user), make_media(user)
    post_create(author_id=user.pk, media_ids=[shown.pk])
    uses = media_uses.get("posts")
    assert uses(media_ids=[shown.pk, spare.pk]) == {shown.pk}


def test_a_picture_in_a_post_is_not_deleted_by_itself(user, make_media, api):
    media = make_media(user)
    post_create(author_id=user.pk, media_ids=[media.pk])
    answer = api(user).delete(f"/api/v1/media/{media.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "media_in_use")


def test_an_edited_text_shows_in_the_post_at_once(user, make_media, viewer_of, run_jobs):
    media = make_media(user)
    post = post_create(author_id=user.pk, media_ids=[media.pk])
    post_edit(actor_id=user.pk, post=post, alt_texts=[(media.pk, "A boat")])
    shape = post_shape_for(viewer=viewer_of(user), post_id=post.pk)
    assert shape["media"][0]["alt_text"] == "A boat"


def test_the_original_is_for_the_author_alone(user, other_user, publish, viewer_of, client):
    post = publish()
    own = post_shape_for(viewer=viewer_of(user), post_id=post.pk)["media"][0]
    assert answers(client, [own["original_url"]]) == {200}
    other = post_shape_for(viewer=viewer_of(other_user), post_id=post.pk)["media"][0]
    assert other["original_url"] is None
