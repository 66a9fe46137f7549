"""Run every study of a folder, and say what holds over all of them together.

FOLDER holds studies: folders with study.toml, at any depth. Each is run as `veedor run` runs it by
itself, into its own results/, with the same bytes. Forecasts of some are made while another is
read or scored, so that no process waits. A study that an input stops does not stop the others: its
error is told, and the exit code is then 2. What a call before made whole of the same study, inputs
and versions stays as it is, and what was broken off goes on where it was. Where nobody asks for a
language, each study is reported in the one that its study.toml states.

    FOLDER/results/report.html      in how many studies a forecast beats plain counting, and where
    FOLDER/results/results.json     every comparison, judged as one family over all studies
    FOLDER/results/comparisons.csv  a row a comparison
    FOLDER/STUDY/results/           each study, as `veedor run` writes it
"""

from __future__ import annotations

from veedor.errors import VeedorError, phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, jobs, option, request, scheduler, store
from veedor.tasks.run import RESULTS
from veedor.tasks.use_case import Done, use_case

REPORT, NUMBERS, COMPARISONS = "report.html", "results.json", "comparisons.csv"


@request
class Request:
    """Which studies to run."""

    folder: Folder = argument()
    jobs: int | None = jobs()
    scheduler: str | None = scheduler(default=None)
    store: str | None = store(default=None)
    ahead: int = option(
        "Studies under way besides one, each with processes of its own: more keep more of a large "
        "machine busy, and take more memory.",
        default=1,
        ge=0,
        le=64,
    )


@use_case
def perform(request: Request, context: Context) -> Done:
    """Run the studies of a folder, and compare over all of them.

    Returns
    -------
    Done
        ``results`` is the `Across`, as ``results.json`` of ``folder``; what stopped a study is a
        hindrance.

    Raises
    ------
    StudyError
        If the folder holds no study, or is one.

    Notes
    -----
    At most ``ahead + 1`` studies are in memory at a time, however many there are; one, where the
    context gives the executor, or there is one process.
    """
    from veedor.backtest import SerialExecutor, make_executor
    from veedor.files.folders import replacing_folder, require_own
    from veedor.files.json_file import write_json
    from veedor.report.document import write_document
    from veedor.report.many import page
    from veedor.report.words import words_in
    from veedor.report.words.many import in_file, kept
    from veedor.report.words.terminal import headed
    from veedor.study.across import COLUMNS, csv_rows, judged_across
    from veedor.study.many import find_studies
    from veedor.study.workspace import temporary_workspace
    from veedor.tables.csv_file import write_rows
    from veedor.tasks.studies_at_once import StudiesAtOnce

    folder = request.folder.resolve()
    studies = find_studies(folder)
    require_own(folder / RESULTS)
    executor = context.executor or make_executor(request.jobs, request.scheduler, request.store)
    executors = [executor]
    # One process makes forecasts here, where studies would only be in each other's way.
    if context.executor is None and not isinstance(executor, SerialExecutor):
        executors += [
            make_executor(request.jobs, request.scheduler, request.store)
            for _ in range(request.ahead)
        ]
    with temporary_workspace(folder):
        work = StudiesAtOnce(folder, studies, executors, context)
        work.run()
    across = judged_across(work.finished.values(), work.stopped)
    words = words_in(context.language)
    document = page(across, dict(sorted(work.stopped.items())), words)
    context.go_on()
    with replacing_folder(folder / RESULTS) as building:
        write_json(across, building / NUMBERS)
        write_rows(COLUMNS, csv_rows(across), building / COMPARISONS)
        write_document(document, building / REPORT, context.language)
    place = request.folder / RESULTS
    told = headed(
        words,
        document,
        place / REPORT,
        *kept(words, sorted(work.kept), len(studies.folders)),
        in_file(words, place / COMPARISONS),
    )
    hindrances = tuple(_named(name, error) for name, error in sorted(work.stopped.items()))
    return Done(folder / RESULTS, across, told, hindrances=hindrances)


def _named(name: str, error: VeedorError) -> VeedorError:
    """Return what stopped a study, with the name of the study."""
    where = phrase("{study}: {where}", study=name, where=error.where) if error.where else name
    return type(error)(error.must, found=error.found, where=where, remedy=error.remedy)
