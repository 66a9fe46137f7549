"""Pages of a record in Chromium: one page of a desk, two screens of a telephone, one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.browser import chromium, faults_of_cover, open_all, opened, sideways, violations
from tests.golden import system

from veedor.languages import languages
from veedor.tasks import Context, record_diff, record_export

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LONG = "Nota NO-2026-117-SSI de la Dirección de Acceso a la Información Pública, punto 4"
WORDS = 500


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[tuple[str, str], Path]:
    """The page of a record with many refusals, and that of what changed, in every language."""
    folder = tmp_path_factory.mktemp("record")
    first = system.write(folder / "1.toml")
    many = first.read_text(encoding="utf-8") + "".join(
        f'\n[fields.{key}]\nstate = "{state}"\nsource = "{LONG}"\ndate = 2026-09-14\n'
        for state, keys in (
            ("refused", ("supplier", "method", "retention", "access_log", "risks", "security")),
            ("not answered", ("training", "appeals", "oversight", "deletion", "collection")),
        )
        for key in keys
    )
    (folder / "many.toml").write_text(many, encoding="utf-8")
    later = system.write_later(folder / "2.toml")
    made = {}
    for language in languages():
        context = Context(workspace=folder, language=language)
        out = Path(language)
        record_export.perform(
            record_export.Request(
                record=folder / "many.toml",
                to=("ley-25326", "eu-ai-act-27", "nl-register", "uk-atrs"), out=out / "record",
            ),
            context,
        )  # fmt: skip
        record_diff.perform(
            record_diff.Request(before=first, after=later, out=out / "changes"), context
        )
        made["record", language] = folder / out / "record" / "record.html"
        made["changes", language] = folder / out / "changes" / "changes.html"
    return made


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["record", "changes"])
def test_a_cover_keeps_to_its_shape(browser, pages, name, language):
    with opened(browser, pages[name, language]) as window:
        wrong = faults_of_cover(window, WORDS)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", sorted(languages()))
@pytest.mark.parametrize("name", ["record", "changes"])
def test_a_page_is_open_to_everyone(browser, pages, name, language):
    with opened(browser, pages[name, language], width=320) as window:
        open_all(window)
        assert not violations(window)
        assert not sideways(window)
