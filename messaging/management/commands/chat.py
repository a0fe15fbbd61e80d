"""`manage.py chat --as NAME`: the reference client of the protocol, in a terminal or for a program."""

import asyncio
import contextlib
import getpass
import os
from pathlib import Path
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from messaging.management.chat import Api, ApiError
from messaging.management.chat.link import EndedError
from messaging.management.chat.terminal import HELP, Terminal, ask, standard_input


class Command(BaseCommand):
    """Signs in like any other program: it reads no database and nobody else's messages."""

    help = (
        "Chat as one person: log in, list, send, receive; comes back and catches up after every "
        "loss. The password is asked for, or read from --password-file or JYOTI_CHAT_PASSWORD. "
        "With --json each event is one line of JSON, and each line of the input a command: "
        '{"do":"open","username":..} {"do":"send","conversation_id":..,"body":..} '
        '{"do":"read","conversation_id":..,"seq":..} {"do":"list"} {"do":"quit"}.'
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Only the name is needed."""
        parser.add_argument("--as", dest="name", required=True, metavar="NAME", help="who you are")
        parser.add_argument("--url", default=settings.SITE_URL, help="the server (%(default)s)")
        parser.add_argument("--password-file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="lines of JSON, in and out")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until the input ends."""
        password = _password(options["name"], options["password_file"])
        out = cast("TextIO", self.stdout)
        chat = _chat(Api(options["url"]), options["name"], password, out, is_json=options["json"])
        try:
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(chat)
        except (ApiError, EndedError) as error:
            raise CommandError(str(error)) from error


async def _chat(api: Api, name: str, password: str, out: TextIO, *, is_json: bool) -> None:
    me = await api.log_in(name, password, code=lambda: ask(lambda: input("Code: ")))
    terminal = Terminal(api, me, out, is_json=is_json)
    try:
        await terminal.client.load()
        if not is_json:
            out.write(f"{HELP}\n")
        await _until_first(terminal.client.run(), terminal.run(await standard_input()))
    finally:
        with contextlib.suppress(ApiError):
            await api.log_out()
        api.close()


async def _until_first(*works: Any) -> None:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _password(name: str, file: Path | None) -> str:
    if file is not None:
        return file.read_text().strip()
    return os.environ.get("JYOTI_CHAT_PASSWORD") or getpass.getpass(f"Password of {name}: ")
