"""Chromium: how it is launched, how somebody is signed in there, and what it complains about."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright

WAIT_MS = 20_000


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
