"""What several studies show together: every comparison of all of them judged as one family."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

import veedor
from veedor.errors import StudyError, VeedorError, phrase
from veedor.files.folders import MOST_BYTES
from veedor.files.replacing import content
from veedor.study.results import Absent, StudyAbout, StudyCells, StudyForecaster, StudyPeriods
from veedor.verification import Judged
from veedor.verification.examination import Recorded
from veedor.verification.judging import (
    BETTER,
    FAMILY_LEVEL,
    WORSE,
    judge_family,
    standing,
    together,
)

SCHEMA_VERSION = 1
#: Columns of comparisons.csv, a row a comparison.
COLUMNS = (
    "study", "title", "category", "forecaster", "kind", "reference", "recorded", "periods",
    "gain", "low", "high", "range_low", "range_high", "p_value", "p_adjusted", "comparisons",
    "verdict", "standing",
)  # fmt: skip


class StudyComparison(msgspec.Struct, frozen=True, kw_only=True):
    """One forecaster beside the reference in one category of one study.

    `gain` is in nats per incident; its verdict and `p_adjusted` are of the family of all studies,
    and so may differ from those of the study's own report, whose family is smaller.
    """

    forecaster: str
    kind: str
    gain: Judged


class AcrossCategory(msgspec.Struct, frozen=True, kw_only=True):
    """One category of one study; `absent` had too little data."""

    category: str
    recorded: int
    comparisons: tuple[StudyComparison, ...]
    absent: tuple[str, ...]


class AcrossStudy(msgspec.Struct, frozen=True, kw_only=True):
    """One study: its place below the folder, what it is called, and its categories."""

    study: str
    title: str
    reference: str
    cells: int
    periods: int
    start: str
    end: str
    categories: tuple[AcrossCategory, ...]


class InStudies(msgspec.Struct, frozen=True, kw_only=True):
    """In how many studies a forecaster was shown to do better, or worse, than the reference.

    In one category or more: a study with both counts in both. In those of `not_compared` it had too
    little data, is not named, or is the reference itself under another name.
    """

    forecaster: str
    kind: str
    better: int
    worse: int
    not_shown: int
    not_compared: int


class NotRun(msgspec.Struct, frozen=True):
    """A study that could not be run: what must hold, what was found, where, what to do."""

    study: str
    must: str
    found: str
    where: str
    remedy: str

    @classmethod
    def of(cls, study: str, error: VeedorError) -> NotRun:
        """Keep what an error says."""
        return cls(study, error.must, error.found, error.where, error.remedy)


class Across(msgspec.Struct, frozen=True, kw_only=True):
    """Content of results.json of `veedor run-many`, in the order of the studies' names.

    Parameters
    ----------
    schema_version : int
    veedor : str
    level : float
        The chance that any verdict of better or worse is wrong is at most this.
    comparisons : int
        In the family: of every forecaster with every reference, category and study together.
    forecasters : tuple of InStudies
        All but the references, by name.
    studies : tuple of AcrossStudy
    not_run : tuple of NotRun
    """

    schema_version: int
    veedor: str
    level: float
    comparisons: int
    forecasters: tuple[InStudies, ...]
    studies: tuple[AcrossStudy, ...]
    not_run: tuple[NotRun, ...]

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of categories, each once, by name."""
        return tuple(sorted({each.category for one in self.studies for each in one.categories}))

    def rows(self) -> Iterator[tuple[AcrossStudy, AcrossCategory, StudyComparison]]:
        """Yield every comparison, with its study and category."""
        for one in self.studies:
            for category in one.categories:
                for row in category.comparisons:
                    yield one, category, row


class _Recorded(msgspec.Struct):
    """Of results.json of a run what is compared across studies."""

    forecaster: str
    gain: Judged


class _Examined(msgspec.Struct):
    category: str
    recorded: Recorded
    comparisons: tuple[_Recorded, ...]


class _Category(msgspec.Struct):
    examination: _Examined
    absent: tuple[Absent, ...]


class _Results(msgspec.Struct):
    study: StudyAbout
    cells: StudyCells
    periods: StudyPeriods
    forecasters: tuple[StudyForecaster, ...]
    categories: tuple[_Category, ...]


