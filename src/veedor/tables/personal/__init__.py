"""The personal-data screen: columns that say they are personal, and text that is."""

from veedor.tables.personal.headers import (
    names_a_person,
    names_a_place,
    names_an_address,
    refuse_personal_header,
)
from veedor.tables.personal.screen import (
    Screen,
    mask,
    refuse_personal_places,
    refuse_personal_text,
    safe,
)

__all__ = [
    "Screen",
    "mask",
    "names_a_person",
    "names_a_place",
    "names_an_address",
    "refuse_personal_header",
    "refuse_personal_places",
    "refuse_personal_text",
    "safe",
]
