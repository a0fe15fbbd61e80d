"""Frames that make no sense get an error or a documented close code, never 1011 or a traceback."""

import asyncio
import time

import orjson

from core.redis import key, sync_redis
from messaging.consumers import answering, buckets, commands
from messaging.consumers.running import running_gateway
from tests.messaging.conftest import message

NOT_COMMANDS = (
    "",
    " ",
    "{",
    "null",
    "true",
    "17",
    '"text"',
    "[]",
    "{}",
    '{"t": "ping"}',
    '{"t": "ping", "id": ""}',
    '{"t": "ping", "id": 7}',
    '{"t": "ping", "id": null}',
    '{"t": "ping", "id": "%s"}' % ("x" * 65),
    "\x00",
    "[" * 2000,
    '{"a":' * 2000,
    '{"t": NaN}',
    "1e999",
    "é" * 8000,
)
NOT_COMMANDS_WITH_ID = (
    '{"id": "c0"}',
    '{"t": 5, "id": "c0"}',
    '{"t": null, "id": "c0"}',
    '{"t": "ping", "id": "c0", "d": []}',
    '{"t": "ping", "id": "c0", "d": null}',
    '{"t": "ping", "id": "c0", "d": {}, "x": 1}',
    '{"t": "ping", "id": "c0", "d": {"half": "\\ud83d"}}',
    '{"t": "ping", "id": "c0", "d": {"number": 1e999}}',
    '{"t": "ping", "id": "c0"',
)
UNKNOWN_TYPES = ("", "nonsense", "__class__", "message", "message.send.now", "x" * 2000, "\x00")
BAD_FIELDS = (
    ("conversation_id", None, "required"),
    ("conversation_id", 1, "invalid"),
    ("conversation_id", "", "invalid"),
    ("conversation_id", "0", "invalid"),
    ("conversation_id", "-1", "invalid"),
    ("conversation_id", "01", "invalid"),
    ("conversation_id", "1.0", "invalid"),
    ("conversation_id", "१", "invalid"),
    ("conversation_id", "1\n", "invalid"),
    ("conversation_id", str(2**63), "invalid"),
    ("conversation_id", "9" * 5000, "invalid"),
    ("conversation_id", {"$ne": 1}, "invalid"),
    ("conversation_id", True, "invalid"),
    ("client_id", None, "required"),
    ("client_id", "not a uuid", "invalid"),
    ("client_id", "{00000000-0000-4000-8000-000000000000}", "invalid"),
    ("client_id", 0, "invalid"),
    ("body", 5, "invalid"),
    ("body", ["x"], "invalid"),
    ("body", None, "blank"),
    ("body", "", "blank"),
    ("body", " \n\t ", "blank"),
    ("body", "x" * 4001, "max_length"),
    ("body", "nul \x00 inside", "bad_text"),
    ("reply_to_seq", "1", "invalid"),
    ("reply_to_seq", 1.5, "invalid"),
    ("reply_to_seq", True, "invalid"),
    ("reply_to_seq", -1, "invalid"),
    ("reply_to_seq", 2**63, "invalid"),
    ("reply_to_seq", 0, "bad_reply"),
    ("reply_to_seq", 2**63 - 1, "bad_reply"),
    ("media_ids", ["1"], "attachments_unavailable"),
    ("post_id", "1", "attachments_unavailable"),
    ("sender_id", "1", "unknown_field"),
)


async def test_what_is_no_command_is_answered_without_an_id(connect, ann):
    for number, text in enumerate(NOT_COMMANDS):
        if number % 5 == 0:
            tab = await connect(ann)
        tab.send_text(text)
        frame = await tab.answer(None)
        assert (frame["t"], frame["d"]["code"]) == ("error", "bad_frame"), text[:40]
        await tab.call("ping")


async def test_a_bad_frame_that_names_itself_is_answered_by_name(connect, ann):
    tab = await connect(ann)
    for text in NOT_COMMANDS_WITH_ID:
        tab.send_text(text)
        frame = await tab.answer("c0")
        assert (frame["t"], frame["d"]["code"]) == ("error", "bad_frame"), text


async def test_a_lone_surrogate_in_the_text_itself_is_a_bad_frame(connect, ann):
    tab = await connect(ann)
    tab.send_text('{"t": "ping", "id": "c1", "d": {"a": "\ud800"}}')
    assert (await tab.answer("c1"))["d"]["code"] == "bad_frame"


async def test_types_that_nobody_knows_are_refused(connect, ann):
    tab = await connect(ann)
    for type_ in UNKNOWN_TYPES:
        assert (await tab.fail(type_))["code"] == "unknown_type"


async def test_fields_that_make_no_sense_are_refused_and_write_nothing(connect, ann, chat):
    tab = await connect(ann)
    for field, value, code in BAD_FIELDS:
        error = await tab.fail("message.send", **{**message(chat, "fine"), field: value})
        assert (field, value, error["code"]) == (field, value, code)
        assert error["message"]
    assert (await tab.say(chat, "fine"))["message"]["seq"] == 1


