"""Mail: deferred with the transaction that caused it, sent by a job; a copy on disk locally."""

import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from core.errors import BadInputError


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one address; `template` names `templates/mail/<template>.{txt,html}`."""

    to: str
    subject: str
    template: str
    context: dict[str, str]


def send(mail: Mail) -> None:
    """Send now (only a `mail` job calls this). Raises OSError or SMTPException to be tried again."""
    if any(char in mail.to + mail.subject for char in "\r\n"):
        raise BadInputError("A mail header holds a line break.", code="bad_text")
    context = {**mail.context, "site_url": settings.SITE_URL, "instance": settings.INSTANCE_NAME}
    message = EmailMultiAlternatives(
        mail.subject,
        render_to_string(f"mail/{mail.template}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        connection=_connection(),
    )
    message.attach_alternative(render_to_string(f"mail/{mail.template}.html", context), "text/html")
    archive: Path | None = settings.MAIL_ARCHIVE
    if archive:
        _archive(message, archive)
    message.send()


def _archive(message: EmailMultiAlternatives, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{uuid.uuid4().hex}.eml").write_bytes(message.message().as_bytes())


def _connection() -> BaseEmailBackend:
    parts = urlsplit(settings.MAIL_URL)
    if parts.scheme in ("smtp", "smtps"):
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
    return get_connection("django.core.mail.backends.console.EmailBackend")