def read_study(name: str, results: Path) -> AcrossStudy:
    """Read what is compared across studies from the results of one.

    Parameters
    ----------
    name : str
        Of the study.
    results : Path
        Its ``results.json``.

    Raises
    ------
    StudyError
        If it is not what `veedor run` writes.
    """
    try:
        read = content(results, MOST_BYTES, phrase("A file of results"))
        found = msgspec.json.decode(read, type=_Results)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise StudyError(
            "Results of a study must be those of a finished run.",
            found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
            where=f"{name}, {results.name}",
            remedy="run the study again",
        ) from error
    kinds = {one.name: one.kind for one in found.forecasters}
    return AcrossStudy(
        study=name,
        title=found.study.title,
        reference=found.study.reference,
        cells=found.cells.count,
        periods=len(found.periods.start),
        start=found.periods.start[0],
        end=found.periods.end[-1],
        categories=tuple(
            AcrossCategory(
                category=one.examination.category,
                recorded=one.examination.recorded.inside,
                comparisons=tuple(
                    StudyComparison(
                        forecaster=row.forecaster,
                        kind=kinds.get(row.forecaster, ""),
                        gain=row.gain,
                    )
                    for row in one.examination.comparisons
                ),
                absent=tuple(each.forecaster for each in one.absent),
            )
            for one in found.categories
        ),
    )


def judged_across(studies: Iterable[AcrossStudy], not_run: Mapping[str, VeedorError]) -> Across:
    """Give verdicts that hold together over all studies, categories and forecasters.

    See Also
    --------
    veedor.verification.judging.judge_family : how, as within one study.
    """
    ordered = sorted(studies, key=lambda one: one.study)
    found = judge_family(
        [row.gain for one in ordered for each in one.categories for row in each.comparisons]
    )
    gains = iter(found)
    judged = tuple(
        replace(
            one,
            categories=tuple(
                replace(
                    each,
                    comparisons=tuple(replace(row, gain=next(gains)) for row in each.comparisons),
                )
                for each in one.categories
            ),
        )
        for one in ordered
    )
    return Across(
        schema_version=SCHEMA_VERSION,
        veedor=veedor.__version__,
        level=FAMILY_LEVEL,
        comparisons=max((one.comparisons for one in found), default=0),
        forecasters=tuple(
            in_studies(judged, name, kind) for name, kind in sorted(_forecasters(judged).items())
        ),
        studies=judged,
        not_run=tuple(NotRun.of(name, error) for name, error in sorted(not_run.items())),
    )


def _forecasters(studies: Sequence[AcrossStudy]) -> dict[str, str]:
    """Every forecaster but the references, and its kind."""
    every = [each for one in studies for each in one.categories]
    absent = dict.fromkeys((who for each in every for who in each.absent), "")
    return absent | {row.forecaster: row.kind for each in every for row in each.comparisons}


def in_studies(
    studies: Sequence[AcrossStudy], forecaster: str, kind: str, category: str | None = None
) -> InStudies:
    """Count studies by where a forecaster stands, in any category or in one.

    Parameters
    ----------
    studies : sequence of AcrossStudy
        As judged together.
    forecaster, kind : str
    category : str, optional
        Only this one; studies without it are not counted.
    """
    better = worse = neither = lacking = 0
    for one in studies:
        held = [each for each in one.categories if category in (None, each.category)]
        verdicts = {
            row.gain.verdict
            for each in held
            for row in each.comparisons
            if row.forecaster == forecaster and row.gain.p_value is not None
        }
        better += BETTER in verdicts
        worse += WORSE in verdicts
        neither += bool(verdicts) and verdicts.isdisjoint((BETTER, WORSE))
        lacking += bool(held) and not verdicts
    return InStudies(
        forecaster=forecaster, kind=kind, better=better, worse=worse, not_shown=neither,
        not_compared=lacking,
    )  # fmt: skip


def csv_rows(across: Across) -> Iterator[tuple[object, ...]]:
    """Yield the rows of comparisons.csv, of `COLUMNS`; what is undefined is None."""
    for one, category, row in across.rows():
        gain = row.gain
        ends = together(gain) or (None, None)
        estimate = gain.estimate
        yield (
            one.study, one.title, category.category, row.forecaster, row.kind, one.reference,
            category.recorded, one.periods, estimate.value, estimate.low, estimate.high, *ends,
            gain.p_value, gain.p_adjusted, gain.comparisons, gain.verdict, standing(gain),
        )  # fmt: skip
