"""Reads the demo: one file for each person with their posts, and one of conversations."""

import re
import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PICTURES = FOLDER / "pictures"
#: Who a visitor may sign in as; the others have passwords that nobody knows.
LOGINS = ("mira.holt", "tomas.reyes")
PASSWORD = "lantern-harbour-42"  # noqa: S105 - shown to everybody, and refused in production

_AGO = re.compile(r"(?:(?P<days>\d+)d)? ?(?:(?P<hours>\d+)h)? ?(?:(?P<minutes>\d+)m)?")


@dataclass(frozen=True, slots=True)
class DemoPicture:
    """A file of the pictures' folder; `crop` is (left, top, right, bottom) from 0 to 1."""

    file: str
    crop: tuple[float, float, float, float] = (0, 0, 1, 1)
    alt: str = ""

    @property
    def path(self) -> Path:
        """Where its bytes are."""
        return PICTURES / f"{self.file}.webp"


@dataclass(frozen=True, slots=True)
class DemoComment:
    """A comment, by username, how many people like it, and the replies to it."""

    by: str
    text: str
    likes: int = 0
    replies: tuple["DemoComment", ...] = ()


@dataclass(frozen=True, slots=True)
class DemoPost:
    """A post; `likes` people like it, always the same ones."""

    author: str
    caption: str
    age: timedelta
    pictures: tuple[DemoPicture, ...]
    likes: int
    comments: tuple[DemoComment, ...]
    place: str = ""
    #: Who is in the first picture, and where.
    people: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person; they follow some and wait for an answer from others, by username."""

    username: str
    profile: Mapping[str, Any]
    avatar: DemoPicture
    follows: tuple[str, ...]
    requests: tuple[str, ...]

    @property
    def is_private(self) -> bool:
        """Whether only followers see their posts."""
        return bool(self.profile["is_private"])


@dataclass(frozen=True, slots=True)
class DemoMessage:
    """One message and how long ago it was sent."""

    by: str
    text: str
    age: timedelta


@dataclass(frozen=True, slots=True)
class DemoConversation:
    """A conversation of two; the last `unread` messages were not opened by the other one."""

    between: tuple[str, str]
    unread: int
    messages: tuple[DemoMessage, ...]


@dataclass(frozen=True, slots=True)
class Demo:
    """All of it, posts and conversations oldest first."""

    people: tuple[DemoPerson, ...]
    posts: tuple[DemoPost, ...]
    conversations: tuple[DemoConversation, ...]

    def audience_of(self, username: str) -> list[str]:
        """Who else sees this person's posts: followers of a private account, everybody else's."""
        person = next(each for each in self.people if each.username == username)
        return [
            each.username
            for each in self.people
            if each is not person and (username in each.follows or not person.is_private)
        ]


def load_demo(folder: Path = FOLDER) -> Demo:
    """Read people/*.toml and conversations.toml. Raises KeyError, TypeError for what is wrong."""
    people, posts = [], []
    for path in sorted((folder / "people").glob("*.toml")):
        raw = tomllib.loads(path.read_text("utf-8"))
        people.append(_person(path.stem, raw))
        posts += [_post(path.stem, post) for post in raw["posts"]]
    talks = tomllib.loads((folder / "conversations.toml").read_text("utf-8"))["conversations"]
    return Demo(
        tuple(people),
        tuple(sorted(posts, key=lambda post: post.age, reverse=True)),
        tuple(sorted(map(_conversation, talks), key=lambda t: t.messages[-1].age, reverse=True)),
    )


def always_same(names: Sequence[str], count: int, key: str) -> list[str]:
    """`count` of the names as if drawn by lot, and the same ones again for the same key."""
    return sorted(names, key=lambda name: share(f"{key}:{name}"))[:count]


def share(key: str) -> float:
    """A number from 0 to 1 that looks like chance and hangs on the key alone."""
    return zlib.crc32(key.encode()) / 2**32


def _person(username: str, raw: Mapping[str, Any]) -> DemoPerson:
    return DemoPerson(
        username=username,
        profile={
            "display_name": raw["name"],
            "bio": raw["bio"],
            "pronouns": raw.get("pronouns", ""),
            "links": raw.get("links", []),
            "is_private": raw.get("is_private", False),
        },
        avatar=_picture(raw["avatar"]),
        follows=tuple(raw["follows"]),
        requests=tuple(raw.get("requests", [])),
    )


def _post(author: str, raw: Mapping[str, Any]) -> DemoPost:
    return DemoPost(
        author=author,
        caption=raw["caption"],
        age=timedelta(days=raw["days_ago"]),
        pictures=tuple(map(_picture, raw["pictures"])),
        likes=raw["likes"],
        comments=tuple(map(_comment, raw.get("comments", []))),
        place=raw.get("place", ""),
        people=tuple((name, x, y) for name, x, y in raw.get("people", [])),
    )


def _picture(raw: Mapping[str, Any]) -> DemoPicture:
    left, top, right, bottom = raw.get("crop", (0, 0, 1, 1))
    return DemoPicture(raw["file"], (left, top, right, bottom), raw.get("alt", ""))


def _comment(raw: Mapping[str, Any]) -> DemoComment:
    replies = tuple(map(_comment, raw.get("replies", [])))
    return DemoComment(raw["by"], raw["text"], raw.get("likes", 0), replies)


def _conversation(raw: Mapping[str, Any]) -> DemoConversation:
    one, other = raw["between"]
    messages = tuple(
        DemoMessage(message["by"], message["text"], _ago(message["ago"]))
        for message in raw["messages"]
    )
    return DemoConversation((one, other), raw.get("unread", 0), messages)


def _ago(text: str) -> timedelta:
    """Read `2d 5h 30m`. Raises ValueError."""
    found = _AGO.fullmatch(text)
    if not text or found is None:
        raise ValueError(f"not a span such as 2d 5h 30m: {text!r}")
    return timedelta(**{unit: int(number or 0) for unit, number in found.groupdict().items()})
