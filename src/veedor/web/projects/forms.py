"""Forms of projects."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from veedor.web.accounts.models import User
from veedor.web.projects.models import Membership, Project


class New(forms.ModelForm):
    """What a project is called."""

    class Meta:
        model = Project
        fields = ("title",)


class Member(forms.Form):
    """Who becomes what in a project."""

    email = forms.EmailField(max_length=254)
    role = forms.ChoiceField(choices=[(one.value, one.value) for one in Membership.ROLES])

    def clean_email(self) -> User:
        """Return the account of that address; one with a role of the site is in no project."""
        found = User.objects.filter(email__iexact=self.cleaned_data["email"].strip()).first()
        if found is None:
            raise ValidationError("", code="no_account")
        if found.site_role:
            raise ValidationError("", code="role_of_the_site")
        return found
