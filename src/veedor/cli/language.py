"""The language of a call: asked for by ``--lang``, else by the environment, else by the study.

click finds its own words by `gettext`, in the domain that is bound; for the time of a call that is
veedor's catalogue, which holds them too, so that help and complaints come from one place.
"""

from __future__ import annotations

import contextlib
import copy
import gettext
import inspect
import os
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from veedor.errors import Phrase, phrase
from veedor.languages import DOMAIN, ENGLISH, compiled, languages, of_environment

_FLAG = "--lang"
#: What gettext asks first.
_FIRST_ASKED = "LANGUAGE"
#: What click writes as it is: of a line of usage, and for the value of an option.
_USAGE = {
    "[OPTIONS]": phrase("[OPTIONS]"),
    "COMMAND [ARGS]...": phrase("COMMAND [ARGS]..."),
}
_VALUES = {"text": phrase("TEXT")}


@dataclass
class Asked:
    """In which language a call is to be answered.

    Parameters
    ----------
    language : str or None
        As asked for by the call or its environment; None leaves it to the study.
    spoken : str
        The language of the answer: as asked, or that of the study once it is known.
    """

    language: str | None = None
    spoken: str = ENGLISH


def asked_in(given: Sequence[str]) -> Asked:
    """Find the language that a call asks for, wherever in it; the last one counts.

    Help and complaints are in this language too, so that it is looked for before all else is read.
    What is no language is left for the option to complain of.

    >>> asked_in(["--lang", "en", "run", "mystudy", "--lang=es"]).language
    'es'
    """
    words = list(given[: given.index("--")] if "--" in given else given)
    named = []
    for word, follower in pairwise([*words, ""]):
        if word == _FLAG:
            named.append(follower)
        elif word.startswith(f"{_FLAG}="):
            named.append(word.removeprefix(f"{_FLAG}="))
    known = [name for name in named if name in languages()]
    language = known[-1] if known else of_environment(os.environ)
    return Asked(language, language or ENGLISH)


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let click, and `said`, speak a language for a while."""
    if language == ENGLISH:
        yield
        return
    locale, before = languages()[language], (gettext.textdomain(), os.environ.get(_FIRST_ASKED))
    with tempfile.TemporaryDirectory(prefix="veedor-") as folder:
        place = Path(folder, locale, "LC_MESSAGES")
        place.mkdir(parents=True)
        (place / f"{DOMAIN}.mo").write_bytes(compiled(language))
        gettext.bindtextdomain(DOMAIN, folder)
        gettext.textdomain(DOMAIN)
        os.environ[_FIRST_ASKED] = locale
        try:
            yield
        finally:
            gettext.textdomain(before[0])
            if before[1] is None:
                del os.environ[_FIRST_ASKED]
            else:
                os.environ[_FIRST_ASKED] = before[1]


def said(text: str) -> str:
    """Say a text of veedor's own in the language that is spoken.

    >>> from veedor.errors import phrase
    >>> said(phrase("{n} of them", n=2))
    '2 of them'
    """
    if isinstance(text, Phrase):
        return said(text.template).format(**text.arguments)
    return gettext.gettext(text) if text else ""


def paragraphs(text: str) -> list[str]:
    r"""Return the paragraphs of a docstring, each a message: one line, or lines that are set in.

    >>> paragraphs("Do it,\nand well.\n\n    a    b\n    c    d")
    ['Do it, and well.', 'a    b\nc    d']
    """
    return [
        textwrap.dedent(part) if part.startswith("    ") else " ".join(part.split())
        for part in inspect.cleandoc(text).split("\n\n")
    ]


class Spoken(click.Command):
    """A command whose help is said in the language of the call."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Make the option that shows help."""
        made = super().get_help_option(ctx)
        if made is not None:  # click keeps it, whatever was spoken when it was made
            made.help = gettext.gettext("Show this message and exit.")
        return made

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Say what a line of usage holds; names of arguments stay, for help speaks of them."""
        return [said(_USAGE.get(piece, piece)) for piece in super().collect_usage_pieces(ctx)]

    def said_help(self) -> list[str]:
        """Say what it is for, by paragraphs."""
        text = self.help or ""
        return [said(text)] if isinstance(text, Phrase) else [said(p) for p in paragraphs(text)]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what it is for; lines that are set in stay as they are."""
        shown = copy.copy(self)
        shown.help = "\n\n".join(
            f"\b\n{part}" if "\n" in part else part for part in self.said_help()
        )
        super(Spoken, shown).format_help_text(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what stands below the options."""
        shown = copy.copy(self)
        shown.epilog = said(self.epilog or "") or None
        super(Spoken, shown).format_epilog(ctx, formatter)


class Option(click.Option):
    """An option whose help is said in the language of the call.

    Parameters
    ----------
    param_decls : sequence of str
    help : str
        A text of veedor's own, or a `Phrase`.
    """

    def __init__(
        self,
        param_decls: Sequence[str],
        *,
        help: str,  # noqa: A002 - click's
        **options: Any,
    ) -> None:
        super().__init__(param_decls, help=help, **options)
        self.told = help  # click keeps plain text of it

    def make_metavar(self, ctx: click.Context) -> str:
        """Say what stands for its value."""
        named = self.metavar or _VALUES.get(self.type.name, "")
        if not named:
            return super().make_metavar(ctx)
        return said(named) + ("..." if self.nargs != 1 and not self.metavar else "")

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Say its help, and what click says of it."""
        shown = copy.copy(self)
        shown.help = said(self.told)
        return super(Option, shown).get_help_record(ctx)


def language_option() -> Option:
    """Make the option that every command has; `asked_in` has read it before."""
    return Option(
        [_FLAG],
        type=click.Choice(list(languages())),
        expose_value=False,
        help="Language of what is printed and written; by default that of LANG, else that of "
        "study.toml, else English.",
    )
