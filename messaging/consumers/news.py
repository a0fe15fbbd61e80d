"""`feed.new_available`: sockets hear that their home feed grew, gathered and not post by post.

Each process looks for itself, every EVERY_S seconds, for its own sockets: the work grows with what
is new and with who is there, and a post of somebody whom very many follow starts no storm.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from core.realtime import envelope
from core.realtime.envelopes import encode, timestamp
from core.realtime.routes import Push, user_key
from messaging.consumers.gateway import Gateway
from posts.selectors import News, feed_news

EVERY_S: Final = 5
# So long nobody hears of it twice, however much comes.
PAUSE_S: Final = 15.0
# What is committed late is still found within this time.
LOOK_BACK: Final = timedelta(seconds=60)


class FeedNews:
    """What this process has seen of new posts, and whom it has told."""

    def __init__(self, gateway: Gateway, clock: Callable[[], float] = time.monotonic) -> None:
        self._gateway, self._clock = gateway, clock
        self._known: dict[int, datetime] | None = None
        self._due: dict[int, datetime] = {}
        self._told_at: dict[int, float] = {}

    async def tell(self, turn: int) -> None:
        """Look every EVERY_S turns, and tell whom it concerns."""
        if turn % EVERY_S:
            return
        here = {socket.user_id for socket in self._gateway.hub.sockets()}
        since = datetime.now(UTC) - LOOK_BACK
        known = self._known or {}
        found: list[News] = []
        if here or self._known is None:
            found = await self._gateway.in_thread(
                lambda: feed_news(user_ids=here, since=since, known=known)
            )
        self._note(found, since)
        self._push(here)

    def _note(self, found: list[News], since: datetime) -> None:
        is_first, known = self._known is None, self._known or {}
        known |= {news.post_id: news.published_at for news in found}
        self._known = {post_id: at for post_id, at in known.items() if at > since}
        # What was there before this process began is no news.
        if is_first:
            return
        for news in found:
            for user_id in news.user_ids:
                newest = self._due.get(user_id, news.published_at)
                self._due[user_id] = max(newest, news.published_at)

    def _push(self, here: set[int]) -> None:
        now = self._clock()
        self._told_at = {user_id: at for user_id, at in self._told_at.items() if now - at < PAUSE_S}
        self._due = {user_id: at for user_id, at in self._due.items() if user_id in here}
        ready = [user_id for user_id in self._due if user_id not in self._told_at]
        for user_id in ready:
            newest: dict[str, Any] = {
                "timeline": "home",
                "newest_at": timestamp(self._due.pop(user_id)),
            }
            text = encode(envelope("feed.new_available", newest))
            self._gateway.hub.deliver(Push((user_key(user_id),), "frame", text))
            self._told_at[user_id] = now
