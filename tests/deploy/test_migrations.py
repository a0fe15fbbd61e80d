"""The check of migrations bites: each of these would hurt the code that is still running."""

from pathlib import Path

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from deploy.checks.migrations import RELEASED, excuses, faults_of, new_migrations


@pytest.fixture(scope="module")
def loader(django_db_blocker):
    """The project's migrations; the database is only asked how it quotes."""
    with django_db_blocker.unblock():
        yield MigrationLoader(connection)


@pytest.fixture(scope="module")
def state(loader):
    return loader.project_state()


def migration(*operations, atomic: bool = True) -> migrations.Migration:
    made = migrations.Migration("9999_mutant", "posts")
    made.operations, made.atomic = list(operations), atomic
    return made


MUTANTS = {
    "column dropped": (
        migrations.RemoveField("post", "caption"),
        "DROP_COLUMN",
    ),
    "column renamed": (
        migrations.RenameField("post", "caption", "text"),
        "RENAME_COLUMN",
    ),
    "table dropped": (
        migrations.DeleteModel("save"),
        "DROP_TABLE",
    ),
    "column that old code does not fill": (
        migrations.AddField("post", "mood", models.CharField(max_length=20, default="calm")),
        "db-default",
    ),
    "column that must not be empty at once": (
        migrations.AlterField("post", "edited_at", models.DateTimeField()),
        "adding-not-nullable-field",
    ),
    "index that locks the table": (
        migrations.AddIndex("post", models.Index(fields=["caption"], name="mutant_index")),
        "require-concurrent-index-creation",
    ),
    "constraint that reads the whole table under a lock": (
        migrations.AddConstraint(
            "post",
            models.CheckConstraint(condition=~models.Q(caption="x"), name="mutant_constraint"),
        ),
        "constraint-missing-not-valid",
    ),
    "type changed": (
        migrations.AlterField("post", "caption", models.IntegerField()),
        "ALTER_COLUMN",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_harmful_migration_is_caught(state, name: str) -> None:
    operation, code = MUTANTS[name]
    faults = faults_of(migration(operation), state)
    assert any(fault.startswith(f"{code}:") for fault in faults), faults


@pytest.mark.parametrize(
    "field",
    [
        models.CharField(max_length=20, null=True),
        models.CharField(max_length=20, db_default="calm"),
    ],
    ids=["nullable", "with db_default"],
)
def test_column_that_fills_itself_is_fine(state, field: models.Field) -> None:
    assert faults_of(migration(migrations.AddField("post", "mood", field)), state) == []


def test_table_of_its_own_is_fine(state) -> None:
    made = migrations.CreateModel(
        "Mood",
        [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))],
    )
    assert faults_of(migration(made), state) == []


def test_new_migrations_of_the_project_are_fine(loader) -> None:
    for found in new_migrations(loader):
        before = loader.project_state((found.app_label, found.name), at_end=False)
        assert faults_of(found, before) == [], found


def test_released_migrations_are_there(loader) -> None:
    """A migration that a release has brought is never renamed or taken away."""
    known = {".".join(key) for key in loader.disk_migrations}
    assert set(RELEASED.read_text().split()) <= known


def test_excuse_wants_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "migration.py"
    monkeypatch.setattr("inspect.getfile", lambda _class: str(file))
    file.write_text("# deploy-check: DROP_COLUMN\n# deploy-check: db-default - 1.3 fills it\n")
    assert excuses(migration()) == {"db-default"}
