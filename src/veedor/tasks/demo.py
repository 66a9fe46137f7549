"""Run the whole flow on the data that ships with veedor.

Copies the study to STUDY (demo-study by default) and runs it: recorded gun-violence events,
Chicago 2022 (City of Chicago open data, as packed in BSTPP 0.1.4), weekly, in squares of
500 m, the last 16 weeks forecast one by one. STUDY/study.toml shows how it is set up.
STUDY/eugene_searches.csv is a log of access (City of Eugene, CC0) for `veedor audit access`.
"""

from __future__ import annotations

from pathlib import Path

from veedor.errors import phrase
from veedor.tasks import run
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, jobs, request, scheduler, store
from veedor.tasks.use_case import Done, use_case

_FILES = ("incidents.csv", "zones.geojson", "eugene_searches.csv")


@request
class Request:
    """Where to put the demo."""

    study: Folder = argument(default=Path("demo-study"))
    jobs: int | None = jobs()
    scheduler: str | None = scheduler(default=None)
    store: str | None = store(default=None)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Copy the study that ships, and run it as `veedor.tasks.run` does.

    Raises
    ------
    StudyError
        If the folder holds other files, or a demo whose study.toml was changed.
    """
    import shutil
    from importlib.resources import as_file, files

    from veedor.errors import StudyError
    from veedor.files.replacing import replacing
    from veedor.languages import languages
    from veedor.report.words import words_in
    from veedor.report.words.demo_file import in_language

    study = request.study
    with as_file(files("veedor.demo")) as shipped:
        own, text = study / "study.toml", (shipped / "study.toml").read_text(encoding="utf-8")
        known = {in_language(words_in(one), text).encode() for one in languages()}
        same = own.is_file() and own.read_bytes() in known
        if study.exists() and any(study.iterdir()) and not same:
            raise StudyError(
                "The demo must go into a new folder, or one that holds the demo.",
                found=phrase("other files"),
                where=str(study),
                remedy="name another folder: `veedor demo FOLDER`",
            )
        study.mkdir(parents=True, exist_ok=True)
        for name in _FILES:
            with replacing(study / name) as part:
                shutil.copyfile(shipped / name, part)
        with replacing(own) as part:
            told = in_language(words_in(context.language), text)
            part.write_text(told, encoding="utf-8", newline="\n")
    command = f"veedor demo {study.resolve().name}"
    asked = run.Request(
        study=study, jobs=request.jobs, scheduler=request.scheduler, store=request.store
    )
    return run.run_as(command, asked, context)
