"""`manage.py counters recount`: set every counter to what its rows say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services import follows_recount
from comments.services import comments_recount
from posts.services import posts_recount


class Command(BaseCommand):
    """Safe beside a running server: what happens meanwhile neither waits nor is lost."""

    help = "recount likes, saves, comments, replies, posts and follows"

    def add_arguments(self, parser: CommandParser) -> None:
        """The one act there is."""
        parser.add_argument("act", choices=["recount"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line for each counter: how many rows were off."""
        for recount in (posts_recount, comments_recount, follows_recount):
            for name, mended in recount().items():
                self.stdout.write(f"{name}: {mended} mended")
