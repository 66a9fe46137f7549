"""How the documentation is built: `make docs`. Nothing is loaded from outside."""

import re
import sys
from pathlib import Path

import veedor

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "veedor"
author = "the veedor authors"
copyright = "the veedor authors"
version = release = veedor.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "local_math"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
myst_update_mathjax = False
html_math_renderer = "mathml"
exclude_patterns = ["_build"]

# An example's last line is blank, so that doctest does not take the fence for output.
highlight_options = {language: {"stripnl": True} for language in ("python", "pycon")}
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False


def escape_stars(*event):
    """Keep the star of a shape such as (size, *shape of mean) from opening an emphasis."""
    lines = event[-1]
    lines[:] = [re.sub(r"(?<=, )\*(?=[a-z])", r"\\*", line) for line in lines]


def leave_plain_words(_app, doctree):
    """Keep words in the types of parameters, such as shape or periods, from becoming links."""
    from sphinx import addnodes

    for link in list(doctree.findall(addnodes.pending_xref)):
        if link.get("reftype") == "class" and link["reftarget"].islower():
            link.replace_self(link.children)


def open_to_the_keyboard(_app, _page, _template, context, _doctree):
    """Let what scrolls be reached by keyboard, and give the theme's headings their level."""
    for part, was, now in (
        ("body", "<pre>", '<pre tabindex="0">'),
        ("body", '<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
        ("body", 'display="block">', 'display="block" tabindex="0">'),
        ("furo_navigation_tree", 'role="heading"', 'role="heading" aria-level="2"'),
    ):
        if part in context:
            context[part] = context[part].replace(was, now)


def setup(app):
    app.connect("autodoc-process-docstring", escape_stars, priority=600)
    app.connect("doctree-read", leave_plain_words)
    app.connect("html-page-context", open_to_the_keyboard, priority=900)


html_theme = "furo"
html_title = f"veedor {version}"
html_static_path = ["_static"]
html_css_files = ["veedor.css"]
html_show_copyright = False
