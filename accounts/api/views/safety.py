"""Reports, objections, letters to the operator, and what one agreed to."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import constants, selectors, services
from accounts.api import serializers as forms
from accounts.models import Consent, Report
from accounts.shapes import consent_shape, report_shape
from core.api import Access, ApiView, keyset_page, page_request, validated
from core.api.pagination import PageQuery
from core.api.serializers import page_of
from core.http import client_address

ConsentsPage = page_of(forms.ConsentSerializer)
ReportsPage = page_of(forms.ReportSerializer)


class ReportsApi(ApiView):
    """POST reports."""

    access = Access.USER
    idempotent = frozenset({"POST"})
    limits = {"POST": constants.REPORT_LIMIT}

    @extend_schema(request=forms.ReportForm, responses={201: forms.ReportSerializer})
    def post(self, request: Request) -> Response:
        """Say that something should not be here."""
        form = validated(forms.ReportForm, request)
        return Response(
            report_shape(services.report_create(viewer=self.viewer, **form)), status=201
        )


class MyReportsApi(ApiView):
    """GET reports/mine."""

    access = Access.USER

    @extend_schema(parameters=[PageQuery], responses=ReportsPage)
    def get(self, request: Request) -> Response:
        """What the viewer reported, and what became of it, newest first."""
        page, _ = page_request(request, name="reports")
        rows = selectors.my_reports(viewer=self.viewer)

        def shapes(reports: list[Report]) -> list[object]:
            return [report_shape(report) for report in reports]

        return Response(keyset_page(rows, page, order=("-created_at", "-id"), shape=shapes))


class AppealsApi(ApiView):
    """POST appeals."""

    access = Access.PUBLIC
    limits = {"POST": constants.APPEAL_LIMIT}

    @extend_schema(request=forms.AppealForm, responses={204: None})
    def post(self, request: Request) -> Response:
        """Object to an act of a moderator, once, by the token of the mail about it."""
        services.appeal_create(**validated(forms.AppealForm, request))
        return Response(status=204)


class ContactApi(ApiView):
    """POST contact."""

    access = Access.PUBLIC
    limits = {"POST": constants.CONTACT_LIMIT}

    @extend_schema(request=forms.ContactForm, responses={204: None})
    def post(self, request: Request) -> Response:
        """Write to those who run this place."""
        services.contact_create(**validated(forms.ContactForm, request))
        return Response(status=204)


class ConsentsApi(ApiView):
    """GET and POST me/consents."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(parameters=[PageQuery], responses=ConsentsPage)
    def get(self, request: Request) -> Response:
        """What the viewer agreed to, newest first."""
        page, _ = page_request(request, name="consents")
        rows = selectors.my_consents(viewer=self.viewer)

        def shapes(consents: list[Consent]) -> list[object]:
            return [consent_shape(consent) for consent in consents]

        return Response(keyset_page(rows, page, order=("-created_at", "-id"), shape=shapes))

    @extend_schema(request=forms.ConsentForm, responses=forms.ConsentSerializer)
    def post(self, request: Request) -> Response:
        """Agree to a document as it stands now."""
        form = validated(forms.ConsentForm, request)
        address = client_address(request.META)
        given = services.consent_give(user_id=self.viewer.pk, **form, address=address)
        return Response(consent_shape(given))
