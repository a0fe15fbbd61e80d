"""What a backend says about a mail; everything else that it raises is tried again."""


class MailRefusedError(Exception):
    """The provider will never take this mail: a bad address, a sender that is not verified."""


class MailDelayedError(Exception):
    """The provider did not take it now: away, slow, busy, or an answer that makes no sense."""
