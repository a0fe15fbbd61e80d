"""Hot reads cost the same number of queries for any number of rows, and their plans stay narrow."""

import json
import re

import psycopg
import pytest
from django.db import connection

from accounts.constants import RelationKind
from accounts.models import Follow, User
from core.viewer import Viewer, anonymous
from posts.models import Like, Post
from posts.selectors import (
    feed,
    grid,
    home_feed,
    home_feed_newer_count,
    liked_posts,
    post_likers,
    post_shapes,
    profile_posts,
    rows,
    saved_posts,
    single,
)
from posts.services import post_like, post_save

pytestmark = pytest.mark.django_db

MANY_LIKES, AUTHORS = 6_000, 250


def page(read, **arguments):
    return read(position=None, is_backward=False, limit=21, **arguments)


@pytest.fixture
def crowd(user, make_user, make_post, follow):
    """`crowd(n)`: n people whom `user` follows, each with a post that `user` likes and saves."""

    def make(count):
        for _ in range(count):
            person = make_user()
            follow(user, person)
            post = make_post(person)
            post_like(actor_id=user.pk, post=post)
            post_save(actor_id=user.pk, post=post)

    return make


READS = {
    "home feed": (1, lambda user, _: page(home_feed, viewer=Viewer(id=user.pk))),
    "newer": (
        1,
        lambda user, post: home_feed_newer_count(
            viewer=Viewer(id=user.pk), since=post.published_at
        ),
    ),
    "own profile": (1, lambda user, _: page(profile_posts, viewer=anonymous(), user_id=user.pk)),
    "by id": (
        1,
        lambda user, _: post_shapes(
            viewer=Viewer(id=user.pk), post_ids=Post.objects.values_list("pk", flat=True)
        ),
    ),
}


def test_twenty_rows_cost_the_queries_of_one(user, make_post, crowd, django_assert_num_queries):
    def read_all():
        for name, (queries, read) in READS.items():
            with django_assert_num_queries(queries + (name == "by id")):  # the ids themselves
                read(user, post)

    post = make_post(user)
    crowd(1)
    read_all()
    for _ in range(20):
        make_post(user)
    crowd(20)
    read_all()


def test_a_page_costs_the_queries_of_one_row(
    user, api, make_post, crowd, django_assert_max_num_queries
):
    client = api(user)
    urls = [
        f"/api/v1/{path}"
        for path in ("feed/home", f"users/{user.pk}/posts", "me/saved", "me/liked")
    ]

    def queries(rows):
        found = []
        for url, expected in zip(urls, rows, strict=True):
            # The session is cached for 5 s.
            assert len(client.get(url).json()["results"]) == expected
            with django_assert_max_num_queries(100) as seen:
                client.get(url)
            found.append(len(seen))
        return found

    make_post(user)
    crowd(1)
    one = queries([2, 1, 1, 1])
    crowd(20)
    for _ in range(20):
        make_post(user)
    assert one == queries([20] * 4)
    assert max(one) <= 2


def test_who_likes_a_post_costs_one_query(user, make_post, make_user, django_assert_num_queries):
    post = make_post(user)
    for expected in (1, 21):
        while Like.objects.count() < expected:
            post_like(actor_id=make_user().pk, post=post)
        with django_assert_num_queries(1):
            assert [like.user.username for like in post_likers(viewer=anonymous(), post=post)]


def generic_plan(query, **arguments):
    """EXPLAIN ANALYZE of the plan that a prepared statement ends up with."""
    text, _ = query.compiled
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
    numbered = re.sub(r"%\((\w+)\)s", lambda m: f"${names.index(m[1]) + 1}", text)
    values = [arguments[name] for name in names]
    with connection.cursor() as cursor:
        inner = cursor.cursor
        inner.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        inner.execute(f"PREPARE hot AS {numbered.replace('%%', '%')}")
        literals = ", ".join(psycopg.sql.Literal(v).as_string(inner.connection) for v in values)
        inner.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE hot({literals})")
        (plan,) = inner.fetchone()
        inner.execute("DEALLOCATE hot")
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def nodes(plan):
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


def rows_read(plan, table):
    """Rows that the plan touched in a table, those filtered away included."""
    return sum(
        node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
        for node in nodes(plan)
        if node.get("Relation Name") == table
    )


@pytest.fixture
def fan(user):
    """`user` follows and likes very much."""
    authors = User.objects.bulk_create(
        User(username=f"author{i}", email=f"author{i}@example.org") for i in range(AUTHORS)
    )
    Post.objects.bulk_create(
        Post(
            author=authors[i % AUTHORS],
            state="published",
            published_at=f"2026-01-01T00:{i % 60:02}Z",
        )
        for i in range(MANY_LIKES)
    )
    Like.objects.bulk_create(Like(post=post, user=user) for post in Post.objects.all())
    Follow.objects.bulk_create(Follow(follower=user, followee=a, state="active") for a in authors)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE posts_post, posts_like, accounts_follow")
    return user


def hot_queries(user):
    at = {"at": rows.TOP.published_at, "id": rows.TOP.post_id}
    viewer = {"viewer": user.pk}
    ids = list(Post.objects.order_by("-pk").values_list("pk", flat=True)[:21])
    author = Post.objects.latest("pk").author_id
    return {
        "home by author": (feed._author_query(21, False), viewer | at),
        "home by window": (feed._window_query(21, 100, False), viewer | at),
        "home backwards": (
            feed._author_query(21, True),
            viewer | {"at": rows.TOP.published_at.replace(year=2000), "id": 0},
        ),
        "profile": (grid._beginning(21), viewer | at | {"author": author, "pin": 0}),
        "profile further": (grid._rest(21, False), viewer | at | {"author": author}),
        "by id": (single._by_ids, viewer | {"ids": ids}),
    }


def test_a_viewer_of_very_many_likes_reads_only_those_of_the_page(fan):
    queries = hot_queries(fan)
    for name in ("home by author", "home by window", "home backwards", "profile", "by id"):
        query, arguments = queries[name]
        plan = generic_plan(query, **arguments)
        assert (plan["Actual Rows"], rows_read(plan, "posts_like")) == (21, 21), name


def test_posts_are_read_by_their_author_and_the_window_once(fan):
    queries = hot_queries(fan)
    for name in ("home by author", "home backwards", "profile", "profile further"):
        query, arguments = queries[name]
        plan = generic_plan(query, **arguments)
        assert rows_read(plan, "posts_post") < 1_000, name
        assert "posts_of_author" in {node.get("Index Name") for node in nodes(plan)}, name
    query, arguments = queries["home by window"]
    plan = generic_plan(query, **arguments)
    assert "posts_newest" in {node.get("Index Name") for node in nodes(plan)}
    assert rows_read(plan, "posts_post") == 100 + 21


def test_lists_of_a_viewer_start_from_their_own_rows(user, other_user, make_post, relate):
    relate(user, RelationKind.MUTE, other_user)
    post = make_post(other_user)
    post_save(actor_id=user.pk, post=post)
    post_like(actor_id=user.pk, post=post)
    viewer = Viewer(id=user.pk)
    assert [save.post_id for save in saved_posts(viewer=viewer)] == [post.pk]
    assert [like.post_id for like in liked_posts(viewer=viewer)] == [post.pk]
