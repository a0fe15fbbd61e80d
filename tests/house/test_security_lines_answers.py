"""What answers hold and what requests may ask: ACL-10, ACL-11, ACL-12 and ACL-16 of docs/security.md."""

import pytest

from accounts.models import User
from tests.house import closed
from tests.house.rules import access_table, routes
from tests.house.test_access_matrix import MATRIX, request_of

pytestmark = pytest.mark.django_db

# ACL-10

SUMMARY = "id username display_name avatar_url is_private"
USER = f"{SUMMARY} bio pronouns links posts_count followers_count following_count created_at relationship"
#: The frozen keys of every object that an answer to somebody else may hold.
SHAPES = {
    "UserSummary": SUMMARY,
    "User": USER,
    "Relationship": "following requested followed_by blocking muting restricted close_friend",
    "Post": (
        "id shortcode author caption audience state media place sensitive comments_policy"
        " hide_like_count pinned people_tags mentions hashtags published_at publish_at edited_at"
        " likes_count comments_count viewer"
    ),
    "Post.viewer": "liked saved own",
    "Post.place": "id name",
    "People tag": "id media_id user x y state",
    "Revision": "id caption place_name sensitive media since replaced_at",
    "Revision media": "id alt_text",
    "Tag": "name posts_count following",
    "Place": "id name country latitude longitude",
    "Collection": "id name posts_count cover_post_id cover_url created_at",
    "Media": (
        "id state kind width height duration_ms blurhash alt_text variants original_url error"
    ),
    "Variant": "width height url type",
    "Allowance": "bytes_used bytes_max added_today per_day_max",
    "Comment": (
        "id post_id author body root_id parent_id created_at edited_at pinned state likes_count"
        " replies_count viewer replies"
    ),
    "Comment.viewer": "liked own",
    "Conversation": (
        "id kind title avatar_url members last_message first_seq last_seq rev unread_count folder"
        " my last_activity_at"
    ),
    "Member": "user role read_seq",
    "My member": "read_seq muted_until pinned",
    "Message": (
        "id conversation_id seq rev sender client_id kind body media post story reply_to_seq"
        " reactions created_at edited_at unsent_at"
    ),
    "Notification": "id type actors actors_count target text created_at updated_at seen read",
    "Target": "kind id shortcode text preview_url",
    "Badges": "messages message_requests notifications follow_requests",
    "Suggestion": "user reason mutuals mutuals_count",
    "Page": "results next previous",
    "Suggestions": "results",
    "Changes": "results conversation rev has_more",
    "Count": "count",
    "Presence": "user_id state last_seen_at",
    "Available": "available",
    "Problem": "type title status detail code instance errors",
}
#: What only its owner gets, each on its own route.
OWN = {
    "GET me": [f"{USER} email email_verified role state delete_after settings",
               "activity_status hide_follow_lists suggest_me approve_tags"],
    "GET me/settings": ["activity_status hide_follow_lists suggest_me approve_tags"],
    "GET me/markers": ["home", "post_id published_at updated_at url"],
    "GET auth/mfa": ["totp recovery_codes_left"],
    "GET media/uploads/<id:upload_id>": [
        "id method url fields content_type parts expires_at", "",
    ],
    "GET auth/sessions": ["id client user_agent address created_at last_used_at current"],
}  # fmt: skip
DOCUMENTS = ("GET schema", "GET docs", "GET instance")


def objects(value):
    """The keys of every object in an answer, at any depth."""
    if isinstance(value, dict):
        yield frozenset(value)
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def frozen(*shapes):
    return {frozenset(shape.split()) for shape in shapes}


@pytest.fixture
def furnished(world, make_user, run_jobs):
    closed.furnish(world, make_user, run_jobs)
    return world


