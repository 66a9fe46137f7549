"""Read and screen the incidents; print the quality report; forecast nothing.

Writes quality.json into STUDY/results/, or where a finished run is there into STUDY/check/:
rows read, kept and set aside by reason, how much has a place, how exact times are, months
that break the series, columns that were dropped. Then, with exit code 2, what hinders a run of
the study as it stands.
"""

from __future__ import annotations

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, request
from veedor.tasks.run import RESULTS
from veedor.tasks.use_case import Done, use_case

#: Where the quality report goes beside a finished run.
CHECKED = "check"


@request
class Request:
    """Which study to check."""

    study: Folder = argument()


@use_case
def perform(request: Request, context: Context) -> Done:
    """Write the quality report of a study's incidents.

    What can be read is reported on even where periods and cells cannot be laid over it; the report
    then does not say how many incidents lie outside the area, and why is the hindrance.

    Returns
    -------
    Done
        ``results`` is the `QualityReport`, written as ``quality.json`` into ``folder``.
    """
    from veedor.errors import DataError, StudyError, VeedorError
    from veedor.files.folders import QUALITY, recover, replacing_folder, require_own
    from veedor.files.json_file import write_json
    from veedor.incidents import assess, read
    from veedor.incidents.misplaced import doubts_of_places
    from veedor.report.words import words_in
    from veedor.report.words.quality import checked
    from veedor.study.config import load_study
    from veedor.study.preparation import lay_out, study_periods
    from veedor.study.workspace import temporary_workspace

    study = load_study(request.study)
    results = request.study.resolve() / RESULTS
    hindrances: tuple[VeedorError, ...] = ()
    with temporary_workspace(results.parent) as workspace:
        recover(results)
        finished = (results / "manifest.json").exists()
        folder = request.study / (CHECKED if finished else RESULTS)
        require_own(folder)
        context.step(phrase("Reading incidents"), None)
        source = study.source(request.study)
        reading = read(source, workspace=workspace, progress=context.advance)
        try:
            quality = lay_out(study, request.study, reading, study_periods(study)).quality
        except (StudyError, DataError) as error:
            hindrances, quality = (error,), assess(reading)
        context.go_on()
        with replacing_folder(folder, manifest=False) as building:
            write_json(quality, building / QUALITY)
        doubts = doubts_of_places(reading)
    document = checked(words_in(context.language), quality, doubts, folder / QUALITY)
    return Done(folder, quality, document, hindrances=hindrances)
