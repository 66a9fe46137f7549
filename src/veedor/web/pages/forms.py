"""The control of a form's field, tied to its help and to what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString


def control(bound: BoundField, help_text: str, attributes: Mapping[str, str]) -> SafeString:
    """Draw a control; what describes it to a screen reader stands before it on the page."""
    given = {name: value for name, value in attributes.items() if value}
    told = [f"{bound.id_for_label}_hint"] if help_text else []
    if bound.errors:
        told.append(f"{bound.id_for_label}_wrong")
        given["aria-invalid"] = "true"
    # Nothing of a package's own words is shown in a field.
    given["placeholder"] = ""
    if told:
        given["aria-describedby"] = " ".join(told)
    return bound.as_widget(attrs=given)
