"""The one Gateway of this process; the first socket starts it."""

import asyncio

from messaging.consumers.draining import Draining
from messaging.consumers.gateway import Gateway
from messaging.consumers.sweep import sweep


class _Running:
    gateway: Gateway | None = None
    draining: Draining | None = None
    sweeper: asyncio.Task[None] | None = None


def running_gateway() -> Gateway:
    """The Gateway of the running event loop."""
    gateway = _Running.gateway
    if gateway is None or gateway.loop is not asyncio.get_running_loop():
        gateway = _Running.gateway = Gateway()
        draining = _Running.draining = Draining(gateway)
        _Running.sweeper = asyncio.create_task(sweep(gateway, draining))
    return gateway


async def drain_running_gateway(*, over_s: float) -> None:
    """Send every socket away, spread over `over_s` seconds; answers that are owed come first."""
    if _Running.draining is not None:
        await _Running.draining.finish(over_s)


async def stop_running_gateway() -> None:
    """End it; the next socket starts anew."""
    gateway, _Running.gateway = _Running.gateway, None
    _Running.draining = None
    if _Running.sweeper is not None:
        _Running.sweeper.cancel()
        _Running.sweeper = None
    if gateway is not None:
        await gateway.stop()
