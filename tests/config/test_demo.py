"""The demo: what is in it, and that it is made once, even if the first try is cut short."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Follow, User
from comments.models import Comment
from config.demo.content import FOLDER, PICTURES, Demo, load_demo
from config.demo.seeding import DemoState, demo_state, seed
from messaging.models import Member, Message
from posts.models import Like, Post

NAMES = {"mira.holt", "tomas.reyes", "ruth.meyer"}


class CutShortError(Exception):
    """The run ends here."""


@pytest.fixture
def small_demo() -> Demo:
    """Three people, one of them private, with the newest post of each and one conversation."""
    demo = load_demo()
    people = tuple(
        replace(
            person,
            follows=tuple(name for name in person.follows if name in NAMES),
            requests=tuple(name for name in person.requests if name in NAMES),
        )
        for person in demo.people
        if person.username in NAMES
    )
    posts = {post.author: post for post in demo.posts if post.author in NAMES}
    return Demo(
        people,
        tuple(
            replace(
                post,
                pictures=post.pictures[:1],
                comments=tuple(replace(c, likes=0) for c in post.comments if c.by in NAMES),
            )
            for post in sorted(posts.values(), key=lambda post: post.age, reverse=True)
        ),
        tuple(talk for talk in demo.conversations if set(talk.between) <= NAMES),
    )


def test_the_demo_is_as_large_as_the_readme_says():
    demo = load_demo()
    pictures = [picture for post in demo.posts for picture in post.pictures]
    assert len(demo.people) == 12
    assert len(demo.posts) >= 60
    assert len({picture.file for picture in pictures}) >= 25
    assert all(picture.alt for picture in pictures)
    assert any(len(post.pictures) > 1 for post in demo.posts)
    assert any(person.requests for person in demo.people)
    assert len({post.place for post in demo.posts if post.place}) >= 3
    assert {name for post in demo.posts for name, _, _ in post.people} == {
        "asha.verma",
        "ines.costa",
    }


def test_every_picture_is_used_credited_and_small():
    demo = load_demo()
    used = {picture.file for post in demo.posts for picture in post.pictures}
    used |= {person.avatar.file for person in demo.people}
    files = list(PICTURES.iterdir())
    credited = (FOLDER / "CREDITS.md").read_text()
    assert {path.stem for path in files} == used
    assert [path.name for path in files if f"| `{path.name}` |" not in credited] == []
    assert sum(path.stat().st_size for path in files) < 4_000_000


def test_only_people_who_see_a_post_react_to_it():
    demo = load_demo()
    for post in demo.posts:
        audience = {*demo.audience_of(post.author), post.author}
        writers = {c.by for root in post.comments for c in (root, *root.replies)}
        assert writers <= audience
        assert post.likes <= len(audience) - 1


@pytest.mark.django_db(transaction=True)
def test_seeding_makes_everything_with_times_in_the_past(small_demo):
    seed(small_demo, lambda _line: None)
    mira = User.objects.get(username="mira.holt")
    post = Post.objects.get(author=mira)
    assert demo_state(small_demo) is DemoState.COMPLETE
    assert timezone.now() - post.published_at >= timedelta(hours=8)
    assert post.media[0]["alt_text"] == small_demo.posts[-1].pictures[0].alt
    assert mira.avatar_key
    assert post.place.name == "Golden Gate Bridge, San Francisco"
    assert post.hashtags == ["bridges", "morning"]
    assert {use.published_at for use in post.tagged.all()} == {post.published_at}
    assert Follow.objects.requested().filter(followee__username="ruth.meyer").count() == 2
    assert list(Post.objects.order_by("pk")) == list(Post.objects.order_by("published_at"))
    reply = Comment.objects.filter(root__isnull=False).earliest("pk")
    assert reply.root.created_at < reply.created_at < timezone.now()
    newest = Message.objects.latest("seq")
    assert timedelta(minutes=40) < timezone.now() - newest.created_at < timedelta(minutes=45)
    unread = Member.objects.get(user=mira)
    assert newest.seq - unread.read_seq == 2


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_cut_short_is_completed_without_doubles(small_demo):
    def cut(line: str) -> None:
        if line.startswith("1 conversations"):
            raise CutShortError

    with pytest.raises(CutShortError):
        seed(small_demo, cut)
    assert demo_state(small_demo) is DemoState.BEGUN
    before = [model.objects.count() for model in (User, Post, Like, Comment)]
    seed(small_demo, lambda _line: None)
    assert demo_state(small_demo) is DemoState.COMPLETE
    assert [model.objects.count() for model in (User, Post, Like, Comment)] == before


@pytest.mark.django_db(transaction=True)
def test_the_command_changes_nothing_when_the_demo_is_complete(small_demo, monkeypatch):
    monkeypatch.setattr("config.management.commands.seed_demo.load_demo", lambda: small_demo)
    call_command("seed_demo", stdout=StringIO())
    Post.objects.all().delete()
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert out.getvalue().splitlines() == [
        "The demo people are there already.",
        "Log in as mira.holt with the password lantern-harbour-42",
        "Log in as tomas.reyes with the password lantern-harbour-42",
    ]
    assert not Post.objects.exists()


@pytest.mark.django_db
def test_a_taken_name_is_a_clear_error(make_user):
    make_user("asha.verma")
    with pytest.raises(CommandError, match=r"cannot be made: This name is taken\."):
        call_command("seed_demo", stdout=StringIO())


def test_known_passwords_are_refused_in_production(settings):
    settings.KIND = "production"
    with pytest.raises(CommandError, match="passwords that everybody knows"):
        call_command("seed_demo", stdout=StringIO())
