"""`manage.py recount_posts`: set the counters of likes, saves and posts right."""

from typing import Any

from django.core.management.base import BaseCommand

from posts.services import posts_recount


class Command(BaseCommand):
    """Says how many counters were off."""

    help = "Count likes, saves and posts anew and mend the counters that are off."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it."""
        for name, changed in posts_recount().items():
            self.stdout.write(f"{name}: {changed} mended")
