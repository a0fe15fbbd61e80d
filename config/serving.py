"""uvicorn as all of ours run it, with an end that cuts nobody off."""

import argparse
import gc
import socket
from typing import Any

import uvicorn
from django.conf import settings

from config.listener import listen
from core.health import start_draining
from messaging.consumers import DirectProtocol, drain_running_gateway, stop_running_gateway

# A batch of messages makes thousands of objects that end with it.
GC_THRESHOLDS = (20_000, 20, 20)


class DrainingServer(uvicorn.Server):
    """At SIGTERM or SIGINT it accepts nobody any more, sends its sockets away, and then ends.

    Who connects from then on waits in the backlog of the listening socket, which the parent keeps
    open for the next process.
    """

    def __init__(self, config: uvicorn.Config, *, drain_s: float) -> None:
        super().__init__(config)
        self._drain_s = drain_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain the gateway over `drain_s` seconds; running requests have their grace after that."""
        start_draining()
        for closing in (*self.servers, *(sockets or ())):
            closing.close()
        await drain_running_gateway(over_s=self._drain_s)
        await super().shutdown(sockets)
        await stop_running_gateway()


def serve(application: Any, listener: socket.socket, *, grace_s: int, drain_s: float) -> None:
    """Serve until SIGTERM or SIGINT, then drain; requests get `grace_s` seconds to finish."""
    config = uvicorn.Config(
        application,
        ws=DirectProtocol,
        ws_per_message_deflate=False,
        ws_max_size=65536,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        lifespan="off",
        # Longer than the idle time of a load balancer, which would send to a closing connection.
        timeout_keep_alive=130,
        timeout_graceful_shutdown=grace_s,
        proxy_headers=False,  # core.http reads the client's address, by TRUSTED_PROXIES.
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
    )
    _leave_to_collector_what_is_new()
    DrainingServer(config, drain_s=drain_s).run(sockets=[listener])


def _leave_to_collector_what_is_new() -> None:
    """What was imported lives for ever; looking through it again stops every socket for long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def main(application: Any, *, description: str, grace_s: int) -> None:
    """Serve on the listening socket of a parent (`--fd`), else on HOST:PORT."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--fd", type=int, help="descriptor of a socket that listens already")
    parser.add_argument(
        "--grace", type=int, default=grace_s, help="seconds for running requests at the end"
    )
    parser.add_argument(
        "--drain",
        type=float,
        default=settings.WEBSOCKET_DRAIN_S,
        help="seconds over which sockets are sent away before that",
    )
    options = parser.parse_args()
    if options.fd is None:
        listener = listen(settings.ENV.host, settings.ENV.port)
    else:
        listener = socket.socket(fileno=options.fd)
    serve(application, listener, grace_s=options.grace, drain_s=options.drain)
