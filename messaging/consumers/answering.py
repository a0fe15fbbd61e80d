"""From a frame to its answer: every command is answered exactly once, whatever goes wrong."""

import logging

from django.db import Error as DatabaseError
from redis.exceptions import RedisError

from core.errors import ApplicationError, RateLimitedError, UnavailableError
from messaging.constants import FRAME_BYTES_MAX, CloseCode
from messaging.consumers.commands import carry_out
from messaging.consumers.frames import BadFrameError, Command, read_command
from messaging.consumers.session import Session

log = logging.getLogger(__name__)

MOST_BAD_FRAMES = 10


class ServerError(ApplicationError):
    """A mistake of ours; the log has it."""

    status = 500
    code = "internal"
    detail = "Something went wrong on our side."


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
        await _answer(session, frame)


async def _answer(session: Session, frame: bytes) -> None:
    session.unanswered += 1
    buckets = session.gateway.buckets
    is_allowed = await buckets.take(session.user_id)
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
    except ApplicationError as error:
        session.refuse(command.id, error)
    except (DatabaseError, RedisError):
        log.warning("a part is away", extra={"command": command.type}, exc_info=True)
        session.refuse(command.id, UnavailableError(retry_after=1))
    except Exception:
        log.exception("command failed", extra={"command": command.type})
        session.refuse(command.id, ServerError())
    else:
        if data is not None:
            session.ack(command.id, data)
