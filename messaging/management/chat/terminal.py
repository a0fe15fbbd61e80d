"""The client in a terminal: readable lines for people, JSON lines for machines."""

import asyncio
import json
import sys
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Final, TextIO

from messaging.management.chat.api import Api, ApiError
from messaging.management.chat.client import ChatClient
from messaging.management.chat.link import LinkLostError, RefusedError

HISTORY: Final = 20
HELP: Final = """Type a message and press Enter. Commands:
  /list            your conversations, with what is unread
  /open NAME       talk to somebody; or /open 2, the second of the list
  /history         the last messages again
  /quit            leave"""


class Terminal:
    """Reads commands from a stream and writes what happens, until the input ends or /quit."""

    def __init__(self, api: Api, me: dict[str, Any], out: TextIO, *, is_json: bool) -> None:
        self.client = ChatClient(api, me, event=self.tell)
        self._out, self._is_json = out, is_json
        self._open: str | None = None
        self._listed: list[str] = []

    async def run(self, lines: asyncio.StreamReader) -> None:
        """Obey line by line; a mistake is told and changes nothing."""
        while line := (await lines.readline()).decode(errors="replace"):
            try:
                if not await (self._obey_json if self._is_json else self._obey)(line.strip()):
                    return
            except (ApiError, RefusedError, LinkLostError, LookupError, ValueError) as error:
                code = getattr(
                    error, "code", "unknown" if isinstance(error, LookupError) else "bad"
                )
                self.tell("error", {"code": str(code), "message": str(error)})

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Write one event."""
        if self._is_json:
            self._write(json.dumps({"event": event, **data}))
        elif text := self._text(event, data):
            self._write(text)

    async def _obey(self, line: str) -> bool:
        word, _, rest = line.partition(" ")
        rest = rest.strip().removeprefix("@")
        if word == "/quit":
            return False
        if word == "/list":
            self._list()
        elif word == "/open":
            await self._choose(rest)
        elif word == "/history":
            await self._history()
        elif word.startswith("/"):
            self._write(HELP)
        elif line:
            if self._open is None:
                raise LookupError("Nobody is open. /open NAME")
            await self.client.send(self._open, line)
        return True

    async def _obey_json(self, line: str) -> bool:
        order = json.loads(line) if line else {"do": ""}
        match order:
            case {"do": "quit"}:
                return False
            case {"do": "list"}:
                for thread in self.client.listed():
                    unread = self.client.unread(thread.id)
                    self.tell(
                        "conversation", {"conversation": thread.conversation, "unread": unread}
                    )
            case {"do": "open", "username": str(name)}:
                thread = await self.client.open(name)
                self.tell("opened", {"conversation_id": thread.id})
            case {"do": "send", "conversation_id": str(id_), "body": str(body)}:
                message = await self.client.send(id_, body)
                self.tell("sent", {"message": message})
            case {"do": "read", "conversation_id": str(id_), "seq": int(seq)}:
                await self.client.mark_read(id_, seq)
            case {"do": ""}:
                pass
            case _:
                raise ValueError("do is list, open, send, read or quit")
        return True

    def _list(self) -> None:
        threads = self.client.listed()
        self._listed = [thread.id for thread in threads]
        if not threads:
            self._write("No conversations yet. /open NAME begins one.")
        for place, thread in enumerate(threads, 1):
            unread = self.client.unread(thread.id)
            mark = f" ({unread} unread)" if unread else ""
            self._write(f"{place:>3}  {self._title(thread.id)}{mark}")

    async def _choose(self, what: str) -> None:
        if what.isdigit() and 0 < int(what) <= len(self._listed):
            self._open = self._listed[int(what) - 1]
        else:
            self._open = (await self.client.open(what)).id
        await self._history()

    async def _history(self) -> None:
        if self._open is None:
            raise LookupError("Nobody is open. /open NAME")
        thread = self.client.threads[self._open]
        page = await self.client.api.get(f"conversations/{self._open}/messages", limit=HISTORY)
        self._write(f"-- {self._title(self._open)} --")
        for message in page["results"]:
            self._write(self._message(message))
        if page["results"]:
            await self.client.mark_read(thread.id, page["results"][-1]["seq"])

    def _text(self, event: str, data: dict[str, Any]) -> str:
        match event:
            case "message":
                message = data["message"]
                is_open = message["conversation_id"] == self._open
                where = "" if is_open else f"({self._title(message['conversation_id'])}) "
                return where + self._message(message)
            case "state":
                said = {"lost": "-- connection lost --", "live": "-- connected --"}
                return said.get(data["state"], "")
            case "typing" if data["conversation_id"] == self._open and data["typing"]:
                return "   ..."
            case "error":
                return f"!! {data['message'] or data['code']}"
        return ""

    def _message(self, message: dict[str, Any]) -> str:
        at = datetime.fromisoformat(message["created_at"]).astimezone().strftime("%H:%M")
        who = message["sender"]["username"] if message["sender"] else "?"
        body = message["body"] or f"[{message['kind']}]"
        return f"[{at}] {who}: {body}"

    def _title(self, conversation_id: str) -> str:
        thread = self.client.threads.get(conversation_id)
        return str(thread.conversation.get("title") or "?") if thread else "?"

    def _write(self, text: str) -> None:
        self._out.write(f"{text if self._is_json else printable(text)}\n")
        self._out.flush()


def printable(text: str) -> str:
    """The text without what would steer a terminal: others wrote it."""
    return "".join(
        char if char == "\n" or unicodedata.category(char) not in ("Cc", "Cf", "Cs") else "�"
        for char in text
    )


async def standard_input() -> asyncio.StreamReader:
    """Lines of a person or of a pipe, without a thread."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader


async def ask(question: Callable[[], str]) -> str:
    """Ask on the terminal; the loop goes on meanwhile."""
    answer: Awaitable[str] = asyncio.to_thread(question)
    return await answer
