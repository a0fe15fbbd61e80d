"""The admin opens for staff alone and lists without a query per row."""

import pytest
from django.core.management import call_command

from accounts.models import User

pytestmark = pytest.mark.django_db
PATHS = ["/admin/", "/admin/accounts/user/", "/admin/accounts/session/", "/admin/posts/post/"]


@pytest.mark.parametrize("path", PATHS)
def test_only_staff_get_in(client, user, path):
    client.force_login(user)
    assert client.get(path).status_code == 302
    User.objects.filter(pk=user.pk).update(role="admin")
    assert client.get(path).status_code == 200


def test_a_moderator_may_look_but_not_change(client, make_user, other_user):
    client.force_login(make_user(role="moderator"))
    path = f"/admin/accounts/user/{other_user.pk}/change/"
    assert client.get(path).status_code == 200
    assert client.post(path, {"role": "admin", "state": "active"}).status_code == 403
    other_user.refresh_from_db()
    assert other_user.role == "user"


def test_the_list_costs_the_same_for_few_and_many(client, make_user, django_assert_max_num_queries):
    client.force_login(make_user(role="admin"))
    for _ in range(20):
        make_user()
    with django_assert_max_num_queries(6):
        client.get("/admin/accounts/user/")


def test_createsuperuser_makes_an_admin(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a quiet harbour 7")
    call_command("createsuperuser", interactive=False, username="root1", email="r@example.org")
    assert User.objects.get(username="root1").role == "admin"
