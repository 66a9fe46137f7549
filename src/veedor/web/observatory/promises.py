"""The promises of a published log, as veedor's own rooms find them, never as the log tells them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from veedor.errors import SealError, phrase
from veedor.files.json_file import write_json
from veedor.languages import languages
from veedor.report.document import write_document
from veedor.report.sealed import sealed_document
from veedor.report.words import words_in
from veedor.sealing import LogFindings, Rounds, Standing, due_of, rounds_of, scoreboard
from veedor.sealing.names import brief
from veedor.tasks import verify_log
from veedor.tasks.context import Context
from veedor.web.observatory.models import Kind, Publication, PublishedPromise

FOUND = "found.json"


class CheckedPromises(msgspec.Struct, frozen=True, kw_only=True):
    """A log that holds, and what was found in it."""

    found: LogFindings

    @property
    def series(self) -> str:
        """What stays the same while a log grows: its name and its key."""
        about = self.found.log
        return hashlib.sha256(f"{about.name}\n{about.key_sha256}".encode()).hexdigest()

    def require_goes_on(self, log: Path) -> None:
        """Require that a log begins with all that was ever published of it here.

        Raises
        ------
        SealError
            If entries were taken out or changed since: the site remembers them.
        """
        kept = Publication.objects.filter(series=self.series).exclude(checkpoint="")
        with tempfile.TemporaryDirectory(prefix="veedor-") as folder:
            since = []
            for number, checkpoint in enumerate(
                sorted(set(kept.values_list("checkpoint", flat=True)))
            ):
                path = Path(folder, f"{number}.txt")
                path.write_text(checkpoint, encoding="utf-8")
                since.append(path)
            if since:
                _require_holds(_verified(log, tuple(since)), log)


def checked(log: Path, into: Path) -> CheckedPromises:
    """Verify a log, and write what was found, in every language.

    Raises
    ------
    SealError
        If it does not hold, or is a log of looks.
    """
    found = _verified(log)
    _require_holds(found, log)
    if found.looks is not None:
        raise SealError(
            "A log that is published here must be of promises.",
            found=phrase("a log of looks"),
            where=log.name,
        )
    into.mkdir()
    write_json(found, into / FOUND)
    for language in languages():
        document = sealed_document(found, words_in(language))
        write_document(document, into / f"{language}.html", language)
    return CheckedPromises(found=found)


def _verified(log: Path, since: tuple[Path, ...] = ()) -> LogFindings:
    found: LogFindings = verify_log.perform(
        verify_log.Request(log=log, since=since), Context()
    ).results
    return found


def _require_holds(found: LogFindings, log: Path) -> None:
    if not found.holds:
        raise SealError(
            "A log that is published must verify.",
            found=phrase("problems: {n:,}", n=len(found.problems)),
            where=log.name,
            remedy="see what is wrong with `veedor log verify LOG --report FILE.html`",
        )


def keep_promises(publication: Publication, promises: CheckedPromises) -> None:
    """Keep what was found beside a publication, for pages."""
    found = promises.found
    publication.series = promises.series
    publication.entries = found.log.entries
    publication.checkpoint = found.log.checkpoint or ""
    publication.rounds = msgspec.to_builtins(rounds_of(found))
    publication.save()
    PublishedPromise.objects.bulk_create(_rows(publication, found), batch_size=500)


def _rows(publication: Publication, found: LogFindings) -> Iterator[PublishedPromise]:
    for one in found.promises:
        gain = None if one.first_gain is None else one.first_gain.gain
        yield PublishedPromise(
            publication=publication,
            entry=one.entry,
            category=brief(one.category),
            forecaster=brief(one.forecaster),
            reference=None if one.reference is None else brief(one.reference),
            promised_by=brief(one.promised_by),
            promised_at=one.promised_at,
            begins=one.begins,
            ends=one.ends,
            due=due_of(one),
            late=one.late,
            scored=bool(one.scorings),
            gain=None if gain is None else gain.value,
            gain_low=None if gain is None else gain.low,
            gain_high=None if gain is None else gain.high,
        )


def newest_logs() -> list[Publication]:
    """Return the newest state of every log that was ever published, by office and title.

    Withdrawn ones are among them: what was promised in public stays counted.
    """
    newest: dict[str, Publication] = {}
    logs = Publication.objects.filter(kind=Kind.PROMISES).select_related("office")
    for one in logs.order_by("entries", "published_at", "pk"):
        newest[one.series] = one
    return sorted(newest.values(), key=lambda one: (one.office.name, one.title, one.key))


def standings(logs: list[Publication]) -> list[tuple[Standing, ...]]:
    """Judge all promises of all logs as one family."""
    return scoreboard([msgspec.convert(one.rounds, tuple[Rounds, ...]) for one in logs])


def state_of(promise: PublishedPromise, now: str) -> str:
    """Say how a promise stands: ``late``, ``scored``, ``never_scored`` or ``not_due``."""
    if promise.late:
        return "late"
    if promise.scored:
        return "scored"
    return "never_scored" if promise.due <= now else "not_due"


def totals(rows: tuple[Standing, ...]) -> dict[str, Any]:
    """Sum what was promised over the rows of a log."""
    names = ("promised", "late", "scored", "never_scored", "not_due", "beside")
    return {name: sum(getattr(row, name) for row in rows) for name in names}
