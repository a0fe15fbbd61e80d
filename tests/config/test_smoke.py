"""`manage.py smoke`: five figures of a live site, over the network and by nothing else."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

from config.ops.smoke import sockets
from config.ops.smoke.accounts import API, Credentials, Person
from config.ops.smoke.limits import PROMISES
from config.ops.smoke.pictures import CAPTION, multipart, photograph
from messaging.constants import SUBPROTOCOL
from tests.e2e.server import serving
from tests.house.rules import ROOT

pytestmark = pytest.mark.xdist_group("run")

NAMES = ["page_s", "api_ms", "message_ms", "upload_s", "uptime_percent"]
NEED_PEOPLE = ["api_ms", "message_ms", "upload_s"]


@dataclass
class Site:
    """A running server, the way to its data, and the smoke people's line."""

    url: str
    environ: dict[str, str]
    people: str

    def one(self, sql: str) -> int:
        """The number that a query gives."""
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            return connection.execute(sql).fetchone()[0]


def smoke(url: str, *arguments: str, people: str = "") -> subprocess.CompletedProcess[str]:
    """Run it as a machine does that knows nothing of the site: production, and no variable set."""
    return subprocess.run(
        [sys.executable, "manage.py", "smoke", url, *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SMOKE_PEOPLE": people,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def measured(url: str, *arguments: str, people: str = "") -> tuple[int, dict]:
    """The exit code and the metrics of --json."""
    ran = smoke(url, "--json", *arguments, people=people)
    assert ran.stdout, ran.stderr
    document = json.loads(ran.stdout)
    assert document["exit_code"] == ran.returncode
    return ran.returncode, document["metrics"]


def make_people(environ: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "smoke_people", *arguments],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    """`manage.py run` on a database of its own, with the two accounts."""
    with serving(tmp_path_factory.mktemp("site")) as (server, environ):
        made = make_people(environ)
        assert made.returncode == 0, made.stderr
        yield Site(server.url, environ, made.stdout)


def test_the_limits_are_those_of_the_deployment():
    constants = tomllib.loads((ROOT / "deploy" / "constants.toml").read_text())
    assert {promise.name: promise.limit for promise in PROMISES} == constants["success"]
    assert [promise.name for promise in PROMISES if promise.is_floor] == ["uptime_percent"]
    assert constants["routes"]["api"] == API
    assert constants["routes"]["websocket"] == sockets.PATH
    assert sockets.SUBPROTOCOL == SUBPROTOCOL


def test_a_live_site_keeps_what_needs_accounts(site):
    code, metrics = measured(
        site.url,
        *(f"--only={name}" for name in NEED_PEOPLE),
        people=site.people,
    )  # fmt: skip

    assert {name: metric["problem"] for name, metric in metrics.items()} == dict.fromkeys(
        NEED_PEOPLE, ""
    )
    assert metrics["api_ms"]["detail"]["requests"] == 25
    assert metrics["message_ms"]["detail"]["messages"] == 20
    assert metrics["message_ms"]["detail"]["worst_ms"] >= metrics["message_ms"]["value"] > 0
    assert metrics["upload_s"]["detail"]["megapixels"] == 12
    assert code == (0 if all(metric["kept"] for metric in metrics.values()) else 1)


def test_it_leaves_nothing_and_takes_away_what_an_interrupted_run_left(site):
    one = json.loads(site.people)[0]
    author = Person.sign_in(site.url, Credentials(one["username"], one["password"]), 20)
    media = author.post_form("media", *multipart(photograph()))
    post = author.call("POST", "posts", {"media_ids": [media["id"]], "caption": CAPTION})
    author.sign_out()
    state = f"SELECT count(*) FROM posts_post WHERE id = {post['id']} AND state = "
    assert site.one(f"{state} 'published'") == 1
    sessions = "SELECT count(*) FROM accounts_session WHERE revoked_at IS NULL"
    assert site.one(sessions) == 0

    measured(site.url, "--only=upload_s", people=site.people)

    assert site.one(f"{state} 'deleted'") == 1
    assert site.one("SELECT count(*) FROM posts_post WHERE state = 'published'") == 0
    assert site.one("SELECT count(*) FROM posts_post") > 1
    assert site.one(sessions) == 0


def test_a_missed_limit_is_exit_code_1_and_says_what_was_measured(site):
    ran = smoke(site.url, "--only=api_ms", "--api-ms=0.001", people=site.people)

    assert ran.returncode == 1, ran.stdout
    assert re.fullmatch(
        r"MISSED +API answer, p95 +[\d.]+ ms +< 0.001 ms +median_ms [\d.]+, requests 25\n",
        ran.stdout,
    )


def test_without_accounts_the_public_figures_are_measured_and_the_exit_code_is_2(site):
    code, metrics = measured(site.url, "--watch=1")

    assert code == 2
    assert list(metrics) == NAMES
    assert metrics["uptime_percent"]["value"] == 100
    for name in NEED_PEOPLE:
        assert metrics[name]["value"] is None
        assert metrics[name]["problem"] == "No accounts were given."
        assert "manage.py smoke_people" in metrics[name]["mend"]


def test_public_asks_for_no_accounts(site):
    _, metrics = measured(site.url, "--public", "--watch=1")
    assert list(metrics) == ["page_s", "uptime_percent"]


def test_a_wrong_password_is_told_once_for_all_and_never_shown(site):
    wrong = json.dumps(
        [{**person, "password": "harbour-secret"} for person in json.loads(site.people)]
    )
    ran = smoke(site.url, *(f"--only={name}" for name in NEED_PEOPLE), people=wrong)

    assert ran.returncode == 2
    assert ran.stdout.count("smoke.one cannot sign in.") == 3
    assert "harbour-secret" not in ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "The accounts are not in the expected form."),
        ('[{"username": "a"}]', "The accounts are not in the expected form."),
        ('[{"username": "a", "password": "b"}]', "Two accounts are needed, 1 were given."),
    ],
)
def test_accounts_in_another_form_are_refused(text, problem, tmp_path):
    file = tmp_path / "people.json"
    file.write_text(text)
    code, metrics = measured("http://127.0.0.1:1", "--only=api_ms", f"--people={file}")
    assert (code, metrics["api_ms"]["problem"]) == (2, problem)


