"""Several machines on one switch: network namespaces, whose cables can be pulled."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

SUBNET: Final = "10.77.0"
STOP_S: Final = 20


@dataclass(frozen=True, slots=True)
class Host:
    """A machine of the network."""

    name: str
    namespace: str
    address: str
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def enter(self) -> list[str]:
        """The command that leads into it."""
        return ["ip", "netns", "exec", self.namespace]

    def start(
        self, *command: str, log: IO[bytes], environ: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a server here; `Network.close` ends it at the latest."""
        process = subprocess.Popen(
            [*self.enter, *command],
            env=None if environ is None else {"PATH": os.environ["PATH"], **environ},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def run(self, *command: str, check: bool = True) -> str:
        """What a command says here."""
        done = subprocess.run(
            [*self.enter, *command], check=False, capture_output=True, text=True, timeout=60
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def stop(self) -> None:
        """TERM to everything that runs here, and KILL to what is left after a while."""
        deadline, number = time.monotonic() + STOP_S, signal.SIGTERM
        while pids := _ip("netns", "pids", self.namespace).split():
            for pid in map(int, pids):
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            time.sleep(0.5)
            if time.monotonic() > deadline:
                number = signal.SIGKILL
        while self._started:
            self._started.pop().wait(STOP_S)


class Network:
    """Hosts on one switch, apart from this machine's own network."""

    def __init__(self) -> None:
        self._prefix = f"jy{os.getpid() % 100_000}"
        self._switch = f"{self._prefix}-switch"
        self._hosts: list[Host] = []
        _ip("netns", "add", self._switch)
        _ip("-n", self._switch, "link", "add", "switch", "type", "bridge")
        _ip("-n", self._switch, "link", "set", "switch", "up")

    def add(self, name: str) -> Host:
        """Plug in another machine."""
        number = len(self._hosts) + 1
        host = Host(name, f"{self._prefix}-{name}", f"{SUBNET}.{number}")
        _ip("netns", "add", host.namespace)
        self._hosts.append(host)
        port = ("link", "add", f"to-{name}", "type", "veth")
        _ip("-n", self._switch, *port, "peer", "name", "eth0", "netns", host.namespace)
        _ip("-n", self._switch, "link", "set", f"to-{name}", "master", "switch", "up")
        _ip("-n", host.namespace, "address", "add", f"{host.address}/24", "dev", "eth0")
        for device in ("lo", "eth0"):
            _ip("-n", host.namespace, "link", "set", device, "up")
        return host

    def cut(self, host: Host) -> float:
        """Pull its cable; the moment of that by `time.monotonic()`."""
        _ip("-n", self._switch, "link", "set", f"to-{host.name}", "down")
        return time.monotonic()

    def join(self, host: Host) -> float:
        """Put its cable back."""
        _ip("-n", self._switch, "link", "set", f"to-{host.name}", "up")
        return time.monotonic()

    def close(self) -> None:
        """End everything that runs in it, then take it apart."""
        for host in reversed(self._hosts):
            host.stop()
            _ip("netns", "delete", host.namespace)
        _ip("netns", "delete", self._switch)


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"
    return done.stdout


def tail(log: Path, characters: int = 3000) -> str:
    """The end of a log."""
    return log.read_text(errors="replace")[-characters:] if log.exists() else ""
