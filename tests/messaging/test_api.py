"""Routes of conversations and messages: shapes, pages, refusals, and how much they ask the database."""

import uuid
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import block_create
from messaging.models import Member
from tests.messaging.conftest import open_chat, say

pytestmark = pytest.mark.django_db

URL = "/api/v1/conversations"
CONVERSATION_KEYS = [
    "id",
    "kind",
    "title",
    "avatar_url",
    "members",
    "last_message",
    "first_seq",
    "last_seq",
    "rev",
    "unread_count",
    "folder",
    "my",
    "last_activity_at",
]
MESSAGE_KEYS = [
    "id",
    "conversation_id",
    "seq",
    "rev",
    "sender",
    "client_id",
    "kind",
    "body",
    "media",
    "post",
    "story",
    "reply_to_seq",
    "reactions",
    "created_at",
    "edited_at",
    "unsent_at",
]


@pytest.fixture
def client_of(api):
    """`client_of(person)`: their HTTP client."""
    return lambda person=None: api(person.user if person else None)


def post_message(client, chat, body="hello", **fields):
    data = {"client_id": str(uuid.uuid4()), "body": body, **fields}
    return client.post(f"{URL}/{chat}/messages", data)


def problem(response):
    return response.status_code, response.json()["code"]


def field_codes(response):
    return {error["field"]: error["code"] for error in response.json()["errors"]}


def bodies(response):
    return [message["body"] for message in response.json()["results"]]


def test_a_conversation_is_made_once_and_has_every_field(client_of, ann, bob):
    made = client_of(ann).post(URL, {"user_ids": [str(bob.id)]})
    again = client_of(ann).post(URL, {"user_ids": [str(bob.id)]})
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    conversation = made.json()
    assert sorted(conversation) == sorted(CONVERSATION_KEYS)
    assert (conversation["kind"], conversation["title"]) == ("direct", bob.user.username)
    assert conversation["last_message"] is None
    assert [m["user"]["username"] for m in conversation["members"]] == [
        ann.user.username,
        bob.user.username,
    ]
    assert conversation["my"] == {"read_seq": 0, "muted_until": None, "pinned": False}
    assert (conversation["unread_count"], conversation["folder"]) == (0, "primary")


def test_a_message_has_every_field_and_comes_once(client_of, ann, bob, chat):
    client_id = str(uuid.uuid4())
    made = post_message(client_of(ann), chat, "hi bob", client_id=client_id)
    again = post_message(client_of(ann), chat, "other words", client_id=client_id.upper())
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == again.json()
    message = made.json()
    assert sorted(message) == sorted(MESSAGE_KEYS)
    assert message["sender"] == {
        "id": str(ann.id),
        "username": ann.user.username,
        "display_name": "",
        "avatar_url": None,
        "is_private": False,
    }
    assert (message["client_id"], message["kind"]) == (client_id, "text")
    assert (message["media"], message["post"], message["story"]) == ([], None, None)
    assert (message["reactions"], message["edited_at"], message["unsent_at"]) == ([], None, None)
    assert message["created_at"].endswith("Z")


def test_the_inbox_shows_conversations_by_their_last_message_with_what_is_unread(
    client_of, ann, bob, cid
):
    with_bob, with_cid = open_chat(ann, bob), open_chat(ann, cid)
    say(bob, with_bob, "one")
    say(cid, with_cid, "two")
    say(bob, with_bob, "three")
    results = client_of(ann).get(URL).json()["results"]
    assert [(c["id"], c["unread_count"], c["last_message"]["body"]) for c in results] == [
        (str(with_bob), 2, "three"),
        (str(with_cid), 1, "two"),
    ]
    post_message(client_of(ann), with_cid, "four")
    results = client_of(ann).get(URL).json()["results"]
    assert [(c["id"], c["unread_count"]) for c in results] == [
        (str(with_cid), 0),
        (str(with_bob), 2),
    ]


def test_an_empty_conversation_shows_to_its_opener_until_something_is_said(
    client_of, ann, bob, chat
):
    assert len(client_of(ann).get(URL).json()["results"]) == 1
    assert client_of(bob).get(URL).json()["results"] == []
    assert client_of(bob).get(f"{URL}/{chat}").status_code == 200
    say(ann, chat, "hello")
    assert len(client_of(bob).get(URL).json()["results"]) == 1


def test_the_inbox_pages_both_ways_without_gaps(client_of, ann, person):
    friends = [person() for _ in range(7)]
    ids = [open_chat(ann, friend) for friend in friends]
    for friend, chat in zip(friends, ids, strict=True):
        say(friend, chat, "hello")
    client, seen, url, pages = client_of(ann), [], f"{URL}?limit=3", []
    while url:
        page = client.get(url).json()
        pages.append(page)
        seen += [int(c["id"]) for c in page["results"]]
        url = page["next"]
    assert seen == ids[::-1]
    assert [len(page["results"]) for page in pages] == [3, 3, 1]
    assert pages[0]["previous"] is None
    back = client.get(pages[2]["previous"]).json()
    assert back["results"] == pages[1]["results"]


