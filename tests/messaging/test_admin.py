"""Other people's messages in the admin: only behind the glass, and never unwritten."""

import pytest

from accounts.models import ModerationAction
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "The police asked, file number 12/345."


@pytest.fixture
def said(ann, chat):
    """A conversation of two, with one secret message; its id."""
    say(ann, chat, "the cellar key is under the pot")
    return chat


def read(conversation_id):
    return f"/admin/messaging/conversation/{conversation_id}/read/"


def test_the_pages_show_who_talks_and_not_what_is_said(client, make_user, said, ann):
    client.force_login(make_user(role="moderator"))
    listing = client.get("/admin/messaging/conversation/", {"q": ann.user.username})
    page = client.get(f"/admin/messaging/conversation/{said}/change/")
    assert listing.status_code == page.status_code == 200
    assert ann.user.username in page.content.decode()
    assert "cellar" not in listing.content.decode() + page.content.decode()


def test_an_admin_who_says_why_reads_them_and_the_log_has_it_first(client, make_user, said):
    admin = make_user(role="admin")
    client.force_login(admin)
    assert "cellar" not in client.get(read(said)).content.decode()
    shown = client.post(read(said), {"reason": REASON})
    assert "the cellar key is under the pot" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    act = ModerationAction.objects.get()
    assert (act.moderator_id, act.act, act.target_kind, act.target_id) == (
        admin.pk, "read_messages", "conversation", said,
    )  # fmt: skip
    assert (act.reason, act.address) == (REASON, "127.0.0.1")
    client.post(read(said), {"reason": REASON})
    assert ModerationAction.objects.count() == 2


@pytest.mark.parametrize("reason", ["", "because", " " * 40])
def test_without_a_reason_nothing_is_shown(client, make_user, said, reason):
    client.force_login(make_user(role="admin"))
    assert "cellar" not in client.post(read(said), {"reason": reason}).content.decode()
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("role", ["moderator", "user"])
def test_nobody_but_admins_reads_them(client, make_user, said, role):
    client.force_login(make_user(role=role))
    answer = client.post(read(said), {"reason": REASON})
    assert "cellar" not in answer.content.decode()
    assert not ModerationAction.objects.exists()


def test_a_conversation_that_is_not_there_is_404(client, make_user):
    client.force_login(make_user(role="admin"))
    assert client.post(read(999_999), {"reason": REASON}).status_code == 404
