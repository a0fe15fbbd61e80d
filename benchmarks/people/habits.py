"""What people do all day, each with time to think in between."""

import asyncio
import io
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

from PIL import Image

from benchmarks.people.api import RequestFailedError
from benchmarks.people.gateway import CommandRefusedError, SocketLostError
from benchmarks.people.person import Person

# Seconds between two acts, on average; each pause lies between half and one and a half of it.
READ_EVERY_S: Final = 5.0
CHAT_EVERY_S: Final = 3.0
REACT_EVERY_S: Final = 10.0
POST_EVERY_S: Final = 120.0

LIKES_PER_COMMENT: Final = 3
PICTURE_SIZE: Final = (1600, 1200)
TEXTS: Final = (
    "The boats are back.",
    "Low tide at six, bring boots.",
    "That light over the pier!",
    "Are you coming on Sunday?",
    "I have never seen the water so still.",
)

Act = Callable[[Person, "Surroundings"], Awaitable[None]]


class Surroundings:
    """What a person has lately seen and can react to."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []

    def post(self, dice: random.Random) -> dict[str, Any] | None:
        """One of the posts on the screen."""
        return dice.choice(self.posts) if self.posts else None


async def live(
    person: Person, pictures: list[bytes], *, post_every_s: float, until: asyncio.Event
) -> None:
    """Everything that a person does; failed requests are counted, not fatal.

    After the event whatever was begun is brought to its end.
    """
    around = Surroundings()
    acts: list[tuple[float, Act]] = [(READ_EVERY_S, read)]
    if person.account.is_active:
        posting: Act = lambda who, near: publish(who, who.dice.choice(pictures))  # noqa: E731
        acts += [(CHAT_EVERY_S, chat), (REACT_EVERY_S, react), (post_every_s, posting)]
    async with asyncio.TaskGroup() as group:
        for every_s, act in acts:
            group.create_task(_again_and_again(person, around, act, every_s, until))


async def _again_and_again(
    person: Person, around: Surroundings, act: Act, every_s: float, until: asyncio.Event
) -> None:
    pause_s = person.dice.uniform(0, every_s)
    while not await _is_over(until, pause_s):
        with suppress(RequestFailedError, SocketLostError, CommandRefusedError):
            await person.fresh_access()
            await act(person, around)
        pause_s = every_s * person.dice.uniform(0.5, 1.5)


async def _is_over(until: asyncio.Event, pause_s: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(until.wait(), pause_s)
    return until.is_set()


async def read(person: Person, around: Surroundings) -> None:
    """Look at one screen."""
    screens: list[tuple[int, Act]] = [
        (8, home),
        (4, grid),
        (4, comments),
        (3, notifications),
        (4, inbox),
        (1, instance),
    ]
    (screen,) = person.dice.choices([s for _, s in screens], weights=[w for w, _ in screens])
    await screen(person, around)


async def home(person: Person, around: Surroundings) -> None:
    """The home feed, the badges, and a picture of the first post."""
    feed = await person.api.get("feed/home", limit=20)
    around.posts = feed["results"]
    await person.api.get("me/badges")
    if around.posts:
        since = around.posts[0]["published_at"]
        await person.api.picture(around.posts[0]["media"][0]["variants"][0]["url"])
        await person.api.get("feed/home/newer", since=since)


async def grid(person: Person, around: Surroundings) -> None:
    """Somebody's profile."""
    post = around.post(person.dice)
    author_id = post["author"]["id"] if post else person.account.id
    await person.api.get("users/{}", author_id)
    await person.api.get("users/{}/posts", author_id)


async def comments(person: Person, around: Surroundings) -> None:
    """What people say below a post."""
    if post := around.post(person.dice):
        await person.api.get("posts/{}/comments", post["id"])


async def notifications(person: Person, around: Surroundings) -> None:
    """What others did."""
    await person.api.get("notifications")


async def inbox(person: Person, around: Surroundings) -> None:
    """The conversations, and what is new in one of them."""
    await person.api.get("conversations")
    if person.chats and person.gateway:
        opened = person.dice.choice(list(person.chats.values()))
        await person.api.get("conversations/{}/messages", opened.id)
        await person.gateway.call("read.mark", conversation_id=opened.id, seq=opened.top)


async def instance(person: Person, around: Surroundings) -> None:
    """What every client asks first; it says which release answers."""
    person.tally.saw_version((await person.api.get("instance"))["version"])


async def chat(person: Person, around: Surroundings) -> None:
    """Write to somebody; half of the time they see it coming."""
    if not person.chats or person.gateway is None:
        return
    opened = person.dice.choice(list(person.chats.values()))
    if person.dice.random() < 0.5:  # noqa: PLR2004  half of the time
        with suppress(SocketLostError):
            await person.gateway.call("typing.start", conversation_id=opened.id)
    await opened.say(person.gateway, person.dice.choice(TEXTS))


async def react(person: Person, around: Surroundings) -> None:
    """Like a post, or say something below it."""
    post = around.post(person.dice)
    if post is None:
        return
    if person.dice.randrange(LIKES_PER_COMMENT + 1):
        await person.api.put("posts/{}/like", post["id"])
    else:
        text = person.dice.choice(TEXTS)
        await person.api.post("posts/{}/comments", post["id"], body=text)


async def publish(person: Person, picture: bytes) -> None:
    """Upload a picture and post it."""
    media = await person.api.upload("media", picture, "A harbour")
    await person.api.post("posts", media_ids=[media["id"]], caption=person.dice.choice(TEXTS))


def picture(dice: random.Random) -> bytes:
    """A JPEG of about 300 kB, as a phone sends it after its own scaling."""
    small = Image.frombytes("RGB", (200, 150), dice.randbytes(200 * 150 * 3))
    large = small.resize(PICTURE_SIZE, Image.Resampling.BICUBIC)
    content = io.BytesIO()
    large.save(content, "JPEG", quality=80)
    return content.getvalue()
