"""One suite of behaviours for every way that mail leaves: nothing lost, nothing doubled."""

import time

import boto3
import pytest

from core import mail
from core.events import job_id
from core.mail.errors import MailDelayedError
from tests.core.mail_standins import (
    ACCESS,
    SECRET,
    SLOW_S,
    UNVERIFIED,
    ResendStandin,
    SesStandin,
    SmtpStandin,
)

LETTER = mail.Mail(
    "maya@example.org",
    "Grüße an Sie",
    "password_changed",
    {"name": "<b>maya</b>"},
    reply_to="me@x.org",
)


@pytest.fixture(autouse=True)
def _account(settings, monkeypatch):
    settings.EMAIL_TIMEOUT = 1
    settings.RATE_LIMIT_SCALE = 1.0
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    boto3.setup_default_session()
    job = job_id.set(7)
    yield
    job_id.reset(job)


@pytest.fixture(params=[SmtpStandin, ResendStandin, SesStandin])
def provider(request, settings):
    with request.param() as standin:
        settings.MAIL_URL = standin.url
        yield standin


def test_a_mail_arrives_once_whole_and_in_two_parts(provider, settings):
    mail.send(LETTER)
    (got,) = provider.mails
    assert (got["to"], got["subject"], got["from"], got["reply_to"]) == (
        "maya@example.org", "Grüße an Sie", settings.DEFAULT_FROM_EMAIL, "me@x.org",
    )  # fmt: skip
    assert "Hello <b>maya</b>" in got["text"]
    assert "Hello &lt;b&gt;maya&lt;/b&gt;" in got["html"]
    assert got["private"] is None
    assert got["id"].endswith("@localhost>")


@pytest.mark.parametrize("mood", ["busy", "senseless"])
def test_a_provider_that_cannot_now_gets_it_later_and_once(provider, mood):
    provider.mood = mood
    with pytest.raises(MailDelayedError):
        mail.send(LETTER)
    assert provider.mails == []
    provider.mood = "fine"
    mail.send(LETTER)
    assert len(provider.mails) == 1


def test_a_slow_provider_holds_nobody_up_and_sends_no_other_mail(provider):
    provider.mood = "slow"
    began = time.monotonic()
    with pytest.raises(MailDelayedError):
        mail.send(LETTER)
    assert time.monotonic() - began < SLOW_S
    provider.mood = "fine"
    mail.send(LETTER)
    time.sleep(SLOW_S)
    # SES knows no key, so what it did with the first try counts, too.
    assert len(provider.mails) == (2 if isinstance(provider, SesStandin) else 1)
    assert len({got["id"] for got in provider.mails}) == 1


def test_a_provider_that_is_away_is_asked_again(provider, settings):
    url = settings.MAIL_URL
    settings.MAIL_URL = url.replace(str(provider.port), "1")
    with pytest.raises(MailDelayedError):
        mail.send(LETTER)
    settings.MAIL_URL = url
    mail.send(LETTER)
    assert len(provider.mails) == 1


def test_a_lost_answer_costs_no_second_mail_or_one_with_the_same_number(provider):
    provider.mood = "deaf"
    with pytest.raises(MailDelayedError):
        mail.send(LETTER)
    provider.mood = "fine"
    mail.send(LETTER)
    assert len(provider.mails) == (1 if isinstance(provider, ResendStandin) else 2)
    assert len({got["id"] for got in provider.mails}) == 1


def test_another_job_with_the_same_words_is_another_mail(provider):
    mail.send(LETTER)
    job_id.set(8)
    mail.send(LETTER)
    assert len({got["id"] for got in provider.mails}) == len(provider.mails) == 2


def test_what_is_refused_for_good_is_not_tried_again(provider, caplog):
    mail.send(mail.Mail(UNVERIFIED, "Welcome", "password_changed", {"name": "maya"}))
    assert provider.mails == []
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "mail refused"
    ]
    assert UNVERIFIED not in caplog.records[-1].message


def test_delays_do_not_use_up_the_three_an_hour(provider):
    provider.mood = "busy"
    for _ in range(5):
        with pytest.raises(MailDelayedError):
            mail.send(LETTER)
    provider.mood = "fine"
    mail.send(LETTER)
    assert len(provider.mails) == 1


def test_a_wrong_key_is_a_delay_that_names_the_reason(settings, monkeypatch):
    with ResendStandin() as standin:
        settings.MAIL_URL = standin.url.replace("re_key", "re_old")
        with pytest.raises(MailDelayedError, match="401"):
            mail.send(LETTER)
    with SesStandin() as standin:
        settings.MAIL_URL = standin.url
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        boto3.setup_default_session()
        with pytest.raises(MailDelayedError, match="SignatureDoesNotMatch"):
            mail.send(LETTER)
