"""Addresses, passwords, the second factor and sessions, as somebody does it in the browser."""

import time

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import OpenWindow, Window
from tests.e2e.mails import code_for, link_for
from tests.e2e.people import PASSWORD, People, Person

pytestmark = pytest.mark.e2e

NEW_PASSWORD = "twelve grey herons 4"


def log_in(page: Page, login: str, password: str = PASSWORD) -> None:
    page.goto("/login")
    page.get_by_label("Username or e-mail").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


def expect_home(page: Page) -> None:
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()


def sign_up(page: Page, name: str) -> str:
    """The address of somebody who has just filled in the form."""
    address = f"{name}@example.org"
    page.goto("/signup")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    expect(page.get_by_text(f"{name} is free.")).to_be_visible()
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Verify your e-mail")).to_be_visible()
    return address


def forget_refusals(window: Window, *paths: str) -> None:
    """The console reports every refusal by itself; each of these was wanted."""
    told = [problem.rpartition("/api/v1/")[2] for problem in window.problems]
    assert sorted(told) == sorted(paths)
    window.problems.clear()


def test_signing_up_goes_on_to_the_code_also_after_a_reload(open_window: OpenWindow):
    window = open_window()
    page = window.page
    address = sign_up(page, "paula")
    page.reload()
    expect(page.get_by_text(address)).to_be_visible()
    page.get_by_label("Code from the mail").fill("000000")
    expect(page.get_by_role("alert")).to_contain_text("not right")
    forget_refusals(window, "auth/email/verify")

    code = code_for(address)
    page.get_by_label("Code from the mail").fill(f"{code[:3]} {code[3:]}")
    expect(page.get_by_text("Your address is verified.")).to_be_visible()
    page.goto("/settings/account")
    expect(page.get_by_text("Verified", exact=True)).to_be_visible()


def test_a_wrong_address_can_be_changed_before_it_is_verified(open_window: OpenWindow):
    page = open_window().page
    sign_up(page, "ruben")
    page.get_by_role("button", name="Change the address").click()
    page.get_by_label("E-mail").fill("ruben.right@example.org")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Send a code there").click()
    expect(page.get_by_text("ruben.right@example.org")).to_be_visible()
    page.get_by_role("button", name="Later").click()

    banner = page.get_by_role("complementary", name="Your e-mail address")
    banner.get_by_role("link", name="Enter the code").click()
    page.get_by_label("Code from the mail").fill(code_for("ruben.right@example.org"))
    expect(page.get_by_text("Your address is verified.")).to_be_visible()
    expect(banner).to_have_count(0)


def test_the_link_verifies_in_another_browser_and_leaves_the_address_bar(open_window: OpenWindow):
    page, other = open_window().page, open_window()
    address = sign_up(page, "tessa")
    link = link_for(address, subject="Is this your address?")
    other.page.goto(link)
    expect(other.page.get_by_role("heading", name="Your address is verified")).to_be_visible()
    expect(other.page).to_have_url("/verify")
    other.page.goto("about:blank")
    other.page.goto(link)
    expect(other.page.get_by_role("alert")).to_contain_text("used already")
    forget_refusals(other, "auth/email/verify")

    page.reload()
    expect(page.get_by_role("heading", name="Verify your e-mail")).to_have_count(0)
    expect_home(page)


def test_a_forgotten_password_is_replaced_by_the_link_of_the_mail(
    people: People, open_window: OpenWindow
):
    person, window = people.make("vera"), open_window()
    page = window.page
    for address in ("nobody@example.org", f"{person.username}@example.org"):
        page.goto("/login")
        page.get_by_role("link", name="Forgot your password?").click()
        # The log-in page has a field of nearly this name and stays until the next one is loaded.
        expect(page.get_by_role("heading", name="Forgot your password?")).to_be_visible()
        page.get_by_label("E-mail").fill(address)
        page.get_by_role("button", name="Send the link").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=address)).to_be_visible()

    page.goto(link_for(f"{person.username}@example.org", subject="A new password"))
    expect(page).to_have_url("/reset")
    page.get_by_label("New password").fill("12345678")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_be_visible()
    forget_refusals(window, "auth/password/reset")
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change password").click()
    expect(page).to_have_url("/login")
    log_in(page, person.username, NEW_PASSWORD)
    expect_home(page)


@pytest.fixture
def guarded(people: People, open_window: OpenWindow) -> tuple[Person, Window, str, list[str]]:
    """Somebody who has set up the second factor: person, window, secret, recovery codes."""
    person = people.make("wanda")
    window = open_window(person)
    page = window.page
    page.goto("/settings/security")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Next").click()
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    secret = page.get_by_role("dialog").get_by_role("code").inner_text().replace(" ", "")
    page.get_by_label("Type the code that the app shows").fill(pyotp.TOTP(secret).now())

    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("alert")).to_contain_text("Save the codes first")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    shown = codes.all_inner_texts()
    saved = download.value.path().read_text()
    assert len(shown) == 10
    assert all(code in saved for code in shown)
    page.get_by_label("I have saved these codes").check()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("The second factor is on", exact=True)).to_be_visible()
    return person, window, secret, shown


