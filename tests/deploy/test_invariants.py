"""The invariants hold for the project as it is."""

import pytest

from tests.deploy.invariants import CHECKS
from tests.deploy.sources import REAL


@pytest.mark.parametrize("name", CHECKS)
def test_invariant(name: str) -> None:
    assert CHECKS[name](REAL) == []
