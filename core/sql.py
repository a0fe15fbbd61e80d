"""The ORM's own SQL, compiled once and run as a prepared statement: for hot reads only.

Building and compiling a queryset costs several times what running it does. A CompiledQuery does it
on first use and then runs the text on a server-binding cursor of Django's own connection, in the
same transaction.
"""

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.models import BigIntegerField, Field, ForeignObject, Lookup
from django.db.models.expressions import Expression
from psycopg._queries import PostgresQuery, _query2pg
from psycopg.rows import RowFactory, dict_row
from psycopg.sql import Literal
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.numeric import Int8

_NAMED = re.compile(r"%\((\w+)\)s")


class Slot(str):
    """The name of a run-time parameter inside the ORM's parameter list."""

    __slots__ = ()


class P(Expression):
    """A named run-time parameter of a queryset: `filter(user=P("viewer", BigIntegerField()))`."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        self.name = name
        super().__init__(output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """A cast placeholder: every parameter has one type, whatever its value."""
        return f"%s::{self.output_field.db_type(connection)}", [Slot(self.name)]


class NamedSQL(Expression):
    """A deliberate sub-query with `%(name)s` slots: `filter(pk__in=NamedSQL("SELECT ..."))`.

    The text is a constant of the code, and casts each slot itself (`%(viewer)s::bigint`).
    """

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(output_field=BigIntegerField())

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The text in parentheses, its slots as the ORM numbers them."""
        slots = [Slot(name) for name in _NAMED.findall(self.text)]
        return f"({_NAMED.sub('%s', self.text)})", slots


# A foreign key does not inherit the lookups of plain fields.
@ForeignObject.register_lookup
@Field.register_lookup
class EqAny(Lookup[Any]):
    """`field__eqany=P("ids", ArrayField(...))`: `= ANY(array)`, one SQL text for every length."""

    lookup_name = "eqany"

    def get_prep_lookup(self) -> Any:
        """The array goes to the database as it is."""
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """`left = ANY(right)`."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_params, *right_params]


class _HotQuery(PostgresQuery):
    """How psycopg reads a statement, which it forgets at once where it is longer than 4 kB.

    Ours are longer and few, and reading one anew costs as much as all else around it.
    """

    def convert(self, query: Any, vars: Any) -> None:  # noqa: A002  psycopg's names
        """As inherited, but remembered."""
        text = query.encode() if isinstance(query, str) else query
        self.query, self._want_formats, self._order, self._parts = _query2pg(text, "utf-8")
        self.dump(vars)


class _HotCursor(psycopg.Cursor[Any]):
    _query_cls = _HotQuery


class HotAsyncCursor(psycopg.AsyncCursor[Any]):
    """For long statements on an event loop's own connection; read once, as those of `run_hot`."""

    _query_cls = _HotQuery


_cursors = threading.local()


def run_hot(
    sql: str,
    params: Mapping[str, Any],
    *,
    row: RowFactory[Any] = dict_row,
    using: str = DEFAULT_DB_ALIAS,
) -> list[Any]:
    """Run SQL with `%(name)s` parameters as a server-side prepared statement; return all rows.

    Integers are sent as int8: psycopg would choose a type by magnitude and so prepare three
    statements. jsonb arrives as text. Raises django.db errors.
    """
    connection = connections[using]
    # Once in each request, and by a look at the socket alone (core.database.base).
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor = getattr(_cursors, using, None)
    if cursor is None or cursor.connection is not connection.connection:
        cursor = _HotCursor(connection.connection)
        # Django registers a Python loader on the connection; psycopg's own is in C.
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
        setattr(_cursors, using, cursor)
    cursor.row_factory = row
    typed = {k: Int8(v) if type(v) is int else v for k, v in params.items()}
    # Django's wrapper counts the query, maps the error classes and checks the thread. It is not
    # used as a context manager: that would close the cached cursor.
    prepare_cursor = connection._prepare_cursor  # type: ignore[attr-defined]  # noqa: SLF001
    prepare_cursor(cursor).execute(sql, typed)
    rows: list[Any] = cursor.fetchall()
    return rows


class CompiledQuery:
    """A queryset with P() slots, compiled on first use. `build` returns `.values(...)` or similar.

    Call it with one keyword per slot. Raises TypeError for missing or unknown names and ValueError
    for None, because `= NULL` matches nothing.
    """

    def __init__(
        self,
        build: Callable[[], Any],
        *,
        row: RowFactory[Any] = dict_row,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        self.build, self.row, self.using = build, row, using

    @cached_property
    def compiled(self) -> tuple[str, frozenset[str]]:
        """The SQL text, and the names of its slots."""
        sql, params = self.build().using(self.using).query.get_compiler(self.using).as_sql()
        return _with_named_params(sql, params)

    def __call__(self, **args: Any) -> list[Any]:
        sql, slots = self.compiled
        if args.keys() != slots:
            raise TypeError(f"expected {sorted(slots)}, got {sorted(args)}")
        missing = [name for name, value in args.items() if value is None]
        if missing:
            raise ValueError(f"{missing[0]} is None: build a second query with __isnull")
        try:
            return run_hot(sql, args, row=self.row, using=self.using)
        except OperationalError:
            connection = connections[self.using]
            if connection.in_atomic_block or connection.is_usable():
                raise
            connection.close()
        # Lost since it was looked at; outside of a transaction a read may simply be done again.
        return run_hot(sql, args, row=self.row, using=self.using)


def _with_named_params(sql: str, params: Sequence[Any]) -> tuple[str, frozenset[str]]:
    """Slots become `%(name)s`; constants are written into the text.

    A prepared statement with `state = $1` could not use an index `WHERE state = 'published'`.
    """
    texts = iter([f"%({p})s" if isinstance(p, Slot) else _literal(p) for p in params])
    named = re.sub(r"%%|%s", lambda m: m[0] if m[0] == "%%" else next(texts), sql)
    return named, frozenset(str(p) for p in params if isinstance(p, Slot))


def _literal(constant: Any) -> str:
    return Literal(constant).as_string().replace("%", "%%")


def mend_counters(statements: Mapping[str, str]) -> dict[str, int]:
    """Run UPDATEs that set counters right, each in a transaction of its own; how many were off."""
    mended = {}
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        for name, statement in statements.items():
            cursor.execute(statement)
            mended[name] = cursor.rowcount
    return mended
