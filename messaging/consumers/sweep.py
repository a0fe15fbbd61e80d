"""Looks after open sockets by the clock: silence, access that ended, draining, news, delays."""

import asyncio
import logging
from typing import cast

from messaging.constants import CloseCode
from messaging.consumers.draining import Draining
from messaging.consumers.gateway import Gateway
from messaging.consumers.news import FeedNews
from messaging.consumers.session import Session
from messaging.selectors import live_epochs

log = logging.getLogger(__name__)

EVERY_S = 1.0
# A revoked session loses its sockets within 5 s, also when the order to close them was lost.
SESSIONS_EVERY = 3
DELAYS_EVERY = 60


async def sweep(gateway: Gateway, draining: Draining) -> None:
    """Run for as long as the process has a gateway."""
    turn, news = 0, FeedNews(gateway)
    while True:
        await asyncio.sleep(EVERY_S)
        turn += 1
        sessions = cast("list[Session]", gateway.hub.sockets())
        try:
            draining.follow_file()
            if turn % DELAYS_EVERY == 0:
                gateway.delays.report()
            for session in sessions:
                session.check()
            if turn % SESSIONS_EVERY == 0 and sessions:
                await _close_ended(gateway, sessions)
            await news.tell(turn)
        except Exception:
            log.exception("open sockets were not checked")


async def _close_ended(gateway: Gateway, sessions: list[Session]) -> None:
    ids = {session.session_id for session in sessions if session.session_id is not None}
    epochs = await gateway.in_thread(lambda: live_epochs(session_ids=ids))
    for session in sessions:
        if epochs.get(session.session_id or 0) != session.epoch:
            session.shut(CloseCode.UNAUTHENTICATED)
