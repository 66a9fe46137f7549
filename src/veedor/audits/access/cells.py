"""What the cells of a log are: states of the different texts of a column, and what keys they spell.

A released log says "nothing" in many ways, and each means another thing: a cell that was left
empty, a word that stands for nothing, a marker over what was there. They are told apart on the
different texts of a column, of which there are far fewer than rows.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from veedor.arrays import Bools
from veedor.audits.access.log import KEYED, CellState, States

#: Words that stand for nothing, in English and Spanish; a whole cell of them.
PLACEHOLDERS = (
    "n/?a", "n\\.a\\.?", "na", "none", "nil", "null", "nan", "no data", "blank", "empty", "tbd",
    "not applicable", "unknown", "undefined", "test", "testing", "x", "xx", "xxx", "asdf",
    "[-_.?/]+|[–—]", "0", "s/d", "s/n", "sin datos?", "ninguno", "ninguna", "nada", "no aplica",
    "no corresponde", "prueba", "desconocido",
)  # fmt: skip
#: Words that say that something was taken out, and marks that stand for it.
_TAKEN_OUT = (
    r"redact(?:ed)?|withheld|masked|removed|confidential|suppressed|exempt|"
    r"(?:testad|tachad|reservad|omitid|suprimid|ocult|anonimizad|disociad|tarjad)[oa]s?|confidencial|"
    r"geschw(?:ä|ae)rzt|unkenntlich|(?:anonymis|occult|caviard|masqu)[eé]{1,2}s?|anonymi[sz]ed|omissis"
)
#: Those of them that nobody writes of a suspect or a thing.
_TAKEN_OUT_WITHIN = r"redact(?:ed)?|withheld|testad[oa]|tachad[oa]|geschw(?:ä|ae)rzt"
_MARKS = r"[*#•█▓■×]"
_EXEMPTION = (
    "(?:\u00a7\\s?)?"
    r"\d{3,5}(?:\.\d+)?(?:\([a-z0-9]+\))*\s?(?:gc|gov\.? code|g\.c\.)"
    r"|\(?b\)?\s?\(\d\)(?:\([a-z]\))?"
)
_EXEMPTIONS = rf"(?:{_EXEMPTION})(?:[\s,;/&]+(?:{_EXEMPTION}))*"
#: What may stand behind a marker: an exemption, or under which law.
_WHY = (
    rf"(?:[\s:,;(\[–-]+(?:{_EXEMPTIONS}|(?:per|under|pursuant|conforme|seg[uú]n|por|art\.?|"
    r"art[ií]culo|section|secci[oó]n|ley)\s.{0,50}\d.{0,30}))?"
)
_WITHHELD = (
    rf"(?i)[\s\[(<{{]*(?:(?:{_TAKEN_OUT})[\])>}}]*{_WHY}|(?:{_MARKS}\s*){{2,}}|(?:[—–]\s*){{2,}}|"
    rf"{_EXEMPTIONS}|x{{4,}}|\[[\pL_ ]{{2,30}}\])[\s\])>}}.:]*"
)
#: A marker within a text.
_PARTLY = (
    rf"(?i)\[[\pL_ ]{{3,30}}\]|(?:^|[^a-z])(?:{_TAKEN_OUT_WITHIN})(?:$|[^a-z])|{_MARKS}{{2,}}|"
    rf"(?:^|\s){_EXEMPTION}|x{{5,}}"
)
_PLACEHOLDER = rf"(?i)[\s\"'(\[]*(?:{'|'.join(PLACEHOLDERS)})[\s\"')\].]*"


def states_of(texts: pa.Array, column: str) -> States:
    """State of each of the different texts of a column; one that is null is empty.

    Parameters
    ----------
    texts : array of text, shape (n,)
        Without blanks around them.
    column : str
        One of a log's. A text of a reason that was taken out in part is `CellState.PARTIAL`; a key
        of which a part was taken out is no key, and `CellState.MASKED`.

    Examples
    --------
    >>> said = pa.array(["burglary", "N/A", None, "[REDACTED]", "* * *", "theft of [PLATE]"])
    >>> [CellState(one).name for one in states_of(said, "reason")]
    ['VALUE', 'PLACEHOLDER', 'EMPTY', 'WITHHELD', 'WITHHELD', 'PARTIAL']
    >>> [CellState(one).name for one in states_of(pa.array(["ABC***", "J. D."]), "user")]
    ['MASKED', 'VALUE']
    >>> elsewhere = pa.array(["geschwärzt", "[información reservada]", "Reservada", "occulté"])
    >>> {CellState(one).name for one in states_of(elsewhere, "reason")}
    {'WITHHELD'}
    >>> law = pa.array(["withheld (b)(6), (b)(7)", "Reservado por ley 27.275", "removed by owner"])
    >>> [CellState(one).name for one in states_of(law, "reason")]
    ['WITHHELD', 'WITHHELD', 'VALUE']
    """
    partly = CellState.MASKED if column in KEYED else CellState.PARTIAL
    states = np.full(len(texts), CellState.VALUE, np.uint8)
    states[matching(texts, _PARTLY)] = partly
    states[matching(texts, rf"^(?:{_WITHHELD})$")] = CellState.WITHHELD
    states[matching(texts, rf"^(?:{_PLACEHOLDER})$")] = CellState.PLACEHOLDER
    states[np.asarray(pc.fill_null(pc.equal(texts, ""), True))] = CellState.EMPTY
    return states


def spelled(texts: pa.Array, column: str) -> pa.Array:
    """Give the texts as one is that is written in several ways: plates, users, cases, names.

    Examples
    --------
    >>> spelled(pa.array(["ab-123 cd", "AB123CD"]), "key").to_pylist()
    ['AB123CD', 'AB123CD']
    >>> spelled(pa.array(["J.  Doe ", "j. doe"]), "user").to_pylist()
    ['j. doe', 'j. doe']
    """
    if column in ("key", "case"):
        bare = pc.replace_substring_regex(pc.utf8_upper(texts), r"[^\pL\pN]+", "")
        return pc.if_else(pc.equal(bare, ""), texts, bare)
    even = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"\s+", " "))
    return pc.utf8_lower(even) if column == "user" else even


def matching(texts: pa.Array, pattern: str) -> Bools:
    """Say which texts a pattern is found in.

    Examples
    --------
    >>> matching(pa.array(["N/A", None, "theft"]), "^N/A$").tolist()
    [True, False, False]
    """
    return np.asarray(pc.fill_null(pc.match_substring_regex(texts, pattern), False))
