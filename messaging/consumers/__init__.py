"""The WebSocket gateway. config.asgi routes `/ws/v1` here, and every other path to NoSuchSocket."""

from messaging.consumers.consumer import GatewayConsumer, NoSuchSocket
from messaging.consumers.running import stop_running_gateway

__all__ = ["GatewayConsumer", "NoSuchSocket", "stop_running_gateway"]