def test_answers_have_the_keys_of_frozen_shapes_and_no_address_of_anybody_else(furnished, api):
    known, strange, met = frozen(*SHAPES.values()), {}, set()
    emails = dict(User.objects.values_list("pk", "email"))
    for name in ("anonymous", "follower", "owner", "staff"):
        person = furnished["people"].get(name)
        answers = closed.read_all(api(person), furnished, but=DOCUMENTS)
        others = [email for pk, email in emails.items() if person is None or pk != person.pk]
        assert closed.told(answers, others) == {}
        # Its one object is keyed by ids.
        answers.pop("GET users/relationships")
        for route, answer in answers.items():
            found = set(objects(answer.json()))
            met |= found
            if unknown := found - known - frozen(*OWN.get(route, [])):
                strange[name, route] = unknown
    assert strange == {}
    assert known - met <= frozen(SHAPES["Suggestion"])


# ACL-11

#: Fields that no form has and that some row, permission or object behind it might.
EXTRAS = [
    "is_staff", "is_superuser", "is_admin", "admin", "role", "permissions", "groups",
    "user_permissions", "email_verified", "email_verified_at", "token_epoch", "owner", "owner_id",
    "user", "author", "author_id", "followers_count", "following_count", "posts_count",
    "likes_count", "saves_count", "comments_count", "created_at", "updated_at", "published_at",
    "deleted_at", "pinned_pos", "__class__", "_state", "pk",
]  # fmt: skip


#: The body is a file, or what the store signed as it is.
WITHOUT_FIELDS = ("PUT media/uploads/<id:upload_id>/file", "POST media/webhooks/cloudinary")


def test_thirty_extra_fields_are_each_refused_by_every_route_that_takes_a_body(world, api):
    assert len(set(EXTRAS)) == 30
    client, wrong = api(world["people"]["owner"]), {}
    for route in MATRIX:
        method, path, body, form = request_of(route, world)
        if method in ("GET", "DELETE") or route in WITHOUT_FIELDS:
            continue
        answer = getattr(client, method.lower())(
            path, {**body, **dict.fromkeys(EXTRAS, "1")}, format=form
        )
        named = {e["field"] for e in answer.json()["errors"] if e["code"] == "unknown_field"}
        if answer.status_code != 400 or named != set(EXTRAS):
            wrong[route] = (answer.status_code, sorted(set(EXTRAS) - named))
    assert wrong == {}


# ACL-12


def test_a_route_for_staff_is_in_the_admin_alone_where_only_staff_get():
    letters = set(access_table(list(routes())).values())
    assert letters <= {"P", "O", "U", "V"}


# ACL-16


def is_kept_by_nobody(answer):
    policy = answer["Cache-Control"].split(", ")
    is_private = answer.status_code >= 400 or "private" in policy
    return is_private and "no-store" in policy and answer["Vary"] == "Authorization, Cookie"


def test_no_answer_with_anything_of_a_person_may_be_kept_in_between(world, api):
    for name in ("anonymous", "owner"):
        client = api(world["people"].get(name))
        kept = [r for r in MATRIX if not is_kept_by_nobody(closed.ask(client, r, world))]
        # It tells nothing of anybody: the same for all.
        assert kept == ["GET instance"]


def test_no_other_site_may_read_an_answer(api, user):
    client, origin = api(user), {"HTTP_ORIGIN": "https://evil.example"}
    asked = {**origin, "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "GET"}
    for path in ("me", "instance", "auth/refresh", "nothing"):
        for answer in (
            client.get(f"/api/v1/{path}", **origin),
            client.options(f"/api/v1/{path}", **asked),
            client.post(f"/api/v1/{path}", {}, **origin),
        ):
            assert [name for name in answer.headers if name.startswith("Access-Control-")] == []


def test_pages_of_the_admin_are_kept_by_nobody(client, make_user):
    client.force_login(make_user(role="moderator"))
    for path in ("", "accounts/user/", "accounts/report/", "posts/post/", "numbers/"):
        answer = client.get(f"/admin/{path}")
        assert answer.status_code == 200
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", ")), path
