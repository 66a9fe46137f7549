"""`ReadingScore`: what people who read a sample found, and how far they agree."""

from __future__ import annotations

from typing import ClassVar, Literal, TypeAlias

import msgspec

from veedor.audits.audit import Audit
from veedor.audits.reading.codebook import Answer
from veedor.audits.reading.plan import ReadingPlan
from veedor.errors import StudyError

#: How answers of several readers become one: yes is only what all say it is; what they agree on or,
#: where they differ, most of them or who decides says it is; all that not every reader denies.
Scenario: TypeAlias = Literal["strict", "settled", "lenient"]
STRICT: Scenario = "strict"
SETTLED: Scenario = "settled"
LENIENT: Scenario = "lenient"
#: Parts of a frame: what the system flagged, and all else; a frame without that question is whole.
ALERTS, OTHERS = "alerts", "others"

Rate: TypeAlias = Literal["recall"]
RECALL: Rate = "recall"


class ScoreSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How readings are scored.

    Parameters
    ----------
    level : float
    sensitivity, specificity : float
        The least that is held possible of what is counted as yes: of true rows, and of false ones,
        the share that is counted so.
    needed : tuple of str
        Rates that must be told: an error where they cannot be.
    replicates : int
        Of the bootstrap.
    seed : int
    """

    level: float = 0.95
    sensitivity: float = 0.9
    specificity: float = 0.9
    needed: tuple[Rate, ...] = ()
    replicates: int = 2000
    seed: int = 1

    def __post_init__(self) -> None:
        """Hold that readers are better than chance."""
        for name, least in (("sensitivity", self.sensitivity), ("specificity", self.specificity)):
            if not 0.5 < least <= 1.0:
                raise StudyError(
                    "Readers must be held to be right more often than not.",
                    found=f"--{name} {least:g}",
                    remedy="give a share above 0.5, up to 1",
                )


class AgreementTable(msgspec.Struct, frozen=True):
    """Rows by what two readers said, counted as they were read.

    Parameters
    ----------
    part : str
        ``all``, ``alerts`` or ``others``.
    first, second : int
        Readers: rows of the table, and columns.
    answers : tuple of str
    counts : tuple of tuple of int
    """

    part: str
    first: int
    second: int
    answers: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class ReadStratum(msgspec.Struct, frozen=True):
    """What was read of a stratum.

    Parameters
    ----------
    name : str
    alert : bool
    rows, drawn : int
    yes : float or None
        Rows counted as yes, the mean of the scenarios; None where fewer than 10 were read.
    """

    name: str
    alert: bool
    rows: int
    drawn: int
    yes: float | None


class ErrorCell(msgspec.Struct, frozen=True):
    """A share as it would be if what is counted as yes were as good as this.

    Parameters
    ----------
    part : str
    scenario : str
    sensitivity, specificity : float
    share : float or None
    """

    part: str
    scenario: str
    sensitivity: float
    specificity: float
    share: float | None


class Targeted(msgspec.Struct, frozen=True):
    """What was found in the list that was chosen by hand: counts, of which no rate follows.

    Parameters
    ----------
    rows : int
    yes : int or None
        By all readers; None where fewer than 10 rows.
    disputed : int or None
        Of which readers do not all say the same.
    """

    rows: int
    yes: int | None
    disputed: int | None


class ReadingScore(Audit, frozen=True, kw_only=True, tag="reading"):
    """What readings of a random sample tell.

    Assignments are scenarios, groups ``all`` or strata, subsets parts of the frame.

    Parameters
    ----------
    plan : ReadingPlan
    settings : ScoreSettings
    codebook : tuple of Answer
    codebook_sha256, plan_sha256 : str
    readers : int
    counts : bool
        Whether readers counted.
    read : int
        Rows of the random sample.
    shown : tuple of str
        Columns that readers saw.
    differing : int
        Rows of the random sample of which readers do not all say the same.
    decided : bool
        Whether someone decided where two readers differ.
    tables : tuple of AgreementTable
    strata : tuple of ReadStratum
    errors : tuple of ErrorCell
    targeted : Targeted or None
    """

    newest_schema: ClassVar[int] = 1

    plan: ReadingPlan
    settings: ScoreSettings
    codebook: tuple[Answer, ...]
    codebook_sha256: str
    plan_sha256: str
    readers: int
    counts: bool
    read: int
    shown: tuple[str, ...]
    differing: int
    decided: bool
    tables: tuple[AgreementTable, ...]
    strata: tuple[ReadStratum, ...]
    errors: tuple[ErrorCell, ...] = ()
    targeted: Targeted | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Parts of the frame that were read, in order."""
        if not self.plan.columns.alert:
            return ("all",)
        return tuple(
            name
            for name, side in ((ALERTS, True), (OTHERS, False))
            if any(one.alert == side for one in self.plan.strata)
        )

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """Scenarios that were scored, from the strictest."""
        settled = self.decided or self.readers > 2
        return (STRICT, SETTLED, LENIENT) if settled else (STRICT, LENIENT)
