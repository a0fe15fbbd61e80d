"""Makes the demo by the services; each step finds what an interrupted run has made already."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from accounts.models import Follow, User
from accounts.services import (
    avatar_set,
    follow_create,
    follow_request_accept,
    profile_update,
    user_register,
)
from comments.models import Comment
from comments.services import comment_create, comment_like
from config.demo.content import (
    LOGINS,
    PASSWORD,
    Demo,
    DemoComment,
    DemoConversation,
    DemoPerson,
    DemoPost,
    always_same,
)
from config.demo.dates import Dates, date_conversation, date_people, date_reactions
from config.demo.pictures import patiently, picture_file, upload
from core.viewer import Viewer
from messaging.services import conversation_open, conversation_read, message_draft, message_send
from posts.models import Post
from posts.services import PersonAt, place_create, post_create, post_like, post_save

DOMAIN = "demo.jyoti.example"
#: As many as the decoder has places.
_DECODERS = 2
_SAVES_PER_PERSON = 5

Say = Callable[[str], None]


class DemoState(StrEnum):
    """How much of the demo is in the database."""

    ABSENT = "absent"
    BEGUN = "begun"
    COMPLETE = "complete"


@dataclass
class _Seeded:
    """What this run has at hand, by username and in the order of the content."""

    users: dict[str, User] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)


def demo_state(demo: Demo) -> DemoState:
    """Addresses are confirmed last, so a run that was cut short shows by one that is not."""
    names = [person.username for person in demo.people]
    made = User.objects.filter(username__in=names, email__endswith=f"@{DOMAIN}")
    if not made.exists():
        return DemoState.ABSENT
    confirmed = made.filter(email_verified_at__isnull=False).count()
    return DemoState.COMPLETE if confirmed == len(names) else DemoState.BEGUN


def seed(demo: Demo, say: Say) -> None:
    """Make everything that is not there yet, then spread it over the past weeks.

    Raises ConflictError `username_taken` if somebody else has a demo person's name.
    """
    seeded, dates = _Seeded(), Dates(timezone.now())
    say(f"{len(demo.people)} people ...")
    for person in demo.people:
        seeded.users[person.username] = _person(person)
    _follows(demo, seeded)
    say(f"{len(demo.posts)} posts with {sum(len(post.pictures) for post in demo.posts)} pictures")
    _posts(demo, seeded, dates, say)
    say("Likes and comments ...")
    _reactions(demo, seeded)
    say(f"{len(demo.conversations)} conversations ...")
    for conversation in demo.conversations:
        _conversation(conversation, seeded, dates)
    date_reactions(dates, seeded.posts)
    date_people(dates, list(seeded.users.values()))
    dates.write()


def _person(person: DemoPerson) -> User:
    user = User.objects.filter(username=person.username, email__endswith=f"@{DOMAIN}").first()
    if user is None:
        is_open = person.username in LOGINS
        user = user_register(
            username=person.username,
            email=f"{person.username}@{DOMAIN}",
            password=PASSWORD if is_open else secrets.token_urlsafe(24),
        )
    profile_update(user_id=user.pk, **person.profile)
    if user.avatar_id is None:
        with picture_file(person.avatar) as file:
            patiently(lambda: avatar_set(user_id=user.pk, file=file))
    return User.objects.get(pk=user.pk)


def _follows(demo: Demo, seeded: _Seeded) -> None:
    for person in demo.people:
        follower_id = seeded.users[person.username].pk
        for name in (*person.follows, *person.requests):
            followee = seeded.users[name]
            follow_create(follower_id=follower_id, followee=followee)
            waiting = Follow.objects.requested().filter(follower=follower_id, followee=followee)
            if name in person.follows and waiting.exists():
                follow_request_accept(followee_id=followee.pk, follower_id=follower_id)


def _posts(demo: Demo, seeded: _Seeded, dates: Dates, say: Say) -> None:
    """Decode ahead in the pool, publish in the order of time."""
    with ThreadPoolExecutor(_DECODERS) as pool:
        uploads = [_uploads(pool, post, seeded) for post in demo.posts]
        for number, (post, pictures) in enumerate(zip(demo.posts, uploads, strict=True), start=1):
            row = _standing(post, seeded) or _publish(post, [p.result() for p in pictures], seeded)
            moment = dates.now - post.age
            dates.set(row, published_at=moment, created_at=moment)
            seeded.posts.append(row)
            if number % 10 == 0:
                say(f"  {number} of {len(demo.posts)}")


def _publish(post: DemoPost, media_ids: list[int], seeded: _Seeded) -> Post:
    author_id = seeded.users[post.author].pk
    place = place_create(actor_id=author_id, name=post.place) if post.place else None
    return post_create(
        author_id=author_id,
        media_ids=media_ids,
        caption=post.caption,
        place_id=place.pk if place else None,
        people_tags=[
            PersonAt(media_ids[0], seeded.users[name].pk, x, y)
            for name, x, y in post.people
            if name in seeded.users
        ],
    )


def _standing(post: DemoPost, seeded: _Seeded) -> Post | None:
    author = seeded.users[post.author]
    return Post.objects.published().filter(author=author, caption=post.caption).first()


def _uploads(pool: ThreadPoolExecutor, post: DemoPost, seeded: _Seeded) -> list[Future[int]]:
    if _standing(post, seeded):
        return []
    owner_id = seeded.users[post.author].pk
    return [pool.submit(upload, owner_id, picture) for picture in post.pictures]


def _reactions(demo: Demo, seeded: _Seeded) -> None:
    for post, row in zip(demo.posts, seeded.posts, strict=True):
        audience = demo.audience_of(post.author)
        for name in always_same(audience, post.likes, f"like:{post.caption}"):
            post_like(actor_id=seeded.users[name].pk, post=row)
        for comment in post.comments:
            _comment(comment, row, None, [*audience, post.author], seeded)
    for name, user in seeded.users.items():
        visible = [p for p in demo.posts if name in demo.audience_of(p.author)]
        captions = always_same([p.caption for p in visible], _SAVES_PER_PERSON, f"save:{name}")
        for post, row in zip(demo.posts, seeded.posts, strict=True):
            if post.caption in captions:
                post_save(actor_id=user.pk, post=row)


def _comment(
    comment: DemoComment,
    post: Post,
    parent: Comment | None,
    audience: Sequence[str],
    seeded: _Seeded,
) -> None:
    author = seeded.users[comment.by]
    standing = Comment.objects.filter(post=post, author=author, body=comment.text).first()
    row = standing or comment_create(
        actor_id=author.pk, post=post, body=comment.text, parent=parent
    )
    others = [name for name in audience if name != comment.by]
    for name in always_same(others, comment.likes, f"like:{comment.text}"):
        comment_like(actor_id=seeded.users[name].pk, comment=row)
    for reply in comment.replies:
        _comment(reply, post, row, audience, seeded)


def _conversation(conversation: DemoConversation, seeded: _Seeded, dates: Dates) -> None:
    viewers = {name: Viewer(id=seeded.users[name].pk) for name in conversation.between}
    opener = conversation.messages[0].by
    other = next(name for name in conversation.between if name != opener)
    conversation_id = conversation_open(
        viewer=viewers[opener], user_ids=[viewers[other].pk]
    ).conversation_id
    for number, message in enumerate(conversation.messages):
        draft = message_draft(
            viewer=viewers[message.by],
            conversation_id=conversation_id,
            client_id=uuid5(NAMESPACE_URL, f"{DOMAIN}/{opener}/{other}/{number}"),
            body=message.text,
        )
        message_send(viewer=viewers[message.by], draft=draft)
    last = len(conversation.messages)
    writer = conversation.messages[-1].by
    for name, viewer in viewers.items():
        seq = last if name == writer else last - conversation.unread
        conversation_read(viewer=viewer, conversation_id=conversation_id, seq=seq)
    moments = [dates.now - message.age for message in conversation.messages]
    date_conversation(dates, conversation_id, moments)
