"""What the network does to messages in the browser: cut off, blocked, or losing a frame."""

import json
import re
import time

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.browsers import WAIT_MS, OpenWindow
from tests.e2e.people import People

pytestmark = pytest.mark.e2e

SOCKET = re.compile(r"/ws/v1")
STORED = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open("jyoti.outbox", 1);
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const rows = request.result.transaction("items").objectStore("items").getAll();
    rows.onsuccess = () => {
      request.result.close();
      resolve(rows.result.map((row) => row.body));
    };
  };
})"""


def until_stored(page: Page, count: int) -> None:
    """Wait until so many messages wait in the outbox on disk."""
    until = time.monotonic() + WAIT_MS / 1000
    while len(found := page.evaluate(STORED)) != count:
        assert time.monotonic() < until, found
        page.wait_for_timeout(50)


def say(page: Page, text: str) -> None:
    field = page.get_by_label("Message", exact=True)
    field.fill(text)
    field.press("Enter")


def log_of(page: Page):
    return page.get_by_role("log")


@pytest.fixture
def pair(people: People):
    """Two people, and the id of their conversation, in which one has said hello."""
    one, other = people.make("ida"), people.make("jan")
    conversation_id = one.conversation_with(other)
    one.write(conversation_id, "Hello!")
    return one, other, conversation_id


def bodies(person, conversation_id) -> list[str]:
    """What was said, as the server has it."""
    found = person.call("GET", f"conversations/{conversation_id}/messages?limit=50")["results"]
    return [message["body"] for message in found]


def test_what_was_written_offline_outlives_the_page_and_is_sent_once(open_window: OpenWindow, pair):
    one, other, conversation_id = pair
    page = open_window(other, outages=True).page
    page.goto(f"/messages/{conversation_id}")
    expect(log_of(page)).to_contain_text("Hello!")
    # The page itself is still to be had: only the API and the socket are away.
    away = re.compile(r"/api/v1/|/ws/v1")
    page.context.route(away, lambda route: route.abort())
    page.context.set_offline(True)
    for text in ("first", "second"):
        say(page, text)
        expect(log_of(page)).to_contain_text(text)
    until_stored(page, 2)
    assert bodies(one, conversation_id) == ["Hello!"]
    page.close(run_before_unload=False)

    again = page.context.new_page()
    page.context.unroute(away)
    page.context.set_offline(False)
    # Not even the conversation is opened: whoever is signed in sends what is left.
    again.goto("/")
    until_stored(again, 0)
    assert bodies(one, conversation_id) == ["Hello!", "first", "second"]
    again.goto(f"/messages/{conversation_id}")
    for text in ("first", "second"):
        expect(log_of(again).get_by_text(text, exact=True)).to_have_count(1)


def test_a_frame_that_the_network_lost_is_read_and_stands_in_its_place(
    open_window: OpenWindow, pair
):
    one, other, conversation_id = pair
    page = open_window(other).page
    lost, asked = [], []

    def lose_two(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def take(text: str) -> None:
            frame = json.loads(text)
            if frame["t"] == "message.created" and len(lost) < 2:
                lost.append(frame["d"]["message"]["body"])
            else:
                route.send(text)

        server.on_message(take)

    page.route_web_socket(SOCKET, lose_two)
    page.on("request", lambda request: "/changes?" in request.url and asked.append(request.url))
    page.goto(f"/messages/{conversation_id}")
    expect(log_of(page)).to_contain_text("Hello!")
    # Greeted, and what that reads is read.
    page.wait_for_timeout(500)
    asked.clear()
    for number in range(3):
        one.write(conversation_id, f"line {number}")
    expect(log_of(page).get_by_text("line 2", exact=True)).to_be_visible()
    assert lost == ["line 0", "line 1"]
    assert [url.rpartition("after_rev=")[2].partition("&")[0] for url in asked] == ["1"]
    shown = page.locator("[role=log] [data-seq]")
    assert [shown.nth(at).get_attribute("data-seq") for at in range(4)] == ["1", "2", "3", "4"]


def test_where_sockets_are_blocked_messages_go_and_come_over_http(open_window: OpenWindow, pair):
    one, other, conversation_id = pair
    page = open_window(other, outages=True).page
    page.clock.install()
    page.route_web_socket(SOCKET, lambda route: route.close(code=1011))
    page.goto(f"/messages/{conversation_id}")
    expect(log_of(page)).to_contain_text("Hello!")
    say(page, "over HTTP")
    page.clock.run_for(3_000)
    expect(log_of(page).get_by_text("over HTTP", exact=True)).to_be_visible()
    expect(page.get_by_text("Sending…")).to_have_count(0)
    assert bodies(one, conversation_id) == ["Hello!", "over HTTP"]
    one.write(conversation_id, "and back")
    # The pages are read again every 20 s.
    page.clock.run_for(21_000)
    expect(log_of(page).get_by_text("and back", exact=True)).to_be_visible()


def test_a_block_takes_the_conversation_from_both_at_once_and_brings_it_back(
    open_window: OpenWindow, pair
):
    one, other, conversation_id = pair
    page = open_window(other, outages=True).page
    page.goto(f"/messages/{conversation_id}")
    expect(log_of(page)).to_contain_text("Hello!")
    row = page.get_by_role("link", name=re.compile("Ida"))
    expect(row.first).to_be_visible()
    one.call("PUT", f"users/{other.id}/block")
    expect(log_of(page)).to_have_count(0)
    expect(row).to_have_count(0)
    one.call("DELETE", f"users/{other.id}/block")
    expect(row.first).to_be_visible()
    expect(log_of(page)).to_contain_text("Hello!")
