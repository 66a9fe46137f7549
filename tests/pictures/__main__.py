"""`python -m tests.pictures [NAME ...]`: draw the pictures of the documentation anew.

All of them are of the data that ship with veedor, or of made-up ones. What they show is made once,
in both languages, into `build/pictures`, and stays there. Look at every picture before it is kept.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.browser import chromium
from tests.pictures.drawing import HIGH, LANGUAGES, MADE, WIDE, keep, told
from tests.pictures.reports import REPORTS
from tests.pictures.site import PAGES

#: Where a first page ends.
_END = "Math.ceil(document.querySelector('.next').getBoundingClientRect().bottom) + 6"
#: Opens what an element is folded in, and nothing else.
_UNFOLD = """only => {
    let fold = document.querySelector(only);
    while ((fold = fold.parentElement)) if (fold.localName === "details") fold.open = true;
}"""


def draw(wanted: set[str]) -> None:
    """Draw the pictures that are wanted."""
    os.environ["XDG_STATE_HOME"] = str(MADE / "state")
    for language in LANGUAGES:
        folder = MADE / language
        folder.mkdir(parents=True, exist_ok=True)
        pages = {name: REPORTS[name].made(folder, language) for name in REPORTS if name in wanted}
        with chromium() as browser:
            for name, page in pages.items():
                window = browser.new_page(viewport={"width": WIDE, "height": HIGH})
                window.goto(page.resolve().as_uri())
                if only := REPORTS[name].only:
                    window.evaluate(_UNFOLD, only)
                    window.wait_for_timeout(1_000)  # until the map has found its size
                    keep(window.locator(only).screenshot(), name, language)
                else:
                    window.set_viewport_size({"width": WIDE, "height": window.evaluate(_END)})
                    keep(window.screenshot(), name, language)
                window.close()
        if wanted & set(PAGES):  # a process opens one site
            command = [sys.executable, "-m", "tests.pictures.site", language, *wanted]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    every = {*REPORTS, *PAGES}
    draw(told(sys.argv[1:], every))
