"""One child process: how it is started, whether it lives, and that it ends with its parent."""

import os
import subprocess
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM

from core.embedded.processes import ProcessIdentity, end_with_parent, identity_of

_STARTS = 3
_WITHIN_S = 60


class StartBudget:
    """How often a process may be started: three times in a minute, then something is wrong."""

    def __init__(self) -> None:
        self._starts: deque[float] = deque(maxlen=_STARTS)

    def spend(self) -> bool:
        """Whether one more start is allowed; it is counted then."""
        now = time.monotonic()
        if len(self._starts) == _STARTS and now - self._starts[0] < _WITHIN_S:
            return False
        self._starts.append(now)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How to start a process. Output goes to `log`, or to our own streams when it is None."""

    name: str
    command: Sequence[str]
    log: Path | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path = Path("/")
    user: int | None = None
    pass_fds: Sequence[int] = ()
    stop_signals: Sequence[int] = (SIGTERM,)


class Child:
    """A running process; it gets the first stop signal when its parent dies (on Linux)."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self._is_asked_to_stop = False
        stream = launch.log.open("ab") if launch.log else None
        try:
            self._process = subprocess.Popen(  # noqa: S603 - no shell, our own words
                launch.command,
                cwd=launch.folder,
                env=launch.environ,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                user=launch.user,
                group=launch.user,
                extra_groups=None if launch.user is None else (),
                pass_fds=launch.pass_fds,
                # Ctrl-C in the terminal reaches the parent alone, which ends its children in order.
                start_new_session=True,
                preexec_fn=end_with_parent(launch.stop_signals[0]),  # noqa: PLW1509 - no threads here
            )
        finally:
            if stream:
                stream.close()

    @property
    def identity(self) -> ProcessIdentity | None:
        """Pid and start time, None once it has ended."""
        return identity_of(self._process.pid)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative after a signal."""
        return self._process.poll()

    def ask_to_stop(self) -> None:
        """Send the first stop signal, once: many programs give up their work at the second."""
        if not self._is_asked_to_stop and self.exit_code is None:
            self._process.send_signal(self.launch.stop_signals[0])
        self._is_asked_to_stop = True

    def stop(self, *, grace_s: float) -> None:
        """Send the stop signals in turn, each after `grace_s` seconds in vain; SIGKILL is the last."""
        self.ask_to_stop()
        for number in (*self.launch.stop_signals[1:], SIGKILL):
            try:
                self._process.wait(grace_s)
            except subprocess.TimeoutExpired:
                self._process.send_signal(number)
        self._process.wait()
