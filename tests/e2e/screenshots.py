"""`python -m tests.e2e.screenshots`: takes the pictures of the README from the demo."""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import django
import psycopg
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from config.demo.content import LOGINS, PASSWORD, PICTURES
from core.embedded import release_services
from tests.e2e.browsers import chromium_arguments, new_context, signed_in
from tests.e2e.server import serving

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
QUALITY = 68
CHOSEN = ("cloud-valley", "yellow-dahlia", "gallery-stairs")
# Pictures further down are not loaded before somebody scrolls there.
IN_SIGHT_LOADED = """() => [...document.images].every((image) => {
  const { top, bottom } = image.getBoundingClientRect();
  return image.complete || bottom < 0 || top > innerHeight;
})"""

Shot = Callable[[Page], object]


def main() -> None:
    """Seed a server of its own, take every screen in two sizes and two schemes, save as WebP."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (server, environ):
        command = [sys.executable, "manage.py", "seed_demo"]
        subprocess.run(command, env=environ, cwd=ROOT, check=True)
        wait_for_jobs(environ["DATABASE_URL"])
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(**chromium_arguments())
            for width in (390, 1280):
                for theme in ("light", "dark"):
                    take_all(playwright, browser, server.url, width, theme)
    release_services("test")


def wait_for_jobs(database_url: str) -> None:
    """Until the worker has told everybody and made the other sizes of the pictures."""
    waiting = """SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'
        OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"""
    with psycopg.connect(database_url, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() != (0,):
            connection.execute("SELECT pg_sleep(1)")


def take_all(playwright: Playwright, browser: Browser, url: str, width: int, theme: str) -> None:
    """One window of this form, from screen to screen."""
    state = signed_in(playwright, url, LOGINS[0], PASSWORD)
    context = new_context(browser, url, width=width, theme=theme, state=state)
    page = context.new_page()
    for name, shot in SHOTS.items():
        shot(page)
        settle(page)
        save(page.screenshot(), FOLDER / f"{name}-{width}-{theme}.webp")
    context.close()


def home(page: Page) -> None:
    """The newest posts."""
    page.goto("/")
    expect(page.get_by_role("article").first).to_be_visible()


def post(page: Page) -> None:
    """A post with comments."""
    page.goto("/tomas.reyes")
    page.get_by_role("main").get_by_role("link", name="A gull flies low").click()
    expect(page.get_by_text("May I draw it?")).to_be_visible()
    if page.viewport_size and page.viewport_size["width"] < 768:
        page.reload()


def profile(page: Page) -> None:
    """Somebody else's profile."""
    page.goto("/noor.haddad")
    expect(page.get_by_role("link", name="A wide wooden spiral").first).to_be_visible()


def messages(page: Page) -> None:
    """The conversation with the newest messages."""
    page.goto("/messages")
    page.get_by_role("link", name="Tomás Reyes").first.click()
    expect(page.get_by_role("log").get_by_text("Loser buys the tea")).to_be_visible()


def create(page: Page) -> None:
    """A new post with pictures, one of them described."""
    page.goto("/create")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose pictures").click()
    chooser.value.set_files([PICTURES / f"{name}.webp" for name in CHOSEN])
    page.get_by_label("Caption").fill("Between two showers. #forest")
    page.get_by_label("Description of picture 1").fill("Low clouds in a dark green valley.")
    expect(page.get_by_role("list", name="Pictures in this post")).to_contain_text("ALT")


def notifications(page: Page) -> None:
    """Who liked and commented."""
    page.goto("/notifications")
    expect(page.get_by_text("liked your post").first).to_be_visible()


SHOTS: dict[str, Shot] = {
    "home": home,
    "profile": profile,
    "post": post,
    "messages": messages,
    "notifications": notifications,
    "create": create,
}


def settle(page: Page) -> None:
    """Until every picture in sight is there and nothing moves."""
    page.wait_for_function(IN_SIGHT_LOADED)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(800)


def save(png: bytes, path: Path) -> None:
    """Write a small WebP."""
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(path, "WEBP", quality=QUALITY, method=6)


if __name__ == "__main__":
    main()
