"""Fixtures of the deployment's checks; `make deploy-check` alone collects this folder."""

from collections.abc import Iterator

import pytest

from tests.deploy import account


@pytest.fixture(autouse=True)
def _clean_redis() -> None:
    """Nothing here writes into Redis (the fixture of this name in tests/ would connect to it)."""


@pytest.fixture(autouse=True)
def _clean_jobs() -> None:
    """Nothing here defers a job."""


@pytest.fixture(scope="session")
def prod() -> Iterator[account.Deployed]:
    """All layers of prod, made once; tests only read them."""
    with account.deployed("prod") as made:
        yield made
