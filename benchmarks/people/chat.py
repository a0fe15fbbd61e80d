"""One conversation as one of its members sees it, held against the promises of API.md."""

import asyncio
import time
import uuid
from typing import Any, Final, NamedTuple

from benchmarks.people.api import Api, RequestFailedError
from benchmarks.people.gateway import CommandRefusedError, Gateway, SocketLostError
from benchmarks.people.tally import Sent, Tally

# What arrives out of order is waited for so long; then the client asks.
PATIENCE_S: Final = 0.15
# How long a message is tried before the crowd counts it as failed.
SEND_S: Final = 60.0
MESSAGES_AT_ONCE: Final = 200


class Seen(NamedTuple):
    """A message, as far as promises go."""

    id: str
    client_id: str | None
    rev: int


class Chat:
    """The messages after `first` in one conversation, in the order of seq."""

    def __init__(self, owner: str, api: Api, tally: Tally, state: dict[str, Any]) -> None:
        self.id: str = state["id"]
        self._owner, self._api, self._tally = owner, api, tally
        self.first = self.top = int(state["last_seq"])
        self._rev = int(state["rev"])
        self.rows: dict[int, Seen] = {}
        self._pushed: set[str] = set()
        self._catching_up: asyncio.Task[None] | None = None
        self._last_own_seq = 0

    async def say(self, gateway: Gateway, body: str) -> None:
        """Send until it is acknowledged, the same `client_id` each time; a failure is counted."""
        client_id = str(uuid.uuid4())
        sent = self._tally.sends(client_id, self.id)
        message = {"conversation_id": self.id, "client_id": client_id, "body": body}
        reason = "no socket"
        while time.monotonic() - sent.at < SEND_S:
            try:
                await gateway.ready(SEND_S)
                ack = await gateway.call("message.send", **message)
            except (SocketLostError, TimeoutError):
                self._tally.resent += 1
                continue
            except CommandRefusedError as error:
                reason = error.code
                if error.retry_after is None:
                    break
                await asyncio.sleep(error.retry_after)
                continue
            self._acknowledged(sent, ack["message"])
            return
        self._tally.failed("message.send", reason, sent.at)

    def take(self, message: dict[str, Any]) -> None:
        """A live `message.created`."""
        client_id, seq = message["client_id"], message["seq"]
        if message["id"] in self._pushed:
            # The bus repeats what it cannot know to have arrived; clients drop it by its seq.
            self._tally.repushed += 1
        self._pushed.add(message["id"])
        if client_id and message["sender"]["username"] != self._owner:
            self._tally.received(client_id)
        self._keep(message)
        if seq > self.top and self._catching_up is None:
            self._catching_up = asyncio.create_task(self._wait_for_hole())

    async def catch_up(self, changed: dict[str, Any] | None = None) -> int:
        """Read what is missing; how many messages that brought. Raises RequestFailedError."""
        if changed and changed["rev"] <= self._rev:
            return 0
        found, has_more = 0, True
        while has_more:
            answer = await self._api.get(
                "conversations/{}/changes", self.id, after_rev=self._rev, limit=MESSAGES_AT_ONCE
            )
            found += sum([self._keep(message) for message in answer["results"]])
            self._rev = max(self._rev, answer["rev"])
            has_more = answer["has_more"]
        return found

    async def compare_with_history(self) -> None:
        """Hold what came against what the database has. Raises RequestFailedError."""
        seq, is_more = self.first, True
        stored: dict[int, str] = {}
        while is_more:
            page = await self._api.get(
                "conversations/{}/messages", self.id, after_seq=seq, limit=MESSAGES_AT_ONCE
            )
            stored |= {message["seq"]: message["id"] for message in page["results"]}
            seq, is_more = max(stored, default=seq), page["next"] is not None
        if list(stored) != list(range(self.first + 1, self.first + 1 + len(stored))):
            self._broken(f"the history has holes: {sorted(stored)}")
        if stored != {seq: row.id for seq, row in sorted(self.rows.items())}:
            self._broken(f"{len(self.rows)} messages came, the history has {len(stored)}")

    def check_acknowledged(self, sent: Sent) -> None:
        """An acknowledged message stands once, under the number that the sender was told."""
        places = [seq for seq, row in self.rows.items() if row.client_id == sent.client_id]
        if places != [sent.seq]:
            self._broken(f"{sent.client_id} was acknowledged as {sent.seq}, came as {places}")

    def _keep(self, message: dict[str, Any]) -> bool:
        """Whether it is new."""
        seq, seen = message["seq"], Seen(message["id"], message["client_id"], message["rev"])
        if seq <= self.first:
            return False
        known = self.rows.setdefault(seq, seen)
        if known.id != seen.id:
            self._broken(f"seq {seq} is message {known.id} and message {seen.id}")
        while self.top + 1 in self.rows:
            self.top += 1
            self._rev = max(self._rev, self.rows[self.top].rev)
        return known is seen

    def _acknowledged(self, sent: Sent, message: dict[str, Any]) -> None:
        sent.seq = message["seq"]
        if message["seq"] <= self._last_own_seq:
            self._broken(f"seq {message['seq']} was given after {self._last_own_seq}")
        self._last_own_seq = message["seq"]

    async def _wait_for_hole(self) -> None:
        try:
            await asyncio.sleep(PATIENCE_S)
            if max(self.rows) > self.top:
                self._tally.caught_up += await self.catch_up()
        except RequestFailedError:
            pass  # Counted already; the next message or the end of the run asks again.
        finally:
            self._catching_up = None

    def _broken(self, what: str) -> None:
        self._tally.break_promise(f"{self._owner}, conversation {self.id}: {what}")
