"""Addresses and passwords: proofs by mail that work once, and answers that tell nothing."""

import re
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest
from django.contrib.auth.hashers import check_password
from django.utils import timezone

from accounts.models import OneTimeToken, Session, User
from accounts.services import user_register
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "twelve grey herons 4"
AUTH = "/api/v1/auth"


@pytest.fixture
def mails(settings, tmp_path, run_jobs):
    """Run what waits and return the mails since the last call, as (to, subject, link, code, text)."""
    settings.MAIL_ARCHIVE = tmp_path / "mail"
    settings.RATE_LIMIT_SCALE = 100

    def read():
        run_jobs()
        found = []
        paths = sorted(settings.MAIL_ARCHIVE.glob("*"), key=lambda path: path.stat().st_mtime_ns)
        for path in paths:
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            text, page = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
            link, code = re.search(r"#token=(\S+)", text), re.search(r"\b(\d{3}) (\d{3})\b", text)
            found.append(
                SimpleNamespace(
                    to=mail["To"], subject=mail["Subject"], text=text,
                    token=link and link[1], code=code and code[1] + code[2],
                    whole=f"{mail.items()}{text}{page}",
                )
            )  # fmt: skip
            path.unlink()
        return found

    return read


@pytest.fixture
def maya(mails):
    """Registered, not yet verified; her first mail is `maya.mail`."""
    person = user_register(username="maya", email="maya@example.org", password=PASSWORD)
    (person.mail,) = mails()
    return person


@pytest.fixture
def verified(maya):
    User.objects.filter(pk=maya.pk).update(email_verified_at=timezone.now())
    OneTimeToken.objects.all().delete()
    maya.refresh_from_db()
    return maya


def verify(client, **body):
    return client.post(f"{AUTH}/email/verify", body)


def is_verified(person):
    return User.objects.get(pk=person.pk).is_verified


def test_the_link_of_the_first_mail_verifies_the_address_once_from_anywhere(api, maya):
    assert (maya.mail.to, maya.mail.subject) == ("maya@example.org", "Is this your address?")
    assert verify(api(), token=maya.mail.token).status_code == 204
    assert is_verified(maya)
    again = verify(api(), token=maya.mail.token)
    assert (again.status_code, again.json()["code"]) == (400, "bad_token")


def test_the_code_verifies_for_its_own_person_only(api, maya, other_user):
    code = maya.mail.code
    assert verify(api(), code=code).status_code == 401
    assert verify(api(other_user), code=code).json()["code"] == "bad_code"
    assert verify(api(maya), code=f"{code[:3]} {code[3:]}").status_code == 204
    assert is_verified(maya)


def test_ten_wrong_codes_void_the_code_and_the_link(api, maya):
    wrong = f"{(int(maya.mail.code) + 1) % 10**6:06}"
    for _ in range(10):
        assert verify(api(maya), code=wrong).json()["code"] == "bad_code"
    assert verify(api(maya), code=maya.mail.code).json()["code"] == "bad_code"
    assert verify(api(), token=maya.mail.token).json()["code"] == "bad_token"
    assert not is_verified(maya)


def test_sending_again_makes_a_new_link_and_code_and_voids_the_old_ones(api, maya, mails):
    assert api(maya).post(f"{AUTH}/email/resend", {}).status_code == 202
    (second,) = mails()
    assert second.token != maya.mail.token
    assert second.code != maya.mail.code
    assert verify(api(), token=maya.mail.token).json()["code"] == "bad_token"
    assert verify(api(), token=second.token).status_code == 204


def test_an_old_link_is_dead(api, maya):
    OneTimeToken.objects.update(expires_at=timezone.now())
    assert verify(api(), token=maya.mail.token).json()["code"] == "bad_token"
    assert not is_verified(maya)


@pytest.mark.parametrize("token", ["", "1", "1.", ".x", "9" * 30 + ".x", "٣.x", "-1.x"])
def test_a_made_up_token_is_refused(api, maya, token):
    answer = verify(api(), token=token)
    assert answer.status_code == 400


