"""What is kept for seconds is never older than said, and nobody who asks often waits for it."""

import asyncio

import pytest

from messaging.consumers.caches import ShortCache

TTL_S = 0.4


class Loader:
    """Counts how often it is asked; fails when told to."""

    def __init__(self) -> None:
        self.asked, self.fails = 0, False

    async def __call__(self, key: str) -> str:
        self.asked += 1
        if self.fails:
            raise ConnectionError
        return f"{key} {self.asked}"


@pytest.fixture
def load():
    return Loader()


@pytest.fixture
def cache(load):
    return ShortCache(load, ttl_s=TTL_S)


async def test_a_value_is_loaded_once_while_it_is_young(cache, load):
    assert cache.kept("a") is None
    assert [await cache.get("a"), await cache.get("a"), cache.kept("a")] == ["a 1"] * 3
    assert load.asked == 1


async def test_in_the_second_half_of_its_time_it_is_loaded_anew_by_the_way(cache, load):
    await cache.get("a")
    await asyncio.sleep(TTL_S * 0.6)
    assert [cache.kept("a"), cache.kept("a")] == ["a 1", "a 1"]
    await asyncio.sleep(0)
    assert (cache.kept("a"), load.asked) == ("a 2", 2)


async def test_what_cannot_be_loaded_anew_ends_with_its_time_and_the_next_is_told(cache, load):
    await cache.get("a")
    await asyncio.sleep(TTL_S * 0.6)
    load.fails = True
    assert cache.kept("a") == "a 1"
    await asyncio.sleep(TTL_S * 0.5)
    assert cache.kept("a") is None
    with pytest.raises(ConnectionError):
        await cache.get("a")
    load.fails = False
    assert await cache.get("a") == "a 4"
