"""The process that keeps one service: `python -m core.embedded.keeper BASE KIND NAME LOCK`.

It starts the server, starts it again when it dies, and stops it when its last user has gone. It
belongs to no terminal and to no user in particular, so any user may be killed at any time. When
it is killed itself, the server goes with it (on Linux at once, elsewhere at the next start).
"""

import fcntl
import os
import shutil
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import cast

from core.embedded.catalogue import Service, ServiceKind, services_of
from core.embedded.children import Child, StartBudget
from core.embedded.errors import EmbeddedServiceError
from core.embedded.folders import ServiceFolder, ServiceState, socket_folder
from core.embedded.processes import stop_process

READY_WITHIN_S = 60
_POLL_S = 0.2
_STARTING_POLL_S = 0.02
_GRACE_S = 10


class Keeper:
    """Keeps one service; its process holds the folder's `keeper.lock` from its first moment on."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._folder: ServiceFolder = service.folder
        self._is_asked_to_stop = False
        self._claim: int | None = None

    def run(self) -> None:
        """Keep the service until nobody uses it.

        Raises EmbeddedServiceError when it does not start, or ends three times within a minute.
        """
        known = self._folder.read_state()
        if known and known.child:
            stop_process(known.child, self._service.stop_signals, _GRACE_S)
        if self._folder.server_log.exists():
            self._folder.server_log.replace(self._folder.path / "server.log.old")
        owner = self._service.prepare()
        sockets = socket_folder(known.sockets if known else "", owner)
        try:
            self._keep(sockets)
        finally:
            shutil.rmtree(sockets, ignore_errors=True)

    def _keep(self, sockets: Path) -> None:
        budget = StartBudget()
        while not self._is_over():
            if not budget.spend():
                raise self._failure("ends again and again")
            self._serve(sockets)

    def _serve(self, sockets: Path) -> None:
        """Run the server once, until it ends or is needed no more."""
        for stale in sockets.iterdir():
            stale.unlink()
        child = Child(self._service.launch(sockets))
        try:
            self._tell(sockets, child, is_ready=False)
            if self._is_answering(child, sockets):
                self._tell(sockets, child, is_ready=True)
            while child.exit_code is None and not self._is_over():
                time.sleep(_POLL_S)
        finally:
            self._tell(sockets, child, is_ready=False)
            child.stop(grace_s=_GRACE_S)

    def _is_answering(self, child: Child, sockets: Path) -> bool:
        """Wait for the server, which may have to recover first; False when it ended instead."""
        deadline = time.monotonic() + READY_WITHIN_S
        while child.exit_code is None and not self._is_over():
            if self._service.open_up(sockets):
                return True
            if time.monotonic() > deadline:
                raise self._failure(f"did not answer within {READY_WITHIN_S} s")
            time.sleep(_STARTING_POLL_S)
        return False

    def _tell(self, sockets: Path, child: Child, *, is_ready: bool) -> None:
        self._folder.write_state(
            ServiceState(
                folder_inode=self._folder.inode,
                sockets=str(sockets),
                child=child.identity,
                is_ready=is_ready,
            )
        )

    def _is_over(self) -> bool:
        """Whether the last user has gone; from then on the lock is ours and nobody can come."""
        if self._claim is None:
            self._claim = self._folder.claim()
        return self._is_asked_to_stop or self._claim is not None

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """What SIGTERM and SIGINT do."""
        self._is_asked_to_stop = True

    def _failure(self, what: str) -> EmbeddedServiceError:
        log = self._folder.server_log
        last = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        return EmbeddedServiceError(
            "\n  ".join([f"{self._service.name} {what}; from {log}:", *last])
        )


def main(base: str, kind: str, name: str, lock: str) -> None:
    """Leave the process that started us, then keep the service to its end."""
    if os.fork():
        os._exit(0)
    # The lock ends with this process, also when a server outlives it.
    fcntl.fcntl(int(lock), fcntl.F_SETFD, fcntl.FD_CLOEXEC)
    service = services_of(cast("ServiceKind", kind), Path(base))[name]
    keeper = Keeper(service)
    signal.signal(signal.SIGTERM, keeper.ask_to_stop)
    signal.signal(signal.SIGINT, keeper.ask_to_stop)
    try:
        keeper.run()
    except EmbeddedServiceError as error:
        service.folder.write_error(str(error))
    else:
        service.folder.forget_state()


if __name__ == "__main__":
    main(*sys.argv[1:])
