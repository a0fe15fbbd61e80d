"""The commands as one meets them at a prompt: help, refusals, and how they read a host's settings.

That they install, start and put back is shown on a booted host (tests/deploy/boot).
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "deploy/bin"
LIBRARY = BIN / "lib.sh"
COMMANDS = sorted(path for path in BIN.iterdir() if path != LIBRARY)
SHELL = [path for path in COMMANDS if "host_command" not in path.read_text()]
TAKES_OPTIONS = [
    path for path in SHELL if path.name in ("bootstrap", "deploy", "release", "rollback")
]


def run(*command: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **environment},
    )


def in_library(script: str, *arguments: str | Path) -> str:
    """What a few lines print that read the library first."""
    done = run("bash", "-c", f'. "{LIBRARY}"; {script}', "trial", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=lambda path: path.name)
def test_command_can_be_run(command: Path) -> None:
    assert command.read_text().startswith("#!/usr/bin/env bash\n")
    assert command.stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize(
    "command", [each for each in SHELL if each.name != "backup"], ids=lambda path: path.name
)
def test_help_tells_how_to_call_it(command: Path) -> None:
    """The comment at its top, to the last line, and nothing else."""
    done = run(command, "--help")
    comment = []
    for line in command.read_text().splitlines()[1:]:
        if not line.startswith("#") or line.startswith("# shellcheck"):
            break
        comment.append(line.removeprefix("#").removeprefix(" "))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == comment
    assert done.stderr == ""


@pytest.mark.parametrize("command", TAKES_OPTIONS, ids=lambda path: path.name)
def test_unknown_option_is_refused_by_name(command: Path) -> None:
    done = run(command, "--no-such-thing")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{command.name}: unknown option --no-such-thing" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["--sha256"], ["--sha256", "abc", "x"], [], ["a", "b"]], ids=str
)
def test_deploy_refuses_what_it_cannot_mean(arguments: list[str]) -> None:
    done = run(BIN / "deploy", *arguments)
    assert done.returncode == 1
    assert done.stderr.startswith("deploy: ")


def test_bootstrap_wants_a_profile_and_a_name(tmp_path: Path) -> None:
    assert "--profile has to be single or aws" in run(BIN / "bootstrap", "--profile", "x").stderr
    assert "--host has to be" in run(BIN / "bootstrap", "--profile", "single").stderr


def test_settings_are_read_as_systemd_reads_them(tmp_path: Path) -> None:
    """No shell looks at the values, whatever stands in them."""
    file = tmp_path / "jyoti.env"
    file.write_text(
        "# a comment\n\n"
        "MAIL_FROM=Jyoti <hello@example.org>\n"
        'INSTANCE_NAME="Our $HOME, `id`"\n'
        "SECRET_KEY='a=b c'\n"
        "not a setting\n"
        "LAST=without an end"
    )
    assert in_library('environment_of "$1"', file).split("\0") == [
        "MAIL_FROM=Jyoti <hello@example.org>",
        "INSTANCE_NAME=Our $HOME, `id`",
        "SECRET_KEY=a=b c",
        "LAST=without an end",
        "",
    ]


def test_event_is_one_line_of_json_whatever_is_told() -> None:
    told = in_library("event trial_done version '1\"2\\3' before '' 2>&1")
    line = json.loads(told)
    assert (line["event"], line["version"], line["before"]) == ("trial_done", "123", "")
    assert line["level"] == "INFO"


def test_version_is_where_the_link_leads(tmp_path: Path) -> None:
    (tmp_path / "0.1.0-abc").mkdir()
    (tmp_path / "current").symlink_to(tmp_path / "0.1.0-abc")
    script = 'version_of "$1/current"; echo; version_of "$1/nothing"'
    assert in_library(script, tmp_path) == "0.1.0-abc\n"
