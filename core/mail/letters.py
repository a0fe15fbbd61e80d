"""One letter to one address: rendered in two parts, limited per recipient, handed to a backend."""

import hashlib
import logging
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from core.errors import BadInputError
from core.events import job_id
from core.limits import HOUR, Limit, take
from core.mail.errors import MailRefusedError

log = logging.getLogger(__name__)
PER_RECIPIENT: Final = Limit("mail", 3, HOUR)
#: The header that carries a letter's own number to the backends; it does not leave.
KEY_HEADER: Final = "X-Jyoti-Key"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one address; `template` names `templates/mail/<template>.{txt,html}`."""

    to: str
    subject: str
    template: str
    context: dict[str, str]
    #: Answers go here instead of to MAIL_FROM.
    reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def send(mail: Mail) -> None:
    """Send now (only a `mail` job calls this). What a backend raises is tried again by the job.

    An address gets at most three an hour, whoever caused them; what is more is not sent, and
    neither is what the provider refuses for good.
    """
    if any(char in mail.to + mail.subject + mail.reply_to for char in "\r\n"):
        raise BadInputError("A mail header holds a line break.", code="bad_text")
    if not take(PER_RECIPIENT, mail.to.lower()).allowed:
        log.warning("mail withheld", extra={"template": mail.template})
        return
    try:
        connection_for(settings.MAIL_URL).send_messages([_message(mail)])
    except MailRefusedError as error:
        log.error("mail refused", extra={"template": mail.template, "reason": str(error)})  # noqa: TRY400
    except Exception:
        # The job tries again: a mail that did not leave does not count.
        take(PER_RECIPIENT, mail.to.lower(), cost=-1)
        raise


def connection_for(url: str) -> BaseEmailBackend:
    """The backend of a MAIL_URL; `?endpoint=` names another address of the provider's API."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    endpoint = options.get("endpoint", "")
    match parts.scheme:
        case "console":
            return get_connection("core.mail.backends.archive.ArchiveBackend")
        case "resend":
            key = unquote(parts.netloc)
            return get_connection(
                "core.mail.backends.resend.ResendBackend", key=key, endpoint=endpoint
            )
        case "ses":
            return get_connection(
                "core.mail.backends.ses.SesBackend", region=parts.hostname, endpoint=endpoint
            )
    return get_connection(
        "core.mail.backends.smtp.SmtpBackend",
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=parts.scheme == "smtp" and options.get("tls") != "off",
        timeout=settings.EMAIL_TIMEOUT,
    )


def _message(mail: Mail) -> EmailMultiAlternatives:
    context = {**mail.context, "site_url": settings.SITE_URL, "instance": settings.INSTANCE_NAME}
    key = _key(mail)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    message = EmailMultiAlternatives(
        mail.subject,
        render_to_string(f"mail/{mail.template}.txt", context),
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        # The same at every try, so that a copy after a lost answer is known as one.
        headers={"Message-ID": f"<{key}@{domain}>", KEY_HEADER: key, **mail.headers},
    )
    message.attach_alternative(render_to_string(f"mail/{mail.template}.html", context), "text/html")
    return message


def _key(mail: Mail) -> str:
    """The same for every try of one job, another for every other job."""
    words = (str(job_id.get()), mail.template, mail.to, *sorted(mail.context.values()))
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:40]
