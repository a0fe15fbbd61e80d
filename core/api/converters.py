"""Path converters: an id that no row can have is a 404 before any SQL."""

from django.urls import register_converter

from core.ids import ID_FORM, id_of


class IdConverter:
    """A positive bigint in decimal digits, without leading zeros."""

    regex = ID_FORM

    def to_python(self, value: str) -> int:
        """Raises ValueError, which Django answers with 404, above 2**63 - 1."""
        return id_of(value)

    def to_url(self, value: int) -> str:
        """Decimal digits."""
        return str(value)


register_converter(IdConverter, "id")
