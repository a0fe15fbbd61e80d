"""What an author keeps apart: drafts, planned posts, the archive, the bin, and what others see then."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from config.demo.content import PICTURES
from tests.e2e.browsers import OpenWindow
from tests.e2e.people import People, Person

pytestmark = pytest.mark.e2e_full
# Planned posts come out as a minute begins, and the list asks again within ten seconds.
AHEAD = timedelta(seconds=75)
SOON_MS = 100_000


@pytest.fixture
def ada(people: People) -> Person:
    """Somebody who shares."""
    return people.make("ada")


def choose_from_menu(page: Page, menu: str, item: str) -> None:
    page.get_by_role("button", name=menu).click()
    page.get_by_role("menuitem", name=item).click()


def test_a_scheduled_post_appears_once_at_its_time(
    people: People, ada: Person, open_window: OpenWindow
):
    ben = people.make("ben")
    ben.follow(ada)
    author, reader = open_window(ada).page, open_window(ben).page
    at = (datetime.now(UTC) + AHEAD).replace(second=0, microsecond=0)
    ada.share("red-bridge", caption="In time", state="scheduled", publish_at=at.isoformat())
    reader.goto("/")
    expect(reader.get_by_role("article")).to_have_count(0)
    author.goto("/your/scheduled")
    expect(author.get_by_text("In time", exact=True)).to_be_visible()
    # The list looks again by itself.
    expect(author.get_by_text("Nothing scheduled")).to_be_visible(timeout=SOON_MS)
    assert datetime.now(UTC) >= at
    reader.reload()
    expect(reader.get_by_role("article")).to_have_count(1)
    expect(reader.get_by_role("article")).to_contain_text("In time")


def test_a_draft_is_continued_planned_and_shared(ada: Person, open_window: OpenWindow):
    page = open_window(ada, width=390).page
    page.goto("/create")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("Choose")).click()
    chooser.value.set_files(PICTURES / "espresso.webp")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Caption").fill("Half a")
    page.get_by_role("button", name="Save as draft").click()
    page.get_by_role("button", name="View").click()
    expect(page.get_by_role("heading", name="Drafts")).to_be_visible()
    page.get_by_role("button", name="Continue with Half a").click()
    editor = page.get_by_role("dialog", name="Edit draft")
    editor.get_by_label("Caption").fill("Half a sentence")
    editor.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Half a sentence")).to_be_visible()
    choose_from_menu(page, "More for Half a sentence", "Schedule…")
    page.get_by_role("dialog", name="Schedule").get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("No drafts")).to_be_visible()
    page.get_by_role("link", name="Scheduled").click()
    choose_from_menu(page, "More for Half a sentence", "Share now")
    expect(page.get_by_text("Nothing scheduled")).to_be_visible()
    (post,) = ada.call("GET", f"users/{ada.id}/posts")["results"]
    assert (post["state"], post["caption"]) == ("published", "Half a sentence")


def test_a_deleted_post_comes_back_by_undo_and_from_the_bin(ada: Person, open_window: OpenWindow):
    ada.share("espresso", caption="Keep me", alt="A cup")
    page = open_window(ada).page
    menu = f"More for the post by {ada.username}"
    page.goto("/")
    choose_from_menu(page, menu, "Delete")
    expect(page.get_by_role("article")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("article")).to_have_count(1)
    choose_from_menu(page, menu, "Delete")
    expect(page.get_by_role("article")).to_have_count(0)
    page.goto("/your/bin")
    expect(page.get_by_text("29 days left")).to_be_visible()
    page.get_by_role("button", name="Restore Keep me").click()
    expect(page.get_by_text("The bin is empty")).to_be_visible()
    page.goto(f"/{ada.username}")
    expect(page.get_by_role("link", name="A cup")).to_have_count(1)


def test_an_edit_shows_the_earlier_caption_and_its_hashtag_leads_to_its_page(
    people: People, ada: Person, open_window: OpenWindow
):
    post = ada.share("espresso", caption="Frist", alt="A cup")
    page = open_window(ada).page
    page.goto(f"/p/{post['shortcode']}")
    choose_from_menu(page, f"More for the post by {ada.username}", "Edit")
    dialog = page.get_by_role("dialog", name="Edit post")
    dialog.get_by_label("Caption").fill("First #Light")
    dialog.get_by_text("More options").click()
    dialog.get_by_label("Mark as sensitive").check()
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Edited").click()
    expect(page.get_by_role("dialog", name="Edits")).to_contain_text("Frist")

    reader = open_window(people.make("ben")).page
    reader.goto(f"/p/{post['shortcode']}")
    expect(reader.get_by_role("img", name="A cup")).to_have_count(0)
    reader.get_by_role("button", name="Show the post").click()
    expect(reader.get_by_role("img", name="A cup")).to_be_visible()
    reader.get_by_role("link", name="#Light").click()
    expect(reader.get_by_role("heading", name="#light")).to_be_visible()
    reader.get_by_role("button", name="Follow #light").click()
    reader.goto("/settings/hashtags")
    expect(reader.get_by_role("link", name="#light")).to_be_visible()


def test_a_tag_waits_for_the_one_it_shows_who_agrees_and_leaves(
    people: People, ada: Person, open_window: OpenWindow
):
    ben = people.make("ben")
    ben.call("PATCH", "me/settings", data={"approve_tags": True})
    post = ada.share("espresso", caption="You", alt="A cup")
    page = open_window(ada, width=390).page
    page.goto(f"/p/{post['shortcode']}")
    choose_from_menu(page, f"More for the post by {ada.username}", "Edit")
    editor = page.get_by_role("dialog", name="Edit post")
    editor.get_by_label("Caption").press("Control+End")
    editor.get_by_label("Caption").press_sequentially(f" and @{ben.username}")
    expect(page.get_by_role("option", name=ben.username)).to_be_visible()
    page.keyboard.press("Enter")
    expect(editor.get_by_label("Caption")).to_have_value(f"You and @{ben.username} ")
    editor.get_by_text("More options").click()
    editor.get_by_role("button", name="Tag people").click()
    tagging = page.get_by_role("dialog", name="Tag people")
    tagging.locator("img").first.click(position={"x": 80, "y": 60})
    tagging.get_by_label("Who is in this picture?").fill(ben.username)
    tagging.get_by_role("button", name=ben.username).click()
    name = tagging.get_by_role("button", name=f"{ben.username}: arrow keys")
    name.press("ArrowRight")
    expect(name).to_be_focused()
    tagging.get_by_role("button", name="Done").click()
    expect(editor.get_by_text(ben.username, exact=True)).to_be_visible()
    editor.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    (tag,) = ada.call("GET", f"posts/{post['id']}")["people_tags"]
    assert (tag["user"]["id"], tag["state"]) == (ben.id, "pending")
    assert tag["x"] < 0.4
    assert people.make("eve").call("GET", f"posts/{post['id']}")["people_tags"] == []

    shown = open_window(ben).page
    shown.goto(f"/{ben.username}/tagged")
    shown.get_by_role("button", name=f"Show the post by {ada.username}").click()
    expect(shown.get_by_text("It is on your profile now.")).to_be_visible()
    assert len(people.make("eve").call("GET", f"users/{ben.id}/tagged")["results"]) == 1
    shown.goto(f"/p/{post['shortcode']}")
    choose_from_menu(shown, f"More for the post by {ada.username}", "Remove my tag")
    expect(shown.get_by_text("You are not tagged in it any more.")).to_be_visible()
    assert ada.call("GET", f"posts/{post['id']}")["people_tags"] == []
