"""How much anybody gets: RATE-05 and RATE-06 of docs/security.md; the others stand in test_limits_fired."""

import re
from urllib.parse import quote, urlencode

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import block_create, follow_create, relation_set, report_create
from config.env import database_settings
from messaging.services.batcher import conninfo
from tests.conftest import PASSWORD, viewer_of
from tests.house.rules import ROOT, modules

API = "/api/v1"
NATIVE = {"HTTP_X_CLIENT": "native"}

# RATE-05


@pytest.fixture
def limits_on(settings, tmp_path):
    settings.RATE_LIMIT_SCALE = 1
    settings.TRUSTED_PROXIES = 1
    settings.MAIL_ARCHIVE = tmp_path / "mail"
    settings.MAIL_ARCHIVE.mkdir()


@pytest.mark.django_db
def test_six_causes_from_six_clients_mail_one_address_three_times(
    limits_on, api, make_user, run_jobs, settings, caplog
):
    maya, other = make_user("maya"), make_user("other")
    run_jobs()
    for mail in settings.MAIL_ARCHIVE.iterdir():
        mail.unlink()
    # The mails of registration counted, too: a fresh hour.
    other_email, maya_email = "fresh.other@example.org", "fresh.maya@example.org"
    for person, email in ((maya, maya_email), (other, other_email)):
        person.email = email
        person.save(update_fields=["email"])
    causes = [
        ("auth/register", {"username": "somebody", "email": maya_email, "password": PASSWORD}),
        ("auth/password/forgot", {"email": maya_email}),
        ("auth/email/change", {"email": maya_email.upper(), "password": PASSWORD}),
        ("auth/login", {"login": "maya", "password": PASSWORD}),
        ("auth/password/change", {"old_password": PASSWORD, "password": "twelve grey herons 4"}),
        ("auth/password/forgot", {"email": maya_email.upper()}),
    ]
    sent = []
    for number, (route, body) in enumerate(causes):
        client = api({2: other, 4: maya}.get(number))
        place = {"HTTP_X_FORWARDED_FOR": f"198.51.{number}.4"}
        assert client.post(f"{API}/{route}", body, **NATIVE, **place).status_code < 300, route
        run_jobs()
        texts = [path.read_text() for path in settings.MAIL_ARCHIVE.iterdir()]
        sent.append(sum(f"To: {maya_email}" in text for text in texts))
    assert sent == [1, 2, 3, 3, 3, 3]
    assert caplog.text.count("mail withheld") >= 2


def test_mail_leaves_by_one_door_which_counts():
    sends = re.compile(r"(send_messages|send_email|send_mail|sendmail|Emails\.send)\((?!self)")
    found = {str(p.relative_to(ROOT)) for p in modules() if sends.search(p.read_text())}
    assert found == {
        "core/mail/letters.py",
        "core/mail/backends/resend.py",
        "core/mail/backends/ses.py",
        "core/mail/backends/smtp.py",
        # The operator's own trial letter, from a command line.
        "config/ops/doctor/mail.py",
    }


# RATE-06


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("process", "timeout"), [("http", "3s"), ("ws", "3s"), ("worker", "0"), ("command", "0")]
)
def test_a_statement_of_the_web_ends_after_three_seconds(process, timeout):
    own = connection.settings_dict
    login = f"{quote(own['USER'])}:{quote(own['PASSWORD'])}"
    place = urlencode({"host": own["HOST"], "port": own["PORT"]})
    entry = database_settings(f"postgresql://{login}@/{own['NAME']}?{place}", process)
    with psycopg.connect(conninfo(entry)) as database:
        assert database.execute("SHOW statement_timeout").fetchone() == (timeout,)


@pytest.fixture
def add(user, make_user):
    """`add()`: one more row in every list of the person's own."""

    def more():
        person, asking = make_user(), make_user()
        follow_create(follower_id=user.pk, followee=person)
        follow_create(follower_id=asking.pk, followee=user)
        block_create(owner_id=user.pk, target=make_user())
        for kind, scopes in (("mute", ["posts"]), ("restrict", []), ("close_friend", [])):
            relation_set(owner_id=user.pk, target=person, kind=kind, scopes=scopes)
        report_create(
            viewer=viewer_of(user), target_kind="user", target_id=person.pk, reason="spam"
        )

    return more


@pytest.mark.django_db
def test_every_list_of_ones_own_costs_the_queries_of_one_row(api, user, add):
    type(user).objects.filter(pk=user.pk).update(is_private=True)
    user.refresh_from_db()
    client, costs = api(user), []
    paths = ["me/blocks", "me/mutes", "me/restricted", "me/close-friends", "me/follow-requests",
             "reports/mine", f"users/{user.pk}/following", "auth/sessions"]  # fmt: skip
    for rows in (1, 6):
        while len(client.get(f"{API}/me/mutes").json()["results"]) < rows:
            add()
            api(user)
        cost = {}
        for path in paths:
            with CaptureQueriesContext(connection) as queries:
                body = client.get(f"{API}/{path}").json()
            found = body if isinstance(body, list) else body["results"]
            assert len(found) >= rows, path
            cost[path] = len(queries)
        costs.append(cost)
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 3
