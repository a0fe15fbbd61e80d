"""The people and things of the access matrix, for every test of the house."""

from tests.house.test_access_matrix import world

__all__ = ["world"]
