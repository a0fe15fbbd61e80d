"""Reports, acts of moderators with their objections, rules of the operator, and letters to him."""

import re
import uuid
from email import message_from_bytes, policy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.constants import ModerationAct, Role, RuleKind, UserState
from accounts.models import (
    Appeal,
    BlockRule,
    ContactMessage,
    FormerUsername,
    Invite,
    ModerationAction,
    Report,
    User,
)
from accounts.services import (
    Case,
    appeal_decide,
    block_create,
    invite_create,
    moderation_act,
    rules_forget,
)
from comments.services import comment_create
from core.errors import ForbiddenError, RuleError
from core.text import folded
from media_storage.services import media_create
from messaging.models import Message
from messaging.services import conversation_open, message_draft, message_send
from posts.models import Post
from posts.selectors import post_for
from posts.services import post_create
from tests.conftest import PASSWORD, viewer_of
from tests.house.test_access_matrix import picture

pytestmark = pytest.mark.django_db
API = "/api/v1"


@pytest.fixture(autouse=True)
def _fresh(settings):
    settings.RATE_LIMIT_SCALE = 100
    rules_forget()
    yield
    rules_forget()


@pytest.fixture
def moderator(make_user):
    return make_user("modesta", role=Role.MODERATOR)


@pytest.fixture
def things(make_user, user):
    """What `author` made and `user` can see: an id for each kind."""
    author = make_user("author")
    media = media_create(owner_id=author.pk, file=picture())
    made = post_create(author_id=author.pk, media_ids=[media.pk], caption="A harbour")
    post = post_for(viewer=viewer_of(user), post_id=made.pk)
    comment = comment_create(actor_id=author.pk, post=post, body="Mine")
    talk = conversation_open(viewer=viewer_of(author), user_ids=[user.pk]).conversation_id
    draft = message_draft(
        viewer=viewer_of(author), conversation_id=talk,
        client_id=uuid.UUID(int=1), body="Psst",
    )  # fmt: skip
    message_send(viewer=viewer_of(author), draft=draft)
    return {
        "author": author, "user": author.pk, "post": made.pk, "comment": comment.pk,
        "message": Message.objects.get().pk,
    }  # fmt: skip


def report(client, kind, target_id, **more):
    body = {"target_kind": kind, "target_id": str(target_id), "reason": "spam", **more}
    return client.post(f"{API}/reports", body)


@pytest.mark.parametrize("kind", ["user", "post", "comment", "message"])
def test_anything_that_is_seen_can_be_reported_and_its_fate_followed(
    api, user, other_user, moderator, things, kind
):
    answer = report(api(user), kind, things[kind], text="Please look")
    assert (answer.status_code, answer.json()["state"]) == (201, "open")
    again = report(api(user), kind, things[kind])
    assert again.json()["id"] == answer.json()["id"]
    row = Report.objects.get()
    assert row.target_user_id == things["author"].pk
    assert any(row.snapshot.values())
    case = Case(kind, things[kind], row)
    moderation_act(moderator=moderator, act=ModerationAct.DISMISS, case=case, reason="Fine")
    (mine,) = api(user).get(f"{API}/reports/mine").json()["results"]
    assert (mine["state"], mine["handled_at"] is not None) == ("dismissed", True)
    assert "handled_by" not in mine
    assert api(other_user).get(f"{API}/reports/mine").json()["results"] == []


@pytest.mark.parametrize("kind", ["user", "post", "comment", "message"])
def test_what_cannot_be_seen_or_is_ones_own_cannot_be_reported(api, user, things, kind):
    own = report(api(things["author"]), kind, things[kind])
    assert own.status_code in (404, 422)
    block_create(owner_id=things["author"].pk, target=user)
    assert report(api(user), kind, things[kind]).status_code == 404
    assert not Report.objects.exists()


def test_an_unknown_kind_reason_or_field_is_refused(api, user, other_user):
    assert report(api(user), "planet", 1).json()["code"] == "unknown_kind"
    assert report(api(user), "user", other_user.pk, reason="ugly").status_code == 400
    assert report(api(user), "user", other_user.pk, colour="red").status_code == 400
    assert report(api(user), "user", 2**63).status_code in (400, 404)


def act(moderator, what, kind, target_id, reason="Because"):
    return moderation_act(
        moderator=moderator, act=ModerationAct(what), case=Case(kind, target_id), reason=reason
    )


def test_a_hidden_post_is_gone_for_everybody_and_comes_back(api, user, moderator, things):
    path = f"{API}/posts/{things['post']}"
    act(moderator, "hide", "post", things["post"])
    act(moderator, "hide", "post", things["post"])
    assert api(user).get(path).status_code == 404
    assert api(things["author"]).get(path).status_code == 404
    assert User.objects.get(pk=things["user"]).posts_count == 0
    act(moderator, "show", "post", things["post"])
    assert api(user).get(path).status_code == 200
    assert User.objects.get(pk=things["user"]).posts_count == 1


