"""Logs are JSON lines that name their request and hold no secret and nobody's words."""

import asyncio
import io
import json
import logging
import logging.config

import pytest
from procrastinate import App, RetryStrategy, testing

from core.logs import logging_config, request_id

CANARY = "canary-7f3a-quiet-harbour"


@pytest.fixture
def lines():
    """Log as production does; `lines()` are the lines since, parsed."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logging.config.dictConfig(logging_config("DEBUG"))
    stream = io.StringIO()
    root.handlers[0].setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_is_json_and_names_its_request(lines):
    token = request_id.set("abc12345")
    logging.getLogger("jyoti.test").warning("something", extra={"count": 3})
    request_id.reset(token)
    (line,) = lines()
    assert (line["level"], line["logger"], line["message"], line["count"], line["request_id"]) == (
        "WARNING",
        "jyoti.test",
        "something",
        3,
        "abc12345",
    )


def test_a_job_is_an_event_of_the_log_when_it_is_given_up_and_not_before(lines):
    async def work():
        connector = testing.InMemoryConnector()
        jobs = App(connector=connector)

        @jobs.task(name="breaks", retry=RetryStrategy(max_attempts=2, wait=0))
        def breaks(user_id):
            raise RuntimeError("as always")

        async with jobs.open_async():
            await breaks.defer_async(user_id=7)
            await jobs.run_worker_async(wait=False, install_signal_handlers=False)

    asyncio.run(work())
    failed = [line for line in lines() if line.get("event") == "job_failed"]
    assert [(line["level"], line["logger"].split(".")[0]) for line in failed] == [
        ("ERROR", "procrastinate")
    ]
    assert failed[0]["job"]["attempts"] == 2
    assert "RuntimeError: as always" in failed[0]["exc_info"]


@pytest.mark.parametrize("name", ["password", "token", "refresh", "ticket", "body", "cookie"])
def test_a_field_that_is_named_like_a_secret_is_hidden(lines, name):
    logging.getLogger("jyoti.test").warning("something", extra={name: CANARY})
    (line,) = lines()
    assert line[name] == "[hidden]"


@pytest.mark.django_db
def test_no_password_token_or_text_of_a_person_reaches_the_log(lines, api, user):
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    client = api(user)
    access = client._credentials["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    client.patch("/api/v1/me", {"bio": CANARY, "role": "admin"})
    client.patch("/api/v1/me", {"bio": CANARY})
    client.post("/api/v1/auth/login", {"login": user.username, "password": CANARY})
    client.post("/api/v1/auth/login", {"login": CANARY + "\x00", "password": CANARY})
    client.get(f"/api/v1/users/lookup?username={CANARY}")
    client.post("/api/v1/auth/refresh", {"refresh": CANARY})
    written = json.dumps(lines())
    assert CANARY not in written
    assert access not in written