def test_logging_in_asks_for_the_second_factor(
    guarded: tuple[Person, Window, str, list[str]], open_window: OpenWindow
):
    person, window, secret, recovery_codes = guarded
    other = open_window()
    log_in(other.page, person.username)
    field = other.page.get_by_label("Code of six digits")
    expect(field).to_be_focused()
    field.fill("000000")
    expect(other.page.get_by_role("alert")).to_contain_text("not right")
    forget_refusals(other, "auth/login/mfa")
    other.page.get_by_role("button", name="Use a recovery code").click()
    other.page.get_by_label("Recovery code").fill(recovery_codes[0])
    other.page.get_by_role("button", name="Log in").click()
    expect_home(other.page)

    third = open_window().page
    log_in(third, person.username)
    # The code of this half minute is spent; the next one is good already.
    counter = pyotp.TOTP(secret)
    third.get_by_label("Code of six digits").fill(counter.generate_otp(int(time.time() // 30) + 1))
    expect_home(third)

    page = window.page
    page.reload()
    expect(page.get_by_text("9 unused codes left.")).to_be_visible()
    page.get_by_role("button", name="Switch it off").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("dialog").get_by_role("button", name="Switch it off").click()
    expect(page.get_by_text("The second factor is off", exact=True)).to_be_visible()


def test_a_second_step_that_takes_too_long_begins_again(
    guarded: tuple[Person, Window, str, list[str]], open_window: OpenWindow
):
    person, _, _, _ = guarded
    late = open_window()
    log_in(late.page, person.username)
    late.page.get_by_label("Code of six digits").wait_for()
    late.page.route(
        "**/auth/login/mfa",
        lambda route: route.fulfill(
            status=401,
            content_type="application/problem+json",
            body='{"title": "", "status": 401, "detail": "Begin again.", "code": "mfa_expired"}',
        ),
    )
    late.page.get_by_label("Code of six digits").fill("123456")
    expect(late.page.get_by_role("alert")).to_contain_text("took too long")
    expect(late.page.get_by_label("Username or e-mail")).to_have_value(person.username)
    forget_refusals(late, "auth/login/mfa")


def test_a_session_that_is_ended_elsewhere_is_over_at_once(people: People, open_window: OpenWindow):
    person = people.make("yara")
    here, there = open_window(person).page, open_window(person)
    there.page.goto("/")
    expect_home(there.page)
    here.goto("/settings/sessions")
    others = here.get_by_role("listitem").filter(has=here.get_by_role("button", name="Log out"))
    expect(here.get_by_text("This device")).to_have_count(1)
    here.get_by_role("button", name="Log out all others").click()
    here.get_by_role("dialog").get_by_role("button", name="Log out all others").click()
    expect(here.get_by_text("All other devices are logged out.")).to_be_visible()
    expect(others).to_have_count(0)
    expect(there.page.get_by_role("link", name="Log in")).to_be_visible()
    there.problems.clear()  # What it asked for afterwards was refused.
    expect(here.get_by_text("This device")).to_be_visible()


def test_a_token_is_shown_once_and_works(people: People, open_window: OpenWindow):
    page = open_window(people.make("zoe")).page
    page.goto("/settings/tokens")
    page.get_by_role("button", name="New token").click()
    page.get_by_label("Name").fill("Kitchen frame")
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the token").click()
    text = page.get_by_role("dialog").get_by_role("code").inner_text()
    bearer = {"Authorization": f"Bearer {text}"}
    assert page.request.get("/api/v1/me", headers=bearer).ok
    assert page.request.patch("/api/v1/me", headers=bearer, data={"bio": "x"}).status == 403
    page.get_by_role("button", name="I have kept it").click()
    page.reload()
    expect(page.get_by_role("heading", name="Kitchen frame")).to_be_visible()
    assert text not in page.content()
    page.get_by_role("button", name="Remove Kitchen frame").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="No access tokens")).to_be_visible()


def test_deleting_shows_one_page_from_which_one_can_stay(people: People, open_window: OpenWindow):
    person = people.make("quinn")
    page = open_window(person).page
    page.goto("/settings/account")
    page.get_by_role("button", name="Delete…").click()
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("Your account will be erased on")).to_be_visible()
    log_in(page, person.username)
    expect(page.get_by_role("heading", name="Your account will be erased on")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.goto("/settings/account")
    page.get_by_role("button", name="Stay").click()
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()


def test_a_new_address_waits_for_its_code(people: People, open_window: OpenWindow):
    person = people.make("iris")
    page, fresh = open_window(person).page, f"{person.username}.new@example.org"
    page.goto("/settings/account")
    page.get_by_role("button", name="Change e-mail address").click()
    page.get_by_label("New e-mail address").fill(fresh)
    page.get_by_label("Your password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Send a code there").click()
    expect(page.get_by_label("Code from the mail")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Enter the code").click()
    page.get_by_label("Code from the mail").fill(
        code_for(fresh, subject="Is this your new address?")
    )
    expect(page.get_by_text("Your address is changed.")).to_be_visible()
    expect(page.get_by_text(fresh, exact=True)).to_be_visible()
