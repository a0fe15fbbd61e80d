"""Hot reads when the connection goes away beneath them."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import BigIntegerField
from psycopg._queries import _query2pg

from accounts.models import User
from core.sql import CompiledQuery, P, run_hot
from messaging.services.batcher import conninfo

pytestmark = pytest.mark.django_db(transaction=True)

names_of = CompiledQuery(
    lambda: User.objects.filter(pk=P("user", BigIntegerField())).values("username")
)


def lose_connection():
    """The server ends it; this side has not looked yet."""
    with psycopg.connect(conninfo(connection.settings_dict), autocommit=True) as other:
        pid = connection.connection.info.backend_pid
        # The last argument waits until it is gone.
        assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)


def test_a_read_is_done_again_on_a_new_connection(user):
    assert names_of(user=user.pk) == [{"username": user.username}]
    before = connection.connection
    lose_connection()
    assert names_of(user=user.pk) == [{"username": user.username}]
    assert connection.connection is not before


def test_inside_a_transaction_the_loss_is_told(user):
    with pytest.raises((OperationalError, InterfaceError)), transaction.atomic():
        names_of(user=user.pk)
        lose_connection()
        names_of(user=user.pk)
    assert names_of(user=user.pk) == [{"username": user.username}]


def test_an_error_of_a_living_connection_is_told(user):
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '1ms'")
    slow = CompiledQuery(
        lambda: (
            User.objects.filter(pk=P("user", BigIntegerField()))
            .extra(where=["pg_sleep(1) IS NOT NULL"])
            .values("pk")
        )
    )
    with pytest.raises(OperationalError, match="statement timeout"):
        slow(user=user.pk)
    connection.close()


def test_a_long_statement_is_read_once():
    text = f"SELECT %(number)s::bigint AS n /* {'long ' * 2_000} */"
    before = _query2pg.cache_info().misses
    assert [run_hot(text, {"number": n}) for n in range(3)] == [[{"n": n}] for n in range(3)]
    assert _query2pg.cache_info().misses == before + 1
