"""The single box: bootstrapped and deployed by the commands that an operator uses."""

import json
from pathlib import Path
from typing import Any, Final

from tests.deploy.boot.machine import Machine, until
from tests.deploy.boot.release import version_of

HOST: Final = "jyoti.test"
URL: Final = f"https://{HOST}"
#: Where archives lie inside.
SHELF: Final = "/srv/releases"
#: What an unpacked archive's commands are called from before anything is installed.
SCRATCH: Final = "/root/release"
ENVIRONMENT: Final = "/etc/jyoti/jyoti.env"
SERVICES: Final = ("jyoti-http", "jyoti-ws", "jyoti-worker")
DEPLOY_S: Final = 400
# Everybody comes from one address here: five registrations an hour would not do.
MORE_FOR_ALL: Final = "RATE_LIMIT_SCALE=1000"


class Box:
    """A machine with Jyoti on it."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def prepare(self, archive: Path) -> None:
        """`bootstrap --profile single`, from the release that will be the first one."""
        packed = f"{SHELF}/{archive.name}"
        self.machine.shell(
            f"mkdir -p {SCRATCH} && tar -xf {packed} --zstd -C {SCRATCH} --strip-components=1"
        )
        self.machine.run(
            f"{SCRATCH}/deploy/bin/bootstrap",
            *("--profile", "single", "--host", HOST, "--no-packages"),
            # Nothing listens there: a mail is tried again later, which is no test's matter.
            *("--mail", "smtp://127.0.0.1:2525"),
        )
        self.machine.shell(f"echo {MORE_FOR_ALL} >>{ENVIRONMENT}")

    def deploy(self, archive: Path, *, check: bool = True) -> str:
        """`deploy ARCHIVE` by the running release's command; what it said."""
        current = "/opt/jyoti/current/deploy/bin/deploy"
        command = self.machine.shell(f"[[ -x {current} ]] && echo {current} || true")
        done = self.machine.run(
            command or f"{SCRATCH}/deploy/bin/deploy",
            f"{SHELF}/{archive.name}",
            check=check,
            timeout_s=DEPLOY_S,
        )
        return done.stdout + done.stderr

    def version(self) -> str:
        """What the API says that it is."""
        return str(self.get("/api/v1/instance")["version"])

    def get(self, path: str, port: int = 8081) -> Any:
        """The JSON of a route, asked past nginx."""
        return json.loads(self.curl(path, port, "--fail"))

    def status(self, path: str, port: int = 8081) -> int:
        """The status of a route, asked past nginx; 0 when nobody answers."""
        words = ("--output", "/dev/null", "--write-out", "%{http_code}")
        return int(self.curl(path, port, *words) or 0)

    def curl(self, path: str, port: int, *words: str) -> str:
        """A request as the proxy would make it."""
        proxied = ("--header", f"Host: {HOST}", "--header", "X-Forwarded-Proto: https")
        forwarded = ("--header", "X-Forwarded-For: 127.0.0.1")
        done = self.machine.run(
            *("curl", "--silent", "--max-time", "10", *proxied, *forwarded, *words),
            f"http://127.0.0.1:{port}{path}",
            check=False,
        )
        return done.stdout

    def is_ready(self) -> bool:
        """Whether both servers say that they are."""
        return self.status("/readyz") == self.status("/readyz", 8082) == 200

    def main_pids(self) -> list[int]:
        """The first processes of all services."""
        return [self.machine.main_pid(name) for name in SERVICES]

    def wait_until_ready(self, seconds: float = 60) -> None:
        """Until both servers say that they are. Raises AssertionError with the journal."""
        until(
            self.is_ready,
            seconds,
            lambda: self.machine.journal("--unit=jyoti-*", "--lines=60"),
        )

    def certificate(self, folder: Path) -> Path:
        """The self-signed certificate, where the load can read it."""
        file = folder / "fullchain.pem"
        file.write_text(self.machine.shell("cat /etc/jyoti/tls/fullchain.pem"))
        return file

    @property
    def vouch(self) -> list[str]:
        """Proves addresses, as the operator can; usernames follow."""
        return [*self.machine.enter, "/opt/jyoti/current/deploy/bin/manage", "user", "verify"]

    def manage(self, *words: str) -> str:
        """`manage.py` as the services run."""
        return self.machine.run("/opt/jyoti/current/deploy/bin/manage", *words).stdout


def install(machine: Machine, archive: Path) -> Box:
    """A box that runs this release and answers."""
    box = Box(machine)
    box.prepare(archive)
    box.deploy(archive)
    box.wait_until_ready()
    assert box.version() == version_of(archive)
    return box
