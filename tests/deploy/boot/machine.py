"""A booted system: systemd-nspawn with a network of its own, driven from outside."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

BOOT_S: Final = 60
POWER_OFF_S: Final = 60
COMMAND_S: Final = 300
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What systemctl says of a system that is up; degraded when some unit has failed.
_UP: Final = ("running", "degraded")


class Machine:
    """One container. `folders` are shown inside, read only: {path inside: path outside}."""

    def __init__(self, root: Path, log: Path, folders: dict[str, Path] | None = None) -> None:
        self.root, self._log = root, log
        self._folders = folders or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._leader = 0

    def boot(self) -> None:
        """Start it and wait until systemd is done. Raises AssertionError with the console's text."""
        binds = [f"--bind-ro={outside}:{inside}" for inside, outside in self._folders.items()]
        # Without a systemd of its own this machine has no unit to put the container's into.
        unit = [] if Path("/run/systemd/system").exists() else ["--keep-unit"]
        with self._log.open("wb") as console:
            self._process = subprocess.Popen(
                [
                    *("systemd-nspawn", "--quiet", f"--directory={self.root}", "--boot"),
                    *("--register=no", "--private-network", "--resolv-conf=off"),
                    *("--link-journal=no", *unit, *binds),
                ],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        self._wait_for_leader()
        self._wait_until_up()

    def run(
        self, *command: str, check: bool = True, timeout_s: float = COMMAND_S, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside, as root; `text` is its input. Raises AssertionError if it fails."""
        done = subprocess.run(
            [
                *self.enter,
                "env",
                "--ignore-environment",
                f"PATH={_PATH}",
                "LC_ALL=C.UTF-8",
                *command,
            ],
            check=False,
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout_s,
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done

    def shell(self, script: str, *, check: bool = True) -> str:
        """The output of a few lines of shell."""
        return self.run("bash", "-ceu", script, check=check).stdout.strip()

    def systemctl(self, *words: str, check: bool = True) -> str:
        """What systemctl says."""
        return self.run("systemctl", *words, check=check).stdout.strip()

    def shown(self, unit: str, name: str) -> str:
        """One property of a unit."""
        return self.systemctl("show", "--value", f"--property={name}", unit)

    def main_pid(self, unit: str) -> int:
        """The process that systemd watches; the number that it has inside."""
        return int(self.shown(unit, "MainPID"))

    def journal(self, *words: str) -> str:
        """Messages of this boot."""
        return self.run("journalctl", "--no-pager", "--output=cat", *words).stdout

    @property
    def enter(self) -> list[str]:
        """The command that leads into all of its namespaces."""
        words = ("--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd")
        return ["nsenter", f"--target={self._leader}", *words, "--"]

    @property
    def enter_network(self) -> list[str]:
        """The command that leads into its network alone."""
        return ["nsenter", f"--target={self._leader}", "--net", "--"]

    @property
    def leader(self) -> int:
        """Its process 1, as this machine numbers it."""
        return self._leader

    def power_off(self) -> None:
        """Shut down as the operator would; after a minute pull the plug."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(POWER_OFF_S)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)
        self._process = None

    def _wait_for_leader(self) -> None:
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        until(lambda: children.read_text().split() != [], BOOT_S, self._console)
        self._leader = int(children.read_text().split()[0])

    def _wait_until_up(self) -> None:
        def is_up() -> bool:
            state = self.run("systemctl", "is-system-running", check=False)
            return state.stdout.strip() in _UP

        until(is_up, BOOT_S, self._console)

    def _console(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


def until(holds, seconds: float, why=lambda: "") -> None:
    """Wait until it holds. Raises AssertionError with the words of `why`."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, why() or f"not within {seconds:g} s"
        time.sleep(0.1)


def lines(answer: str) -> Sequence[str]:
    """The lines that hold something."""
    return [line.strip() for line in answer.splitlines() if line.strip()]
