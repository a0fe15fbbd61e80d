"""Sends the sockets of a process away: before it ends, or while other hosts shall take over."""

import asyncio
import random
from typing import cast

from django.conf import settings

from core.health import is_draining
from messaging.consumers.gateway import Gateway
from messaging.consumers.session import CLOSE_TIMEOUT_S, Session


class Draining:
    """Closes all sockets of a gateway with 1012, each at a moment of its own; can be called off."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._timers: list[asyncio.TimerHandle] = []
        self._is_on = False

    def begin(self, over_s: float) -> float:
        """Each socket of now has between 0 and `over_s` seconds; the most that one of them has."""
        self._is_on = True
        longest_s = 0.0
        for session in cast("list[Session]", self._gateway.hub.sockets()):
            delay_s = random.uniform(0, over_s)  # noqa: S311  nothing to guess here
            self._timers.append(self._gateway.loop.call_later(delay_s, session.restart))
            longest_s = max(longest_s, delay_s)
        return longest_s

    def follow_file(self) -> None:
        """Begin when DRAIN_FILE appears; sockets that are still there stay when it goes again."""
        if is_draining() and not self._is_on:
            self.begin(settings.WEBSOCKET_DRAIN_HOST_S)
        elif self._is_on and not is_draining():
            self._is_on = False
            while self._timers:
                self._timers.pop().cancel()

    async def finish(self, over_s: float) -> None:
        """Begin, and return when every socket is closed, or has had its time for that."""
        await asyncio.sleep(self.begin(over_s))
        if self._gateway.closing:
            await asyncio.wait(self._gateway.closing, timeout=CLOSE_TIMEOUT_S)
