"""The admin's door: the same limits and the same second factor as everywhere else."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from accounts.services import has_second_factor, password_login, second_factor_check
from core.errors import ApplicationError
from core.http import client_address


class AdminLoginForm(AdminAuthenticationForm):
    """Name, password and code. In production nobody gets in without a second factor."""

    code = forms.CharField(
        label="Code of your authenticator, or a recovery code",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError with the reason; one form serves both steps."""
        data = self.cleaned_data
        address = client_address(self.request.META) if self.request else ""
        try:
            user = password_login(
                login=data.get("username", ""), password=data.get("password", ""), address=address
            )
            if not user.is_staff:
                raise self.get_invalid_login_error()
            if has_second_factor(user):
                second_factor_check(user=user, code=data.get("code", ""))
            elif settings.ADMIN_NEEDS_SECOND_FACTOR:
                raise ValidationError(
                    "Set up a second factor in the settings of the app first.", code="mfa_missing"
                )
        except ApplicationError as error:
            raise ValidationError(error.detail, code=error.code) from error
        user.backend = "django.contrib.auth.backends.ModelBackend"
        self.user_cache = user
        return data
