"""Hashtags: counted by what everybody sees, read through the one rule, followed up to a hundred."""

import threading

import pytest
from django.db import connection

from accounts.events import PrivacyChanged
from accounts.services import profile_update
from core.viewer import Viewer, anonymous
from posts import handlers
from posts.constants import Audience, TagSort
from posts.models import Hashtag, Post, PostHashtag, TagFollow
from posts.selectors import followed_tags, tag_posts, tag_shape_for
from posts.services import post_delete, post_edit, post_hide, post_like, tag_follow, tag_unfollow
from tests.posts.test_services_writing import refusal

pytestmark = pytest.mark.django_db
PAGE = {"position": None, "is_backward": False, "limit": 21}


def seen(viewer, name="sea", sort=TagSort.RECENT):
    return [row.id for row in tag_posts(viewer=viewer, name=name, sort=sort, **PAGE)]


def count(name="sea"):
    return Hashtag.objects.values_list("posts_count", flat=True).get(name=name)


def test_a_tag_follows_the_caption(user, make_post):
    post = make_post(user, caption="#Sea and #sky, #SEA")
    assert (count("sea"), count("sky")) == (1, 1)
    post_edit(actor_id=user.pk, post=post, caption="#sky, no more")
    assert count("sky") == 1
    tag_follow(user_id=user.pk, name="sky")
    post_delete(actor_id=user.pk, post=post)
    assert count("sky") == 0
    assert not PostHashtag.objects.exists()
    # A name that nothing carries and nobody follows is forgotten.
    assert list(Hashtag.objects.values_list("name", flat=True)) == ["sky"]


def turn(person, *, is_private):
    """As the job does that follows it."""
    profile_update(user_id=person.pk, is_private=is_private)
    handlers.on_privacy_changed(PrivacyChanged(user_id=person.pk))


def test_only_what_everybody_sees_is_counted(user, make_user, make_post):
    private = make_user(is_private=True)
    make_post(private, caption="#sea")
    make_post(user, caption="#sea", audience=Audience.CLOSE_FRIENDS)
    shown = make_post(user, caption="#sea")
    assert count() == 1
    turn(private, is_private=False)
    assert count() == 2
    turn(user, is_private=True)
    assert count() == 1
    turn(user, is_private=False)
    for is_hidden, expected in ((True, 1), (True, 1), (False, 2)):
        post_hide(post_id=shown.pk, is_hidden=is_hidden)
        assert count() == expected


def test_a_page_shows_what_the_viewer_may_see_newest_first(user, other_user, make_post, follow):
    one = make_post(user, caption="#sea")
    two = make_post(user, caption="#sea", audience=Audience.FOLLOWERS)
    three = make_post(other_user, caption="#sea")
    make_post(user, caption="#sky")
    assert seen(anonymous()) == [three.pk, one.pk]
    assert seen(Viewer(id=other_user.pk)) == [three.pk, one.pk]
    follow(other_user, user)
    assert seen(Viewer(id=other_user.pk)) == [three.pk, two.pk, one.pk]
    assert seen(anonymous(), "nothing") == []


def test_the_top_is_what_is_liked_most(user, make_user, make_post):
    posts = [make_post(user, caption="#sea") for _ in range(3)]
    people = [make_user() for _ in range(2)]
    for post, likers in ((posts[1], people), (posts[0], people[:1])):
        for person in likers:
            post_like(actor_id=person.pk, post=post)
    assert seen(anonymous(), sort=TagSort.TOP) == [posts[1].pk, posts[0].pk, posts[2].pk]


