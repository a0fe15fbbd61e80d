"""A create with the same key happens once: kept with its answer, refused while it runs."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from core.errors import ConflictError, RuleError
from core.idempotency import Answer, Attempt, run_once
from core.models import IdempotencyKey


def attempt(user, **changes):
    return Attempt(
        **{
            "user_id": user.pk,
            "method": "POST",
            "path": "/x",
            "key": "k",
            "fingerprint": "f",
            **changes,
        }
    )


@pytest.mark.django_db
def test_the_second_call_gets_the_first_answer_and_acts_no_more(user):
    calls = []

    def act():
        calls.append(1)
        return Answer(201, {"id": str(len(calls))})

    assert [run_once(attempt(user), act) for _ in range(3)] == [Answer(201, {"id": "1"})] * 3
    assert len(calls) == 1


@pytest.mark.django_db
def test_another_body_under_the_same_key_is_a_conflict(user):
    run_once(attempt(user), lambda: Answer(201, {}))
    with pytest.raises(ConflictError) as raised:
        run_once(attempt(user, fingerprint="g"), lambda: Answer(201, {}))
    assert raised.value.code == "idempotency_conflict"


@pytest.mark.django_db
def test_a_key_belongs_to_one_person_and_one_path(user, other_user):
    run_once(attempt(user), lambda: Answer(201, {"n": 1}))
    assert run_once(attempt(other_user), lambda: Answer(201, {"n": 2})).data == {"n": 2}
    assert run_once(attempt(user, path="/y"), lambda: Answer(201, {"n": 3})).data == {"n": 3}


@pytest.mark.django_db
@pytest.mark.parametrize("status", [302, 400, 500])
def test_an_answer_that_is_not_2xx_is_not_kept(user, status):
    assert run_once(attempt(user), lambda: Answer(status, {})).status == status
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_refused_act_leaves_nothing_and_may_be_tried_again(user, make_user):
    def act():
        make_user("half")
        raise RuleError

    with pytest.raises(RuleError):
        run_once(attempt(user), act)
    assert not type(user).objects.filter(username="half").exists()
    assert run_once(attempt(user), lambda: Answer(201, {})).status == 201


@pytest.mark.django_db(transaction=True)
def test_a_second_request_while_the_first_runs_is_told_to_wait(user):
    started, finish = threading.Event(), threading.Event()

    def slow():
        started.set()
        finish.wait(5)
        return Answer(201, {})

    def first():
        run_once(attempt(user), slow)
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    started.wait(5)
    with pytest.raises(ConflictError) as raised:
        run_once(attempt(user), slow)
    finish.set()
    thread.join()
    assert (raised.value.code, raised.value.retry_after) == ("idempotency_in_flight", 1)


@pytest.mark.django_db
def test_a_request_that_died_with_its_process_may_be_made_again(user):
    old = timezone.now() - timedelta(seconds=61)
    IdempotencyKey.objects.create(
        user=user, method="POST", path="/x", key="k", fingerprint="f", started_at=old
    )
    assert run_once(attempt(user), lambda: Answer(201, {"n": 1})).data == {"n": 1}
