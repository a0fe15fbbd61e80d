"""What upper apps add to lower ones: filled in AppConfig.ready(), walked by whoever needs it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from core.viewer import Viewer

T = TypeVar("T")


class Registry(Generic[T]):
    """Named entries; a second entry of the same name is a mistake and raises ValueError."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> None:
        """Register one entry."""
        if name in self._entries:
            raise ValueError(f"{self.what} {name} is registered already")
        self._entries[name] = entry

    def get(self, name: str) -> T | None:
        """The entry of that name, or None."""
        return self._entries.get(name)

    def names(self) -> list[str]:
        """All names, sorted."""
        return sorted(self._entries)

    def values(self) -> Iterator[T]:
        """All entries in the order in which they were registered: lower apps come first."""
        yield from self._entries.values()

    def items(self) -> Iterator[tuple[str, T]]:
        """All entries in the order in which they were registered."""
        yield from self._entries.items()


class ExportSource(Protocol):
    """Yields everything one person has in one app, as plain rows."""

    def __call__(self, *, user_id: int) -> Iterator[Mapping[str, Any]]: ...


class EraseStep(Protocol):
    """Removes everything one person has in one app; may run twice."""

    def __call__(self, *, user_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class ReportTarget:
    """A kind of thing that people can report, and moderators can act on."""

    #: The thing as this viewer may see it, or None.
    find: Callable[[Viewer, int], Any | None]
    #: The thing, whoever may see it, or None when it is gone.
    get: Callable[[int], Any | None]
    owner_id: Callable[[Any], int | None]
    #: What it says now, for those who look into the report later.
    snapshot: Callable[[Any], Mapping[str, Any]]
    remove: Callable[[Any], None]
    #: Hides it from everybody, or shows it again; None for what can only be removed.
    hide: Callable[[Any, bool], None] | None = None


class BadgeCount(Protocol):
    """The number that one badge shows to one person."""

    def __call__(self, *, user_id: int) -> int: ...


class Topics(Protocol):
    """What one socket watches, such as `post:15`."""

    def watch(self, topic: str) -> None: ...

    def unwatch(self, topic: str) -> None: ...


class SocketCommand(Protocol):
    """Carries out one WebSocket command in a thread and returns the ack's data.

    `data` is what the client sent, unread. Raises ApplicationError, which becomes an error frame.
    """

    def __call__(
        self, *, viewer: Viewer, data: Mapping[str, Any], topics: Topics
    ) -> dict[str, Any]: ...


class PictureRule(Protocol):
    """Refuses a picture by the SHA-256 of its file, in hexadecimal. Raises RuleError."""

    def __call__(self, *, sha256: str) -> None: ...


class MediaUse(Protocol):
    """Which of these media one app still shows."""

    def __call__(self, *, media_ids: Sequence[int]) -> set[int]: ...


export_sources: Registry[ExportSource] = Registry("export source")
erase_steps: Registry[EraseStep] = Registry("erase step")
report_targets: Registry[ReportTarget] = Registry("report target")
badges: Registry[BadgeCount] = Registry("badge")
socket_commands: Registry[SocketCommand] = Registry("socket command")
picture_rules: Registry[PictureRule] = Registry("picture rule")
media_uses: Registry[MediaUse] = Registry("media use")


def badge_counts(user_id: int) -> dict[str, int]:
    """All badges of one person."""
    return {name: count(user_id=user_id) for name, count in badges.items()}
