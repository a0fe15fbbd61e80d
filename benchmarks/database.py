"""A database of its own for measurements: made and filled once, used again afterwards."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any, Final

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.options import Options
from psycopg import sql

from benchmarks.harness import progress

LINES_AT_ONCE, PROGRESS_EVERY = 10_000, 500_000


def use_database(name: str, *, version: str, fill: Callable[[], None]) -> None:
    """Let Django's connection lead to the database `name` on the server of the settings.

    It is made and filled unless it is there and was filled to its end by this version.
    """
    with connection.cursor() as cursor:
        is_ready = _version_of(cursor, name) == version
        if not is_ready:
            _execute(cursor, "DROP DATABASE IF EXISTS {}", sql.Identifier(name))
            _execute(cursor, "CREATE DATABASE {}", sql.Identifier(name))
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", verbosity=0)
    if not is_ready:
        fill()
        with connection.cursor() as cursor:
            comment = sql.Literal(version)
            _execute(cursor, "COMMENT ON DATABASE {} IS {}", sql.Identifier(name), comment)


def _version_of(cursor: CursorWrapper, name: str) -> str | None:
    cursor.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    )
    row = cursor.fetchone()
    return row[0] if row else None


@contextmanager
def without_indexes(*tables: type[models.Model]) -> Iterator[None]:
    """Primary keys alone while rows come in by the million; the rest is built at the end."""
    names = [_meta(table).db_table for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, {"tables": names})
        constraints = cursor.fetchall()
        cursor.execute(_INDEXES, {"tables": names})
        indexes = cursor.fetchall()
        for table, name, _ in constraints:
            both = sql.Identifier(table), sql.Identifier(name)
            _execute(cursor, "ALTER TABLE {} DROP CONSTRAINT {}", *both)
        for name, _ in indexes:
            _execute(cursor, "DROP INDEX {}", sql.Identifier(name))
        yield
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for name, definition in indexes:
            progress(f"index {name}")
            cursor.execute(definition)
        for table, name, definition in constraints:
            progress(f"constraint {name}")
            both = sql.Identifier(table), sql.Identifier(name)
            _execute(cursor, "ALTER TABLE {} ADD CONSTRAINT {} {}", *both, sql.SQL(definition))


_CONSTRAINTS: Final = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('f', 'u')
"""
_INDEXES: Final = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%(tables)s::regclass[])
AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


def copy_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    total: int,
    **common: Any,
) -> None:
    """COPY rows of the columns `names`; `common` and the model's defaults fill the others.

    Text must be free of tabs, line ends and backslashes.
    """
    meta = _meta(model)
    others = {
        name: common[name] if name in common else _default(field)
        for field in meta.concrete_fields
        if (name := str(field.column)) not in names and (name in common or not field.primary_key)
    }
    end = "".join(f"\t{_text(value)}" for value in others.values()) + "\n"
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join(sql.Identifier(name) for name in (*names, *others)),
    )
    with _raw_cursor() as cursor, cursor.copy(statement) as copy:
        waiting, done = iter(rows), 0
        while lines := list(islice(waiting, LINES_AT_ONCE)):
            if done % PROGRESS_EVERY == 0:
                progress(f"{meta.verbose_name_plural}: {done:,} of {total:,}")
            copy.write("".join("\t".join(map(_text, line)) + end for line in lines))
            done += len(lines)


def _meta(model: type[models.Model]) -> "Options[Any]":
    return model._meta  # noqa: SLF001  the documented name


def _default(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, ArrayField):
        return "{}"  # an array is no JSON; the models' defaults are empty ones
    return "now" if getattr(field, "auto_now_add", False) else field.get_default()


def _text(value: Any) -> str:
    """One value in COPY's text form."""
    if value is None:
        return "\\N"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)


@contextmanager
def _raw_cursor() -> Iterator[psycopg.Cursor[Any]]:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        yield cursor


def _execute(cursor: CursorWrapper, text: str, *parts: sql.Composable) -> None:
    cursor.execute(sql.SQL(text).format(*parts))
