"""The mail that the server under test has sent: it is kept in a folder, as on any laptop."""

import re
import time
from email import message_from_bytes, policy

from django.conf import settings

WAIT_S = 20
# Where the server keeps them: it runs with the settings of a laptop, the tests do not.
ARCHIVE = settings.BASE_DIR / ".local" / "mail"
# An earlier run may have had people of the same names.
BEGIN = time.time()


def mail_to(address: str, *, subject: str, after: float = BEGIN) -> str:
    """The text of the newest mail to this address with this subject. Raises AssertionError.

    `after` is a moment before it was sent, for somebody who got such a mail already.
    """
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        found = [(path.stat().st_mtime, path) for path in ARCHIVE.glob("*.eml")]
        for _, path in sorted((pair for pair in found if pair[0] >= after), reverse=True):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            if (mail["To"], mail["Subject"]) == (address, subject):
                return mail.get_body(["plain"]).get_content()
        time.sleep(0.1)
    raise AssertionError(f"no mail {subject!r} to {address}")


def code_for(address: str, *, subject: str = "Is this your address?", after: float = BEGIN) -> str:
    """The six digits that prove the address."""
    found = re.search(r"\b(\d{3}) (\d{3})\b", mail_to(address, subject=subject, after=after))
    assert found
    return found[1] + found[2]


def link_for(address: str, *, subject: str) -> str:
    """The link of a mail, whose secret is in its fragment."""
    found = re.search(r"https?://\S+#token=\S+", mail_to(address, subject=subject))
    assert found
    return found[0]
