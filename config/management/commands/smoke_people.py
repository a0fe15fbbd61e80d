"""`manage.py smoke_people`: the two accounts that `manage.py smoke` signs in with."""

import json
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand, CommandParser

from config.ops.smoke_people import NAMES, people_renew
from core.errors import ApplicationError


class Command(BaseCommand):
    """Makes or renews them; the printed line is the only place where the passwords stand."""

    help = "Make or renew the two accounts of `smoke` and print them as JSON, for a secret."

    def add_arguments(self, parser: CommandParser) -> None:
        """Other names, where people have these."""
        parser.add_argument("--names", nargs=2, default=NAMES, metavar=("ONE", "TWO"))

    def handle(self, *_args: Any, **options: Any) -> None:
        """One line; the second call ends what the first one gave."""
        one, two = options["names"]
        try:
            people = people_renew((one, two))
        except ApplicationError as error:
            raise CommandError(f"{error.detail} Choose other ones with --names.") from error
        self.stdout.write(json.dumps(people))
