"""Addresses of accounts: allauth's views, only those that veedor wants, each with what it asks."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path

from veedor.web.projects.asking import asks
from veedor.web.projects.permissions import Action

_anyone, _own = asks(Action.SIGN_IN), asks(Action.KEEP_OWN_ACCOUNT)

urlpatterns = [
    path("login/", _anyone(account.login), name="account_login"),
    path("logout/", _anyone(account.logout), name="account_logout"),
    path("inactive/", _anyone(account.account_inactive), name="account_inactive"),
    path("login/code/", _anyone(mfa.authenticate), name="mfa_authenticate"),
    path("again/", _own(account.reauthenticate), name="account_reauthenticate"),
    path("again/code/", _own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("factor/", _own(mfa.index), name="mfa_index"),
    path("factor/app/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("factor/codes/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "factor/codes/new/", _own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
]
