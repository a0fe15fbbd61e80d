"""The server, people, and windows in which they are signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from tests.e2e.browsers import (
    WAIT_MS,
    OpenWindow,
    Window,
    chromium_arguments,
    new_context,
    signed_in,
    watch,
)
from tests.e2e.people import PASSWORD, People, Person, making_people
from tests.e2e.server import Server, serving

# What the console says by itself while a server is away.
OUTAGE_WORDS = ("Failed to load resource", "WebSocket connection")
expect.set_options(timeout=WAIT_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """No browser is downloaded."""
    return {**browser_type_launch_args, **chromium_arguments()}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Started once, with an empty database."""
    with serving(tmp_path_factory.mktemp("server")) as (running, _environ):
        yield running


@pytest.fixture(scope="session")
def people(server: Server, playwright: Playwright) -> Iterator[People]:
    """`people.make("ada")`: somebody with an account."""
    with making_people(playwright, server.url) as maker:
        yield maker


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """Where a test may write a picture."""
    return tmp_path / "photograph.jpg"


@pytest.fixture
def open_window(browser: Browser, server: Server, playwright: Playwright) -> Iterator[OpenWindow]:
    """`open_window(person)`: a browser of their own; none may have complained at the end.

    `width` and `theme` choose its form; `outages` says that the network will fail in between.
    """
    windows: list[tuple[Window, BrowserContext, bool]] = []

    def open_one(
        person: Person | None = None,
        *,
        width: int = 1280,
        theme: str = "light",
        outages: bool = False,
    ) -> Window:
        state = signed_in(playwright, server.url, person.username, PASSWORD) if person else None
        context = new_context(browser, server.url, width=width, theme=theme, state=state)
        window = Window(context.new_page())
        watch(window)
        windows.append((window, context, outages))
        return window

    yield open_one
    complaints = [
        problem
        for window, _, outages in windows
        for problem in window.problems
        if not (outages and any(word in problem for word in OUTAGE_WORDS))
    ]
    for _, context, _ in windows:
        context.close()
    assert complaints == []
