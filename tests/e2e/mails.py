"""The mail that the server under test has sent: it is kept in a folder, as on any laptop."""

import re
import time
from email import message_from_bytes, policy

from django.conf import settings

WAIT_S = 20


def mail_to(address: str, *, subject: str) -> str:
    """The text of the newest mail to this address with this subject. Raises AssertionError."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        found = sorted(settings.MAIL_ARCHIVE.glob("*.eml"), key=lambda p: -p.stat().st_mtime_ns)
        for path in found[:40]:
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if (mail["To"], mail["Subject"]) == (address, subject):
                return mail.get_body(["plain"]).get_content()
        time.sleep(0.1)
    raise AssertionError(f"no mail {subject!r} to {address}")


def code_for(address: str) -> str:
    """The six digits that prove the address."""
    found = re.search(r"\b(\d{3}) (\d{3})\b", mail_to(address, subject="Is this your address?"))
    assert found
    return found[1] + found[2]