def test_exactly_one_of_token_and_code_is_taken(api, maya):
    assert verify(api(maya)).status_code == 400
    assert verify(api(maya), token=maya.mail.token, code=maya.mail.code).status_code == 400
    assert not is_verified(maya)


def test_nothing_in_the_table_is_what_was_mailed(maya):
    row = OneTimeToken.objects.get()
    kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
    assert maya.mail.token not in kept
    assert maya.mail.token.partition(".")[2] not in kept
    assert maya.mail.code not in kept


def test_of_two_accounts_with_one_address_the_first_to_verify_has_it(api, maya, mails):
    other = user_register(username="mallory", email="MAYA@example.org", password=PASSWORD)
    (theirs,) = mails()
    assert verify(api(), token=theirs.token).status_code == 204
    mails()
    assert verify(api(), token=maya.mail.token).json()["code"] == "bad_token"
    assert (is_verified(other), is_verified(maya)) == (True, False)


def test_an_address_that_is_owned_gets_a_word_instead_of_a_code(verified, mails):
    user_register(username="mallory", email="Maya@Example.org", password=PASSWORD)
    (sent,) = mails()
    assert (sent.subject, sent.token, sent.code) == ("You already have an account", None, None)


def test_a_change_of_address_waits_for_the_new_one_and_tells_the_old_one(api, verified, mails):
    body = {"email": "new@example.org", "password": PASSWORD}
    assert api(verified).post(f"{AUTH}/email/change", body).status_code == 202
    (asked,) = mails()
    assert (asked.to, asked.subject) == ("new@example.org", "Is this your new address?")
    assert User.objects.get(pk=verified.pk).email == "maya@example.org"
    assert verify(api(), token=asked.token).status_code == 204
    assert User.objects.get(pk=verified.pk).email == "new@example.org"
    (told,) = mails()
    assert (told.to, told.subject) == ("maya@example.org", "Your address was changed")
    assert "n***@example.org" in told.text
    assert "new@example.org" not in told.text


def test_an_address_that_was_never_verified_is_replaced_at_once(api, maya, mails):
    body = {"email": "right@example.org", "password": PASSWORD}
    assert api(maya).post(f"{AUTH}/email/change", body).status_code == 202
    assert mails()[0].to == "right@example.org"
    assert verify(api(), token=maya.mail.token).json()["code"] == "bad_token"
    assert api(maya).get("/api/v1/me").json()["email"] == "right@example.org"
    assert api(maya).post(f"{AUTH}/email/resend", {}).status_code == 202
    (again,) = mails()
    assert again.to == "right@example.org"
    assert verify(api(maya), code=again.code).status_code == 204
    assert is_verified(maya)


