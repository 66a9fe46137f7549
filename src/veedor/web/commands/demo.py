"""Make a site to try out, with an account of each role, and serve it.

Makes SITE (demo-site by default) with the study of `veedor demo` and serves it as `veedor web run`
does. Passwords, and the keys of the second factors, are printed once, when the site is made; a demo
that is there is only served.
"""

from __future__ import annotations

from pathlib import Path

from veedor.errors import phrase
from veedor.tasks.context import Context
from veedor.tasks.request import Folder, argument, option, request
from veedor.tasks.use_case import Done, use_case


@request
class Request:
    """Where to put the demo, and where it listens."""

    site: Folder = argument(default=Path("demo-site"))
    bind: str = option(
        "Address of this machine and port to listen at.",
        default="127.0.0.1:8000",
        metavar=phrase("ADDRESS"),
    )
    study: bool = option("Run the demo study too.", default=True)
    serve: bool = option("Serve it once it is made.", default=True)


@use_case
def perform(request: Request, context: Context) -> Done:
    """Make a demo of a site, and serve it.

    Raises
    ------
    StudyError
        If other files are in its place, or packages are missing.
    """
    from veedor.report.words import words_in
    from veedor.web.commands import run
    from veedor.web.commands.words import demo_made, demo_titles, ready
    from veedor.web.site.folder import SETTINGS, About, making, read_site
    from veedor.web.site.opening import in_another_process, require_installed
    from veedor.web.site.words import settings_file

    require_installed()
    words, folder = words_in(context.language), request.site
    if not (folder / SETTINGS).is_file():
        title, office = demo_titles(words)
        about = About(title="veedor", address=f"http://{request.bind}", language=context.language)
        context.step(phrase("Making the site"), None)
        with making(folder, settings_file(words, about)) as building:
            in_another_process(building, "migrate", "--no-input")
            told = in_another_process(building, "fill_demo", title, office)
            if request.study:
                _study(building, told, title, context)
        for line in demo_made(words, told):
            context.tell(line)
    if request.serve:
        return run.perform(run.Request(site=folder, bind=request.bind), context)
    return Done(folder, read_site(folder), ready(words, folder))


def _study(building: Path, told: str, title: str, context: Context) -> None:
    """Run the demo study in its project's folder, and publish it."""
    import json

    from veedor.tasks import demo
    from veedor.web.site.opening import in_another_process

    made = json.loads(told)
    project, key = made["project"], made["study"]
    place = building / "work" / project / key
    demo.perform(demo.Request(study=place, jobs=None), context)
    analyst = next(one["address"] for one in made["accounts"] if one["role"] == "analyst")
    in_another_process(building, "adopt_study", project, analyst, key, title, context.language)
    in_another_process(building, "publish_folder", project, analyst, str(place / "results"), title)
