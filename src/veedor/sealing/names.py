"""Names in a log: what may be sealed, how a stranger's are shown, and which look the same."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from veedor.errors import SealError, phrase
from veedor.tables.personal import refuse_personal_text

# Letters of other alphabets that look like Latin ones, small or capital; figures and bars that look
# like letters. Written as code points, since here they could not be told apart either.
_CYRILLIC = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
        "\u043a\u043c\u0442\u0432\u043d\u0437\u04cf\u0261",
        "aeopcyxijshdqwkmtbh3lg",
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03f2"
        "\u03f3",
        "abezhikmnoptyxcj",
        strict=True,
    )
)
_ARMENIAN = dict(zip("\u0585\u057d\u0578\u0570\u0566", "ounhq", strict=True))
_ALIKE = {"0": "o", "1": "l", "|": "l", "i": "l", "\u0131": "l", "5": "s", "$": "s"}
_MOST_SHOWN = 1_000
_LATIN = str.maketrans(_CYRILLIC | _GREEK | _ARMENIAN)
_ONE_SHAPE = str.maketrans(_ALIKE)


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    r"""Return what a name looks like: names of one skeleton can be taken for one another.

    Without case, accents, blanks, punctuation and what cannot be seen; letters of other alphabets
    and figures that look like Latin letters are these.

    >>> skeleton("Stack"), skeleton("S\u0422a\u200bCK ")
    ('stack', 'stack')
    """
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LATIN)
    plain = unicodedata.normalize("NFKD", plain).translate(_ONE_SHAPE)
    seen = "".join(one for one in plain if unicodedata.category(one)[0] in "LNS")
    return seen.replace("rn", "m").replace("vv", "w") or name


def visible(text: str) -> str:
    r"""Write characters that cannot be seen, or turn the line around, as their code.

    >>> visible("a\u202eb\x1b")
    'a\\u202eb\\x1b'
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def brief(text: str) -> str:
    """Write a stranger's text visibly, and so much of it as tells what it is.

    >>> len(brief("a" * 5_000))
    1000
    """
    if len(text) <= _MOST_SHOWN:
        return visible(text)
    return visible(text[:_MOST_SHOWN])[: _MOST_SHOWN - 3] + "..."


def require_plain(texts: dict[str, str], where: str) -> None:
    """Refuse names and sentences that must not stand in a public log.

    Parameters
    ----------
    texts : dict of str to str
        By what they are, as ``"category"``.
    where : str

    Raises
    ------
    SealError
        If one holds characters that cannot be seen.
    PersonalDataRefusal
        If one holds personal data; a maker or forecaster that is a person's name, too. What is
        sealed cannot be taken out again, and it is an office that promises.
    """
    for what, text in texts.items():
        if not text.isprintable():
            raise SealError(
                "What a log says for good must hold no control, invisible or direction characters.",
                found=f"{what} {visible(text)[:60]!r}",
                where=where,
                remedy="write it with letters, figures and blanks on one line",
            )
        refuse_personal_text(
            [text],
            what=phrase("the {what} of a promise", what=what),
            where=where,
            maker=what in ("maker", "forecaster"),
        )
