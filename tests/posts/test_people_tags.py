"""People in posts: named or tagged, asked where they wish it, and gone when they leave."""

import pytest

from accounts.services import block_create, settings_update
from core.viewer import Viewer, anonymous
from posts.constants import Audience, PeopleTagState
from posts.models import Mention, PeopleTag
from posts.selectors import mention_suggestions, post_shape_for, post_tagging, tagged_in
from posts.services import (
    PersonAt,
    people_tag_approve,
    people_tags_remove,
    post_create,
    post_edit,
)
from tests.posts.test_services_writing import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def tag(user, make_media):
    """`tag(person, ...)`: a post of `user` with one picture that shows these people."""

    def make(*people, **options):
        media = make_media(user)
        places = [PersonAt(media.pk, person.pk, 0.25, 0.75) for person in people]
        return post_create(author_id=user.pk, media_ids=[media.pk], people_tags=places, **options)

    return make


def shown(viewer, post):
    shape = post_shape_for(viewer=viewer, post_id=post.pk)
    return [(tag["user"]["username"], tag["state"]) for tag in shape["people_tags"]]


def named(viewer, post):
    return [p["username"] for p in post_shape_for(viewer=viewer, post_id=post.pk)["mentions"]]


def test_a_caption_names_people_who_exist(user, make_user, make_post):
    maya = make_user("maya")
    dot = make_user("noor.")
    make_user("gone", state="suspended")
    post = make_post(user, caption="@Maya, @noor. and @maya. With @nobody and @gone")
    assert named(anonymous(), post) == [maya.username, dot.username]
    post_edit(actor_id=user.pk, post=post, caption="@maya")
    assert named(anonymous(), post) == ["maya"]
    assert Mention.objects.count() == 1


def test_people_apart_do_not_meet_in_a_post(user, make_user, make_post, tag):
    maya, viewer = make_user("maya"), make_user()
    post, tagged = make_post(user, caption="@maya"), tag(maya)
    block_create(owner_id=maya.pk, target=viewer)
    assert named(Viewer(id=viewer.pk), post) == []
    assert shown(Viewer(id=viewer.pk), tagged) == []
    assert shown(anonymous(), tagged) == [("maya", "shown")]
    block_create(owner_id=maya.pk, target=user)
    assert named(Viewer(id=user.pk), make_post(user, caption="@maya")) == []


def test_a_tag_says_who_is_where(user, other_user, tag):
    post = tag(other_user)
    (shape,) = post_shape_for(viewer=anonymous(), post_id=post.pk)["people_tags"]
    assert shape == {
        "id": str(PeopleTag.objects.get().pk),
        "media_id": str(post.media[0]["id"]),
        "user": {"id": str(other_user.pk), "username": other_user.username, "display_name": "",
                 "avatar_url": None, "is_private": False},
        "x": 0.25,
        "y": 0.75,
        "state": "shown",
    }  # fmt: skip
    assert [row.post_id for row in tagged_in(viewer=anonymous(), user_id=other_user.pk)] == [
        post.pk
    ]


def test_who_wishes_is_asked_first(user, other_user, make_user, tag):
    settings_update(user_id=other_user.pk, approve_tags=True)
    post = tag(other_user)
    mine, theirs = Viewer(id=other_user.pk), Viewer(id=user.pk)
    for viewer in (mine, theirs):
        assert shown(viewer, post) == [(other_user.username, "pending")]
    for viewer in (anonymous(), Viewer(id=make_user().pk)):
        assert shown(viewer, post) == []
    assert not tagged_in(viewer=anonymous(), user_id=other_user.pk).exists()
    waiting = {"user_id": other_user.pk, "state": PeopleTagState.PENDING}
    assert not tagged_in(viewer=theirs, **waiting).exists()
    assert [row.post_id for row in tagged_in(viewer=mine, **waiting)] == [post.pk]
    tag_id = PeopleTag.objects.get().pk
    assert refusal(people_tag_approve, user_id=user.pk, tag_id=tag_id)[:2] == (404, "not_found")
    for _ in range(2):
        people_tag_approve(user_id=other_user.pk, tag_id=tag_id)
    assert shown(anonymous(), post) == [(other_user.username, "shown")]


def test_who_leaves_is_not_tagged_there_again(user, other_user, tag, published):
    post = tag(other_user)
    for _ in range(2):
        people_tags_remove(user_id=other_user.pk, post=post)
    assert [name for name, _ in published()].count("PostUntagged") == 1
    assert shown(Viewer(id=user.pk), post) == []
    again = [PersonAt(post.media[0]["id"], other_user.pk, 0.5, 0.5)]
    assert refusal(post_edit, actor_id=user.pk, post=post, people_tags=again) == (
        422, "person_untagged", ["people_tags.0.user_id"],
    )  # fmt: skip
    tag_id = PeopleTag.objects.get().pk
    assert refusal(people_tag_approve, user_id=other_user.pk, tag_id=tag_id)[0] == 404


def test_who_may_not_see_the_post_may_still_leave_it(user, other_user, tag, api):
    post = tag(other_user, audience=Audience.ONLY_ME)
    assert post_tagging(viewer=Viewer(id=other_user.pk), post_id=post.pk) == post
    client, path = api(other_user), f"/api/v1/posts/{post.pk}/people-tags/me"
    for _ in range(2):
        assert client.delete(path).json() == {"tagged": False}
    assert PeopleTag.objects.get().state == "removed"


