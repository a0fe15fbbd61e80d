"""All parts in the order in which they depend on each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from config.ops.bare import is_replaced
from config.ops.doctor.cache import examine_redis
from config.ops.doctor.database import examine_database
from config.ops.doctor.environment import examine_environment, examine_settings
from config.ops.doctor.findings import Finding, fault, warning
from config.ops.doctor.host import examine_files, examine_units
from config.ops.doctor.jobs import examine_jobs
from config.ops.doctor.mail import examine_mail
from config.ops.doctor.storage import examine_disks, examine_storage
from config.ops.doctor.videos import examine_videos


@dataclass(frozen=True, slots=True)
class _Part:
    """`needs` are the variables without which there is nothing to look at."""

    name: str
    examine: Callable[[], Iterator[Finding]]
    needs: tuple[str, ...] = ()


_DATABASE: Final = ("DATABASE_URL", "DATABASE_DIRECT_URL")
_PARTS: Final = (
    _Part("environment", examine_environment),
    _Part("settings", examine_settings),
    _Part("database", examine_database, _DATABASE),
    _Part("redis", examine_redis, ("REDIS_URL",)),
    _Part("storage", examine_storage, ("MEDIA_BACKEND_URL",)),
    _Part("videos", examine_videos),
    _Part("mail", examine_mail, ("MAIL_URL",)),
    _Part("worker", examine_jobs, _DATABASE),
    _Part("disk", examine_disks),
    _Part("files", examine_files),
    _Part("units", examine_units),
)


def examine() -> Iterator[Finding]:
    """Every finding about every part; nothing that goes wrong in one keeps the others out."""
    for part in _PARTS:
        if is_replaced(*part.needs):
            yield warning(part.name, "not examined", f"Set {' and '.join(part.needs[:1])} first.")
        else:
            yield from _examined(part)


def _examined(part: _Part) -> Iterator[Finding]:
    try:
        yield from part.examine()
    except Exception as error:  # noqa: BLE001 - the last resort of a command that must end its list
        yield fault(
            part.name,
            f"could not be examined: {type(error).__name__}: {error}",
            "This is a gap in doctor: please report the line.",
        )
