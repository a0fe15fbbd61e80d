"""Leaving: hidden at once, back by signing in, and after the grace nothing is left anywhere."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts import services
from accounts.constants import UserState
from accounts.handlers import erase_due_accounts, erase_unverified_accounts
from accounts.models import ErasedAccount, Report, User
from accounts.services import (
    account_delete_ask,
    account_erase,
    block_create,
    follow_create,
    profile_update,
    user_register,
)
from comments.services import comment_create, comment_like
from messaging.constants import MessageKind
from messaging.models import Message
from messaging.services import conversation_open, message_draft, message_send
from posts.models import Post
from posts.selectors import post_for
from posts.services import post_create, post_like, post_save
from tests.conftest import PASSWORD, viewer_of
from tests.house.test_access_matrix import picture

pytestmark = pytest.mark.django_db
API = "/api/v1"
CANARY = "quokka7361"
LOGIN = f"{API}/auth/login"


@pytest.fixture(autouse=True)
def _roomy_limits(settings):
    settings.RATE_LIMIT_SCALE = 100


def log_in(api, person):
    body = {"login": person.username, "password": PASSWORD}
    answer = api().post(LOGIN, body, HTTP_X_CLIENT="native")
    client = api()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json().get('access')}")
    return client


@pytest.mark.parametrize("route", ["deactivate", "delete"])
def test_leaving_needs_the_password(api, user, route):
    wrong = api(user).post(f"{API}/me/{route}", {"password": "not it at all"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    user.refresh_from_db()
    assert user.state == UserState.ACTIVE


@pytest.mark.parametrize("route", ["deactivate", "delete"])
def test_who_left_is_seen_by_nobody_and_signed_out_everywhere(api, user, other_user, route):
    here, there = api(user), api(user)
    assert here.post(f"{API}/me/{route}", {"password": PASSWORD}).status_code in (200, 204)
    assert there.get(f"{API}/me").status_code == 401
    assert api(other_user).get(f"{API}/users/{user.pk}").status_code == 404
    assert api().get(f"{API}/users/lookup?username={user.username}").status_code == 404


def test_signing_in_ends_a_deactivation(api, user, other_user):
    api(user).post(f"{API}/me/deactivate", {"password": PASSWORD})
    assert log_in(api, user).get(f"{API}/me").json()["state"] == "active"
    assert api(other_user).get(f"{API}/users/{user.pk}").status_code == 200


def test_who_is_being_deleted_can_look_and_come_back_but_do_nothing_else(api, user, other_user):
    asked = api(user).post(f"{API}/me/delete", {"password": PASSWORD})
    user.refresh_from_db()
    assert asked.json()["delete_after"] == user.delete_after.isoformat().replace("+00:00", "Z")
    assert timedelta(days=29) < user.delete_after - timezone.now() <= timedelta(days=30)
    client = log_in(api, user)
    me = client.get(f"{API}/me").json()
    assert (me["state"], me["delete_after"]) == ("deleting", asked.json()["delete_after"])
    refused = client.put(f"{API}/users/{other_user.pk}/follow")
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert client.get(f"{API}/conversations").status_code == 403
    assert client.post(f"{API}/me/delete/cancel", {}).status_code == 204
    assert client.post(f"{API}/me/delete/cancel", {}).json()["code"] == "not_deleting"
    assert not ErasedAccount.objects.exists()
    assert api(other_user).get(f"{API}/users/{user.pk}").status_code == 200


def test_the_day_is_told_by_mail(user, run_jobs, settings, tmp_path):
    run_jobs()
    settings.MAIL_ARCHIVE = tmp_path
    account_delete_ask(user_id=user.pk, password=PASSWORD)
    account_delete_ask(user_id=user.pk, password=PASSWORD)
    user.refresh_from_db()
    run_jobs()
    (mail,) = tmp_path.iterdir()
    assert f"{user.delete_after:%d %B %Y}" in mail.read_text()


def test_nothing_is_erased_before_its_day(user):
    account_delete_ask(user_id=user.pk, password=PASSWORD)
    erase_due_accounts()
    assert User.objects.filter(pk=user.pk).exists()


@pytest.fixture
def planted(make_user, run_jobs):
    """A person who left a canary everywhere, and a friend whose things they touched."""
    friend = make_user("friend")
    person = user_register(
        username=CANARY, email=f"{CANARY}@example.org", password=PASSWORD, display_name=CANARY
    )
    profile_update(user_id=person.pk, bio=CANARY, pronouns=CANARY, links=[f"https://{CANARY}.org"])
    for one, other in ((person, friend), (friend, person)):
        follow_create(follower_id=one.pk, followee=other)
    file = SimpleUploadedFile(f"{CANARY}.jpg", picture().read(), "image/jpeg")
    media = services_media(person, file)
    own = post_create(author_id=person.pk, media_ids=[media.pk], caption=f"#{CANARY}")
    theirs = post_create(
        author_id=friend.pk, media_ids=[services_media(friend, picture()).pk], caption="Harbour"
    )
    seen = post_for(viewer=viewer_of(person), post_id=theirs.pk)
    post_like(actor_id=person.pk, post=seen)
    post_save(actor_id=person.pk, post=seen)
    root = comment_create(actor_id=friend.pk, post=seen, body="First")
    comment_like(actor_id=person.pk, comment=root)
    reply = comment_create(actor_id=person.pk, post=seen, body=CANARY, parent=root)
    comment_create(actor_id=friend.pk, post=seen, body="An answer", parent=reply)
    mine = comment_create(actor_id=person.pk, post=seen, body=f"{CANARY} again")
    comment_create(actor_id=friend.pk, post=seen, body="Below", parent=mine)
    opened = conversation_open(viewer=viewer_of(person), user_ids=[friend.pk])
    for number, sender in enumerate((person, friend, person), 1):
        draft = message_draft(
            viewer=viewer_of(sender),
            conversation_id=opened.conversation_id,
            client_id=uuid.UUID(int=number),
            body=CANARY if sender is person else "Hello",
        )
        message_send(viewer=viewer_of(sender), draft=draft)
    Report.objects.create(
        reporter=friend, target_kind="user", target_id=person.pk, target_user=person,
        reason="spam", snapshot={"bio": CANARY},
    )  # fmt: skip
    block_create(owner_id=person.pk, target=make_user("blocked"))
    services.password_forgot(email=person.email, address="192.0.2.1")
    run_jobs(minutes=60)
    person.friend, person.conversation_id, person.post, person.theirs = (
        friend, opened.conversation_id, own, theirs,
    )  # fmt: skip
    return person


def services_media(owner, file):
    from media_storage.services import media_create  # noqa: PLC0415

    return media_create(owner_id=owner.pk, file=file)


def tables_with(word):
    """Every table with a row that holds the word, whatever the column."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        found = []
        for name in names:
            cursor.execute(
                f'SELECT 1 FROM "{name}" t WHERE lower(t::text) LIKE %s LIMIT 1', [f"%{word}%"]
            )
            if cursor.fetchone():
                found.append(name)
    return found