def test_the_inbox_is_searched_by_the_names_of_the_others(client_of, ann, person):
    other, third = person(), person()
    User.objects.filter(pk=other.id).update(display_name="Zoë Quill")
    chat, _ = open_chat(ann, other), open_chat(ann, third)
    client = client_of(ann)
    for q in ("quill", "Zoë", other.user.username.upper()):
        assert [c["id"] for c in client.get(URL, {"q": q}).json()["results"]] == [str(chat)], q
    for q in ("nobody like this", ann.user.username, "%", "_"):
        assert client.get(URL, {"q": q}).json()["results"] == [], q


def test_the_other_folder_is_empty_for_now(client_of, ann, bob, chat):
    assert client_of(ann).get(URL, {"folder": "requests"}).json()["results"] == []
    assert problem(client_of(ann).get(URL, {"folder": "spam"}))[0] == 400


def test_history_is_read_by_seq_from_every_side(client_of, ann, bob, chat):
    for number in range(1, 11):
        say(ann if number % 2 else bob, chat, str(number))
    client, url = client_of(bob), f"{URL}/{chat}/messages"
    for query, expected in (
        ({}, range(1, 11)),
        ({"limit": 3}, range(8, 11)),
        ({"before_seq": 4}, range(1, 4)),
        ({"before_seq": 9, "limit": 2}, range(7, 9)),
        ({"after_seq": 8}, range(9, 11)),
        ({"after_seq": 2, "limit": 3}, range(3, 6)),
        ({"around_seq": 5, "limit": 4}, range(3, 7)),
        ({"around_seq": 10, "limit": 4}, range(8, 11)),
        ({"after_seq": 10}, range(0)),
        ({"before_seq": 1}, range(0)),
        ({"after_seq": 2**63 - 1}, range(0)),
        ({"before_seq": 2**63 - 1, "limit": 1}, range(0)),
    ):
        assert bodies(client.get(url, query)) == [str(n) for n in expected], query
    page = client.get(url, {"around_seq": 5, "limit": 4}).json()
    assert bodies(client.get(page["next"])) == ["7", "8", "9", "10"]
    assert bodies(client.get(page["previous"])) == ["1", "2"]
    whole = client.get(url).json()
    assert (whole["next"], whole["previous"]) == (None, None)


def test_history_never_goes_below_where_it_begins_for_the_viewer(client_of, ann, bob, chat):
    for number in range(1, 6):
        say(ann, chat, str(number))
    Member.objects.filter(user=bob.id).update(first_seq=4, read_seq=3)
    client = client_of(bob)
    for query in ({}, {"before_seq": 6}, {"after_seq": 0}, {"around_seq": 1, "limit": 200}):
        response = client.get(f"{URL}/{chat}/messages", query)
        assert bodies(response) == ["4", "5"]
        assert response.json()["previous"] is None
    assert bodies(client.get(f"{URL}/{chat}/changes")) == ["4", "5"]
    assert client.get(f"{URL}/{chat}").json()["unread_count"] == 2


def test_changes_give_the_rest_in_parts_and_the_conversation(client_of, ann, bob, chat):
    for number in range(1, 6):
        say(ann, chat, str(number))
    client, url, rev, told = client_of(bob), f"{URL}/{chat}/changes", 0, []
    for has_more in (True, True, False):
        answer = client.get(url, {"after_rev": rev, "limit": 2}).json()
        assert answer.keys() == {"results", "conversation", "rev", "has_more"}
        assert answer["has_more"] is has_more
        told += [message["body"] for message in answer["results"]]
        rev = answer["rev"]
    assert (told, rev) == (["1", "2", "3", "4", "5"], 5)
    nothing = client.get(url, {"after_rev": rev}).json()
    assert (nothing["results"], nothing["rev"], nothing["has_more"]) == ([], 5, False)
    assert nothing["conversation"] == client.get(f"{URL}/{chat}").json()


def test_reading_is_put_and_answered_with_how_far_it_is(client_of, ann, bob, chat):
    for number in range(3):
        say(ann, chat, str(number))
    client = client_of(bob)
    for seq, expected in ((2, 2), (1, 2), (9, 3)):
        answer = client.put(f"{URL}/{chat}/read", {"seq": seq})
        assert (answer.status_code, answer.json()) == (200, {"seq": expected})
    assert client.get(f"{URL}/{chat}").json()["my"]["read_seq"] == 3
    members = client_of(ann).get(f"{URL}/{chat}").json()["members"]
    assert {m["user"]["id"]: m["read_seq"] for m in members} == {str(ann.id): 3, str(bob.id): 3}


def every_route(chat):
    """(method, path, body) of all that a conversation has."""
    message = {"client_id": str(uuid.uuid4()), "body": "x"}
    return [
        ("get", f"{URL}/{chat}", None),
        ("get", f"{URL}/{chat}/messages", None),
        ("post", f"{URL}/{chat}/messages", message),
        ("get", f"{URL}/{chat}/changes", None),
        ("put", f"{URL}/{chat}/read", {"seq": 1}),
    ]


