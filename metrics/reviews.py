"""Reviews of definitions: which office found which definition right, and when. A data home keeps its own.

Kept in <home>/reviews.toml, and in every build published from it. A review is of one wording: its digest covers the
definition and its measures, so a change of either makes the verified badge lapse until somebody looks again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from metrics.catalogue import load_catalogue
from metrics.home_toml import read_home_toml
from metrics.indicator import Indicator
from metrics.offices import FILE as OFFICES_FILE
from metrics.offices import may_sign, offices_of_home
from metrics.reference import did_you_mean, nearest_to
from metrics.refusals import Refused

FILE = "reviews.toml"
KEYS = ("digest", "by", "on")
HEADING = """# 指标定义的核定，由 python -m metrics review 指标 --by 科室或岗位 写入；随下次发布显示。
# Reviews of definitions, written by `python -m metrics review INDICATOR --by OFFICE`; shown from the next publication.
# digest: of the definition and its measures as they were; when they change, the verified badge lapses.
"""


class ReviewRefused(Refused):
    """A review that says nothing a reader could rely on."""


class ReviewsNotUsable(Refused):
    """The data home's reviews.toml cannot be used; the sentences say where and what was expected."""


@dataclass(frozen=True)
class Review:
    """Which office found a definition right, when, and which definition that was."""

    digest: str
    by: str  # an office or a post, never a name
    on: date

    def is_of(self, indicator: Indicator) -> bool:
        """Whether it is of the definition as it is now, its measures included."""
        return self.digest == indicator.meaning


Reviews = Mapping[str, Review]  # by the id of an indicator or measure


def is_verified(indicator: Indicator, reviews: Reviews) -> bool:
    """Whether an office has reviewed the definition as it is now; any change makes this lapse."""
    review = reviews.get(indicator.id)
    return review is not None and review.is_of(indicator)


def reviews_of_home(home: Path) -> dict[str, Review]:
    """Indicator → its last review in a data home; none without the file. Raises ReviewsNotUsable, OfficesNotUsable."""
    entries, offices = read_home_toml(home / FILE, ReviewsNotUsable), offices_of_home(home)
    return {
        indicator_id: _review_of(indicator_id, values, offices) for indicator_id, values in entries.items()
    }


def _review_of(indicator_id: str, values: Any, offices: Sequence[str]) -> Review:
    catalogue = load_catalogue()
    known = [*catalogue.indicators, *catalogue.counts]
    if indicator_id not in known:
        nearest = nearest_to(indicator_id, known)
        guess = f"，是否指“{nearest}”" if nearest else ""
        raise ReviewsNotUsable(
            f"{FILE}：没有指标“{indicator_id}”{guess}。",
            f"{FILE}: no indicator called '{indicator_id}'.{did_you_mean(indicator_id, known)}",
        )
    if not isinstance(values, dict):
        raise _fault(indicator_id, "", values, f"一个小节 [{indicator_id}]", f"a table [{indicator_id}]")
    for key in values:
        if key not in KEYS:
            raise _fault(indicator_id, key, values[key], f"没有这个键，只有 {'、'.join(KEYS)}", "no such key")
    digest, by, on = (values.get(key) for key in KEYS)
    if not isinstance(digest, str) or not digest:
        raise _fault(indicator_id, "digest", digest, "定义指纹", "the digest of a definition")
    if not isinstance(by, str) or not may_sign(by, offices):
        if offices:
            told = "、".join(offices), ", ".join(offices)
            zh = f" {OFFICES_FILE} 所列之一：{told[0]}（改了名的旧科室也留在表里）"
            en = (
                f"one of those {OFFICES_FILE} lists: {told[1]} (keep the former name of an office there, too)"
            )
            raise _fault(indicator_id, "by", by, zh, en)
        raise _fault(indicator_id, "by", by, "科室或岗位，不写姓名", "an office or a post, not a name")
    if type(on) is not date:
        raise _fault(
            indicator_id, "on", on, "日期，如 2026-11-22，不加引号", "a day such as 2026-11-22, unquoted"
        )
    return Review(digest, by, on)


def _fault(indicator_id: str, key: str, found: object, zh: str, en: str) -> ReviewsNotUsable:
    written_zh, written = ("没有写", "missing") if found is None else (f"写的是“{found}”", f"found '{found}'")
    where = f"{indicator_id} {key}".rstrip()
    return ReviewsNotUsable(
        f"{FILE} 不能用：{where}：{written_zh}，应为{zh}。", f"{FILE}, {where}: {written}, expected {en}."
    )


def record(home: Path, indicator: Indicator, by: str, on: date) -> Review:
    """Write down in a data home that a definition was found right, in place of an earlier review of it."""
    by, offices = by.strip(), offices_of_home(home)
    if offices and not may_sign(by, offices):
        raise ReviewRefused(
            f"核定者“{by}”不在 {OFFICES_FILE} 里：只有这些科室或岗位可以署名，一字不差：{'、'.join(offices)}。",
            f"'{by}' is not in {OFFICES_FILE}: only these offices or posts may sign, written exactly so: "
            f"{', '.join(offices)}.",
        )
    if not may_sign(by, offices):
        raise ReviewRefused(
            f"核定者“{by}”不能用：请写科室或岗位，如 市文明办综合科、统计员（文字开头，以科、处、室、办、中心、员等结尾，"
            "最多 60 个字），不写姓名。",
            f"'{by}' cannot be recorded as the reviewer: give an office or a post, such as 'Statistics Section' or "
            "'analyst' (it ends in such a word and has at most 60 characters), not a name.",
        )
    review = Review(indicator.meaning, by, on)
    _write(home, {**reviews_of_home(home), indicator.id: review})
    return review


def _write(home: Path, reviews: Reviews) -> None:
    entries = [
        f'[{indicator_id}]\ndigest = "{review.digest}"\nby = "{review.by}"\non = {review.on.isoformat()}\n'
        for indicator_id, review in sorted(reviews.items())
    ]
    beside = home / f".{FILE}.tmp"
    beside.write_text(HEADING + "\n" + "\n".join(entries), encoding="utf-8")
    beside.replace(home / FILE)


def rows_for_build(reviews: Reviews) -> list[tuple[object, ...]]:
    """The rows of a build's table reviews, in its columns' order."""
    return [(name, review.digest, review.by, review.on) for name, review in sorted(reviews.items())]


def from_build(rows: Iterable[tuple[Any, ...]]) -> dict[str, Review]:
    return {name: Review(digest, by, on) for name, digest, by, on in rows}
