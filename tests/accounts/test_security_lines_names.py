"""Proofs, addresses, names and the admin: AUTH-10 and AUTH-12 to AUTH-14 of docs/security.md."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.constants import RESERVED_USERNAMES, Purpose
from accounts.models import ModerationAction, OneTimeToken, User
from accounts.services import proof_issue, proof_of
from core.redis import key, sync_redis
from tests.accounts.test_admin import chosen
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
AUTH = "/api/v1/auth"
NATIVE = {"HTTP_X_CLIENT": "native"}

# AUTH-10


@pytest.mark.parametrize("purpose", Purpose)
def test_a_proof_lives_an_hour_at_most(user, purpose):
    proof_issue(user=user, purpose=purpose, email=user.email)
    left = OneTimeToken.objects.get(user=user, purpose=purpose).expires_at - timezone.now()
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def test_a_reset_link_dies_with_the_address_that_it_was_mailed_to(api, user):
    proof_issue(user=user, purpose=Purpose.RESET_PASSWORD, email=user.email)
    reset = proof_of(OneTimeToken.objects.get(purpose=Purpose.RESET_PASSWORD)).token
    proof_issue(user=user, purpose=Purpose.CHANGE_EMAIL, email="new@example.org")
    change = proof_of(OneTimeToken.objects.get(purpose=Purpose.CHANGE_EMAIL)).token
    assert api().post(f"{AUTH}/email/verify", {"token": change}).status_code == 204
    answer = api().post(f"{AUTH}/password/reset", {"token": reset, "password": "twelve herons 4"})
    assert answer.json()["code"] == "bad_token"
    user.refresh_from_db()
    assert (user.email, user.check_password(PASSWORD)) == ("new@example.org", True)


def test_a_socket_ticket_is_forgotten_after_thirty_seconds(api, user):
    ticket = api(user).post(f"{AUTH}/ws-ticket", {}).json()["ticket"]
    assert 0 < sync_redis().ttl(key("ticket", ticket)) <= 30


# AUTH-12


def test_the_database_keeps_one_verified_owner_of_an_address_in_any_case(make_user):
    make_user("maya", email="maya@example.org")
    other = make_user("other", email_verified_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=other.pk).update(
            email="MAYA@Example.org", email_verified_at=timezone.now()
        )


# AUTH-13


@pytest.mark.parametrize(
    "name",
    ["ab", "a" * 31, "má.ya", "мауа", "maya smith", "maya-smith", "maya@", "maya/..", "ｍaya",
     "maya\u200b", "maya\u202e", "ma\u0130ya", "\u017fara", "maya'--", "<maya>", "maya%00"],
)  # fmt: skip
def test_a_name_is_of_plain_letters_by_route_and_by_database(api, user, name):
    body = {"username": name, "email": "new@example.org", "password": PASSWORD}
    assert api().post(f"{AUTH}/register", body, **NATIVE).status_code == 400
    assert api(user).put("/api/v1/me/username", {"username": name}).status_code == 400
    assert User.objects.count() == 1
    if len(name) <= 30:
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(username=name, email="new@example.org")


def test_the_database_takes_no_capital_letter_so_that_one_name_is_one_name(user):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username=user.username.upper(), email="new@example.org")


def test_no_reserved_name_is_given_in_any_case(api, user):
    client = api(user)
    for name in RESERVED_USERNAMES:
        answer = client.put("/api/v1/me/username", {"username": name.title()})
        assert answer.status_code == 400, name
    assert {"admin", "api", "media", "ws", "p", "support", "jyoti"} <= RESERVED_USERNAMES
    user.refresh_from_db()
    assert user.username not in RESERVED_USERNAMES


# AUTH-14


def test_what_staff_do_in_the_admin_is_written_down(client, make_user, other_user):
    admin = make_user(role="admin")
    client.force_login(admin)
    client.post(f"/admin/accounts/user/{other_user.pk}/change/", {"role": "moderator"})
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, "Role" in entry.change_message) == (
        admin, str(other_user.pk), True,
    )  # fmt: skip
    client.post("/admin/accounts/user/", chosen("suspend", other_user))
    action = ModerationAction.objects.get()
    assert (action.moderator, action.act, action.user, action.reason, action.before) == (
        admin, "suspend", other_user, "Because", {"state": "active"},
    )  # fmt: skip


@pytest.mark.parametrize("model", ["moderationaction", "report", "erasedaccount", "session"])
def test_nobody_changes_or_deletes_what_was_written_down(client, make_user, model):
    person = make_user(role="admin")
    client.force_login(person)
    for page in ("add/", "1/change/", "1/delete/"):
        answer = client.post(f"/admin/accounts/{model}/{page}", {"post": "yes"})
        assert answer.status_code in (302, 403), page
        assert answer.status_code == 403 or answer["Location"].endswith("/admin/")


def test_the_admin_asks_for_a_log_in_on_a_path_of_its_own(client):
    answer = client.get("/admin/accounts/user/")
    assert answer["Location"] == "/admin/login/?next=/admin/accounts/user/"
