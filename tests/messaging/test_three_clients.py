"""Whatever three people do, and whatever breaks: afterwards each client has what the server has.

The long form is `make fault`. A failing run prints its deeds; SEED=n repeats it, SHRINK=1 with that
looks for the fewest deeds that fail (minutes), and `@reproduce_failure`, which is printed too, repeats
just those.
"""

import asyncio
import os
import random
import sys

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from accounts.services import session_start
from core.redis import sync_redis
from tests.messaging.tabs import Somebody, Trio
from tests.messaging.town import Gateway, Redis, answering

SEED = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
PHASES = [Phase.generate, *([Phase.shrink] if os.environ.get("SHRINK") else [])]
WHAT = (
    *("say", "say_twice", "read", "type", "open_tab", "cut", "go", "come") * 2,
    *("say", "say", "read", "go", "come"),
    *("block", "unblock", "break_redis", "resync"),
)
DEED = st.tuples(
    st.sampled_from(WHAT),
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(1, 2),
    st.integers(0, 9),
)
#: Those of one turn begin at the same moment; the next turn begins when they are done.
TURNS = st.lists(st.lists(DEED, min_size=1, max_size=4), min_size=1, max_size=12)


def of_random_deeds(count):
    """So many runs, from SEED; nothing is kept between runs of the suite."""

    def decorate(test):
        how = hypothesis(
            max_examples=count,
            deadline=None,
            database=None,
            phases=PHASES,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        )
        return seed(SEED)(how(given(turns=TURNS)(test)))

    return decorate


@pytest.fixture
def world(transactional_db, settings, make_user, device, run_jobs):
    """`world(turns)`: two gateways, and three people who are new each time."""
    sys.stderr.write(f"\nSEED={SEED}\n")
    redis = Redis()
    settings.REDIS_URLS = [f"redis://127.0.0.1:{redis.port}/0"]
    sync_redis.cache_clear()
    gateways = [Gateway(redis) for _ in range(2)]

    def live(turns):
        users = [make_user() for _ in range(3)]
        people = [Somebody(one, session_start(user=one, device=device).access) for one in users]
        trio = Trio(people, urls, run_jobs)
        try:
            runner.run(live_through(trio, turns))
            trio.check_rows()
        except BaseException:
            # Deeds of one moment may end otherwise the next time: then Hypothesis tells less.
            sys.stderr.write(f"turns={turns}\n")
            raise

    with asyncio.Runner() as runner:
        runner.run(answering(redis.port))
        runner.run(ready(gateways))
        urls = [f"http://127.0.0.1:{gateway.port}" for gateway in gateways]
        yield live
    for gateway in gateways:
        gateway.end()
    redis.end()
    sync_redis.cache_clear()
    connection.close()


async def ready(gateways):
    async with asyncio.timeout(60):
        await asyncio.gather(*(gateway.ready() for gateway in gateways))


async def live_through(trio, turns):
    try:
        async with asyncio.timeout(120):
            await trio.start()
            for deeds in turns:
                await asyncio.gather(*map(trio.act, deeds))
            await trio.quiet()
            await trio.converge()
    finally:
        await trio.stop()


@of_random_deeds(16)
def test_after_random_deeds_each_client_has_what_the_server_has(world, turns):
    world(turns)


@pytest.mark.fault
@of_random_deeds(200)
def test_after_very_many_random_deeds_each_client_has_what_the_server_has(world, turns):
    world(turns)
