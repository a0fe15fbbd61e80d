"""The laptop's mailbox: every mail in both forms, without letting it run anything."""

import pytest
from django.test import RequestFactory

from config import mailbox
from core import mail


@pytest.fixture
def archive(settings, tmp_path):
    settings.MAIL_ARCHIVE = tmp_path
    settings.MAIL_URL = "console://"
    mail.send(mail.Mail("a@example.org", "First", "password_changed", {"name": "<script>x"}))
    return tmp_path


@pytest.mark.django_db
def test_every_mail_is_listed_and_shown_in_both_forms(archive):
    listed = mailbox.mails(RequestFactory().get("/mailbox")).content.decode()
    (file,) = archive.iterdir()
    assert f'href="/mailbox/{file.stem}"' in listed
    shown = mailbox.one_mail(RequestFactory().get("/"), name=file.stem)
    page = shown.content.decode()
    assert "Hello &lt;script&gt;x" in page
    assert "<script>" not in page
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]


def test_it_exists_on_a_laptop_only(settings):
    assert mailbox.mailbox_urls() == []
    settings.KIND = "local"
    assert len(mailbox.mailbox_urls()) == 2
    settings.KIND = "production"
    assert mailbox.mailbox_urls() == []
