"""The services there are, and what each of them has to know about itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from core.embedded.children import Launch
from core.embedded.folders import ServiceFolder
from core.embedded.postgres import Postgres
from core.embedded.valkey import Valkey

ServiceKind = Literal["local", "test"]


class Service(Protocol):
    """A server that answers on a socket in a folder it is given."""

    name: str
    folder: ServiceFolder

    @property
    def stop_signals(self) -> Sequence[int]:
        """What ends the server, the gentlest first."""
        ...

    def url(self, sockets: Path) -> str:
        """The address that Django's settings take."""
        ...

    def answers(self, sockets: Path) -> bool:
        """Whether a real question gets its answer."""
        ...

    def prepare(self) -> int:
        """Find programs, make data folders; the account that shall own the sockets.

        Raises EmbeddedServiceError when that cannot be done on this machine.
        """
        ...

    def launch(self, sockets: Path) -> Launch:
        """How to start the server, after `prepare`; nothing of an earlier one is left."""
        ...

    def open_up(self, sockets: Path) -> bool:
        """Make ready for the application what a new server lacks; False while nothing answers."""
        ...


def services_of(kind: ServiceKind, base: Path) -> dict[str, Service]:
    """Every service of one kind by name, each with its own folder under `base`."""
    folder = base / kind
    return {
        "postgres": Postgres(ServiceFolder(folder / "postgres"), kind),
        "valkey": Valkey(ServiceFolder(folder / "valkey")),
    }
