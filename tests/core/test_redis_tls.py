"""`rediss://`, as ElastiCache has it: the server's certificate and name are verified."""

import ssl
from contextlib import contextmanager

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from core.redis import async_redis, sync_redis
from tests.core.certificates import make_authority
from tests.core.tcp_proxy import tcp_proxy


@pytest.fixture
def tls(settings, tmp_path):
    """`tls(address)`: the Redis of the test by TLS, certified for an address."""
    authority, url = make_authority("Cache of the test"), settings.REDIS_URLS[0]
    (tmp_path / "ca.pem").write_bytes(authority.pem)

    @contextmanager
    def serve(address, *, is_trusted):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*authority.write_server(tmp_path, address=address))
        with tcp_proxy(url, context) as proxy:
            query = f"?ssl_ca_certs={tmp_path / 'ca.pem'}" if is_trusted else ""
            settings.REDIS_URLS = [proxy.url + query]
            sync_redis.cache_clear()
            yield
            sync_redis().close()
        settings.REDIS_URLS = [url]
        sync_redis.cache_clear()

    return serve


async def ping():
    client = async_redis()
    try:
        return await client.ping()
    finally:
        await client.aclose()


async def test_a_server_of_a_trusted_authority_is_used(tls):
    with tls("127.0.0.1", is_trusted=True):
        assert sync_redis().ping()
        assert await ping()


@pytest.mark.parametrize(("address", "is_trusted"), [("127.0.0.1", False), ("127.0.0.2", True)])
async def test_an_unknown_authority_or_another_name_is_refused(tls, address, is_trusted):
    with tls(address, is_trusted=is_trusted):
        with pytest.raises(RedisConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
            sync_redis().ping()
        with pytest.raises(RedisConnectionError, match="CERTIFICATE_VERIFY_FAILED"):
            await ping()
