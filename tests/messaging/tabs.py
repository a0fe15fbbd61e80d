"""Three people with a few tabs each, whose deeds and mishaps a test chooses."""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from accounts.services import block_create, block_end
from core.realtime.routes import ALL_NODES
from core.redis import sync_redis
from messaging.management.chat import Api, ApiError, ChatClient, LinkLostError, RefusedError
from messaging.models import Message
from tests.messaging.conftest import closing

MOST_TABS = 3
CONVERGED_S = 5.0

View = dict[str, Any]


class Tab:
    """One client of one person: online, or away with all that it knows."""

    def __init__(self, person: "Somebody", url: str) -> None:
        self.person = person
        self.client = ChatClient(Api(url, access=person.access), person.me, jitter=0)
        # It knows nothing and has seen nothing: what there is comes with the first greeting.
        self.client.version = 0
        self.task: asyncio.Task[None] | None = None

    def come(self, url: str) -> None:
        """Connect, unless it is connected."""
        if self.task is None:
            self.client.api.url = url
            self.task = asyncio.create_task(self.client.run())

    async def go(self, *, is_abrupt: bool) -> None:
        """Disconnect with a close frame or without, and stay away."""
        task, self.task = self.task, None
        if task is not None:
            if is_abrupt:
                self.client.link.abort()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def live(self) -> None:
        """Connected and greeted."""
        await self.client.link.live.wait()

    async def close(self) -> None:
        """For good."""
        await self.go(is_abrupt=False)
        self.client.api.close()


class Somebody:
    """One of the three."""

    def __init__(self, user: Any, access: str) -> None:
        self.user, self.access = user, access
        self.me = {"id": str(user.pk), "username": user.username}
        self.tabs: list[Tab] = []


