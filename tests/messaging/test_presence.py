"""Who is online, over tabs and processes, and who may see it."""

import asyncio

import pytest

from accounts.constants import RelationKind
from accounts.services import (
    block_create,
    follow_create,
    follow_end,
    relation_set,
    settings_update,
)
from core.realtime.presence import presence_of
from core.redis import key, sync_redis
from messaging.consumers import presence, sweep
from messaging.consumers.running import running_gateway
from messaging.selectors import presence_for
from tests.live import sockets_of
from tests.messaging.conftest import say


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(sweep, "EVERY_S", 0.03)
    monkeypatch.setattr(presence, "LINGER_S", 0.2)


def follow(one, other):
    follow_create(follower_id=one.id, followee=other.user)


def block(one, other):
    block_create(owner_id=one.id, target=other.user)


def restrict(one, other):
    relation_set(owner_id=one.id, target=other.user, kind=RelationKind.RESTRICT)


def hide(person):
    settings_update(user_id=person.id, activity_status=False)


async def run(function):
    return await running_gateway().in_thread(function)


@pytest.fixture
def talk(ann, bob, chat):
    """ann and bob have written to each other."""
    say(ann, chat, "hello")
    return chat


def state(person, seen="active", at=None):
    return {"user_id": str(person.id), "state": seen, "last_seen_at": at}


async def subscribe(tab, *people):
    ids = [str(person.id) for person in people]
    return (await tab.call("presence.subscribe", user_ids=ids))["states"]


async def test_the_answer_tells_each_state_and_later_each_change(connect, ann, bob, talk):
    bobs = await connect(bob)
    assert await subscribe(bobs, ann) == [state(ann, "offline")]
    tab = await connect(ann)
    assert await bobs.push("presence.update") == state(ann)
    assert await tab.call("presence.set", state="away") == {"states": [state(ann, "away")]}
    assert await bobs.push("presence.update") == state(ann, "away")
    await tab.close()
    gone = await bobs.push("presence.update")
    assert (gone["state"], gone["last_seen_at"] is None) == ("offline", False)


async def test_somebody_is_active_while_any_tab_is(connect, ann, bob, talk):
    one, two, bobs = await connect(ann), await connect(ann), await connect(bob)
    await subscribe(bobs, ann)
    assert await one.call("presence.set", state="away") == {"states": [state(ann)]}
    await two.close()
    # That she came may be told late.
    while (seen := await bobs.push("presence.update")) == state(ann):
        pass
    assert seen == state(ann, "away")


async def test_a_page_that_is_loaded_anew_is_no_news(connect, ann, bob, talk, monkeypatch):
    monkeypatch.setattr(presence, "LINGER_S", 5)
    tab, bobs = await connect(ann), await connect(bob)
    await subscribe(bobs, ann)
    await bobs.nothing("none", 0.1)
    bobs.pushed.clear()
    await tab.close()
    await connect(ann)
    await bobs.nothing("none", 0.2)
    assert {frame["d"]["state"] for frame in bobs.pushed} <= {"active"}


async def test_a_new_subscription_replaces_the_one_before(connect, ann, bob, cid, talk):
    bobs = await connect(bob)
    await subscribe(bobs, ann)
    assert await subscribe(bobs) == []
    await connect(ann)
    await bobs.nothing("presence.update")


async def test_processes_know_of_each_other(connect, ann, bob, talk):
    bobs = await connect(bob)
    await subscribe(bobs, ann)
    sync_redis().hset(key("pr", ann.id), "elsewhere:1", "99999999999:active")
    assert await subscribe(bobs, ann) == [state(ann)]


async def test_a_process_that_was_killed_is_noticed_by_looking_again(
    connect, ann, bob, talk, monkeypatch
):
    monkeypatch.setattr(sweep, "REFRESH_S", 2)
    sync_redis().hset(key("pr", ann.id), "killed:1", "99999999999:active")
    bobs = await connect(bob)
    assert await subscribe(bobs, ann) == [state(ann)]
    sync_redis().hset(key("pr", ann.id), "killed:1", "1:active")
    assert (await bobs.push("presence.update"))["state"] == "offline"


async def test_sockets_are_kept_from_expiring(connect, ann, monkeypatch):
    await connect(ann)
    (field,) = sync_redis().hkeys(key("pr", ann.id))
    sync_redis().hset(key("pr", ann.id), field, "1:active")
    async with asyncio.timeout(5):
        while presence_of([ann.id])[ann.id].state != "active":  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_without_redis_everybody_is_offline_and_nothing_fails(
    connect, ann, bob, talk, no_redis
):
    viewer = bob.viewer
    assert await run(lambda: presence_for(viewer=viewer, user_ids=[ann.id])) == [
        state(ann, "offline")
    ]


