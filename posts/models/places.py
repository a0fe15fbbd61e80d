"""Places where posts were made."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from posts.constants import PLACE_NAME_MAX


class Place(models.Model):
    """A name, and where it is to about 10 m if that is known; made by whoever needed it first.

    Who may find it is `posts.selectors.places`: a place shows itself by the posts made there.
    """

    name = models.CharField(max_length=PLACE_NAME_MAX)
    #: ISO 3166-1 alpha-2, in capitals, or empty.
    country = models.CharField(max_length=2, blank=True)
    latitude = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    longitude = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Upper("name"),
                "country",
                "latitude",
                "longitude",
                name="posts_place_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="posts_place_on_earth",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
            ),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="posts_place_name_trgm")
        ]

    def __str__(self) -> str:
        return self.name
