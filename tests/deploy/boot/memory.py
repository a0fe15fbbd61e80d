"""How much memory the processes of a booted system have, each shared page counted once (PSS)."""

import re
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from tests.deploy.boot.machine import Machine

MB = 1024 * 1024


def by_unit(machine: Machine) -> dict[str, float]:
    """MB of each unit; what belongs to no service (systemd itself) stands under its scope's name."""
    units: dict[str, float] = defaultdict(float)
    inside = _namespace_of(Path(f"/proc/{machine.leader}"))
    for process in Path("/proc").glob("[0-9]*"):
        # What ends meanwhile is gone in the middle of a read.
        with suppress(FileNotFoundError, ProcessLookupError):
            if _namespace_of(process) == inside:
                units[_unit_of(process)] += _pss(process)
    return dict(units)


def without_database(units: dict[str, float]) -> float:
    """The sum in MB without PostgreSQL, which may as well be rented."""
    return sum(mb for unit, mb in units.items() if not unit.startswith("postgresql"))


def _namespace_of(process: Path) -> str:
    try:
        return str((process / "ns/pid").readlink())
    except PermissionError:
        return ""  # Of a caretaker outside of this machine, whom even root may not look at.


def _unit_of(process: Path) -> str:
    group = re.search(r"^0::(.*)$", (process / "cgroup").read_text(), re.MULTILINE)
    assert group is not None, "no unified hierarchy"
    return group[1].rpartition("/")[2]


def _pss(process: Path) -> float:
    found = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) * 1024 / MB if found else 0.0
