"""What systemd does for the units of one host: `init.py SERVICES.json` as its first process.

It opens the ports of the socket units and hands each over as descriptor 3, starts every service, and
starts it again a second after it has ended (Restart=always, RestartSec=1), until TERM.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

# Where systemd puts the first socket.
DESCRIPTOR = 3
RESTART_S = 1.0


class Service:
    """One unit."""

    def __init__(self, words: dict) -> None:
        self.command, self.log = words["command"], words["log"]
        self.environ = {"PATH": os.environ["PATH"], **words["environ"]}
        self.listener = None
        if words["port"]:
            self.listener = socket.create_server(("0.0.0.0", words["port"]), backlog=2048)
        self.process: subprocess.Popen | None = None

    def keep_running(self, ending: threading.Event) -> None:
        """Until the event, whatever happens to the process."""
        while not ending.is_set():
            with Path(self.log).open("ab") as log:
                self.process = subprocess.Popen(
                    self._prefix() + self.command,
                    env=self.environ,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=[self.listener.fileno()] if self.listener else [],
                )
                self.process.wait()
            ending.wait(RESTART_S)

    def stop(self) -> None:
        """TERM, as `systemctl stop` does."""
        if self.process is not None:
            self.process.terminate()

    def _prefix(self) -> list[str]:
        """systemd tells the process its own number, which only the process itself knows."""
        if self.listener is None:
            return []
        script = f'exec {DESCRIPTOR}<&"$0"; LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'
        return ["bash", "-c", script, str(self.listener.fileno())]


def main() -> None:
    """Runs until TERM."""
    services = [Service(words) for words in json.loads(Path(sys.argv[1]).read_text())]
    ending = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()
        for service in services:
            service.stop()

    signal.signal(signal.SIGTERM, end)
    threads = [threading.Thread(target=one.keep_running, args=(ending,)) for one in services]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(0.2)


if __name__ == "__main__":
    main()
