"""One person's chat: conversations, an outbox, read marks; told to its owner as events."""

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Coroutine
from typing import Any, Final

from messaging.management.chat.api import Api, ApiError
from messaging.management.chat.link import Link, LinkLostError, RefusedError
from messaging.management.chat.thread import Message, Thread

FIRST_PAUSE_S: Final = 0.3
LONGEST_PAUSE_S: Final = 10.0
#: A conversation that is met with more messages is shown from its end.
READ_WHOLE: Final = 200
READ_AT_ONCE: Final = 4

#: `event(name, data)`: state, message, changed, typing, presence, read, removed.
Event = Callable[[str, dict[str, Any]], None]


class ChatClient:
    """Runs until it is cancelled. What it shows equals what the server has, a moment later."""

    def __init__(
        self, api: Api, me: dict[str, Any], *, event: Event = lambda *_: None, jitter: float = 1.0
    ) -> None:
        self.api, self.me, self._event = api, me, event
        self.threads: dict[str, Thread] = {}
        self.badges: dict[str, int] = {}
        self.version: int | None = None
        self.link = Link(
            api,
            greet=self._greet,
            pushed=self._pushed,
            heard=self._heard,
            changed=lambda state: event("state", {"state": state}),
            jitter=jitter,
        )
        self._sending: dict[str, asyncio.Lock] = {}
        self._reading = asyncio.Semaphore(READ_AT_ONCE)
        self._refreshing: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        #: For those who measure: messages that were sent more than once.
        self.resent = 0

    async def run(self) -> None:
        """Stay connected; raises EndedError when the server will not have this person back."""
        try:
            await self.link.run()
        finally:
            for thread in self.threads.values():
                thread.close()
            for task in self._tasks:
                task.cancel()

    async def load(self) -> None:
        """Read the inbox. Raises ApiError."""
        path = "conversations?limit=50"
        while path:
            page = await self.api.get(path)
            for conversation in page["results"]:
                if self.version is None or conversation["id"] in self.threads:
                    self._meet(conversation, rev=conversation["rev"])
                else:
                    # New, or gone since the page was read.
                    await self._refresh({"conversation_id": conversation["id"]})
            path = page["next"].rpartition("/api/v1/")[2] if page["next"] else ""

    async def open(self, username: str) -> Thread:
        """The conversation with somebody. Raises ApiError."""
        person = await self.api.get("users/lookup", username=username)
        conversation = await self.api.post("conversations", user_ids=[person["id"]])
        return self._meet(conversation)

    async def send(
        self, conversation_id: str, body: str, *, client_id: str | None = None
    ) -> Message:
        """The message as it was stored: sent until then, always under the same client_id.

        In one conversation messages go one after the other. With a `client_id` that was sent
        before, the message is the first one. Raises RefusedError or ApiError for what no other try
        would change.
        """
        form = {"client_id": client_id or str(uuid.uuid4()), "body": body}
        async with self._sending.setdefault(conversation_id, asyncio.Lock()):
            pause_s = 0.2
            while True:
                try:
                    message = await self._deliver(conversation_id, form)
                except LinkLostError:
                    wait_s = 0.0  # The next try goes another way.
                except RefusedError as error:
                    if error.retry_after is None:
                        raise
                    wait_s = error.retry_after
                except ApiError as error:
                    if not error.is_transient:
                        raise
                    wait_s = error.retry_after or pause_s
                    pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
                else:
                    self._arrived(message)
                    return message
                self.resent += 1
                await asyncio.sleep(wait_s)

    async def mark_read(self, conversation_id: str, seq: int) -> None:
        """Everything up to there is read. Raises ApiError, RefusedError."""
        try:
            answer = await self.link.call("read.mark", conversation_id=conversation_id, seq=seq)
        except LinkLostError:
            answer = await self.api.put(f"conversations/{conversation_id}/read", seq=seq)
        thread = self.threads.get(conversation_id)
        if thread is not None:
            thread.mark(self.me["id"], answer["seq"])

    async def catch_up(self) -> bool:
        """Read everything that changed since the last time; whether all of it could be read.

        Raises LinkLostError, RefusedError.
        """
        while True:
            answer = await self.link.call("resume", client="chat", inbox_version=self.version or 0)
            self.badges = answer["badges"]
            reads = [self._refresh(entry) for entry in answer["changed"]]
            # What could not be read is named again next time: the version stays.
            if not all(await asyncio.gather(*reads)):
                return False
            is_done = self.version == answer["inbox_version"] or not answer["changed"]
            self.version = answer["inbox_version"]
            if is_done:
                return True

    def listed(self) -> list[Thread]:
        """The conversations as the inbox has them: the one with the newest activity first."""
        return sorted(
            self.threads.values(),
            key=lambda thread: (thread.active_at, int(thread.id)),
            reverse=True,
        )

    def unread(self, conversation_id: str) -> int:
        """How many messages are behind the person's own mark."""
        thread = self.threads[conversation_id]
        last_seq = max(thread.last_seq, thread.conversation.get("last_seq", 0))
        return int(max(0, last_seq - thread.read.get(self.me["id"], 0)))

    async def _greet(self) -> None:
        if self.version is not None:
            self._later(self._after_loss())
            await self.link.call("ping")
            return
        answer = await self.link.call("hello", client="chat")
        self.link.beat_s = answer["heartbeat_s"]
        self.version, self.badges = answer["inbox_version"], answer["badges"]
        # What was read before the greeting may be older than this version.
        for thread in self.threads.values():
            self._later(self._refresh({"conversation_id": thread.id}))

    async def _catch_up(self) -> None:
        """Until it is done; a new socket begins anew."""
        pause_s = FIRST_PAUSE_S
        with contextlib.suppress(LinkLostError):
            while True:
                with contextlib.suppress(RefusedError):
                    if await self.catch_up():
                        return
                await asyncio.sleep(pause_s)
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2)

    async def _after_loss(self) -> None:
        """Catch up; and look how far others have read, which no revision tells."""
        await self._catch_up()
        with contextlib.suppress(ApiError):
            await self.load()

    async def _deliver(self, conversation_id: str, form: dict[str, str]) -> Message:
        """By the socket while there is one, else over HTTP."""
        if self.link.live.is_set():
            answer = await self.link.call("message.send", conversation_id=conversation_id, **form)
            message: Message = answer["message"]
            return message
        sent: Message = await self.api.post(f"conversations/{conversation_id}/messages", **form)
        return sent

    def _heard(self, answer: dict[str, Any]) -> None:
        if answer["inbox_version"] != self.version:
            self._later(self._catch_up())

    def _pushed(self, type_: str, data: dict[str, Any]) -> None:
        if type_ == "message.created":
            self._arrived(data["message"])
        elif type_ in ("message.updated", "message.deleted", "reaction.updated"):
            self._changed(data)
        elif type_ in ("conversation.created", "conversation.updated"):
            self._later(self._refresh(data))
        elif type_ == "conversation.removed":
            self.threads.pop(data["conversation_id"], None)
            self._event("removed", data)
            # What is being read just now may be older.
            self._later(self._refresh(data))
        elif type_ == "read.updated" and data["conversation_id"] in self.threads:
            self.threads[data["conversation_id"]].mark(data["user_id"], data["seq"])
            self._event("read", data)
        elif type_ == "badges.updated":
            self.badges |= data
        elif type_ == "resync":
            self._later(self._after_loss())
        elif type_ in ("typing", "presence.update"):
            self._event(type_.partition(".")[0], data)

    def _arrived(self, message: Message) -> None:
        thread = self.threads.get(message["conversation_id"])
        if thread is None:
            self._later(self._refresh({"conversation_id": message["conversation_id"]}))
        else:
            thread.receive(message)

    def _changed(self, data: dict[str, Any]) -> None:
        """A message was changed: applied when it came along, else read."""
        if "message" in data:
            self._arrived(data["message"])
        else:
            self._later(self._refresh(data))

    async def _refresh(self, entry: dict[str, Any]) -> bool:
        """Bring one conversation up to date; whether that went well.

        One reading follows another, so that the last to be asked for is the last to count.
        """
        id_ = entry["conversation_id"]
        async with self._refreshing.setdefault(id_, asyncio.Lock()), self._reading:
            try:
                thread = self.threads.get(id_)
                if thread is None:
                    thread = self._meet(await self.api.get(f"conversations/{id_}"))
                await thread.catch_up()
            except ApiError as error:
                if error.is_transient:
                    return False
                # What does not exist for this person any more is gone.
                self.threads.pop(id_, None)
        return True

    def _meet(self, conversation: dict[str, Any], rev: int | None = None) -> Thread:
        """Know a conversation; its messages are shown from `rev` on, or all when they are few."""
        thread = self.threads.get(conversation["id"])
        if thread is None:
            thread = Thread(conversation["id"], self.api, self._shown)
            is_long = conversation["last_seq"] > READ_WHOLE
            thread.rev = rev if rev is not None else conversation["rev"] if is_long else 0
            self.threads[thread.id] = thread
        thread.keep(conversation)
        return thread

    def _shown(self, message: Message, is_new: bool) -> None:  # noqa: FBT001
        self._event("message" if is_new else "changed", {"message": message})

    def _later(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
