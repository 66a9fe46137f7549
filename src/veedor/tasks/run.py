"""Read, check, forecast, score and report: everything, into STUDY/results/.

STUDY is a folder with study.toml, as `veedor init` writes it. A run that was stopped goes on
where it was. Old results are replaced only when the new ones are complete.

    results/report.html    for people
    results/results.json   every number of the report
    results/quality.json   what the incidents are like
    results/forecasts/     every forecast, as Parquet
    results/outcomes/      what was then recorded
    results/patterns/      what the record shows, where study.toml has [patterns]
    results/manifest.json  hashes, versions, seed, command
"""

from __future__ import annotations

from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, jobs, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Which study to run."""

    study: Folder = argument()
    jobs: int | None = jobs()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Run a study.

    Returns
    -------
    Done
        ``results`` is the `Outcome`; ``folder`` is ``results/``.
    """
    from veedor.backtest import make_executor
    from veedor.report.publishing import publish
    from veedor.report.words import words_in
    from veedor.report.words.studies import ran
    from veedor.study import run_study

    outcome = run_study(
        request.study,
        command=f"veedor run {request.study.resolve().name}",
        publish=publish,
        executor=context.executor or make_executor(request.jobs),
        progress=context,
    )
    document = ran(words_in(context.language), outcome.results, request.study / "results")
    return Done(outcome.folder, outcome, document)
