"""What is asked of an audit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import msgspec

from veedor.audits.alerts.base_rates import BASE_RATES
from veedor.audits.alerts.rates import INTERVALS
from veedor.audits.alerts.searches import FPIR_TARGETS
from veedor.audits.alerts.suppression import SMALL
from veedor.errors import StudyError, phrase
from veedor.tables.escape import shown

#: Kinds of system that alerts can come from; each has words, and a story of base rates, of its own.
KINDS = ("risk-score", "face-match", "alarm", "post-flag")


class Settings(msgspec.Struct, frozen=True):
    """What is asked of an audit.

    Parameters
    ----------
    kind : str or None
        Of system, of `KINDS`: whom a page speaks of. None where it was not said.
    groups : tuple of str
        Columns; several make intersections.
    reference : str or None
        The group that the others are compared with.
    thresholds : tuple of float
        Score >= threshold is an alert. Empty: the alerts that the system gave.
    interval : str
        ``wilson`` or ``clopper_pearson``.
    level : float
        Of intervals.
    base_rates : tuple of float
    people_a_day : float or None
        How many are checked a day, for alerts per day.
    fpir_targets : tuple of float
        For which thresholds of searches are sought.
    small : int
        Denominators below it are marked.
    publish : bool
        Suppress them.
    score, time, outcome, flagged : str or None
        Headers, where they are not found by themselves.
    right, wrong, open : tuple of str
        Words of the outcome: for alerts that were right, that were wrong, and for what is not
        known.
    alerts_only : bool
        Whether every row of the table of decisions is an alert.
    adjudicator : ((int, int), (int, int)) or None
        How many right matches the checkers confirmed, of how many; how many wrong ones they
        rejected, of how many.
    recapture : (int, int, int) or None
        Positives on a first list, on a second independent one, on both.
    periods_between_false_alarms : float
        Of drift alarms.
    seed : int

    Raises
    ------
    StudyError
        If one cannot be.
    """

    kind: str | None = None
    groups: tuple[str, ...] = ()
    reference: str | None = None
    thresholds: tuple[float, ...] = ()
    interval: str = "wilson"
    level: float = 0.95
    base_rates: tuple[float, ...] = BASE_RATES
    people_a_day: float | None = None
    fpir_targets: tuple[float, ...] = FPIR_TARGETS
    small: int = SMALL
    publish: bool = False
    score: str | None = None
    time: str | None = None
    outcome: str | None = None
    flagged: str | None = None
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    alerts_only: bool = False
    adjudicator: tuple[tuple[int, int], tuple[int, int]] | None = None
    recapture: tuple[int, int, int] | None = None
    periods_between_false_alarms: float = 1000.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            _wrong(
                phrase("The kind of system must be one of {kinds}.", kinds=", ".join(KINDS)),
                repr(shown(self.kind)),
                "leave it out where it is none of them",
            )
        if self.interval not in INTERVALS:
            _wrong(
                phrase("The interval must be one of {intervals}.", intervals=", ".join(INTERVALS)),
                self.interval,
            )
        if not 0.0 < self.level < 1.0:
            _wrong(phrase("The level must be in (0, 1)."), str(self.level))
        if not all(math.isfinite(threshold) for threshold in self.thresholds):
            _wrong(phrase("A threshold must be a finite number."), str(self.thresholds))
        for name in ("base_rates", "fpir_targets"):
            for value in getattr(self, name):
                if not 0.0 < value < 1.0:
                    _wrong(
                        phrase("The {name} must be in (0, 1).", name=name.replace("_", " ")),
                        str(value),
                    )
        if self.people_a_day is not None and not self.people_a_day > 0.0:
            _wrong(phrase("The people checked a day must be above 0."), str(self.people_a_day))
        if self.periods_between_false_alarms <= 1.0:
            _wrong(
                phrase("The periods between false alarms must be above 1."),
                str(self.periods_between_false_alarms),
            )
        words = [text.strip().casefold() for text in (*self.right, *self.wrong, *self.open)]
        twice = {text for text in words if words.count(text) > 1 or not text}
        if twice:
            _wrong(
                phrase("A word for an outcome must be given, and mean one thing."),
                ", ".join(repr(shown(text)) for text in sorted(twice)),
            )
        for right, of in self.adjudicator or ():
            if not 0 <= right <= of or of == 0:
                _wrong(
                    phrase("A checker's record must be X of N, 0 <= X <= N, N > 0."),
                    f"{right}/{of}",
                )
        if self.recapture and not (0 <= self.recapture[2] <= min(self.recapture[:2])):
            _wrong(
                phrase("No more can be on both lists than on either."),
                " ".join(map(str, self.recapture)),
            )

    def compared_with(self, groups: Sequence[str]) -> str | None:
        """Return the reference, of the groups that there are, whatever its case and punctuation.

        Parameters
        ----------
        groups : sequence of str
            Without ``ALL``.

        Raises
        ------
        StudyError
            If it is none of them.
        """
        if self.reference is None or self.reference in groups:
            return self.reference
        if not groups:
            _wrong(
                phrase("A reference must be one of the groups."),
                phrase("no groups"),
                phrase("add --group"),
            )
        alike = [name for name in groups if _bare(name) == _bare(self.reference)]
        if len(alike) == 1:
            return alike[0]
        held = ", ".join(shown(name, 30) for name in list(groups)[:5])
        more = phrase(" and {n} more", n=len(groups) - 5) if len(groups) > 5 else ""
        raise StudyError(
            "The reference must be one of the groups.",
            found=phrase(
                "{reference}, and the groups {held}{more}",
                reference=repr(shown(self.reference)),
                held=held,
                more=more,
            ),
            remedy="name one of them with --reference",
        )


def _bare(name: str) -> str:
    """Letters and digits only: "White,F" is "white & f"."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _wrong(must: str, found: str, remedy: str = "") -> None:
    raise StudyError(must, found=found, remedy=remedy)
