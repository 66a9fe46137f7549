"""What is said of requests: events, and where one stands."""

from __future__ import annotations

from collections.abc import Mapping

from veedor.disclosure.request import Deadline, shipped_law
from veedor.errors import Phrase, phrase
from veedor.report.words import Words
from veedor.report.words import deadlines as told
from veedor.web.disclosure.asking import LAW
from veedor.web.disclosure.standing import ANSWERED, SENT, Standing

_OWN: Mapping[str, Phrase] = {
    SENT: phrase("the letter was sent"),
    ANSWERED: phrase("the body answered in full"),
}


def event(words: Words, code: str) -> str:
    """Say what happened."""
    if code in _OWN:
        return words.translated(_OWN[code])
    return words.own(shipped_law(LAW).events[code])


def state(words: Words, standing: Standing) -> str:
    """Say where a request stands, in a sentence."""
    if not standing.event:
        return words.say("The letter is written, and was not sent yet.")
    since = words.day(standing.since.isoformat()) if standing.since else ""
    what = event(words, standing.event)
    if standing.event == SENT:
        return words.say("Sent on {day}; the day of receipt is not noted yet.", day=since)
    if standing.event == ANSWERED:
        return words.say("Answered in full on {day}.", day=since)
    if standing.due is None:
        return words.say("{day}: {event}.", day=since, event=what)
    if standing.late:
        return words.say(
            "Late: it was due by {due}. {what}.",
            due=_day(words, standing.due), what=_what(words, standing),
        )  # fmt: skip
    return words.say(
        "{day}: {event}. Due by {due}: {what}.",
        day=since, event=what, due=_day(words, standing.due), what=_what(words, standing),
    )  # fmt: skip


def own(words: Words, standing: Standing) -> str:
    """Say until when whoever asks may go on; empty where there is nothing to say."""
    if standing.own is not None:
        return words.say(
            "Open to whoever asks until {day}: {what}.",
            day=_day(words, standing.own), what=told.what(words, standing.own),
        )  # fmt: skip
    if standing.over is not None:
        return words.say("The last day to go on was {day}.", day=_day(words, standing.over))
    return ""


def _what(words: Words, standing: Standing) -> str:
    return told.what(words, standing.due) if standing.due is not None else ""


def _day(words: Words, row: Deadline) -> str:
    return words.day(row.day.isoformat()) if row.day is not None else ""


def provisions(words: Words, standing: Standing, row: Deadline) -> str:
    """Name the provisions that a term rests on, each with the month in which it was read."""
    if standing.made is None:
        return ""
    texts = {one.code: one for one in standing.made.texts}
    articles = {one.code: one for one in standing.made.articles}
    cited = [articles[code] for code in row.term.articles]
    return "; ".join(
        dict.fromkeys(
            words.say(
                "{provision} (as read in {read})",
                provision=told.provision(words, one, texts[one.text]),
                read=told.read_in(words, texts[one.text]),
            )
            for one in cited
        )
    )
