"""The one call that settings make: give me a database and a cache."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from core.embedded.catalogue import Service, ServiceKind, services_of
from core.embedded.errors import EmbeddedServiceError
from core.embedded.folders import ServiceFolder

_ROOT = Path(__file__).resolve().parents[2]
_BASE = _ROOT / ".local" / "services"
# The keeper gives up after 60 s, and what it says then is better than our own time-out.
_WAIT_S = 75
_POLL_S = 0.02
# A keeper looks several times a second whether anybody is left.
_OTHERS_USE_IT_AFTER_S = 1

# Descriptors of `users.lock`, kept to the end of the process: until then it is a user.
_shares: dict[Path, int] = {}


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    """Where the two services answer, in the form psycopg and redis-py accept."""

    database_url: str
    redis_url: str


def ensure_services(
    kind: ServiceKind, *, database_url: str = "", redis_url: str = "", base: Path = _BASE
) -> ServiceUrls:
    """Keep what is given, start what is empty; both answer a query when this returns.

    A started service lives until the last process that asked for it has ended, however it ended.
    "local" and "test" have separate data in folders under `base`, by default `.local/services/`.
    Raises EmbeddedServiceError when a service cannot be started within 60 s.
    """
    urls = {"postgres": database_url, "valkey": redis_url}
    starts = {
        name: _Start(service, kind, base)
        for name, service in services_of(kind, base).items()
        if not urls[name]
    }
    deadline = time.monotonic() + _WAIT_S
    while starts:
        for name, start in list(starts.items()):
            if url := start.step():
                urls[name] = url
                del starts[name]
        if time.monotonic() > deadline:
            raise EmbeddedServiceError(f"Waited {_WAIT_S} s in vain for {' and '.join(starts)}.")
        time.sleep(_POLL_S if starts else 0)
    return ServiceUrls(database_url=urls["postgres"], redis_url=urls["valkey"])


def release_services(kind: ServiceKind, *, base: Path = _BASE, wait_s: float = 15) -> None:
    """Be no user any more, and wait until the services have ended unless others use them."""
    folders = [service.folder for service in services_of(kind, base).values()]
    left = [folder for folder in folders if folder.path in _shares]
    for folder in left:
        os.close(_shares.pop(folder.path))
    began = time.monotonic()
    while left and time.monotonic() - began < wait_s:
        left = [folder for folder in left if not _has_ended(folder)]
        if time.monotonic() - began > _OTHERS_USE_IT_AFTER_S:
            left = [folder for folder in left if not _is_in_use(folder)]
        time.sleep(_POLL_S)


def _has_ended(folder: ServiceFolder) -> bool:
    lock = folder.keep()
    if lock is not None:
        os.close(lock)
    return lock is not None


def _is_in_use(folder: ServiceFolder) -> bool:
    state = folder.read_state()
    return state is not None and state.is_ready


class _Start:
    """Getting one service: be its user, see that somebody keeps it, wait until it answers."""

    def __init__(self, service: Service, kind: ServiceKind, base: Path) -> None:
        self._service, self._kind, self._base = service, kind, base
        self._folder = service.folder
        self._is_keeper_started = False
        self._folder.create()

    def step(self) -> str:
        """Do what can be done now; the address once the service answers, else nothing."""
        if not self._is_user():
            return ""
        lock = self._folder.keep()
        if lock is not None:
            self._start_keeper(lock)
            return ""
        state = self._folder.read_state()
        sockets = Path(state.sockets) if state and state.is_ready else None
        return self._service.url(sockets) if sockets and self._service.answers(sockets) else ""

    def _is_user(self) -> bool:
        if self._folder.path not in _shares:
            share = self._folder.share()
            if share is None:  # The keeper is closing down; soon another one can be started.
                return False
            _shares[self._folder.path] = share
        return True

    def _start_keeper(self, lock: int) -> None:
        """Hand our lock on to a keeper, so that there is no moment without exactly one holder."""
        try:
            if self._is_keeper_started:
                state = self._folder.read_state()
                said = state.error if state else ""
                raise EmbeddedServiceError(
                    said or f"The keeper ended; see {self._folder.keeper_log}"
                )
            self._is_keeper_started = True
            self._announce()
            self._spawn_keeper(lock)
        finally:
            os.close(lock)

    def _announce(self) -> None:
        if self._kind == "local" and not self._folder.keeper_log.exists():
            sys.stderr.write(f"Setting up {self._service.name} in {self._folder.path} ...\n")

    def _spawn_keeper(self, lock: int) -> None:
        arguments = [str(self._base), self._kind, self._service.name, str(lock)]
        with self._folder.keeper_log.open("wb") as log:
            subprocess.run(  # noqa: S603 - no shell, our own words
                [sys.executable, "-m", "core.embedded.keeper", *arguments],
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock],
                start_new_session=True,
                check=True,
            )
