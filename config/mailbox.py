"""Every mail that this laptop would have sent, to look at: http://127.0.0.1:8081/mailbox.

In local settings only; anywhere else the route does not exist.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

MOST = 200
# The mail is data: no script in it runs, and nothing is fetched for it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Kept:
    """One mail in the folder."""

    name: str
    at: datetime
    mail: EmailMessage

    @property
    def text(self) -> str:
        """The part for readers of plain text."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The part for everybody else."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.mail.get_body([kind])
        return str(part.get_content()) if part else ""


def mailbox_urls() -> list[URLPattern]:
    """The routes, or none outside a laptop."""
    if settings.KIND != "local":
        return []
    return [path("mailbox", mails), path("mailbox/<slug:name>", one_mail)]


def mails(request: HttpRequest) -> HttpResponse:
    """The newest MOST mails, newest first."""
    files = sorted(settings.MAIL_ARCHIVE.glob("*.eml"), key=lambda file: -file.stat().st_mtime)
    return _page(request, {"mails": [_read(file) for file in files[:MOST]]})


def one_mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as both kinds of readers see it."""
    file = settings.MAIL_ARCHIVE / f"{name}.eml"
    if not file.is_file():
        raise Http404
    return _page(request, {"kept": _read(file)})


def _page(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    response = render(request, "mailbox.html", context)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _read(file: Path) -> Kept:
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    return Kept(file.stem, datetime.fromtimestamp(file.stat().st_mtime, UTC), mail)
