"""Who gets what on every route: seven actors against a private account; a new route needs a row.

The columns: nobody signed in, a stranger, one whose follow request waits, one whom the owner
blocked, a follower, the owner, and a moderator who follows nobody.
"""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from accounts.constants import Role
from accounts.services import block_create, follow_create, follow_request_accept
from comments.services import comment_create
from media_storage.services import media_create, upload_start
from messaging.services import conversation_open
from notifications.models import Notification
from posts.models import PeopleTag
from posts.selectors import post_for
from posts.services import PersonAt, collection_create, place_create, post_create
from tests.conftest import viewer_of
from tests.house.rules import access_table, routes

ACTORS = ("anonymous", "stranger", "pending", "blocked", "follower", "owner", "staff")

ANYBODY = (200,) * 7
MINE = (401, *(200,) * 6)
# What a private account shows to its followers, and what only they may do there.
CIRCLE = (404, 404, 404, 404, 200, 200, 404)
CIRCLE_ACT = (401, 404, 404, 404, 200, 200, 404)
OWNER_404 = (401, 404, 404, 404, 404, 200, 404)
OWNER_403 = (401, 404, 404, 404, 403, 200, 404)
MEMBERS = (401, 404, 404, 404, 200, 200, 404)
REQUEST = (401, 404, 404, 404, 404, 204, 404)

