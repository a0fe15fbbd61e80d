"""The gateway alone: `python -m config.sockets --fd 3`, for the unit behind its socket.

HTTP is answered on the health routes only; the API has processes of its own (config.wsgi).
"""

import os
from typing import Any

os.environ.setdefault("JYOTI_PROCESS", "ws")

from config.asgi import application as everything
from config.serving import main
from core.health import HEALTH_ROUTES

#: Requests are health checks, and sockets are gone by then.
GRACE_S = 5


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Sockets and health checks; 404 for the rest."""
    if scope["type"] == "websocket" or scope["path"] in HEALTH_ROUTES:
        await everything(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


if __name__ == "__main__":
    main(application, description=__doc__ or "", grace_s=GRACE_S)
