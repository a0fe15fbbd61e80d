"""Messages are quick, and none is lost, doubled or swapped when the server is killed."""

import logging
import re
import statistics
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsers import OpenWindow
from tests.e2e.people import People, Person
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e
log = logging.getLogger(__name__)

SAMPLES = 20
MEDIAN_MS = 100

# Both pages read the same clock of the same machine.
NOTE_SENDING = """() => {
  window.sentAt = [];
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") window.sentAt.push(Date.now());
  }, true);
}"""
NOTE_ARRIVALS = """() => {
  window.shownAt = {};
  new MutationObserver(() => {
    for (const bubble of document.querySelectorAll("[role=log] [data-seq]")) {
      const number = /sample (\\d+)$/.exec(bubble.textContent)?.[1];
      if (number && !(number in window.shownAt)) window.shownAt[number] = Date.now();
    }
  }).observe(document.querySelector("[role=log]"), { childList: true, subtree: true });
}"""
BUBBLES = """() => [...document.querySelectorAll("[role=log] [data-seq]")].map((bubble) => ({
  seq: Number(bubble.dataset.seq),
  text: /line \\d+$/.exec(bubble.textContent)?.[0],
}))"""

Talk = Callable[..., tuple[Person, Person, Page, Page, str]]


@pytest.fixture
def talk(people: People, open_window: OpenWindow) -> Talk:
    """Two people who look at their conversation, each in a window of their own."""

    def begin(*, outages: bool = False) -> tuple[Person, Person, Page, Page, str]:
        one, other = people.make("ada"), people.make("ben")
        conversation_id = one.conversation_with(other)
        one.write(conversation_id, "Hello!")
        pages = []
        for person in (one, other):
            page = open_window(person, outages=outages).page
            page.goto(f"/messages/{conversation_id}")
            expect(page.get_by_role("log")).to_contain_text("Hello!")
            pages.append(page)
        return one, other, *pages, conversation_id

    return begin


def say(page: Page, text: str) -> None:
    field = page.get_by_label("Message", exact=True)
    field.fill(text)
    field.press("Enter")


def test_message_appears_in_the_other_window_within_100_ms(talk: Talk):
    _, _, sender, receiver, _ = talk()
    say(sender, "warm-up")
    expect(receiver.get_by_role("log")).to_contain_text("warm-up")
    sender.evaluate(NOTE_SENDING)
    receiver.evaluate(NOTE_ARRIVALS)
    for number in range(SAMPLES):
        say(sender, f"sample {number}")
        receiver.wait_for_function("number => number in window.shownAt", arg=str(number))
    sent, shown = sender.evaluate("sentAt"), receiver.evaluate("shownAt")
    delays = [shown[str(number)] - sent[number] for number in range(SAMPLES)]
    log.info("median of %s ms, all: %s", statistics.median(delays), sorted(delays))
    assert statistics.median(delays) < MEDIAN_MS, delays


def test_killed_server_loses_doubles_and_swaps_nothing(talk: Talk, server: Server):
    one, other, left, right, conversation_id = talk(outages=True)
    windows = (left, right)
    lines = 30
    for number in range(lines):
        say(windows[number % 2], f"line {number}")
        if number in (8, 20):
            server.kill_web()
        if number in (8, 9, 20, 21):
            left.wait_for_timeout(300)
    for page in windows:
        history = page.get_by_role("log")
        for number in range(lines):
            expect(history.get_by_text(re.compile(rf"line {number}$"))).to_be_visible(
                timeout=40_000
            )
        expect(page.get_by_text("Sending…")).to_have_count(0)
        expect(page.get_by_text("Waiting for the network")).to_have_count(0)

    stored = one.call("GET", f"conversations/{conversation_id}/messages?limit=50")["results"]
    stored.sort(key=lambda message: message["seq"])
    assert [message["seq"] for message in stored] == list(range(1, lines + 2))
    assert sorted(message["body"] for message in stored[1:]) == sorted(
        f"line {number}" for number in range(lines)
    )
    for person, parity in ((one, 0), (other, 1)):
        own = [m["body"] for m in stored[1:] if m["sender"]["id"] == person.id]
        assert own == [f"line {number}" for number in range(lines) if number % 2 == parity]
    expected = [{"seq": m["seq"], "text": m["body"]} for m in stored[1:]]
    for page in windows:
        assert page.evaluate(BUBBLES)[1:] == expected
