"""Events are kept with the transaction that made them true, or not at all."""

import dataclasses
import subprocess
import sys
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.events import PasswordChanged
from accounts.services import user_register
from core import events
from tests.house.rules import ROOT


def jobs():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, queue_name, args, scheduled_at FROM procrastinate_jobs ORDER BY id"
        )
        return cursor.fetchall()


BOOT = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = "{name}"
django.setup()
from django.core.management import call_command
call_command("worker")
"""
HEARD = "accounts.handlers.on_password_changed"


@pytest.mark.django_db
def test_publishing_defers_one_job_for_each_subscriber():
    events.publish(PasswordChanged(user_id=7))
    tasks = [row[0] for row in jobs()]
    assert tasks == list(events.subscribed_tasks(PasswordChanged))
    assert HEARD in tasks


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_rolled_back_takes_its_events_along():
    with pytest.raises(RuntimeError), transaction.atomic():
        events.publish(PasswordChanged(user_id=7))
        raise RuntimeError
    assert jobs() == []


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        events.publish(PasswordChanged(user_id=7))


@pytest.mark.django_db(transaction=True)
def test_publish_on_uses_the_given_connection_and_its_transaction():
    params = connection.get_connection_params()
    for key in ("cursor_factory", "context", "prepare_threshold"):
        params.pop(key, None)
    with psycopg.connect(**params) as conn:
        events.publish_on(conn, PasswordChanged(user_id=7))
        conn.rollback()
        assert jobs() == []
        events.publish_on(conn, PasswordChanged(user_id=7))
        conn.commit()
    assert HEARD in [row[0] for row in jobs()]


@pytest.mark.django_db
def test_an_event_can_wait_for_its_time(run_jobs):
    later = timezone.now() + timedelta(hours=1)
    events.publish(PasswordChanged(user_id=7), at=later)
    assert {row[3] for row in jobs()} == {later}
    assert run_jobs() == 0


@dataclasses.dataclass(frozen=True)
class Unheard:
    """Nobody subscribed to it."""

    id: int


@pytest.mark.django_db
def test_an_event_that_nobody_hears_makes_no_job():
    events.publish(Unheard(id=1))
    assert jobs() == []


@pytest.mark.django_db(transaction=True)
def test_the_real_worker_runs_jobs_and_ends_at_sigterm():
    user_register(username="maya", email="maya@example.org", password="a quiet harbour 7")
    database = connection.settings_dict
    boot = BOOT.format(name=database["NAME"])
    worker = subprocess.Popen([sys.executable, "-c", boot], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while statuses() != {"succeeded"} and time.monotonic() < deadline:
            time.sleep(0.1)
        assert statuses() == {"succeeded"}
    finally:
        worker.terminate()
    assert worker.wait(timeout=10) == 0


def statuses():
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE queue_name = 'mail'")
        return {row[0] for row in cursor.fetchall()}