def test_a_hidden_comment_takes_its_thread_and_its_numbers_along(api, user, moderator, things):
    post = post_for(viewer=viewer_of(user), post_id=things["post"])
    from comments.models import Comment  # noqa: PLC0415

    comment_create(
        actor_id=user.pk, post=post, body="Below", parent=Comment.objects.get(pk=things["comment"])
    )
    act(moderator, "hide", "comment", things["comment"])
    assert Post.objects.get(pk=things["post"]).comments_count == 0
    assert api(user).get(f"{API}/posts/{things['post']}/comments").json()["results"] == []
    act(moderator, "show", "comment", things["comment"])
    assert Post.objects.get(pk=things["post"]).comments_count == 2
    (root,) = api(user).get(f"{API}/posts/{things['post']}/comments").json()["results"]
    assert root["replies_count"] == 1


@pytest.mark.parametrize("kind", ["post", "comment", "message"])
def test_a_deleted_thing_is_gone_for_good(moderator, things, kind):
    for _ in range(2 if kind != "message" else 1):
        act(moderator, "delete", kind, things[kind])
    if kind == "message":
        row = Message.objects.get()
        assert (row.kind, row.body, row.sender_id) == ("hidden", "", None)
    assert ModerationAction.objects.filter(act="delete").exists()


def test_a_suspended_person_is_signed_out_unseen_and_cannot_sign_in(
    api, user, other_user, moderator
):
    client = api(user)
    assert client.get(f"{API}/me").status_code == 200
    act(moderator, "suspend", "user", user.pk)
    body = {"login": user.username, "password": PASSWORD}
    refused = api().post(f"{API}/auth/login", body, HTTP_X_CLIENT="native")
    assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
    assert api(other_user).get(f"{API}/users/{user.pk}").status_code == 404
    act(moderator, "restore", "user", user.pk)
    assert api(other_user).get(f"{API}/users/{user.pk}").status_code == 200


def test_acts_need_a_moderator_a_reason_and_a_fit(user, other_user, moderator, make_user, things):
    with pytest.raises(ForbiddenError):
        act(user, "suspend", "user", other_user.pk)
    for reason in ("", "   "):
        with pytest.raises(Exception, match="Say why"):
            act(moderator, "suspend", "user", other_user.pk, reason)
    with pytest.raises(RuleError):
        act(moderator, "suspend", "post", things["post"])
    with pytest.raises(RuleError):
        act(moderator, "hide", "user", other_user.pk)
    with pytest.raises(RuleError):
        act(moderator, "delete", "user", other_user.pk)
    with pytest.raises(ForbiddenError, match="Only admins"):
        act(moderator, "suspend", "user", make_user(role=Role.ADMIN).pk)
    assert not ModerationAction.objects.exists()


@pytest.fixture
def letters(settings, tmp_path, run_jobs):
    """The mails of the act that follows, as (to, text)."""
    run_jobs()
    settings.MAIL_ARCHIVE = tmp_path / "mail"

    def read():
        run_jobs()
        found = []
        for path in sorted(settings.MAIL_ARCHIVE.glob("*"), key=lambda p: p.stat().st_mtime_ns):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            found.append((mail["To"], mail.get_body(["plain"]).get_content(), mail["Reply-To"]))
            path.unlink()
        return found

    return read


def test_the_person_is_told_the_reason_and_may_object_once(
    api, user, moderator, make_user, letters
):
    act(moderator, "suspend", "user", user.pk, "Thirty times the same advertisement")
    ((to, text, _),) = letters()
    assert to == user.email
    assert "Thirty times the same advertisement" in text
    token = re.search(r"#token=(\S+)", text)[1]
    body = {"token": token, "text": "That was my cousin"}
    assert api().post(f"{API}/appeals", body).status_code == 204
    again = api().post(f"{API}/appeals", body)
    assert (again.status_code, again.json()["code"]) == (409, "appealed")
    for bad in ("1.x", "x", f"{token}a", "9" * 30 + ".x"):
        refused = api().post(f"{API}/appeals", {**body, "token": bad})
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_token")
    with pytest.raises(ForbiddenError, match="Somebody else"):
        appeal_decide(
            moderator=moderator, appeal=Appeal.objects.get(), is_granted=True, reason="Mine"
        )
    other = make_user(role=Role.MODERATOR)
    letters()
    appeal_decide(moderator=other, appeal=Appeal.objects.get(), is_granted=True, reason="Sorry")
    assert User.objects.get(pk=user.pk).state == UserState.ACTIVE
    ((to, text, _),) = letters()
    assert "as before again" in text
    with pytest.raises(Exception, match="decided already"):
        appeal_decide(moderator=other, appeal=Appeal.objects.get(), is_granted=False, reason="No")


def test_a_refused_objection_leaves_the_act_and_is_told(api, user, moderator, make_user, letters):
    action = act(moderator, "limit", "user", user.pk)
    letters()
    appeal = Appeal.objects.create(action=action, text="No")
    other = make_user(role=Role.MODERATOR)
    letters()
    appeal_decide(moderator=other, appeal=appeal, is_granted=False, reason="It stands")
    assert User.objects.get(pk=user.pk).state == UserState.LIMITED
    ((_, text, _),) = letters()
    assert "stands" in text