def test_an_edit_moves_adds_and_takes_away(user, make_user, tag):
    one, two, three = (make_user() for _ in range(3))
    post = tag(one, two)
    media_id = post.media[0]["id"]
    kept = PeopleTag.objects.get(user=one)
    post_edit(actor_id=user.pk, post=post, people_tags=[
        PersonAt(media_id, one.pk, 0.1, 0.2), PersonAt(media_id, three.pk, 0.3, 0.4),
    ])  # fmt: skip
    rows = PeopleTag.objects.order_by("pk")
    assert [(r.user_id, r.x, r.y) for r in rows] == [(one.pk, 0.1, 0.2), (three.pk, 0.3, 0.4)]
    assert rows[0].pk == kept.pk
    post_edit(actor_id=user.pk, post=post, people_tags=[])
    post.refresh_from_db()
    assert (shown(anonymous(), post), post.has_people) == ([], False)


def test_tagging_people_is_told_to_them_and_marks_no_post_as_edited(
    api, user, other_user, tag, published
):
    post = tag()
    client, path = api(user), f"/api/v1/posts/{post.pk}"
    place = {
        "user_id": str(other_user.pk),
        "media_id": str(post.media[0]["id"]),
        "x": 0.5,
        "y": 0.5,
    }
    for _ in range(2):
        shape = client.patch(path, {"people_tags": [place]}).json()
        assert ([t["user"]["id"] for t in shape["people_tags"]], shape["edited_at"]) == (
            [str(other_user.pk)], None,
        )  # fmt: skip
    assert [name for name, _ in published()].count("PostEdited") == 1
    assert client.get(f"{path}/history").json()["results"] == []
    shape = client.patch(path, {"people_tags": [], "caption": "Alone"}).json()
    assert (shape["people_tags"], shape["edited_at"] is None) == ([], False)
    assert len(client.get(f"{path}/history").json()["results"]) == 1


def test_tags_that_do_not_fit_are_told_where(user, other_user, make_user, make_media, tag):
    post = tag()
    media_id, gone = post.media[0]["id"], make_user(state="suspended")
    other_picture = make_media(user).pk
    wrong = {
        ("people_tags.0.media_id", "media_unknown"): [PersonAt(other_picture, other_user.pk, 0, 0)],
        ("people_tags.0.user_id", "person_unknown"): [PersonAt(media_id, gone.pk, 0, 0)],
        ("people_tags.1.user_id", "person_twice"): [PersonAt(media_id, other_user.pk, 0, 0)] * 2,
        ("people_tags.0.x", "invalid"): [PersonAt(media_id, other_user.pk, float("nan"), 0)],
        ("people_tags", "invalid"): [PersonAt(media_id, other_user.pk, 0, 0)] * 21,
    }
    for (field, code), tags in wrong.items():
        _, got, fields = refusal(post_edit, actor_id=user.pk, post=post, people_tags=tags)
        assert (got, fields) == (code, [field])
    assert not PeopleTag.objects.exists()


def test_a_private_persons_pictures_are_their_followers_to_see(user, make_user, tag, follow, api):
    person, friend = make_user(is_private=True), make_user()
    follow(friend, person)
    post = tag(person)
    path = f"/api/v1/users/{person.pk}/tagged"
    assert [row["id"] for row in api(friend).get(path).json()["results"]] == [str(post.pk)]
    assert api(user).get(path).status_code == 404


def test_suggestions_are_the_followed_first_then_the_well_known(user, make_user, follow):
    names = ("sea.friend", "sea.known", "sea.other", "sea.blocker")
    friend, known, other, blocker = (make_user(name) for name in names)
    type(user).objects.filter(pk=known.pk).update(followers_count=9)
    type(user).objects.filter(pk=other.pk).update(display_name="Seán")
    follow(user, friend)
    block_create(owner_id=blocker.pk, target=user)
    viewer = Viewer(id=user.pk)
    found = mention_suggestions(viewer=viewer, q="Sea")
    assert [person.username for person in found] == ["sea.friend", "sea.known", "sea.other"]
    assert mention_suggestions(viewer=viewer, q="s") == [friend]
    assert mention_suggestions(viewer=viewer, q="seá") == [other]
    assert mention_suggestions(viewer=viewer, q="%") == []
    type(user).objects.filter(pk__in=[friend.pk, known.pk]).update(state="limited")
    found = mention_suggestions(viewer=viewer, q="sea")
    assert [person.username for person in found] == ["sea.friend", "sea.other"]


def test_twenty_posts_with_people_cost_the_queries_of_one(
    user, other_user, tag, api, django_assert_max_num_queries
):
    client, path = api(), f"/api/v1/users/{user.pk}/posts"
    counts = []
    for rows in (1, 20):
        for _ in range(rows - (1 if rows > 1 else 0)):
            tag(other_user, caption=f"@{other_user.username}")
        client.get(path)
        with django_assert_max_num_queries(100) as queries:
            assert len(client.get(path).json()["results"]) == rows
        counts.append(len(queries))
    assert counts == [1, 1]
