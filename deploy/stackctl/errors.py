"""What ends the command with a message instead of a traceback."""


class UsageError(Exception):
    """The call, a parameter or the credentials are wrong; nothing was changed. Exit code 2."""


class StackError(Exception):
    """A stack did not get where it should. Exit code 1."""
