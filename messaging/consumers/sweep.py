"""Looks after open sockets by the clock: silence, ended access, draining, presence, news, delays."""

import asyncio
import logging
from typing import cast

from core.realtime.presence import REFRESH_S
from messaging.constants import CloseCode
from messaging.consumers.draining import Draining
from messaging.consumers.gateway import Gateway
from messaging.consumers.news import FeedNews
from messaging.consumers.session import Session
from messaging.selectors import ended_sessions

log = logging.getLogger(__name__)

EVERY_S = 1.0
# A revoked session loses its sockets within 5 s, also when the order to close them was lost.
SESSIONS_EVERY = 3
DELAYS_EVERY = 60
# Between so many sockets others get a turn: ten thousand at once would hold every message up.
AT_ONCE = 500


async def sweep(gateway: Gateway, draining: Draining) -> None:
    """Run for as long as the process has a gateway."""
    turn, news = 0, FeedNews(gateway)
    while True:
        await asyncio.sleep(EVERY_S)
        turn += 1
        try:
            draining.follow_file()
            if turn % DELAYS_EVERY == 0:
                gateway.delays.report()
            await _look_after(gateway, turn)
            await news.tell(turn)
        except Exception:
            log.exception("open sockets were not checked")


async def _look_after(gateway: Gateway, turn: int) -> None:
    sessions = cast("list[Session]", gateway.hub.sockets())
    for start in range(0, len(sessions), AT_ONCE):
        part = sessions[start : start + AT_ONCE]
        for session in part:
            session.check()
        if turn % SESSIONS_EVERY == 0:
            await _close_ended(gateway, part)
        await asyncio.sleep(0)
    await gateway.presence.refresh(sessions, turn)
    await gateway.presence.tell_due()
    if turn % REFRESH_S == 0:
        await gateway.presence.look_again()


async def _close_ended(gateway: Gateway, sessions: list[Session]) -> None:
    seen = {(session.session_id or 0, session.epoch) for session in sessions}
    ended = await gateway.in_thread(lambda: ended_sessions(seen=seen))
    for session in sessions:
        is_suspended = ended.get((session.session_id or 0, session.epoch))
        if is_suspended is not None:
            session.revoke(CloseCode.SUSPENDED if is_suspended else CloseCode.UNAUTHENTICATED)
