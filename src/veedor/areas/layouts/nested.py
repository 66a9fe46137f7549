"""Offences that a publisher names by a path (group, subgroup, offence) and prints at its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise

from veedor.areas.names import Offence, Sum, Sums
from veedor.tables.names import words

#: Stands between the names of a path, and in none of them.
APART = "\x1f"
#: First day from which a path is used, and first day from which no more; None for no bound.
Used = tuple[date | None, date | None]


def slug(name: str) -> str:
    """Return a name as a code: without case, accents, marks.

    Examples
    --------
    >>> slug("Daño a la propiedad")
    'dano-a-la-propiedad'
    """
    return words(name).replace(" ", "-")


def code_of(path: str) -> str:
    """Return a path as a code; a name that repeats the one before it is left out at the end.

    Examples
    --------
    >>> code_of(APART.join(["Homicidio", "Homicidio doloso", "Con arma blanca"]))
    'homicidio/homicidio-doloso/con-arma-blanca'
    >>> code_of(APART.join(["Aborto"] * 3)), code_of(APART.join(["Robo", "De autos", "De autos"]))
    ('aborto', 'robo/de-autos')
    """
    steps = [slug(name) for name in path.split(APART)]
    while len(steps) > 1 and steps[-1] == steps[-2]:
        steps.pop()
    return "/".join(steps)


def nested(
    paths: Iterable[tuple[str, Used]], offence: Callable[[str, str], Offence]
) -> tuple[list[Offence], list[Offence], Sums]:
    """Return offences that are printed, those that are their sums, and which is whose sum.

    Parameters
    ----------
    paths : iterable of (str, Used)
        Names with `APART` between them, as printed, and when each is used.
    offence : callable
        From a code and a name.

    Notes
    -----
    What is printed under the code of a whole is no sum, even if it has parts.
    """
    known = list(paths)
    printed: dict[str, Offence] = {}
    for path, _ in known:
        code, names = code_of(path), path.split(APART)
        depth = code.count("/")
        name = names[depth] if depth < 2 else f"{names[-2]}: {names[-1]}"
        printed[code] = offence(code, name)
    declared: list[Sum] = []
    called: dict[str, str] = {}
    for used in dict.fromkeys(when for _, when in known):
        parts: dict[str, list[str]] = defaultdict(list)
        of_it = [path for path, when in known if when == used]
        whole = {code_of(path) for path in of_it}
        for path in of_it:
            steps = code_of(path).split("/")
            chain = ["/".join(steps[:n]) for n in range(1, len(steps) + 1)]
            for (total, part), name in zip(pairwise(chain), path.split(APART), strict=False):
                if total not in whole and part not in parts[total]:
                    parts[total].append(part)
                    called[total] = name
        declared += [Sum(total, tuple(of), *used, printed=False) for total, of in parts.items()]
    totals = [
        offence(code, name)
        for code, name in sorted(called.items(), key=lambda one: -one[0].count("/"))
        if code not in printed
    ]
    return list(printed.values()), totals, Sums(tuple(declared))
