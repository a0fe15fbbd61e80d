"""Chat over sockets: who gets what, in which order, and what is answered."""

import uuid

from accounts.services import block_create
from messaging.consumers.running import running_gateway
from messaging.selectors import inbox_version
from tests.messaging.conftest import message, open_chat, say


async def test_hello_tells_the_session_the_time_the_version_and_the_badges(connect, ann, bob, chat):
    say_data = await (await connect(bob)).call("hello", client="test")
    assert say_data.keys() == {
        "session_id",
        "server_time",
        "heartbeat_s",
        "inbox_version",
        "badges",
    }
    assert say_data["session_id"] == str(bob.viewer.session_id)
    assert (say_data["heartbeat_s"], say_data["inbox_version"]) == (25, 0)
    assert say_data["badges"]["messages"] == 0


async def test_a_message_is_acknowledged_and_reaches_every_tab_of_both(connect, ann, bob, chat):
    tab, other_tab = await connect(ann), await connect(ann)
    bobs = await connect(bob)
    ack = await tab.say(chat, "hello bob")
    assert ack["duplicate"] is False
    sent = ack["message"]
    assert (sent["seq"], sent["rev"], sent["body"], sent["kind"]) == (1, 1, "hello bob", "text")
    assert sent["sender"]["username"] == ann.user.username
    assert (await other_tab.push("message.created"))["message"] == sent
    assert (await bobs.push("conversation.created")) == {"conversation_id": str(chat)}
    assert (await bobs.push("message.created"))["message"] == sent
    assert (await bobs.say(chat, "hello ann"))["message"]["seq"] == 2
    assert (await tab.push("message.created"))["message"] == sent
    assert (await tab.push("message.created"))["message"]["body"] == "hello ann"


async def test_many_messages_sent_at_once_keep_their_order(connect, ann, bob, chat):
    tab, bobs = await connect(ann), await connect(bob)
    ids = [tab.send("message.send", **message(chat, str(number))) for number in range(100)]
    acks = [(await tab.answer(command_id))["d"]["message"] for command_id in ids]
    assert [(m["seq"], m["body"]) for m in acks] == [(n + 1, str(n)) for n in range(100)]
    got = [(await bobs.push("message.created"))["message"] for _ in range(100)]
    assert got == acks


async def test_the_same_client_id_gives_the_first_row_and_tells_nobody_again(
    connect, ann, bob, chat
):
    tab, other_tab, bobs = await connect(ann), await connect(ann), await connect(bob)
    client_id = str(uuid.uuid4())
    first = await tab.say(chat, "once", client_id=client_id)
    again = await tab.say(chat, "twice", client_id=client_id.upper())
    elsewhere = await other_tab.say(chat, "thrice", client_id=client_id)
    assert again == elsewhere == {"message": first["message"], "duplicate": True}
    assert (await bobs.push("message.created"))["message"]["body"] == "once"
    await bobs.nothing("message.created")


async def test_a_reply_names_a_message_that_is_there(connect, ann, bob, chat):
    tab = await connect(ann)
    await tab.say(chat, "one")
    assert (await tab.say(chat, "two", reply_to_seq=1))["message"]["reply_to_seq"] == 1
    error = await tab.fail("message.send", **message(chat, "three", reply_to_seq=9))
    assert error["code"] == "bad_reply"
    assert (await tab.say(chat, "three"))["message"]["seq"] == 3


async def test_a_read_mark_reaches_the_other_and_all_ones_own_tabs(connect, ann, bob, chat):
    tab, bobs, bobs_other = await connect(ann), await connect(bob), await connect(bob)
    for text in ("one", "two"):
        await tab.say(chat, text)
    assert await bobs.call("read.mark", conversation_id=str(chat), seq=2) == {"seq": 2}
    mark = {"conversation_id": str(chat), "user_id": str(bob.id), "seq": 2}
    for other in (tab, bobs, bobs_other):
        assert await other.push("read.updated") == mark
    badges = {"messages": 0, "message_requests": 0}
    assert await bobs_other.push("badges.updated") == badges
    assert await bobs.call("read.mark", conversation_id=str(chat), seq=1) == {"seq": 2}
    await tab.nothing("read.updated")


async def test_a_ping_carries_the_version_that_grows_with_each_message(connect, ann, bob, chat):
    bobs, tab = await connect(bob), await connect(ann)
    assert (await bobs.call("ping"))["inbox_version"] == 0
    await tab.say(chat, "one")
    await tab.say(chat, "two")
    version = (await bobs.call("ping"))["inbox_version"]
    assert version == 2
    stored = await running_gateway().in_thread(lambda: inbox_version(user_id=bob.id))
    assert stored == version


async def test_typing_reaches_the_others_only_and_at_most_every_three_seconds(
    connect, ann, bob, cid, chat
):
    tab, own, bobs, cids = [await connect(p) for p in (ann, ann, bob, cid)]
    for _ in range(3):
        assert await tab.call("typing.start", conversation_id=str(chat)) == {}
    data = {"conversation_id": str(chat), "user_id": str(ann.id), "typing": True}
    assert await bobs.push("typing") == data
    assert await tab.call("typing.stop", conversation_id=str(chat)) == {}
    assert await bobs.push("typing") == {**data, "typing": False}
    for other in (own, cids, bobs):
        await other.nothing("typing")


async def test_a_block_ends_typing_in_open_sockets_at_once(connect, ann, bob, chat):
    tab, bobs = await connect(ann), await connect(bob)
    await tab.call("typing.start", conversation_id=str(chat))
    assert (await bobs.push("typing"))["typing"] is True
    await running_gateway().in_thread(lambda: block_create(owner_id=bob.id, target=ann.user))
    error = await tab.fail("typing.stop", conversation_id=str(chat))
    assert error["code"] == "not_found"
    await bobs.nothing("typing")


async def test_strangers_find_no_conversation_by_any_command(connect, ann, bob, cid, chat):
    cids = await connect(cid)
    commands = [
        ("message.send", message(chat, "let me in")),
        ("read.mark", {"conversation_id": str(chat), "seq": 1}),
        ("typing.start", {"conversation_id": str(chat)}),
    ]
    for type_, data in commands:
        assert (await cids.fail(type_, **data))["code"] == "not_found"
        absent = {**data, "conversation_id": str(2**63 - 1)}
        assert (await cids.fail(type_, **absent))["code"] == "not_found"


async def test_conversations_do_not_mix(connect, ann, bob, cid, chat):
    tab, cids = await connect(ann), await connect(cid)
    other_chat = await running_gateway().in_thread(lambda: open_chat(ann, cid))
    await tab.say(chat, "for bob")
    await tab.say(other_chat, "for cid")
    assert (await cids.push("message.created"))["message"]["body"] == "for cid"
    await cids.nothing("message.created")


async def test_a_message_sent_over_http_reaches_the_sockets(connect, ann, bob, chat):
    bobs = await connect(bob)
    sent = await running_gateway().in_thread(lambda: say(ann, chat, "by post"))
    created = (await bobs.push("message.created"))["message"]
    assert (created["id"], created["body"]) == (sent.message["id"], "by post")
