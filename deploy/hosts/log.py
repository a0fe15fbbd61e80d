"""JSON lines of the host's own commands, in the form of core.logs, for the log group `deploy`."""

import json
import sys
from datetime import UTC, datetime


def say(event: str, *, level: str = "INFO", **facts: object) -> None:
    """Write one line to standard error. `event` is what metric filters look for."""
    line = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "level": level,
        "logger": "deploy",
        "message": event.replace("_", " "),
        "event": event,
        **facts,
    }
    sys.stderr.write(json.dumps(line, default=str) + "\n")
    sys.stderr.flush()
