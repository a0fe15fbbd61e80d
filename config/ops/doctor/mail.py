"""Mail: the way is understood and opens; one is sent only when an address is given."""

import secrets
import smtplib
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from config.ops.doctor.findings import Finding, fault, ok, warning
from core.mail.letters import KEY_HEADER, connection_for

_TEXT: Final = "This is a test by `manage.py doctor`. Mail of this site arrives."
_SEND: Final = "Only a mail shows whether they arrive: manage.py doctor --mail-to you@example.org"


def examine_mail() -> Iterator[Finding]:
    """For SMTP: connect, greet, encrypt and log in, as for a mail; no other way can be tried so."""
    way = connection_for(settings.MAIL_URL)
    scheme = urlsplit(settings.MAIL_URL).scheme
    if isinstance(way, EmailBackend):
        yield _opened(way)
    elif scheme == "console":
        yield warning("mail", "console:// keeps mails on disk; none leaves", "Set MAIL_URL.")
    else:
        yield warning("mail", f"{scheme}:// is understood, but was not asked", _SEND)


def examine_mail_to(address: str) -> Iterator[Finding]:
    """Send one mail."""
    message = EmailMultiAlternatives(
        f"A test of {settings.INSTANCE_NAME}",
        f"{_TEXT}\n\n{settings.SITE_URL}\n",
        settings.DEFAULT_FROM_EMAIL,
        [address],
        headers={KEY_HEADER: secrets.token_hex(20)},
    )
    message.attach_alternative(f"<p>{_TEXT}</p><p>{settings.SITE_URL}</p>", "text/html")
    try:
        connection_for(settings.MAIL_URL).send_messages([message])
    except Exception as error:  # noqa: BLE001 - each provider has errors of its own
        yield fault("mail", f"was not taken: {error}", _mend(error))
    else:
        yield ok("mail", f"a mail to {address} was taken; look whether it arrives")


def _opened(way: EmailBackend) -> Finding:
    server = f"{way.host}:{way.port}"
    try:
        way.open()
        who = f"takes {way.username}" if way.username else "asks for no password"
        if way.use_tls or way.use_ssl:
            return ok("mail", f"{server} answers encrypted and {who}")
        return warning("mail", f"{server} answers unencrypted and {who}", "Leave out ?tls=off.")
    except (OSError, smtplib.SMTPException) as error:
        return fault("mail", f"{server}: {_said(error)}", _mend(error))
    finally:
        way.close()


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        return f"{error.smtp_code} {text}"
    return str(error) or type(error).__name__


def _mend(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "Name or password in MAIL_URL are wrong (special characters as %40 and the like)."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "It offers no encryption: take smtps://, another port, or smtp://...?tls=off."
    if isinstance(error, OSError):
        return "Is it up, and may this machine reach that port? Clouds close 25; 587 is open."
    return "Look at what the provider says about this answer; MAIL_FROM has to be yours there."
