"""The routes of notifications and badges, and the socket command."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from accounts.services import follow_create
from comments.services import comment_like
from core.errors import BadInputError
from core.registry import badges, socket_commands
from core.viewer import Viewer
from notifications.constants import COUNT_MAX
from notifications.models import Notification
from notifications.services import notifications_mark_seen
from posts.services import post_like
from tests.live import sockets_of

URL = "/api/v1/notifications"
MEDIA = {
    "id": 1,
    "state": "ready",
    "kind": "image",
    "is_public": True,
    "key": "p" + "0" * 32,
    "original_key": "o" + "0" * 32,
    "original_type": "image/jpeg",
    "width": 640,
    "height": 480,
    "duration_ms": None,
    "blurhash": "",
    "alt_text": "",
    "variants": [
        {"name": "320.webp", "width": 320, "height": 240, "type": "image/webp"},
        {"name": "640.webp", "width": 640, "height": 480, "type": "image/webp"},
    ],
    "error_code": "",
}


@pytest.fixture
def busy(make_user, make_post, user, say, run_jobs):
    """`busy(n)`: `user` is told of n likes on n posts, n comments and n likes of comments."""

    def make(number):
        for _ in range(number):
            person, post = make_user(), make_post(user, media=[MEDIA])
            post_like(actor_id=person.pk, post=post)
            say(person, post)
            own = say(user, post, "Mine")
            comment_like(actor_id=person.pk, comment=own)
        run_jobs()

    return make


def seen(client, moment):
    return client.put(f"{URL}/seen", {"up_to": moment})


def test_the_list_gives_the_whole_notification(api, make_post, user, other_user, run_jobs):
    post = make_post(user, media=[MEDIA])
    post_like(actor_id=other_user.pk, post=post)
    run_jobs()
    stored = Notification.objects.get()
    answer = api(user).get(URL)
    assert answer.status_code == 200
    at = stored.updated_at.isoformat().replace("+00:00", "Z")
    assert answer.json() == {
        "results": [
            {
                "id": str(stored.pk),
                "type": "post_like",
                "actors": [
                    {
                        "id": str(other_user.pk),
                        "username": other_user.username,
                        "display_name": "",
                        "avatar_url": None,
                        "is_private": False,
                    }
                ],
                "actors_count": 1,
                "target": {
                    "kind": "post",
                    "id": str(post.pk),
                    "shortcode": post.shortcode,
                    "text": None,
                    "preview_url": f"/media/{MEDIA['key']}/320.webp",
                },
                "text": f"{other_user.username} liked your post.",
                "created_at": at,
                "updated_at": at,
                "seen": False,
                "read": False,
            }
        ],
        "next": None,
        "previous": None,
    }


def test_a_post_without_a_finished_picture_has_no_preview(
    api, make_post, user, other_user, run_jobs
):
    post = make_post(user, media=[{**MEDIA, "state": "processing", "variants": []}])
    post_like(actor_id=other_user.pk, post=post)
    run_jobs()
    (row,) = api(user).get(URL).json()["results"]
    assert row["target"]["preview_url"] is None


def test_the_list_can_be_narrowed_to_one_type_and_pages(api, user, busy):
    busy(3)
    client = api(user)
    first = client.get(f"{URL}?type=comment&limit=2").json()
    second = client.get(first["next"]).json()
    assert [row["type"] for row in first["results"] + second["results"]] == ["comment"] * 3
    assert second["next"] is None
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert ids == sorted(ids, key=int, reverse=True)
    assert client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    "query", ["type=likes", "type=", "limit=0", "cursor=x", "unread=1", "recipient=1"]
)
def test_bad_queries_are_refused(api, user, query):
    assert api(user).get(f"{URL}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", URL),
        ("GET", f"{URL}/unread-count"),
        ("PUT", f"{URL}/seen"),
        ("PUT", f"{URL}/1/read"),
        ("GET", "/api/v1/me/badges"),
    ],
)
def test_nobody_unknown_is_told_anything(api, db, method, path):
    answer = api().generic(method, path)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


def test_notifications_of_others_do_not_exist(api, user, other_user, busy):
    busy(1)
    client = api(other_user)
    assert client.get(URL).json()["results"] == []
    row = Notification.objects.filter(recipient=user).first()
    assert client.put(f"{URL}/{row.pk}/read").status_code == 404
    seen(client, timezone.now().isoformat())
    assert not Notification.objects.exclude(seen_at=None).exists()


def test_seen_marks_what_was_shown_and_nothing_later(api, user, busy):
    busy(1)
    client = api(user)
    assert client.get(f"{URL}/unread-count").json() == {"count": 3}
    shown = client.get(URL).json()["results"]
    assert seen(client, shown[1]["updated_at"]).json() == {"unread": 1}
    assert [row["seen"] for row in client.get(URL).json()["results"]] == [False, True, True]
    for _ in range(2):
        assert seen(client, shown[0]["updated_at"]).json() == {"unread": 0}
    assert client.get(f"{URL}/unread-count").json() == {"count": 0}


def test_a_time_in_whole_milliseconds_covers_what_happened_in_the_last_one(
    user, other_user, run_jobs
):
    follow_create(follower_id=other_user.pk, followee=user)
    run_jobs()
    moment = timezone.now().replace(microsecond=123_999)
    Notification.objects.update(updated_at=moment)
    before = moment.replace(microsecond=122_000)
    assert notifications_mark_seen(user_id=user.pk, up_to=before) == 1
    assert notifications_mark_seen(user_id=user.pk, up_to=moment.replace(microsecond=123_000)) == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"up_to": None},
        {"up_to": "yesterday"},
        {"up_to": 7},
        {"up_to": "2026-13-01T00:00:00Z"},
        {"up_to": "0001-01-01T00:00:00+14:00"},
        {"up_to": "2026-01-01T00:00:00Z", "all": True},
    ],
)
def test_a_time_that_makes_no_sense_is_refused_by_route_and_socket(api, user, body):
    answer = api(user).put(f"{URL}/seen", body)
    assert answer.status_code == 400
    command = socket_commands.get("notifications.seen")
    with pytest.raises(BadInputError) as refused:
        command(viewer=Viewer(id=user.pk), data=body, topics=None)
    assert refused.value.errors[0].field == answer.json()["errors"][0]["field"]


def test_the_edges_of_time_are_no_error(api, user):
    command = socket_commands.get("notifications.seen")
    for moment in ("9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z"):
        assert seen(api(user), moment).status_code == 200
        data = {"up_to": moment}
        assert command(viewer=Viewer(id=user.pk), data=data, topics=None) == {"unread": 0}


def test_the_socket_command_does_the_same(user, busy):
    busy(1)
    command = socket_commands.get("notifications.seen")
    newest = Notification.objects.latest("updated_at").updated_at
    data = {"up_to": newest.isoformat().replace("+00:00", "Z")}
    for _ in range(2):
        assert command(viewer=Viewer(id=user.pk), data=data, topics=None) == {"unread": 0}


def test_reading_one_marks_it_seen_and_the_second_time_changes_nothing(api, user, busy):
    busy(1)
    client = api(user)
    row = client.get(URL).json()["results"][1]
    answer = client.put(f"{URL}/{row['id']}/read")
    assert (answer.status_code, answer.json()) == (200, {**row, "seen": True, "read": True})
    first = Notification.objects.get(pk=row["id"])
    assert client.put(f"{URL}/{row['id']}/read").json() == answer.json()
    again = Notification.objects.get(pk=row["id"])
    assert (again.read_at, again.seen_at) == (first.read_at, first.seen_at)
    assert client.get(f"{URL}/unread-count").json() == {"count": 2}


@pytest.mark.parametrize("number", ["0", "x", str(2**63), "999999999"])
def test_ids_that_no_notification_has_are_not_found(api, user, number):
    assert api(user).put(f"{URL}/{number}/read").status_code == 404


def test_badges_name_all_four_numbers_and_count_nothing_twice(api, make_user, run_jobs):
    private, fan = make_user(is_private=True), make_user()
    client = api(private)
    nothing = dict.fromkeys(("messages", "message_requests", "notifications", "follow_requests"), 0)
    assert client.get("/api/v1/me/badges").json() == nothing
    follow_create(follower_id=fan.pk, followee=private)
    run_jobs()
    assert client.get("/api/v1/me/badges").json() == {**nothing, "follow_requests": 1}
    seen(client, timezone.now().isoformat())
    assert client.get("/api/v1/me/badges").json() == {**nothing, "follow_requests": 1}
    assert client.get(f"{URL}/unread-count").json() == {"count": 0}
    assert {"notifications", "follow_requests"} <= set(badges.names())


def test_a_number_stops_growing_at_a_hundred(api, user):
    now = timezone.now()
    fan = api(user)
    rows = Notification.objects.bulk_create(
        Notification(
            recipient=user,
            type="follow",
            group_key=str(number),
            actors_count=1,
            created_at=now,
            updated_at=now,
        )
        for number in range(COUNT_MAX + 5)
    )
    for row in rows:
        row.actors.create(actor=user)
    assert fan.get(f"{URL}/unread-count").json() == {"count": COUNT_MAX}


def test_seeing_and_reading_show_the_new_numbers_on_other_tabs(
    api, user, busy, django_capture_on_commit_callbacks
):
    busy(1)
    client = api(user)
    row = client.get(URL).json()["results"][0]
    with sockets_of(user_ids=(user.pk,)) as received:
        with django_capture_on_commit_callbacks(execute=True):
            client.put(f"{URL}/{row['id']}/read")
        with django_capture_on_commit_callbacks(execute=True):
            seen(client, row["updated_at"])
            seen(client, row["updated_at"])
        frames = received()
    assert [(type_, data["notifications"]) for _, type_, data in frames] == [
        ("badges.updated", 2),
        ("badges.updated", 0),
    ]


@pytest.mark.parametrize("rows", [1, 7])
def test_the_list_needs_two_queries_however_long_it_is(
    api, user, busy, django_assert_num_queries, rows
):
    busy(rows)
    client = api(user)
    client.get(URL)
    # The rows with what they are about, and their people.
    with django_assert_num_queries(2):
        answer = client.get(f"{URL}?limit=50")
    assert len(answer.json()["results"]) == 3 * rows


@pytest.mark.django_db(transaction=True)
def test_tabs_that_mark_the_same_at_once_do_not_wait_in_a_ring(make_user):
    person = make_user()
    now = timezone.now()
    for number in range(50):
        Notification.objects.create(
            recipient=person,
            type="follow",
            group_key=str(number),
            created_at=now,
            updated_at=now - timedelta(seconds=number),
        )
    start = threading.Barrier(6)

    def mark():
        try:
            start.wait()
            return notifications_mark_seen(user_id=person.pk, up_to=now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        left = [run.result() for run in [pool.submit(mark) for _ in range(6)]]
    assert left == [0] * 6
    assert not Notification.objects.filter(seen_at=None).exists()
