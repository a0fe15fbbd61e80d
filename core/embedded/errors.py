"""The one error of this package."""


class EmbeddedServiceError(RuntimeError):
    """A service cannot be started here; the message says what to install, to set or to look at."""
