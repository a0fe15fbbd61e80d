"""The checks hold on the tree as it is, and each bites when its fault is planted."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import path as url_path

from core.api import Access, ApiView
from tests.house import rules

PACKAGES = (*rules.APPS, "core", "config")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [tool, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def append(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text()}\n{line}\n")


@pytest.fixture
def copied_tree(tmp_path):
    """The packages and the configuration, where faults may be planted."""
    ignore = shutil.ignore_patterns("__pycache__", "migrations")
    for package in PACKAGES:
        shutil.copytree(rules.ROOT / package, tmp_path / package, ignore=ignore)
    shutil.copy(rules.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_an_upward_import_and_a_stray_module_break_a_contract(copied_tree):
    clean = lint_imports(copied_tree)
    assert clean.returncode == 0, clean.stdout
    (copied_tree / "posts" / "helpers.py").write_text('"""Stray."""\n')
    append(copied_tree / "accounts" / "events.py", "from posts import models")
    planted = lint_imports(copied_tree)
    assert planted.returncode == 1
    assert "posts.helpers" in planted.stdout
    assert "accounts.events -> posts.models" in planted.stdout


def test_domain_code_that_imports_the_web_framework_breaks_a_contract(copied_tree):
    append(copied_tree / "posts" / "events.py", "import rest_framework")
    planted = lint_imports(copied_tree)
    assert planted.returncode == 1
    assert "posts.events -> rest_framework" in planted.stdout


def test_no_view_or_consumer_touches_a_row():
    found = {str(p): rules.row_writes(p.read_text()) for p in rules.outer_faces()}
    assert len(found) > 20
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["Post.objects.create(author=a)", "post.save()", "Like.objects.filter(pk=1).delete()"]
)
def test_a_row_written_in_a_view_is_found(line):
    assert rules.row_writes(f"def post(self, request):\n    {line}\n") == [2]


def test_no_import_hides_in_a_function():
    found = {str(p): rules.imports_inside_functions(p.read_text()) for p in rules.modules()}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_an_import_that_hides_in_a_function_is_found():
    assert rules.imports_inside_functions("def f():\n    import posts\n") == [2]


def test_every_route_has_an_access_rule():
    pairs = list(rules.routes())
    assert len(pairs) > 40
    assert rules.without_access(pairs) == []


class Ruleless(ApiView):
    """Planted: says nothing about who may call it."""

    def get(self, request):
        """Never called."""


class Half(ApiView):
    """Planted: forgets one of its methods."""

    access = {"GET": Access.USER}

    def get(self, request):
        """Never called."""

    def post(self, request):
        """Never called."""


def test_a_route_without_an_access_rule_is_found():
    planted = [url_path("api/v1/a", Ruleless.as_view()), url_path("api/v1/b", Half.as_view())]
    pairs = [(str(p.pattern), p.callback) for p in planted]
    assert rules.without_access(pairs) == ["api/v1/a", "POST api/v1/b"]


def test_public_routes_are_those_and_no_others():
    table = rules.access_table(list(rules.routes()))
    assert sorted(route for route, letter in table.items() if letter == Access.PUBLIC) == [
        "GET auth/username-available",
        "GET docs",
        "GET instance",
        "GET schema",
        "POST appeals",
        "POST auth/login",
        "POST auth/login/mfa",
        "POST auth/logout",
        "POST auth/password/forgot",
        "POST auth/password/reset",
        "POST auth/refresh",
        "POST auth/register",
        "POST contact",
        "POST media/webhooks/cloudinary",
        "PUT media/uploads/<id:upload_id>/file",
    ]


def test_every_module_says_what_it_is_for():
    silent = [
        str(p) for p in rules.modules() if p.stat().st_size and '"""' not in p.read_text()[:80]
    ]
    assert silent == []
