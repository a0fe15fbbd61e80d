"""Who may open a socket, how long it lives, and with which code it ends."""

import asyncio
import time
from dataclasses import replace

import pytest

from accounts.constants import ClientKind
from accounts.models import User
from accounts.services import session_end, sessions_end_all
from messaging.consumers import consumer, session, sweep
from messaging.consumers.running import running_gateway
from tests.messaging.conftest import RefusedError

HOSTILE_ORIGINS = (
    "https://evil.example",
    "https://localhost.evil.example",
    "https://evil.example/?localhost",
    "http://localhost@evil.example",
    "null",
    "file://localhost",
    "http://[::1",
    "localhost",
)


async def refusal(connect, person=None, **how) -> int:
    """The code of a socket that is refused at the handshake or closed right after it."""
    try:
        return await (await connect(person, **how)).closed()
    except RefusedError as refused:
        return refused.code


async def test_the_subprotocol_is_confirmed(connect, ann):
    assert (await connect(ann)).subprotocol == "jyoti.v1"


async def test_a_socket_without_the_subprotocol_is_closed(connect, ann):
    assert await refusal(connect, ann, subprotocols=[]) == 4400
    assert await refusal(connect, ann, subprotocols=["graphql-ws"]) == 4400


async def test_a_foreign_origin_is_refused_before_accept(connect, ann):
    for origin in HOSTILE_ORIGINS:
        with pytest.raises(RefusedError):
            await connect(ann, origin=origin)


async def test_a_browser_ticket_without_an_origin_is_refused(connect, ann):
    assert await refusal(connect, ann, origin=None) == 4401


async def test_a_native_ticket_needs_no_origin_and_takes_none(connect, ann):
    def native():
        return ann.ticket(client=ClientKind.NATIVE, origin="")

    await (await connect(ann, ticket=native(), origin=None)).call("ping")
    assert await refusal(connect, ann, ticket=native()) == 4401


async def test_a_ticket_that_is_none_is_refused(connect, ann):
    for ticket in ("", "x", "%00", "é" * 50, "a" * 5000):
        assert await refusal(connect, ann, ticket=ticket) == 4401


async def test_without_a_ticket_a_socket_is_refused(connect, transactional_db):
    assert await refusal(connect) == 4401


async def test_a_ticket_serves_once(connect, ann):
    ticket = ann.ticket()
    await connect(ann, ticket=ticket)
    assert await refusal(connect, ann, ticket=ticket) == 4401


async def test_a_token_without_the_scope_of_messages_opens_no_socket(connect, ann):
    viewer = replace(ann.viewer, scopes=frozenset({"read", "write"}))
    other = replace(ann, claims=replace(ann.claims, viewer=viewer))
    assert await refusal(connect, other) == 4401


async def test_a_path_that_is_not_ours_is_refused(connect, ann):
    for path in ("/ws/v2", "/ws", "/", "/ws/v1/"):
        with pytest.raises(RefusedError):
            await connect(ann, path=path)


async def test_the_eleventh_socket_of_a_person_is_refused(connect, ann, bob):
    tabs = [await connect(ann) for _ in range(10)]
    assert await refusal(connect, ann) == 4409
    await connect(bob)
    await tabs[0].close()
    await (await connect(ann)).call("ping")


async def test_a_full_process_refuses_the_handshake(connect, ann, monkeypatch):
    await connect(ann)
    monkeypatch.setattr(consumer, "MOST_SOCKETS", 1)
    with pytest.raises(RefusedError):
        await connect(ann)


async def test_logging_out_closes_the_sessions_sockets_at_once(connect, ann, bob):
    tabs, bobs = [await connect(ann), await connect(ann)], await connect(bob)
    await in_thread(lambda: session_end(user_id=ann.id, session_id=ann.viewer.session_id))
    assert [await tab.closed(1) for tab in tabs] == [4401, 4401]
    await bobs.call("ping")


async def test_a_session_that_ended_without_an_order_is_found_within_five_seconds(
    connect, ann, monkeypatch
):
    monkeypatch.setattr(sweep, "EVERY_S", 0.05)
    tab = await connect(ann)
    await in_thread(lambda: ann.user.sessions.update(revoked_at="2026-01-01T00:00:00Z"))
    started = time.monotonic()
    assert await tab.closed() == 4401
    # At one turn a second this is 5 s at most.
    assert time.monotonic() - started < 5 * 0.05 + 0.5


async def test_a_suspended_person_loses_the_socket(connect, ann, monkeypatch):
    monkeypatch.setattr(sweep, "EVERY_S", 0.05)
    tab = await connect(ann)
    await in_thread(lambda: User.objects.filter(pk=ann.id).update(state="suspended"))
    assert await tab.closed() == 4403
    assert [frame["t"] for frame in tab.pushed] == ["session.revoked"]


async def test_logging_out_everywhere_voids_an_old_ticket(connect, ann):
    tab, ticket = await connect(ann), ann.ticket()
    await in_thread(lambda: sessions_end_all(user_id=ann.id))
    assert await tab.closed() == 4401
    assert await refusal(connect, ann, ticket=ticket) == 4401


async def test_sixty_seconds_of_silence_close_the_socket(connect, ann, monkeypatch):
    monkeypatch.setattr(sweep, "EVERY_S", 0.05)
    monkeypatch.setattr(session, "SILENCE_S", 0.3)
    silent, loud = await connect(ann), await connect(ann)
    waiting = asyncio.create_task(silent.closed())
    while not waiting.done():
        await loud.call("ping")
        await asyncio.sleep(0.05)
    assert waiting.result() == 4408
    await loud.call("ping")


async def test_the_end_of_the_access_is_announced_and_then_closes_the_socket(
    connect, ann, monkeypatch
):
    monkeypatch.setattr(sweep, "EVERY_S", 0.05)
    ends_soon = replace(ann, claims=replace(ann.claims, expires_at=int(time.time()) + 2))
    tab = await connect(ends_soon)
    assert (await tab.push("auth.expiring")).keys() == {"expires_at"}
    assert await tab.closed() == 4401


async def test_a_fresh_ticket_keeps_the_socket_open(connect, ann, bob, monkeypatch):
    monkeypatch.setattr(sweep, "EVERY_S", 0.05)
    ends_soon = replace(ann, claims=replace(ann.claims, expires_at=int(time.time()) + 2))
    tab = await connect(ends_soon)
    await tab.push("auth.expiring")
    assert (await tab.fail("auth.refresh", ticket=bob.ticket()))["code"] == "other_person"
    assert (await tab.fail("auth.refresh", ticket="spent"))["code"] == "token_expired"
    assert (await tab.call("auth.refresh", ticket=ann.ticket())).keys() == {"expires_at"}
    await asyncio.sleep(2.1)
    await tab.call("ping")


async def in_thread(function):
    return await running_gateway().in_thread(function)
