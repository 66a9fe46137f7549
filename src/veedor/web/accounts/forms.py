"""Forms of accounts."""

from __future__ import annotations

from datetime import timedelta

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from veedor.web.accounts.models import SITE_ROLES, Office, UsedCode, User
from veedor.web.accounts.telling import tell

#: A code is valid for less than this.
_FORGOTTEN = timedelta(minutes=5)


class _Told:
    """Tells the log of a factor that was not right."""

    user: User

    def add_error(self, field: str | None, error: ValidationError) -> None:
        tell("code_failed", context.request, self.user.pk)
        super().add_error(field, error)  # type: ignore[misc]


class _Once(_Told):
    """Takes a code of an app once, whichever process is asked."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not _taken(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


def _taken(user: User, code: str) -> bool:
    UsedCode.objects.filter(at__lt=timezone.now() - _FORGOTTEN).delete()
    try:
        with transaction.atomic():
            UsedCode.objects.create(user=user, code="".join(code.split()))
    except IntegrityError:
        return False
    return True


class SignInCode(_Once, AuthenticateForm):
    """The second step of signing in."""


class CodeAgain(_Once, ReauthenticateForm):
    """A code before something is changed."""


class SignInKey(_Told, AuthenticateWebAuthnForm):
    """A security key in place of a code."""


class TakeUp(forms.Form):
    """A password for a new account, or for one that is given back.

    Parameters
    ----------
    named : str
        The address of the account, where it is known.
    """

    email = forms.EmailField(max_length=254)
    password = forms.CharField(max_length=256, strip=False, widget=forms.PasswordInput)
    again = forms.CharField(max_length=256, strip=False, widget=forms.PasswordInput)

    def __init__(self, *args: object, named: str, **more: object) -> None:
        super().__init__(*args, **more)
        self.named = named
        if named:
            del self.fields["email"]

    def clean(self) -> None:
        """Require a good password, typed twice, and an address that no account has."""
        email = self.named or self.cleaned_data.get("email", "")
        if not self.named and User.objects.filter(email__iexact=email).exists():
            self.add_error("email", ValidationError("", code="account_exists"))
        password = self.cleaned_data.get("password")
        if password is None:
            return
        if password != self.cleaned_data.get("again"):
            self.add_error("again", ValidationError("", code="password_mismatch"))
        try:
            validate_password(password, User(email=email))
        except ValidationError as error:
            self.add_error("password", error)


class Invite(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(max_length=254)
    office = forms.CharField(max_length=120)
    site_role = forms.ChoiceField(
        required=False, choices=[("", ""), *((one.value, one.value) for one in SITE_ROLES)]
    )
    by_mail = forms.BooleanField(required=False, initial=True)

    def clean_email(self) -> str:
        """Require an address that no account has."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError("", code="account_exists")
        return email

    def clean_office(self) -> Office:
        """Return the office of that name, new where there is none."""
        name = " ".join(str(self.cleaned_data["office"]).split())
        return Office.objects.filter(name__iexact=name).first() or Office(name=name)
