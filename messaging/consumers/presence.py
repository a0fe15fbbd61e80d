"""Which people are online: their sockets of this process, and whom these watch.

What changes is told by the sweep, a second later at most, and somebody who goes only after
LINGER_S: a page that is loaded anew is no news. Whoever watches hears by the topic
`presence:<user>`; what got lost, as with a killed process, is found by looking again.
"""

import asyncio
import itertools
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.conf import settings

from core.realtime.envelopes import encode, envelope
from core.realtime.presence import (
    EXPIRY_S,
    LOOK,
    OFFLINE,
    REFRESH_S,
    TOUCH,
    Presence,
    State,
    look_names,
    looked,
    presence_names,
)
from core.realtime.routes import Push, by_shard, topic_key, user_key
from core.realtime.trips import Trips
from core.redis import async_redis
from core.viewer import Viewer
from messaging.constants import SOCKETS_MAX
from messaging.selectors import presence_seen_by, presence_shown
from messaging.shapes import PresenceShape, presence_shape

if TYPE_CHECKING:
    from messaging.consumers.gateway import Gateway
    from messaging.consumers.session import Session

LINGER_S = 10.0
MOST_LOOKED_AT = 500
PREFIX = "presence:"


class Sockets:
    """Presence as one gateway writes and reads it."""

    def __init__(self, gateway: "Gateway") -> None:
        self._gateway = gateway
        self._trips = [Trips(async_redis(index)) for index in range(len(settings.REDIS_URLS))]
        self._numbers = itertools.count()
        self._leaving: set[asyncio.Task[None]] = set()
        self._due: dict[int, float] = {}
        #: What the watched were when this process last looked.
        self._known: dict[int, Presence] = {}

    async def join(self, session: "Session") -> bool:
        """Count the socket; False when the person has SOCKETS_MAX already, over all processes."""
        session.number = next(self._numbers)
        answer = await self._touch(session, "active")
        if answer is None:
            return len(self._gateway.hub.sockets_of(session.user_id)) < SOCKETS_MAX
        before, _, is_allowed = answer
        if is_allowed and before == b"offline":
            self._due[session.user_id] = 0.0
        return bool(is_allowed)

    def leave(self, session: "Session") -> None:
        """The socket is gone."""
        task = self._gateway.loop.create_task(self._leave(session))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def change(self, session: "Session", state: State) -> Presence:
        """The person is active or away in this tab; what they are altogether."""
        session.presence = state
        answer = await self._touch(session, state)
        if answer is not None and answer[0] != answer[1]:
            self._due[session.user_id] = 0.0
        return (await self._look([session.user_id]))[session.user_id]

    async def watch(self, session: "Session", user_ids: list[int]) -> list[PresenceShape]:
        """From now on the socket hears of these people, and of nobody else; what they are now.

        Who does not let the viewer see is offline and stays so.
        """
        viewer: Viewer = session.viewer
        seen = await self._gateway.in_thread(
            lambda: presence_seen_by(viewer=viewer, user_ids=user_ids)
        )
        session.watch_only(PREFIX, [f"{PREFIX}{user_id}" for user_id in sorted(seen)])
        states = await self._look(seen)
        self._known |= states
        return [presence_shape(user_id, states.get(user_id, OFFLINE)) for user_id in user_ids]

    async def refresh(self, sessions: Iterable["Session"], turn: int) -> None:
        """Keep the sockets from expiring: each once in REFRESH_S turns."""
        place = turn % REFRESH_S
        mine = [session for session in sessions if session.number % REFRESH_S == place]
        await asyncio.gather(*(self._touch(session, session.presence) for session in mine))

    async def tell_due(self) -> None:
        """Push what changed, and what did not change back within LINGER_S."""
        now = self._gateway.loop.time()
        ids = [user_id for user_id, at in self._due.items() if at <= now][:MOST_LOOKED_AT]
        for user_id in ids:
            del self._due[user_id]
        for user_id, presence in (await self._shown(ids)).items():
            self._gateway.hub.push(_news(user_id, presence))

    async def look_again(self) -> None:
        """Find what nobody told, and tell it to the watchers of this process."""
        watched = [int(topic.removeprefix(PREFIX)) for topic in self._gateway.hub.watched(PREFIX)]
        known, self._known = self._known, {}
        for start in range(0, len(watched), MOST_LOOKED_AT):
            part = watched[start : start + MOST_LOOKED_AT]
            states = await self._look(part)
            self._known |= states
            changed = [user_id for user_id in part if known.get(user_id) != states[user_id]]
            for user_id, presence in (await self._shown(changed)).items():
                self._gateway.hub.deliver(_news(user_id, presence))

    async def stop(self) -> None:
        """Take the sockets out that are on their way out, and close the connections."""
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=1)
        await asyncio.gather(*(trips.stop() for trips in self._trips))

    async def _leave(self, session: "Session") -> None:
        answer = await self._touch(session, "gone")
        if answer is None or answer[0] == answer[1]:
            return
        is_gone = answer[1] == b"offline"
        self._due[session.user_id] = self._gateway.loop.time() + (LINGER_S if is_gone else 0)

    async def _touch(self, session: "Session", state: str) -> tuple[bytes, bytes, int] | None:
        user_id = session.user_id
        route_key = user_key(user_id)
        socket = f"{self._gateway.hub.node_of(route_key)}:{session.number}"
        (shard,) = by_shard([route_key], len(self._trips))
        answer: tuple[bytes, bytes, int] | None = await self._trips[shard].call(
            TOUCH, presence_names(user_id), [socket, state, EXPIRY_S, SOCKETS_MAX]
        )
        return answer

    async def _shown(self, user_ids: Collection[int]) -> dict[int, Presence]:
        if not user_ids:
            return {}
        shown = await self._gateway.in_thread(lambda: presence_shown(user_ids=user_ids))
        return await self._look(shown)

    async def _look(self, user_ids: Collection[int]) -> dict[int, Presence]:
        by_key = {user_key(user_id): user_id for user_id in user_ids}
        found: dict[int, Presence] = {}
        for shard, keys in by_shard(by_key, len(self._trips)).items():
            ids = [by_key[route_key] for route_key in keys]
            if ids:
                found |= looked(ids, await self._trips[shard].call(LOOK, look_names(ids), []))
        return found


def _news(user_id: int, presence: Presence) -> Push:
    news = envelope("presence.update", {**presence_shape(user_id, presence)})
    return Push((topic_key(f"{PREFIX}{user_id}"),), "ephemeral", encode(news))
