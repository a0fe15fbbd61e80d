"""Everything on one port: sockets on the event loop, HTTP on threads.

`python -m config.oneport`, for `make run` and the container image; a larger installation runs the
two apart (config.wsgi under gunicorn, config.asgi under uvicorn). HTTP goes through WSGI because
the same views are several times slower, and fail under load, on Django's own ASGI handler.
"""

import argparse
import os
import socket
from typing import Any

os.environ.setdefault("JYOTI_PROCESS", "http")

import uvicorn
from a2wsgi import WSGIMiddleware
from django.conf import settings

from config.asgi import application as sockets
from config.listener import listen
from config.wsgi import application as pages

HTTP_THREADS = 8

http: Any = WSGIMiddleware(pages, workers=HTTP_THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Give each connection to the server that is made for it."""
    if scope["type"] == "http":
        # WSGI spells `X_Forwarded_For` and `X-Forwarded-For` alike; proxies strip only the latter.
        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await http(dict(scope, headers=headers), receive, send)
    else:
        await sockets(scope, receive, send)


def serve(listener: socket.socket, *, grace_s: int) -> None:
    """Serve until SIGTERM or SIGINT; then sockets get 1012, and requests `grace_s` to finish."""
    config = uvicorn.Config(
        application,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=65536,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        # Longer than the idle time of a load balancer, which would send to a closing connection.
        timeout_keep_alive=65,
        timeout_graceful_shutdown=grace_s,
        proxy_headers=False,  # core.http reads the client's address, by TRUSTED_PROXIES.
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="warning",
    )
    uvicorn.Server(config).run(sockets=[listener])


def main() -> None:
    """Take the listening socket of a parent (`--fd`), else open HOST:PORT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fd", type=int, help="descriptor of a socket that listens already")
    parser.add_argument(
        "--grace", type=int, default=20, help="seconds for running requests at the end"
    )
    options = parser.parse_args()
    if options.fd is None:
        listener = listen(settings.ENV.host, settings.ENV.port)
    else:
        listener = socket.socket(fileno=options.fd)
    serve(listener, grace_s=options.grace)


if __name__ == "__main__":
    main()
