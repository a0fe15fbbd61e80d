"""What proves who somebody is: the e-mail address and the password."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import services
from accounts.api import serializers as forms
from core.api import Access, ApiView, validated
from core.api.serializers import Empty
from core.errors import UnauthenticatedError
from core.http import client_address


class EmailVerifyApi(ApiView):
    """POST auth/email/verify."""

    access = Access.OPTIONAL

    @extend_schema(request=forms.VerifyForm, responses={204: None})
    def post(self, request: Request) -> Response:
        """The address is verified, or changed; a refresh gives an access token that says so."""
        form = validated(forms.VerifyForm, request)
        if "token" in form:
            services.email_verify(token=form["token"])
        elif self.viewer.is_anonymous:
            raise UnauthenticatedError("Sign in to use the code, or open the link.")
        else:
            services.email_verify_by_code(user_id=self.viewer.pk, code=form["code"])
        return Response(status=204)


class EmailResendApi(ApiView):
    """POST auth/email/resend."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(request=Empty, responses={202: None})
    def post(self, request: Request) -> Response:
        """A new link and code; the last ones are void."""
        validated(Empty, request)
        services.email_resend(user_id=self.viewer.pk)
        return Response(status=202)


class EmailChangeApi(ApiView):
    """POST auth/email/change."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(request=forms.EmailChangeForm, responses={202: None})
    def post(self, request: Request) -> Response:
        """A link and code to the new address; until they are used nothing changes."""
        form = validated(forms.EmailChangeForm, request)
        services.email_change_ask(user_id=self.viewer.pk, **form)
        return Response(status=202)


class PasswordForgotApi(ApiView):
    """POST auth/password/forgot."""

    access = Access.PUBLIC

    @extend_schema(request=forms.ForgotForm, responses={202: None})
    def post(self, request: Request) -> Response:
        """A link by mail, if there is such an account; the answer is always the same."""
        email = validated(forms.ForgotForm, request)["email"]
        services.password_forgot(email=email, address=client_address(request.META))
        return Response(status=202)


class PasswordResetApi(ApiView):
    """POST auth/password/reset."""

    access = Access.PUBLIC

    @extend_schema(request=forms.ResetForm, responses={204: None})
    def post(self, request: Request) -> Response:
        """A new password by the mailed link; everybody is signed out."""
        form = validated(forms.ResetForm, request)
        services.password_reset(token=form["token"], new=form["password"])
        return Response(status=204)


class PasswordChangeApi(ApiView):
    """POST auth/password/change."""

    access = Access.USER
    scope = {"POST": "account"}

    @extend_schema(request=forms.PasswordChangeForm, responses={204: None})
    def post(self, request: Request) -> Response:
        """A new password; other devices are signed out."""
        form = validated(forms.PasswordChangeForm, request)
        services.password_change(
            user_id=self.viewer.pk,
            session_id=self.viewer.session_id,
            old=form["old_password"],
            new=form["password"],
        )
        return Response(status=204)
