"""What msgspec complains of is told in any language, with all that it named."""

import msgspec
import pytest

from veedor.complaints import complaint
from veedor.errors import Phrase
from veedor.report.words import words_in


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    seed: int = 0
    sizes: tuple[int, ...] = ()


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    study: Inner
    shape: str = "square"


@pytest.mark.parametrize(
    ("given", "english", "spanish"),
    [
        ({"study": {"seed": "a"}}, "Expected `int`, got `str`, at `study.seed`",
         "Se esperaba `int`, se recibió `str`, en `study.seed`"),
        ({"study": {"sed": 1}}, "The table contains an unknown setting `sed`, at `study`",
         "La tabla contiene un ajuste desconocido, `sed`, en `study`"),
        ({"shape": "a"}, "The table lacks the setting `study`", "A la tabla le falta el ajuste"),
        ({"study": {"sizes": [1, "b"]}}, "Expected `int`, got `str`, at `study.sizes[1]`",
         "se recibió `str`, en `study.sizes[1]`"),
    ],
)  # fmt: skip
def test_a_complaint_is_said_in_both_languages(given, english, spanish):
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(given, Outer)
    told = complaint(caught.value)
    assert told == english
    assert spanish in words_in("es").translated(told)
    assert "at `" not in complaint(caught.value, where=False)


def test_what_is_not_known_stays_as_it_is():
    told = complaint(msgspec.ValidationError("{odd} and new - at `$.a`"))
    assert told == "{odd} and new, at `a`"
    assert words_in("es").translated(told) == "{odd} and new, en `a`"
    assert not isinstance(complaint(msgspec.ValidationError("odd")), Phrase)


def test_every_kind_that_is_known_comes_from_msgspec_itself():
    """A new version of msgspec that words a complaint otherwise would leave it in English."""
    from typing import Annotated, Literal

    cases = [
        (Annotated[int, msgspec.Meta(ge=1)], 0), (Literal["a", "b"], "c"),
        (Annotated[str, msgspec.Meta(min_length=2)], "a"), (int | str, 1.5), (Inner, {"a": 1}),
    ]  # fmt: skip
    for kind, value in cases:
        with pytest.raises(msgspec.ValidationError) as caught:
            msgspec.convert(value, kind)
        told = complaint(caught.value)
        assert isinstance(told, Phrase), told
        assert words_in("es").translated(told) != told