@pytest.mark.parametrize(
    ("because", "act"),
    [
        ("they are strangers", lambda ann, bob: None),
        ("only the viewer follows", lambda ann, bob: follow(bob, ann)),
        ("ann blocks", lambda ann, bob: (follow(ann, bob), block(ann, bob))),
        ("the viewer blocks", lambda ann, bob: (follow(ann, bob), block(bob, ann))),
        ("ann restricts", lambda ann, bob: (follow(ann, bob), restrict(ann, bob))),
        ("ann hides", lambda ann, bob: (follow(ann, bob), hide(ann))),
        ("the viewer hides", lambda ann, bob: (follow(ann, bob), hide(bob))),
    ],
)
async def test_who_may_not_see_it_is_told_offline(connect, ann, bob, because, act):
    await connect(ann)
    await run(lambda: act(ann, bob))
    bobs = await connect(bob)
    assert (because, await subscribe(bobs, ann)) == (because, [state(ann, "offline")])


async def test_who_is_followed_by_somebody_sees_them(connect, ann, bob):
    await connect(ann)
    await run(lambda: follow(ann, bob))
    assert await subscribe(await connect(bob), ann) == [state(ann)]


@pytest.mark.parametrize(
    "act",
    [
        block,
        lambda ann, bob: block(bob, ann),
        restrict,
        lambda ann, bob: follow_end(follower_id=ann.id, followee_id=bob.id),
        lambda ann, bob: hide(bob),
    ],
)
async def test_who_may_see_it_no_more_hears_no_more(connect, ann, bob, act):
    await run(lambda: follow(ann, bob))
    tab, bobs = await connect(ann), await connect(bob)
    await subscribe(bobs, ann)
    await bobs.nothing("none", 0.1)
    await run(lambda: act(ann, bob))
    await bobs.nothing("none", 0.05)
    bobs.pushed.clear()
    await tab.call("presence.set", state="away")
    await bobs.nothing("presence.update")


async def test_who_hides_is_shown_as_gone_at_once(connect, ann, bob, talk):
    tab, bobs = await connect(ann), await connect(bob)
    await subscribe(bobs, ann)
    await bobs.nothing("none", 0.1)
    bobs.pushed.clear()
    await run(lambda: hide(ann))
    assert await bobs.push("presence.update") == state(ann, "offline")
    await tab.call("presence.set", state="away")
    await bobs.nothing("presence.update")


async def test_typing_is_hidden_where_one_restricts_the_other(connect, ann, bob, talk):
    tab, bobs = await connect(ann), await connect(bob)
    for owner, target in ((ann, bob), (bob, ann)):
        await run(lambda owner=owner, target=target: restrict(owner, target))
        await tab.call("typing.start", conversation_id=str(talk))
        await bobs.nothing("typing")


async def test_typing_reaches_all_tabs_of_the_other(connect, ann, bob, talk):
    tab, tabs = await connect(ann), [await connect(bob), await connect(bob)]
    await tab.call("typing.start", conversation_id=str(talk))
    for other in tabs:
        assert (await other.push("typing"))["user_id"] == str(ann.id)


async def test_typing_reaches_other_processes(connect, ann, bob, talk):
    tab = await connect(ann)
    with sockets_of(user_ids=(ann.id, bob.id)) as received:
        for what in ("typing.start", "typing.stop"):
            await tab.call(what, conversation_id=str(talk))
        frames = await asyncio.to_thread(received)
    said = {"conversation_id": str(talk), "user_id": str(ann.id)}
    assert frames == [
        ([f"u:{bob.id}"], "typing", {**said, "typing": is_typing}) for is_typing in (True, False)
    ]


def test_over_http_each_person_asked_for_has_one_entry(ann, bob, api, chat):
    sync_redis().hset(key("pr", ann.id), "elsewhere:1", "99999999999:away")
    say(ann, chat, "hello")
    answer = api(bob.user).get(f"/api/v1/presence?user_ids={ann.id},{2**40},{ann.id}")
    assert answer.json() == {
        "results": [
            state(ann, "away"),
            {"user_id": str(2**40), "state": "offline", "last_seen_at": None},
        ]
    }


def test_who_is_online_takes_as_many_queries_for_many_as_for_one(
    ann, bob, make_user, django_assert_num_queries
):
    viewer = bob.viewer
    for ids in ([ann.id], [make_user().pk for _ in range(3)]):
        with django_assert_num_queries(1):
            presence_for(viewer=viewer, user_ids=ids)


@pytest.mark.parametrize("ids", ["", "0", "x", "-1", "1,,b", "01", ",".join(["1"] * 101), "1" * 30])
def test_lists_that_are_none_are_refused(ann, api, ids):
    answer = api(ann.user).get(f"/api/v1/presence?user_ids={ids}")
    assert answer.status_code == 400, answer.json()
