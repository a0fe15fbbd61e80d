"""From a frame to its answer: every command is answered exactly once, whatever goes wrong."""

import logging

from django.db import Error as DatabaseError
from redis.exceptions import RedisError

from core.errors import ApplicationError, RateLimitedError, UnavailableError
from messaging.constants import FRAME_BYTES_MAX, CloseCode
from messaging.consumers.commands import carry_out, message_put
from messaging.consumers.frames import BadFrameError, Command, read_command
from messaging.consumers.session import Session

log = logging.getLogger(__name__)

MOST_BAD_FRAMES = 10


class ServerError(ApplicationError):
    """A mistake of ours; the log has it."""

    status = 500
    code = "internal"
    detail = "Something went wrong on our side."


def take_at_once(session: Session, frame: bytes) -> bool:
    """Take a message to be sent where nothing has to be waited for; False leaves it to take_frame.

    Most frames are such, and a task that waits for each costs more than the rest of the work.
    """
    if session.is_closing or session.is_taking or len(frame) > FRAME_BYTES_MAX:
        return False
    buckets, user_id = session.gateway.buckets, session.user_id
    sender = session.gateway.known_person(user_id)
    # A flood is not even read here.
    if sender is None or not buckets.may_take_now(user_id):
        return False
    try:
        command = read_command(frame)
    except BadFrameError:
        return False
    if command.type != "message.send" or not buckets.take_now(user_id):
        return False
    session.heard_at = session.gateway.loop.time()
    session.unanswered += 1
    try:
        message_put(session, command, sender)
    except Exception as error:  # noqa: BLE001  told to the client, and ours to the log
        session.refuse(command.id, _as_told(command, error))
    return True


async def take_frame(session: Session, text: str | None) -> None:
    """Answer one frame, or close the socket for it; binary frames have no text."""
    if session.is_closing:
        return
    session.heard_at = session.gateway.loop.time()
    frame = (text or "").encode(errors="surrogatepass")
    if text is None:
        session.shut(CloseCode.BAD_FRAME)
    elif len(frame) > FRAME_BYTES_MAX:
        session.shut(CloseCode.TOO_LARGE)
    else:
        session.is_taking = True
        try:
            await _answer(session, frame)
        finally:
            session.is_taking = False


async def _answer(session: Session, frame: bytes) -> None:
    session.unanswered += 1
    buckets = session.gateway.buckets
    is_allowed = buckets.take_now(session.user_id) or await buckets.take(session.user_id)
    try:
        command = read_command(frame)
    except BadFrameError as error:
        session.refuse(error.answers, error)
        session.bad_frames += 1
        if session.bad_frames > MOST_BAD_FRAMES:
            session.shut(CloseCode.BAD_FRAME)
        return
    if is_allowed:
        await _carry_out(session, command)
        return
    session.refuse(command.id, RateLimitedError(retry_after=1))
    if buckets.of(session.user_id).is_flooded:
        session.shut(CloseCode.TOO_FAST)


async def _carry_out(session: Session, command: Command) -> None:
    try:
        data = await carry_out(session, command)
    except Exception as error:  # noqa: BLE001  told to the client, and ours to the log
        session.refuse(command.id, _as_told(command, error))
    else:
        if data is not None:
            session.ack(command.id, data)


def _as_told(command: Command, error: Exception) -> ApplicationError:
    """What the client is told of an error; the log has the rest."""
    if isinstance(error, ApplicationError):
        return error
    if isinstance(error, (DatabaseError, RedisError)):
        log.warning("a part is away", extra={"command": command.type}, exc_info=error)
        return UnavailableError(retry_after=1)
    log.error("command failed", extra={"command": command.type}, exc_info=error)
    return ServerError()
