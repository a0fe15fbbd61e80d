"""Coming back: what was missed is found, and what was pushed equals what is read."""

import random

from accounts.services import block_create
from messaging.consumers.running import running_gateway
from messaging.selectors import Span, changes, conversation_for, history
from messaging.services import conversation_read
from tests.messaging.conftest import open_chat, say


async def in_thread(function):
    return await running_gateway().in_thread(function)


async def test_resume_names_the_conversations_that_changed_and_nothing_else(
    connect, ann, bob, cid, chat
):
    bobs, tab = await connect(bob), await connect(ann)
    other_chat = await in_thread(lambda: open_chat(bob, cid))
    hello = await bobs.call("hello")
    await bobs.close()
    for text in ("one", "two", "three"):
        await tab.say(chat, text)
    bobs = await connect(bob)
    resumed = await bobs.call("resume", client="test", inbox_version=hello["inbox_version"])
    assert resumed["changed"] == [{"conversation_id": str(chat), "last_seq": 3, "rev": 3}]
    assert resumed["inbox_version"] == hello["inbox_version"] + 3
    assert resumed["badges"]["messages"] == 1
    missed = await in_thread(
        lambda: changes(viewer=bob.viewer, conversation_id=chat, after_rev=0, limit=100)
    )
    assert [m["body"] for m in missed["results"]] == ["one", "two", "three"]
    again = await bobs.call("resume", inbox_version=resumed["inbox_version"])
    assert again["changed"] == []
    assert str(other_chat) not in [c["conversation_id"] for c in resumed["changed"]]


async def test_hello_with_a_version_answers_like_resume(connect, ann, bob, chat):
    tab, bobs = await connect(ann), await connect(bob)
    await tab.say(chat, "one")
    assert len((await bobs.call("hello", inbox_version=0))["changed"]) == 1
    assert "changed" not in await bobs.call("hello")


async def test_ones_own_read_mark_is_found_by_ones_other_devices(connect, ann, bob, chat):
    tab, phone = await connect(ann), await connect(bob)
    await tab.say(chat, "one")
    version = (await phone.call("ping"))["inbox_version"]
    await phone.close()
    await in_thread(lambda: conversation_read(viewer=bob.viewer, conversation_id=chat, seq=1))
    phone = await connect(bob)
    resumed = await phone.call("resume", inbox_version=version)
    assert [c["conversation_id"] for c in resumed["changed"]] == [str(chat)]
    assert resumed["badges"]["messages"] == 0


async def test_of_a_blocked_conversation_nothing_but_that_it_is_gone_is_told(
    connect, ann, bob, chat
):
    tab = await connect(ann)
    await tab.say(chat, "one")
    await in_thread(lambda: block_create(owner_id=bob.id, target=ann.user))
    gone = {"conversation_id": str(chat), "last_seq": 0, "rev": 0}
    assert (await tab.call("resume", inbox_version=0))["changed"] == [gone]
    assert (await tab.fail("read.mark", conversation_id=str(chat), seq=1))["code"] == "not_found"


class Replica:
    """What a client knows of one conversation by its pushes alone."""

    def __init__(self, person):
        self.person, self.messages, self.read = person, [], {}

    def apply(self, frame):
        data = frame["d"]
        if frame["t"] == "message.created":
            message = data["message"]
            if message["seq"] > len(self.messages):
                assert message["seq"] == len(self.messages) + 1
                self.messages.append(message)
            self._mark(message["sender"]["id"], message["seq"])
        elif frame["t"] == "read.updated":
            self._mark(data["user_id"], data["seq"])

    def _mark(self, user_id, seq):
        self.read[user_id] = max(self.read.get(user_id, 0), seq)

    @property
    def unread(self):
        return len(self.messages) - self.read.get(str(self.person.id), 0)


async def test_what_was_pushed_equals_what_is_read(connect, ann, bob, chat):
    """Random sending and reading over three tabs and HTTP; every tab ends in the state of GET."""
    choose = random.Random(7)
    tabs = [await connect(person) for person in (ann, ann, bob)]
    replicas = [Replica(tab.person) for tab in tabs]
    for number in range(60):
        tab = choose.choice(tabs)
        act = choose.choice(["socket", "socket", "http", "read"])
        if act == "socket":
            await tab.say(chat, str(number))
        elif act == "http":
            await in_thread(lambda tab=tab, text=str(number): say(tab.person, chat, text))
        else:
            seq = choose.randint(0, 60)
            await tab.call("read.mark", conversation_id=str(chat), seq=seq)
    for tab, replica in zip(tabs, replicas, strict=True):
        await tab.call("ping")
        await tab.nothing("none")
        for frame in tab.pushed:
            replica.apply(frame)
        viewer = tab.person.viewer
        shown = await in_thread(
            lambda viewer=viewer: conversation_for(viewer=viewer, conversation_id=chat)
        )
        read = await in_thread(
            lambda viewer=viewer: history(viewer=viewer, conversation_id=chat, span=Span(200))
        )
        assert [m["id"] for m in replica.messages] == [m["id"] for m in read.messages]
        assert [m["body"] for m in replica.messages] == [m["body"] for m in read.messages]
        assert shown["unread_count"] == replica.unread
        marks = {m["user"]["id"]: m["read_seq"] for m in shown["members"]}
        assert {user_id: replica.read.get(user_id, 0) for user_id in marks} == marks