def files_with(word):
    root = Path(django_settings.MEDIA_BACKEND_URL.removeprefix("file://"))
    return [path for path in root.rglob("*") if path.is_file() and (
        word in path.name or word.encode() in path.read_bytes()
    )]  # fmt: skip


def test_the_canary_is_found_before(planted):
    assert {
        "accounts_user", "posts_post", "comments_comment", "messaging_message", "accounts_report",
    } <= set(tables_with(CANARY))  # fmt: skip


def test_after_the_grace_no_table_and_no_file_holds_anything_of_the_person(planted, run_jobs):
    keys = {item["id"] for item in planted.post.media}
    assert keys
    User.objects.filter(pk=planted.pk).update(
        state=UserState.DELETING, delete_after=timezone.now() - timedelta(seconds=1)
    )
    erase_due_accounts()
    run_jobs(minutes=60)
    assert tables_with(CANARY) == []
    assert files_with(CANARY) == []
    assert not Post.objects.filter(pk=planted.post.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM media_storage_media WHERE owner_id = %s", [planted.pk])
        assert cursor.fetchone() == (0,)
    assert ErasedAccount.objects.get().erased_at is not None


def test_an_erasure_leaves_the_others_with_right_numbers(planted):
    account_erase(user_id=planted.pk)
    account_erase(user_id=planted.pk)
    planted.friend.refresh_from_db()
    assert (planted.friend.followers_count, planted.friend.following_count) == (0, 0)
    post = Post.objects.get(pk=planted.theirs.pk)
    shown = post.comments.filter(state="visible")
    assert (post.likes_count, post.saves_count, post.comments_count) == (0, 0, shown.count())
    root = shown.get(root__isnull=True)
    assert (root.likes_count, root.replies_count) == (0, shown.filter(root=root).count())
    assert [comment.body for comment in shown.order_by("pk")] == ["First", "An answer"]


def test_conversations_keep_their_numbers_and_show_what_was_blanked(planted, api):
    account_erase(user_id=planted.pk)
    rows = Message.objects.filter(conversation=planted.conversation_id).order_by("seq")
    assert [(row.seq, row.kind, row.body, row.sender_id) for row in rows] == [
        (1, MessageKind.HIDDEN, "", None),
        (2, MessageKind.TEXT, "Hello", planted.friend.pk),
        (3, MessageKind.HIDDEN, "", None),
    ]
    assert sorted(row.rev for row in rows) == [2, 4, 5]
    found = api(planted.friend).get(
        f"{API}/conversations/{planted.conversation_id}/changes?after_rev=3"
    )
    assert [(m["seq"], m["kind"], m["sender"]) for m in found.json()["results"]] == [
        (1, "hidden", None), (3, "hidden", None),
    ]  # fmt: skip


def test_a_backup_that_is_restored_is_erased_again(planted, run_jobs):
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE kept AS SELECT * FROM accounts_user WHERE id = %s", [planted.pk]
        )
        account_erase(user_id=planted.pk)
        cursor.execute("INSERT INTO accounts_user SELECT * FROM kept")
    assert User.objects.filter(pk=planted.pk).exists()
    erase_due_accounts()
    assert not User.objects.filter(pk=planted.pk).exists()


def test_unproved_accounts_vanish_after_a_week_and_nobody_else(make_user):
    old, young, proved = (make_user() for _ in range(3))
    week = timezone.now() - timedelta(days=7, seconds=1)
    User.objects.filter(pk__in=(old.pk, proved.pk)).update(created_at=week)
    User.objects.update(email_verified_at=None)
    User.objects.filter(pk=proved.pk).update(email_verified_at=week)
    erase_unverified_accounts()
    assert set(User.objects.values_list("pk", flat=True)) == {young.pk, proved.pk}
