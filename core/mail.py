"""Mail: deferred with the transaction that caused it, sent by a job; a copy on disk locally."""

import logging
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from core.errors import BadInputError
from core.limits import HOUR, Limit, take

log = logging.getLogger(__name__)
PER_RECIPIENT: Final = Limit("mail", 3, HOUR)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one address; `template` names `templates/mail/<template>.{txt,html}`."""

    to: str
    subject: str
    template: str
    context: dict[str, str]


def send(mail: Mail) -> None:
    """Send now (only a `mail` job calls this). Raises OSError or SMTPException to be tried again.

    An address gets at most three an hour, whoever caused them; what is more is not sent.
    """
    if any(char in mail.to + mail.subject for char in "\r\n"):
        raise BadInputError("A mail header holds a line break.", code="bad_text")
    if not take(PER_RECIPIENT, mail.to.lower()).allowed:
        log.warning("mail withheld", extra={"template": mail.template})
        return
    try:
        _deliver(_message(mail))
    except Exception:
        # The job tries again: a mail that did not leave does not count.
        take(PER_RECIPIENT, mail.to.lower(), cost=-1)
        raise


def _message(mail: Mail) -> EmailMultiAlternatives:
    context = {**mail.context, "site_url": settings.SITE_URL, "instance": settings.INSTANCE_NAME}
    message = EmailMultiAlternatives(
        mail.subject,
        render_to_string(f"mail/{mail.template}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
    )
    message.attach_alternative(render_to_string(f"mail/{mail.template}.html", context), "text/html")
    return message


def _deliver(message: EmailMultiAlternatives) -> None:
    parts = urlsplit(settings.MAIL_URL)
    if parts.scheme == "console":
        _keep(message, settings.MAIL_ARCHIVE)
    else:
        message.connection = _connection(parts)
        message.send()


def _keep(message: EmailMultiAlternatives, folder: Path) -> None:
    """Nothing leaves a laptop: the whole mail is kept, and a line says where."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4().hex}.eml"
    path.write_bytes(message.message().as_bytes())
    log.info("mail kept: %s", path, extra={"subject": message.subject})


def _connection(parts: SplitResult) -> BaseEmailBackend:
    """The SMTP server of smtp:// (STARTTLS) or smtps://."""
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp",
        timeout=settings.EMAIL_TIMEOUT,
    )
