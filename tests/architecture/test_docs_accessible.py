"""The documentation that was built has no violation of WCAG 2.2 AA, a page of each kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.browser import WCAG, chromium, opened, sideways, violations

BUILT = Path(__file__).parents[2] / "docs" / "_build" / "html"
#: An overview, prose with a table, help of commands, formulas, an interface, a tutorial, Spanish.
PAGES = (
    "index.html", "architecture.html", "commands.html", "statistics/index.html",
    "api/patterns.html", "tutorials/buenos-aires.html", "es/buenos-aires.html",
)  # fmt: skip


@pytest.mark.skipif(not BUILT.is_dir(), reason="the documentation is not built: `make docs`")
def test_the_documentation_has_no_violation():
    wrong = []
    with chromium() as browser:
        for page in PAGES:
            with opened(browser, BUILT / page) as window:
                for width, scheme in ((390, "light"), (1280, "dark")):
                    window.set_viewport_size({"width": width, "height": 900})
                    window.emulate_media(color_scheme=scheme)
                    found = violations(window, tags=WCAG)
                    wrong.extend(f"{page}, {width} px, {scheme}: {what}" for what in found)
                    if more := sideways(window):
                        wrong.append(f"{page}, {width} px: {more} px wider than the window")
    assert not wrong, "\n".join(wrong)
