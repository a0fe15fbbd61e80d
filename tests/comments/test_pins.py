"""Pinned comments come first, at most three; comments follow their authors' accounts."""

import pytest

from accounts.constants import UserState
from accounts.models import User
from accounts.services import hidden_word_add
from comments.constants import PINNED_MAX
from comments.models import Comment
from comments.selectors import comment_for
from comments.services import (
    comment_like,
    comment_pin,
    comments_follow_account,
    comments_recount,
)
from core.errors import NotFoundError, RuleError
from posts.models import Post
from tests.comments.test_api_comments import bodies, url
from tests.comments.test_services_comment import counts, race


def pin_path(comment):
    return f"/api/v1/comments/{comment.pk}/pin"


def test_pinned_ones_come_first_in_both_orders_and_pages_pass_them_once(
    api, post, user, other_user, say
):
    made = [say(other_user, post, str(n)) for n in range(5)]
    comment_like(actor_id=user.pk, comment=made[2])
    comment_like(actor_id=other_user.pk, comment=made[0])
    client = api(user)
    for comment in (made[1], made[0]):
        assert client.put(pin_path(comment)).json() == {"pinned": True}
    for sort, expected in (
        ("newest", ["1", "0", "4", "3", "2"]),
        ("top", ["0", "1", "2", "4", "3"]),
    ):
        for limit in (1, 2, 3):
            pages, page = [], client.get(f"{url(post)}?sort={sort}&limit={limit}")
            while True:
                pages.append(bodies(page))
                if page.json()["next"] is None:
                    break
                page = client.get(page.json()["next"])
            assert [body for one in pages for body in one] == expected
            back = client.get(page.json()["previous"])
            assert bodies(back) == pages[-2]
    assert client.delete(pin_path(made[1])).json() == {"pinned": False}
    assert bodies(client.get(url(post))) == ["0", "4", "3", "2", "1"]


def test_the_list_says_what_is_pinned(api, post, user, say):
    comment = say(user, post)
    api(user).put(pin_path(comment))
    assert api().get(url(post)).json()["results"][0]["pinned"] is True


def test_three_are_pinned_and_no_fourth(api, post, user, other_user, say):
    made = [say(other_user, post) for _ in range(PINNED_MAX + 1)]
    client = api(user)
    for comment in (*made[:PINNED_MAX], made[0]):
        assert client.put(pin_path(comment)).status_code == 200
    refused = client.put(pin_path(made[-1]))
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_pinned")
    client.delete(f"/api/v1/comments/{made[0].pk}")
    assert client.put(pin_path(made[-1])).status_code == 200


def test_who_pins_what(api, post, user, other_user, say):
    root = say(other_user, post)
    reply = say(user, root)
    own = api(other_user).put(pin_path(root))
    assert (own.status_code, own.json()["code"]) == (403, "not_post_author")
    below = api(user).put(pin_path(reply))
    assert (below.status_code, below.json()["code"]) == (422, "not_root")


@pytest.mark.django_db(transaction=True)
def test_pinning_at_once_keeps_to_the_number(make_user, make_post):
    author = make_user()
    post = make_post(author)
    made = [Comment.objects.create(post=post, author=author, body=str(n)) for n in range(8)]

    def pin(comment):
        return lambda: comment_pin(actor_id=author.pk, comment=comment)

    failures = race(*map(pin, made))
    assert {error.code for error in failures if isinstance(error, RuleError)} == {"too_many_pinned"}
    assert (len(failures), Comment.objects.filter(pinned=True).count()) == (5, 3)


def set_state(person, state):
    User.objects.filter(pk=person.pk).update(state=state)
    for _ in range(2):  # again is fine
        comments_follow_account(user_id=person.pk)


def test_numbers_leave_out_accounts_that_are_away_and_take_them_back(
    make_user, post, user, other_user, say, viewer_of
):
    gone = make_user()
    own_root = say(gone, post, "Root")
    below = say(other_user, own_root, "Below")
    root = say(other_user, post, "Root")
    say(gone, root)
    say(user, root)
    assert counts(post) == (5, {own_root.pk: 1, root.pk: 2})
    set_state(gone, UserState.SUSPENDED)
    assert counts(post) == (2, {root.pk: 1})
    with pytest.raises(NotFoundError):
        comment_for(viewer=viewer_of(user), comment_id=below.pk)
    assert set(comments_recount().values()) == {0}
    set_state(gone, UserState.ACTIVE)
    assert counts(post) == (5, {own_root.pk: 1, root.pk: 2})
    assert comment_for(viewer=viewer_of(user), comment_id=below.pk).pk == below.pk


def test_who_stays_away_does_not_come_back_with_the_thread(make_user, post, other_user, say):
    one, two = make_user(), make_user()
    root = say(one, post)
    say(two, root)
    say(other_user, root)
    set_state(two, UserState.DEACTIVATED)
    set_state(one, UserState.DEACTIVATED)
    assert counts(post) == (0, {})
    set_state(one, UserState.ACTIVE)
    assert counts(post) == (2, {root.pk: 1})
    set_state(two, UserState.ACTIVE)
    assert counts(post) == (3, {root.pk: 2})


def test_what_somebody_hides_is_left_out_of_full_pages_but_their_own_is_not(
    api, post, user, other_user, say
):
    for number in range(6):
        say(other_user, post, "An ÉCLAIR again" if number % 2 else f"Fine {number}")
    mine = say(user, post, "My eclair")
    say(other_user, mine, "eclairs are another word")
    say(other_user, mine, "eclair!")
    hidden_word_add(user_id=user.pk, word="Eclair")
    client = api(user)
    page = client.get(f"{url(post)}?limit=2")
    assert bodies(page) == ["My eclair", "Fine 4"]
    assert [r["body"] for r in page.json()["results"][0]["replies"]] == ["eclairs are another word"]
    assert bodies(client.get(page.json()["next"])) == ["Fine 2", "Fine 0"]
    assert bodies(client.get(f"/api/v1/comments/{mine.pk}/replies")) == ["eclairs are another word"]
    assert len(bodies(api(other_user).get(url(post)))) == 7


def test_the_account_of_an_archived_post_may_leave_and_come_back(make_post, user, other_user, say):
    post = make_post(user)
    say(other_user, post)
    Post.objects.filter(pk=post.pk).update(state="archived")
    set_state(other_user, UserState.SUSPENDED)
    assert counts(post)[0] == 0
    set_state(other_user, UserState.ACTIVE)
    assert counts(post)[0] == 1
