"""What is said of accounts: kinds of events, and letters."""

from __future__ import annotations

from collections.abc import Mapping

from veedor.errors import Phrase, phrase

#: Kind of an event -> what was done.
EVENTS: Mapping[str, Phrase] = {
    "invited": phrase("Somebody was invited"),
    "role_invited": phrase("Somebody was invited to a role of the whole site"),
    "withdrawn": phrase("An invitation, or a recovery, was taken back"),
    "joined": phrase("An invitation was taken up"),
    "closed": phrase("The account was closed"),
    "opened": phrase("The account was opened again"),
    "factor_changed": phrase("The second factor or its recovery codes changed"),
    "password_changed": phrase("The password changed"),
    "session_ended": phrase("Sessions of the account were ended by itself"),
    "recovery_begun": phrase("A recovery of the account was begun"),
    "recovery_confirmed": phrase("A recovery was confirmed by a second administrator"),
    "recovered": phrase("The account was recovered, with a new password and second factor"),
    "member_added": phrase("The account was added to a project"),
    "member_removed": phrase("The account was taken out of a project"),
    "calendar_made": phrase("A link to a project's calendar was made for the account"),
    "calendar_withdrawn": phrase("The account's link to a project's calendar was withdrawn"),
    "reader_assigned": phrase("The account was given a reading pack in the place of another"),
    "reader_replaced": phrase("Another account took the place of this one in a reading pack"),
}

#: The line of a letter that is a link and nothing else.
LINK = "{link}"
_IGNORE = phrase("If this was not expected, tell an administrator of the site at once.")
#: Letter -> its subject and its lines.
LETTERS: Mapping[str, tuple[Phrase, tuple[Phrase | str, ...]]] = {
    "invitation": (
        phrase("Invitation"),
        (
            phrase("This address is invited to make an account at {site}."),
            phrase("The link below may be used once, until {until}:"),
            LINK,
            phrase("Whoever did not expect it can leave it: no account is made without it."),
        ),
    ),
    "recovery": (
        phrase("The account is given back"),
        (
            phrase(
                "Two administrators of {site} agreed to give this account back: its second "
                "factor was said to be lost."
            ),
            phrase("The link below may be used once, until {until}:"),
            LINK,
            _IGNORE,
        ),
    ),
    "recovery_begun": (
        phrase("Somebody asks for this account"),
        (
            phrase(
                "An administrator of {site} was told that the second factor of this account is "
                "lost, and began to give it back. A second administrator must agree."
            ),
            _IGNORE,
        ),
    ),
    "reset": (
        phrase("A new password"),
        (
            phrase("Somebody asked for a new password of this account at {site}."),
            phrase("It is chosen by the link below; signing in still needs the second factor."),
            LINK,
            phrase("Whoever did not ask can leave it: nothing changes."),
        ),
    ),
    "changed": (
        phrase("The account was changed"),
        (phrase("At {site}: {what}."), _IGNORE),
    ),
    "watched": (
        phrase("A door was opened"),
        (phrase("At {site}: {what} ({told})."), phrase("This goes to every auditor.")),
    ),
}
