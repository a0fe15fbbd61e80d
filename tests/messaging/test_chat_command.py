"""`manage.py chat`: a person, or a program, talks through a terminal."""

import json
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.db import connection

from messaging.management.chat.terminal import printable
from tests.conftest import PASSWORD
from tests.messaging.conftest import say
from tests.messaging.servers import server_environ
from tests.messaging.test_restart import Service


@pytest.fixture
def service(transactional_db):
    made = Service("config.oneport")
    made.start()
    made.get("/healthz")
    yield made
    made.end()
    connection.close()


@contextmanager
def chat_of(service, person, *words, password=PASSWORD):
    command = [sys.executable, "manage.py", "chat", "--as", person.user.username]
    chat = subprocess.Popen(
        [*command, "--url", f"http://127.0.0.1:{service.port}", *words],
        env=server_environ("command") | {"JYOTI_CHAT_PASSWORD": password},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield chat
    finally:
        chat.kill()
        chat.communicate()


def tell(chat, **order):
    chat.stdin.write(json.dumps(order) + "\n")
    chat.stdin.flush()


def hear(chat, event):
    """The next event of that name."""
    for line in chat.stdout:
        found = json.loads(line)
        if found["event"] == event:
            return found
    raise AssertionError(chat.stderr.read())


def test_a_program_opens_sends_hears_reads_and_leaves(service, ann, bob, chat):
    with chat_of(service, ann, "--json") as program:
        assert hear(program, "state")["state"] == "connecting"
        tell(program, do="open", username=bob.user.username)
        assert hear(program, "opened")["conversation_id"] == str(chat)
        tell(program, do="send", conversation_id=str(chat), body="hello")
        assert hear(program, "sent")["message"]["seq"] == 1
        say(bob, chat, "hello ann")
        while (message := hear(program, "message")["message"])["seq"] != 2:
            pass
        assert message["body"] == "hello ann"
        tell(program, do="read", conversation_id=str(chat), seq=2)
        tell(program, do="list")
        assert hear(program, "conversation")["unread"] == 0
        tell(program, do="dance")
        assert hear(program, "error")["code"] == "bad"
        tell(program, do="quit")
        assert program.wait(20) == 0
    assert not ann.user.sessions.filter(revoked_at__isnull=True, user_agent="jyoti-chat").exists()


def test_a_person_sees_readable_lines_and_a_wrong_password_says_so(service, ann, bob, chat):
    say(bob, chat, "first \x1b[31mred")
    with chat_of(service, ann) as person:
        said, _ = person.communicate(f"/open {bob.user.username}\nhow are you?\n/quit\n", 60)
    assert "first \ufffd[31mred" in said
    assert f"{bob.user.username}: first" in said
    assert "/open NAME" in said
    with chat_of(service, ann, password="not it") as person:
        _, errors = person.communicate("", 60)
    assert (person.returncode, "Traceback" in errors) == (1, False)


def test_what_others_wrote_steers_no_terminal():
    assert printable("a\x1b]0;x\x07b\u202ec\n") == "a\ufffd]0;x\ufffdb\ufffdc\n"
