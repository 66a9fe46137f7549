"""Words of a proposed audit: a commented file of settings for a person to edit."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from unicodedata import category

from veedor.audits.access.proposal import ProposedLog
from veedor.audits.places.proposal import ProposedAudit, ProposedSetting, Value
from veedor.report.document import Document, Section
from veedor.report.words.language import Words, noted
from veedor.tables.escape import shown

FINDINGS = {
    "has_polygons": noted("it holds {zones} outlines"),
    "has_columns": noted("it has the columns {columns}"),
    "named_as_id": noted("it differs in each of {zones} zones, and is called as ids are"),
    "differs_everywhere": noted("it differs in each of {zones} zones"),
    "named_as_residents": noted("it is called as residents are"),
    "holds_others": noted("in every zone it is at least as large as {columns} other columns"),
    "part_the_residents": noted(
        "whole numbers that, in every zone, are together no more than {population}; whether they "
        "are groups of people is for you to say"
    ),
    "most_numerous": noted("the most numerous: {members} of {everyone}; any other would do"),
    "own_denominator": noted("they are parts of another column than {population}"),
    "named_as_count": noted("it is called as a count of predictions is"),
    "who_knows_of_them": noted(
        "keep here the categories that victims and witnesses report, or that police go looking "
        "for; benchmark keeps the two apart"
    ),
    "example_of_flags": noted(
        "how many of the {places} places the system flags at a time is for its maker to say; this "
        "is one in twenty, those with the most counted"
    ),
    "rates_differ_by": noted("a category has several rates, and it tells them apart"),
    "column_of_rates": noted("it stands beside the rates of a category"),
    "no_flags": noted(
        "{file} does not say which places the system flags: add a column flagged, or give top or "
        "area_fraction. Without one reporting cannot be audited."
    ),
    "boxes_stand_apart": noted("their centres stand {spacing} m apart"),
    "as_given": noted("as you gave it"),
    "side_against_spacing": noted(
        "The side that you gave, {given} m, is not how far apart boxes stand: {spacing} m."
    ),
    "no_spacing": noted(
        "How large a box is does not follow from the centres: they stand on no grid that runs "
        "north. Ask its maker, and give box_m in metres; 500 feet are 152.4."
    ),
    "no_residents": noted("{file}: no column of residents was found; give population and groups."),
    "no_groups": noted("No columns were found that part {population}; give groups and reference."),
    "file_not_known": noted(
        "{file} is read by no audit of places; it has the columns {columns}. Give columns the "
        "names that an audit reads."
    ),
    "file_for_the_same": noted(
        "{value} could be {option} too; {first} was taken, for it came first."
    ),
    "boxes_in_zones": noted(
        "{percent}% of the predictions have their centre in a zone. Where that is few, the files "
        "are of different places, or lat and lon are exchanged."
    ),
}
NO_SETTING = noted(
    "No setting of an audit of places is proposed: none of the files is for one. A log of look-ups "
    "has a command of its own; files of one log are given to it together."
)
#: How the secret is made under which users are hashed.
MAKE_SALT = "openssl rand -hex 32 > salt.txt"
_WIDE = 96


def written(words: Words, proposal: ProposedAudit, folder: Path, out: str) -> str:
    """Write the text of an audit.toml: each setting with what it follows from, and what else.

    Parameters
    ----------
    words : Words
    proposal : ProposedAudit
    folder : Path
        That files are named relative to.
    out : str
        What the file will be called.
    """
    say = words.say
    lines = [*_opening(words, proposal, out), ""]
    if proposal.doubts:
        lines += _comment(say("Look at these first:"))
        lines += [line for one in proposal.doubts for line in _comment(words.of(one), "- ")]
        lines.append("")
    for log in proposal.logs:
        lines += [line for said in _of_log(words, log) for line in _comment(said)]
        lines += [f"#   {_flat(one)}" for one in (MAKE_SALT, _command(log, folder))] + [""]
    for one in proposal.settings:
        lines += _comment(_why(words, one))
        lines.append(f"{'' if one.sure else '# '}{one.option} = {_toml(_placed(one, folder))}")
        lines.append("")
    return "\n".join(lines)


def _opening(words: Words, proposal: ProposedAudit, out: str) -> list[str]:
    if not proposal.settings:
        return _comment(words.say(NO_SETTING))
    settings = words.say(
        "Settings of an audit of places, proposed from files. Nothing here is decided: read "
        "each line, change what is wrong, and take away the # before what is only offered."
    )
    then = words.say("Then: {command}", command=f"veedor audit all --settings {out} --out audit")
    return [*_comment(settings), *_comment(then)]


def _why(words: Words, one: ProposedSetting) -> str:
    why = words.of(one.why)
    if not one.sure:
        why = words.say("Only offered: {why}.", why=why)
    else:
        why = words.say("Follows from this: {why}.", why=why)
    if not one.others:
        return why
    return words.say("{why} It could also be {others}.", why=why, others=", ".join(one.others))


def _comment(text: str, mark: str = "") -> list[str]:
    """Put a text behind #, whatever lines a stranger's name would begin."""
    flat = _flat(text)
    first = f"# {mark}"
    return textwrap.wrap(
        flat, _WIDE, initial_indent=first, subsequent_indent="# " + " " * len(mark),
        break_long_words=False,
    )  # fmt: skip


