"""Fixtures of the deployment's checks; `make deploy-check` alone collects this folder."""

import pytest


@pytest.fixture(autouse=True)
def _clean_redis() -> None:
    """Nothing here writes into Redis (the fixture of this name in tests/ would connect to it)."""


@pytest.fixture(autouse=True)
def _clean_jobs() -> None:
    """Nothing here defers a job."""
