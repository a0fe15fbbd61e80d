"""Rules of the house that no linter knows; each returns what breaks it, so that tests can plant it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from core.api import Access, ApiView

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("accounts", "posts", "comments", "messaging", "notifications", "media_storage")
WRITES = {"save", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "force_insert"}
FACES = ("api", "consumers.py", "consumers")


def row_writes(source: str) -> list[int]:
    """Lines of a view or consumer that touch rows: `.objects`, `.save()` and the like."""
    return sorted(
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and (node.attr == "objects" or node.attr in WRITES)
    )


def imports_inside_functions(source: str) -> list[int]:
    """Lines of imports that hide in a function; only ready() may."""
    return sorted(
        inner.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "ready"
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    )


def outer_faces() -> Iterator[Path]:
    """Every module of an app that speaks to clients."""
    for app in APPS:
        for face in FACES:
            path = ROOT / app / face
            yield from path.rglob("*.py") if path.is_dir() else ([path] if path.exists() else [])


def modules() -> Iterator[Path]:
    """Every module of the project but migrations and tests."""
    for package in (*APPS, "core", "config"):
        yield from (p for p in (ROOT / package).rglob("*.py") if "migrations" not in p.parts)


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """All (path, view) pairs of the URLconf, the admin's left out."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and not path.startswith("admin/"):
            yield from routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            yield path, pattern.callback


def methods_of(view: Any) -> list[str]:
    """The methods that a view class serves, without HEAD."""
    names = ("get", "post", "put", "patch", "delete")
    return [name.upper() for name in names if hasattr(view, name)]


def without_access(pairs: list[tuple[str, Any]]) -> list[str]:
    """API routes whose view is no ApiView, or that leave a method without an access rule."""
    broken = []
    for path, callback in pairs:
        view = getattr(callback, "view_class", None)
        if not path.startswith("api/"):
            continue
        if view is None or not issubclass(view, ApiView) or not hasattr(view, "access"):
            broken.append(path)
            continue
        rule = view.access
        covered = methods_of(view) if isinstance(rule, Access) else list(rule)
        broken += [f"{method} {path}" for method in methods_of(view) if method not in covered]
    return broken


def access_table(pairs: list[tuple[str, Any]]) -> dict[str, str]:
    """`METHOD path` to the letter of its rule."""
    return {
        f"{method} {path.removeprefix('api/v1/')}": view.view_class().access_for(method).value
        for path, view in pairs
        if path.startswith("api/")
        for method in methods_of(view.view_class)
    }
