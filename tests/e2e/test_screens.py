"""Every main screen: usable with assistive technology, in both colour schemes, at every width."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from config.demo.content import PICTURES
from tests.e2e.browsers import OpenWindow
from tests.e2e.people import People, Person

pytestmark = pytest.mark.e2e

AXE = settings.BASE_DIR / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => {
  // The colours of the other scheme are on their way out.
  const frame = () => new Promise(requestAnimationFrame);
  await frame().then(frame);
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  await frame();
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags });
  const told = (node) => `${node.html} ${node.any[0]?.message ?? ""}`;
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(told).join(" | ")}`);
}"""
WIDTHS = (320, 390, 768, 1280)
AXE_WIDTHS = (390, 1280)


@dataclass(frozen=True)
class Screen:
    """Where it is, and what shows that it is there."""

    path: str
    shows: Callable[[Page], Locator]
    #: Opens what has no address.
    act: Callable[[Page], object] = lambda _page: None


@pytest.fixture(scope="module")
def ada(people: People) -> Person:
    """Somebody with posts, comments, messages, notifications and a follow request."""
    ada, ben = people.make("ada"), people.make("ben")
    ada.follow(ben)
    ada.call("PATCH", "me", data={"bio": "Streets and bridges. #walks", "is_private": True})
    ben.follow(ada)
    ada.share("red-bridge", "old-street", caption="Two of the river #bridges", alt="A bridge")
    post = ben.share("pier-gull", caption="One gull, at last. #sea", alt="A gull over the sea")
    ada.call("PUT", f"posts/{post['id']}/like")
    root = ada.call("POST", f"posts/{post['id']}/comments", data={"body": "The wing!"})
    reply = {"body": "I was lucky.", "parent_id": root["id"]}
    ben.call("POST", f"posts/{post['id']}/comments", data=reply)
    conversation_id = ada.conversation_with(ben)
    ada.write(conversation_id, "May I have a print?")
    ben.write(conversation_id, "It is in the post.")
    know_each_other(people, ada, ben)
    ada.ben, ada.post, ada.conversation_id = ben, post, conversation_id  # type: ignore[attr-defined]
    return ada


def know_each_other(people: People, ada: Person, ben: Person) -> None:
    """Somebody both know, somebody to suggest, and what ada has set about people."""
    cleo, dana = people.make("cleo"), people.make("dana")
    ada.follow(cleo)
    cleo.follow(ben)
    ben.follow(dana)
    ada.call("PUT", f"users/{cleo.id}/mute", data={"scopes": ["stories"], "until": None})
    ada.call("PUT", f"users/{cleo.id}/restrict")
    ada.call("PUT", f"users/{cleo.id}/close-friend")
    ada.call("PUT", "me/hidden-words/diet tips")
    report = {"target_kind": "user", "target_id": dana.id, "reason": "spam", "text": "Shoes."}
    ada.call("POST", "reports", data=report)


def choose(name: str) -> Callable[[Page], None]:
    """Open the profile's menu and choose this."""

    def act(page: Page) -> None:
        page.get_by_role("main").get_by_role("button", name="More for").click()
        page.get_by_role("menuitem", name=name).click()

    return act


