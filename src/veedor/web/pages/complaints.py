"""What a form complains of, in veedor's own words, by the code of the complaint."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.exceptions import ValidationError

from veedor.errors import Phrase, phrase

#: Code of a complaint -> what is said; any other says itself.
_SAID = {
    "required": phrase("This is needed."),
    "invalid": phrase("This is not written as it must be."),
    "invalid_choice": phrase("This is none of the choices."),
    "email_password_mismatch": phrase(
        "The address and the password do not belong together, or there is no such account."
    ),
    "enter_current_password": phrase("This is not the current password."),
    "incorrect_password": phrase("This is not the password."),
    "incorrect_code": phrase("This is not the code. It changes every 30 seconds."),
    "too_many_login_attempts": phrase("There were too many attempts. Try again later."),
    "rate_limited": phrase("There were too many attempts. Try again later."),
    "password_mismatch": phrase("Both times the same password must be typed."),
    "password_too_common": phrase("This password is among those that are guessed first."),
    "password_too_similar": phrase("This password is too much like the address."),
    "password_of_the_place": phrase("This password is little else than words of this place."),
    "no_account": phrase("There is no account of this address; invite it first."),
    "role_of_the_site": phrase(
        "This account has a role of the whole site, and so none in a project."
    ),
    "account_exists": phrase("There is an account of this address already."),
    "invalid_password_reset": phrase("This link was used already, or is too old."),
}
_LENGTHS = {
    "password_too_short": phrase("A password must have {n} characters or more."),
    "max_length": phrase("This must have at most {n} characters."),
}


def complaints_of(field_errors: object) -> list[Phrase | str]:
    """Say the errors of a field or of a whole form.

    Parameters
    ----------
    field_errors : ErrorList
        ``form["field"].errors`` or ``form.non_field_errors()``.
    """
    from veedor.web.pages.jinja import words

    return [words().translated(one) for one in _said(field_errors)]


def _said(field_errors: object) -> Iterator[Phrase | str]:
    for error in getattr(field_errors, "as_data", list)():
        yield _one(error)


def _one(error: ValidationError) -> Phrase | str:
    if error.code in _SAID:
        return _SAID[error.code]
    if error.code in _LENGTHS:
        params = error.params or {}
        limit = params.get("min_length", params.get("limit_value", 0))
        return phrase(_LENGTHS[error.code].template, n=int(limit))
    message = error.messages[0]
    return message if not isinstance(error.message, Phrase) else error.message
