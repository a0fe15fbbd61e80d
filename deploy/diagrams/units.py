"""What systemd starts on a host, and what makes it start."""

from collections.abc import Iterator
from pathlib import Path

from deploy.diagrams.drawing import Drawing, Edge

FOLDER = Path(__file__).parents[1] / "systemd"


def units() -> Drawing:
    """Targets, sockets, timers and services; dotted is what one would start but not need."""
    drawing = Drawing()
    for path in sorted(FOLDER.glob("jyoti*.*")):
        if path.is_file():
            drawing.box(path.name, _caption(path), path.suffix.removeprefix(".") + "s")
            drawing.edges |= set(_edges(path))
    return drawing


def entries(path: Path) -> Iterator[tuple[str, str]]:
    """Key and value of each line of a unit; comments and section names left out."""
    joined = path.read_text().replace("\\\n", " ")
    for line in joined.splitlines():
        key, found, value = line.partition("=")
        if found and not line.startswith(("#", ";", "[")):
            yield key.strip(), value.strip()


def _caption(path: Path) -> str:
    about = dict(entries(path))
    extra = about.get("ListenStream") or about.get("OnCalendar") or ""
    every = about.get("OnUnitActiveSec")
    extra = f"every {every} s" if every else extra
    return f"{path.name}<br>{extra}" if extra else path.name


def _edges(path: Path) -> Iterator[Edge]:
    if path.suffix in {".socket", ".timer"}:
        label = "listens for" if path.suffix == ".socket" else "starts"
        yield Edge(path.name, f"{path.stem}.service", label)
    for key, value in entries(path):
        for other in value.split():
            if key == "WantedBy":
                yield Edge(other, path.name, "wants")
            elif key in {"Requires", "Wants"} and other.startswith("jyoti"):
                is_own_socket = other == f"{path.stem}.socket"
                if not is_own_socket:
                    yield Edge(path.name, other, key.lower(), dotted=key == "Wants")
            elif key == "Conflicts" and path.name < other:
                yield Edge(path.name, other, "never with", dotted=True)
