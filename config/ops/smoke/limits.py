"""The five promises; deploy/constants.toml [success] has the same numbers, held by a test."""

from typing import Final

from config.ops.bounds import Bound

PROMISES: Final = (
    Bound("page_s", "page load", "s", 3.0),
    Bound("api_ms", "API answer, p95", "ms", 500),
    Bound("message_ms", "live message, p95", "ms", 100),
    Bound("upload_s", "picture to post", "s", 5.0),
    Bound("uptime_percent", "availability", "%", 99.0, is_floor=True),
)
