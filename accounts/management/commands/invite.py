"""`manage.py invite create`: a code that opens registration where it is not open to all."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.services import invite_create


class Command(BaseCommand):
    """Prints the link; the code is kept nowhere."""

    help = "create an invite"

    def add_arguments(self, parser: CommandParser) -> None:
        """How often and how long it is good."""
        parser.add_argument("act", choices=["create"])
        parser.add_argument("--uses", type=int, default=1, help="accounts that it opens (1)")
        parser.add_argument("--days", type=int, help="days that it is good (without end)")
        parser.add_argument("--note", default="", help="what it is for, for the admin's list")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line: the link."""
        code = invite_create(uses=options["uses"], days=options["days"], note=options["note"])
        self.stdout.write(f"{settings.SITE_URL}/signup?invite={quote(code)}")
