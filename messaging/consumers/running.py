"""The one Gateway of this process; the first socket starts it."""

import asyncio

from messaging.consumers.gateway import Gateway
from messaging.consumers.sweep import sweep


class _Running:
    gateway: Gateway | None = None
    sweeper: asyncio.Task[None] | None = None


def running_gateway() -> Gateway:
    """The Gateway of the running event loop."""
    gateway = _Running.gateway
    if gateway is None or gateway.loop is not asyncio.get_running_loop():
        gateway = _Running.gateway = Gateway()
        _Running.sweeper = asyncio.create_task(sweep(gateway))
    return gateway


async def stop_running_gateway() -> None:
    """End it; the next socket starts anew."""
    gateway, _Running.gateway = _Running.gateway, None
    if _Running.sweeper is not None:
        _Running.sweeper.cancel()
        _Running.sweeper = None
    if gateway is not None:
        await gateway.stop()