MATRIX = {
    # accounts
    "POST auth/register": (400,) * 7,
    "POST auth/login": (400,) * 7,
    "POST auth/refresh": (403,) * 7,
    "POST auth/logout": (403,) * 7,
    "POST auth/logout-all": (401, *(204,) * 6),
    "POST auth/login/mfa": (400,) * 7,
    "GET auth/sessions": MINE,
    "DELETE auth/sessions/<id:session_id>": (401, *(204,) * 6),
    "GET auth/mfa": MINE,
    "POST auth/mfa/totp": (401, *(400,) * 6),
    "DELETE auth/mfa/totp": (401, *(400,) * 6),
    "POST auth/mfa/totp/confirm": (401, *(400,) * 6),
    "POST auth/mfa/recovery-codes": (401, *(400,) * 6),
    "GET auth/tokens": MINE,
    "POST auth/tokens": (401, *(400,) * 6),
    "DELETE auth/tokens/<id:token_id>": (401, *(404,) * 6),
    "POST auth/email/verify": (400,) * 7,
    "POST auth/email/resend": (401, *(422,) * 6),
    "POST auth/email/change": (401, *(400,) * 6),
    "POST auth/password/forgot": (400,) * 7,
    "POST auth/password/reset": (400,) * 7,
    "POST auth/password/change": (401, *(400,) * 6),
    "POST auth/ws-ticket": MINE,
    "GET auth/username-available": ANYBODY,
    "GET me": MINE,
    "PATCH me": MINE,
    "POST me/deactivate": (401, *(400,) * 6),
    "POST me/delete": (401, *(400,) * 6),
    "POST me/delete/cancel": (401, *(422,) * 6),
    "PUT me/avatar": MINE,
    "DELETE me/avatar": MINE,
    "PUT me/username": (401, *(200,) * 6),
    "POST reports": (401, 201, 201, 404, 201, 422, 201),
    "GET reports/mine": MINE,
    "POST appeals": (400,) * 7,
    "POST contact": (400,) * 7,
    "GET me/settings": MINE,
    "PATCH me/settings": MINE,
    "GET me/blocks": MINE,
    "GET me/mutes": MINE,
    "GET me/consents": MINE,
    "POST me/consents": (401, *(400,) * 6),
    "GET me/restricted": MINE,
    "GET me/close-friends": MINE,
    "GET users/relationships": MINE,
    "GET users/suggestions": MINE,
    "DELETE users/suggestions/<id:user_id>": (401, 204, 204, 404, 204, 204, 204),
    "GET users/<id:user_id>/mutuals": (401, 404, 404, 404, 200, 200, 404),
    "DELETE users/<id:user_id>/follower": (401, *(204,) * 6),
    "PUT users/<id:user_id>/mute": (401, 200, 200, 404, 200, 422, 200),
    "DELETE users/<id:user_id>/mute": MINE,
    "PUT users/<id:user_id>/restrict": (401, 200, 200, 404, 200, 422, 200),
    "DELETE users/<id:user_id>/restrict": MINE,
    "PUT users/<id:user_id>/close-friend": (401, 200, 200, 404, 200, 422, 200),
    "DELETE users/<id:user_id>/close-friend": MINE,
    "GET me/hidden-words": MINE,
    "PUT me/hidden-words/<str:word>": MINE,
    "DELETE me/hidden-words/<str:word>": MINE,
    "GET me/follow-requests": MINE,
    "POST follow-requests/<id:user_id>/accept": REQUEST,
    "POST follow-requests/<id:user_id>/decline": REQUEST,
    "GET users/lookup": (200, 200, 200, 404, 200, 200, 200),
    "GET users/<id:user_id>": (200, 200, 200, 404, 200, 200, 200),
    "PUT users/<id:user_id>/follow": (401, 200, 200, 404, 200, 422, 200),
    "DELETE users/<id:user_id>/follow": (401, 200, 200, 404, 200, 200, 200),
    "GET users/<id:user_id>/followers": CIRCLE,
    "GET users/<id:user_id>/following": CIRCLE,
    # The blocked one may block back.
    "PUT users/<id:user_id>/block": (401, 200, 200, 200, 200, 422, 200),
    "DELETE users/<id:user_id>/block": MINE,
    # media_storage
    "POST media": (401, *(201,) * 6),
    "GET media/allowance": MINE,
    "GET media/<id:media_id>": OWNER_404,
    "PATCH media/<id:media_id>": OWNER_404,
    "DELETE media/<id:media_id>": (401, 404, 404, 404, 404, 409, 404),
    "POST media/uploads": (401, *(201,) * 6),
    "GET media/uploads/<id:upload_id>": OWNER_404,
    # What the address is signed with counts, and not who sends; nothing has arrived there yet.
    "PUT media/uploads/<id:upload_id>/file": (404,) * 7,
    "POST media/uploads/<id:upload_id>/complete": (401, 404, 404, 404, 404, 409, 404),
    "POST media/webhooks/cloudinary": (401,) * 7,
    # posts
    "POST posts": (401, *(422,) * 4, 201, 422),
    "GET posts/<id:post_id>": CIRCLE,
    "GET posts/by-code/<shortcode:shortcode>": CIRCLE,
    "PATCH posts/<id:post_id>": OWNER_403,
    "DELETE posts/<id:post_id>": (401, 404, 404, 404, 403, 204, 404),
    "GET posts/<id:post_id>/likes": CIRCLE,
    "PUT posts/<id:post_id>/like": CIRCLE_ACT,
    "DELETE posts/<id:post_id>/like": CIRCLE_ACT,
    "PUT posts/<id:post_id>/save": CIRCLE_ACT,
    "DELETE posts/<id:post_id>/save": CIRCLE_ACT,
    "GET posts/<id:post_id>/history": CIRCLE,
    "POST posts/<id:post_id>/publish": OWNER_403,
    # Only what its owner deleted can be taken back.
    "POST posts/<id:post_id>/restore": (401, *(404,) * 6),
    "DELETE me/deleted/<id:post_id>": (401, *(404,) * 6),
    "PUT posts/<id:post_id>/archive": OWNER_403,
    "DELETE posts/<id:post_id>/archive": OWNER_403,
    "PUT posts/<id:post_id>/pin": OWNER_403,
    "DELETE posts/<id:post_id>/pin": OWNER_403,
    "DELETE posts/<id:post_id>/people-tags/me": CIRCLE_ACT,
    # The tagged one is the follower.
    "POST people-tags/<id:tag_id>/approve": (401, 404, 404, 404, 200, 404, 404),
    "GET users/<id:user_id>/posts": CIRCLE,
    "GET users/<id:user_id>/tagged": CIRCLE,
    "GET mentions/suggest": MINE,
    "GET me/saved": MINE,
    "GET me/archive": MINE,
    "GET me/drafts": MINE,
    "GET me/scheduled": MINE,
    "GET me/deleted": MINE,
    "GET me/followed-tags": MINE,
    "GET tags/<tag:name>": ANYBODY,
    "GET tags/<tag:name>/posts": ANYBODY,
    "PUT tags/<tag:name>/follow": MINE,
    "DELETE tags/<tag:name>/follow": MINE,
    "GET places": ANYBODY,
    "POST places": (401, *(201,) * 6),
    "GET places/<id:place_id>": CIRCLE,
    "GET places/<id:place_id>/posts": CIRCLE,
    "GET collections": MINE,
    "POST collections": (401, *(201,) * 6),
    "PUT collections/order": (401, *(204,) * 6),
    "GET collections/<id:collection_id>": OWNER_404,
    "PATCH collections/<id:collection_id>": OWNER_404,
    "DELETE collections/<id:collection_id>": (401, 404, 404, 404, 404, 204, 404),
    "GET collections/<id:collection_id>/posts": OWNER_404,
    "PUT collections/<id:collection_id>/order": (401, 404, 404, 404, 404, 204, 404),
    "PUT collections/<id:collection_id>/posts/<id:post_id>": OWNER_404,
    "DELETE collections/<id:collection_id>/posts/<id:post_id>": OWNER_404,
    "GET me/liked": MINE,
    "GET feed/home": MINE,
    "GET feed/home/newer": MINE,
    "GET me/markers": MINE,
    "PUT me/markers": (401, 404, 404, 404, 200, 200, 404),
    "GET me/muted-tags": MINE,
    "PUT me/muted-tags/<tag:name>": MINE,
    "DELETE me/muted-tags/<tag:name>": MINE,
    # comments
    "GET posts/<id:post_id>/comments": CIRCLE,
    "POST posts/<id:post_id>/comments": (401, 404, 404, 404, 201, 201, 404),
    "GET comments/<id:comment_id>": CIRCLE,
    "GET comments/<id:comment_id>/replies": CIRCLE,
    "PATCH comments/<id:comment_id>": OWNER_403,
    "DELETE comments/<id:comment_id>": (401, 404, 404, 404, 403, 204, 404),
    "PUT comments/<id:comment_id>/pin": OWNER_403,
    "DELETE comments/<id:comment_id>/pin": OWNER_403,
    "POST comments/<id:comment_id>/approve": OWNER_403,
    "PUT comments/<id:comment_id>/like": CIRCLE_ACT,
    "DELETE comments/<id:comment_id>/like": CIRCLE_ACT,
    "GET comments/<id:comment_id>/likes": CIRCLE,
    # messaging
    "GET conversations": MINE,
    "POST conversations": (401, 201, 201, 404, 200, 422, 201),
    "GET conversations/<id:conversation_id>": MEMBERS,
    "GET conversations/<id:conversation_id>/messages": MEMBERS,
    "POST conversations/<id:conversation_id>/messages": (401, 404, 404, 404, 201, 201, 404),
    "GET conversations/<id:conversation_id>/changes": MEMBERS,
    "PUT conversations/<id:conversation_id>/read": MEMBERS,
    "GET presence": MINE,
    # notifications
    "GET notifications": MINE,
    "GET notifications/unread-count": MINE,
    "PUT notifications/seen": MINE,
    "PUT notifications/<id:notification_id>/read": OWNER_404,
    "GET me/badges": MINE,
    # platform
    "GET instance": ANYBODY,
    "GET schema": ANYBODY,
    "GET docs": ANYBODY,
}


