"""Input forms that refuse what they do not know, and the shapes that errors and pages have."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

UNKNOWN = "Unknown field."


class StrictSerializer(serializers.Serializer[Any]):
    """A form whose unknown fields are errors (`unknown_field`), nested ones too."""

    def to_internal_value(self, data: Any) -> Any:
        """Unknown names first: a misspelt optional field must not pass in silence."""
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - {n for n, f in self.fields.items() if not f.read_only})
            if unknown:
                raise serializers.ValidationError(
                    {
                        name[:100]: [serializers.ErrorDetail(UNKNOWN, "unknown_field")]
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)


class Empty(StrictSerializer):
    """A request without a body or without query parameters."""


def validated(form: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """The request's body by this form. Raises the 400 problem that lists each wrong field."""
    return _valid(form(data=request.data))


def validated_query(form: type[StrictSerializer], request: Request) -> dict[str, Any]:
    """The query parameters by this form; `utm_*` is ignored, any other unknown one is refused."""
    given = {k: v for k, v in request.query_params.items() if not k.startswith("utm_")}
    return _valid(form(data=given))


def _valid(serializer: StrictSerializer) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


class FieldErrorSerializer(serializers.Serializer[Any]):
    """One wrong field of a problem."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()
    file = serializers.IntegerField(required=False)


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details; `code` is stable."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    instance = serializers.CharField()
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]


@cache
def page_of(shape: type[serializers.Serializer[Any]]) -> type[serializers.Serializer[Any]]:
    """The schema of a page of that shape: `{results, next, previous}`; one class for each shape."""
    return type(
        f"{shape.__name__.removesuffix('Serializer')}Page",
        (serializers.Serializer,),
        {
            "__doc__": None,
            "results": shape(many=True),
            "next": serializers.CharField(allow_null=True),
            "previous": serializers.CharField(allow_null=True),
        },
    )
