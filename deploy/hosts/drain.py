"""Send the work of this host elsewhere: `deploy/bin/drain`.

While the file `draining` exists, /readyz is 503 and the gateway sends its sockets away, spread over
20 seconds. Behind a load balancer the host leaves its target groups as well.
"""

import argparse
import subprocess
import time
from pathlib import Path

from deploy.hosts.instance import Instance
from deploy.hosts.log import say

DRAINING = Path("/run/jyoti/draining")
#: Named beside the target, or systemctl would not wait until they have ended.
SERVICES = ("jyoti-http.*", "jyoti-ws*", "jyoti-worker.service")
#: Seconds over which the gateway sends its sockets away (websocket_drain_host).
SOCKETS_S = 20
#: The balancer's deregistration delay and what it needs to tell of it.
REQUESTS_S = 30 + 15


def drain(instance: Instance, *, flag: Path = DRAINING, sockets_s: float = SOCKETS_S) -> None:
    """Return when nobody is left here, or after about 65 s whoever is left."""
    began = time.monotonic()
    flag.touch()
    instance.leave()
    is_empty = instance.wait_until_gone(within_s=REQUESTS_S)
    time.sleep(max(0.0, began + sockets_s - time.monotonic()))
    seconds = round(time.monotonic() - began, 1)
    say("drained", level="INFO" if is_empty else "WARNING", seconds=seconds, is_empty=is_empty)


def undo(instance: Instance, *, flag: Path = DRAINING) -> None:
    """Take part again."""
    flag.unlink(missing_ok=True)
    instance.join()
    say("drain_undone")


def main() -> None:
    """Drain, and stop the services unless told otherwise."""
    parser = argparse.ArgumentParser(prog="drain", description=__doc__)
    parser.add_argument("--keep-running", action="store_true", help="do not stop the services then")
    parser.add_argument("--undo", action="store_true", help="take part again")
    options = parser.parse_args()
    instance = Instance.here()
    if options.undo:
        undo(instance)
        _systemctl("start", "jyoti.target")
        return
    drain(instance)
    if not options.keep_running:
        _systemctl("stop", "jyoti.target", *SERVICES)


def _systemctl(*arguments: str) -> None:
    subprocess.run(["systemctl", *arguments], check=True)  # noqa: S603, S607  fixed words


if __name__ == "__main__":
    main()
