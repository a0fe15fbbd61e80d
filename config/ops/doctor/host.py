"""The host: the files that nobody else may read, the client, the release, and systemd's units."""

import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from django.conf import settings

from config.ops.doctor.findings import Finding, fault, ok, warning
from config.version import VERSION

# Those of deploy/constants.toml; a test holds them equal.
ENVIRONMENT: Final = Path("/etc/jyoti/jyoti.env")
PORTS: Final = {"jyoti-http": 8081, "jyoti-ws": 8082}
#: A host reads its secrets every 300 s; after three times something is wrong.
OLDEST_SECRETS_S: Final = 900
UNITS: Final = (
    "jyoti-http.socket",
    "jyoti-http.service",
    "jyoti-ws.socket",
    "jyoti-ws.service",
    "jyoti-worker.service",
)
_SYSTEMD: Final = Path("/run/systemd/system")
_MANY_RESTARTS: Final = 5


def examine_files() -> Iterator[Finding]:
    """Release, client, and who may read the secrets."""
    yield ok("release", f"version {VERSION} in {settings.BASE_DIR}")
    yield _client()
    if settings.DRAIN_FILE and Path(settings.DRAIN_FILE).exists():
        yield warning(
            "release",
            f"this host is draining: {settings.DRAIN_FILE} is there",
            "Right before it ends; else remove the file.",
        )
    if ENVIRONMENT.exists():
        yield from _closed(ENVIRONMENT)
    if folder := settings.ENV.secrets_directory:
        yield from _secrets(Path(folder))


def examine_units() -> Iterator[Finding]:
    """What systemd says, and whether the ports answer; nothing where Jyoti has no units."""
    systemctl = shutil.which("systemctl")
    if systemctl is None or not _SYSTEMD.exists():
        return
    states = {unit: _state(systemctl, unit) for unit in UNITS}
    if all(state["LoadState"] != "loaded" for state in states.values()):
        return
    for unit, state in states.items():
        yield _unit(unit, state)
    for name, port in PORTS.items():
        yield _port(name, port)


def _client() -> Finding:
    if (settings.CLIENT_DIST / "index.html").is_file():
        return ok("client", "the web client is built")
    return warning(
        "client",
        "the web client is not here",
        "Right where a bucket serves it; else `make client`, or install a whole release.",
    )


def _secrets(folder: Path) -> Iterator[Finding]:
    files = sorted(file for file in folder.glob("[A-Z]*") if file.is_file())
    if not files:
        yield fault("secrets", f"{folder} holds none", "systemctl start jyoti-secrets")
        return
    for file in files:
        yield from _closed(file)
    age_s = time.time() - max(file.stat().st_mtime for file in files)
    found = f"{len(files)} secrets, written {age_s:.0f} s ago"
    if age_s > OLDEST_SECRETS_S:
        yield warning("secrets", found, "systemctl status jyoti-secrets.timer jyoti-secrets")
    else:
        yield ok("secrets", found)


def _closed(file: Path) -> Iterator[Finding]:
    """A fault for a file that strangers may read, or that its readers may change."""
    mode = file.stat().st_mode
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        found = f"{file} has mode {stat.S_IMODE(mode):04o}"
        yield fault("secrets", found, f"chown root:jyoti {file} && chmod 0640 {file}")


def _state(systemctl: str, unit: str) -> dict[str, str]:
    command = [systemctl, "show", unit, "--property=LoadState,ActiveState,SubState,NRestarts"]
    shown = subprocess.run(  # noqa: S603 - no shell, our own words
        command, capture_output=True, text=True, check=False, timeout=10
    )
    pairs = (line.partition("=") for line in shown.stdout.splitlines())
    return {"LoadState": "unknown", **{name: value for name, _, value in pairs}}


def _unit(unit: str, state: dict[str, str]) -> Finding:
    found = f"{unit} is {state.get('ActiveState')} ({state.get('SubState')})"
    if state.get("ActiveState") != "active":
        return fault("units", found, f"systemctl start {unit}; journalctl -u {unit} -n 50")
    restarts = int(state.get("NRestarts") or 0)
    if restarts > _MANY_RESTARTS:
        return warning("units", f"{found}, started again {restarts} times", f"journalctl -u {unit}")
    return ok("units", found)


def _port(name: str, port: int) -> Finding:
    with closing(socket.socket()) as client:
        client.settimeout(2)
        if client.connect_ex(("127.0.0.1", port)):
            return fault("units", f"port {port} is closed", f"systemctl restart {name}.socket")
    return ok("units", f"port {port} is open")
