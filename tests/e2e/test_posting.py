"""From the files in one's hand to the post that a follower sees."""

import base64
import io
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from config.demo.content import PICTURES
from tests.e2e.browsers import OpenWindow
from tests.e2e.people import People, Person, metadata_of, photograph_with_place
from tests.media_storage.films import ffmpeg_here

ALT = "A gull over dark waves beside a pier"
TOO_LARGE = 50_000_001
# Files as the system's clipboard and file manager hand them over.
HAND_OVER = """([kind, name, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "image/webp" }));
  if (kind === "paste") {
    const init = { clipboardData: data, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new ClipboardEvent("paste", init));
  } else {
    const init = { dataTransfer: data, bubbles: true, cancelable: true };
    const target = document.querySelector("dialog") ?? document.body;
    for (const name of ["dragenter", "dragover", "drop"]) {
      target.dispatchEvent(new DragEvent(name, init));
    }
  }
}"""


@pytest.fixture
def ada(people: People) -> Person:
    """Somebody who shares."""
    return people.make("ada")


def new_post(page: Page) -> Locator:
    return page.get_by_role("dialog", name="New post")


def choose(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        new_post(page).get_by_role("button", name=re.compile("Choose|Add more")).click()
    chooser.value.set_files(list(files))


def thumbs(page: Page) -> Locator:
    strip = new_post(page).get_by_role("list", name="The pictures of this post")
    return strip.get_by_role("button", name=re.compile("^Picture"))


def hand_over(page: Page, kind: str, name: str) -> None:
    picture = base64.b64encode((PICTURES / name).read_bytes()).decode()
    page.evaluate(HAND_OVER, [kind, name, picture])


def share(page: Page) -> None:
    new_post(page).get_by_role("button", name="Share", exact=True).click()
    expect(page.get_by_text("Your post is shared.")).to_be_visible()


def posted(person: Person) -> list[dict[str, Any]]:
    """The media of the newest post, as their owner sees them."""
    (post, *_) = person.call("GET", f"users/{person.id}/posts")["results"]
    return [person.call("GET", f"media/{media['id']}") for media in post["media"]]


def downloaded(page: Page, media: dict[str, Any]) -> Iterator[bytes]:
    for variant in media["variants"]:
        yield page.request.get(variant["url"]).body()


@pytest.mark.e2e
def test_a_photograph_is_cropped_filtered_described_and_seen_by_a_follower(
    people: People, ada: Person, open_window: OpenWindow, photograph: Path
):
    ben = people.make("ben")
    ben.follow(ada)
    page = open_window(ada).page
    page.goto("/create")
    choose(page, photograph_with_place(photograph))
    new_post(page).get_by_role("button", name="Crop and filters").click()
    editor = page.get_by_role("dialog", name="Edit picture")
    editor.get_by_role("button", name="Square").click()
    editor.get_by_role("application").press("+")
    expect(editor.get_by_text("110 %")).to_be_visible()
    editor.get_by_role("tab", name="Filter").click()
    editor.get_by_role("button", name="Ink").click()
    editor.get_by_role("button", name="Done").click()
    share_button = new_post(page).get_by_role("button", name="Share", exact=True)
    share_button.click()
    expect(new_post(page).get_by_role("alert")).to_contain_text("no description")
    new_post(page).get_by_role("button", name="Describe", exact=True).click()
    expect(page.get_by_label("Picture description")).to_be_focused()
    page.keyboard.type(ALT)
    share(page)

    (media,) = posted(ada)
    assert media["width"] == media["height"]
    with Image.open(PICTURES / "pier-gull.webp") as original:
        assert abs(media["width"] - min(original.size) / 1.1) <= 1
    for body in downloaded(page, media):
        assert metadata_of(body) == []
        with Image.open(io.BytesIO(body)) as shown:
            red, green, blue = shown.convert("RGB").split()
        for other in (green, blue):
            assert ImageChops.difference(red, other).getextrema()[1] <= 4

    reader = open_window(ben).page
    reader.goto("/")
    expect(reader.get_by_role("article").get_by_role("img", name=ALT)).to_be_visible()


@pytest.mark.e2e_full
def test_pasted_and_dropped_pictures_are_ordered_by_keys_and_arrive_byte_for_byte(
    ada: Person, open_window: OpenWindow
):
    page = open_window(ada).page
    page.goto("/")
    expect(page.get_by_role("link", name="Create")).to_be_visible()
    page.wait_for_timeout(500)  # What listens on every page comes after the first picture.
    hand_over(page, "paste", "espresso.webp")
    expect(thumbs(page)).to_have_count(1)
    hand_over(page, "drop", "red-bridge.webp")
    expect(thumbs(page)).to_have_count(2)
    expect(thumbs(page).last).to_have_accessible_name(re.compile("ready"))
    thumbs(page).last.focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_text("Moved to place 1 of 2.").first).to_be_attached()
    expect(thumbs(page).first).to_be_focused()
    new_post(page).get_by_role("button", name="Share", exact=True).click()
    new_post(page).get_by_role("button", name="Share without").click()
    expect(page.get_by_text("Your post is shared.")).to_be_visible()
    for media, name in zip(posted(ada), ("red-bridge", "espresso"), strict=True):
        kept = page.request.get(media["original_url"]).body()
        assert kept == (PICTURES / f"{name}.webp").read_bytes()


