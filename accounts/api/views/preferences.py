"""Words that somebody does not want to read."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import constants, selectors, services
from accounts.api import serializers as forms
from core.api import Access, ApiView, validated
from core.api.serializers import Empty


class HiddenWordsApi(ApiView):
    """GET me/hidden-words."""

    access = Access.USER

    @extend_schema(responses=forms.WordsSerializer)
    def get(self, request: Request) -> Response:
        """What is left out of feeds and from under posts, in alphabetical order."""
        return Response({"results": selectors.hidden_words(viewer=self.viewer)})


class HiddenWordApi(ApiView):
    """PUT and DELETE me/hidden-words/{word}."""

    access = Access.USER
    limits = {"PUT": constants.RELATION_LIMIT}

    @extend_schema(request=Empty, responses=forms.WordHiddenSerializer)
    def put(self, request: Request, word: str) -> Response:
        """Leave out what has this word or phrase, whatever its case and accents."""
        validated(Empty, request)
        services.hidden_word_add(user_id=self.viewer.pk, word=word)
        return Response({"hidden": True})

    @extend_schema(responses=forms.WordHiddenSerializer)
    def delete(self, request: Request, word: str) -> Response:
        """Show it again; again changes nothing."""
        services.hidden_word_remove(user_id=self.viewer.pk, word=word)
        return Response({"hidden": False})
