"""Pages in Spanish ask for the same commands and options as those in English."""

import re
import shlex
from pathlib import Path

import click
import pytest

from veedor.cli.app import app

ROOT = Path(__file__).parents[2]
#: Page in Spanish -> the same in English.
PAGES = {
    "README.es.md": "README.md",
    "docs/es/empezar.md": "docs/start.md",
    "docs/es/galeria.md": "docs/gallery.md",
    "docs/es/primer-estudio.md": "docs/tutorials/first-study.md",
    "docs/es/leer-un-informe.md": "docs/tutorials/reading-a-report.md",
    "docs/es/pronostico-de-un-proveedor.md": "docs/tutorials/vendor-forecast.md",
    "docs/es/prueba-publica.md": "docs/tutorials/public-test.md",
    "docs/es/conducta.md": "docs/tutorials/behaviour.md",
    "docs/es/buenos-aires.md": "docs/tutorials/buenos-aires.md",
    "docs/es/cien-ciudades.md": "docs/tutorials/a-hundred-cities.md",
    "docs/es/cantidades-por-area.md": "docs/tutorials/counts-by-area.md",
    "docs/es/registro-de-accesos.md": "docs/tutorials/access-log.md",
    "docs/es/leer-una-muestra.md": "docs/tutorials/reading-a-sample.md",
    "docs/es/camaras.md": "docs/tutorials/devices.md",
    "docs/es/sitio.md": "docs/web/index.md",
    "docs/es/sitio-en-una-hora.md": "docs/web/run-it.md",
    "docs/es/observatorio.md": "docs/web/observatory.md",
    "docs/es/registro-y-pedido.md": "docs/tutorials/record-and-request.md",
    "docs/es/como-sabe-veedor.md": "docs/how-veedor-knows.md",
}


def _commands(page):
    """Each call of veedor in the blocks of a page: the words of its command, and its options."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    for line in "\n".join(blocks).replace("\\\n", " ").splitlines():
        called = line.removeprefix("$ ").removeprefix("# ").replace("veedor --lang es ", "veedor ")
        if called.startswith("veedor "):
            words = shlex.split(called, comments=True)[1:]
            if (at := _command(words))[0] is not app:
                yield at, [word for word in words if word.startswith("--")]


def _command(words):
    command, named = app, []
    for word in words:
        inner = command.get_command(None, word) if isinstance(command, click.Group) else None
        if inner is None:
            break
        command, named = inner, [*named, word]
    return command, " ".join(named)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_the_commands_of_its_original(page):
    spanish = (ROOT / page).read_text(encoding="utf-8")
    english = (ROOT / PAGES[page]).read_text(encoding="utf-8")
    ours = [(name, options) for (_, name), options in _commands(spanish)]
    theirs = [(name, options) for (_, name), options in _commands(english)]
    if page == "README.es.md":  # it begins with a file of one's own
        theirs = [(name, options) for name, options in theirs if name != "fetch"]
    assert ours == theirs


@pytest.mark.parametrize("page", [*PAGES, *PAGES.values()])
def test_every_option_of_a_page_is_one_of_its_command(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for (command, name), options in _commands(text):
        assert "--help" in options or not isinstance(command, click.Group), f"veedor {name}: which?"
        known = {"--help"} | {opt for one in command.params for opt in one.opts}
        assert set(options) <= known, f"veedor {name}"


def test_every_page_in_spanish_has_an_original():
    pages = {f"docs/es/{path.name}" for path in (ROOT / "docs" / "es").glob("*.md")}
    assert pages - {"docs/es/index.md"} == {page for page in PAGES if page.startswith("docs/es/")}
