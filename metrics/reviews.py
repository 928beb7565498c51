"""Reviews of definitions: who found which definition right, and when. Kept in metrics/reviews.toml.

A review is of one wording: its digest covers the definition and its measures, so a change of either makes the
verified badge lapse until somebody looks again.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from metrics.definitions import DefinitionFault, Sheet, read_toml
from metrics.indicator import Review
from metrics.refusals import Refused

FILE = "reviews.toml"
HEADING = """# Reviews of definitions, written by `python -m metrics review INDICATOR --by ROLE`.
# digest: of the definition and its measures as they were; when they change, the verified badge lapses.
"""
# A role (analyst, data steward, 分析员), not a person: the file is published with the program.
ROLE = re.compile(r"[^\W\d_][\w .,()/&-]{0,59}")


class ReviewRefused(Refused):
    """A review that says nothing a reader could rely on."""


def read_reviews(folder: Path) -> dict[str, Review]:
    """Indicator → its last review. Raises DefinitionFault naming the entry and key."""
    path = folder / FILE
    if not path.exists():
        return {}
    reviews = {}
    for indicator_id, values in read_toml(path).items():
        if not isinstance(values, dict):
            raise DefinitionFault(f"{FILE}: found {indicator_id} = {values!r}, expected [{indicator_id}].")
        sheet = Sheet(f"{FILE}, {indicator_id}", values, ("digest", "by", "on"))
        reviews[indicator_id] = Review(sheet.text("digest"), sheet.text("by"), sheet.day("on"))
    return reviews


def record(folder: Path, indicator_id: str, meaning: str, by: str, on: date) -> Review:
    """Write down that a definition was found right, in place of an earlier review of it."""
    by = by.strip()
    if not ROLE.fullmatch(by):
        raise ReviewRefused(
            f"审定者“{by}”不能用：请写岗位，如 分析员、analyst（文字开头，最多 60 个字）。",
            f"'{by}' cannot be recorded as the reviewer: give a role such as 'analyst', at most 60 characters.",
        )
    review = Review(meaning, by, on)
    write(folder, {**read_reviews(folder), indicator_id: review})
    return review


def write(folder: Path, reviews: Mapping[str, Review]) -> None:
    entries = [
        f'[{indicator_id}]\ndigest = "{review.digest}"\nby = "{review.by}"\non = {review.on.isoformat()}\n'
        for indicator_id, review in sorted(reviews.items())
    ]
    beside = folder / f".{FILE}.tmp"
    beside.write_text(HEADING + "\n" + "\n".join(entries), encoding="utf-8")
    beside.replace(folder / FILE)
