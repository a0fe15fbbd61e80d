"""Forms of reports, objections, letters and agreements."""

from typing import Any

from rest_framework import serializers

from accounts.constants import (
    CONTACT_MESSAGE_MAX,
    CONTACT_NAME_MAX,
    CONTACT_SUBJECT_MAX,
    DOCUMENT_PART_MAX,
    REPORT_TEXT_MAX,
    ReportReason,
    ReportState,
)
from core.api import StrictSerializer
from core.api.fields import IdField


class ReportForm(StrictSerializer):
    """POST reports."""

    target_kind = serializers.CharField(max_length=20)
    target_id = IdField()
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField(
        max_length=REPORT_TEXT_MAX, required=False, allow_blank=True, default=""
    )


class AppealForm(StrictSerializer):
    """POST appeals: the token of the mail about an act."""

    token = serializers.CharField(max_length=100)
    text = serializers.CharField(max_length=REPORT_TEXT_MAX)


class ConsentForm(StrictSerializer):
    """POST me/consents: a document, in the version that was read."""

    document = serializers.CharField(max_length=DOCUMENT_PART_MAX)
    version = serializers.CharField(max_length=DOCUMENT_PART_MAX)


class ContactForm(StrictSerializer):
    """POST contact."""

    name = serializers.CharField(max_length=CONTACT_NAME_MAX)
    email = serializers.EmailField(max_length=254)
    subject = serializers.CharField(max_length=CONTACT_SUBJECT_MAX)
    message = serializers.CharField(max_length=CONTACT_MESSAGE_MAX)


class ConsentSerializer(serializers.Serializer[Any]):
    """Schema of what one agreed to."""

    id = serializers.CharField()
    document = serializers.CharField()
    version = serializers.CharField()
    created_at = serializers.DateTimeField()


class ReportSerializer(serializers.Serializer[Any]):
    """Schema of Report: what became of it, never by whom."""

    id = serializers.CharField()
    target_kind = serializers.CharField()
    target_id = serializers.CharField()
    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField()
    state = serializers.ChoiceField(choices=ReportState.choices)
    created_at = serializers.DateTimeField()
    handled_at = serializers.DateTimeField(allow_null=True)
