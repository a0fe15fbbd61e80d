"""One conversation as its client knows it, kept in step with the server by revisions.

`rev` grows by one with each change, so a live change is applied when it is the very next one. When
one is missing, it has GAP_S to come; then what changed is read.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from messaging.management.chat.api import Api, ApiError

GAP_S: Final = 0.15
RETRY_S: Final = 1.0
PAGE: Final = 200

Message = dict[str, Any]


class Thread:
    """What is known of it; `shown(message, is_new)` is told of each message and each change.

    Each message is shown once, in the order of seq.
    """

    def __init__(self, id_: str, api: Api, shown: Callable[[Message, bool], None]) -> None:
        self.id, self._api, self._shown = id_, api, shown
        self.messages: dict[int, Message] = {}
        self.conversation: dict[str, Any] = {}
        #: How far each member has read, by person.
        self.read: dict[str, int] = {}
        self.rev = 0
        self._held: dict[int, Message] = {}
        self._gap: asyncio.TimerHandle | None = None
        self._reading: asyncio.Task[None] | None = None
        self._must_repeat = False
        #: For those who measure: live frames that were known already, and gaps that were read.
        self.repeated, self.gaps = 0, 0

    @property
    def last_seq(self) -> int:
        """The number of the newest message."""
        return max(self.messages, default=0)

    @property
    def active_at(self) -> datetime:
        """When something was last said, or when it was opened."""
        newest = self.messages.get(self.last_seq)
        return max(
            datetime.fromisoformat(at)
            for at in (
                self.conversation["last_activity_at"],
                *([newest["created_at"]] if newest else []),
            )
        )

    def receive(self, message: Message) -> None:
        """A change that came live; what is known is dropped, what comes too early is held."""
        if message["rev"] <= self.rev:
            self.repeated += 1
            return
        self._held[message["rev"]] = message
        self._drain()

    def mark(self, user_id: str, seq: int) -> None:
        """Somebody has read up to there; a mark never goes back."""
        self.read[user_id] = max(seq, self.read.get(user_id, 0))

    async def catch_up(self, rev: int | None = None) -> None:
        """Read all that changed, unless `rev` is known already. Raises ApiError.

        Calls at the same time share one reading, and one more for what came meanwhile.
        """
        if rev is not None and rev <= self.rev:
            return
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(self._was_read)
        else:
            self._must_repeat = True
        await asyncio.shield(self._reading)

    def close(self) -> None:
        """Forget what was planned."""
        if self._gap is not None:
            self._gap.cancel()
        if self._reading is not None:
            self._reading.cancel()

    async def load(self, limit: int) -> None:
        """Read the newest messages of a history that is too long to be read whole."""
        page = await self._api.get(f"conversations/{self.id}/messages", limit=limit)
        for message in page["results"]:
            self._apply(message)

    async def _read(self) -> None:
        found, rev, has_more = [], self.rev, True
        while has_more:
            self._must_repeat = False
            answer = await self._api.get(
                f"conversations/{self.id}/changes", after_rev=rev, limit=PAGE
            )
            found += answer["results"]
            rev = answer["rev"]
            has_more = answer["has_more"] or self._must_repeat
        # A message that was changed later comes later; on the screen it stands in its place.
        for message in sorted(found, key=lambda message: int(message["seq"])):
            self._apply(message)
        self.rev = max(self.rev, rev)
        self.keep(answer["conversation"])
        self._drain()

    def _was_read(self, reading: asyncio.Task[None]) -> None:
        self._reading = None
        if not reading.cancelled():
            reading.exception()  # Whoever waits has it; the next heartbeat tries again.

    def keep(self, conversation: dict[str, Any]) -> None:
        """The conversation as the server told it just now."""
        self.conversation = conversation
        for member in conversation["members"]:
            self.mark(member["user"]["id"], member["read_seq"])

    def _apply(self, message: Message) -> None:
        known = self.messages.get(message["seq"])
        if known is not None and known["rev"] >= message["rev"]:
            return
        self.messages[message["seq"]] = message
        if message["sender"] and known is None:
            self.mark(message["sender"]["id"], message["seq"])
        self._shown(message, known is None)

    def _drain(self) -> None:
        """Apply what was held, as far as it goes on without a gap."""
        for rev in sorted(self._held):
            if rev > self.rev + 1:
                break
            message = self._held.pop(rev)
            if rev > self.rev:
                self._apply(message)
                self.rev = rev
        if self._gap is not None:
            self._gap.cancel()
            self._gap = None
        if self._held:
            self._gap = asyncio.get_running_loop().call_later(GAP_S, self._fill)

    def _fill(self) -> None:
        self._gap = None
        self.gaps += 1
        task = asyncio.create_task(self._fill_gap())
        # The task is kept by what it waits for.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def _fill_gap(self) -> None:
        try:
            await self.catch_up()
        except ApiError as error:
            if error.is_transient and self._gap is None:
                loop = asyncio.get_running_loop()
                self._gap = loop.call_later(RETRY_S, self._fill)
