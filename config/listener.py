"""The socket that a server listens on, opened by itself or by what starts it."""

import socket

# Connections that wait while a server starts, or is started again behind its open port.
BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Open a port, IPv6 when the host is written so. Raises OSError or OverflowError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)
