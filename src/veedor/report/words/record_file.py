"""Words of a record as `veedor record new` writes it: a commented TOML for a person to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from veedor.disclosure.record import FIELDS, About, AuditNamed, Field, framework
from veedor.disclosure.record.fields import TOPICS
from veedor.report.document import Document, Section
from veedor.report.words import records
from veedor.report.words.language import Words, noted
from veedor.study.toml_writing import comment_of, toml, wrapped

_INTRO = (
    noted(
        "A record of one system: what its keepers answered, and where that can be read. Write only "
        "what was answered or published, in its own words; leave the rest as it is: it is printed "
        "as not answered. Nothing is inferred from a blank, and there is no score."
    ),
    noted(
        "state: given, refused, not answered or not applicable. value: what was answered; of a "
        "refusal the grounds that were stated. source: the note, provision or page. date: of the "
        "source, as 2026-11-30. Where somebody asked and nobody answered, write the request as "
        "source and its date."
    ),
    noted(
        "Name offices, never persons: no name, document number, plate or personal mailbox. A text "
        "of several lines stands between three quotes."
    ),
)
_FORMS = {
    "choice": noted("One of: {choices}."),
    "month": noted("Year and month, as 2026-11."),
    "link": noted("An address that begins with https://."),
    "office": noted("An office, with its address, telephone or mail."),
}
_ABOUT = noted(
    "version and date of this record: a new version is a copy with both changed, so that `veedor "
    "record diff` can say what differs. language: of what you write, two letters."
)
_AUDITS = noted(
    "Audits whose results are shown beside the answers, as what they are. Another one: its "
    "results.json relative to this file, the day it was made, and its SHA-256 if you know it."
)


def written(words: Words, about: About, audits: Sequence[AuditNamed]) -> str:
    """Write the text of a new record: every field, what it asks, and which articles ask for it."""
    lines = [
        *(_comment(words.say(one)) for one in _INTRO),
        "",
        _comment(words.say(_ABOUT)),
        "[about]",
    ]
    lines += [
        f"{name} = {toml(getattr(about, name))}"
        for name in ("system", "body", "version", "date", "language")
    ]
    lines += ["", _comment(words.say(_AUDITS))]
    for one in audits:
        lines += ["[[audits]]", f"results = {toml(one.results)}", f"date = {toml(one.date)}"]
        lines += [f"sha256 = {toml(one.sha256)}", ""]
    for topic in TOPICS:
        lines += ["", f"# === {words.say(records.TOPICS[topic])} ==="]
        for field in FIELDS:
            if field.topic == topic:
                lines += ["", *map(_comment, _asked(words, field)), f"[fields.{field.key}]"]
                lines += ['state = "not answered"', 'value = ""', 'source = ""', 'date = ""']
    return "\n".join(lines) + "\n"


def _asked(words: Words, field: Field) -> Iterator[str]:
    name, question = records.FIELDS[field.key]
    yield words.say("{name}. {question}", name=words.say(name), question=words.say(question))
    if field.form in _FORMS:
        yield words.say(_FORMS[field.form], choices=", ".join(map(toml, field.choices)))
    articles = [one.reference for one in framework("ley-25326").entries if field.key in one.fields]
    if articles:
        yield words.say(
            "Ley 25.326, articles {articles}.", articles=words.listed(list(dict.fromkeys(articles)))
        )


def _comment(text: str) -> str:
    return wrapped(comment_of(text))


def begun(words: Words, about: About, path: Path, audits: int) -> Document:
    """Say that a record was begun, and what is to be done with it."""
    told = [
        words.say(
            "{file} asks {fields} things of {system}; all of them are not answered yet.",
            file=path, fields=len(FIELDS), system=about.system,
        ),
        words.say(
            "Write what was answered or published; then: {command}",
            command=f"veedor record export {path.name} --out record",
        ),
    ]  # fmt: skip
    if audits:
        told.insert(
            1,
            words.many(
                audits,
                "{n} audit is named in it, and shown beside the answers.",
                "{n} audits are named in it, and shown beside the answers.",
            ),
        )
    return Document(words.say("A new record"), headline=[Section(sentences=told)])