class Trio:
    """Does what the deeds say: `(what, who, which tab, to whom, number)`, some of them at once."""

    def __init__(self, people: list[Somebody], urls: list[str], run_jobs: Callable) -> None:
        self.people, self._urls, self._run_jobs = people, urls, run_jobs
        self._working = asyncio.Lock()
        self.chats: dict[frozenset[str], str] = {}
        #: client_id -> (conversation, seq, body) of every message that was acknowledged.
        self.acked: dict[str, tuple[str, int, str]] = {}
        self._blocked: set[frozenset[str]] = set()

    async def start(self) -> None:
        """Each opens a tab."""
        for place, person in enumerate(self.people):
            self._open(person, place)
        await asyncio.gather(*(tab.live() for tab in self.tabs))

    @property
    def tabs(self) -> list[Tab]:
        return [tab for person in self.people for tab in person.tabs]

    async def stop(self) -> None:
        for tab in self.tabs:
            await tab.close()

    async def act(self, deed: tuple[str, int, int, int, int]) -> None:
        """Do one; what a block forbids is refused and no fault."""
        what, who, which, step, number = deed
        person, other = self.people[who], self.people[(who + step) % len(self.people)]
        tab = person.tabs[which % len(person.tabs)]
        do: Callable[[Tab, Somebody, int], Awaitable[None]] = getattr(self, f"_{what}")
        try:
            await do(tab, other, number)
        except (RefusedError, ApiError) as error:
            if error.code != "not_found" or _pair(person, other) not in self._blocked:
                raise

    async def quiet(self) -> None:
        """Everybody is back."""
        for place, tab in enumerate(self.tabs):
            tab.come(self._urls[place % 2])
        async with asyncio.timeout(20):
            await asyncio.gather(*(tab.live() for tab in self.tabs))

    # -- Deeds -----------------------------------------------------------------------------------

    async def _say(self, tab: Tab, other: Somebody, number: int) -> None:
        """By the socket, or over HTTP while it is away."""
        id_ = await self._chat(tab, other)
        self._note(await tab.client.send(id_, f"{number}"))

    async def _say_twice(self, tab: Tab, other: Somebody, number: int) -> None:
        """The same client_id at once, from two tabs where there are two."""
        id_, client_id = await self._chat(tab, other), str(uuid.uuid4())
        sending = [
            each.client.send(id_, f"{number} twice", client_id=client_id)
            for each in (tab, tab.person.tabs[-1])
        ]
        one, again = await asyncio.gather(*sending)
        assert one == again
        self._note(one)

    async def _read(self, tab: Tab, other: Somebody, number: int) -> None:
        """Up to the last message or a little less: perhaps what was read long ago.

        What was sent a moment ago may not have arrived here; the mark counts all the same.
        """
        id_ = self.chats.get(_pair(tab.person, other), "")
        said = [seq for chat, seq, _ in self.acked.values() if chat == id_]
        if said:
            await tab.client.mark_read(id_, max(0, max(said) - number // 3))

    async def _type(self, tab: Tab, other: Somebody, number: int) -> None:
        id_ = self.chats.get(_pair(tab.person, other))
        if id_ is not None:
            with contextlib.suppress(LinkLostError):
                what = "typing.stop" if number % 2 else "typing.start"
                await tab.client.link.call(what, conversation_id=id_)

    async def _open_tab(self, tab: Tab, other: Somebody, number: int) -> None:
        if len(tab.person.tabs) < MOST_TABS:
            self._open(tab.person, number)

    async def _cut(self, tab: Tab, other: Somebody, number: int) -> None:
        """The connection breaks; the client is back as soon as it can."""
        tab.client.link.abort()

    async def _go(self, tab: Tab, other: Somebody, number: int) -> None:
        await tab.go(is_abrupt=bool(number % 2))

    async def _come(self, tab: Tab, other: Somebody, number: int) -> None:
        tab.come(self._urls[number % 2])

    async def _block(self, tab: Tab, other: Somebody, number: int) -> None:
        self._blocked.add(_pair(tab.person, other))
        await self._work(block_create, owner_id=tab.person.user.pk, target=other.user)

    async def _unblock(self, tab: Tab, other: Somebody, number: int) -> None:
        await self._work(block_end, owner_id=tab.person.user.pk, target_id=other.user.pk)

    async def _break_redis(self, tab: Tab, other: Somebody, number: int) -> None:
        """Redis closes the gateways' subscriptions, or all other connections."""
        kind = "pubsub" if number % 2 else "normal"
        await asyncio.to_thread(sync_redis().execute_command, "CLIENT", "KILL", "TYPE", kind)

    async def _resync(self, tab: Tab, other: Somebody, number: int) -> None:
        """A process missed a push somewhere, and all are told."""
        await asyncio.to_thread(sync_redis().publish, ALL_NODES, b"resync")

    def _open(self, person: Somebody, number: int) -> None:
        tab = Tab(person, "")
        tab.come(self._urls[number % 2])
        person.tabs.append(tab)

    async def _chat(self, tab: Tab, other: Somebody) -> str:
        id_: str = (await tab.client.open(other.me["username"])).id
        self.chats[_pair(tab.person, other)] = id_
        return id_

    def _note(self, message: dict[str, Any]) -> None:
        self.acked[message["client_id"]] = (
            message["conversation_id"],
            message["seq"],
            message["body"],
        )

    async def _work(self, service: Callable[..., None], **arguments: Any) -> None:
        """Call a service, and do what it leaves to the worker."""
        async with self._working:
            await asyncio.to_thread(closing(service), **arguments)
            await asyncio.to_thread(closing(self._run_jobs))

    # -- What is held up to what -------------------------------------------------------------------

    async def converge(self) -> None:
        """Everybody has what the server has, within CONVERGED_S, and goes on having it."""
        fresh = {person.access: await read(person.tabs[0].client.api) for person in self.people}
        until = asyncio.get_running_loop().time() + CONVERGED_S
        for tab in self.tabs:
            there = fresh[tab.person.access]
            while (here := view(tab.client, there)) != there:
                assert asyncio.get_running_loop().time() < until, difference(here, there)
                await asyncio.sleep(0.02)
        for tab in self.tabs:
            assert await tab.client.catch_up()
            ping = await tab.client.link.call("ping")
            assert tab.client.version == ping["inbox_version"]
            there = fresh[tab.person.access]
            here = view(tab.client, there)
            assert here == there, difference(here, there)

    def check_rows(self) -> None:
        """What was acknowledged is stored, once, and nothing else; numbered without a hole."""
        rows = Message.objects.filter(conversation__in=set(self.chats.values()))
        found = {
            str(row.client_id): (str(row.conversation_id), row.seq, row.body)
            for row in rows.order_by("conversation_id", "seq")
        }
        assert found == self.acked
        for id_ in set(self.chats.values()):
            seqs = [seq for chat, seq, _ in found.values() if chat == id_]
            assert seqs == list(range(1, len(seqs) + 1))


def _pair(one: Somebody, other: Somebody) -> frozenset[str]:
    return frozenset((one.me["id"], other.me["id"]))


async def read(api: Api) -> View:
    """What the server has for somebody, read anew."""
    badges = await api.get("me/badges")
    found: View = {"badges": (badges["messages"], badges["message_requests"])}
    for folder in ("primary", "requests"):
        page = await api.get("conversations", folder=folder, limit=50)
        found[folder] = [conversation["id"] for conversation in page["results"]]
        for conversation in page["results"]:
            id_ = conversation["id"]
            changes = await api.get(f"conversations/{id_}/changes", after_rev=0, limit=500)
            found[id_] = {
                "messages": sorted(changes["results"], key=lambda message: message["seq"]),
                "rev": changes["rev"],
                "last_seq": conversation["last_seq"],
                "unread": conversation["unread_count"],
                "read": {m["user"]["id"]: m["read_seq"] for m in conversation["members"]},
            }
    return found


def view(client: ChatClient, there: View) -> View:
    """The same as a client has it.

    A conversation in which nothing was said is listed by the server to its opener alone, and a
    client shows it to whoever opens it.
    """
    threads = [thread for thread in client.listed() if thread.last_seq or thread.id in there]
    primary, requests = (
        [thread.id for thread in threads if thread.conversation["folder"] == folder]
        for folder in ("primary", "requests")
    )
    unread = {thread.id for thread in threads if client.unread(thread.id)}
    return {
        "badges": (len(unread & {*primary}), len(unread & {*requests})),
        "primary": primary,
        "requests": requests,
    } | {
        thread.id: {
            "messages": [thread.messages[seq] for seq in sorted(thread.messages)],
            "rev": thread.rev,
            "last_seq": thread.last_seq,
            "unread": client.unread(thread.id),
            "read": thread.read,
        }
        for thread in threads
    }


def difference(here: View, there: View) -> str:
    """Where the two differ, by name."""
    return "\n".join(
        f"{name}: the client has {here.get(name)}, the server {there.get(name)}"
        for name in sorted(here.keys() | there.keys())
        if here.get(name) != there.get(name)
    )
