"""The admin opens for staff alone and lists without a query per row."""

import time

import pyotp
import pytest
from django.core.management import CommandError, call_command

from accounts.models import BlockRule, Invite, ModerationAction, User
from accounts.services import report_create, totp_begin, totp_confirm
from tests.conftest import PASSWORD, viewer_of

pytestmark = pytest.mark.django_db
PATHS = ["/admin/", "/admin/accounts/user/", "/admin/accounts/session/", "/admin/posts/post/"]


@pytest.mark.parametrize("path", PATHS)
def test_only_staff_get_in(client, user, path):
    client.force_login(user)
    assert client.get(path).status_code == 302
    User.objects.filter(pk=user.pk).update(role="admin")
    assert client.get(path).status_code == 200


def test_a_moderator_may_look_but_not_change(client, make_user, other_user):
    client.force_login(make_user(role="moderator"))
    path = f"/admin/accounts/user/{other_user.pk}/change/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"role": "admin", "state": "active"}).status_code == 403
    other_user.refresh_from_db()
    assert other_user.role == "user"


def test_the_list_costs_the_same_for_few_and_many(client, make_user, django_assert_max_num_queries):
    client.force_login(make_user(role="admin"))
    for _ in range(20):
        make_user()
    with django_assert_max_num_queries(6):
        client.get("/admin/accounts/user/")


def test_createsuperuser_makes_an_admin(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a quiet harbour 7")
    call_command("createsuperuser", interactive=False, username="root1", email="r@example.org")
    assert User.objects.get(username="root1").role == "admin"


def log_in(client, person, code=""):
    return client.post(
        "/admin/login/?next=/admin/",
        {"username": person.username, "password": PASSWORD, "code": code},
    )


def test_the_door_asks_for_the_second_factor_of_who_has_one(client, make_user):
    admin = make_user(role="admin")
    begun = totp_begin(user=admin)
    totp = pyotp.TOTP(begun.secret)
    step = int(time.time()) // 30
    codes = totp_confirm(user_id=admin.pk, code=totp.generate_otp(step - 1))
    assert log_in(client, admin).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert log_in(client, admin, totp.generate_otp(step)).status_code == 302
    assert client.get("/admin/").status_code == 200
    client.logout()
    assert log_in(client, admin, totp.generate_otp(step)).status_code == 200
    assert log_in(client, admin, codes[0]).status_code == 302


def test_in_production_nobody_gets_in_without_one(client, make_user, settings):
    admin = make_user(role="admin")
    settings.ADMIN_NEEDS_SECOND_FACTOR = True
    assert b"Set up a second factor" in log_in(client, admin).content
    assert client.get("/admin/").status_code == 302
    settings.ADMIN_NEEDS_SECOND_FACTOR = False
    assert log_in(client, admin).status_code == 302


def test_the_door_has_the_limits_of_every_log_in(client, make_user, settings):
    settings.RATE_LIMIT_SCALE = 1
    admin = make_user(role="admin")
    for _ in range(10):
        client.post("/admin/login/", {"username": admin.username, "password": "wrong"})
    assert b"Too many" in log_in(client, admin).content


def test_people_without_a_role_do_not_get_in(client, user):
    assert log_in(client, user).status_code == 200
    assert client.get("/admin/").status_code == 302


def chosen(action, *rows, reason="Because"):
    return {"action": action, "_selected_action": [row.pk for row in rows], "reason": reason}


def test_a_moderator_acts_on_many_with_one_reason(client, make_user):
    client.force_login(make_user(role="moderator"))
    one, two = make_user(), make_user()
    client.post("/admin/accounts/user/", chosen("suspend", one, two))
    assert set(User.objects.filter(state="suspended")) == {one, two}
    assert ModerationAction.objects.filter(act="suspend", reason="Because").count() == 2
    answer = client.post("/admin/accounts/user/", chosen("restore", one, reason=""), follow=True)
    assert b"Say why" in answer.content
    assert User.objects.get(pk=one.pk).state == "suspended"


def test_the_queue_dismisses_and_acts(client, make_user, user, other_user):
    client.force_login(make_user(role="moderator"))
    report = report_create(
        viewer=viewer_of(user), target_kind="user", target_id=other_user.pk, reason="spam"
    )
    page = client.get("/admin/accounts/report/")
    assert other_user.username.encode() in page.content
    client.post("/admin/accounts/report/", chosen("suspend_the_person", report))
    report.refresh_from_db()
    other_user.refresh_from_db()
    assert (report.state, other_user.state) == ("acted", "suspended")


def test_an_admin_gives_a_role_which_ends_the_tokens_and_never_to_themselves(
    client, make_user, other_user
):
    admin = make_user(role="admin")
    client.force_login(admin)
    path = f"/admin/accounts/user/{other_user.pk}/change/"
    client.post(path, {"role": "moderator"})
    other_user.refresh_from_db()
    assert (other_user.role, other_user.token_epoch) == ("moderator", 2)
    client.post(f"/admin/accounts/user/{admin.pk}/change/", {"role": "user"})
    admin.refresh_from_db()
    assert admin.role == "admin"


def test_rules_are_kept_in_the_form_in_which_they_are_compared(client, make_user):
    client.force_login(make_user(role="admin"))
    client.post("/admin/accounts/blockrule/add/", {"kind": "word", "value": "VIAGRÁ"})
    assert BlockRule.objects.get().value == "viagra"


@pytest.mark.parametrize(
    "path",
    ["numbers/", "accounts/report/", "accounts/appeal/", "accounts/moderationaction/",
     "accounts/blockrule/", "accounts/contactmessage/", "accounts/invite/",
     "accounts/erasedaccount/", "accounts/consent/", "messaging/conversation/",
     "comments/comment/", "notifications/notification/", "accounts/moderationnote/", "accounts/moderationnote/add/"],
)  # fmt: skip
def test_every_page_opens_for_staff_and_for_nobody_else(client, make_user, path):
    client.force_login(make_user())
    assert client.get(f"/admin/{path}").status_code == 302
    client.force_login(make_user(role="moderator"))
    assert client.get(f"/admin/{path}").status_code == 200


def test_commands_do_what_the_pages_do_not(make_user, capsys, settings):
    person = make_user("maya")
    call_command("user", "show", "Maya")
    assert "username    maya" in capsys.readouterr().out
    call_command("user", "verify", "maya")
    call_command("user", "suspend", "maya")
    person.refresh_from_db()
    assert (person.is_verified, person.state) == (True, "suspended")
    call_command("user", "restore", "maya")
    call_command("user", "reset-2fa", "maya")
    call_command("user", "delete", "maya", "--yes")
    assert not User.objects.filter(pk=person.pk).exists()
    with pytest.raises(CommandError, match="nobody called maya"):
        call_command("user", "show", "maya")
    capsys.readouterr()
    call_command("invite", "create", "--uses", "2")
    link = capsys.readouterr().out.strip()
    assert link.startswith(f"{settings.SITE_URL}/signup?invite=")
    assert Invite.objects.get().most_uses == 2
