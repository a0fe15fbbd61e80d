"""The report as text: figures first, then each list that holds something."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from config.ops.db_report.report import Figure, Report, Row

_WIDEST = 90


def text(report: Report) -> Iterator[str]:
    """Line by line."""
    server = report.server
    yield f"{server['database']} on PostgreSQL {server['version']}"
    yield (
        f"{_size(server['bytes'])}, {server['connections']} of {server['max_connections']} "
        f"connections, {server['deadlocks']} deadlocks"
    )
    yield ""
    for figure in report.figures:
        yield _figure(figure)
    for title, rows in report.as_json().items():
        if isinstance(rows, list) and rows:
            yield f"\n{title.replace('_', ' ').capitalize()}"
            yield from _table(rows)


def _figure(figure: Figure) -> str:
    value = "-" if figure.value is None else f"{figure.value:.1f} {figure.bound.unit}"
    bound = figure.bound
    line = f"{figure.word:<13}{bound.title:<30}{value:>14}  {bound.rule:<12}"
    return f"{line} {figure.why}".rstrip()


def _table(rows: list[Row]) -> Iterator[str]:
    cells = [[_cell(name, value) for name, value in row.items()] for row in rows]
    heads = [name.removesuffix("_bytes").replace("_", " ") for name in rows[0]]
    heads = ["size" if head == "bytes" else head for head in heads]
    widths = [max(len(row[i]) for row in [heads, *cells]) for i in range(len(heads))]
    for row in [heads, *cells]:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  " + "  ".join(padded).rstrip()


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "-"
    if name.endswith("bytes"):
        return _size(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)[:_WIDEST]


def _size(amount: int) -> str:
    return f"{amount / 1e6:.1f} MB"
