"""Chinese punctuation on paper: marks beside Chinese text are full width (GB/T 15834).

The sentences of `metrics` are also read in terminals and tables, where half-width marks are usual; a briefing
is printed, so its texts pass through here once, before any format sees them.
"""

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from briefing.model import Figure
from metrics.indicator import Indicator

# Written as escapes: half and full width look alike in many editors' fonts.
FULL_WIDTH = {
    ",": "\uff0c", ";": "\uff1b", ":": "\uff1a", "?": "\uff1f", "!": "\uff01", "(": "\uff08", ")": "\uff09",
}  # fmt: skip
UNTOUCHED = (Figure, Indicator)
Model = TypeVar("Model")


def full_width(text: str) -> str:
    """Marks become full width unless they belong to a number (1,234; 8:00) or stand between Latin words."""
    if text.isascii():
        return text
    wide = {place for place, mark in enumerate(text) if mark in FULL_WIDTH and is_chinese(text, place)}
    for opening, closing in pairs(text):
        if opening in wide or closing in wide:
            wide |= {opening, closing}
    result = ""
    for place, letter in enumerate(text):
        if letter == " " and place - 1 in wide:
            continue
        result += FULL_WIDTH[letter] if place in wide else letter
    return result


def is_chinese(text: str, place: int) -> bool:
    """Whether the mark at this place belongs to Chinese text."""
    before, after = text[:place].rstrip()[-1:], text[place + 1 :].lstrip()[:1]
    if text[place] in ",:" and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit():
        return False
    return not (is_latin(before) and is_latin(after) and not (before.isdigit() and after.isdigit()))


def is_latin(letter: str) -> bool:
    return letter.isascii() and (letter.isalnum() or letter in tuple("/_-."))


def pairs(text: str) -> list[tuple[int, int]]:
    """The places of each pair of parentheses, so that both are treated alike."""
    found, opened = [], []
    for place, letter in enumerate(text):
        if letter == "(":
            opened.append(place)
        elif letter == ")" and opened:
            found.append((opened.pop(), place))
    return found


def typeset(part: Model) -> Model:
    """The same model with every text of it passed through `full_width`."""
    changed: Any = part
    if isinstance(part, str):
        changed = full_width(part)
    elif isinstance(part, tuple):
        changed = tuple(typeset(member) for member in part)
    elif is_dataclass(part) and not isinstance(part, UNTOUCHED) and not isinstance(part, type):
        changed = replace(part, **{field.name: typeset(getattr(part, field.name)) for field in fields(part)})
    return cast(Model, changed)
