"""Fields of input forms that several apps need."""

from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.ids import id_of


@extend_schema_field(OpenApiTypes.STR)
class IdField(serializers.Field[int, Any, str, Any]):
    """An id as JSON carries it, a string of digits; inside it is an int within 1..2**63 - 1.

    The error is `bad_id`; whether anything has that id is not asked here.
    """

    default_error_messages: ClassVar = {"bad_id": "An id is a string of digits."}

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        try:
            return id_of(data)
        except ValueError:
            self.fail("bad_id")

    def to_representation(self, value: int) -> str:
        """The string."""
        return str(value)


class IdsField(serializers.CharField):
    """Up to `most` ids with commas between, as a query has them; inside a list, each once.

    The error is `bad_ids`.
    """

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(max_length=21 * most, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The numbers, in their order."""
        words = [word for word in super().to_internal_value(data).split(",") if word]
        try:
            ids = [id_of(word) for word in words]
        except ValueError:
            ids = []
        if len(words) > self.most or len(ids) < len(words):
            raise serializers.ValidationError(f"Up to {self.most} ids.", code="bad_ids")
        return list(dict.fromkeys(ids))
