"""`manage.py seed_demo`: a dozen invented people with real pictures."""

import time
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from config.demo.content import LOGINS, PASSWORD, load_demo
from config.demo.seeding import DemoState, demo_state, seed
from core.errors import ConflictError


class Command(BaseCommand):
    """Makes the demo once; the second call changes nothing, one after a crash completes it."""

    help = "Make invented people with pictures, comments and conversations."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Their notifications follow as soon as a worker runs."""
        if settings.KIND == "production":
            raise CommandError("The demo people have passwords that everybody knows.")
        demo = load_demo()
        if demo_state(demo) is DemoState.COMPLETE:
            self._say("The demo people are there already.")
        else:
            started = time.monotonic()
            try:
                seed(demo, self._say)
            except ConflictError as error:
                raise CommandError(f"A demo person cannot be made: {error}") from error
            self._say(f"Done in {time.monotonic() - started:.0f} s.")
        for username in LOGINS:
            self._say(f"Log in as {username} with the password {PASSWORD}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
