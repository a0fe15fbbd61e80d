"""The folder of one service: who uses it, who keeps it, and what is known of it."""

import contextlib
import fcntl
import json
import os
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from core.embedded.errors import EmbeddedServiceError
from core.embedded.processes import ProcessIdentity

# The path of a UNIX socket may hold 107 bytes on Linux and 103 on macOS.
_LONGEST_SOCKET_PARENT = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """What the keeper tells: the sockets' folder, its child, and whether that answers."""

    folder_inode: int
    sockets: str
    child: ProcessIdentity | None = None
    is_ready: bool = False
    error: str = ""


class ServiceFolder:
    """Two kernel locks and one file. A lock ends with its holder, even by `kill -9`.

    `users.lock` is held shared by each user; the keeper takes it alone when the last has gone.
    `keeper.lock` is held by the one keeper for as long as it lives.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.keeper_log = path / "keeper.log"
        self.server_log = path / "server.log"
        self._state_path = path / "state.json"

    def create(self) -> None:
        """Make the folder, for this account alone."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self._not_ours() from error
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise self._not_ours()

    def _not_ours(self) -> EmbeddedServiceError:
        return EmbeddedServiceError(
            f"{self.path} cannot be written by this account. It was probably made by another one: "
            "remove it or give it to this account."
        )

    def share(self) -> int | None:
        """Become a user: a descriptor to keep open, None while the keeper is closing down."""
        return _lock(self.path / "users.lock", fcntl.LOCK_SH)

    def claim(self) -> int | None:
        """Get the service for oneself, which only works when it has no user any more."""
        return _lock(self.path / "users.lock", fcntl.LOCK_EX)

    def keep(self) -> int | None:
        """Get the right to keep the service; None while somebody else has it."""
        return _lock(self.path / "keeper.lock", fcntl.LOCK_EX)

    def read_state(self) -> ServiceState | None:
        """What is known; None when nothing is, or when the folder is a copy of another one."""
        try:
            values = json.loads(self._state_path.read_text())
            child = values.pop("child")
            state = ServiceState(**values, child=ProcessIdentity(**child) if child else None)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return state if state.folder_inode == self.inode else None

    def write_state(self, state: ServiceState) -> None:
        """Replace what is known in one step."""
        draft = self._state_path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(state)))
        draft.replace(self._state_path)

    def write_error(self, error: str) -> None:
        """Leave word why the service does not run."""
        self.write_state(ServiceState(folder_inode=self.inode, sockets="", error=error))

    def forget_state(self) -> None:
        """Nothing is known any more."""
        self._state_path.unlink(missing_ok=True)

    @property
    def inode(self) -> int:
        """Stays when the folder is moved, differs when it is copied."""
        return self.path.stat().st_ino


def socket_folder(known: str, owner: int) -> Path:
    """A folder for sockets that only account `owner` can enter: the known one, else a new one."""
    if known and _is_private(Path(known), owner):
        return Path(known)
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) > _LONGEST_SOCKET_PARENT:
        parent = "/tmp"  # noqa: S108 - mkdtemp makes a private folder in it
    folder = Path(tempfile.mkdtemp(prefix="jyoti-", dir=parent))
    os.chown(folder, owner, -1)
    return folder


def _is_private(folder: Path, owner: int) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == owner and not status.st_mode & 0o077


def _lock(path: Path, how: int) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        return descriptor
    os.close(descriptor)
    return None
