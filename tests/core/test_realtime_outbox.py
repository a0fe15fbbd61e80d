"""The outbox of a socket is bounded, keeps the order, and costs nothing while idle."""

import asyncio

from core.realtime.outbox import EPHEMERAL_FRAMES, MOST_CHARS, MOST_FRAMES, Outbox


def slow_outbox():
    """An outbox whose peer reads nothing until `gate` is set."""
    written, overflows, gate = [], [], asyncio.Event()

    async def send(text):
        await gate.wait()
        written.append(text)

    return Outbox(send, overflow=lambda: overflows.append(1)), written, overflows, gate


async def test_frames_are_written_in_the_order_in_which_they_were_put():
    outbox, written, _, gate = slow_outbox()
    for number in range(10):
        outbox.put(str(number))
    gate.set()
    await outbox.flushed()
    outbox.put("last")
    await outbox.flushed()
    assert written == [*map(str, range(10)), "last"]


async def test_a_slow_reader_overflows_once_after_256_frames_and_gets_nothing_more():
    outbox, written, overflows, gate = slow_outbox()
    for number in range(MOST_FRAMES):
        outbox.put(str(number))
    assert overflows == []
    outbox.put("one too many")
    outbox.put("ignored")
    assert overflows == [1]
    gate.set()
    await outbox.flushed()
    assert written == []


async def test_a_slow_reader_overflows_after_one_mebi_of_characters():
    outbox, _, overflows, _ = slow_outbox()
    outbox.put("x" * (MOST_CHARS - 1))
    assert overflows == []
    outbox.put("yy")
    assert overflows == [1]


async def test_room_comes_back_when_frames_are_written():
    outbox, written, overflows, gate = slow_outbox()
    gate.set()
    for _ in range(3):
        for number in range(MOST_FRAMES):
            outbox.put(str(number))
        await outbox.flushed()
    assert (len(written), overflows) == (3 * MOST_FRAMES, [])


async def test_a_peer_that_is_gone_ends_the_outbox_quietly():
    async def send(text):
        raise ConnectionResetError

    outbox = Outbox(send, overflow=lambda: None)
    outbox.put("lost")
    await outbox.flushed()
    outbox.put("ignored")
    await outbox.flushed()


async def test_what_need_not_wait_is_written_at_once():
    written = []

    async def send(text):
        written.append(text)

    outbox = Outbox(send, overflow=lambda: None)
    outbox.put("now")
    assert written == ["now"]


async def test_ephemeral_frames_are_dropped_once_32_wait():
    outbox, written, overflows, gate = slow_outbox()
    for number in range(100):
        outbox.put(str(number))
        outbox.put("typing", is_ephemeral=True)
    gate.set()
    await outbox.flushed()
    assert (written.count("typing"), overflows) == (EPHEMERAL_FRAMES // 2, [])
    assert [text for text in written if text != "typing"] == [*map(str, range(100))]


async def test_ephemeral_frames_make_room_before_a_slow_reader_is_given_up():
    outbox, written, overflows, gate = slow_outbox()
    for _ in range(20):
        outbox.put("typing", is_ephemeral=True)
    for number in range(MOST_FRAMES - 1):
        outbox.put(str(number))
    assert overflows == []
    gate.set()
    await outbox.flushed()
    # The one that was on its way already.
    assert written == ["typing", *map(str, range(MOST_FRAMES - 1))]
