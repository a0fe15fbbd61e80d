"""Who is logged out sees nothing any more, and deep links lead back after log-in."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import OpenWindow
from tests.e2e.people import PASSWORD, People

pytestmark = pytest.mark.e2e


def log_out(page: Page) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Log out").click()


def test_logging_out_really_logs_out(people: People, open_window: OpenWindow):
    person, friend = people.make("lena"), people.make("max")
    person.write(person.conversation_with(friend), "Nobody else shall read this")
    page = open_window(person).page
    page.goto("/")
    page.get_by_role("link", name="Messages").click()
    conversations = page.get_by_role("navigation", name="Conversations")
    expect(conversations).to_contain_text("Nobody else shall read this")

    log_out(page)
    expect(page).to_have_url("/login?next=%2Fmessages")
    page.go_back()
    expect(conversations).to_have_count(0)
    page.goto("/messages")
    expect(page).to_have_url("/login?next=%2Fmessages")
    page.reload()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert "Nobody else" not in page.content()
    assert [c["name"] for c in page.context.cookies() if "refresh" in c["name"]] == []


def test_deep_links_lead_to_log_in_and_back(people: People, open_window: OpenWindow):
    person = people.make("nils")
    page = open_window().page
    page.goto("/notifications")
    expect(page).to_have_url("/login?next=%2Fnotifications")
    page.get_by_label("Username or e-mail").fill(person.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url("/notifications")
    expect(page.get_by_role("heading", name="Notifications")).to_be_visible()


def test_wrong_password_is_told_and_the_name_stays(people: People, open_window: OpenWindow):
    person = people.make("rosa")
    window = open_window()
    page = window.page
    page.goto("/login")
    page.get_by_label("Username or e-mail").fill(person.username)
    page.get_by_label("Password", exact=True).fill("not my password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Username or e-mail")).to_have_value(person.username)
    # The console reports every 401 by itself.
    assert [problem.partition(" at ")[2] for problem in window.problems] == [
        page.evaluate("location.origin") + "/api/v1/auth/login"
    ]
    window.problems.clear()


def test_next_never_leads_to_another_site(people: People, open_window: OpenWindow):
    person = people.make("otto")
    page = open_window(person).page
    page.goto("/login?next=//evil.example/")
    expect(page.get_by_role("link", name="Home", exact=True)).to_be_visible()
    expect(page).to_have_url("/")
