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
# So many sockets are looked after at once, and the rest later in the same turn: a thousand at once
# would hold every message up.
AT_ONCE = 50
SPREAD_S = 0.8 * EVERY_S


async def sweep(gateway: Gateway, draining: Draining) -> None:
    """Run for as long as the process has a gateway."""
    turn, news, clock = 0, FeedNews(gateway), gateway.loop.time
    next_at = clock()
    while True:
        next_at = max(next_at + EVERY_S, clock())
        await asyncio.sleep(next_at - clock())
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
    await gateway.presence.tell_due()
    for start in range(0, len(sessions), AT_ONCE):
        part = sessions[start : start + AT_ONCE]
        for session in part:
            session.check()
        if turn % SESSIONS_EVERY == 0:
            await _close_ended(gateway, part)
        await gateway.presence.refresh(part, turn)
        if len(sessions) > AT_ONCE:
            await asyncio.sleep(SPREAD_S * AT_ONCE / len(sessions))
    if turn % REFRESH_S == 0:
        await gateway.presence.look_again()


async def _close_ended(gateway: Gateway, sessions: list[Session]) -> None:
    seen = {(session.session_id or 0, session.epoch) for session in sessions}
    ended = await gateway.in_thread(lambda: ended_sessions(seen=seen))
    for session in sessions:
        is_suspended = ended.get((session.session_id or 0, session.epoch))
        if is_suspended is not None:
            session.revoke(CloseCode.SUSPENDED if is_suspended else CloseCode.UNAUTHENTICATED)
