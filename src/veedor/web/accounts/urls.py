"""Addresses of accounts: veedor's own, and of allauth's views only those that it wants."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path

from veedor.web.accounts import own_sessions, views
from veedor.web.accounts.second_factor import App
from veedor.web.accounts.sessions import renewing
from veedor.web.projects.asking import asks
from veedor.web.projects.permissions import Action

_anyone, _own = asks(Action.SIGN_IN), asks(Action.KEEP_OWN_ACCOUNT)

urlpatterns = [
    path("login/", _anyone(account.login), name="account_login"),
    path("logout/", _anyone(account.logout), name="account_logout"),
    path("inactive/", _anyone(account.account_inactive), name="account_inactive"),
    path("login/code/", _anyone(mfa.authenticate), name="mfa_authenticate"),
    path("password/", _own(account.password_change), name="account_change_password"),
    path("password/lost/", _anyone(account.password_reset), name="account_reset_password"),
    path(
        "password/lost/sent/",
        _anyone(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/lost/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        _anyone(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/lost/done/",
        _anyone(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("again/", _own(renewing(account.reauthenticate)), name="account_reauthenticate"),
    path("again/code/", _own(renewing(mfa.reauthenticate)), name="mfa_reauthenticate"),
    path("sessions/", own_sessions.own_sessions, name="own_sessions"),
    path("factor/", _own(mfa.index), name="mfa_index"),
    path("factor/app/", _own(App.as_view()), name="mfa_activate_totp"),
    path("factor/codes/", _own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "factor/codes/new/", _own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path("factor/keys/", _own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("factor/keys/new/", _own(keys.add_webauthn), name="mfa_add_webauthn"),
    path("factor/keys/<int:pk>/remove/", _own(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path("invitation/", views.take_up, name="take_up"),
    path("invitation/<str:secret>/", views.followed, name="invitation"),
    path("", views.accounts, name="accounts"),
    path("invite/", views.invite, name="invite"),
    path("invited/<int:invitation>/withdraw/", views.withdraw, name="withdraw_invitation"),
    path("<int:account>/close/", views.close, name="close_account"),
    path("<int:account>/recover/", views.begin_recovery, name="begin_recovery"),
    path("recoveries/<int:invitation>/", views.confirm_recovery, name="confirm_recovery"),
]
