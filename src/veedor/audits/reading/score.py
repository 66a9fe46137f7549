"""Score a reading: filled files to `ReadingScore`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from veedor.arrays import Floats
from veedor.audits.audit import NOTE, SERIOUS, AuditWarning, Statement, Subject
from veedor.audits.reading import counted, rates
from veedor.audits.reading.agreeing import agreement_statements, self_agreement, tables
from veedor.audits.reading.frame import open_frame
from veedor.audits.reading.pack import (
    ReadingKey,
    read_key,
    require_same_frame,
    write_lines,
)
from veedor.audits.reading.plan import CODEBOOK, PLAN, RANDOM, ReadingPlan, draw, read_plan
from veedor.audits.reading.rates import Scored, counted_as_yes, scenarios_of
from veedor.audits.reading.readings import differing, read_readings
from veedor.audits.reading.results import (
    ALERTS,
    OTHERS,
    RECALL,
    STRICT,
    ReadingScore,
    ReadStratum,
    ScoreSettings,
    Targeted,
)
from veedor.errors import DataError, StudyError, phrase
from veedor.files.replacing import sha256
from veedor.statistics.suppression import SMALL_COUNT
from veedor.tables.csv_file import write_rows
from veedor.tables.rows import read_table

#: Readers who differ on more rows than this do not read by one codebook.
_MUCH = 0.2
#: From this agreement on, a kappa below the second is the paradox of rare answers.
_OFTEN, _LOW_KAPPA = 0.8, 0.4


def score_reading(
    pack: Path,
    files: Sequence[Path],
    third: Path | None = None,
    settings: ScoreSettings | None = None,
    table: Path | None = None,
) -> tuple[ReadingScore, Scored]:
    """Score what readers filled in.

    Parameters
    ----------
    pack : Path
        Its folder.
    files : sequence of Path
        One a reader.
    third : Path, optional
        Of who decides where two readers differ.
    settings : ScoreSettings, optional
    table : Path, optional
        The table that was planned, to hold that the sample is what the plan draws from it.

    Raises
    ------
    DataError
        If plan, sample, codebook or table are not what they were, or a line is not answered.
    StudyError
        If there is one reader only, or recall is asked for and no row without an alert was read.
    """
    asked = settings or ScoreSettings()
    key, plan = read_key(pack), read_plan(pack / PLAN)
    if table is not None:
        _require_drawn(plan, key, table)
    if third is not None and (key.readers > 2 or key.counts):
        raise StudyError(
            "Someone decides only where two readers judge: more are settled by most of them, and "
            "counts by their middle.",
            found=phrase("{n} readers", n=key.readers),
            remedy="leave --third out",
        )
    scored = Scored(plan, key, read_readings(key, files, third), asked)
    parts = _parts(plan)
    if RECALL in asked.needed and OTHERS not in parts:
        raise StudyError(
            "Recall is out of all that is true: alerts alone do not say what was missed.",
            found=phrase("a sample of alerts only"),
            where=PLAN,
            remedy="plan with --alert and --others, so that rows without an alert are read too",
        )
    rng = np.random.default_rng(asked.seed)
    statements: list[Statement] = []
    for name in parts:
        statements += _of_part(scored, name, rng)
    if OTHERS in parts and not key.counts:
        statements += rates.recalls(scored)
    if (again := self_agreement(scored.readings, asked.level)) is not None:
        statements.append(again)
    made = ReadingScore(
        schema_version=ReadingScore.newest_schema,
        statements=tuple(statements),
        plan=plan,
        settings=asked,
        codebook=key.answers,
        codebook_sha256=sha256(pack / CODEBOOK),
        plan_sha256=sha256(pack / PLAN),
        readers=key.readers,
        counts=key.counts,
        read=int(scored.at_random.sum()),
        shown=key.shown,
        differing=int((differing(scored.readings) & scored.at_random).sum()),
        decided=third is not None,
        tables=tables(scored.readings, {name: scored.part(name)[1] for name in parts}),
        strata=tuple(_strata(scored, parts)),
        errors=() if key.counts else tuple(rates.errors(scored, parts)),
        targeted=_targeted(scored),
    )
    return replace(made, warnings=tuple(_warnings(made, scored))), scored


def _parts(plan: ReadingPlan) -> tuple[str, ...]:
    if not plan.columns.alert:
        return ("all",)
    sides = {one.alert for one in plan.strata}
    return tuple(name for name, side in ((ALERTS, True), (OTHERS, False)) if side in sides)


def _require_drawn(plan: ReadingPlan, key: ReadingKey, table: Path) -> None:
    with open_frame(table, plan.columns) as frame:
        require_same_frame(plan, frame)
        drawn = {one.key for one in draw(plan, frame)}
    held = {one.key for one in key.items if one.part == RANDOM}
    if drawn != held:
        raise DataError(
            "The sample must be what the plan draws from the table.",
            found=phrase("{n} rows that are not of both", n=len(drawn ^ held)),
            where=table.name,
            remedy="plan anew: rows that were chosen otherwise give no rate",
        )


def _of_part(scored: Scored, name: str, rng: np.random.Generator) -> list[Statement]:
    strata, here = scored.part(name)
    of = np.flatnonzero(here)
    items = [scored.key.items[place] for place in of]
    stratum = scored.stratum(strata, items)
    made: list[Statement] = []
    if scored.key.counts:
        made += counted.statements(
            scored.readings.judged[of], strata, stratum, name, scored.settings.level
        )
    else:
        for scenario in scenarios_of(scored):
            made += rates.shares(scored, name, scenario)
        made += rates.band(scored, name)
        made.append(rates.cannot_tell(scored, name, strata, stratum, of))
    weights = np.array([1.0 / strata[place].probability for place in stratum])
    made += agreement_statements(
        scored.readings, of, stratum, weights, Subject("all", subset=name),
        counts=scored.key.counts, level=scored.settings.level,
        replicates=scored.settings.replicates, rng=rng,
    )  # fmt: skip
    return made


def _strata(scored: Scored, parts: Sequence[str]) -> list[ReadStratum]:
    made = []
    for name in parts:
        if scored.key.counts:
            means: Floats | None = None
        else:
            counts = [
                rates.found_in(scored, name, counted_as_yes(scored.readings, one))[1]
                for one in scenarios_of(scored)
            ]
            settled = counts[1] if len(counts) == 3 else (counts[0] + counts[1]) / 2.0
            means = np.asarray(settled, dtype=np.float64)
        for n, one in enumerate(scored.part(name)[0]):
            yes = None if means is None or one.drawn < SMALL_COUNT else float(means[n])
            made.append(ReadStratum(one.name, one.alert, one.rows, one.drawn, yes))
    return made


def _targeted(scored: Scored) -> Targeted | None:
    chosen = ~scored.at_random
    rows = int(chosen.sum())
    if not rows:
        return None
    if rows < SMALL_COUNT or scored.key.counts:
        return Targeted(rows if rows >= SMALL_COUNT else 0, None, None)
    yes = int((chosen & counted_as_yes(scored.readings, STRICT)).sum())
    return Targeted(rows, yes, int((chosen & differing(scored.readings)).sum()))


def _warnings(made: ReadingScore, scored: Scored) -> list[AuditWarning]:
    found = []
    if not made.counts:
        code = "two_readers_not_identified" if made.readers == 2 else "readers_errors_assumed"
        found.append(AuditWarning(code, {"readers": made.readers}, NOTE))
    if made.differing > _MUCH * made.read:
        found.append(
            AuditWarning("readers_differ", {"n": made.differing, "read": made.read}, SERIOUS)
        )
    for part in made.parts:
        whole = Subject("all", subset=part)
        same, kappa = (made.of(name, whole) for name in ("agreement", "kappa"))
        if same is None or kappa is None:
            continue
        agreed, beyond = same.estimate.value, kappa.estimate.value
        if agreed is not None and beyond is not None and agreed >= _OFTEN and beyond < _LOW_KAPPA:
            found.append(
                AuditWarning("kappa_paradox", {"agreement": agreed, "kappa": beyond}, NOTE)
            )
    if made.plan.columns.alert and OTHERS not in made.parts:
        found.append(AuditWarning("recall_not_told", {}, NOTE))
    hidden = sum(one.drawn < SMALL_COUNT for one in made.strata)
    if hidden and len(made.strata) > 1:
        found.append(AuditWarning("strata_read_thinly", {"n": hidden, "k": SMALL_COUNT}, NOTE))
    if not len(scored.readings.repeats):
        found.append(AuditWarning("no_hidden_repeats", {}, NOTE))
    return found


def write_strata(score: ReadingScore, path: Path) -> None:
    """Write what was found in each stratum: ``strata.csv``, the pilot of a larger plan.

    Of strata of which fewer than 10 rows were read neither is told.
    """
    rows = (
        (
            one.name,
            str(one.alert).lower(),
            one.rows,
            None if one.yes is None else one.drawn,
            one.yes,
        )
        for one in score.strata
    )
    write_rows(("stratum", "alert", "rows", "read", "yes"), rows, path)


def write_third(scored: Scored, first: Path, path: Path, language: str = "en") -> int:
    """Write the rows where two readers differ, for who decides, as blind as the first file.

    Parameters
    ----------
    scored : Scored
    first : Path
        A reader's file, that holds what was shown.
    path : Path
    language : str
        Of the spreadsheet in which who decides answers.

    Returns
    -------
    int
        Rows written.
    """
    key = scored.key
    rows = read_table(first, ("item",))
    by_name = {one.item: one.place for one in key.slots}
    columns = [rows.texts(name).to_pylist() for name in key.shown]
    texts = {
        by_name[item]: list(shown)
        for item, *shown in zip(rows.texts("item").to_pylist(), *columns, strict=True)
    }
    wanted = differing(scored.readings)
    lines = [
        (one.item, texts[one.place])
        for one in key.slots
        if one.reader == key.readers + 1 and wanted[one.place]
    ]
    write_lines(path, key.shown, lines, language)
    return len(lines)