def test_a_conversation_is_not_there_for_strangers_nor_across_a_block(
    client_of, ann, bob, cid, chat
):
    say(ann, chat, "private")
    absent = [client_of(cid).generic("GET", f"{URL}/999999999").json()["detail"]]
    for method, path, body in every_route(chat):
        response = getattr(client_of(cid), method)(path, body)
        assert problem(response) == (404, "not_found")
        assert response.json()["detail"] == absent[0]
    block_create(owner_id=bob.id, target=ann.user)
    for person in (ann, bob):
        for method, path, body in every_route(chat):
            response = getattr(client_of(person), method)(path, body)
            assert problem(response) == (404, "not_found"), (method, path)
        assert client_of(person).get(URL).json()["results"] == []


def test_nobody_signed_in_is_401(client_of, chat):
    for method, path, body in [*every_route(chat), ("get", URL, None), ("post", URL, {})]:
        assert problem(getattr(client_of(), method)(path, body)) == (401, "not_authenticated")


def test_ids_that_no_row_can_have_are_404_before_any_query(client_of, ann):
    client = client_of(ann)
    for bad in ("0", "-1", "01", "x", str(2**63), "9" * 400, "%00"):
        assert client.get(f"{URL}/{bad}").status_code == 404


def test_forms_refuse_what_makes_no_sense(client_of, ann, bob, chat):
    client = client_of(ann)
    for body in (
        {},
        {"user_ids": []},
        {"user_ids": "1"},
        {"user_ids": [1]},
        {"user_ids": ["x"]},
        {"user_ids": [str(n) for n in range(1, 40)]},
        {"user_ids": [str(bob.id)], "who": 1},
        {"user_ids": [str(bob.id)], "title": "x" * 101},
    ):
        assert problem(client.post(URL, body))[0] == 400, body
    for body, code in (
        ([str(ann.id)], "conversation_with_self"),
        ([str(bob.id), "5"], "groups_unavailable"),
    ):
        assert problem(client.post(URL, {"user_ids": body})) == (422, code)
    assert problem(client.post(URL, {"user_ids": ["999999999"]})) == (404, "not_found")
    for fields, name in (
        ({"client_id": "x"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"body": ""}, "body"),
        ({"body": "   "}, "body"),
        ({"body": "x" * 4001}, "body"),
        ({"body": "\x00"}, "body"),
        ({"body": 5.5, "client_id": []}, "client_id"),
        ({"reply_to_seq": -1}, "reply_to_seq"),
        ({"reply_to_seq": 2**63}, "reply_to_seq"),
        ({"sender_id": "1"}, "sender_id"),
        ({"media_ids": "1"}, "media_ids"),
    ):
        response = post_message(client, chat, **fields)
        assert response.status_code == 400, fields
        assert name in field_codes(response)
    assert problem(post_message(client, chat, reply_to_seq=3)) == (422, "bad_reply")
    assert problem(post_message(client, chat, post_id="3")) == (422, "attachments_unavailable")
    for query in (
        {"before_seq": 1, "after_seq": 1},
        {"before_seq": -1},
        {"before_seq": "x"},
        {"limit": 0},
        {"limit": 201},
        {"cursor": "x"},
    ):
        assert client.get(f"{URL}/{chat}/messages", query).status_code == 400, query
    for query in ({"after_rev": -1}, {"after_rev": 2**63}, {"limit": 501}):
        assert client.get(f"{URL}/{chat}/changes", query).status_code == 400, query
    assert problem(client.get(URL, {"cursor": "x.y"})) == (400, "bad_cursor")
    assert client.put(f"{URL}/{chat}/read", {}).status_code == 400


def test_limits_stop_who_opens_or_writes_too_much(client_of, ann, bob, chat, settings):
    settings.RATE_LIMIT_SCALE = 1 / 3600
    client = client_of(ann)
    assert post_message(client, chat).status_code == 201
    stopped = post_message(client, chat)
    assert (stopped.status_code, int(stopped["Retry-After"]) > 0) == (429, True)
    assert client.post(URL, {"user_ids": [str(bob.id)]}).status_code == 200
    assert client.post(URL, {"user_ids": [str(bob.id)]}).status_code == 429


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_the_rows(client_of, ann, person):
    friend = person()
    chat = open_chat(friend, ann)
    say(friend, chat, "one")
    client = client_of(ann)
    urls = (URL, f"{URL}/{chat}", f"{URL}/{chat}/messages", f"{URL}/{chat}/changes")
    for url in urls:
        client.get(url)
    few = [queries(client, url) for url in urls]
    for _ in range(12):
        other = person()
        say(other, open_chat(other, ann), "hello")
        say(friend, chat, "more")
    assert [queries(client, url) for url in urls] == few == [4, 4, 3, 6]


def test_pages_stay_on_this_server(client_of, ann, bob, chat):
    say(bob, chat, "one")
    say(bob, chat, "two")
    page = client_of(ann).get(f"{URL}/{chat}/messages", {"limit": 1}).json()
    assert urlsplit(page["previous"]).path == f"{URL}/{chat}/messages"
