"""Figures are kept by name, and bulk rows are the rows that the models would make."""

import json
from collections.abc import Iterator

import pytest
from django.db import connection

from accounts.models import Follow, User
from benchmarks import __main__ as command
from benchmarks import report
from benchmarks.catalogue import Measurement
from benchmarks.database import copy_rows, without_indexes
from benchmarks.harness import Result, p50, p95


def result(name: str, value: float, **more) -> Result:
    """A figure of no consequence."""
    fixed = {"unit": "ms", "samples": 3, "rows": "3 rows", "load": "idle", "date": "2026-01-01"}
    return Result(name=name, value=value, **fixed, **more)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """results.json and RESULTS.md of this test alone."""
    monkeypatch.setattr(report, "JSON", tmp_path / "results.json")
    monkeypatch.setattr(report, "PAGE", tmp_path / "RESULTS.md")
    return tmp_path


def test_a_requirement_of_nothing_at_all_is_shown(files):
    report.record([result("failed", 0.0, required=0.0)])
    assert "| ≤ 0 ms |" in (files / "RESULTS.md").read_text().splitlines()[-1]


def test_a_figure_replaces_that_of_its_name_and_leaves_the_others(files):
    report.record([result("b", 2.0), result("a", 1.0, required=5.0)])
    report.record([result("b", 3.0, peer="plain: 6 ms", ratio=2.0)])
    kept = json.loads((files / "results.json").read_text())
    assert [(entry["name"], entry["value"]) for entry in kept] == [("a", 1.0), ("b", 3.0)]
    assert {"name", "value", "unit", "peer", "ratio", "samples", "rows", "load", "date"} <= set(
        kept[0]
    )
    lines = (files / "RESULTS.md").read_text().splitlines()[-2:]
    assert lines[0].startswith("| `a` | 1 ms | ≤ 5 ms |  |  | 3 |")
    assert lines[1].startswith("| `b` | 3 ms |  | plain: 6 ms | 2 | 3 |")


@pytest.mark.parametrize(("value", "code"), [(4.9, 0), (5.1, 1)])
def test_the_command_fails_when_a_required_figure_is_not_met(files, monkeypatch, value, code):
    class Fixed(Measurement):
        def run(self) -> Iterator[Result]:
            yield result("x", value, required=5.0)

    monkeypatch.setattr(command, "MEASUREMENTS", {"x": Fixed("x", "about", "nowhere")})
    monkeypatch.setattr("sys.argv", ["benchmarks", "x"])
    assert command.main() == code
    assert json.loads((files / "results.json").read_text())[0]["value"] == value


def test_a_measurement_that_does_not_exist_is_an_error(monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmarks", "nothing"])
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert ended.value.code == 2


def test_percentiles():
    samples = [float(n) for n in range(1, 102)]
    assert (p50(samples), p95(samples)) == (51.0, 96.0)


@pytest.mark.django_db
def test_bulk_rows_have_the_defaults_of_the_model_and_all_indexes_come_back():
    def indexes():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename, indexname, indexdef FROM pg_indexes "
                "WHERE tablename IN ('accounts_user', 'accounts_follow') ORDER BY 1, 2"
            )
            return cursor.fetchall()

    before = indexes()
    with without_indexes(User, Follow):
        assert len(indexes()) == 2
        people = [(1001, "one", "one@example.org"), (1002, "two", "two@example.org")]
        copy_rows(User, ("id", "username", "email"), people, total=2, is_private=True)
        copy_rows(Follow, ("follower_id", "followee_id"), [(1001, 1002)], total=1, state="active")
    assert indexes() == before
    one = User.objects.get(username="one")
    assert (one.is_private, one.state, one.links, one.posts_count) == (True, "active", [], 0)
    assert one.created_at is not None
    assert Follow.objects.active().get().followee.username == "two"
