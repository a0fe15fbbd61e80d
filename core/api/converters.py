"""Path converters: an id that no row can have is a 404 before any SQL."""

from django.urls import register_converter

LARGEST_ID = 2**63 - 1


class IdConverter:
    """A positive bigint in decimal digits, without leading zeros."""

    regex = r"[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """Raises ValueError, which Django answers with 404, above 2**63 - 1."""
        number = int(value)
        if number > LARGEST_ID:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """Decimal digits."""
        return str(value)


register_converter(IdConverter, "id")
