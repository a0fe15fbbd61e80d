"""How people keep others at a distance, find each other, and tell what should not be here."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import OpenWindow
from tests.e2e.people import People, Person

pytestmark = pytest.mark.e2e

GULL = "A gull over the sea"


def choose(page: Page, of: str, item: str) -> None:
    """Open the menu of this name and choose this."""
    page.get_by_role("button", name=of).click()
    page.get_by_role("menuitem", name=item).click()


@pytest.fixture
def mia(people: People) -> Person:
    """Somebody who follows ned, whose picture is on her home."""
    mia, ned = people.make("mia"), people.make("ned")
    ned.share("pier-gull", caption="One gull, at last.", alt=GULL)
    mia.follow(ned)
    mia.ned = ned  # type: ignore[attr-defined]
    return mia


def test_a_mute_takes_the_posts_from_home_until_it_is_undone(mia: Person, open_window: OpenWindow):
    page, ned = open_window(mia).page, mia.ned  # type: ignore[attr-defined]
    page.goto("/")
    expect(page.get_by_role("img", name=GULL)).to_be_visible()

    page.goto(f"/{ned.username}")
    choose(page, f"More for {ned.username}", "Mute…")
    dialog = page.get_by_role("dialog", name=f"Mute {ned.username}")
    dialog.get_by_text("A week").click()
    dialog.get_by_role("button", name="Mute", exact=True).click()
    expect(page.get_by_text(f"{ned.username} is muted.")).to_be_visible()
    expect(page.get_by_role("list", name="Between you")).to_contain_text("Muted")
    page.get_by_role("link", name="Home", exact=True).click()
    expect(page.get_by_text("Light the first flame")).to_be_visible()
    expect(page.get_by_role("img", name=GULL)).to_have_count(0)

    page.goto("/settings/muted")
    expect(page.get_by_text("Posts and stories, until")).to_be_visible()
    page.get_by_role("button", name=f"Unmute {ned.username}").click()
    expect(page.get_by_text("You have muted nobody")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Posts and stories, until")).to_be_visible()
    page.get_by_role("button", name=f"Unmute {ned.username}").click()
    expect(page.get_by_text("You have muted nobody")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("img", name=GULL)).to_be_visible()


def test_a_removed_follower_follows_no_more(mia: Person, open_window: OpenWindow):
    ned = mia.ned  # type: ignore[attr-defined]
    page = open_window(ned).page
    page.goto(f"/{ned.username}/followers")
    row = page.get_by_role("main").get_by_role("listitem")
    expect(row).to_contain_text(mia.username)
    choose(page, f"More for {mia.username}", "Remove follower…")
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text(f"{mia.username} no longer follows you.")).to_be_visible()
    expect(page.get_by_text("No followers yet")).to_be_visible()
    assert mia.call("GET", f"users/{ned.id}")["relationship"]["following"] is False


def test_a_report_is_told_of_among_my_reports(mia: Person, open_window: OpenWindow):
    page, ned = open_window(mia).page, mia.ned  # type: ignore[attr-defined]
    page.goto("/")
    choose(page, f"More for the post by {ned.username}", "Report…")
    dialog = page.get_by_role("dialog", name="Report this post")
    dialog.get_by_label("A work of mine, used without asking").check()
    dialog.get_by_label("Anything else we should know?").fill("I took it, in May.")
    dialog.get_by_role("button", name="Send report").click()
    done = page.get_by_role("dialog", name="Reported")
    expect(done.get_by_text("Thank you for telling us")).to_be_visible()
    done.get_by_role("link", name="See my reports").click()
    expect(page).to_have_url("/settings/reports")
    report = page.get_by_role("main").get_by_role("listitem").filter(has_text="I took it, in May.")
    expect(report).to_contain_text("A work of mine, used without asking")
    expect(report).to_contain_text("Waiting")


def test_who_reports_can_block_in_the_same_step(mia: Person, open_window: OpenWindow):
    page, ned = open_window(mia).page, mia.ned  # type: ignore[attr-defined]
    page.goto(f"/{ned.username}")
    choose(page, f"More for {ned.username}", "Report…")
    dialog = page.get_by_role("dialog", name="Report this profile")
    dialog.get_by_label("Bullying or harassment").check()
    dialog.get_by_label(f"Block {ned.username} as well").check()
    dialog.get_by_role("button", name="Send report").click()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    expect(page.get_by_text("You blocked this account")).to_be_visible()
    assert mia.call("GET", "me/blocks")["results"][0]["id"] == ned.id


def test_a_suggestion_says_why_and_is_followed_or_dismissed(
    people: People, mia: Person, open_window: OpenWindow
):
    ned, oda, pia = mia.ned, people.make("oda"), people.make("pia")  # type: ignore[attr-defined]
    ned.follow(oda)
    ned.follow(pia)
    page = open_window(mia).page
    page.goto("/")
    aside = page.get_by_role("region", name="People you may know")
    for person in (oda, pia):
        row = aside.get_by_role("listitem").filter(has_text=person.username)
        expect(row).to_contain_text(f"Followed by {ned.username}")
    with page.expect_response("**/follow"):
        aside.get_by_role("button", name=f"Follow {oda.username}").click()
    expect(aside.get_by_role("button", name=f"Following {oda.username}")).to_be_visible()
    assert mia.call("GET", f"users/{oda.id}")["relationship"]["following"] is True

    aside.get_by_role("button", name=f"Do not suggest {pia.username}").click()
    expect(aside.get_by_role("listitem").filter(has_text=pia.username)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(aside.get_by_role("listitem").filter(has_text=pia.username)).to_be_visible()
    aside.get_by_role("button", name=f"Do not suggest {pia.username}").click()
    expect(aside.get_by_role("listitem").filter(has_text=pia.username)).to_have_count(0)
    page.goto("/settings/privacy")  # Who leaves the page meant it.
    expect(page.get_by_label("Hide your lists")).to_be_visible()
    left = [one["user"]["id"] for one in mia.call("GET", "users/suggestions")["results"]]
    assert pia.id not in left


def test_everybody_who_waits_is_let_in_at_once(people: People, open_window: OpenWindow):
    quinn = people.make("quinn")
    quinn.call("PATCH", "me", data={"is_private": True})
    for name in ("rita", "saul", "tess"):
        people.make(name).follow(quinn)
    page = open_window(quinn).page
    page.goto("/notifications/requests")
    page.get_by_role("button", name="Accept all").click()
    page.get_by_role("dialog").get_by_role("button", name="Accept all").click()
    expect(page.get_by_text("3 people follow you now.")).to_be_visible()
    expect(page.get_by_text("No requests")).to_be_visible()
    assert quinn.call("GET", "me")["followers_count"] == 3


def test_hidden_lists_are_told_of_kindly_and_an_old_name_leads_to_the_new_one(
    mia: Person, open_window: OpenWindow
):
    ned = mia.ned  # type: ignore[attr-defined]
    own = open_window(ned).page
    own.goto("/settings/privacy")
    own.get_by_label("Hide your lists").check()
    expect(own.get_by_text("Your lists are hidden now.")).to_be_visible()
    own.goto("/settings/username")
    own.get_by_label("Username").fill(f"{ned.username}.new")
    expect(own.get_by_text(f"{ned.username}.new is free.")).to_be_visible()
    own.get_by_role("button", name="Change username").click()
    expect(own.get_by_text(f"You are {ned.username}.new now.")).to_be_visible()

    window = open_window(mia)
    window.page.goto(f"/{ned.username}")
    expect(window.page).to_have_url(f"/{ned.username}.new")
    window.page.get_by_role("link", name="1 follower").click()
    expect(window.page.get_by_text("keeps this list to themselves")).to_be_visible()
    # The console reports every 404 by itself.
    assert all("404" in problem for problem in window.problems)
    window.problems.clear()


def test_a_visitor_writes_to_those_who_run_the_place(open_window: OpenWindow):
    page = open_window().page
    page.goto("/")
    page.get_by_role("link", name="Contact").click()
    page.get_by_label("Your name").fill("Uma")
    page.get_by_label("Your e-mail").fill("uma@example.org")
    page.get_by_label("Subject").fill("A wish")
    page.get_by_label("Message").fill("More gulls, please.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your message is sent")).to_be_visible()
    expect(page.get_by_text("The answer goes to uma@example.org.")).to_be_visible()
