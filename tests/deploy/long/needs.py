"""What this machine must have for the long tests, and whether it has it."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from typing import Final


def _is_root() -> bool:
    return os.geteuid() == 0


def _has_namespaces() -> bool:
    tried = subprocess.run(
        ["unshare", "--net", "--mount", "true"], check=False, capture_output=True
    )
    return tried.returncode == 0


def _has(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is not None


NEEDS: Final[dict[str, tuple[str, Callable[[], bool]]]] = {
    "root": ("root", _is_root),
    "namespaces": ("mount and network namespaces (a container may forbid them)", _has_namespaces),
    "nspawn": ("systemd-nspawn (apt-get install systemd-container)", _has("systemd-nspawn")),
    "debootstrap": ("debootstrap (apt-get install debootstrap)", _has("debootstrap")),
    "ip": ("ip (apt-get install iproute2)", _has("ip")),
    "haproxy": ("haproxy (apt-get install haproxy)", _has("haproxy")),
    "curl": ("curl (apt-get install curl)", _has("curl")),
    "zstd": ("zstd (apt-get install zstd)", _has("zstd")),
    "openssl": ("openssl (apt-get install openssl)", _has("openssl")),
}


def missing(names: Iterable[str]) -> list[str]:
    """What is not here, in words that say how to get it."""
    return [words for words, is_here in map(NEEDS.__getitem__, names) if not is_here()]
