"""Two people who have never met do everything that Jyoti is for."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import OpenWindow
from tests.e2e.mails import code_for
from tests.e2e.people import PASSWORD, metadata_of, photograph_with_place

pytestmark = pytest.mark.e2e

ALT = "A gull over dark waves beside a pier"
CAPTION = "Eleven minutes before sunset #gull"


def sign_up(page: Page, username: str) -> None:
    page.goto("/signup")
    page.get_by_label("E-mail").fill(f"{username}@example.org")
    page.get_by_label("Username").fill(username)
    expect(page.get_by_text(f"{username} is free.")).to_be_visible()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_label("Code from the mail").fill(code_for(f"{username}@example.org"))
    expect(page.get_by_role("heading", name="Find your people")).to_be_visible()
    page.get_by_role("link", name="Skip for now").click()
    expect(page.get_by_role("link", name="Create")).to_be_visible()


def share_photograph(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Create").click()
    dialog = page.get_by_role("dialog", name="New post")
    with page.expect_file_chooser() as chooser:
        dialog.get_by_role("button", name="Choose pictures").click()
    chooser.value.set_files(path)
    dialog.get_by_label("Picture description").fill(ALT)
    dialog.get_by_label("Caption").fill(CAPTION)
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_text("Your post is shared.")).to_be_visible()


def test_two_people_share_follow_like_comment_and_talk(open_window: OpenWindow, photograph: Path):
    author, reader = open_window().page, open_window().page
    sign_up(author, "marisol")
    sign_up(reader, "anton")

    share_photograph(author, photograph_with_place(photograph))
    expect(author.get_by_role("article").get_by_role("img", name=ALT)).to_be_visible()

    reader.get_by_role("link", name="Search").click()
    reader.get_by_role("searchbox", name="Search for people").fill("marisol")
    reader.get_by_role("main").get_by_role("link", name=re.compile("marisol")).first.click()
    reader.get_by_role("button", name="Follow", exact=True).click()
    expect(reader.get_by_role("button", name="Following")).to_be_visible()

    reader.get_by_role("link", name="Home", exact=True).click()
    post = reader.get_by_role("article").filter(has_text="Eleven minutes before sunset")
    expect(post.get_by_role("img", name=ALT)).to_be_visible()
    post.get_by_role("button", name="Like", exact=True).click()
    expect(post.get_by_role("button", name="Like", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(post.get_by_text("1 like")).to_be_visible()

    post.get_by_role("button", name="Comment", exact=True).click()
    reader.get_by_label("Add a comment").fill("You waited for that gull!")
    reader.get_by_role("button", name="Post", exact=True).click()
    expect(reader.get_by_role("list", name="Comments")).to_contain_text("You waited for that gull!")

    # Nothing was reloaded here since the post was shared.
    bell = author.get_by_role("link", name=re.compile("^Notifications"))
    expect(bell).to_have_accessible_name(re.compile("Notifications ?, 3 new"))
    bell.click()
    news = author.get_by_role("main")
    for sentence in ("started following you", "liked your post", "commented"):
        expect(news.get_by_text(re.compile(sentence)).first).to_be_visible()
    expect(bell).to_have_accessible_name("Notifications")

    reader.keyboard.press("Escape")
    reader.goto("/marisol")
    reader.get_by_role("button", name="Message").click()
    reader.get_by_label("Message", exact=True).fill("May I draw it?")
    reader.keyboard.press("Enter")
    messages = author.get_by_role("link", name=re.compile("^Messages"))
    expect(messages).to_have_accessible_name(re.compile("Messages ?, 1 new"))
    messages.click()
    author.get_by_role("navigation", name="Conversations").get_by_role("link").click()
    expect(author.get_by_role("log")).to_contain_text("May I draw it?")
    author.get_by_label("Message", exact=True).fill("I would be honoured.")
    author.keyboard.press("Enter")
    expect(reader.get_by_role("log")).to_contain_text("I would be honoured.")
    expect(reader.get_by_role("log").get_by_text("Seen")).to_be_visible()


def test_served_pictures_tell_nothing_of_where_they_were_taken(
    people, open_window: OpenWindow, photograph: Path
):
    person = people.make("petra")
    assert metadata_of(photograph_with_place(photograph).read_bytes()) != []
    window = open_window(person).page
    window.goto("/")
    share_photograph(window, photograph)
    (post,) = person.call("GET", f"users/{person.id}/posts")["results"]
    variants = post["media"][0]["variants"]
    assert {variant["width"] for variant in variants} >= {320, 640, 1080}
    for variant in variants:
        body = window.request.get(variant["url"]).body()
        assert metadata_of(body) == []
        assert b"Harbour" not in body
    expect(window.get_by_role("article").get_by_role("img", name=ALT)).to_be_visible()
