"""Ask whether the system feeds on itself.

With --world: simulates zones whose true rates are known. Patrols go where the system says,
discover what they are present for, and the system learns from that. Says how far patrols end
from where the truth would put them, from which discovered fraction on the system runs away, and
what each remedy does.

With --observed: tests a real record. Are more incidents discovered per reported one where the
system flagged, and do flags last longer than reports would have them?

    OUT/estimates.csv  a row a figure
    OUT/places_*.csv   a row a place: of the simulation, of the real record
    OUT/results.json   everything
    OUT/report.html    for people

A forecaster is fitted anew for every run and allotment: take --runs 5 --rounds 30
--no-threshold.

Example: veedor audit feedback --world zones.csv --allocate top:0.05 --out audit
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veedor.errors import phrase
from veedor.tasks.audited import task_of, write_by_place
from veedor.tasks.context import Context
from veedor.tasks.request import File, Folder, option, request
from veedor.tasks.settings_file import Settled

if TYPE_CHECKING:
    from veedor.audits.places.feedback import FeedbackAudit
    from veedor.report.document import Document

#: Fields of which one of each must be given.
ONE_OF = (("world", "observed"),)


@request
class Request(Settled):
    """Which world to simulate, or which record to test."""

    world: File | None = option("CSV: zone, true_rate[, reporting, prior].", default=None)
    system: str = option(
        "counts, a forecaster's name, or FILE.py:FUNCTION from counts to scores.",
        default="counts",
        code=True,
    )
    half_life: float | None = option("Of the record.", default=None, gt=0.0)
    allocate: str = option(
        "proportional, or top:F: all patrols to the share F of the zones that score highest.",
        default="proportional",
    )
    detection: float = option(
        "Discoveries even presence makes of an unreported incident.", default=0.05, gt=0.0
    )
    discovered_fraction: float | None = option(
        "Scale reporting so that this share of the record is discovered.",
        default=None,
        ge=0.0,
        le=1.0,
    )
    rounds: int = option("Of each simulation.", default=500, ge=10)
    runs: int = option("How many simulations.", default=200, ge=1)
    retrain_every: int = option("Rounds after which the system learns anew.", default=1, ge=1)
    seed: int = option("Of whatever is drawn.", default=1, ge=0)
    threshold: bool = option(
        "Look for the discovered fraction at which it runs away (28 simulations).", default=True
    )
    observed: File | None = option(
        "CSV: period, place, reported, discovered, flagged.", default=None
    )
    memory: int | None = option("Periods the system looks back.", default=None, ge=1)
    zones: File | None = option("GeoJSON of outlines of the places, for maps.", default=None)
    id: str = option("Zone id.", default="id")
    out: Folder = option("Folder.")


def audit(request: Request, context: Context, into: Path) -> tuple[FeedbackAudit, Document]:
    """Make the audit and its page."""
    from veedor.audits.places.by_place import PlaceOutlines
    from veedor.audits.places.feedback import Setting, audit_feedback, read_observed, read_world
    from veedor.errors import StudyError
    from veedor.report.audit_feedback import feedback_document
    from veedor.report.words import words_in

    if request.world is None and request.observed is None:
        raise StudyError(
            "At least one of --world and --observed must be given.", found=phrase("neither")
        )
    city = read_world(request.world, detection=request.detection) if request.world else None
    if city and request.discovered_fraction is not None:
        city = city.with_discovered_fraction(request.discovered_fraction)
    context.step(phrase("Simulating and testing"), None)
    made = audit_feedback(
        city,
        _system(request.system, request.half_life, request.seed, runs_code=context.runs_code),
        Setting(
            allocation=_allocation(request.allocate),
            rounds=request.rounds,
            runs=request.runs,
            seed=request.seed,
            retrain_every=request.retrain_every,
        ),
        system_name=request.system,
        allocation_name=request.allocate,
        observed=read_observed(request.observed) if request.observed else None,
        memory=request.memory,
        threshold=request.threshold,
    )
    outlines = None
    if request.zones is not None:
        outlines = PlaceOutlines.read(request.zones, request.id, made.by_place[-1].place)
    write_by_place(made.by_place, outlines, into)
    return made, feedback_document(made, words_in(context.language), outlines)


perform = task_of(audit)


def _allocation(text: str) -> Callable[..., Any]:
    from veedor.audits.places.feedback import proportional, top
    from veedor.errors import StudyError

    if text == "proportional":
        return proportional
    kind, _, fraction = text.partition(":")
    if kind != "top":
        raise StudyError("Patrols are allotted by proportional or top:F.", found=text)
    try:
        return top(float(fraction))
    except ValueError as error:
        raise StudyError("The F of top:F must be a number.", found=text) from error


def _system(text: str, half_life: float | None, seed: int, *, runs_code: bool) -> Callable[[], Any]:
    from veedor.audits.places.feedback import Counting
    from veedor.errors import StudyError
    from veedor.study.simulated_system import ForecasterSystem

    if text == "counts":
        return lambda: Counting(half_life)
    path, colon, name = text.rpartition(":")
    if colon and not runs_code:
        raise StudyError(
            "A system must be counts or a forecaster by its name where others ask than who keeps "
            "the machine: no file of theirs is run.",
            found=phrase("the name of a file and of a function"),
            remedy="audit a function of one's own with `veedor audit feedback`, on one's own "
            "machine",
        )
    if colon:
        function = _function(Path(path), name)
        return lambda: Counting(half_life, function)
    return lambda: ForecasterSystem(text, seed)


def _function(path: Path, name: str) -> Callable[..., Any]:
    from importlib.util import module_from_spec, spec_from_file_location

    from veedor.errors import StudyError

    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise StudyError("A system's function must stand in a Python file.", found=str(path))
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise StudyError(
            "The file of a system's function must run.",
            found=phrase("{kind}: {error}", kind=type(error).__name__, error=error),
            where=path.name,
        ) from error
    function = getattr(module, name, None)
    if not callable(function):
        raise StudyError("A system must be a function of its file.", found=name, where=path.name)
    made: Callable[..., Any] = function
    return made
