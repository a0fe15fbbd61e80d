"""The crowd of benchmarks/people in a process of its own, inside somebody else's network."""

import json
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.people.report import Report

REPOSITORY: Final = Path(__file__).resolve().parents[3]
MAKING_S: Final = 400
SIGN_IN_S: Final = 120
# The most that may pass between the signal to end and the report: messages are tried for 60 s.
ENDING_S: Final = 180


@dataclass
class Run:
    """A run of the crowd; `report` is there once it has ended."""

    process: subprocess.Popen[str]
    file: Path
    report: Report | None = None

    @property
    def seen(self) -> Report:
        """The report. Raises AssertionError before the end."""
        assert self.report is not None
        return self.report


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """People of one site. `enter` is the command that leads into the network it is reached from."""

    enter: Sequence[str]
    url: str
    address: str
    folder: Path
    seed: int
    certificate: Path | None = None
    #: The site's `manage.py user verify`; names follow.
    vouch: Sequence[str] = ()

    def make(self, *, people: int, active: int) -> None:
        """Register them; raises CalledProcessError."""
        vouch = shlex.join(self.vouch)
        words = ("--people", str(people), "--active", str(active), "--vouch", vouch)
        command = self._command("make", *words)
        subprocess.run(command, cwd=REPOSITORY, check=True, timeout=MAKING_S)

    @contextmanager
    def living(self, *, post_every_s: float = 30.0, warm_up_s: float = 4.0) -> Iterator[Run]:
        """They live while the block runs; then everything is compared, and the report is there."""
        file = self.folder / "report.json"
        file.unlink(missing_ok=True)
        words = ("--seconds", "0", "--post-every", str(post_every_s), "--json", str(file))
        log = self.folder / "crowd.log"
        with log.open("w") as stream:
            process = subprocess.Popen(
                self._command("run", *words),
                cwd=REPOSITORY,
                stdout=stream,
                stderr=stream,
                text=True,
            )
        run = Run(process, file)
        try:
            self._wait_until_living(run, log)
            time.sleep(warm_up_s)
            yield run
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(ENDING_S)
        assert file.exists(), log.read_text()[-3000:]
        run.report = Report.of_json(json.loads(file.read_text()))

    def _command(self, what: str, *words: str) -> list[str]:
        trusted = ["--certificate", str(self.certificate)] if self.certificate else []
        return [
            # However the tests end, the crowd does not outlive them.
            *("setpriv", "--pdeathsig", "TERM", *self.enter),
            *(sys.executable, "-m", "benchmarks.people", what, self.url),
            *("--address", self.address, "--seed", str(self.seed)),
            *("--people-file", str(self.folder / "people.json"), *trusted, *words),
        ]

    def _wait_until_living(self, run: Run, log: Path) -> None:
        deadline = time.monotonic() + SIGN_IN_S
        while "living:" not in log.read_text():
            assert run.process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, "the crowd did not get its sockets open"
            time.sleep(0.1)


def assert_nothing_was_lost(report: Report) -> None:
    """No failed request; every message sent was acknowledged, and came once to everybody."""
    assert report.failures == []
    assert report.repushed == 0
    assert_chat_kept_its_promises(report)


def assert_chat_kept_its_promises(report: Report) -> None:
    """Whatever happened to requests: no message was lost, doubled or put out of order."""
    assert report.broken == []
    assert report.acknowledged == report.sent > 0
