"""Comments and the home feed as people meet them: nothing is lost, nothing jumps."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browsers import OpenWindow
from tests.e2e.people import People, Person

pytestmark = pytest.mark.e2e_full


def test_a_pill_shows_a_new_post_and_a_mark_says_where_the_known_ones_begin(
    people: People, open_window: OpenWindow
):
    una, vic = people.make("una"), people.make("vic")
    una.follow(vic)
    vic.share("pier-gull", caption="A gull.")
    page = open_window(una).page
    page.goto("/")
    expect(page.get_by_text("A gull.")).to_be_visible()
    vic.share("cloud-valley", caption="Just now.")
    # The server gathers news for 20 seconds at most.
    page.get_by_role("button", name="New posts").click(timeout=40_000)
    expect(page.get_by_text("Just now.")).to_be_in_viewport()
    expect(page.get_by_text("You're all caught up")).to_be_attached()


def test_a_comment_that_waits_is_approved_by_the_author_of_the_post(
    people: People, open_window: OpenWindow
):
    wim, xia = people.make("wim"), people.make("xia")
    post = wim.share("pier-gull", caption="A gull.")
    wim.call("PUT", f"users/{xia.id}/restrict")
    comment_on(post, xia, "Let me in.")
    page = open_window(wim).page
    page.goto(f"/p/{post['shortcode']}")
    waiting = page.get_by_text(f"Waiting: only you and {xia.username} see this.")
    expect(waiting).to_be_visible()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved.")).to_be_visible()
    expect(waiting).to_have_count(0)
    shown = people.make("yan").call("GET", f"posts/{post['id']}/comments")["results"]
    assert [(one["body"], one["state"]) for one in shown] == [("Let me in.", "visible")]


def test_comments_of_others_wait_to_be_shown_and_a_deleted_one_comes_back_by_undo(
    people: People, open_window: OpenWindow
):
    zoe, abe = people.make("zoe"), people.make("abe")
    zoe.follow(abe)
    post = zoe.share("pier-gull", caption="A gull.")
    comment_on(post, abe, "First.")
    page = open_window(zoe).page
    with page.expect_websocket() as opened:
        page.goto(f"/p/{post['shortcode']}")
    opened.value.wait_for_event("framereceived", lambda frame: "comments_count" in str(frame))
    comment_on(post, abe, "Second.")
    page.get_by_role("button", name="Show 1 new comment").click()
    expect(page.get_by_text("Second.")).to_be_visible()

    page.get_by_role("button", name=f"More for the comment by {abe.username}").first.click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_text("Second.")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Second.")).to_be_visible()
    assert len(zoe.call("GET", f"posts/{post['id']}/comments")["results"]) == 2

    page.get_by_label("Add a comment").press_sequentially(f"@{abe.username[:2]}")
    expect(page.get_by_role("option", name=abe.username)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Add a comment")).to_have_value(f"@{abe.username} ")
    page.reload()
    expect(page.get_by_label("Add a comment")).to_have_value(f"@{abe.username} ")


def comment_on(post: dict[str, str], person: Person, body: str) -> None:
    """Write below a post."""
    person.call("POST", f"posts/{post['id']}/comments", data={"body": body})