def picture():
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(data, "JPEG")
    return SimpleUploadedFile("a.jpg", data.getvalue(), "image/jpeg")


@pytest.fixture
def world(make_user, run_jobs):
    """A private owner with one post, comment, conversation and notification, and those around."""
    people = {name: make_user(f"the_{name}") for name in ACTORS if name != "anonymous"}
    owner = people["owner"]
    type(owner).objects.filter(pk=owner.pk).update(is_private=True)
    type(owner).objects.filter(pk=people["staff"].pk).update(role=Role.MODERATOR)
    for person in people.values():
        person.refresh_from_db()
    for name in ("pending", "follower"):
        follow_create(follower_id=people[name].pk, followee=owner)
    follow_request_accept(followee_id=owner.pk, follower_id=people["follower"].pk)
    block_create(owner_id=owner.pk, target=people["blocked"])
    used, spare = (media_create(owner_id=owner.pk, file=picture()) for _ in range(2))
    upload, _ = upload_start(owner_id=owner.pk, content_type="image/jpeg", size=100)
    viewer = viewer_of(owner)
    place = place_create(actor_id=owner.pk, name="The harbour")
    made = post_create(
        author_id=owner.pk,
        media_ids=[used.pk],
        caption="A quiet #harbour",
        place_id=place.pk,
        people_tags=[PersonAt(used.pk, people["follower"].pk, 0.5, 0.5)],
    )
    collection = collection_create(owner_id=owner.pk, name="Light")
    post = post_for(viewer=viewer, post_id=made.pk)
    comment = comment_create(actor_id=owner.pk, post=post, body="First light")
    opened = conversation_open(viewer=viewer, user_ids=[people["follower"].pk])
    run_jobs()
    return {
        "people": people,
        "user_id": owner.pk,
        "post_id": made.pk,
        "shortcode": made.shortcode,
        "comment_id": comment.pk,
        "place_id": place.pk,
        "collection_id": collection.pk,
        "tag_id": PeopleTag.objects.get(post=made).pk,
        "name": "harbour",
        "media_id": used.pk,
        "upload_id": upload.pk,
        "spare_id": spare.pk,
        "conversation_id": opened.conversation_id,
        "session_id": 1,
        "token_id": 1,
        "notification_id": Notification.objects.filter(recipient=owner).latest("id").pk,
    }


