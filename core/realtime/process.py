"""The one Hub of this process, if it is a gateway."""

import asyncio

from django.conf import settings

from core.realtime.hub import Hub
from core.redis import async_redis


class _Process:
    hub: Hub | None = None


def gateway_hub() -> Hub:
    """The Hub of the running event loop; the first socket of a process starts it."""
    hub = _Process.hub
    if hub is None or hub.loop is not asyncio.get_running_loop():
        hub = Hub(async_redis(index) for index in range(len(settings.REDIS_URLS)))
        hub.start()
        _Process.hub = hub
    return hub


def local_hub() -> Hub | None:
    """The Hub, for threads beside the gateway's loop; None in processes that hold no sockets."""
    hub = _Process.hub
    return None if hub is None or hub.loop.is_closed() else hub


async def stop_gateway_hub() -> None:
    """Withdraw this process from the others; the next socket starts anew."""
    hub, _Process.hub = _Process.hub, None
    if hub is not None:
        await hub.stop()
