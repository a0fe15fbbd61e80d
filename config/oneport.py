"""Everything on one port: sockets on the event loop, HTTP on threads.

`python -m config.oneport`, for `make run` and the container image; a larger installation runs the
two apart (config.wsgi under gunicorn, config.sockets). HTTP goes through WSGI because the same
views are several times slower, and fail under load, on Django's own ASGI handler.
"""

import os
from typing import Any

os.environ.setdefault("JYOTI_PROCESS", "http")

from a2wsgi import WSGIMiddleware

from config.asgi import application as sockets
from config.serving import main
from config.wsgi import application as pages

HTTP_THREADS = 8
GRACE_S = 20

http: Any = WSGIMiddleware(pages, workers=HTTP_THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Give each connection to the server that is made for it."""
    if scope["type"] == "http":
        # WSGI spells `X_Forwarded_For` and `X-Forwarded-For` alike; proxies strip only the latter.
        headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await http(dict(scope, headers=headers), receive, send)
    else:
        await sockets(scope, receive, send)


if __name__ == "__main__":
    main(application, description=__doc__ or "", grace_s=GRACE_S)
