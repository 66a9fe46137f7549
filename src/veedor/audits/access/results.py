"""`AccessAudit`: what an audit of access found."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import msgspec

from veedor.audits.access.settings import Settings
from veedor.audits.audit import Audit, Say
from veedor.statistics.estimates import Estimate
from veedor.tables.csv_file import write_rows

#: Columns of review_plan.csv.
PLAN_COLUMNS = ("part", "file", "header", "row", "stratum", "probability", "why")


class LogFile(msgspec.Struct, frozen=True):
    """A file of the log, or a part of one under a header of its own.

    Parameters
    ----------
    file, sha256, preset : str
    columns : tuple of str
        Exported.
    rows : int
        As they stand in it.
    first, last : str or None
        Local day of its first and last look-up.
    cap : int or None
        The limit of exports that its rows reach to the row.
    """

    file: str
    sha256: str
    preset: str
    columns: tuple[str, ...]
    rows: int
    first: str | None
    last: str | None
    cap: int | None


class ColumnStates(msgspec.Struct, frozen=True):
    """What the cells of a column are.

    Parameters
    ----------
    column : str
    cells : dict of str to int
        By `CellState`, in lower case.
    constant : bool
        It yields no rate.
    """

    column: str
    cells: dict[str, int]
    constant: bool


class Break(msgspec.Struct, frozen=True):
    """A day across which nothing may be compared.

    Parameters
    ----------
    kind : str
        ``schema`` (an export begins that has other columns), ``column`` (one of them begins or
        ends to hold values), ``vocabulary`` (its values are others from here on), ``level`` (its
        numbers are of another size), ``cap`` (an export ends at a limit of rows), ``gap`` (more
        than a week without rows), ``policy`` (said by who asks), ``volume`` (look-ups a day are
        fewer than half, or more than twice, and none of the others says why).
    day : str
        The first local day behind it.
    columns : tuple of str
        That begin, end or change.
    name : str
        What a policy date was called.
    before, after : float or None
        Look-ups a day on both sides, of a change of volume.
    """

    kind: str
    day: str
    columns: tuple[str, ...] = ()
    name: str = ""
    before: float | None = None
    after: float | None = None


class Month(msgspec.Struct, frozen=True):
    """A local month, or the part of one between breaks.

    Parameters
    ----------
    month : str
        As ``2025-06``.
    stretch : int
        Number of the stretch between breaks, from 0: no line joins two.
    days : int
        Of the month within the log and the stretch.
    lookups : int
    users, units, forces : int or None
        Distinct ones; None where not known, or people fewer than k (``hidden``).
    a_day : Estimate
        Look-ups by day.
    hidden : bool
        Whether users are from 1 to one below k.
    """

    month: str
    stretch: int
    days: int
    lookups: int
    users: int | None
    units: int | None
    forces: int | None
    a_day: Estimate
    hidden: bool


class CurvePoint(msgspec.Struct, frozen=True):
    """What share of look-ups the users with the fewest made."""

    users: float
    lookups: float


class GroupOfUsers(msgspec.Struct, frozen=True):
    """A force or a unit.

    Parameters
    ----------
    what : str
        ``force`` or ``unit``.
    name : str
    users, lookups : int or None
        None where hidden: all that are hidden look alike.
    """

    what: str
    name: str
    users: int | None
    lookups: int | None


class WordList(msgspec.Struct, frozen=True):
    """A list of words: a reason of nothing but these is vague under it.

    Parameters
    ----------
    name : str
        Its code.
    words : tuple of str
        Folded: lower case, no accents. One that ends in * stands for all that begin so.
    share : Estimate
        Of look-ups whose reason can be read.
    """

    name: str
    words: tuple[str, ...]
    share: Estimate


class ListVersion(msgspec.Struct, frozen=True):
    """A version of the authorised list, and look-ups while it was in force.

    Parameters
    ----------
    since, until : str or None
        Local day, with the time where it is not midnight; half-open. None where it has no start,
        or no version came after it.
    lookups : int
        Of what a list could name, in that time.
    inside, outside : int
        Of them, by whether the list names it.
    inside_share, outside_share : Estimate
    """

    since: str | None
    until: str | None
    lookups: int
    inside: int
    outside: int
    inside_share: Estimate
    outside_share: Estimate


class Term(msgspec.Struct, frozen=True):
    """A word in reasons.

    Parameters
    ----------
    word : str
    whole : int or None
        Look-ups whose reason has it as a word; None where they are from 1 to one below k.
    inside : int or None
        Look-ups whose reason only has its letters within other words: a search for text would
        take these too. None alike.
    """

    word: str
    whole: int | None
    inside: int | None


class Days(msgspec.Struct, frozen=True):
    """Days without rows.

    Parameters
    ----------
    days : int
        From the first local day to the last.
    without : int
        Of them without a row.
    without_utc : int
        The same of UTC days.
    expected : float or None
        Days without rows that chance gives, by weekday; None where the log is too short.
    surprising : int or None
        Days without rows that chance does not give, at a false discovery rate of 5%.
    longest : int
        Days of the longest run without rows.
    """

    days: int
    without: int
    without_utc: int
    expected: float | None
    surprising: int | None
    longest: int


class PeerCell(msgspec.Struct, frozen=True):
    """Users of one unit, shift and role, who alone are compared with one another.

    Parameters
    ----------
    unit, shift, role : str
        Empty where the roster does not say.
    users, lookups : int or None
        None in the smallest cell where `Peers.left_out` is: it would be what is left.
    dispersion : float
        Of the negative binomial distribution.
    limit : float or None
        Look-ups in the median user's days above which 1 in 1,000 alike users lies.
    above : int or None
        Users above what alike users would have; None where from 1 to one below k.
    """

    unit: str
    shift: str
    role: str
    users: int | None
    lookups: int | None
    dispersion: float
    limit: float | None
    above: int | None


class Peers(msgspec.Struct, frozen=True):
    """What comparing users with their like gave, in counts.

    Parameters
    ----------
    cells : tuple of PeerCell
    users : int or None
        Compared; None where `left_out` is.
    left_out : int or None
        Users whose cell is of fewer than k, or not known; None where from 1 to one below k.
    above : int or None
        Users above, over all; None where from 1 to one below k.
    cells_with_above : int
    """

    cells: tuple[PeerCell, ...]
    users: int | None
    left_out: int | None
    above: int | None
    cells_with_above: int


class Stratum(msgspec.Struct, frozen=True):
    """A stratum of the random part of the review plan."""

    stratum: str
    lookups: int
    sampled: int
    probability: float


class PlannedRow(msgspec.Struct, frozen=True):
    """A row of the log to be read by people.

    Parameters
    ----------
    part : str
        ``random`` or ``targeted``: no rate is made of the second.
    file : str
    header : int or None
        Which header of its file it stands behind, from 1; None where the file has one.
    row : int
        From 1 behind that header.
    stratum : str
    probability : float or None
        With which it came into the random part.
    why : tuple of str
        Codes of what a targeted one was taken for.
    """

    part: str
    file: str
    header: int | None
    row: int
    stratum: str
    probability: float | None
    why: tuple[str, ...]


class ReviewPlan(msgspec.Struct, frozen=True):
    """Which look-ups people should read.

    Parameters
    ----------
    strata : tuple of Stratum
    rows : tuple of PlannedRow
    if_none : float or None
        Upper end of the share of look-ups that could be wrong if none in the random part is.
    seed : int
    """

    strata: tuple[Stratum, ...]
    rows: tuple[PlannedRow, ...]
    if_none: float | None
    seed: int


class AccessAudit(Audit, frozen=True, kw_only=True, tag="access"):
    """What an audit of access found.

    Parameters
    ----------
    kind : str
        ``network``, ``own`` or ``event``.
    time_zone : str
    lookups : int
        Each once, without the producer's own in a network's log.
    own_left_out : int
        Those of the producer itself.
    repeated : dict of str to int
        Rows that were released again, by why.
    first, last : str or None
        Local days.
    files : tuple of LogFile
    columns : tuple of ColumnStates
    breaks : tuple of Break
        In order of their days; found before anything else.
    months : tuple of Month
    curve : tuple of CurvePoint
        Of the concentration of look-ups over users, a step of at least k users each.
    groups : tuple of GroupOfUsers
    versions : tuple of ListVersion
        Of the authorised list, in order; empty where it has one, or each row says its own span.
    lists : tuple of WordList
    terms : tuple of Term
    hours : tuple of tuple of int or None
        Look-ups by weekday (Monday first) and local hour; None from 1 to one below k.
    missing : Days or None
    peers : Peers or None
    review : ReviewPlan
    settings : Settings
    """

    newest_schema: ClassVar[int] = 1

    kind: str
    time_zone: str
    lookups: int
    own_left_out: int
    repeated: dict[str, int]
    first: str | None
    last: str | None
    files: tuple[LogFile, ...]
    columns: tuple[ColumnStates, ...]
    breaks: tuple[Break, ...]
    months: tuple[Month, ...]
    curve: tuple[CurvePoint, ...]
    groups: tuple[GroupOfUsers, ...]
    versions: tuple[ListVersion, ...]
    lists: tuple[WordList, ...]
    terms: tuple[Term, ...]
    hours: tuple[tuple[int | None, ...], ...]
    missing: Days | None
    peers: Peers | None
    review: ReviewPlan
    settings: Settings

    def write(self, folder: Path, say: Say) -> None:
        """Write ``estimates.csv``, ``results.json`` and ``review_plan.csv``."""
        super().write(folder, say)
        write_rows(
            PLAN_COLUMNS,
            (
                (
                    one.part,
                    one.file,
                    one.header,
                    one.row,
                    one.stratum,
                    one.probability,
                    " ".join(one.why),
                )
                for one in self.review.rows
            ),
            folder / "review_plan.csv",
        )
