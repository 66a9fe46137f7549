"""``veedor audit feedback``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

_FILE = click.Path(path_type=Path, dir_okay=False)

#: Options of which one of each must be given.
ONE_OF = (("world", "observed"),)


@click.command(name="feedback")
@click.option("--world", type=_FILE, help="CSV: zone, true_rate[, reporting, prior].")
@click.option(
    "--system",
    default="counts",
    show_default=True,
    help="counts, a forecaster's name, or FILE.py:FUNCTION from counts to scores.",
)
@click.option("--half-life", type=click.FloatRange(min=0.0, min_open=True), help="Of the record.")
@click.option(
    "--allocate",
    default="proportional",
    show_default=True,
    help="proportional, or top:F: all patrols to the share F of the zones that score highest.",
)
@click.option(
    "--detection",
    type=click.FloatRange(min=0.0, min_open=True),
    default=0.05,
    show_default=True,
    help="Discoveries even presence makes of an unreported incident.",
)
@click.option(
    "--discovered-fraction",
    type=click.FloatRange(0.0, 1.0),
    help="Scale reporting so that this share of the record is discovered.",
)
@click.option("--rounds", type=click.IntRange(min=10), default=500, show_default=True)
@click.option("--runs", type=click.IntRange(min=1), default=200, show_default=True)
@click.option("--retrain-every", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option(
    "--threshold/--no-threshold",
    default=True,
    show_default=True,
    help="Look for the discovered fraction at which it runs away (28 simulations).",
)
@click.option("--observed", type=_FILE, help="CSV: period, place, reported, discovered, flagged.")
@click.option("--memory", type=click.IntRange(min=1), help="Periods the system looks back.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder."
)
def command(
    world: Path | None,
    system: str,
    half_life: float | None,
    allocate: str,
    detection: float,
    discovered_fraction: float | None,
    rounds: int,
    runs: int,
    retrain_every: int,
    seed: int,
    threshold: bool,
    observed: Path | None,
    memory: int | None,
    out: Path,
) -> None:
    """Ask whether the system feeds on itself.

    With --world: simulates zones whose true rates are known. Patrols go where the system says,
    discover what they are present for, and the system learns from that. Says how far patrols end
    from where the truth would put them, from which discovered fraction on the system runs away, and
    what each remedy does.

    With --observed: tests a real record. Are more incidents discovered per reported one where the
    system flagged, and do flags last longer than reports would have them?

    \b
    OUT/estimates.csv  a row a figure
    OUT/results.json   everything
    OUT/report.html    for people

    A forecaster is fitted anew for every run and allotment: take --runs 5 --rounds 30
    --no-threshold.

    Example: veedor audit feedback --world zones.csv --allocate top:0.05 --out audit
    """  # noqa: D301 - click wants the character
    from veedor.audits.places.feedback import Setting, audit_feedback, read_observed, read_world
    from veedor.cli.console import Watched, printer
    from veedor.errors import StudyError
    from veedor.files.folders import replacing_folder, require_own
    from veedor.report import write_document
    from veedor.report.audit_feedback import feedback_document

    require_own(out)
    if world is None and observed is None:
        raise StudyError("At least one of --world and --observed must be given.", found="neither")
    city = read_world(world, detection=detection) if world else None
    if city and discovered_fraction is not None:
        city = city.with_discovered_fraction(discovered_fraction)
    with Watched() as progress:
        progress.step("Simulating and testing", None)
        found = audit_feedback(
            city,
            _system(system, half_life, seed),
            Setting(
                allocation=_allocation(allocate),
                rounds=rounds,
                runs=runs,
                seed=seed,
                retrain_every=retrain_every,
            ),
            system_name=system,
            allocation_name=allocate,
            observed=read_observed(observed) if observed else None,
            memory=memory,
            threshold=threshold,
        )
    document = feedback_document(found)
    with replacing_folder(out) as building:
        found.write(building)
        write_document(document, building / "report.html")
    console = printer()
    for sentence in document.plain.sentences:
        console.say(sentence)
    console.say(f"Report: {out / 'report.html'}")


def _allocation(text: str) -> Callable[..., Any]:
    from veedor.audits.places.feedback import proportional, top
    from veedor.errors import StudyError

    if text == "proportional":
        return proportional
    kind, _, fraction = text.partition(":")
    try:
        return top(float(fraction)) if kind == "top" else _no_allocation(text)
    except ValueError as error:
        raise StudyError("The F of top:F must be a number.", found=text) from error


def _no_allocation(text: str) -> Callable[..., Any]:
    from veedor.errors import StudyError

    raise StudyError("Patrols are allotted by proportional or top:F.", found=text)


def _system(text: str, half_life: float | None, seed: int) -> Callable[[], Any]:
    from veedor.audits.places.feedback import Counting
    from veedor.study.simulated_system import ForecasterSystem

    if text == "counts":
        return lambda: Counting(half_life)
    path, colon, name = text.rpartition(":")
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
            found=f"{type(error).__name__}: {error}",
            where=path.name,
        ) from error
    function = getattr(module, name, None)
    if not callable(function):
        raise StudyError("A system must be a function of its file.", found=name, where=path.name)
    made: Callable[..., Any] = function
    return made
