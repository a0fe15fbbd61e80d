"""Releases to install: the last commit's, made by bin/release, and others made from it."""

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.deploy.boot.root import CACHE, REPOSITORY

RELEASES: Final = CACHE / "releases"
BUILD_S: Final = 600


def built() -> Path:
    """The archive of the last commit, for Debian 12; built once. Raises AssertionError."""
    commit = _output("git", "-C", str(REPOSITORY), "rev-parse", "--short=12", "HEAD")
    archive = RELEASES / f"jyoti-1.0.0-{commit}.tar.zst"
    if not archive.exists():
        for old in RELEASES.glob("jyoti-*"):
            old.unlink()
        words = f"--version 1.0.0-{commit} --python 3.11 --output {RELEASES}"
        # The make that runs the tests has put its own words into the environment.
        environ = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        made = subprocess.run(
            ["make", "--directory", str(REPOSITORY), "release", f"ARGS={words}"],
            check=False,
            env=environ,
            capture_output=True,
            text=True,
            timeout=BUILD_S,
        )
        assert archive.exists(), (made.stdout + made.stderr)[-3000:]
    return archive


def version_of(archive: Path) -> str:
    """The version in an archive's name."""
    return archive.name.removeprefix("jyoti-").removesuffix(".tar.zst")


def another(
    archive: Path, version: str, change: Callable[[Path], None] = lambda tree: None
) -> Path:
    """The same release under another version, after `change` has been at its files."""
    target = archive.with_name(f"jyoti-{version}.tar.zst")
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        tree = Path(folder) / f"jyoti-{version}"
        tree.mkdir()
        _run("tar", "--extract", "--zstd", f"--file={archive}", f"--directory={tree}", "--strip=1")
        (tree / "RELEASE").write_text(f"{version}\n")
        change(tree)
        packed = ("--use-compress-program=zstd -1", f"--file={target}", tree.name)
        _run("tar", "--create", f"--directory={folder}", "--owner=0", "--group=0", *packed)
    checksum = hashlib.sha256(target.read_bytes()).hexdigest()
    target.with_name(f"{target.name}.sha256").write_text(f"{checksum}  {target.name}\n")
    return target


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
