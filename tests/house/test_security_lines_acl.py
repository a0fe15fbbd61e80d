"""Who is told what: the ACL lines of docs/security.md, over every route at once."""

import statistics
import time

import pytest

from accounts.models import Follow, Relation, User
from accounts.services import block_create, block_end, follow_create, relation_set
from posts.selectors import post_for
from posts.services import post_delete, post_discard
from tests.conftest import viewer_of
from tests.house import closed
from tests.house.test_access_matrix import ACTORS, MATRIX

pytestmark = pytest.mark.django_db
DOCUMENTS = ("GET schema", "GET docs", "GET instance")
OUTSIDERS = ("anonymous", "stranger", "pending", "removed", "blocked", "blocker", "staff")
#: The one route that tells a blocked person that somebody is there: they may block back.
BLOCK_BACK = "PUT users/<id:user_id>/block"


@pytest.fixture
def furnished(world, make_user, run_jobs):
    """The private account with words to look for, and more people around it."""
    closed.furnish(world, make_user, run_jobs)
    return world


def client_of(api, world, name):
    return api(world["people"].get(name))


def comparable(answer):
    """All that a client gets but what names this one request."""
    body = answer.json() if answer.content else None
    if isinstance(body, dict):
        body.pop("instance", None)
    headers = {
        k: v for k, v in answer.headers.items() if k not in ("X-Request-Id", "Content-Length")
    }
    return answer.status_code, body, headers


# ACL-03, ACL-04, ACL-05, ACL-07, ACL-08


def told_to(name, api, world, words):
    return closed.told(closed.read_all(client_of(api, world, name), world, but=DOCUMENTS), words)


def test_what_a_follower_reads_of_a_private_account_is_in_no_answer_to_an_outsider(furnished, api):
    leaks = {name: told_to(name, api, furnished, furnished["words"]) for name in OUTSIDERS}
    assert {name: found for name, found in leaks.items() if found} == {}
    told = told_to("follower", api, furnished, furnished["words"])
    everywhere = {word for words in told.values() for word in words}
    assert everywhere == set(furnished["words"]) - {furnished["people"]["owner"].email}
    assert {
        "GET posts/<id:post_id>", "GET users/<id:user_id>/posts", "GET feed/home", "GET me/liked",
        "GET me/saved", "GET posts/<id:post_id>/comments", "GET notifications", "GET conversations",
        "GET conversations/<id:conversation_id>/messages",
    } <= set(told)  # fmt: skip


# ACL-05, ACL-13, ACL-14


def different(client, routes, world):
    """The routes that answer otherwise than for an id or a name that nothing has."""
    nothing = closed.absent(world)
    return [
        route for route in routes
        if comparable(closed.ask(client, route, world))
        != comparable(closed.ask(client, route, nothing))
    ]  # fmt: skip


def test_what_is_hidden_answers_as_what_is_absent_on_every_route(world, api):
    for name in ("anonymous", "stranger", "pending", "staff"):
        column = ACTORS.index(name)
        routes = [route for route in MATRIX if "<" in route and MATRIX[route][column] == 404]
        assert len(routes) >= 10
        assert different(client_of(api, world, name), routes, world) == [], name


def test_across_a_block_every_route_answers_as_if_the_other_did_not_exist(world, api, make_user):
    world["people"]["blocker"] = make_user("the_blocker")
    block_create(owner_id=world["people"]["blocker"].pk, target=world["people"]["owner"])
    named = ("GET users/lookup", "POST reports", "POST conversations")
    routes = [route for route in MATRIX if "<" in route or route in named]
    for name in ("blocked", "blocker"):
        assert different(client_of(api, world, name), routes, world) == [BLOCK_BACK], name


def test_hidden_takes_about_as_long_as_absent(world, api):
    nothing = closed.absent(world)
    paths = [
        ("stranger", "GET posts/<id:post_id>"), ("stranger", "GET comments/<id:comment_id>"),
        ("stranger", "GET posts/<id:post_id>/comments"),
        ("stranger", "GET conversations/<id:conversation_id>"),
        ("stranger", "GET media/<id:media_id>"), ("blocked", "GET users/<id:user_id>"),
        ("blocked", "GET users/<id:user_id>/posts"), ("blocked", "GET users/<id:user_id>/followers"),
    ]  # fmt: skip
    ratios = {}
    for name, route in paths:
        client, times = client_of(api, world, name), ([], [])
        for _ in range(15):
            for where, some in zip((world, nothing), times, strict=True):
                began = time.perf_counter()
                closed.ask(client, route, where)
                some.append(time.perf_counter() - began)
        hidden, missing = map(statistics.median, times)
        ratios[name, route] = hidden / missing
    assert {which: r for which, r in ratios.items() if not 0.5 <= r <= 2} == {}


# ACL-06


def test_an_unblock_gives_back_nothing_that_the_block_took(user, other_user):
    for one, other in ((user, other_user), (other_user, user)):
        follow_create(follower_id=one.pk, followee=other)
        relation_set(owner_id=one.pk, target=other, kind="close_friend")
    for _ in range(2):
        block_create(owner_id=user.pk, target=other_user)
    assert not Follow.objects.exists()
    assert list(Relation.objects.values_list("kind", flat=True)) == ["block"]
    for _ in range(2):
        block_end(owner_id=user.pk, target_id=other_user.pk)
    assert not Follow.objects.exists()
    assert not Relation.objects.exists()


# ACL-15


def test_a_deleted_post_is_in_no_answer_to_anybody(furnished, api, run_jobs):
    owner = furnished["people"]["owner"]
    post = post_for(viewer=viewer_of(owner), post_id=furnished["post_id"])
    post_delete(actor_id=owner.pk, post=post)
    words = [word for word in furnished["words"] if word not in (closed.MESSAGE, owner.email)]
    assert told_to("follower", api, furnished, words) == {}
    told = told_to("owner", api, furnished, words)
    # Its owner finds it in the bin, and the picture by itself, until both are thrown away.
    assert set(told) <= {"GET me/deleted", "GET media/<id:media_id>"}
    assert closed.CAPTION in told["GET me/deleted"]
    post_discard(actor_id=owner.pk, post=post)
    run_jobs(minutes=10)
    assert told_to("owner", api, furnished, words) == {}
    owner.refresh_from_db()
    assert owner.posts_count == 0


def test_who_is_not_shown_is_in_no_answer_to_anybody_else(furnished, api):
    words = (*furnished["words"], "the_owner")
    for state in ("suspended", "deactivated", "deleting"):
        User.objects.filter(pk=furnished["people"]["owner"].pk).update(state=state)
        for name in ("follower", "staff"):
            assert told_to(name, api, furnished, words) == {}, (state, name)
