"""The commands of a socket: those of messaging here, those of other apps from the registry."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, cast

import orjson

from accounts.services import ws_ticket_redeem
from accounts.shapes import UserSummaryShape
from core.errors import ApplicationError, RuleError
from core.realtime import envelope
from core.realtime.envelopes import encode, timestamp
from core.realtime.presence import State
from core.registry import SocketCommand, badge_counts, socket_commands
from messaging.constants import HEARTBEAT_S, PRESENCE_MAX, TYPING_EVERY_S
from messaging.consumers.frames import Command, Fields
from messaging.consumers.session import Session
from messaging.selectors import (
    changed_since,
    inbox_version,
    member_ids_for,
    typing_audience,
)
from messaging.services import (
    Outcome,
    announcements,
    attachments_check,
    conversation_read,
    message_draft,
)
from messaging.shapes import message_shape, presence_shape

MOST_TYPING = 100

Data = dict[str, Any]
#: Returns the ack's data, or None when the answer comes later. Raises ApplicationError.
Handler = Callable[[Session, Command, Fields], Awaitable[Data | None]]


async def carry_out(session: Session, command: Command) -> Data | None:
    """Run one command. Raises ApplicationError; `unknown_type` for a type nobody knows."""
    handler = _HANDLERS.get(command.type)
    if handler is not None:
        return await handler(session, command, Fields(command.data))
    registered = socket_commands.get(command.type)
    if registered is None:
        raise RuleError("There is no such command.", code="unknown_type")
    return await _registered(session, command, registered)


async def _hello(session: Session, command: Command, fields: Fields) -> Data:
    fields.text("client", default="")
    version = fields.number_or_none("inbox_version")
    fields.end()
    return await _start(session, version)


async def _resume(session: Session, command: Command, fields: Fields) -> Data:
    fields.text("client", default="")
    version = fields.number("inbox_version")
    fields.end()
    return await _start(session, version)


async def _start(session: Session, version: int | None) -> Data:
    # After this every push reaches this process, so that nothing falls between state and pushes.
    await session.gateway.registered()
    user_id = session.user_id

    def state() -> Data:
        badges = badge_counts(user_id)
        if version is None:
            return {"inbox_version": inbox_version(user_id=user_id), "badges": badges}
        changed = changed_since(user_id=user_id, version=version)
        return {
            "inbox_version": changed.inbox_version,
            "changed": changed.conversations,
            "badges": badges,
        }

    # The person is known before their first message, which then waits for nothing.
    found, _ = await asyncio.gather(
        session.gateway.in_thread(state), session.gateway.person(user_id)
    )
    return {
        "session_id": str(session.session_id),
        "server_time": _now(),
        "heartbeat_s": HEARTBEAT_S,
        **found,
    }


async def _ping(session: Session, command: Command, fields: Fields) -> Data:
    fields.end()
    version = await session.gateway.inbox_version(session.user_id)
    return {"server_time": _now(), "inbox_version": version}


async def _message_send(session: Session, command: Command, fields: Fields) -> None:
    message_put(session, command, await session.gateway.person(session.user_id))


def message_put(session: Session, command: Command, sender: UserSummaryShape | None) -> None:
    """`message.send`: give the message to the Batcher, which answers. Raises ApplicationError."""
    arrived_at, fields = session.heard_at, Fields(command.data)
    draft = message_draft(
        viewer=session.viewer,
        conversation_id=fields.row_id("conversation_id"),
        client_id=fields.uuid("client_id"),
        body=fields.text("body", default=""),
        reply_to_seq=fields.number_or_none("reply_to_seq"),
    )
    attachments_check(fields.anything("media_ids"), fields.anything("post_id"))
    fields.end()
    people = {session.user_id: sender} if sender else {}

    def done(outcome: Outcome) -> None:
        if isinstance(outcome, ApplicationError):
            session.refuse(command.id, outcome)
            return
        # Encoded once, for the ack and for every receiver.
        message = orjson.Fragment(encode(message_shape(outcome.row, people)))
        session.ack(command.id, {"message": message, "duplicate": outcome.is_duplicate})
        for user_ids, announcement in announcements(outcome, message):
            session.gateway.push(user_ids, announcement)
        session.gateway.note_delay(arrived_at)

    session.gateway.batcher.put(draft, done)


async def _read_mark(session: Session, command: Command, fields: Fields) -> Data:
    conversation_id, seq = fields.row_id("conversation_id"), fields.number("seq")
    fields.end()
    viewer = session.viewer
    read = await session.gateway.in_thread(
        lambda: conversation_read(viewer=viewer, conversation_id=conversation_id, seq=seq)
    )
    return {"seq": read}


async def _typing_start(session: Session, command: Command, fields: Fields) -> Data:
    conversation_id = fields.row_id("conversation_id")
    fields.end()
    now = session.gateway.loop.time()
    if now - session.typing_since.get(conversation_id, -TYPING_EVERY_S) >= TYPING_EVERY_S:
        await _tell_typing(session, conversation_id, is_typing=True)
        if len(session.typing_since) >= MOST_TYPING:
            session.typing_since.clear()
        session.typing_since[conversation_id] = now
    return {}


async def _typing_stop(session: Session, command: Command, fields: Fields) -> Data:
    conversation_id = fields.row_id("conversation_id")
    fields.end()
    if session.typing_since.pop(conversation_id, None) is not None:
        await _tell_typing(session, conversation_id, is_typing=False)
    return {}


async def _tell_typing(session: Session, conversation_id: int, *, is_typing: bool) -> None:
    viewer = session.viewer

    def audience() -> list[int]:
        members = member_ids_for(viewer=viewer, conversation_id=conversation_id)
        return typing_audience(viewer=viewer, member_ids=members)

    others = await session.gateway.in_thread(audience)
    data = {
        "conversation_id": str(conversation_id),
        "user_id": str(session.user_id),
        "typing": is_typing,
    }
    session.gateway.push(others, envelope("typing", data))


async def _presence_subscribe(session: Session, command: Command, fields: Fields) -> Data:
    user_ids = fields.row_ids("user_ids", most=PRESENCE_MAX)
    fields.end()
    return {"states": await session.gateway.presence.watch(session, user_ids)}


async def _presence_set(session: Session, command: Command, fields: Fields) -> Data:
    state = fields.choice("state", ("active", "away"))
    fields.end()
    presence = await session.gateway.presence.change(session, cast("State", state))
    return {"states": [presence_shape(session.user_id, presence)]}


async def _auth_refresh(session: Session, command: Command, fields: Fields) -> Data:
    ticket = fields.text("ticket")
    fields.end()
    origin = session.origin
    pass_ = await session.gateway.in_thread(lambda: ws_ticket_redeem(ticket=ticket, origin=origin))
    if pass_.viewer.pk != session.user_id:
        raise RuleError("This ticket is somebody else's.", code="other_person")
    session.use(pass_)
    return {"expires_at": session.expires}


class _Topics:
    """Collects in the thread what is applied on the loop."""

    def __init__(self) -> None:
        self.changes: list[tuple[bool, str]] = []

    def watch(self, topic: str) -> None:
        self.changes.append((True, topic))

    def unwatch(self, topic: str) -> None:
        self.changes.append((False, topic))


async def _registered(session: Session, command: Command, run: SocketCommand) -> Data:
    topics, viewer = _Topics(), session.viewer
    data = await session.gateway.in_thread(
        lambda: run(viewer=viewer, data=command.data, topics=topics)
    )
    for is_watched, topic in topics.changes:
        (session.watch if is_watched else session.unwatch)(topic)
    return data


def _now() -> str:
    return timestamp(datetime.now(UTC))


_HANDLERS: dict[str, Handler] = {
    "hello": _hello,
    "resume": _resume,
    "ping": _ping,
    "message.send": _message_send,
    "read.mark": _read_mark,
    "typing.start": _typing_start,
    "typing.stop": _typing_stop,
    "presence.subscribe": _presence_subscribe,
    "presence.set": _presence_set,
    "auth.refresh": _auth_refresh,
}
