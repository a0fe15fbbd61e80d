"""Valkey for one folder: nothing is kept on disk, nothing is thrown out when memory is full."""

import os
import socket
from pathlib import Path
from signal import SIGTERM

from core.embedded.binaries import find_valkey
from core.embedded.children import Launch
from core.embedded.folders import ServiceFolder

_SOCKET = "valkey.sock"


class Valkey:
    """Answers on a UNIX socket only, in a folder that no other account can enter."""

    name = "valkey"
    stop_signals = (SIGTERM,)

    def __init__(self, folder: ServiceFolder) -> None:
        self.folder = folder

    def url(self, sockets: Path) -> str:
        """Where redis-py finds it."""
        return f"unix://{sockets / _SOCKET}?db=0"

    def answers(self, sockets: Path) -> bool:
        """Whether it answers PING."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            try:
                connection.connect(str(sockets / _SOCKET))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def prepare(self) -> int:
        """Find the program; the account that will own the sockets."""
        self._program = find_valkey()
        return os.geteuid()

    def launch(self, sockets: Path) -> Launch:
        """How to start the server."""
        options = {
            "port": "0",
            "unixsocket": str(sockets / _SOCKET),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "dir": str(self.folder.path),
        }
        return Launch(
            name=self.name,
            command=[
                str(self._program),
                *(word for name, value in options.items() for word in (f"--{name}", value)),
            ],
            log=self.folder.server_log,
            stop_signals=self.stop_signals,
        )

    def open_up(self, sockets: Path) -> bool:
        """Nothing is needed beyond a server that answers."""
        return self.answers(sockets)
