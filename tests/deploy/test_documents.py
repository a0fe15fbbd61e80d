"""Documents say what is there: links, files, tests, commands, the first documents."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import pytest

from deploy.diagrams.references import text as text_of
from deploy.templates import LAYERS, SINGLE, load

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/adr/*.md")])
PAGES += sorted(path for path in DEPLOY.rglob("*.md") if "node_modules" not in path.parts)
README = DEPLOY / "README.md"
SEED_LINES = Path(__file__).parent / "seed_lines.txt"

# ---- Links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", document.read_text())
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:|mailto:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """Of the headings, as GitHub makes them."""
    headings = re.findall(r"(?m)^#+ (.+)$", re.sub(r"(?s)```.*?```", "", page.read_text()))
    plain = [re.sub(r"[`*]", "", heading).lower() for heading in headings]
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


# ---- The lines of the first documents --------------------------------------------------------------


def seed_lines() -> list[str]:
    lines = SEED_LINES.read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def answers() -> list[list[str]]:
    """Rows of the README's tables that answer a seed line: line, here, files, held by."""
    rows = []
    lines = README.read_text().splitlines()
    inside = False
    for before, line in pairwise(lines):
        if line.startswith(("| ---", "|---")):
            inside = before.replace(" ", "").startswith("|thefirstdocuments|")
        elif not line.startswith("|"):
            inside = False
        elif inside:
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def test_every_line_of_the_first_documents_is_answered_in_order() -> None:
    assert [row[0] for row in answers()] == seed_lines()
    assert [row[0] for row in answers() if len(row) != 4 or not all(row)] == []


def test_every_answer_names_a_file_and_what_holds_it() -> None:
    for said, _, files, held in answers():
        assert re.search(r"\]\(", files), f"{said}: no file"
        assert re.search(r"`(tests/|make |manage\.py )", held), f"{said}: nothing holds it"


def named_tests() -> list[str]:
    found = set()
    for page in PAGES:
        found |= set(re.findall(r"`(tests/[\w./]+(?:::\w+)?)`", page.read_text()))
    return sorted(found)


def test_every_test_that_a_document_names_exists() -> None:
    missing = [name for name in named_tests() if not exists_test(name)]
    assert len(named_tests()) > 20
    assert missing == []


def exists_test(name: str) -> bool:
    path, _, function = name.partition("::")
    if not (ROOT / path).exists():
        return False
    if not function:
        return True
    tree = ast.parse((ROOT / path).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return function in {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


# ---- Commands --------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    commands = {path.stem for path in ROOT.glob("*/management/commands/*.py")} | DJANGO
    missing = [f"manage.py {name}" for name in _all(r"manage\.py (\w+)", text) - commands]
    missing += [name for name in _all(r"deploy/bin/([\w-]+)", text) if not _is_command(name)]
    targets = set(re.findall(r"(?m)^([a-z][a-z0-9-]*):", (ROOT / "Makefile").read_text()))
    missing += [f"make {name}" for name in _all(r"`make ([a-z][\w-]*)", text) - targets]
    units = {path.name for path in (DEPLOY / "systemd").glob("jyoti*.*")}
    missing += _all(r"(jyoti(?:[\w-]*\w)?\.(?:service|socket|timer|target))\b", text) - units
    modules = _all(r"python -m (deploy(?:\.\w+)+)", text)
    missing += [name for name in modules if not _is_module(name)]
    assert sorted(missing) == []


#: Commands of Django and of its extensions that documents use.
DJANGO = {"check", "createsuperuser", "procrastinate", "showmigrations"}


def _all(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


def _is_command(name: str) -> bool:
    return (DEPLOY / "bin" / name).is_file()


def _is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def test_the_incident_runbook_knows_every_alarm() -> None:
    text = (DEPLOY / "runbooks/incident.md").read_text()
    alarms = [
        text_of(resource["Properties"]["AlarmName"]).removeprefix("${Project}-${Stage}-")
        for stack in (*LAYERS, SINGLE)
        for resource in load(stack)["Resources"].values()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    ]
    assert len(alarms) >= 10
    assert [name for name in alarms if f"| `{name}` |" not in text] == []


def test_the_readme_names_every_parameter_that_has_no_default() -> None:
    text = README.read_text()
    needed = {
        name
        for stack in (*LAYERS, SINGLE)
        for name, parameter in load(stack).get("Parameters", {}).items()
        if "Default" not in parameter
    }
    assert sorted(name for name in needed if f"`{name}`" not in text) == []
