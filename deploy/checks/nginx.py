"""`nginx -t` on the single box's configuration, with the box's folders in a temporary place."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.checks.runner import find

#: What the configuration names on the box, and what stands for it here.
_FOLDERS = {
    "/etc/jyoti/tls": "tls",
    "/etc/nginx/jyoti": "own",
    "/var/log/nginx": "log",
    "/run/nginx.pid": "nginx.pid",
    "/etc/nginx/modules-enabled": "modules",
}


def check(path: Path) -> int:
    """Exit code of nginx; it prints what is wrong, with the line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("tls", "own", "log", "modules"):
            (folder / part).mkdir()
        (folder / "own/server-name.conf").write_text("server_name photos.example.org;\n")
        _make_certificate(folder / "tls")
        text = path.read_text()
        for there, here in _FOLDERS.items():
            text = text.replace(there, str(folder / here))
        (folder / "nginx.conf").write_text(text)
        return _run([find("nginx"), "-t", "-q", "-p", name, "-c", str(folder / "nginx.conf")])


def _make_certificate(folder: Path) -> None:
    subject = ["-subj", "/CN=photos.example.org", "-days", "1", "-newkey", "rsa:2048", "-nodes"]
    out = ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(
        [find("openssl"), "req", "-x509", *subject, *out], check=True, capture_output=True
    )


def _run(command: list[str]) -> int:
    """As root, for nginx binds its ports even to test: of a namespace where one is not root."""
    if os.geteuid() != 0:
        command = [find("unshare"), "--user", "--map-root-user", "--net", *command]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(max(check(Path(name)) for name in sys.argv[1:]))
