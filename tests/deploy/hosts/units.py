"""What the unit files say, so that the hosts here run the same command lines."""

import shlex
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]
UNITS = REPOSITORY / "deploy" / "systemd"


@dataclass(frozen=True, slots=True)
class Unit:
    """A service: its command, its own environment, and the port that systemd holds for it."""

    name: str
    command: list[str]
    environ: dict[str, str]
    port: int | None


def unit(name: str) -> Unit:
    """A service of the aws profile."""
    texts = [_text(UNITS / "jyoti-.service.d" / "10-common.conf"), _text(UNITS / f"{name}.service")]
    pairs = [
        pair for text in texts for value in _all(text, "Environment") for pair in shlex.split(value)
    ]
    (command,) = _all(texts[-1], "ExecStart")
    return Unit(name, shlex.split(command), dict(_pair(pair) for pair in pairs), _port(name))


def constants() -> dict[str, Any]:
    """The table of deploy/constants.toml."""
    return tomllib.loads((REPOSITORY / "deploy" / "constants.toml").read_text())


def _port(name: str) -> int | None:
    overriding = UNITS / "aws" / f"{name}.socket.d" / "20-aws.conf"
    if not overriding.exists():
        return None
    return int(_all(_text(overriding), "ListenStream")[-1].rpartition(":")[2])


def _text(file: Path) -> str:
    return file.read_text().replace("\\\n", " ")


def _all(text: str, name: str) -> list[str]:
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{name}=")]


def _pair(words: str) -> tuple[str, str]:
    name, _, value = words.partition("=")
    return name, value
