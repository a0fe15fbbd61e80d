"""The WebSocket entry point: `uvicorn config.asgi:application`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
os.environ.setdefault("JYOTI_PROCESS", "ws")

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

http = get_asgi_application()

from django.urls import path, re_path  # noqa: E402

from messaging.consumers import GatewayConsumer, NoSuchSocket  # noqa: E402

websocket = URLRouter(
    [
        path("ws/v1", GatewayConsumer.as_asgi()),  # type: ignore[arg-type, list-item]
        re_path(r"", NoSuchSocket.as_asgi()),  # type: ignore[arg-type, list-item]
    ]
)
application = ProtocolTypeRouter({"http": http, "websocket": websocket})