def test_renewed_people_get_other_passwords_and_the_old_ones_end(site):
    again = make_people(site.environ)
    old, site.people = site.people, again.stdout

    assert {person["username"] for person in json.loads(again.stdout)} == {"smoke.one", "smoke.two"}
    assert measured(site.url, "--only=api_ms", people=old)[0] == 2
    assert measured(site.url, "--only=api_ms", "--api-ms=60000", people=again.stdout)[0] == 0
    assert site.one("SELECT count(*) FROM accounts_follow WHERE state = 'active'") == 2
    assert site.one("SELECT count(*) FROM accounts_user WHERE is_private") == 2


def test_people_never_take_over_somebody_elses_name(site):
    with psycopg.connect(site.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO accounts_user (username, email, password, role, state, token_epoch, "
            "is_private, display_name, bio, pronouns, links, avatar_key, settings, posts_count, "
            "followers_count, following_count, created_at) VALUES ('ada.one', 'ada@example.org', "
            "'x', 'user', 'active', 1, false, '', '', '', '[]', '', '{}', 0, 0, 0, now())"
        )
    refused = make_people(site.environ, "--names", "ada.one", "ada.two")

    assert refused.returncode == 1
    assert refused.stderr.strip() == (
        "CommandError: Somebody is called ada.one. Choose other ones with --names."
    )
    assert site.one("SELECT count(*) FROM accounts_user WHERE password = 'x'") == 1


def test_what_is_no_address_is_told():
    ran = smoke("photos.example.org", "--public")
    assert ran.returncode == 2
    assert "'photos.example.org' is no address of a site." in ran.stdout
