"""The screens of accounts: as usable as the others of `test_screens`."""

import pyotp
import pytest
from playwright.sync_api import Page

from tests.e2e.browsers import OpenWindow
from tests.e2e.people import PASSWORD, People, Person
from tests.e2e.test_screens import Screen, faults

pytestmark = pytest.mark.e2e_full


def press(name: str):
    """Open what stands behind a button."""
    return lambda page: page.get_by_role("button", name=name).first.click()


def confirm(page: Page, button: str) -> None:
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name=button).click()


def begin_second_factor(page: Page) -> None:
    press("Set it up")(page)
    confirm(page, "Next")


def finish_second_factor(page: Page) -> None:
    begin_second_factor(page)
    secret = page.get_by_role("dialog").get_by_role("code").inner_text().replace(" ", "")
    page.get_by_label("Type the code that the app shows").fill(pyotp.TOTP(secret).now())


def make_token(page: Page) -> None:
    press("New token")(page)
    page.get_by_label("Name").fill("Kitchen frame")
    confirm(page, "Make the token")


SETTINGS = {
    "settings": Screen("/settings", lambda p: p.get_by_role("navigation", name="Settings")),
    "appearance": Screen("/settings/appearance", lambda p: p.get_by_text("Keyboard shortcuts")),
    "account": Screen("/settings/account", lambda p: p.get_by_text("Verified", exact=True)),
    "change address": Screen(
        "/settings/account",
        lambda p: p.get_by_role("dialog").get_by_label("New e-mail address"),
        press("Change e-mail address"),
    ),
    "change password": Screen(
        "/settings/account",
        lambda p: p.get_by_role("dialog").get_by_label("New password"),
        press("Change password"),
    ),
    "delete account": Screen(
        "/settings/account",
        lambda p: p.get_by_role("dialog").get_by_text("Nobody can bring it back"),
        press("Delete…"),
    ),
    "second factor off": Screen(
        "/settings/security", lambda p: p.get_by_text("The second factor is off")
    ),
    "QR code": Screen(
        "/settings/security", lambda p: p.get_by_role("img", name="QR code"), begin_second_factor
    ),
    "devices": Screen("/settings/sessions", lambda p: p.get_by_text("This device")),
    "no tokens": Screen("/settings/tokens", lambda p: p.get_by_text("No access tokens")),
    "new token": Screen(
        "/settings/tokens",
        lambda p: p.get_by_role("dialog").get_by_text("What it may do"),
        press("New token"),
    ),
    "token": Screen(
        "/settings/tokens",
        lambda p: p.get_by_role("dialog").get_by_text("This is the only time"),
        make_token,
    ),
    "tokens": Screen("/settings/tokens", lambda p: p.get_by_text("Never used").first),
}

UNVERIFIED = {
    "home": Screen("/", lambda p: p.get_by_role("link", name="Enter the code")),
    "verify": Screen("/verify", lambda p: p.get_by_label("Code from the mail")),
    "other address": Screen(
        "/verify",
        lambda p: p.get_by_label("Your password", exact=True),
        press("Change the address"),
    ),
}

VISITORS = {
    "forgot": Screen("/forgot", lambda p: p.get_by_label("E-mail")),
    "mail sent": Screen(
        "/forgot",
        lambda p: p.get_by_text("Look into your mail"),
        lambda p: (p.get_by_label("E-mail").fill("a@example.org"), press("Send the link")(p)),
    ),
    "reset": Screen("/reset#token=1.x", lambda p: p.get_by_label("New password")),
    "no link": Screen("/reset", lambda p: p.get_by_text("needs the link of a mail")),
}


@pytest.fixture
def guarded(people: People, open_window: OpenWindow) -> Person:
    """Somebody with a second factor."""
    person = people.make("ursa")
    page = open_window(person).page
    page.goto("/settings/security")
    finish_second_factor(page)
    page.get_by_text("I have saved these codes").wait_for()
    return person


def test_settings_are_accessible_and_fit(people: People, open_window: OpenWindow):
    found = faults(open_window(people.make("nora")).page, SETTINGS)
    assert not found, "\n".join(found)


def test_screens_around_a_second_factor_are_accessible_and_fit(
    guarded: Person, people: People, open_window: OpenWindow
):
    def log_in(page: Page) -> None:
        page.get_by_label("Username or e-mail").fill(guarded.username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press("Log in")(page)

    screens = {
        "second step": Screen("/login", lambda p: p.get_by_label("Code of six digits"), log_in)
    }
    found = faults(open_window().page, screens)
    codes = Screen(
        "/settings/security",
        lambda p: p.get_by_role("dialog").get_by_role("list", name="Recovery codes"),
        finish_second_factor,
    )
    page = open_window(people.make("olga")).page
    found += faults(page, {"recovery codes": codes})
    state = "The second factor is on"
    screen = Screen("/settings/security", lambda p: p.get_by_text(state, exact=True))
    found += faults(page, {"second factor on": screen})
    assert not found, "\n".join(found)


def test_screens_before_an_address_is_verified_are_accessible_and_fit(open_window: OpenWindow):
    page = open_window().page
    page.goto("/signup")
    page.get_by_label("E-mail").fill("nobody.yet@example.org")
    page.get_by_label("Username").fill("nobody.yet")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press("Create account")(page)
    page.get_by_label("Code from the mail").wait_for()
    found = faults(page, UNVERIFIED)
    assert not found, "\n".join(found)


def test_visitors_screens_are_accessible_and_fit(open_window: OpenWindow):
    found = faults(open_window().page, VISITORS)
    assert not found, "\n".join(found)
