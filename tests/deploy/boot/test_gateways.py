"""The other gateway: daphne serves the same chat, and one changes over as its unit says."""

import time

from tests.deploy.boot.box import Box
from tests.deploy.boot.machine import until
from tests.deploy.long.crowd import Crowd, assert_chat_kept_its_promises, assert_nothing_was_lost


def change_over(box: Box, old: str, new: str) -> None:
    """The two commands of the unit's head."""
    box.machine.systemctl("disable", "--now", f"{old}.socket", f"{old}.service")
    box.machine.systemctl("enable", "--now", f"{new}.socket", f"{new}.service")
    until(lambda: box.status("/readyz", 8082) == 200, 30, lambda: box.machine.journal("-n50"))


def test_daphne_serves_the_chat(box: Box, crowd: Crowd):
    change_over(box, "jyoti-ws", "jyoti-ws-daphne")
    try:
        with crowd.living() as run:
            time.sleep(5)
        assert "daphne" in box.machine.shell(
            f"tr '\\0' ' ' </proc/{box.machine.main_pid('jyoti-ws-daphne')}/cmdline"
        )
        assert_nothing_was_lost(run.seen)
        with crowd.living() as interrupted:
            box.machine.systemctl("restart", "jyoti-ws-daphne")
            until(lambda: box.status("/readyz", 8082) == 200, 30)
        assert_chat_kept_its_promises(interrupted.seen)
    finally:
        change_over(box, "jyoti-ws-daphne", "jyoti-ws")
