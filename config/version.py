"""The version: of the release, as its RELEASE file beside manage.py says, else pyproject.toml's."""

from pathlib import Path

RELEASE_FILE = Path(__file__).resolve().parent.parent / "RELEASE"


def version_of(release_file: Path) -> str:
    """The first line of the file; where there is none, the version of this source tree."""
    lines = release_file.read_text().split("\n") if release_file.is_file() else []
    return (lines[0].strip() if lines else "") or "0.1.0"


VERSION = version_of(RELEASE_FILE)
