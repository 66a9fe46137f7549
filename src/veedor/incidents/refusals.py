"""Categories that veedor does not take, and those that it does not forecast."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from veedor.errors import DiscoveredCategoryRefusal, ProtestRefusal, phrase
from veedor.incidents.model import Category
from veedor.tables.escape import shown

_PROTEST = re.compile(
    r"\b(?:protest\w*|demonstrat(?:ion|ions|or|ors)|"
    r"(?:unlawful|illegal|public|mass|political|peaceful|right of|freedom of) (?:assembl(?:y|ies)|gatherings?)|"  # noqa: E501
    r"assembl(?:y|ies)|rall(?:y|ies)|picket(?:s|ing|er|ers)?|sit ins?|riot(?:s|ing|er|ers|ous)?|"
    r"strikers?|labou?r strikes?|general strikes?|"
    r"manifestacion(?:es)?|manifestantes?|piquet\w*|marchas?|concentracion(?:es)?|cacerolazos?|"
    r"escraches?|huelgas?|movilizacion(?:es)?|cortes? de (?:ruta|calle|via|vias|transito|puente)s?|"
    r"disturbios?|reunion(?:es)? (?:publicas?|ilegal(?:es)?|ilicitas?)|asambleas?|paro general)\b"
)
_NOT_PROTEST = re.compile(r"\b(?:assembly (?:line|plant|point)|puesta en marcha|marcha atras)\b")

_DISCOVERED = re.compile(
    r"\b(?:narcotics?|drugs?|dwi|dui|drunk driving|opioids?|opiates?|heroin|cocaine|crack cocaine|"
    r"methamphetamines?|marijuana|marihuana|cannabis|paraphernalia|controlled substances?|liquor laws?|"  # noqa: E501
    r"drunkenness|public intoxication|drogas?|estupefacientes?|narcotrafico|narcomenudeo|ley 23 ?737|"  # noqa: E501
    r"trafico de (?:drogas?|entorpecentes)|entorpecentes?|stupefiants?|port d armes?|"
    r"ley(?:es)? de armas?|control de armas?|driving under the influence|solicit|"
    r"delitos? contra la salud|porte ilegal de arma\w*|posse (?:ilegal )?de arma\w*|"
    r"tenencia (?:simple|para consumo|de drogas?|de estupefacientes?)|"
    r"weapons?[ -]*(?:violations?|offen[sc]es?|possession|carrying|stops?|laws?|charges?|law violations?)|"  # noqa: E501
    r"(?:possession|poss|carrying|carry|unlawful use|possess|illegal use) (?:of )?"
    r"(?:a |an |other )?"
    r"(?:concealed |dangerous |deadly |illegal |unlawful |prohibited )*(?:weapons?|firearms?|guns?|handguns?|kni(?:fe|ves))|"  # noqa: E501
    r"(?:concealed|dangerous|criminal|illegal) weapons?|weapons?|concealed carry(?: \w+)*|"
    r"(?:porta|tenenc)\w+ (?:ilegal |ilegitima )?(?:de )?armas?(?: \w+)*|"
    r"prostitution|prostitutes?|solicitation|soliciting|commerciali[sz]ed vice|vice|prostitucion|"
    r"oferta sexual|oferta y demanda (?:de sexo|sexual)|sex work(?:ers?)?|"
    r"immigrations?|immigrants?|undocumented|inmigracion|inmigrantes?|migraciones|migratori[ao]s?|"
    r"public order|orden publico|disorderly(?: conduct)?|loiter\w*|vagrancy|vagrants?|public peace violations?|"  # noqa: E501
    r"public nuisances?|panhandling|begging|mendicidad|vagancia|stop and frisk|stop and search|"
    r"gambling|juegos? de azar|juego clandestino|contravencion(?:es)?|averiguacion de (?:identidad|antecedentes)|"  # noqa: E501
    r"traffic stops?|street stops?|field interviews?|controles? vehiculares?|venta ambulante|trapitos?)\b"  # noqa: E501
)
#: What makes a phrase one that a victim reports, although a word of the list above is in it.
_REPORTED = re.compile(
    r"\b(?:assault\w*|robber(?:y|ies)|rob(?:o|os|bed)|battery|homicid\w+|murder\w*|burglar\w*|thefts?|"
    r"hurtos?|larcen(?:y|ies)|shootings?|stabbings?|threat\w*|amenazas?|lesion(?:es)?|asalto|asaltos|"
    r"attack\w*|rape|kidnap\w*|carjack\w*|extorsion|abuso|criminal damage|drugged|drink spiking|"
    r"(?:device|vice) (?:president|versa))\b"
)

#: A weapon that was used, shown or absent makes another offence worse; having one is discovered.
_WITH_WEAPON = re.compile(
    r"\b(?:no|without|sin|sem|sans|armed(?: with)?|with|w|con|com|by|using|brandish\w*|display\w*|"
    r"strong ?arm|unarmed|discharg\w*|pointing|aggravated|attempt)(?: \w+){0,3}? "
    r"(?:weapons?|weap|firearms?|guns?|handguns?|knife|knives|armas?)\b"
)
_HAVING = re.compile(
    r"\b(?:poss|possess\w*|carry\w*|unlawful use|illegal use|uuw|porte|portacion|tenencia|posesion|"
    r"posse|violations?|laws?|stops?|dealer|sale|trafficking)\b"
)


def screen_categories(categories: Iterable[Category]) -> None:
    """Refuse protest and assembly as a category, by its name or by a raw value that it gathers.

    Raises
    ------
    ProtestRefusal

    Examples
    --------
    >>> screen_categories([Category("robbery", "reported", ("ROBBERY", "AGGRAVATED ASSAULT"))])
    >>> screen_categories([Category("order", "discovered", ("Piquetes y cortes de calle",))])
    Traceback (most recent call last):
    veedor.errors.ProtestRefusal: Protest and assembly must not be a category. Found: 'Piquetes y \
cortes de calle' in category 'order'. Where: categories in study.toml. To do: take it out; veedor \
does not count people who assemble.
    """
    for category in categories:
        for text in (category.name, *category.values):
            if is_protest(text):
                raise ProtestRefusal(
                    "Protest and assembly must not be a category.",
                    found=phrase(
                        "{text} in category {name}",
                        text=repr(shown(text)),
                        name=repr(shown(category.name)),
                    ),
                    where=phrase("categories in study.toml"),
                    remedy="take it out; veedor does not count people who assemble",
                )


def refuse_discovered(category: Category) -> None:
    """Refuse to forecast what police go looking for, whatever it is declared to be.

    Raises
    ------
    DiscoveredCategoryRefusal
        If it is declared ``discovered``, or its name or a raw value plainly is such.

    References
    ----------
    Lum & Isaac (2016), To predict and serve?, Significance 13(5),
    doi:10.1111/j.1740-9713.2016.00960.x; Ensign et al. (2018), Runaway feedback loops in predictive
    policing, PMLR 81.

    Examples
    --------
    >>> refuse_discovered(Category("assault", "reported", ("ASSAULT WITH A WEAPON",)))
    >>> refuse_discovered(Category("narcotics", "reported"))
    Traceback (most recent call last):
    veedor.errors.DiscoveredCategoryRefusal: A category that police go looking for must not be \
