"""Ask everything, and hold the figures that matter against their limits."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.db import Error as DatabaseError
from django.db import connection

from config.ops.bounds import Bound
from config.ops.db_report import queries

Row = dict[str, Any]

#: The defaults; --fail-over changes them. The size is 80 % of the smallest volume of the stacks.
BOUNDS: Final = (
    Bound("size_mb", "database size", "MB", 16_000),
    Bound("connections_percent", "connections in use", "%", 80),
    Bound("cache_hit_percent", "reads served from memory", "%", 95, is_floor=True),
    Bound("dead_rows_percent", "dead rows of the worst table", "%", 30),
    Bound("slow_mean_ms", "mean of the slowest statement", "ms", 250),
    Bound("transaction_s", "longest transaction", "s", 60),
    Bound("lock_wait_s", "longest wait for a lock", "s", 5),
    Bound("unused_index_mb", "indexes that nothing reads", "MB", 500),
)

SHOWN_ROWS: Final = 10
#: Below so many rows a table is vacuumed late, and that costs nothing.
SMALL_TABLE: Final = 10_000
SMALL_INDEX_BYTES: Final = 1_000_000
#: What ran less often says nothing.
FEW_CALLS: Final = 20
# 8 GB: a server that has just started has read everything once, and that says nothing.
_FEW_BLOCKS: Final = 1_000_000
_OWN_ONLY: Final = "of this account alone; GRANT pg_monitor TO it shows all"
_TIMEOUT: Final = "SET statement_timeout = '20s'"


@dataclass(frozen=True, slots=True)
class Figure:
    """One value against its bound; None where it cannot be had, and then `why`."""

    bound: Bound
    value: float | None
    why: str = ""

    @property
    def word(self) -> str:
        """`ok`, `OVER` or `NOT MEASURED`."""
        if self.value is None:
            return "NOT MEASURED"
        return "ok" if self.bound.holds(self.value) else "OVER"

    def as_json(self) -> Row:
        """Value and limit in the unit that the name ends with."""
        rounded = None if self.value is None else round(self.value, 2)
        return {"value": rounded, "limit": self.bound.limit, "state": self.word, "why": self.why}


@dataclass(frozen=True, slots=True)
class Sections:
    """The lists below the figures."""

    tables: list[Row]
    slow_statements: list[Row]
    unused_indexes: list[Row]
    transactions: list[Row]
    locks: list[Row]
    connections: list[Row]


@dataclass(frozen=True, slots=True)
class Report:
    """The server, the figures, and what stands behind them."""

    server: Row
    figures: list[Figure]
    sections: Sections

    def as_json(self) -> Row:
        """Bytes, seconds and times as PostgreSQL gives them."""
        figures = {figure.bound.name: figure.as_json() for figure in self.figures}
        return {"server": self.server, "figures": figures, **asdict(self.sections)}


@dataclass(frozen=True, slots=True)
class _Slow:
    """What pg_stat_statements tells, or why it cannot."""

    rows: list[Row]
    slowest_ms: float | None
    why: str = ""


def db_report(bounds: Sequence[Bound] = BOUNDS) -> Report:
    """Everything at once, on Django's connection. Raises django.db.Error."""
    _ask(_TIMEOUT)
    (server,) = _ask(queries.SERVER)
    slow = _slow()
    sections = Sections(
        tables=_ask(queries.TABLES, rows=SHOWN_ROWS),
        slow_statements=slow.rows,
        unused_indexes=_ask(queries.UNUSED_INDEXES, small_bytes=SMALL_INDEX_BYTES),
        transactions=_ask(queries.TRANSACTIONS, rows=SHOWN_ROWS),
        locks=_ask(queries.LOCKS),
        connections=_ask(queries.CONNECTIONS, rows=SHOWN_ROWS),
    )
    values = _values(server, sections) | {"slow_mean_ms": slow.slowest_ms}
    reasons = {"slow_mean_ms": slow.why}
    if not server["sees_all"]:
        reasons |= dict.fromkeys(("slow_mean_ms", "transaction_s"), slow.why or _OWN_ONLY)
    figures = [Figure(b, values[b.name], reasons.get(b.name, "")) for b in bounds]
    return Report(server, figures, sections)


def _values(server: Row, sections: Sections) -> dict[str, Any]:
    hit, read = server["blks_hit"], server["blks_read"]
    (dead,) = _ask(queries.DEAD_ROWS, small=SMALL_TABLE)
    return {
        "size_mb": server["bytes"] / 1e6,
        "connections_percent": 100 * server["connections"] / server["max_connections"],
        "cache_hit_percent": 100 * hit / (hit + read) if hit + read > _FEW_BLOCKS else 100,
        "dead_rows_percent": dead["percent"],
        "transaction_s": max((row["seconds"] for row in sections.transactions), default=0),
        "lock_wait_s": max((row["seconds"] for row in sections.locks), default=0),
        "unused_index_mb": sum(row["bytes"] for row in sections.unused_indexes) / 1e6,
    }


def _slow() -> _Slow:
    schema = _ask(queries.STATEMENTS_SCHEMA)
    if not schema:
        return _Slow([], None, "CREATE EXTENSION pg_stat_statements")
    name = connection.ops.quote_name(schema[0]["nspname"])
    try:
        rows = _ask(queries.SLOW.format(schema=name), rows=SHOWN_ROWS, calls=FEW_CALLS)
        (slowest,) = _ask(queries.SLOWEST.format(schema=name), calls=FEW_CALLS)
    except DatabaseError:
        return _Slow([], None, "shared_preload_libraries = 'pg_stat_statements', then a restart")
    return _Slow(rows, slowest["mean_ms"])


def _ask(sql: str, **params: Any) -> list[Row]:
    with connection.cursor() as cursor:
        # Without parameters a percent sign is one; with them, the queries write two.
        cursor.execute(sql, params or None)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()] if names else []
