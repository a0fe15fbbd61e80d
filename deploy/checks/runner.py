"""Runs the parts side by side; says in one line each how it went, and at the end what failed."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Where programs are looked for; ordinary users of Debian have no sbin in theirs.
SEARCH = os.pathsep.join([str(ROOT / ".venv/bin"), os.environ.get("PATH", ""), "/usr/sbin"])
LONGEST_S = 300


@dataclass(frozen=True)
class Part:
    """One check: a program over files. It fails when the program or the files are missing."""

    name: str
    command: Sequence[str]
    files: Sequence[Path] = ()  # come last in the command
    has_files: bool = True  # whether there must be some
    says: str = "(?s).*"  # what the output has to match, for tools that pass when they saw nothing
    needs: Sequence[str] = ()  # programs that the command itself calls
    install: str = "make deploy-tools"
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How one part went; `fault` is empty when it passed."""

    part: Part
    fault: str
    output: str
    seconds: float


def find(program: str) -> str:
    """Where a program lies. FileNotFoundError, with its name, when it is not there."""
    path = shutil.which(program, path=SEARCH)
    if path is None:
        raise FileNotFoundError(f"{program} is not installed")
    return path


def run_part(part: Part) -> Outcome:
    """Run one part to its end. Whatever keeps it from running is its fault, never a pass."""
    began = time.monotonic()
    fault, output = _attempt(part)
    return Outcome(part, fault, output, time.monotonic() - began)


def _attempt(part: Part) -> tuple[str, str]:
    programs = {name: shutil.which(name, path=SEARCH) for name in (part.command[0], *part.needs)}
    if missing := [name for name, path in programs.items() if path is None]:
        return f"not run: {', '.join(missing)} is missing ({part.install})", ""
    if part.has_files and not part.files:
        return "not run: there is no file to check", ""
    names = [str(path.relative_to(ROOT)) for path in part.files]
    try:
        done = subprocess.run(
            [str(programs[part.command[0]]), *part.command[1:], *names],
            cwd=ROOT,
            env=os.environ | {"PATH": SEARCH} | part.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return f"not finished within {LONGEST_S} s", str(late.stdout or "")
    if done.returncode != 0:
        return f"exit code {done.returncode}", done.stdout
    if not re.search(part.says, done.stdout):
        return f"passed without saying {part.says!r}", done.stdout
    return "", done.stdout


def run_all(parts: Iterable[Part], *, at_once: int) -> list[Outcome]:
    """Run all parts, `at_once` at a time and in the order given; a line each as it ends."""
    outcomes = []
    with ThreadPoolExecutor(at_once) as pool:
        for future in as_completed([pool.submit(run_part, part) for part in parts]):
            outcome = future.result()
            outcomes.append(outcome)
            print(line_of(outcome), flush=True)
    return outcomes


def line_of(outcome: Outcome) -> str:
    """`ok    cfn-lint           2.1 s   9 files`."""
    mark = "FAIL" if outcome.fault else "ok"
    count = len(outcome.part.files)
    what = outcome.fault or (f"{count} file{'s' * (count != 1)}" if count else "")
    return f"  {mark:<5} {outcome.part.name:<18} {outcome.seconds:5.1f} s   {what}".rstrip()


def report(outcomes: Sequence[Outcome], seconds: float) -> int:
    """Print what the failed parts said, then the sum; the exit code of the command."""
    failed = [outcome for outcome in outcomes if outcome.fault]
    for outcome in failed:
        print(f"\n==== {outcome.part.name}: {outcome.fault}\n{outcome.output.rstrip()}")
    names = ", ".join(outcome.part.name for outcome in failed)
    print(
        f"\n{len(outcomes)} parts in {seconds:.0f} s. "
        + (f"Failed: {names}" if failed else "All passed.")
    )
    return 1 if failed else 0
