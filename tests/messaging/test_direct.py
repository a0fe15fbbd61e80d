"""Frames past uvicorn's `send`: the same bytes, on the server that is deployed and nowhere else."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.client import ClientProtocol
from websockets.protocol import State
from websockets.uri import parse_uri

from messaging.consumers import direct
from messaging.consumers.direct import DirectProtocol, direct_writer, frame_of, take_directly


@given(st.lists(st.text() | st.sampled_from([125, 126, 127, 65_535, 65_536]), max_size=8))
def test_any_texts_are_read_by_a_client_as_they_were_written(texts):
    """Lengths around the borders of the format, and whatever else there is."""
    texts = [text if isinstance(text, str) else "x" * text for text in texts]
    client = ClientProtocol(parse_uri("ws://127.0.0.1"), state=State.OPEN, max_size=None)
    for text in texts:
        client.receive_data(frame_of(text))
    read = [frame.data.decode() for frame in client.events_received()]
    assert read == texts


class Wire:
    """What uvicorn's protocol is to the writer."""

    def __init__(self):
        self.written, self.soon, self.is_lost = [], [], False

    def write(self, data):
        self.written.append(data)

    def is_closing(self):
        return self.is_lost

    def call_soon(self, work):
        self.soon.append(work)

    def turn(self):
        """What a turn of the loop does at its end."""
        while self.soon:
            self.soon.pop(0)()


@pytest.fixture
def protocol():
    class Part:
        pass

    made = DirectProtocol.__new__(DirectProtocol)
    made.config, made.conn, made.transport = Part(), Part(), Wire()
    made.config.ws_per_message_deflate, made.conn.state = False, State.OPEN
    made.loop = made.transport
    made.close_sent = made.disconnected = False
    made.writable = Part()
    made.writable.is_set = lambda: True
    return made


def test_what_a_turn_has_for_a_socket_is_written_at_once_and_in_order(protocol):
    write, wire = direct_writer(protocol.send), protocol.transport
    assert (write("hello"), write("you"), wire.written) == (True, True, [])
    wire.turn()
    assert wire.written == [b"\x81\x05hello\x81\x03you"]
    assert write("again") is True
    wire.turn()
    assert wire.written[1:] == [b"\x81\x05again"]


def test_what_waits_goes_before_what_is_sent_another_way(protocol):
    write, wire = direct_writer(protocol.send), protocol.transport
    assert write("first") is True
    protocol.writable.is_set = lambda: False
    assert (write("second"), wire.written) == (False, [b"\x81\x05first"])
    wire.turn()
    assert wire.written == [b"\x81\x05first"]


def test_nothing_is_written_to_a_connection_that_ended_meanwhile(protocol):
    write, wire = direct_writer(protocol.send), protocol.transport
    assert write("first") is True
    wire.is_lost = True
    wire.turn()
    assert wire.written == []


@pytest.mark.parametrize(
    "change",
    [
        lambda p: setattr(p, "close_sent", True),
        lambda p: setattr(p, "disconnected", True),
        lambda p: setattr(p.conn, "state", State.CLOSING),
        lambda p: setattr(p.writable, "is_set", lambda: False),
    ],
)
def test_one_that_is_closed_or_slow_is_left_to_send(protocol, change):
    write = direct_writer(protocol.send)
    change(protocol)
    assert (write("hello"), protocol.transport.written) == (False, [])


@pytest.fixture
def offered(protocol, monkeypatch):
    """`offered(frames, **state)`: whether the frames were taken, and what went the usual way."""

    def offer(*frames, is_taken=True, **state):
        taken, usual = [], []
        monkeypatch.setattr(
            WebSocketsSansIOProtocol,
            "send_receive_event_to_app",
            lambda self: usual.append(b"".join(self.frames)),
        )
        protocol.frames, protocol.curr_msg_data_type = list(frames), "text"
        protocol.queue = asyncio.Queue()
        for name, value in state.items():
            setattr(protocol, name, value)
        take_directly(protocol.send, lambda frame: taken.append(frame) or is_taken)
        protocol.send_receive_event_to_app()
        return taken, usual

    return offer


def test_a_frame_is_taken_at_once_or_goes_the_usual_way(offered, protocol):
    assert offered(b"hello") == ([b"hello"], [])
    assert protocol.frames == []
    assert offered(b"hello", is_taken=False) == ([b"hello"], [b"hello"])
    assert offered(b"he", b"llo") == ([], [b"hello"])
    assert offered(b"\xff") == ([], [b"\xff"])
    assert offered(b"hello", curr_msg_data_type="bytes", close_sent=False) == ([], [b"hello"])
    assert offered(b"hello", close_sent=True) == ([], [b"hello"])


async def test_no_frame_overtakes_one_that_waits(offered, protocol):
    waiting = asyncio.Queue()
    waiting.put_nowait({"type": "websocket.receive", "text": "first"})
    assert offered(b"second", queue=waiting) == ([], [b"second"])


def test_compression_other_servers_and_the_switch_leave_it_to_send(protocol, settings):
    async def other(message):
        pass

    class Newer(DirectProtocol):
        pass

    assert direct_writer(other) is None
    assert direct_writer(Newer.__new__(Newer).send) is None
    protocol.config.ws_per_message_deflate = True
    assert direct_writer(protocol.send) is None
    protocol.config.ws_per_message_deflate = False
    settings.WEBSOCKET_DIRECT = False
    assert direct_writer(protocol.send) is None
    assert direct.frame_of("é") == b"\x81\x02\xc3\xa9"
