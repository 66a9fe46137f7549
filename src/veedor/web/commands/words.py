"""What the commands of the web app say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from veedor.report.document import Document, Section
from veedor.report.words import Words
from veedor.sealing import Checkpoint
from veedor.web.site.folder import SETTINGS, About, Site

if TYPE_CHECKING:
    from veedor.web.backups.taking import Taken
    from veedor.web.looks.witnessing import GivenOut


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


def demo_titles(words: Words) -> tuple[str, str]:
    """Return what the project and the office of a demo are called."""
    return words.say("Demo: recorded events, Chicago 2022"), words.say("Demo office")


def demo_made(words: Words, made: str) -> Iterator[str]:
    """Say once how to sign in to a demo.

    Parameters
    ----------
    words : Words
    made : str
        `veedor.web.site.demo.Demo` as JSON.
    """
    yield words.say("Accounts of the demo; what follows is told only now:")
    for one in json.loads(made)["accounts"]:
        yield words.say(
            "{address}, password {password}, key of the second factor {secret}",
            address=one["address"], password=one["password"], secret=one["secret"],
        )  # fmt: skip
    yield words.say(
        "To sign in: the address, the password, and then a code. An authenticator app on a "
        "telephone makes codes once the key is typed into it; so does `oathtool --totp -b KEY`."
    )


def ready(words: Words, folder: Path) -> Document:
    """Say that a demo was made and is not served."""
    told = words.say("Serve it with: {command}", command=f"veedor web run {folder}")
    return Document(words.say("The demo is ready"), headline=[Section(sentences=[told])])


def witnessed(words: Words, given: GivenOut, watched: Sequence[tuple[str, Checkpoint]]) -> Document:
    """Say who was given a checkpoint, and which of other sites were kept."""
    how = {"mail": words.say("by mail"), "git": words.say("by git")}
    told = [
        words.many(
            given.checkpoint.size,
            "The access log has {n} entry; this is its checkpoint, to be given away:",
            "The access log has {n} entries; this is its checkpoint, to be given away:",
        )
    ]
    after = [
        *(words.say("Given out {how}.", how=how[one]) for one in given.witnesses),
        *(
            words.say("Kept of {address}: {n} entries.", address=where, n=one.size)
            for where, one in watched
        ),
    ]
    return Document(
        words.say("Checkpoints"),
        headline=[
            Section(sentences=told, verbatim=given.checkpoint.text),
            Section(sentences=after),
        ],
    )


def copied(words: Words, folder: Path, files: int) -> Document:
    """Say that a copy was written."""
    told = words.many(
        files,
        "{n} file is in {folder}: any web server can serve it as it is.",
        "{n} files are in {folder}: any web server can serve them as they are.",
        folder=folder,
    )
    return Document(words.say("What is public"), headline=[Section(sentences=[told])])


def log_key_renewed(words: Words, fingerprint: str) -> Document:
    """Say that an access log has another key."""
    told = [
        words.say("What is written into the access log is signed by another key from here on."),
        words.say("Its SHA-256: {fingerprint}", fingerprint=fingerprint),
        words.say("Give out a checkpoint now: `veedor web witness SITE`."),
    ]
    return Document(words.say("Another key of the log"), headline=[Section(sentences=told)])


def renewed(words: Words, factors: int) -> Document:
    """Say that a site has another secret key."""
    told = [
        words.say(
            "The site has another secret key. Serve it again: who is signed in signs in anew."
        ),
        words.many(
            factors,
            "{n} second factor was kept, closed under the new key.",
            "{n} second factors were kept, closed under the new key.",
        ),
    ]
    return Document(words.say("Another secret key"), headline=[Section(sentences=told)])


def backed_up(words: Words, site: Path, file: Path, taken: Taken) -> Document:
    """Say what a backup holds, and how it is to be kept."""
    listed = taken.listed
    told = [
        words.many(
            len(listed.files),
            "{file} holds the site {site} as it was at {at} (UTC): {n} file, {size} MB.",
            "{file} holds the site {site} as it was at {at} (UTC): {n} files, {size} MB.",
            file=file, site=site, at=words.day(listed.made_at),
            size=words.number(sum(one.bytes for one in listed.files) / 1e6),
        ),
        words.many(
            taken.entries,
            "The access log in it has {n} entry.",
            "The access log in it has {n} entries.",
        ),
        words.say(
            "Whoever has this file has the site, its keys and its accounts: close it before it "
            "leaves this machine, and keep it where the site is not."
        ),
    ]  # fmt: skip
    return Document(words.say("Backup"), headline=[Section(sentences=told)])


def restored(words: Words, site: Path, made_at: str, found: Mapping[str, Any]) -> Document:
    """Say what is there again, what is not, and who will see it."""
    told = [
        words.say(
            "{site} holds the site as it was at {at} (UTC). Every byte is as it was listed.",
            site=site, at=words.day(made_at),
        ),
        words.many(
            found["entries"],
            "Its access log holds, with {n} entry; this is its checkpoint:",
            "Its access log holds, with {n} entries; this is its checkpoint:",
        ),
    ]  # fmt: skip
    after = [
        words.many(
            found["entries"],
            "What was done after it is gone. Who holds a checkpoint of more than {n} entry, as a "
            "witness may, will see that the log was cut: say so in public, with this checkpoint, "
            "before the site is served.",
            "What was done after it is gone. Who holds a checkpoint of more than {n} entries, as a "
            "witness may, will see that the log was cut: say so in public, with this checkpoint, "
            "before the site is served.",
        ),
        words.say(
            "Everybody signs in anew. Accounts that were ended since, and links that were used, "
            "are open again: end them."
        ),
        words.say("Serve it with: {command}", command=f"veedor web run {site}"),
    ]
    return Document(
        words.say("A site that is there again"),
        headline=[
            Section(sentences=told, verbatim=found["checkpoint"]),
            Section(sentences=after),
        ],
    )


def worked(words: Words) -> Document:
    """Say that a worker ended."""
    told = words.say("The worker ended; what it was doing goes back into the queue.")
    return Document(words.say("The end"), headline=[Section(sentences=[told])])
