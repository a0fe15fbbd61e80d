"""Posts as readers meet them each day: the place in the feed, and who may see a picture."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsers import OpenWindow
from tests.e2e.people import People
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
PICTURES = ("pier-gull", "cloud-valley", "yellow-dahlia", "gallery-stairs")
# The worker looks every five seconds for what is due.
SOON_MS = 15_000


AT_TOP = """() => [...document.querySelectorAll("[data-post]")]
    .find((one) => one.getBoundingClientRect().bottom > 60)?.dataset.post"""


def stays_at(page: Page, post: dict[str, str]) -> None:
    """Wait until this post is on top of the screen. Raises AssertionError when another one comes there."""
    page.wait_for_function(f"id => ({AT_TOP})() === id", arg=post["id"])
    page.wait_for_timeout(300)
    assert page.evaluate(AT_TOP) == post["id"]


def shown_from(picture: Locator) -> str:
    """The address of a picture, which must come."""
    return str(
        picture.evaluate("image => image.decode().then(() => image.currentSrc)", timeout=10_000)
    )


def test_the_place_in_the_feed_is_kept_over_a_post_a_reload_and_told_to_other_devices(
    people: People, open_window: OpenWindow
):
    una, vic = people.make("una"), people.make("vic")
    una.follow(vic)
    posts = [vic.share(PICTURES[i % 4], caption=f"Number {i}.") for i in range(8)]
    goal = posts[2]
    page = open_window(una).page
    page.goto("/")
    expect(page.get_by_text("Number 7.")).to_be_visible()
    page.mouse.move(400, 400)
    for _ in range(60):
        if page.evaluate(AT_TOP) == goal["id"]:
            break
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(100)
    with page.expect_response(lambda answer: answer.url.endswith("/me/markers")):
        page.mouse.wheel(0, 40)
    stays_at(page, goal)

    page.locator(f"[data-post='{goal['id']}']").get_by_role("button", name="Comment").click()
    page.wait_for_url(re.compile(goal["shortcode"]))
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    stays_at(page, goal)
    page.reload()
    expect(page.get_by_text("Number 2.")).to_be_in_viewport()
    stays_at(page, goal)
    assert una.call("GET", "me/markers")["home"]["post_id"] == goal["id"]


def test_a_narrowed_audience_ends_the_old_address_of_the_picture_for_everybody(
    people: People, open_window: OpenWindow, server: Server
):
    ada, ben, eve = people.make("ada"), people.make("ben"), people.make("eve")
    ben.follow(ada)
    post = ada.share("espresso", caption="For all", alt="A cup")
    path = f"/p/{post['shortcode']}"
    author, friend, stranger = (open_window(ada).page, open_window(ben).page,
                                open_window(eve, outages=True).page)  # fmt: skip
    stranger.goto(path)
    picture = stranger.get_by_role("img", name="A cup")
    expect(picture).to_be_visible()
    address = shown_from(picture)
    assert stranger.request.get(address).status == 200

    author.goto(path)
    author.get_by_role("button", name=f"More for the post by {ada.username}").click()
    author.get_by_role("menuitem", name="Edit").click()
    dialog = author.get_by_role("dialog", name="Edit post")
    dialog.get_by_text("Followers", exact=True).first.click()
    dialog.get_by_role("button", name="Save").click()
    expect(author.get_by_text("Saved.")).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", name="This post isn't here")).to_be_visible()

    # Those who hold the old address have a minute, in which snapshots learn the new one.
    for _ in range(SOON_MS // 500):
        server.bring_jobs_forward("on_media_files_retired")
        if stranger.request.get(address).status != 200:
            break
        stranger.wait_for_timeout(500)
    assert stranger.request.get(address).status == 404
    friend.goto(path)
    shown = friend.get_by_role("img", name="A cup")
    assert shown_from(shown) != address


def test_a_post_over_a_grid_goes_on_to_its_neighbours_and_back_closes_it(
    people: People, open_window: OpenWindow
):
    wim = people.make("wim")
    first, last = (wim.share(picture, caption=picture) for picture in PICTURES[:2])
    page = open_window(wim).page
    page.goto(f"/{wim.username}")
    page.get_by_role("main").locator(f"a[href='/p/{last['shortcode']}']").click()
    dialog = page.get_by_role("dialog")
    before, after = (dialog.get_by_role("button", name=f"{n} post") for n in ("Previous", "Next"))
    expect(before).to_be_disabled()
    after.click()
    expect(dialog).to_contain_text(first["caption"])
    expect(after).to_be_disabled()
    page.wait_for_url(f"**/p/{first['shortcode']}")
    dialog.get_by_role("textbox").press("ArrowLeft")
    expect(dialog).to_contain_text(first["caption"])
    before.press("ArrowLeft")
    expect(dialog).to_contain_text(last["caption"])
    page.go_back()
    expect(dialog).to_have_count(0)
    expect(page).to_have_url(re.compile(f"/{wim.username}$"))
