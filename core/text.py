"""Text from outside: what PostgreSQL and JSON cannot hold is refused at every border."""

import re
import unicodedata

from core.errors import BadInputError

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TOKEN = re.compile(r"\w+|[^\w\s]")


def is_storable(value: str) -> bool:
    """True unless the text has a NUL or a lone surrogate, which PostgreSQL refuses."""
    return _UNSTORABLE.search(value) is None


def clean_text(value: str, *, field: str = "text") -> str:
    """Return the text in Unicode normal form C; accepted text comes back unchanged otherwise.

    Raises BadInputError `bad_text` for a NUL or a lone surrogate.
    """
    if not is_storable(value):
        message = "Contains characters that cannot be stored."
        raise BadInputError.of_field(field, "bad_text", message)
    return unicodedata.normalize("NFC", value)


def folded(text: str) -> str:
    """How words are compared: without case, accents and compatibility forms (UTS 39 in spirit)."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char))


def token_line(text: str) -> str:
    """The folded words and signs of a text, a blank around each.

    One text holds another as whole words if its line holds the other's; looking takes linear time.
    """
    return f" {' '.join(_TOKEN.findall(folded(text)))} "