def rule(kind, value):
    BlockRule.objects.create(kind=kind, value=value)
    rules_forget()


@pytest.mark.parametrize("text", ["Buy VIAGRÁ now", "viagra", "ｖｉａｇｒａ!"])
def test_a_word_that_is_kept_out_is_refused_everywhere(api, user, things, text):
    rule(RuleKind.WORD, folded("Viagra"))
    client = api(user)
    for method, path, body in (
        ("patch", "me", {"bio": text}),
        ("post", f"posts/{things['post']}/comments", {"body": text}),
    ):
        answer = getattr(client, method)(f"{API}/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "word_not_allowed")
    assert client.patch(f"{API}/me", {"bio": "viagrandes"}).status_code == 200


def test_networks_and_mail_domains_that_are_kept_out(api):
    rule(RuleKind.MAIL_DOMAIN, "throwaway.example")
    body = {"username": "maya", "email": "m@sub.Throwaway.example", "password": PASSWORD}
    answer = api().post(f"{API}/auth/register", body, HTTP_X_CLIENT="native")
    assert (answer.status_code, answer.json()["code"]) == (400, "mail_domain_not_allowed")
    rule(RuleKind.ADDRESS, "127.0.0.0/8")
    body["email"] = "m@example.org"
    answer = api().post(f"{API}/auth/register", body, HTTP_X_CLIENT="native")
    assert (answer.status_code, answer.json()["code"]) == (403, "address_not_allowed")
    assert not User.objects.exists()


def test_a_picture_that_is_kept_out_is_refused_by_its_hash(api, user):
    from hashlib import sha256  # noqa: PLC0415

    file = picture()
    rule(RuleKind.PICTURE, sha256(file.read()).hexdigest())
    file.seek(0)
    answer = api(user).post(
        f"{API}/media", {"file": SimpleUploadedFile("b.jpg", file.read(), "image/jpeg")},
        format="multipart",
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (422, "picture_not_allowed")


def test_a_letter_to_the_operator_is_kept_and_mailed_with_the_way_back(api, letters, settings):
    body = {"name": "Ana", "email": "ana@example.org", "subject": "Hello", "message": "Hi\n<b>"}
    assert api().post(f"{API}/contact", body).status_code == 204
    assert ContactMessage.objects.get().message == "Hi\n<b>"
    ((to, text, back),) = letters()
    assert (to, back) == ("jyoti@localhost", "ana@example.org")
    assert "<b>" in text
    bad = api().post(f"{API}/contact", {**body, "email": "x\r\nBcc: all@example.org"})
    assert bad.status_code == 400


def register(api, name="maya", **more):
    body = {"username": name, "email": f"{name}@example.org", "password": PASSWORD, **more}
    return api().post(f"{API}/auth/register", body, HTTP_X_CLIENT="native")


def test_closed_means_nobody_and_invite_means_who_has_one_that_is_good(api, settings):
    settings.REGISTRATION = "closed"
    assert register(api).json()["code"] == "registration_closed"
    settings.REGISTRATION = "invite"
    code = invite_create(uses=1, days=7)
    assert code not in str(Invite.objects.values().get())
    assert register(api).json()["code"] == "invite_needed"
    assert register(api, invite="wrong").json()["code"] == "invite_needed"
    assert register(api, invite=code, password="short").status_code == 400
    assert register(api, invite=f" {code} ").status_code == 201
    assert register(api, "other", invite=code).json()["code"] == "invite_needed"
    assert api().get(f"{API}/instance").json()["registration"] == "invite"


def test_a_changed_name_leads_on_and_is_nobody_elses_for_a_month(api, user, other_user):
    old = user.username
    client = api(user)
    assert (
        client.put(f"{API}/me/username", {"username": "New.Name"}).json()["username"] == "new.name"
    )
    found = api(other_user).get(f"{API}/users/lookup?username={old}")
    assert found.json()["username"] == "new.name"
    assert register(api, old).json()["code"] == "username_taken"
    free = api().get(f"{API}/auth/username-available?q={old}").json()
    assert free == {"available": False}
    taken = api(other_user).put(f"{API}/me/username", {"username": old})
    assert (taken.status_code, taken.json()["code"]) == (409, "username_taken")
    FormerUsername.objects.update(released_at="2026-01-01T00:00:00Z")
    assert register(api, old).status_code == 201
    assert api().get(f"{API}/users/lookup?username={old}").json()["username"] == old


def test_one_can_take_ones_own_old_name_back(api, user):
    old, client = user.username, api(user)
    client.put(f"{API}/me/username", {"username": "new.name"})
    assert client.put(f"{API}/me/username", {"username": old}).status_code == 200
    assert client.put(f"{API}/me/username", {"username": old}).status_code == 200


def test_names_change_three_times_a_day_at_most(api, user, settings):
    settings.RATE_LIMIT_SCALE = 1
    answers = [
        api(user).put(f"{API}/me/username", {"username": f"name{n}"}).status_code for n in range(4)
    ]
    assert answers == [200, 200, 200, 429]
