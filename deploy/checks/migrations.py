"""Whether new migrations leave the code that is still running alone, and hold no lock for long.

A release migrates first and replaces the hosts after, so old code meets the new database for some
minutes: what it reads must stay, what it does not know must fill itself in (docs/adr). Three look at each migration that is not in released_migrations.txt:

  django-migration-linter   dropped and renamed tables and columns, new NOT NULL
  squawk                    locks: indexes and constraints on full tables
  the rule below            new columns that old code's INSERT does not know

A line in the migration's file takes one finding out, with its reason:

    # deploy-check: DROP_COLUMN - nothing has read the column since 1.4
"""

import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django_migration_linter.sql_analyser import PostgresqlAnalyser, analyse_sql_statements

from deploy.checks.runner import ROOT, find

RELEASED = Path(__file__).with_name("released_migrations.txt")
_EXCUSE = re.compile(r"# deploy-check: ([\w-]+) - \S+")
#: manage.py migrate sets lock_timeout itself, which also bounds the lock that a foreign key takes on
#: the other table (a scan of a full table is constraint-missing-not-valid, and stays). The rest is
#: taste, and Django's.
_NOT_OURS = (
    "adding-foreign-key-constraint",
    "ban-char-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamptz",
    "require-timeout-settings",
)


def new_migrations(loader: MigrationLoader) -> list[migrations.Migration]:
    """Our migrations that no release has brought yet, in the order in which they run."""
    released = set(RELEASED.read_text().split())
    ours = {config.label for config in apps.get_app_configs() if Path(config.path).parent == ROOT}
    plan = [key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)]
    return [
        loader.graph.nodes[key]
        for key in dict.fromkeys(plan)
        if key[0] in ours and ".".join(key) not in released
    ]


def faults_of(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """What is wrong with a migration of the project in this state, without what is excused."""
    statements = sql_of(migration, before)
    found = [*_linter(statements), *_squawk(statements, migration), *_unknown_columns(migration)]
    return [text for code, text in found if code not in excuses(migration)]


def sql_of(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """The statements that it would run; nothing is run."""
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(before.clone(), editor, collect_sql=True)
    return [line for line in editor.collected_sql if not line.startswith("--")]


def excuses(migration: migrations.Migration) -> set[str]:
    """The codes that the migration's file gives a reason for."""
    return set(_EXCUSE.findall(Path(inspect.getfile(type(migration))).read_text()))


def _linter(statements: list[str]) -> Iterator[tuple[str, str]]:
    errors, _ignored, warnings = analyse_sql_statements(PostgresqlAnalyser, statements)
    for issue in [*errors, *warnings]:
        yield issue.code, f"{issue.code}: {issue.message}"


def _squawk(statements: list[str], migration: migrations.Migration) -> Iterator[tuple[str, str]]:
    in_transaction = ["--assume-in-transaction"] if migration.atomic else []
    done = subprocess.run(
        [find("squawk"), "--reporter=gcc", f"--exclude={','.join(_NOT_OURS)}", *in_transaction],
        input="\n".join(statements),
        text=True,
        capture_output=True,
        check=False,
    )
    found = re.findall(r"(?:warning|error): ([\w-]+) (.*)", done.stdout)
    if done.returncode and not found:
        raise RuntimeError(f"squawk did not run: {done.stdout}{done.stderr}")
    yield from ((code, f"{code}: {text}") for code, text in found)


def _unknown_columns(migration: migrations.Migration) -> Iterator[tuple[str, str]]:
    """NOT NULL without a default in the database: an INSERT of old code would fail."""
    for operation in migration.operations:
        if not isinstance(operation, migrations.AddField):
            continue
        field = operation.field
        fills_itself = field.null or field.has_db_default() or field.many_to_many
        if not fills_itself and not isinstance(field, models.GeneratedField):
            where = f"{operation.model_name}.{operation.name}"
            yield "db-default", f"db-default: {where} needs null=True or db_default"


def main() -> int:
    """Check all new migrations; 1 when one has a fault."""
    django.setup()
    loader = MigrationLoader(connection)
    found = new_migrations(loader)
    bad = 0
    for migration in found:
        key = (migration.app_label, migration.name)
        for fault in faults_of(migration, loader.project_state(key, at_end=False)):
            print(f"{migration.app_label}.{migration.name}: {fault}")
            bad += 1
    print(f"{len(found)} new migrations, {len(RELEASED.read_text().split())} released")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
