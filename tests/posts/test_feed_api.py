"""The place in the feed, hidden words and muted tags, watching posts, and news for sockets."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from accounts.constants import HIDDEN_WORDS_MAX, RelationKind
from accounts.models import ContentFilter
from core.errors import BadInputError, NotFoundError
from messaging.consumers.news import PAUSE_S, FeedNews
from posts.constants import Audience
from posts.models import Post
from posts.selectors import feed_news
from posts.services import post_delete, post_like, post_unwatch, post_watch, tag_follow
from tests.live import sockets_of

pytestmark = pytest.mark.django_db


def test_the_place_is_kept_over_devices_and_survives_its_post(user, make_post, api):
    posts = [make_post(user) for _ in range(5)]
    assert api(user).get("/api/v1/me/markers").json() == {"home": None}
    kept = api(user).put("/api/v1/me/markers", {"home": {"post_id": str(posts[2].pk)}})
    assert kept.status_code == 200
    other_device = api(user)
    place = other_device.get("/api/v1/me/markers").json()["home"]
    assert place["post_id"] == str(posts[2].pk)
    ids = [str(post.pk) for post in posts]

    def page(url):
        answer = other_device.get(url).json()
        return [post["id"] for post in answer["results"]], answer

    found, answer = page(place["url"])
    assert found == ids[2::-1]
    newer, _ = page(answer["previous"])
    assert newer == ids[:2:-1]
    post_delete(actor_id=user.pk, post=posts[2])
    assert page(place["url"])[0] == ids[1::-1]


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"home": {}}, 400), ({"home": {"post_id": 7}}, 400),
     ({"home": {"post_id": "7"}, "away": {}}, 400), ({"home": {"post_id": "999999"}}, 404)],
)  # fmt: skip
def test_a_place_needs_a_post_that_is_there(user, api, body, status):
    assert api(user).put("/api/v1/me/markers", body).status_code == status


def test_the_last_device_says_where_the_place_is(user, make_post, api):
    posts = [make_post(user) for _ in range(2)]
    for post in (*posts, posts[0]):
        api(user).put("/api/v1/me/markers", {"home": {"post_id": str(post.pk)}})
    assert api(user).get("/api/v1/me/markers").json()["home"]["post_id"] == str(posts[0].pk)


def test_words_and_tags_are_hidden_once_and_shown_again(user, api):
    client = api(user)
    for path, field in (("hidden-words", "hidden"), ("muted-tags", "muted")):
        for name in ("Zebra", "zebra", "apple"):
            assert client.put(f"/api/v1/me/{path}/{name}").json() == {field: True}
        names = client.get(f"/api/v1/me/{path}").json()["results"]
        assert names == ["apple", "Zebra" if field == "hidden" else "zebra"]
        for _ in range(2):
            assert client.delete(f"/api/v1/me/{path}/ZEBRA").json() == {field: False}
        assert client.get(f"/api/v1/me/{path}").json()["results"] == ["apple"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("hidden-words/%20", 400, "bad_word"), ("hidden-words/" + "x" * 51, 400, "bad_word"),
     ("hidden-words/a%00b", 400, "bad_text"), ("muted-tags/!!", 404, "no_such_route")],
)  # fmt: skip
def test_what_is_no_word_or_tag_is_refused(user, api, path, status, code):
    answer = api(user).put(f"/api/v1/me/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_so_many_words_and_no_more(user, api):
    words = [f"word{n}" for n in range(HIDDEN_WORDS_MAX)]
    ContentFilter.objects.create(user=user, words=words)
    answer = api(user).put("/api/v1/me/hidden-words/another")
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_hidden_words")
    assert api(user).put("/api/v1/me/hidden-words/word7").status_code == 200


def test_a_phrase_hides_whole_words_in_their_order(user, other_user, make_post, follow, api):
    follow(user, other_user)
    captions = ("the LAST episode!", "last, episode", "episode last", "blast episode", "\U0001f346")
    posts = {caption: make_post(other_user, caption=caption).pk for caption in captions}
    client = api(user)
    for word in ("last episode", "\U0001f346"):
        client.put(f"/api/v1/me/hidden-words/{word}")
    shown = [int(post["id"]) for post in client.get("/api/v1/feed/home").json()["results"]]
    assert shown == [posts[c] for c in ("blast episode", "episode last", "last, episode")]


class Watched:
    def __init__(self):
        self.topics = set()

    def watch(self, topic):
        self.topics.add(topic)

    def unwatch(self, topic):
        self.topics.discard(topic)


def test_watching_gives_the_counts_and_then_their_changes(
    user, other_user, make_post, viewer_of, django_capture_on_commit_callbacks
):
    post, topics = make_post(user), Watched()
    data = {"post_id": str(post.pk)}
    counts = {**data, "likes_count": 0, "comments_count": 0}
    viewer = viewer_of(other_user)
    assert post_watch(viewer=viewer, data=data, topics=topics) == counts
    assert topics.topics == {f"post:{post.pk}"}
    with sockets_of(topics=(f"post:{post.pk}",)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                post_like(actor_id=other_user.pk, post=post)
        assert [(t, d) for _, t, d in received()] == [("post.counts", {**counts, "likes_count": 1})]
    assert post_unwatch(viewer=viewer, data=data, topics=topics) == {}
    assert topics.topics == set()


def test_a_hidden_number_is_watched_by_its_author_alone(user, other_user, make_post, viewer_of):
    post = make_post(user, hide_like_count=True)
    post_like(actor_id=other_user.pk, post=post)
    data = {"post_id": str(post.pk)}
    seen = [
        post_watch(viewer=viewer_of(person), data=data, topics=Watched())["likes_count"]
        for person in (user, other_user)
    ]
    assert seen == [1, None]


def test_what_may_not_be_seen_is_not_watched(user, other_user, make_post, viewer_of):
    post, topics = make_post(user, audience=Audience.ONLY_ME), Watched()
    with pytest.raises(NotFoundError):
        post_watch(viewer=viewer_of(other_user), data={"post_id": str(post.pk)}, topics=topics)
    assert topics.topics == set()


@pytest.mark.parametrize(
    "data",
    [{}, {"post_id": 1}, {"post_id": "01"}, {"post_id": str(2**63)}, {"post_id": "1", "x": 1}],
)
def test_bad_commands_are_refused(user, viewer_of, data):
    for command in (post_watch, post_unwatch):
        with pytest.raises(BadInputError):
            command(viewer=viewer_of(user), data=data, topics=Watched())


def news(people, known=()):
    since = datetime.now(UTC) - timedelta(minutes=1)
    found = feed_news(user_ids=[person.pk for person in people], since=since, known=known)
    return {one.post_id: sorted(one.user_ids) for one in found}


def test_news_are_for_whom_the_feed_has_them(
    user, other_user, make_user, make_post, follow, relate, django_assert_num_queries
):
    follower, muting, tagged = make_user(), make_user(), make_user()
    for person in (follower, muting):
        follow(person, user)
    relate(muting, RelationKind.MUTE, user)
    tag_follow(user_id=tagged.pk, name="harbour")
    public = make_post(user, caption="#harbour")
    close = make_post(user, audience=Audience.CLOSE_FRIENDS)
    everybody = (user, other_user, follower, muting, tagged)
    with django_assert_num_queries(1):
        found = news(everybody)
    assert found == {public.pk: [follower.pk, tagged.pk], close.pk: []}
    relate(user, RelationKind.CLOSE_FRIEND, follower)
    assert news(everybody, known=[public.pk]) == {close.pk: [follower.pk]}
    Post.objects.update(published_at=datetime.now(UTC) - timedelta(minutes=2))
    assert news(everybody) == {}


class FakeSocket:
    def __init__(self, user_id):
        self.user_id = user_id


class FakeGateway:
    """The two things that news needs of a gateway: who is here, and a way to write to them."""

    def __init__(self, user_ids):
        self.hub, self.frames = self, []
        self.user_ids = user_ids

    def sockets(self):
        return [FakeSocket(user_id) for user_id in self.user_ids]

    def deliver(self, push):
        self.frames.append((push.keys, push.text))

    async def in_thread(self, function):
        return function()


def test_much_news_at_once_is_one_frame_and_the_next_comes_after_a_pause(
    user, other_user, make_post, follow
):
    follow(other_user, user)
    clock = [0.0]
    gateway = FakeGateway([other_user.pk, user.pk])
    told = FeedNews(gateway, clock=lambda: clock[0])

    def look():
        # Nothing in it waits, and an event loop would have a connection of its own.
        with suppress(StopIteration):
            told.tell(5).send(None)
        frames, gateway.frames = gateway.frames, []
        return frames

    make_post(user)
    assert look() == []  # what was there before is no news
    for _ in range(3):
        make_post(user)
    ((keys, text),) = look()
    assert keys == (f"u:{other_user.pk}",)
    assert '"t":"feed.new_available"' in text
    make_post(user)
    assert look() == []
    clock[0] += PAUSE_S
    assert len(look()) == 1
    assert look() == []