@pytest.mark.e2e_full
def test_an_upload_waits_for_the_network_and_goes_on_by_itself(
    ada: Person, open_window: OpenWindow
):
    page = open_window(ada, outages=True).page
    page.goto("/create")
    expect(page.get_by_text("Choose pictures")).to_be_visible()
    page.context.set_offline(True)
    choose(page, PICTURES / "espresso.webp")
    expect(new_post(page).get_by_text("You are offline. It goes on by itself.")).to_be_visible()
    page.get_by_label("Caption").fill("Written meanwhile")
    page.context.set_offline(False)
    expect(thumbs(page)).to_have_accessible_name(re.compile("ready"))
    page.get_by_label("Picture description").fill("A cup")
    share(page)
    (media,) = posted(ada)
    assert media["alt_text"] == "A cup"


@pytest.mark.e2e_full
def test_a_file_that_is_too_large_is_named_and_the_others_go_on(
    ada: Person, open_window: OpenWindow, tmp_path: Path
):
    large, text = tmp_path / "wall.jpg", tmp_path / "notes.txt"
    with large.open("wb") as file:
        file.truncate(TOO_LARGE)
    text.write_text("no picture")
    page = open_window(ada).page
    page.goto("/create")
    choose(page, large, PICTURES / "espresso.webp", text)
    refused = new_post(page).get_by_role("alert")
    expect(refused).to_contain_text("2 files are not taken.")
    expect(refused).to_contain_text("wall.jpg: It has more than 50 MB.")
    expect(refused).to_contain_text("notes.txt: This kind of file cannot be shared here.")
    expect(thumbs(page)).to_have_accessible_name(re.compile("Picture 1 of 1, ready"))


@pytest.mark.e2e_full
def test_a_draft_outlives_a_reload_and_is_gone_when_it_is_discarded(
    ada: Person, open_window: OpenWindow
):
    page = open_window(ada).page
    page.goto("/create")
    choose(page, PICTURES / "espresso.webp", PICTURES / "red-bridge.webp")
    page.get_by_label("Caption").fill("Half a sentence")
    expect(thumbs(page).last).to_have_accessible_name(re.compile("ready"))
    page.wait_for_timeout(600)  # It is kept a moment after the last change.
    page.reload()
    expect(page.get_by_label("Caption")).to_have_value("Half a sentence")
    expect(page.get_by_text("It was kept on this device.")).to_be_visible()
    expect(thumbs(page)).to_have_count(2)
    expect(thumbs(page).last).to_have_accessible_name(re.compile("ready"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep as a draft").click()
    page.get_by_role("link", name="Create").click()
    expect(page.get_by_label("Caption")).to_have_value("Half a sentence")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Discard").click()
    page.goto("/create")
    expect(page.get_by_text("Choose pictures")).to_be_visible()


@pytest.mark.e2e_full
def test_a_video_is_shared_and_plays_when_it_is_asked_to(
    ada: Person, open_window: OpenWindow, tmp_path: Path
):
    ffmpeg_here()
    page = open_window(ada).page
    assert page.request.get("/api/v1/instance").json()["features"]["video"] is True
    short, long = clip(tmp_path / "short.mp4", 2), clip(tmp_path / "long.mp4", 62)
    page.goto("/create")
    choose(page, short, long)
    expect(new_post(page).get_by_role("alert")).to_contain_text(
        "long.mp4: It plays 62 seconds; the limit is 60."
    )
    page.get_by_label("Video description").fill("A blue square")
    share(page)
    video = page.get_by_role("article").locator("video")
    # These windows want less motion: nothing begins by itself.
    assert video.evaluate("video => [video.paused, video.muted]") == [True, True]
    page.get_by_role("article").get_by_role("button", name="Play").click()
    expect(page.get_by_role("article").get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("article").get_by_role("button", name="Sound on").click()
    assert video.evaluate("video => [video.paused, video.muted]") == [False, False]


def clip(path: Path, seconds: int) -> Path:
    """A blue square that lasts so long."""
    source = f"color=c=navy:size=320x320:rate=5:duration={seconds}"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(path)], check=True)
    return path
