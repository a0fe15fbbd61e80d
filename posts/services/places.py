"""Places: whoever needs one makes it, everybody finds it once something was posted there."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Upper

from accounts.services import words_check
from core.text import clean_text
from posts.constants import PLACE_NAME_MAX
from posts.models import Place
from posts.services.rules import bad_field

_STEP = Decimal("0.0001")


@transaction.atomic
def place_create(
    *,
    actor_id: int,
    name: str,
    country: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
) -> Place:
    """A place of this name there; the one that exists already if there is one.

    Coordinates are kept to about 10 m, both or neither. Raises BadInputError for a name that is
    empty, too long or not allowed, and `bad_place` for half of the coordinates.
    """
    text = " ".join(clean_text(name, field="name").split())
    if not 1 <= len(text) <= PLACE_NAME_MAX:
        message = f"A name has 1 to {PLACE_NAME_MAX} characters."
        raise bad_field("name", "bad_length", message)
    words_check(text, field="name")
    if (latitude is None) != (longitude is None):
        raise bad_field("longitude", "bad_place", "Give both coordinates or neither.")
    at = {"latitude": _rounded(latitude), "longitude": _rounded(longitude)}
    Place.objects.bulk_create(
        [Place(name=text, country=country, created_by_id=actor_id, **at)], ignore_conflicts=True
    )
    return _standing(text, country, at["latitude"], at["longitude"])


def place_remove(*, place_id: int) -> None:
    """Take a place away from every post; again is fine."""
    Place.objects.filter(pk=place_id).delete()


def _standing(
    name: str, country: str, latitude: Decimal | None, longitude: Decimal | None
) -> Place:
    rows = Place.objects.alias(upper=Upper("name")).filter(
        upper=Upper(Value(name)), country=country
    )
    if latitude is None:
        return rows.get(latitude__isnull=True)
    return rows.get(latitude=latitude, longitude=longitude)


def _rounded(degrees: Decimal | None) -> Decimal | None:
    return None if degrees is None else degrees.quantize(_STEP)