def _flat(text: str) -> str:
    return " ".join("".join(" " if category(one)[0] == "C" else one for one in text).split())


def _of_log(words: Words, log: ProposedLog) -> list[str]:
    """Say what a log of look-ups was known by, and what only a person can say of it."""
    read = words.listed([
        words.say("{column} from {header}", column=role, header=header)
        for role, header in log.columns.items()
    ])  # fmt: skip
    file = shown(Path(log.file).name)
    said = [
        words.say("{file} is a log of look-ups, in columns of anyone's own: {read}.",
                  file=file, read=read)
        if log.preset == "generic"
        else words.say("{file} is a log of look-ups, of the form {preset}: {read}.",
                       file=file, preset=log.preset, read=read),
        words.say("It is audited by a command of its own, the second one below. It needs:"),
    ]  # fmt: skip
    if len(log.kinds) > 1:
        said.append(words.say(
            "KIND: one of {kinds} (network: others' searches of one's own devices; own: searches "
            "by one's own users; event: everything that users did).",
            kinds=", ".join(log.kinds),
        ))  # fmt: skip
    said.append(words.say(
        "salt.txt: a secret under which users are hashed, made once by the first command, kept "
        "where the log is kept and given to nobody."
    ))  # fmt: skip
    said.append(words.say(
        "ZONE: the IANA name of local time, as America/Argentina/Buenos_Aires. A log does not say "
        "it, and it is not guessed."
    ))  # fmt: skip
    if log.times is None:
        said.append(words.say(
            "TIMES: utc or local, where times say no offset; most logs are exported in UTC."
        ))  # fmt: skip
    return said


def _command(log: ProposedLog, folder: Path) -> str:
    """Write the command of an audit of access; what is to be said stands in capitals."""
    file = quote(_relative(log.file, folder))
    kind = log.kinds[0] if len(log.kinds) == 1 else "KIND"
    times = " --times TIMES" if log.times is None else ""
    return (
        f"veedor audit access {file} --kind {kind} --time-zone ZONE{times} --salt salt.txt "
        "--out access"
    )


def _placed(one: ProposedSetting, folder: Path) -> Value:
    if one.option not in _FILES or not isinstance(one.value, str):
        return one.value
    return _relative(one.value, folder)


def _relative(file: str, folder: Path) -> str:
    path = Path(file).absolute()
    at = folder.absolute()
    return path.relative_to(at).as_posix() if path.is_relative_to(at) else path.as_posix()


_FILES = frozenset((
    "zones", "labels", "observed", "world", "rates", "incidents", "predictions", "counts", "places",
))  # fmt: skip


def _toml(value: Value) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def proposed(words: Words, proposal: ProposedAudit, out: Path) -> Document:
    """Say what was proposed, and what a person must look at."""
    sure = [one for one in proposal.settings if one.sure]
    if proposal.settings:
        sentences = [
            words.many(
                len(sure),
                "{n} setting is proposed in {file}, with what it follows from.",
                "{n} settings are proposed in {file}, each with what it follows from.",
                file=out,
            ),
            words.say("Read it and change what is wrong before an audit."),
        ]
    else:
        sentences = [
            words.many(
                len(proposal.logs),
                "{n} file is a log of look-ups; {file} says how it is audited.",
                "{n} files are logs of look-ups; {file} says how each is audited.",
                file=out,
            ),
            words.say(NO_SETTING),
        ]
    told: Mapping[str, str] = {one.option: _toml(one.value) for one in sure}
    return Document(
        words.say("A proposed audit"),
        headline=[Section(
            sentences=sentences,
            points=[f"{option} = {value}" for option, value in told.items()]
            + [words.of(one) for one in proposal.doubts]
            + [
                point
                for log in proposal.logs
                for point in (*_of_log(words, log), MAKE_SALT, _flat(_command(log, out.parent)))
            ],
        )],
    )  # fmt: skip
