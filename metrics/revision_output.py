"""A revision table for the command line: aligned, as CSV or as JSON."""

import csv
import io
import json
from collections.abc import Sequence
from itertools import pairwise

from metrics.catalogue import load_catalogue
from metrics.change import Change
from metrics.export_safe import safe_cell
from metrics.output import aligned
from metrics.sentences import (
    MISSING,
    area_name_in_full,
    format_count,
    format_value,
    status_text,
    variant_text,
    window_of_all,
)
from metrics.vintages import Revision, revision_rows


def as_table(found: Sequence[Revision]) -> str:
    """A heading, then one line per build, oldest first, with what changed since the build before."""
    known = next((one.observation for one in found if one.observation), None)
    lines = []
    if known:
        indicator = load_catalogue().indicator(known.indicator)
        said = [one.observation for one in found if one.observation]
        when = window_of_all(said, known.period, known.window, "zh")
        chosen = variant_text(known.variant, "zh")
        lines.append(
            f"{indicator.name('zh')} {indicator.name('en')}{chosen} | {area_name_in_full(known.area_code, 'zh')} | "
            f"{when} ({known.period.code}, {known.window})\n"
        )
    table = [
        [
            "数据版本 build", "发布 published", "数值 value", "分子 numerator", "分母 denominator", "状态 status",
            "较首次 since first", "较上次 since previous", "变动 what changed",
        ]
    ]  # fmt: skip
    for one in found:
        row = one.observation
        table.append(
            [
                one.build_id,
                f"{one.published_at:%Y-%m-%d %H:%M}" if one.published_at else MISSING,
                format_value(row, load_catalogue().indicator(row.indicator), "zh") if row else MISSING,
                format_count(row.numerator) if row else MISSING,
                format_count(row.denominator) if row else MISSING,
                status_of(one),
                text_of(one.since_first),
                text_of(one.since_previous),
                "；".join(one.reasons("zh")) or MISSING,
            ]
        )
    return "\n".join([*lines, aligned(table, (2, 3, 4, 6, 7))])


def summary(found: Sequence[Revision], lang: str) -> str:
    """What was said first, what is said now, and how often it moved in between."""
    zh = lang == "zh"
    rows = [(one.published_at, one.observation) for one in found if one.observation and one.value is not None]
    if not rows:
        return "没有一次发布给出过这个数。" if zh else "No build gives this figure."
    indicator = load_catalogue().indicator(rows[0][1].indicator)
    (first_at, first), (last_at, last) = rows[0], rows[-1]
    said = [format_value(one, indicator, lang) for one in (first, last)]
    days = [f"{at:%Y-%m-%d}" if at else MISSING for at in (first_at, last_at)]
    untold = sum(one.observation is not None and one.is_withheld for one in found)
    if len(rows) == 1 and untold:
        return (
            f"这里给出一次发布（{days[0]}）的数：{said[0]}；另有 {untold} 次不给出。"
            if zh
            else f"One build is told here ({days[0]}): {said[0]}; {untold} more are not told."
        )
    if len(rows) == 1:
        return (
            f"只有一次发布（{days[0]}）给出这个数：{said[0]}。"
            if zh
            else f"One build ({days[0]}) gives this figure: {said[0]}."
        )
    moves = sum(earlier.value != later.value for (_, earlier), (_, later) in pairwise(rows))
    change = next((one.since_first for one in reversed(found) if one.value is not None), None)
    by = f"（{change.text('zh')}）" if zh and change else f" ({change.text('en')})" if change else ""
    if untold:
        return (
            f"这里给出的最早一次（{days[0]}）为 {said[0]}，最近一次（{days[1]}）为 {said[1]}{by}；"
            f"给出的 {len(rows)} 次中有 {moves} 次与前一次不同，另有 {untold} 次不给出。"
            if zh
            else f"The first one told is {said[0]} ({days[0]}), the last {said[1]} ({days[1]}){by}; {moves} of the "
            f"{len(rows)} told differ from the one before, {untold} more are not told."
        )
    if zh:
        return (
            f"首次发布（{days[0]}）为 {said[0]}，最近一次（{days[1]}）为 {said[1]}{by}；"
            f"{len(rows)} 次发布中有 {moves} 次与前一次不同。"
        )
    return (
        f"First said to be {said[0]} ({days[0]}), last {said[1]} ({days[1]}){by}; "
        f"{moves} of {len(rows)} builds differ from the one before."
    )


def status_of(one: Revision) -> str:
    code = one.status or ("unreadable" if one.is_unreadable else "not_defined")
    return f"{told_status(one, 'zh')} {code}"


def told_status(one: Revision, lang: str) -> str:
    """The status of a build's figure as readers are told it; without one, why there is none."""
    if one.is_withheld:
        words = ("不给出", "not told")
    elif one.observation is not None:
        return status_text(one.observation.told_status, lang)
    elif one.is_unreadable:
        words = ("该版本不能读取", "the build could not be read")
    else:
        words = ("该版本没有这个数", "the build has no such figure")
    return words[0 if lang == "zh" else 1]


def text_of(change: Change | None) -> str:
    return change.text("zh") if change else MISSING


def as_json(found: Sequence[Revision]) -> str:
    return json.dumps(revision_rows(found), ensure_ascii=False, indent=2)


def as_csv(found: Sequence[Revision]) -> str:
    """The JSON fields as columns; several drops in one cell are separated by semicolons."""
    text = io.StringIO()
    rows = revision_rows(found)
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        cells = {
            key: ";".join(map(str, value)) if isinstance(value, list) else value for key, value in row.items()
        }
        writer.writerow({key: safe_cell(value) for key, value in cells.items()})
    return text.getvalue().rstrip("\n")
