"""Fields of input forms that several apps need."""

import re
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.converters import LARGEST_ID, IdConverter


@extend_schema_field(OpenApiTypes.STR)
class IdField(serializers.Field[int, Any, str, Any]):
    """An id as JSON carries it, a string of digits; inside it is an int within 1..2**63 - 1.

    The error is `bad_id`; whether anything has that id is not asked here.
    """

    default_error_messages: ClassVar = {"bad_id": "An id is a string of digits."}

    def to_internal_value(self, data: Any) -> int:
        """The number."""
        if not isinstance(data, str) or not re.fullmatch(IdConverter.regex, data):
            self.fail("bad_id")
        number = int(data)
        if number > LARGEST_ID:
            self.fail("bad_id")
        return number

    def to_representation(self, value: int) -> str:
        """The string."""
        return str(value)