def test_following_is_once_and_up_to_a_hundred(user, monkeypatch):
    viewer = Viewer(id=user.pk)
    for _ in range(2):
        tag_follow(user_id=user.pk, name="sea")
    assert tag_shape_for(viewer=viewer, name="sea") == {
        "name": "sea", "posts_count": 0, "following": True,
    }  # fmt: skip
    assert tag_shape_for(viewer=anonymous(), name="sea")["following"] is False
    assert [row.hashtag.name for row in followed_tags(viewer=viewer)] == ["sea"]
    tags = Hashtag.objects.bulk_create(Hashtag(name=f"tag{n}") for n in range(99))
    TagFollow.objects.bulk_create(TagFollow(user=user, hashtag=tag) for tag in tags)
    assert refusal(tag_follow, user_id=user.pk, name="sky")[:2] == (422, "tag_follow_limit")
    tag_follow(user_id=user.pk, name="sea")
    for _ in range(2):
        tag_unfollow(user_id=user.pk, name="sea")
    tag_follow(user_id=user.pk, name="sky")
    assert TagFollow.objects.filter(user=user).count() == 100


@pytest.mark.django_db(transaction=True)
def test_posts_and_follows_at_once_are_all_counted(user, make_user, make_post):
    people = [make_user() for _ in range(8)]
    posts = [make_post(person) for person in people]
    captions = ["#sea #sky #light", "#light #sky #sea"]
    errors = []

    def act(index):
        try:
            post_edit(actor_id=people[index].pk, post=posts[index], caption=captions[index % 2])
            tag_follow(user_id=user.pk, name=f"tag{index % 2}")
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert [count(name) for name in ("sea", "sky", "light")] == [8, 8, 8]
    assert TagFollow.objects.count() == 2


def test_what_is_not_a_tag_or_not_for_them_is_not_found(api, user):
    client = api(user)
    for path in ("tags/2026", "tags/a-b", "tags/%23sea", f"tags/{'x' * 101}", "tags/ "):
        assert client.get(f"/api/v1/{path}").status_code == 404
    assert client.get("/api/v1/tags/SeA").json()["name"] == "sea"
    assert client.get("/api/v1/tags/हिन्दी").json() == {
        "name": "हिन्दी", "posts_count": 0, "following": False,
    }  # fmt: skip


def test_a_tag_page_is_read_to_its_end_and_back(api, user, make_post):
    ids = [str(make_post(user, caption="#sea").pk) for _ in range(5)][::-1]
    for sort in ("recent", "top"):
        client, url, pages = api(), f"/api/v1/tags/sea/posts?sort={sort}&limit=2", []
        while url:
            body, last = client.get(url).json(), url
            pages.append([row["id"] for row in body["results"]])
            url = body["next"]
        assert pages == [ids[:2], ids[2:4], ids[4:]]
        previous = client.get(client.get(last).json()["previous"]).json()
        assert [row["id"] for row in previous["results"]] == ids[2:4]
    cursor = api().get("/api/v1/tags/sea/posts?limit=2").json()["next"].partition("cursor=")[2]
    wrong = api().get(f"/api/v1/tags/sea/posts?sort=top&cursor={cursor}")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_cursor")
    assert api().get("/api/v1/tags/sea/posts?sort=best").status_code == 400


@pytest.mark.parametrize("sort", list(TagSort))
def test_twenty_posts_of_a_tag_cost_the_queries_of_one(
    sort, user, make_post, django_assert_num_queries
):
    for rows in (1, 20):
        while Post.objects.count() < rows:
            make_post(user, caption="#sea")
        with django_assert_num_queries(2):
            assert len(seen(anonymous(), sort=sort)) == rows


def test_a_full_list_of_tags_is_refused_at_the_route(api, user):
    tags = Hashtag.objects.bulk_create(Hashtag(name=f"tag{n}") for n in range(100))
    TagFollow.objects.bulk_create(TagFollow(user=user, hashtag=tag) for tag in tags)
    client = api(user)
    refused = client.put("/api/v1/tags/sea/follow", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "tag_follow_limit")
    assert client.put("/api/v1/tags/TAG5/follow", {}).json() == {"following": True}
    assert client.delete("/api/v1/tags/tag5/follow").json() == {"following": False}
    assert len(client.get("/api/v1/me/followed-tags?limit=50").json()["results"]) == 50
