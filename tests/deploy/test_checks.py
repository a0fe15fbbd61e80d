"""`make deploy-check` itself: whatever did not run counts as failed, by its name."""

import sys
from pathlib import Path

import pytest

from deploy.checks import workflow_shell
from deploy.checks.__main__ import main
from deploy.checks.parts import all_parts, shell_scripts
from deploy.checks.runner import ROOT, Part, line_of, report, run_all, run_part
from tests.deploy.sources import REAL

HERE = Path(__file__)


def python(program: str, **about: object) -> Part:
    return Part("part", [sys.executable, "-c", program], has_files=False, **about)


def test_part_that_ends_well_has_passed() -> None:
    assert run_part(python("print('all good')")).fault == ""


def test_part_that_fails_says_so_with_its_output() -> None:
    outcome = run_part(python("print('line 3 is wrong'); raise SystemExit(4)"))
    assert (outcome.fault, outcome.output) == ("exit code 4", "line 3 is wrong\n")


def test_missing_program_is_named_with_what_installs_it() -> None:
    part = Part("part", ["nosuchtool"], files=[HERE], install="apt-get install nosuch")
    assert run_part(part).fault == "not run: nosuchtool is missing (apt-get install nosuch)"


def test_program_that_the_part_needs_is_named_too() -> None:
    part = Part("part", [sys.executable, "-V"], has_files=False, needs=["nosuchtool"])
    assert run_part(part).fault.startswith("not run: nosuchtool is missing")


def test_part_without_files_has_failed() -> None:
    assert run_part(Part("part", [sys.executable])).fault == "not run: there is no file to check"


def test_part_that_saw_nothing_has_failed() -> None:
    part = python("print('0 checks passed')", says=r"[1-9]\d* checks passed")
    assert run_part(part).fault.startswith("passed without saying")


def test_one_failed_part_fails_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = run_all([python("pass"), python("raise SystemExit(1)")], at_once=2)
    assert report(outcomes, 1.0) == 1
    assert capsys.readouterr().out.endswith("2 parts in 1 s. Failed: part\n")


def test_line_has_name_time_and_files() -> None:
    outcome = run_part(Part("lint", [sys.executable, "-c", "pass"], files=[HERE]))
    assert line_of(outcome).split()[:2] == ["ok", "lint"]
    assert line_of(outcome).endswith("1 file")


def test_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["cfn-lnt"])
    assert ended.value.code == 2


def test_every_template_and_workflow_is_looked_at() -> None:
    seen = {part.name: {path.name for path in part.files} for part in all_parts()}
    templates = {path.name for path in ROOT.glob("deploy/cfn/*.yaml")}
    workflows = {path.name for path in ROOT.glob(".github/workflows/*")}
    assert seen["cfn-lint"] == seen["checkov"] == templates
    assert seen["actionlint"] == seen["zizmor"] == seen["workflow shell"] == workflows


def test_every_exception_of_checkov_has_its_reason_beside_it() -> None:
    skips = [
        skip
        for template in REAL.stacks.values()
        for resource in template["Resources"].values()
        for skip in resource.get("Metadata", {}).get("checkov", {}).get("skip", [])
    ]
    assert skips
    assert [skip["id"] for skip in skips if len(skip.get("comment", "").split()) < 5] == []


def test_every_command_of_the_hosts_is_looked_at() -> None:
    commands = {path for path in (ROOT / "deploy/bin").iterdir() if path.suffix != ".sh"}
    assert commands <= set(shell_scripts())


def test_shell_in_a_workflow_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workflow = tmp_path / "x.yml"
    workflow.write_text("jobs: {build: {steps: [{name: Bad, run: 'rm $FILES'}]}}")
    assert workflow_shell.main([str(workflow)]) == 1
    assert "x.yml: build: Bad" in capsys.readouterr().out
