"""What a process has loaded before it serves anybody: shared by its children, and no more than that."""

import json
import subprocess
import sys

import pytest

TELL = "import sys, json, {}; print(json.dumps(sorted(sys.modules)))"


def loaded_by(module: str, process: str) -> set[str]:
    """The names of all modules after this one was imported."""
    # The suite's own settings stay: what the installed apps load is the same in production.
    done = subprocess.run(
        [sys.executable, "-c", TELL.format(module)],
        env={"DJANGO_SETTINGS_MODULE": "config.settings.test", "JYOTI_PROCESS": process},
        check=True,
        capture_output=True,
        text=True,
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(("module", "process"), [("config.wsgi", "http"), ("config.sockets", "ws")])
def test_a_server_carries_no_second_server_along(module: str, process: str):
    assert loaded_by(module, process) & {"daphne", "twisted", "autobahn"} == set()


def test_views_are_loaded_before_the_processes_part():
    loaded = loaded_by("config.wsgi", "http")
    assert {"config.urls", "posts.api.views", "messaging.api.views"} <= loaded
