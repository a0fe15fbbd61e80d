"""results.json, one object for each figure, and RESULTS.md, which is made from it."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from benchmarks.harness import Result

FOLDER: Final = Path(__file__).parent
JSON, PAGE = FOLDER / "results.json", FOLDER / "RESULTS.md"
HEAD: Final = """# Results

Made by `make bench` from `results.json`; one measurement alone: `python -m benchmarks <name>`.
Figures of another machine differ; the ratios, each measured in one block, less so.

| figure | value | required | compared with | times as fast | samples | on | machine | date |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def record(results: Iterable[Result]) -> None:
    """Replace the figures of these names, keep the others, and write both files."""
    kept = {entry["name"]: entry for entry in _read()}
    kept |= {result.name: result.as_json() for result in results}
    entries = [kept[name] for name in sorted(kept)]
    JSON.write_text(json.dumps(entries, indent=2, ensure_ascii=False) + "\n")
    PAGE.write_text(HEAD + "".join(_line(entry) for entry in entries))


def _read() -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads(JSON.read_text()) if JSON.exists() else []
    return entries


def _line(entry: dict[str, Any]) -> str:
    sign = "≥" if entry.get("is_least") else "≤"
    required = (
        f"{sign} {entry['required']:g} {entry['unit']}" if entry["required"] is not None else ""
    )
    ratio = f"{entry['ratio']:g}" if entry["ratio"] else ""
    cells = [
        f"`{entry['name']}`",
        f"{entry['value']:g} {entry['unit']}",
        required,
        entry["peer"] or "",
        ratio,
        str(entry["samples"]),
        entry["rows"],
        entry["load"],
        entry["date"],
    ]
    return f"| {' | '.join(cells)} |\n"
