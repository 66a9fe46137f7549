"""Where open data are published, and how they are asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Socrata:
    """A dataset of a Socrata portal; `since` is the field that ``--since`` is compared with."""

    server: str
    dataset: str
    since: str


@dataclass(frozen=True)
class Ckan:
    """A table of a CKAN portal's datastore; `since` is the field that ``--since`` looks at."""

    server: str
    resource: str
    since: str


@dataclass(frozen=True)
class YearlyFiles:
    """A file a year, from `first_year` on: `path` holds ``{year}``."""

    server: str
    path: str
    first_year: int


@dataclass(frozen=True)
class Archive:
    """One zip of many files; those whose names match `members` are kept.

    `month` is a regular expression whose group gives the month of a member.
    """

    server: str
    path: str
    members: str
    month: str


Portal = Socrata | Ckan | YearlyFiles | Archive