forecast. Found: 'narcotics' in category 'narcotics', declared reported. Where: categories in \
study.toml. To do: forecast categories that victims and witnesses report; audits may use this one, \
declared discovered.
    """
    named = [text for text in (category.name, *category.values) if is_discovered(text)]
    if category.known_by == "discovered" or named:
        text = named[0] if named else category.name
        raise DiscoveredCategoryRefusal(
            "A category that police go looking for must not be forecast.",
            found=phrase(
                "{text} in category {name}, declared {known_by}",
                text=repr(shown(text)),
                name=repr(shown(category.name)),
                known_by=category.known_by,
            ),
            where=phrase("categories in study.toml"),
            remedy="forecast categories that victims and witnesses report; audits may use this "
            "one, declared discovered",
        )


def is_protest(text: str) -> bool:
    """Whether a category's name or value is protest, assembly, a march, a picket or a strike.

    Examples
    --------
    >>> [is_protest(text) for text in ("Manifestación", "ASSEMBLY", "Assault", "disassembly")]
    [True, True, False, False]
    """
    words = _words(text)
    return _PROTEST.search(_NOT_PROTEST.sub(" ", words)) is not None


def is_discovered(text: str) -> bool:
    """Whether a category's name or value plainly is one that police activity brings to light.

    Examples
    --------
    >>> texts = ("WEAPONS VIOLATION", "UNLAWFUL USE OTHER DANG WEAPON", "Tráfico de drogas")
    >>> [is_discovered(text) for text in texts]
    [True, True, True]
    >>> texts = ("assault with a weapon", "STRONGARM - NO WEAPON", "drugstore")
    >>> [is_discovered(text) for text in texts]
    [False, False, False]
    """
    words = _words(text)
    if _HAVING.search(words) is None:
        words = _WITH_WEAPON.sub(" ", words)
    return _DISCOVERED.search(words) is not None and _REPORTED.search(words) is None


def _words(text: str) -> str:
    """Lower case, no accents, single blanks between words."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )
    return " ".join(re.findall(r"[a-z0-9]+", bare.casefold()))
