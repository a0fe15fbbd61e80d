"""Before Auto Scaling ends this host, send its work elsewhere: `deploy/bin/lifecycle`.

It needs no rights over the services: they end with the host, after their sockets and requests.
"""

import argparse
import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from deploy.hosts.drain import drain
from deploy.hosts.instance import Instance, metadata
from deploy.hosts.log import say

POLL_S = 5.0
ENDING = "Terminated"


def target_state() -> str:
    """Where Auto Scaling is bringing this host; empty while it does not say."""
    try:
        return metadata("autoscaling/target-lifecycle-state")
    except OSError:
        return ""


def wait_for_the_end(state: Callable[[], str] = target_state, *, poll_s: float = POLL_S) -> None:
    """Return when this host is to end."""
    while state() != ENDING:
        time.sleep(poll_s)


def end(instance: Instance, empty: Callable[[Instance], None] = drain) -> None:
    """Drain, then let the host go; also when draining failed, for its time is short either way."""
    try:
        empty(instance)
    except (BotoCoreError, ClientError, OSError) as error:
        say("drain_failed", level="ERROR", error=type(error).__name__)
    instance.let_it_end()
    say("lifecycle_completed")


def main() -> None:
    """Watch until this host is to end."""
    argparse.ArgumentParser(prog="lifecycle", description=__doc__).parse_args()
    instance = Instance.here()
    wait_for_the_end()
    end(instance)


if __name__ == "__main__":
    main()
