"""Mail: kept on disk on a laptop, in two parts, and without a way to smuggle headers in."""

import socketserver
import threading
from email import message_from_bytes

import pytest

from core import mail
from core.errors import BadInputError
from core.mail.errors import MailDelayedError

LETTER = mail.Mail("a@example.org", "Welcome", "password_changed", {"name": "<b>maya</b>"})


def test_console_keeps_the_whole_mail_in_two_parts(settings, tmp_path):
    settings.MAIL_ARCHIVE = tmp_path / "mail"
    mail.send(LETTER)
    (path,) = settings.MAIL_ARCHIVE.iterdir()
    kept = message_from_bytes(path.read_bytes())
    assert (kept["To"], kept["Subject"], kept["From"]) == (
        "a@example.org",
        "Welcome",
        "Jyoti <jyoti@localhost>",
    )
    text, page = (part.get_payload(decode=True).decode() for part in kept.get_payload())
    assert "Hello <b>maya</b>" in text
    assert "Hello &lt;b&gt;maya&lt;/b&gt;" in page
    assert settings.SITE_URL in text


@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_line_break_in_a_header_is_refused(field, settings, tmp_path):
    settings.MAIL_ARCHIVE = tmp_path
    values = {"to": "a@example.org", "subject": "Hi", field: "x\r\nBcc: all@example.org"}
    with pytest.raises(BadInputError):
        mail.send(mail.Mail(**values, template="password_changed", context={"name": "m"}))
    assert list(tmp_path.iterdir()) == []


def test_an_smtp_server_that_refuses_raises_so_that_the_job_tries_again(settings):
    class Refuse(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.sendall(b"554 no\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Refuse) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        settings.MAIL_URL = f"smtp://127.0.0.1:{server.server_address[1]}"
        with pytest.raises(MailDelayedError, match="554"):
            mail.send(LETTER)


def test_an_address_gets_three_an_hour_whoever_caused_them(settings, tmp_path):
    settings.RATE_LIMIT_SCALE = 1.0
    settings.MAIL_ARCHIVE = tmp_path
    for to in ("a@example.org", "A@example.org", "a@EXAMPLE.org", "a@example.org"):
        mail.send(mail.Mail(to, "Welcome", "password_changed", {"name": "m"}))
    assert len(list(tmp_path.iterdir())) == 3
    mail.send(mail.Mail("b@example.org", "Welcome", "password_changed", {"name": "m"}))
    assert len(list(tmp_path.iterdir())) == 4


def test_a_mail_that_did_not_leave_does_not_count(settings, tmp_path):
    settings.RATE_LIMIT_SCALE = 1.0
    settings.MAIL_URL = "smtp://127.0.0.1:1"
    for _ in range(4):
        with pytest.raises(MailDelayedError, match="refused"):
            mail.send(LETTER)
    settings.MAIL_URL = "console://"
    settings.MAIL_ARCHIVE = tmp_path
    mail.send(LETTER)
    assert len(list(tmp_path.iterdir())) == 1