def request_of(route, world):
    """Path, body and form of one call that makes sense."""
    method, template = route.split(" ")
    values = dict(world)
    if template.startswith("follow-requests/"):
        values["user_id"] = world["people"]["pending"].pk
    path = template
    for name, value in values.items():
        for kind in ("id", "shortcode", "tag"):
            path = path.replace(f"<{kind}:{name}>", str(value))
    path = path.replace("<str:word>", "spoiler")
    bodies = {
        "POST media": {"file": picture()},
        "POST media/uploads": {"bytes": 100, "content_type": "image/jpeg"},
        "PUT me/avatar": {"file": picture()},
        "PATCH media/<id:media_id>": {"alt_text": "A harbour"},
        "POST posts": {"media_ids": [str(world["spare_id"])]},
        "PATCH posts/<id:post_id>": {"caption": "Evening"},
        "POST posts/<id:post_id>/comments": {"body": "Lovely"},
        "PATCH comments/<id:comment_id>": {"body": "Last light"},
        "POST conversations": {"user_ids": [str(world["user_id"])]},
        "POST conversations/<id:conversation_id>/messages": {
            "client_id": "0d5c7a54-6bb0-4f2e-9d55-0a4c5c3f8a01",
            "body": "Hello",
        },
        "PUT conversations/<id:conversation_id>/read": {"seq": 0},
        "PUT notifications/seen": {"up_to": "2026-01-01T00:00:00Z"},
        "PATCH me": {"bio": "Light"},
        "PUT me/markers": {"home": {"post_id": str(world["post_id"])}},
        "PUT me/username": {"username": "another.name"},
        "POST reports": {
            "target_kind": "user",
            "target_id": str(world["user_id"]),
            "reason": "spam",
        },
        "POST places": {"name": "A lighthouse"},
        "POST collections": {"name": "Sea"},
        "PUT collections/order": {"collection_ids": []},
        "PUT collections/<id:collection_id>/order": {"post_ids": []},
        "PATCH me/settings": {"suggest_me": False},
        "PUT users/<id:user_id>/mute": {"scopes": ["posts"]},
    }
    queries = {
        "GET users/lookup": "?username=the_owner",
        "GET auth/username-available": "?q=somebody",
        "GET users/relationships": "?ids=1",
        "GET mentions/suggest": "?q=the",
        "GET places": "?q=har",
        "GET feed/home/newer": "?since=2026-01-01T00:00:00Z",
        "GET conversations/<id:conversation_id>/changes": "?after_rev=0",
        "GET presence": "?user_ids=1",
    }
    form = "multipart" if route in ("POST media", "PUT me/avatar") else "json"
    return method, f"/api/v1/{path}{queries.get(route, '')}", bodies.get(route, {}), form


def test_every_route_stands_in_the_matrix():
    assert sorted(MATRIX) == sorted(access_table(list(routes())))


@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
def test_each_actor_gets_the_frozen_answer(actor, world, api):
    column = ACTORS.index(actor)
    got = {}
    for route in MATRIX:
        method, path, body, form = request_of(route, world)
        with transaction.atomic():
            client = api(world["people"].get(actor))
            call = getattr(client, method.lower())
            answer = call(path) if method == "GET" else call(path, body, format=form)
            transaction.set_rollback(True)
        got[route] = answer.status_code
    assert got == {route: codes[column] for route, codes in MATRIX.items()}
