"""The password hasher of the test suite: the production one with fewer rounds."""

from django.contrib.auth.hashers import BCryptSHA256PasswordHasher


class QuickBCryptSHA256PasswordHasher(BCryptSHA256PasswordHasher):
    """BCryptSHA256 with 4 rounds instead of 12: for tests only."""

    rounds = 4
