"""`manage.py media`: move all files to another store, compare, clean up, make variants anew."""

import sys
import time
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from core.errors import UnavailableError
from media_storage.backends.storage import storage_at
from media_storage.services.stock import (
    stock_count,
    stock_move,
    stock_regenerate,
    stock_verify,
)
from media_storage.services.upkeep import media_files_sweep

#: Progress is told at most so often, in seconds.
EVERY_S = 2.0


class Command(BaseCommand):
    """Each may be ended with Ctrl-C and run again: it goes on with what is still to do."""

    help = "Move, compare and mend the files of pictures and videos."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word says what to do."""
        acts = parser.add_subparsers(dest="act", required=True)
        move = acts.add_parser("move", help="Copy all files to another store.")
        move.add_argument("--to", required=True, help="its URL, as MEDIA_BACKEND_URL has it")
        move.add_argument("--from", dest="source", help="default: MEDIA_BACKEND_URL")
        acts.add_parser("verify", help="Compare rows and store; ends with 1 if they differ.")
        acts.add_parser("gc", help="Remove files of the last day and older that no row names.")
        again = acts.add_parser("regenerate", help="Make variants anew where some are missing.")
        again.add_argument("--all", action="store_true", help="of every picture")
        again.add_argument("--media", type=int, help="of this picture alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Carry it out; 130 after Ctrl-C."""
        try:
            getattr(self, f"_{options['act']}")(options)
        except KeyboardInterrupt:
            self.stderr.write("Ended. Run it again to go on.")
            sys.exit(130)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        except UnavailableError as error:
            raise CommandError(f"{error.detail} Run it again to go on.") from error

    def _move(self, options: dict[str, Any]) -> None:
        source = options["source"] or settings.MEDIA_BACKEND_URL
        if storage_at(source) is storage_at(options["to"]):
            raise CommandError("Both are the same store.")
        progress = _Progress(self, stock_count())
        files = size = 0
        for moved in stock_move(source_url=source, target_url=options["to"]):
            files, size = files + moved.files, size + moved.bytes
            progress.step(f"{files} files copied, {size / 1e6:.1f} MB")
        progress.end(f"{files} files copied, {size / 1e6:.1f} MB")
        if not options["source"]:
            self.stdout.write(
                "Now set MEDIA_BACKEND_URL to the new store and restart everything; then run this"
                " once more with --from and the old URL, for what came in meanwhile."
            )

    def _verify(self, options: dict[str, Any]) -> None:
        progress = _Progress(self, stock_count())
        kinds: Counter[str] = Counter()
        for media_id, found in stock_verify():
            for one in found:
                kinds[one.kind] += 1
                of = f"media {one.media_id}" if one.media_id else "no row"
                self.stdout.write(f"{one.kind}: {one.key}/{one.name} ({of})")
            if media_id:
                progress.step(_told(kinds))
        progress.end(_told(kinds))
        if kinds:
            raise CommandError("Rows and store differ.")

    def _gc(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{media_files_sweep()} keys removed that no row names.")

    def _regenerate(self, options: dict[str, Any]) -> None:
        progress = _Progress(self, stock_count())
        ends: Counter[str] = Counter()
        for _, end in stock_regenerate(is_all=options["all"], media_id=options["media"]):
            ends[end] += 1
            progress.step(_told(ends))
        progress.end(_told(ends))


class _Progress:
    """A line now and then: how far, how much, how long it will take."""

    def __init__(self, command: BaseCommand, total: int) -> None:
        self.command, self.total, self.done = command, total, 0
        self.began = self.told = time.monotonic()

    def step(self, what: str) -> None:
        """One row more."""
        self.done += 1
        now = time.monotonic()
        if now - self.told >= EVERY_S:
            self.told = now
            left = (now - self.began) / self.done * max(0, self.total - self.done)
            self.command.stdout.write(f"{self.done} of {self.total}: {what}, {left:.0f} s left")

    def end(self, what: str) -> None:
        """The last line."""
        self.command.stdout.write(f"{self.done} of {self.total}: {what}.")


def _told(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "no difference"
