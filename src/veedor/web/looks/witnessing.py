"""`give_out`: checkpoints to witnesses by mail and git; each that went is an entry of the log."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Max

from veedor.errors import SealError, VeedorError, phrase
from veedor.files.replacing import replacing
from veedor.report.words import words_in
from veedor.sealing import Checkpoint, Witnessed
from veedor.sealing.accesses import WitnessKind
from veedor.sealing.parts import Code
from veedor.web.looks.appending import append, signing_key, written
from veedor.web.looks.given_out import keep, require_goes_on, require_not_older
from veedor.web.looks.models import Entry, LogEnd

#: Of the file in the clone.
_NAME = "checkpoint"
_GIT_S = 120
#: Neither hooks of the clone nor questions to a person.
_GIT = (
    "git", "-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false",
    "-c", "user.name=veedor", "-c", "user.email=veedor@localhost",
)  # fmt: skip


@dataclass
class GivenOut:
    """What was given out.

    Parameters
    ----------
    checkpoint : Checkpoint
    witnesses : list of str
        Kinds of those that have it now.
    hindrances : list of VeedorError
        Why others have not.
    """

    checkpoint: Checkpoint
    witnesses: list[str] = field(default_factory=list)
    hindrances: list[VeedorError] = field(default_factory=list)


def give_out() -> GivenOut:
    """Sign the head of the log, keep it, and give it to every witness that lacks it.

    A witness that has all entries but those that say so themselves lacks nothing.

    Raises
    ------
    SealError
        If the database is older than the newest checkpoint, or other than it says.
    NotWrittenError
        If the log cannot be written.
    """
    end = LogEnd.objects.get()
    require_not_older(end)
    last = Entry.objects.exclude(kind="witness").aggregate(n=Max("number"))["n"]
    given = GivenOut(end.head.checkpoint(signing_key()))
    keep(given.checkpoint)
    for witness, give in _witnesses():
        had = Entry.objects.filter(kind="witness", what=witness).aggregate(n=Max("number"))["n"]
        if had is not None and (last is None or had > last):
            continue
        try:
            give(given.checkpoint)
        except VeedorError as error:
            given.hindrances.append(error)
            continue
        _wrote_down(witness, given.checkpoint)
        given.witnesses.append(witness)
    return given


def _witnesses() -> list[tuple[WitnessKind, Callable[[Checkpoint], None]]]:
    asked = settings.VEEDOR_SITE.settings.witnesses
    found: list[tuple[WitnessKind, Callable[[Checkpoint], None]]] = []
    if asked.mail:
        found.append(("mail", _by_mail))
    if asked.git:
        found.append(("git", _by_git))
    return found


def _wrote_down(witness: WitnessKind, checkpoint: Checkpoint) -> None:
    def make(written_at: str, code: Code) -> Witnessed:
        return Witnessed(
            written_at=written_at,
            code=code,
            witness=witness,
            size=checkpoint.size,
            root=checkpoint.root.hex(),
        )

    with written():
        append(make)


def _by_mail(checkpoint: Checkpoint) -> None:
    site = settings.VEEDOR_SITE.settings
    say = words_in(site.site.language).say
    subject = say("{title}: checkpoint of {n} entries", title=site.site.title, n=checkpoint.size)
    text = say(
        "Keep this mail. Whoever has the log later can be asked whether it still begins with these "
        "entries: veedor log verify log --since checkpoint.txt"
    )
    try:
        for address in site.witnesses.mail:
            mail = EmailMessage(subject, text, to=[address])
            mail.attach("checkpoint.txt", checkpoint.text, "text/plain")
            mail.send()
    except (OSError, SMTPException) as error:
        raise SealError(
            "The mail server must take checkpoints of the access log.",
            found=f"{type(error).__name__}: {error}",
            remedy="look at [mail] in site.toml, and give it out again",
        ) from error


def _by_git(checkpoint: Checkpoint) -> None:
    clone = settings.VEEDOR_SITE.folder / settings.VEEDOR_SITE.settings.witnesses.git
    if not (clone / ".git").is_dir():
        raise SealError(
            "The witness by git must be the folder of a clone.",
            found=phrase("no clone"),
            where=str(clone),
            remedy="clone a repository that others keep, and name its folder in site.toml",
        )
    if _git(clone, "ls-remote", "--heads", "origin"):
        _git(clone, "pull", "--quiet", "--ff-only")
    if (clone / _NAME).is_file():
        # What others keep says more than what lies beside a database that was restored with it.
        kept = Checkpoint.parse((clone / _NAME).read_text(encoding="utf-8"), str(clone / _NAME))
        require_goes_on(LogEnd.objects.get(), kept, clone / _NAME)
    with replacing(clone / _NAME) as part:
        part.write_text(checkpoint.text, encoding="utf-8")
    _git(clone, "add", "--", _NAME)
    if _git(clone, "status", "--porcelain", "--", _NAME):
        _git(clone, "commit", "--quiet", "--message", f"Checkpoint of {checkpoint.size} entries")
    _git(clone, "push", "--quiet")


def _git(clone: Path, *command: str) -> str:
    """Run one command of git's in the clone; its words are those of this module, or a number."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            [*_GIT, *command],
            cwd=clone,
            env=os.environ | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_GIT_S,
            check=False,
        )
        code, told = done.returncode, done.stderr.strip().splitlines()
    except (OSError, subprocess.TimeoutExpired) as error:
        code, told = 1, [str(error)]
    if code:
        raise SealError(
            "Git must take checkpoints of the access log.",
            found=told[-1] if told else phrase("exit code {code}", code=code),
            where=str(clone),
            remedy="run `git push` there by hand, and give it out again",
        )
    return done.stdout
