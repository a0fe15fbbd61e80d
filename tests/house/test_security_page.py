"""docs/security.md says what is true: every line once, every test there, every number that of the code."""

import ast
import re
from datetime import timedelta
from functools import cache
from importlib import import_module

import pytest

from core.limits import HOUR, MINUTE, Limit
from tests.house.rules import ROOT
from tests.house.test_limits_fired import scopes_in_the_code

PAGE = (ROOT / "docs" / "security.md").read_text()
HELD, NOT_HELD = PAGE.split("## Not held yet")
#: How many lines each family has.
FAMILIES = {"AUTH": 14, "SESS": 10, "ACL": 16, "RATE": 6, "PRIV": 1,
            "LOG": 1, "WS": 8, "VAL": 12, "FILE": 15, "WEB": 3, "CONF": 7}  # fmt: skip
#: The list of threats leaves this number out.
NO_LINE = {"CONF-04"}
SPANS = {"10 minutes": 10 * MINUTE, "15 minutes": 15 * MINUTE, "1 hour": HOUR, "1 day": 24 * HOUR}


def cells(text, width):
    """The rows of all tables with so many columns, but for their heads."""
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [row for row in rows if len(row) == width and row[0] not in ("line", "limit", "what")]


def ids(text):
    return re.findall(r"^\| ([A-Z]+-\d\d) \|", text, re.MULTILINE)


def named_tests(text):
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)


@cache
def defined_in(path):
    tree = ast.parse((ROOT / path).read_text())
    return {n.name for n in tree.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}


def value_of(constant):
    module, name = constant.strip("`").rsplit(".", 1)
    return getattr(import_module(module), name)


def test_every_line_of_every_family_stands_on_the_page_once():
    wanted = {f"{name}-{n:02}" for name, most in FAMILIES.items() for n in range(1, most + 1)}
    found = ids(HELD) + ids(NOT_HELD)
    assert sorted(found) == sorted(wanted - NO_LINE)
    families = {line.partition("-")[0] for line in ids(NOT_HELD)} & {"AUTH", "SESS", "RATE", "PRIV"}
    assert families == set()


def test_every_line_that_holds_names_tests_and_every_other_a_reason():
    for line, promise, held_by in (row for row in cells(HELD, 3) if row[0] in ids(HELD)):
        assert named_tests(held_by), line
        assert promise.endswith("."), line
    for line, why in cells(NOT_HELD, 2):
        assert why.endswith("."), line


def test_every_test_that_is_named_exists():
    named = set(named_tests(PAGE))
    assert len(named) > 150
    assert {(path, test) for path, test in named if test not in defined_in(path)} == set()


def test_every_limit_of_the_code_is_on_the_page_with_its_numbers():
    rows = cells(HELD, 5)
    assert sorted(row[0].strip("`") for row in rows) == sorted(scopes_in_the_code())
    for scope, count, span, _, constant in rows:
        value = value_of(constant)
        if not isinstance(value, Limit):
            value = Limit(scope.strip("`"), value, HOUR)
        assert value == Limit(scope.strip("`"), int(count.replace(",", "")), SPANS[span]), scope


@pytest.mark.parametrize("row", cells(HELD, 4), ids=lambda row: row[0])
def test_every_size_is_that_of_its_constant_and_names_what_fires_it(row):
    _, limit, constant, held_by = row
    value = value_of(constant)
    number = value.days if isinstance(value, timedelta) else value
    assert number == int(limit.replace(",", ""))
    assert named_tests(held_by)
