"""What we tell allauth: nobody signs up, people are invited; sign-ins and guessing are recorded."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from crm.access.models import User
from crm.ui import sign_ins


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_search_fields(self) -> list[str]:
        return ["first_name", "last_name", "email"]

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names: the e-mail address is the name."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """All steps are passed."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        sign_ins.succeeded(request, user)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password, or an address nobody has."""
        user = User.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        sign_ins.failed(request, user, "password")

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Where allauth refuses because of too many attempts, at a password or at a code."""
        if code == "too_many_login_attempts":
            sign_ins.locked(context.request)
        error: ValidationError = super().validation_error(code, *args)
        return error

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Whoever was invited and never joined has no password to reset: only a valid invitation lets them in."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)
