"""Traditional characters: every word we look for is found in a file of Big5."""

from __future__ import annotations

import pytest

from etl.source import load_sources
from metrics.areas import load_areas
from metrics.characters import SIMPLIFIED, TRADITIONAL, simplified

WORDS = [
    *(name for area in load_areas() for name in (area.area_name, *area.aliases)),
    *(
        word
        for source in load_sources().values()
        for column in source.columns.values()
        for word in (*column.aliases, *(one for words in column.codes.values() for one in words))
    ),
]


def in_big5(text: str) -> bool:
    try:
        text.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


def test_every_character_big5_lacks_has_its_traditional_form_here() -> None:
    lacking = {one for word in WORDS for one in word if "一" <= one <= "鿿" and not in_big5(one)}
    assert lacking
    assert lacking <= set(SIMPLIFIED)


def test_the_two_lists_belong_together() -> None:
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert not set(TRADITIONAL) & set(SIMPLIFIED)
    assert all(simplified(word) == word for word in WORDS)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("路南區", "130202"),
        ("唐山市路南區", "130202"),
        ("灤縣", "130284"),
        ("煙臺市", "370600"),
        ("豐潤區", "130208"),
    ],
)
def test_an_area_in_traditional_characters_is_that_area(text: str, code: str) -> None:
    assert load_areas().resolve(text) == code
    assert load_areas().resolve(text.encode("big5").decode("big5")) == code