def test_a_change_needs_the_password_and_another_address(api, verified, mails):
    wrong = api(verified).post(
        f"{AUTH}/email/change", {"email": "new@example.org", "password": "not it at all"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (403, "wrong_password")
    same = api(verified).post(
        f"{AUTH}/email/change", {"email": "MAYA@example.org", "password": PASSWORD}
    )
    assert (same.status_code, same.json()["code"]) == (422, "same_email")
    assert mails() == []


def test_a_change_to_a_taken_address_answers_alike_and_tells_its_owner(
    api, verified, other_user, mails
):
    User.objects.filter(pk=other_user.pk).update(email_verified_at=timezone.now())
    mails()
    body = {"email": other_user.email.upper(), "password": PASSWORD}
    assert api(verified).post(f"{AUTH}/email/change", body).status_code == 202
    sent = [mail for mail in mails() if mail.to == other_user.email]
    assert [mail.subject for mail in sent] == ["You already have an account"]


def forgot(api, email):
    return api().post(f"{AUTH}/password/forgot", {"email": email})


def reset(api, token, password=NEW):
    return api().post(f"{AUTH}/password/reset", {"token": token, "password": password})


def test_forgetting_answers_alike_for_everybody_and_mails_the_owner(
    api, verified, mails, django_assert_num_queries
):
    answers = []
    for email in ("maya@example.org", "nobody@example.org"):
        with django_assert_num_queries(3):  # the outbox, within a savepoint
            answer = forgot(api, email)
        answers.append((answer.status_code, answer.content))
    assert answers[0] == answers[1] == (202, b"")
    (sent,) = mails()
    assert (sent.to, sent.subject) == ("maya@example.org", "A new password")


def test_the_mail_goes_to_the_address_as_it_is_kept(api, verified, mails):
    forgot(api, "MAYA@EXAMPLE.ORG")
    assert [mail.to for mail in mails()] == ["maya@example.org"]


def test_an_address_that_nobody_verified_gets_no_link(api, maya, mails):
    forgot(api, "maya@example.org")
    assert mails() == []


def test_a_reset_sets_the_password_once_and_ends_every_session(api, verified, mails):
    client = api(verified)
    forgot(api, "maya@example.org")
    (sent,) = mails()
    assert reset(api, sent.token).status_code == 204
    verified.refresh_from_db()
    assert check_password(NEW, verified.password)
    assert not Session.objects.filter(user=verified, revoked_at__isnull=True).exists()
    assert client.get("/api/v1/me").status_code == 401
    assert reset(api, sent.token, "another grey heron 5").json()["code"] == "bad_token"
    assert [mail.subject for mail in mails()] == ["Your password was changed"]


def test_a_weak_password_leaves_the_link_good(api, verified, mails):
    forgot(api, "maya@example.org")
    (sent,) = mails()
    assert reset(api, sent.token, "12345678").json()["code"] == "password_weak"
    assert reset(api, sent.token, "maya1234").json()["code"] == "password_weak"
    assert reset(api, sent.token, "myjyoti99").json()["code"] == "password_weak"
    assert reset(api, sent.token, "short").json()["code"] == "password_length"
    assert reset(api, sent.token).status_code == 204


def test_a_reset_link_dies_when_the_password_or_the_address_changes(api, verified, mails):
    forgot(api, "maya@example.org")
    (sent,) = mails()
    body = {"old_password": PASSWORD, "password": "yet another owl 8"}
    assert api(verified).post(f"{AUTH}/password/change", body).status_code == 204
    assert reset(api, sent.token).json()["code"] == "bad_token"


def test_links_of_one_purpose_are_not_good_for_another(api, verified, mails):
    forgot(api, "maya@example.org")
    (sent,) = mails()
    assert verify(api(), token=sent.token).json()["code"] == "bad_token"
    assert reset(api, sent.token).status_code == 204


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(api, verified, mails):
    here, there = api(verified), api(verified)
    body = {"old_password": PASSWORD, "password": NEW}
    assert here.post(f"{AUTH}/password/change", body).status_code == 204
    assert here.get("/api/v1/me").status_code == 200
    assert there.get("/api/v1/me").status_code == 401
    (told,) = mails()
    assert (told.to, told.subject) == ("maya@example.org", "Your password was changed")


def test_a_change_needs_the_old_password_exactly(api, verified):
    for old in (PASSWORD + " ", PASSWORD.upper(), "not it at all"):
        answer = api(verified).post(
            f"{AUTH}/password/change", {"old_password": old, "password": NEW}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_password")
    assert check_password(PASSWORD, User.objects.get(pk=verified.pk).password)


@pytest.mark.parametrize(
    "header",
    ["HTTP_HOST", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_SERVER", "HTTP_X_HOST",
     "HTTP_FORWARDED", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL", "HTTP_ORIGIN",
     "HTTP_REFERER", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT", "HTTP_X_ORIGINAL_HOST",
     "HTTP_X_HTTP_HOST_OVERRIDE", "HTTP_X_FORWARDED_SCHEME", "HTTP_X_PROXYUSER_IP",
     "HTTP_X_REAL_IP", "HTTP_FRONT_END_HTTPS"],
)  # fmt: skip
def test_links_lead_to_our_own_site_whatever_a_header_says(api, verified, mails, settings, header):
    settings.ALLOWED_HOSTS = ["*"]
    evil = "evil.example.net"
    api().post(f"{AUTH}/password/forgot", {"email": "maya@example.org"}, **{header: evil})
    (sent,) = mails()
    assert "evil" not in sent.whole
    assert f"{settings.SITE_URL}/reset#token=" in sent.text