async def test_other_commands_check_their_fields_too(connect, ann, chat):
    tab = await connect(ann)
    conversation_id = str(chat)
    for type_, data, code in (
        ("resume", {}, "required"),
        ("resume", {"inbox_version": "1"}, "invalid"),
        ("hello", {"inbox_version": -1}, "invalid"),
        ("hello", {"client": 5}, "invalid"),
        ("hello", {"x": 5}, "unknown_field"),
        ("ping", {"x": 5}, "unknown_field"),
        ("read.mark", {"conversation_id": conversation_id}, "required"),
        ("read.mark", {"conversation_id": conversation_id, "seq": 2**64}, "invalid"),
        ("typing.start", {"conversation_id": 5}, "invalid"),
        ("auth.refresh", {}, "required"),
        ("auth.refresh", {"ticket": "\x00"}, "token_expired"),
    ):
        assert (type_, (await tab.fail(type_, **data))["code"]) == (type_, code)


async def test_text_is_kept_as_it_was_sent(connect, ann, chat):
    tab = await connect(ann)
    for text in (
        "  two spaces  ",
        "<b>&amp;</b>",
        "'; DROP TABLE x; --",
        "%s %(x)s {}",
        "👩‍👩‍👧",
        "\u202e",
    ):
        assert (await tab.say(chat, text))["message"]["body"] == text
    assert (await tab.say(chat, "e\u0301"))["message"]["body"] == "é"


async def test_four_thousand_characters_are_a_message(connect, ann, chat):
    text = "💌" * 3000
    assert (await (await connect(ann)).say(chat, text))["message"]["body"] == text


async def test_a_frame_over_16_kib_closes_the_socket(connect, ann, chat):
    for size in (16 * 1024, 8 * 1024 * 1024):
        tab = await connect(ann)
        tab.send_text('{"t":"%s"}' % ("x" * size))
        assert await tab.closed() == 4413


async def test_a_binary_frame_closes_the_socket(connect, ann):
    tab = await connect(ann)
    await tab.wire.send_to(bytes_data=b'{"t": "ping", "id": "c1"}')
    assert await tab.closed() == 4400


async def test_nothing_but_junk_closes_the_socket(connect, ann):
    tab = await connect(ann)
    for _ in range(answering.MOST_BAD_FRAMES + 1):
        tab.send_text("junk")
    assert await tab.closed() == 4400
    errors = [frame for frame in tab.pushed if frame["d"].get("code") == "bad_frame"]
    assert len(errors) == answering.MOST_BAD_FRAMES + 1


async def test_a_burst_of_30_passes_and_more_is_told_to_wait_over_all_sockets(
    connect, ann, bob, settings
):
    settings.RATE_LIMIT_SCALE = 1.0
    tabs, bobs = [await connect(ann), await connect(ann)], await connect(bob)
    # What was allowed on trust so far has been told by then.
    await asyncio.sleep(0.1)
    sync_redis().delete(key("cmd", ann.id))
    started = time.monotonic()
    sent = [(tab, tab.send("nonsense")) for _ in range(25) for tab in tabs]
    codes = [(await tab.answer(command_id))["d"] for tab, command_id in sent]
    refilled = int((time.monotonic() - started) * 10) + 1
    refused = [data for data in codes if data["code"] == "rate_limited"]
    assert 20 - refilled <= len(refused) <= 20
    assert {data["retry_after"] for data in refused} == {1}
    await bobs.call("ping")
    await asyncio.sleep(0.25)
    await tabs[0].call("ping")


async def test_a_flood_closes_the_socket(connect, ann, settings):
    settings.RATE_LIMIT_SCALE = 1.0
    tab = await connect(ann)
    for _ in range(buckets.MOST_REFUSED + 60):
        tab.send("ping")
    assert await tab.closed() == 4429


async def test_a_mistake_of_ours_is_an_error_frame_without_its_text(
    connect, ann, monkeypatch, caplog
):
    async def broken(*_):
        raise RuntimeError("secret")

    tab = await connect(ann)
    monkeypatch.setitem(commands._HANDLERS, "ping", broken)
    error = await tab.fail("ping")
    assert (error["code"], "secret" in orjson.dumps(error).decode()) == ("internal", False)
    assert "command failed" in caplog.text


async def test_a_slow_reader_is_closed_and_the_others_go_on(connect, ann, bob, chat):
    tab, bobs = await connect(ann), await connect(bob)
    gateway = running_gateway()
    (stuck,) = gateway.hub.sockets_of(bob.id)
    stuck.outbox._send = _never
    for _ in range(6):
        ids = [tab.send("message.send", **message(chat, "x" * 100)) for _ in range(50)]
        for command_id in ids:
            await tab.answer(command_id)
    assert await bobs.closed() == 4408
    assert (await tab.say(chat, "still here"))["message"]["seq"] == 301


async def _never(text):
    await asyncio.Event().wait()


async def test_a_command_of_another_app_is_found_in_the_registry(connect, ann, monkeypatch):
    seen = []

    def post_watch(*, viewer, data, topics):
        seen.append((viewer.pk, dict(data)))
        topics.watch("post:7")
        return {"likes_count": 3}

    monkeypatch.setitem(commands.socket_commands._entries, "post.watch.test", post_watch)
    tab = await connect(ann)
    assert await tab.call("post.watch.test", post_id="7") == {"likes_count": 3}
    assert seen == [(ann.id, {"post_id": "7"})]
    (session,) = running_gateway().hub.sockets_of(ann.id)
    assert session.topics == {"post:7"}
