"""Each value of deploy/constants.toml is the same wherever it stands."""

import pytest

from tests.deploy.places import PLACES, Place, value_of
from tests.deploy.sources import REAL, Sources

#: What is held elsewhere: tests/deploy/boot measures these two.
MEASURED = {"limits.valkey", "limits.profile"}


def differs(sources: Sources, place: Place) -> bool:
    """Whether the place says something else than the table."""
    return place.read(sources) != place.expected(value_of(sources, place.constant))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.constant} {place.where}")
def test_place_says_what_the_table_says(place: Place) -> None:
    assert place.read(REAL) == place.expected(value_of(REAL, place.constant))


def test_every_constant_is_held_somewhere() -> None:
    table = {f"{section}.{name}" for section, names in REAL.constants.items() for name in names}
    assert {place.constant for place in PLACES} | MEASURED == table


def test_times_of_leaving_fit_into_each_other() -> None:
    """What is inside has ended before what is around it loses patience."""
    seconds = REAL.constants["seconds"]
    assert seconds["alb_idle"] < seconds["keep_alive"]
    assert seconds["gunicorn_graceful"] < seconds["http_stop"]
    assert seconds["deregistration"] < seconds["http_stop"]
    assert seconds["websocket_drain"] < seconds["websocket_stop"]
    assert seconds["websocket_drain_host"] < seconds["deregistration"]
    leaving = seconds["deregistration"] + 15 + seconds["http_stop"] + seconds["worker_stop"]
    assert leaving < seconds["lifecycle"]


def test_the_parts_of_a_box_fit_into_its_promise() -> None:
    limits = dict(REAL.constants["limits"])
    profile = limits.pop("profile")
    assert sum(limits.values()) <= profile
