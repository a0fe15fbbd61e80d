"""Answers with a tag: who has one already gets 304, and new signatures alone make no new tag."""

import time

import pytest

from core.api.conditional import etag_of
from media_storage.constants import URL_WINDOW_S
from posts.constants import Audience

pytestmark = pytest.mark.django_db


def test_the_tag_ignores_signatures_and_nothing_else():
    def body(end, text="a"):
        return f'{{"url":"/media/s1/320.webp?e={end}&s=abc-DEF_{end}","text":"{text}"}}'.encode()

    assert etag_of(body(1)) == etag_of(body(22))
    assert etag_of(body(1)) != etag_of(body(1, "b"))
    assert etag_of(b'{"text":"Really?e=1"}') != etag_of(b'{"text":"Really?e=2"}')
    assert etag_of(body(1)).startswith('W/"')


@pytest.fixture
def paths(user, other_user, make_post, follow):
    follow(other_user, user)
    post = make_post(user, audience=Audience.FOLLOWERS)
    return [
        f"users/{user.pk}",
        f"users/lookup?username={user.username}",
        f"users/{user.pk}/posts",
        f"posts/{post.pk}",
        f"posts/by-code/{post.shortcode}",
        "instance",
        "feed/home",
        "conversations",
    ]


def test_who_has_the_answer_is_not_sent_it_again(paths, other_user, api):
    client = api(other_user)
    for path in paths:
        first = client.get(f"/api/v1/{path}")
        assert first.status_code == 200, path
        again = client.get(f"/api/v1/{path}", HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content) == (304, b""), path
        assert again["ETag"] == first["ETag"]
        assert again["Cache-Control"] == first["Cache-Control"]
        other = client.get(f"/api/v1/{path}", HTTP_IF_NONE_MATCH='W/"another", "one"')
        assert (other.status_code, other.content) == (200, first.content), path


def test_a_change_is_sent_and_a_new_window_is_not(
    user, other_user, make_post, follow, api, monkeypatch
):
    follow(other_user, user)
    post = make_post(user, audience=Audience.FOLLOWERS)
    client = api(other_user)
    first = client.get("/api/v1/feed/home")
    assert b"&s=" in first.content
    later_on = time.time() + URL_WINDOW_S
    monkeypatch.setattr("time.time", lambda: later_on)
    later = client.get("/api/v1/feed/home", HTTP_IF_NONE_MATCH=first["ETag"])
    assert later.status_code == 304
    client.put(f"/api/v1/posts/{post.pk}/like")
    liked = client.get("/api/v1/feed/home", HTTP_IF_NONE_MATCH=first["ETag"])
    assert liked.status_code == 200


def test_another_viewer_has_another_tag(user, other_user, make_post, follow, api):
    follow(other_user, user)
    make_post(user)
    tags = {api(person).get("/api/v1/feed/home")["ETag"] for person in (user, other_user)}
    assert len(tags) == 2


def test_errors_have_no_tag(api, user):
    answer = api(user).get("/api/v1/posts/999999")
    assert answer.status_code == 404
    assert "ETag" not in answer
