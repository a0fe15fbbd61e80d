"""Chromium, the server, people, and windows in which they are signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.e2e.people import PASSWORD, People, Person, making_people
from tests.e2e.server import Server, serving

WAIT_MS = 20_000
# What the console says by itself while a server is away.
OUTAGE_WORDS = ("Failed to load resource", "WebSocket connection")
expect.set_options(timeout=WAIT_MS)


@dataclass
class Window:
    """One person's browser, and what its console complained about."""

    page: Page
    problems: list[str] = field(default_factory=list)


OpenWindow = Callable[..., Window]


def chromium_arguments() -> dict[str, object]:
    """Launch the machine's own Chromium; as root it needs to go without its sandbox."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return {"executable_path": path, "args": arguments}


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


def new_context(
    browser: Browser, url: str, *, width: int, theme: str, state: Any = None
) -> BrowserContext:
    """A browser of this width and colour scheme, with what it remembers of an earlier visit."""
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": 844 if width < 768 else 900},
        color_scheme=theme,
        reduced_motion="reduce",
        storage_state=state,
    )
    context.set_default_timeout(WAIT_MS)
    return context


def signed_in(playwright: Playwright, url: str, login: str, password: str) -> Any:
    """What a browser remembers after log-in: the cookie, and that there is one."""
    api = playwright.request.new_context(base_url=url, extra_http_headers={"Origin": url})
    answer = api.post("/api/v1/auth/login", data={"login": login, "password": password})
    assert answer.ok, answer.text()
    state = api.storage_state()
    api.dispose()
    hint = {"name": "jyoti.session", "value": "in"}
    return {**state, "origins": [{"origin": url, "localStorage": [hint]}]}


def watch(window: Window) -> None:
    """Collect errors of scripts, of the console, and breaches of the content security policy."""
    page = window.page
    page.on("pageerror", lambda error: window.problems.append(f"script: {error}"))
    page.on("console", lambda message: take(message.type, message.text, message.location))

    def take(kind: str, text: str, where: Any) -> None:
        # Asking whether a session is left is answered by 401, which the console reports by itself.
        if kind in ("error", "warning") and not where.get("url", "").endswith("/auth/refresh"):
            window.problems.append(f"console: {text} at {where.get('url')}")
