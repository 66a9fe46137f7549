"""Taking up an invitation, and what administrators do to accounts and auditors see of it."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from veedor.web.accounts import inviting
from veedor.web.accounts.events import record
from veedor.web.accounts.forms import Invite, TakeUp
from veedor.web.accounts.mail import send
from veedor.web.accounts.models import Event, Invitation, Office, User, new_stamp
from veedor.web.accounts.telling import tell_of_who_asks
from veedor.web.accounts.words import EVENTS
from veedor.web.projects.asking import asks
from veedor.web.projects.permissions import Action

#: Of the session: the secret of the link that was followed.
_SECRET = "invitation"  # noqa: S105 - a name
_EVENTS_SHOWN = 200


@asks(Action.SIGN_IN)
@never_cache
@require_safe
def followed(request: HttpRequest, secret: str) -> HttpResponse:
    """Keep the secret of a link in the session, and out of addresses."""
    if inviting.found(secret) is None:
        tell_of_who_asks("link_refused", request)
        return render(request, "accounts/no_invitation.html", status=404)
    request.session[_SECRET] = secret
    return redirect("take_up")


@asks(Action.SIGN_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: HttpRequest) -> HttpResponse:
    """Make an account, or give it back, with a password of one's own."""
    invitation = inviting.found(request.session.get(_SECRET, ""))
    if invitation is None or request.user.is_authenticated:
        return render(request, "accounts/no_invitation.html", status=404)
    form = TakeUp(request.POST or None, named=invitation.email)
    if request.method == "POST" and form.is_valid():
        email, password = form.cleaned_data.get("email", ""), form.cleaned_data["password"]
        try:
            user = inviting.take_up(invitation, email, password)
        except IntegrityError:  # another account took the address meanwhile
            user = None
        if user is None:
            tell_of_who_asks("link_refused", request)
            return render(request, "accounts/no_invitation.html", status=404)
        del request.session[_SECRET]
        login = Login(user=user, email=user.email, redirect_url="/")
        return perform_password_login(request, {"email": user.email}, login)
    return render(request, "accounts/take_up.html", {"form": form, "invitation": invitation})


@asks(Action.SEE_ACCOUNTS)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Show accounts, invitations that are open, recoveries that wait, and what was done."""
    open_now = Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now())
    open_now = open_now.select_related("office", "account")
    shown = {
        "accounts": User.objects.select_related("office").order_by("email"),
        "invitations": [one for one in open_now if one.account is None],
        "recoveries": [one for one in open_now if one.account is not None],
        "events": Event.objects.select_related("actor", "account")[:_EVENTS_SHOWN],
        "kinds": EVENTS,
        "may_confirm": lambda one: inviting.may_confirm(one, request.user),
    }
    return render(request, "accounts/accounts.html", shown)


@asks(Action.MANAGE_ACCOUNTS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody, by mail or by a link that is shown once."""
    form = Invite(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        with transaction.atomic():
            if asked["office"].pk is None:
                asked["office"].save()
            made, link = inviting.invite(
                asked["office"],
                email=asked["email"],
                site_role=asked["site_role"],
                by=request.user,
            )
            if asked["by_mail"]:
                send(made.email, "invitation", link=link, until=made.expires_at)
        shown = {"invitation": made, "link": "" if asked["by_mail"] else link}
        return render(request, "accounts/invited.html", shown)
    offices = Office.objects.all()
    return render(request, "accounts/invite.html", {"form": form, "offices": offices})


@asks(Action.MANAGE_ACCOUNTS)
@require_POST
@transaction.atomic
def withdraw(request: HttpRequest, invitation: int) -> HttpResponse:
    """Take an invitation, or a recovery, back."""
    one = get_object_or_404(Invitation, pk=invitation, used_at=None)
    record("withdrawn", request.user, one.account, one.email or one.site_role)
    one.delete()
    return redirect("accounts")


@asks(Action.MANAGE_ACCOUNTS)
@require_POST
@transaction.atomic
def close(request: HttpRequest, account: int) -> HttpResponse:
    """Close an account, and end its sessions; or open it again."""
    user = get_object_or_404(User, pk=account)
    if user.pk != request.user.pk:
        user.is_active = not user.is_active
        user.stamp = new_stamp()
        user.save(update_fields=["is_active", "stamp"])
        record("opened" if user.is_active else "closed", request.user, user)
    return redirect("accounts")


@asks(Action.MANAGE_ACCOUNTS)
@require_POST
def begin_recovery(request: HttpRequest, account: int) -> HttpResponse:
    """Begin to give an account back whose second factor and recovery codes are lost."""
    user = get_object_or_404(User, pk=account, is_active=True)
    begun = Invitation.objects.filter(account=user, used_at=None, expires_at__gt=timezone.now())
    if not begun.exists():
        inviting.begin_recovery(user, request.user)
    return redirect("accounts")


@asks(Action.MANAGE_ACCOUNTS)
@require_POST
def confirm_recovery(request: HttpRequest, invitation: int) -> HttpResponse:
    """Agree to give an account back, as the second administrator."""
    recovery = get_object_or_404(Invitation, pk=invitation, account__isnull=False)
    if inviting.may_confirm(recovery, request.user):
        inviting.confirm_recovery(recovery, request.user)
    return redirect("accounts")
