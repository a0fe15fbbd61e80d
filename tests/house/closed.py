"""What stands in the private account of the access matrix, and every answer that somebody gets."""

import uuid
from types import SimpleNamespace

from django.db import transaction

from accounts.services import block_create, follow_create, follow_request_accept, follower_remove
from comments.services import comment_create, comment_edit, comment_like
from messaging.services import message_draft, message_send
from posts.selectors import post_for
from posts.services import post_edit, post_like, post_save
from tests.conftest import viewer_of
from tests.house.test_access_matrix import MATRIX, request_of

#: Words that stand in the owner's post, its picture, its thread and the owner's conversation.
CAPTION, ALT_TEXT, COMMENT, MESSAGE = "zephyrcaption", "zephyralt", "zephyrcomment", "zephyrmessage"
#: No row has it.
ABSENT = 10**15


def furnish(world, make_user, run_jobs):
    """Plant the words, and add who blocked the owner and who was a follower until just now."""
    people, owner = world["people"], world["people"]["owner"]
    people["blocker"], people["removed"] = make_user("the_blocker"), make_user("the_removed")
    block_create(owner_id=people["blocker"].pk, target=owner)
    follow_create(follower_id=people["removed"].pk, followee=owner)
    follow_request_accept(followee_id=owner.pk, follower_id=people["removed"].pk)
    post = post_for(viewer=viewer_of(owner), post_id=world["post_id"])
    post_edit(
        actor_id=owner.pk, post=post, caption=CAPTION, alt_texts=[(world["media_id"], ALT_TEXT)]
    )
    root = post.comments.get(pk=world["comment_id"])
    comment_edit(actor_id=owner.pk, comment=root, body=COMMENT)
    for name in ("removed", "follower"):
        person = people[name]
        post_like(actor_id=person.pk, post=post)
        post_save(actor_id=person.pk, post=post)
        comment_like(actor_id=person.pk, comment=root)
        own = comment_create(actor_id=person.pk, post=post, body="Lovely", parent=root)
        comment_create(actor_id=owner.pk, post=post, body=COMMENT, parent=own)
    draft = message_draft(
        viewer=viewer_of(owner), conversation_id=world["conversation_id"],
        client_id=uuid.UUID(int=1), body=MESSAGE,
    )  # fmt: skip
    message_send(viewer=viewer_of(owner), draft=draft)
    run_jobs()
    follower_remove(owner_id=owner.pk, follower_id=people["removed"].pk)
    run_jobs()
    post.refresh_from_db()
    key = post.media[0]["key"]
    world["words"] = (CAPTION, ALT_TEXT, COMMENT, MESSAGE, world["shortcode"], key, owner.email)


def absent(world):
    """The same world for `request_of`, whose things have ids and names that nothing has."""
    nobody = SimpleNamespace(pk=ABSENT)
    ids = {name: ABSENT for name in world if name.endswith("_id")}
    return {**world, **ids, "shortcode": "A" * 11, "people": {"pending": nobody}}


def ask(client, route, world):
    """The answer to one call, of which nothing stays."""
    method, path, body, form = request_of(route, world)
    if world["people"].keys() == {"pending"}:
        path = path.replace("the_owner", "the_nobody")
    with transaction.atomic():
        call = getattr(client, method.lower())
        answer = call(path) if method == "GET" else call(path, body, format=form)
        transaction.set_rollback(True)
    return answer


def read_all(client, world, *, but=()):
    """Every GET of the API by one person: route to answer."""
    routes = [route for route in MATRIX if route.startswith("GET ") and route not in but]
    return {route: ask(client, route, world) for route in routes}


def told(answers, words):
    """Which of the words stand in which answers."""
    return {
        route: found
        for route, answer in answers.items()
        if (found := [word for word in words if word.encode() in answer.content])
    }
