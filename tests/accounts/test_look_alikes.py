"""Names that look like others, after the confusable letters of UTS 39."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
API = "/api/v1"


def register(api, name):
    body = {"username": name, "email": "somebody@example.org", "password": PASSWORD}
    return api().post(f"{API}/auth/register", body, HTTP_X_CLIENT="native")


@pytest.mark.parametrize(
    ("taken", "wanted"),
    [("lola", "1ola"), ("noor", "n0or"), ("morna", "moma"), ("vvim", "wim"), ("b1ll", "bl1l")],
)
def test_a_name_that_looks_like_somebodys_is_refused(api, make_user, taken, wanted):
    make_user(taken)
    free = api().get(f"{API}/auth/username-available", {"q": wanted})
    assert free.json() == {"available": False}
    answer = register(api, wanted)
    assert (answer.status_code, answer.json()["code"]) == (409, "username_look_alike")
    assert [error["field"] for error in answer.json()["errors"]] == ["username"]


@pytest.mark.parametrize("wanted", ["adm1n", "a.d.m.i.n", "supp0rt", "_jyoti_", "0fficial"])
def test_a_name_that_looks_like_a_reserved_one_is_refused(api, wanted):
    assert register(api, wanted).json()["code"] == "username_look_alike"


@pytest.mark.parametrize("wanted", ["ma.ya", "maya_", "mayo", "iola", "maya2"])
def test_names_that_are_merely_similar_are_free(api, make_user, wanted):
    make_user("maya")
    make_user("lola")
    assert register(api, wanted).status_code == 201


def test_one_may_change_ones_own_name_to_one_that_looks_the_same(api, make_user):
    person = make_user("lola")
    make_user("n0ah")
    changed = api(person).put(f"{API}/me/username", {"username": "1ola"})
    assert (changed.status_code, changed.json()["username"]) == (200, "1ola")
    other = api(person).put(f"{API}/me/username", {"username": "noah"})
    assert (other.status_code, other.json()["code"]) == (409, "username_look_alike")


def test_the_question_is_answered_from_an_index(api):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as queries:
        api().get(f"{API}/auth/username-available", {"q": "maya"})
    (asked,) = [q["sql"] for q in queries if "REPLACE" in q["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + asked)
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "accounts_username_skeleton" in plan
