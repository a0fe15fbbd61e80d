"""Daphne serves the same gateway by Channels' own path: it has no shorter one."""

import asyncio
import json
import subprocess
import sys

import pytest
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.services import session_end
from tests.messaging.conftest import closing, message
from tests.messaging.servers import server_environ
from tests.messaging.test_faults import Server


class Daphne(Server):
    """A process of its own, as deploy/systemd/jyoti-ws-daphne.service has it."""

    def start(self):
        words = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), "--verbosity", "0"]
        self.process = subprocess.Popen(
            [sys.executable, *words, "config.asgi:application"], env=server_environ()
        )


@pytest.fixture
def server(transactional_db):
    made = Daphne()
    made.start()
    yield made
    made.kill()


async def answers_to(wire, frames):
    """The answers to these commands, and what was pushed meanwhile."""
    for number, (type_, data) in enumerate(frames):
        await wire.send(json.dumps({"t": type_, "id": f"c{number}", "d": data}))
    answers, pushed = [], []
    while len(answers) < len(frames):
        frame = json.loads(await asyncio.wait_for(wire.recv(), 10))
        (answers if frame["t"] in ("ack", "error") else pushed).append(frame)
    return answers, pushed


async def code_after(wire, *texts):
    for text in texts:
        await wire.send(text)
    with pytest.raises(ConnectionClosed):
        while True:
            await asyncio.wait_for(wire.recv(), 10)
    return wire.close_code


async def test_daphne_serves_the_chat_as_the_others_do(server, ann, bob, chat):
    async with await server.open(ann) as wire, await server.open(bob) as bobs:
        await answers_to(bobs, [("hello", {})])
        said = [("message.send", message(chat, str(number))) for number in range(40)]
        answers, _ = await answers_to(wire, said)
        assert [answer["d"]["message"]["seq"] for answer in answers] == list(range(1, 41))
        _, pushed = await answers_to(
            bobs, [("read.mark", {"conversation_id": str(chat), "seq": 9})]
        )
        created = [frame["d"]["message"] for frame in pushed if frame["t"] == "message.created"]
        assert [found["body"] for found in created] == [str(number) for number in range(40)]
        answers, _ = await answers_to(wire, [("typing.start", {"conversation_id": str(chat)})])
        assert answers[0]["t"] == "ack"
        heard = json.loads(await asyncio.wait_for(bobs.recv(), 10))
        while heard["t"] != "typing":
            heard = json.loads(await asyncio.wait_for(bobs.recv(), 10))
        # Bad frames are answered; too large a one, and an ended session, close with our own codes.
        (refused,), _ = await answers_to(bobs, [("nonsense", {})])
        assert refused["d"]["code"] == "unknown_type"
        assert await code_after(bobs, "x" * 17_000) == 4413
        await asyncio.to_thread(
            closing(session_end), user_id=ann.id, session_id=ann.viewer.session_id
        )
        assert await code_after(wire) == 4401

    with pytest.raises(InvalidStatus) as foreign:
        await open_websocket(
            f"ws://127.0.0.1:{server.port}/ws/v1?ticket={bob.ticket()}",
            subprotocols=["jyoti.v1"],
            origin="https://elsewhere.example",
        )
    assert foreign.value.response.status_code == 403
