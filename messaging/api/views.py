"""Routes of conversations and messages."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import (
    Access,
    ApiView,
    LeanApiView,
    json_response,
    page_request,
    validated,
    validated_query,
)
from core.api.serializers import page_of
from messaging import selectors, services
from messaging.api import serializers as forms
from messaging.constants import CONVERSATIONS_LIMIT, MESSAGES_LIMIT, Folder
from messaging.shapes import (
    ConversationRow,
    ConversationSerializer,
    ConversationShape,
    MessageSerializer,
)

ConversationPage = page_of(ConversationSerializer)
MessagePage = page_of(MessageSerializer)
# Reading and writing messages is a scope of its own: a token for posts opens no letters.
SCOPE = {"GET": "messages", "POST": "messages", "PUT": "messages"}


class ConversationsApi(LeanApiView):
    """GET and POST conversations."""

    access = {"GET": Access.USER, "POST": Access.VERIFIED}
    scope = SCOPE
    limits = {"POST": CONVERSATIONS_LIMIT}
    etag = True

    @extend_schema(parameters=[forms.InboxQuery], responses=ConversationPage)
    def get(self, request: Request) -> HttpResponse:
        """The viewer's conversations, the one with the newest message first."""
        folder = request.query_params.get("folder", Folder.PRIMARY)
        page, query = page_request(request, name=f"inbox.{folder}", form=forms.InboxQuery)
        rows = selectors.inbox_rows(
            viewer=self.viewer,
            folder=Folder(query["folder"]),
            q=query["q"],
            position=page.position,
            is_backward=page.is_backward,
        )
        return json_response(page.finish(rows[: page.limit + 1], key=_position, shape=self._shapes))

    @extend_schema(
        request=forms.ConversationForm,
        responses={200: ConversationSerializer, 201: ConversationSerializer},
    )
    def post(self, request: Request) -> Response:
        """The conversation with one other person: 201 if it is new, 200 if it was there."""
        opened = services.conversation_open(
            viewer=self.viewer, **validated(forms.ConversationForm, request)
        )
        shape = selectors.conversation_for(
            viewer=self.viewer, conversation_id=opened.conversation_id
        )
        return Response(shape, status=201 if opened.is_new else 200)

    def _shapes(self, rows: list[ConversationRow]) -> list[ConversationShape]:
        return selectors.conversation_shapes(self.viewer, rows)


class ConversationApi(LeanApiView):
    """GET conversations/{id}."""

    access = Access.USER
    scope = SCOPE

    @extend_schema(responses=ConversationSerializer)
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """One conversation."""
        return json_response(
            selectors.conversation_for(viewer=self.viewer, conversation_id=conversation_id)
        )


class MessagesApi(LeanApiView):
    """GET and POST conversations/{id}/messages."""

    access = {"GET": Access.USER, "POST": Access.VERIFIED}
    scope = SCOPE
    limits = {"POST": MESSAGES_LIMIT}

    @extend_schema(parameters=[forms.HistoryQuery], responses=MessagePage)
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """Messages by ascending seq: the newest, or those before, after or around a seq."""
        span = selectors.Span(**validated_query(forms.HistoryQuery, request))
        part = selectors.history(viewer=self.viewer, conversation_id=conversation_id, span=span)
        url = f"{request.path}?limit={span.limit}"
        return json_response(
            {
                "results": part.messages,
                "next": f"{url}&after_seq={part.messages[-1]['seq']}" if part.has_newer else None,
                "previous": f"{url}&before_seq={part.messages[0]['seq']}"
                if part.has_older
                else None,
            }
        )

    @extend_schema(
        request=forms.MessageForm, responses={200: MessageSerializer, 201: MessageSerializer}
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        """Send: 201, or 200 with the first row for a client_id that was sent before."""
        form: dict[str, Any] = validated(forms.MessageForm, request)
        services.attachments_check(form.pop("media_ids", None), form.pop("post_id", None))
        draft = services.message_draft(viewer=self.viewer, conversation_id=conversation_id, **form)
        sent = services.message_send(viewer=self.viewer, draft=draft)
        return Response(sent.message, status=200 if sent.is_duplicate else 201)


class ChangesApi(LeanApiView):
    """GET conversations/{id}/changes."""

    access = Access.USER
    scope = SCOPE

    @extend_schema(parameters=[forms.ChangesQuery], responses=forms.ChangesSerializer)
    def get(self, request: Request, conversation_id: int) -> HttpResponse:
        """What changed after a revision, and the conversation itself."""
        query = validated_query(forms.ChangesQuery, request)
        return json_response(
            selectors.changes(viewer=self.viewer, conversation_id=conversation_id, **query)
        )


class ReadApi(ApiView):
    """PUT conversations/{id}/read."""

    access = Access.USER
    scope = SCOPE

    @extend_schema(request=forms.ReadForm, responses=forms.ReadSerializer)
    def put(self, request: Request, conversation_id: int) -> Response:
        """Everything up to `seq` is read; the answer says how far it is read now."""
        seq = validated(forms.ReadForm, request)["seq"]
        read = services.conversation_read(
            viewer=self.viewer, conversation_id=conversation_id, seq=seq
        )
        return Response({"seq": read})


class PresenceApi(ApiView):
    """GET presence."""

    access = Access.USER
    scope = SCOPE

    @extend_schema(parameters=[forms.PresenceQuery], responses=forms.PresencesSerializer)
    def get(self, request: Request) -> Response:
        """Who of these people is online, as far as they let the viewer see; else offline."""
        user_ids = validated_query(forms.PresenceQuery, request)["user_ids"]
        return Response({"results": selectors.presence_for(viewer=self.viewer, user_ids=user_ids)})


def _position(row: ConversationRow) -> tuple[Any, ...]:
    return row.last_activity_at, row.id
