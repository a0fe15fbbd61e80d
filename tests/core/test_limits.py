"""Limits fire, tell when to come back, are shared, and hold while Redis is away."""

import time

import pytest

from accounts import constants
from core.errors import RateLimitedError
from core.http import client_address, limit_subject
from core.limits import HOUR, Limit, enforce, take
from core.redis import sync_redis

LIMIT = Limit("test", 3, 3600)


@pytest.fixture
def limits_on(settings):
    settings.RATE_LIMIT_SCALE = 1.0


def test_the_fourth_of_three_is_refused_with_whole_seconds(limits_on):
    assert [take(LIMIT, "a").allowed for _ in range(4)] == [True, True, True, False]
    assert 1 <= take(LIMIT, "a").retry_after <= 3601
    assert take(LIMIT, "b").allowed
    with pytest.raises(RateLimitedError) as raised:
        enforce(LIMIT, "a")
    assert raised.value.retry_after >= 1


@pytest.mark.parametrize("window_s", [60, 600, 900, HOUR, 24 * HOUR])
def test_a_test_begins_with_its_windows(limits_on, window_s):
    limit = Limit("whole", 1, window_s)
    take(limit, "a")
    assert window_s - 10 <= take(limit, "a").retry_after <= window_s


def test_the_scale_multiplies_and_zero_switches_off(settings):
    settings.RATE_LIMIT_SCALE = 2.0
    assert sum(take(LIMIT, "c").allowed for _ in range(10)) == 6
    settings.RATE_LIMIT_SCALE = 0.0
    assert sum(take(LIMIT, "c").allowed for _ in range(10)) == 10


def test_a_counter_is_forgotten_when_its_window_ends(limits_on):
    take(LIMIT, "d")
    (name,) = list(sync_redis().scan_iter("*:rl:test:d:*"))
    assert 3590 <= sync_redis().ttl(name) <= 3600


def test_limits_hold_while_redis_is_away(limits_on, no_redis):
    assert [take(LIMIT, "away").allowed for _ in range(4)] == [True, True, True, False]


def test_a_redis_that_hangs_costs_one_time_out_and_not_one_a_call(limits_on, no_redis):
    take(LIMIT, "hang")
    started = time.monotonic()
    for _ in range(100):
        take(LIMIT, "hang")
    assert time.monotonic() - started < 0.5


@pytest.mark.django_db
def test_a_forged_forwarded_for_changes_no_limit(limits_on, api):
    body = {"login": "nobody", "password": "not the right one"}
    statuses = [
        api()
        .post("/api/v1/auth/login", {**body, "login": f"n{i}"}, HTTP_X_FORWARDED_FOR=f"10.0.0.{i}",
              HTTP_X_REAL_IP=f"10.1.0.{i}", HTTP_FORWARDED=f"for=10.2.0.{i}")
        .status_code
        for i in range(32)
    ]  # fmt: skip
    assert statuses == [401] * 30 + [429] * 2


@pytest.mark.django_db
def test_register_five_an_hour_for_one_address(limits_on, api):
    statuses = [
        api()
        .post(
            "/api/v1/auth/register",
            {"username": f"new{i}", "email": f"n{i}@example.org", "password": "a quiet harbour"},
        )
        .status_code
        for i in range(6)
    ]
    assert statuses == [201] * 5 + [429]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("post", "/api/v1/auth/ws-ticket", constants.TICKET_LIMIT),
        ("put", "/api/v1/users/{other}/follow", constants.FOLLOW_LIMIT),
        ("get", "/api/v1/auth/username-available?q=abc", constants.AVAILABLE_LIMIT),
    ],
)
def test_each_declared_limit_fires_at_its_count(
    limits_on, api, user, other_user, method, path, limit
):
    client = api(user)
    call = getattr(client, method)
    statuses = [call(path.format(other=other_user.pk)).status_code for _ in range(limit.count + 1)]
    assert statuses == [200] * limit.count + [429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "10.0.0.1", "192.0.2.1"),
        (1, "10.0.0.1", "10.0.0.1"),
        (1, "1.1.1.1, 10.0.0.1", "10.0.0.1"),
        (2, "1.1.1.1, 10.0.0.1, 10.9.9.9", "10.0.0.1"),
        (2, "10.9.9.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "garbage", "192.0.2.1"),
        (1, "::ffff:10.0.0.1", "10.0.0.1"),
    ],
)
def test_the_clients_address_is_what_our_own_proxy_wrote(proxies, forwarded, address):
    meta = {"REMOTE_ADDR": "192.0.2.1", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta, trusted_proxies=proxies) == address


@pytest.mark.parametrize(
    ("address", "subject"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
    ],
)
def test_limits_count_a_whole_network_of_ipv6_as_one(address, subject):
    assert limit_subject(address) == subject
