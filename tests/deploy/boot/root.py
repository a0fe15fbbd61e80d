"""A Debian 12 as an operator gets it, with the packages of bootstrap: made once, copied each time."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).resolve().parents[3]
CACHE: Final = REPOSITORY / ".local" / "boot"
SUITE: Final = "bookworm"
# What a cloud image has beyond Debian's minimum, then what bootstrap installs for `single`.
PACKAGES: Final = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "iproute2",
    "procps",
    "ca-certificates",
    "certbot",
    "curl",
    "libnginx-mod-http-brotli-static",
    "logrotate",
    "nginx",
    "openssl",
    "postgresql",
    "postgresql-client",
    "python3",
    "python3-venv",
    "redis-server",
    "rsync",
    "util-linux",
    "zstd",
)
# As in a container image: installing starts nothing.
_POLICY: Final = "#!/bin/sh\nexit 101\n"


def debian() -> Path:
    """The folder of the system as it was installed; nobody boots it itself.

    The first call takes some minutes and needs Debian's packages. Raises CalledProcessError.
    """
    folder = CACHE / f"{SUITE}-{hashlib.sha256(' '.join(PACKAGES).encode()).hexdigest()[:12]}"
    if not folder.exists():
        draft = folder.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.parent.mkdir(parents=True, exist_ok=True)
        _install(draft)
        draft.rename(folder)
    return folder


def copy_of(folder: Path, target: Path) -> None:
    """A system that may be changed; owners, links and modes stay."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "--archive", "--reflink=auto", folder, target], check=True)


def _install(root: Path) -> None:
    sys.stderr.write(f"Installing Debian into {root} (some minutes, once) ...\n")
    _run("debootstrap", "--variant=minbase", SUITE, str(root))
    policy = root / "usr/sbin/policy-rc.d"
    policy.write_text(_POLICY)
    policy.chmod(0o755)
    environ = ("env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8")
    apt = ("chroot", str(root), *environ, "apt-get", "-qq")
    _run(*apt, "install", "--yes", "--no-install-recommends", *PACKAGES)
    _run(*apt, "clean")
    policy.unlink()


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ...: {(done.stdout + done.stderr)[-2000:]}")
