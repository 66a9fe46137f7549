"""What the commands of the web app say."""

from __future__ import annotations

from pathlib import Path

from veedor.report.document import Document, Section
from veedor.report.words import Words
from veedor.web.site.folder import SETTINGS, About, Site


def made(words: Words, folder: Path, about: About, link: str) -> Document:
    """Say that a site was made, and what is to be done with it."""
    told = [
        words.say("{folder} holds the site {title}.", folder=folder, title=about.title),
        words.say(
            "Its settings are in {file}; serve it with: {command}",
            file=folder / SETTINGS, command=f"veedor web run {folder}",
        ),
        _once(words, link),
    ]  # fmt: skip
    return Document(words.say("A new site"), headline=[Section(sentences=told)])


def invited(words: Words, link: str) -> Document:
    """Say the link of an invitation."""
    return Document(words.say("Invitation"), headline=[Section(sentences=[_once(words, link)])])


def _once(words: Words, link: str) -> str:
    return words.say("The account is made, once and within 7 days, at: {link}", link=link)


def serving(words: Words, site: Site, bind: str) -> str:
    """Say where a site is served."""
    return words.say(
        "{title} is at {address}, served from {bind}. Ctrl-C ends it.",
        title=site.settings.site.title, address=site.settings.site.address, bind=bind,
    )  # fmt: skip


def ended(words: Words) -> Document:
    """Say that a site is served no more."""
    told = words.say("The site is served no more.")
    return Document(words.say("The end"), headline=[Section(sentences=[told])])