def screens_of(ada: Person) -> dict[str, Screen]:
    """What a member opens."""
    ben, post = ada.ben, ada.post  # type: ignore[attr-defined]
    gull = "A gull over the sea"
    return {
        "home": Screen("/", lambda p: p.get_by_role("article").first),
        "search": Screen("/search", lambda p: p.get_by_role("searchbox")),
        "profile": Screen(f"/{ben.username}", lambda p: p.get_by_role("link", name=gull)),
        "own profile": Screen(f"/{ada.username}", lambda p: p.get_by_text("Edit profile")),
        "post": Screen(f"/p/{post['shortcode']}", lambda p: p.get_by_text("The wing!")),
        "inbox": Screen("/messages", lambda p: p.get_by_text("It is in the post.")),
        "thread": Screen(
            f"/messages/{ada.conversation_id}",  # type: ignore[attr-defined]
            lambda p: p.get_by_role("log").get_by_text("It is in the post."),
        ),
        "notifications": Screen("/notifications", lambda p: p.get_by_text("replied").first),
        "requests": Screen(
            "/notifications/requests", lambda p: p.get_by_role("link", name=ben.username).first
        ),
        "saved": Screen("/saved", lambda p: p.get_by_role("heading", level=1)),
        "settings": Screen("/settings", lambda p: p.get_by_role("navigation", name="Settings")),
        "edit profile": Screen("/settings/profile", lambda p: p.get_by_label("About you")),
        "create": Screen("/create", lambda p: p.get_by_text("Choose pictures")),
        "new post": Screen("/create", lambda p: p.get_by_label("Caption"), choose_picture),
        "edit picture": Screen(
            "/create", lambda p: p.get_by_role("tab", name="Adjust"), edit_picture
        ),
        "new message": Screen(
            "/messages",
            lambda p: p.get_by_role("dialog").get_by_role("searchbox"),
            lambda p: p.get_by_role("button", name="New message").first.click(),
        ),
        "likes": Screen(
            f"/p/{post['shortcode']}",
            lambda p: p.get_by_role("dialog").get_by_role("link", name=ada.username).first,
            lambda p: p.get_by_role("button", name="1 like").click(),
        ),
        "followers": Screen(
            f"/{ben.username}/followers", lambda p: p.get_by_role("button", name="Following cleo")
        ),
        "mutuals": Screen(
            f"/{ben.username}/mutuals", lambda p: p.get_by_role("button", name="Following cleo")
        ),
        "mute": Screen(
            f"/{ben.username}",
            lambda p: p.get_by_role("dialog").get_by_text("For how long"),
            choose("Mute…"),
        ),
        "report": Screen(
            f"/{ben.username}",
            lambda p: p.get_by_role("dialog").get_by_label("Spam or a scam"),
            choose("Report…"),
        ),
        "suggestions": Screen("/welcome", lambda p: p.get_by_role("button", name="Follow dana")),
        "privacy": Screen("/settings/privacy", lambda p: p.get_by_label("Hide your lists")),
        "muted": Screen("/settings/muted", lambda p: p.get_by_role("button", name="Unmute cleo")),
        "hidden words": Screen(
            "/settings/hidden-words", lambda p: p.get_by_role("button", name="Remove diet tips")
        ),
        "muted tags": Screen("/settings/muted-tags", lambda p: p.get_by_text("You mute no tags")),
        "restricted": Screen(
            "/settings/restricted", lambda p: p.get_by_role("button", name="Unrestrict cleo")
        ),
        "close friends": Screen(
            "/settings/close-friends", lambda p: p.get_by_role("button", name="Remove cleo")
        ),
        "blocked": Screen("/settings/blocked", lambda p: p.get_by_text("You have blocked nobody")),
        "username": Screen("/settings/username", lambda p: p.get_by_label("Username")),
        "reports": Screen("/settings/reports", lambda p: p.get_by_text("Shoes.")),
        "contact": Screen("/contact", lambda p: p.get_by_label("Subject")),
        "nothing there": Screen("/nothing/there", lambda p: p.get_by_role("heading", level=1)),
    }


def choose_picture(page: Page) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose pictures").click()
    chooser.value.set_files(PICTURES / "espresso.webp")
    page.get_by_role("dialog").get_by_role("button", name="Next").click()


def edit_picture(page: Page) -> None:
    """The draft of the screen before is still there."""
    page.get_by_role("button", name="Crop and filters").click()


VISITOR_SCREENS = {
    "welcome": Screen("/", lambda p: p.get_by_role("heading", level=1)),
    "log in": Screen("/login", lambda p: p.get_by_role("button", name="Log in")),
    "contact": Screen("/contact", lambda p: p.get_by_label("Subject")),
    "appeal": Screen("/appeal#token=1.x", lambda p: p.get_by_label("Your objection")),
    "broken appeal": Screen("/appeal", lambda p: p.get_by_role("link", name="Write to us")),
    "sign up": Screen("/signup", lambda p: p.get_by_role("button", name="Create account")),
}


def faults(page: Page, screens: dict[str, Screen]) -> list[str]:
    """What is wrong with each screen: at every width, and for axe at two in both schemes."""
    page.add_init_script(path=AXE)
    found = []
    for name, screen in screens.items():
        page.goto(screen.path)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            page.wait_for_timeout(100)  # Another layout closes what hung on the one before.
            if not screen.shows(page).is_visible():
                screen.act(page)
            expect(screen.shows(page)).to_be_visible()
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            found += [f"{name} at {width}: {over} px too wide"] if over > 0 else []
            if width in AXE_WIDTHS:
                found += [f"{name} at {width}, {problem}" for problem in axe_problems(page)]
    return found


def axe_problems(page: Page) -> list[str]:
    """What axe finds in light and in dark."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found += [f"{theme}: {violation}" for violation in page.evaluate(RUN_AXE)]
    return found


def test_members_screens_are_accessible_and_fit(ada: Person, open_window: OpenWindow):
    found = faults(open_window(ada).page, screens_of(ada))
    assert not found, "\n".join(found)


def test_visitors_screens_are_accessible_and_fit(open_window: OpenWindow):
    found = faults(open_window().page, VISITOR_SCREENS)
    assert not found, "\n".join(found)


def test_served_pages_carry_a_strict_policy(open_window: OpenWindow):
    page = open_window().page
    answer = page.goto("/")
    assert answer is not None
    policy = answer.header_value("content-security-policy") or ""
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
