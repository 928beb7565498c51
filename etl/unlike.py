"""How one drop is unlike another: what the two profiles say, as sentences. Thresholds are data (precheck.toml)."""

import tomllib
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from math import inf, log
from pathlib import Path

from etl.ledger import LedgerRow
from etl.messages import Text
from etl.profile import Profile
from etl.source import source_named
from metrics.areas import AreaNotKnown, load_areas
from metrics.rounding import rounded_text

THRESHOLDS = Path(__file__).parent / "precheck.toml"
NAMED = 6  # areas or columns named in one sentence


@dataclass(frozen=True)
class Thresholds:
    """The numbers of precheck.toml."""

    least_rows: int
    small_least_rows: int
    small_hours_ratio: float
    small_hours: float
    like_span_ratio: float
    rows_fell_ratio: float
    rows_rose_ratio: float
    hours_fell_ratio: float
    hours_rose_ratio: float
    column_filled_share: float
    area_rows_expected: int
    unit_ratio: float
    unit_tolerance: float
    stability_index: float
    quarantined_share: float
    gap_months: int
    renewing_share: float


@lru_cache
def thresholds(path: Path = THRESHOLDS) -> Thresholds:
    """Read strictly: ValueError names a key that is unknown or missing."""
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {field.name for field in fields(Thresholds)}
    for key in sorted(known ^ set(found)):
        raise ValueError(f"{path.name}: {key} is {'missing' if key in known else 'not known'}.")
    return Thresholds(**found)


Series = list[tuple[LedgerRow, Profile]]


def only_renews(row: LedgerRow, limits: Thresholds) -> bool:
    """Whether a drop is a list of corrected rows: (nearly) all take the place of earlier ones, which else stay.

    It says nothing of how much there is. One that replaces whole months does: what it lacks no longer counts. Rows sent
    along that say what they said may be as many; a register sent again that is mostly so is no such list, and where it
    is cut off its new rows are missing.
    """
    is_sent_along = row.rows_unchanged <= row.rows_superseding
    return (
        not row.replaces
        and is_sent_along
        and 0 < limits.renewing_share * row.rows_accepted <= row.rows_superseding
    )


def differences(row: LedgerRow, now: Profile, before: Series, limits: Thresholds) -> list[Text]:
    """Everything in which a drop differs from all of a series by more than the thresholds allow.

    The first of the series is the one named in the sentences.
    """
    renews = only_renews(row, limits)
    if renews:  # fewer rows, hours, areas and columns, and other lengths, are what a list of corrections has
        limits = replace(limits, rows_fell_ratio=0, hours_fell_ratio=0, stability_index=inf)
    if before and (renews or now.rows < limits.least_rows):
        small = _of_a_small_drop(now, before, limits)
        if small:
            return small
    before = [(earlier, was) for earlier, was in before if max(now.rows, was.rows) >= limits.least_rows]
    if not before:
        return []
    earlier = before[0][0]
    about = Text(
        f"第 {earlier.drop_id} 号报送（{earlier.file_name}）", f"drop {earlier.drop_id} ({earlier.file_name})"
    )
    series = [was for _, was in before]
    return [
        *_of_rows(now, series, about, limits),
        *([] if renews else _of_columns(row, now, series, about, limits)),
        *([] if renews else _of_areas(now, series, about, limits)),
        *_of_lengths(now, series, about, limits),
    ]


def _of_a_small_drop(now: Profile, before: Series, limits: Thresholds) -> list[Text]:
    """Far more hours a row than in any drop before, where there is nothing else to compare."""
    rows, least = sum(now.lengths.values()), limits.small_least_rows
    counted = [(sum(was.lengths.values()), was.minutes) for _, was in before]
    if rows < least or sum(count for count, _ in counted) < least:
        return []
    # Drops of a few rows say something only together.
    means = [minutes / count for count, minutes in counted if count >= least]
    usual = max(means) if means else sum(minutes for _, minutes in counted) / sum(n for n, _ in counted)
    hours, usual_hours = now.minutes / rows / 60, usual / 60
    if hours <= limits.small_hours or hours < limits.small_hours_ratio * usual_hours:
        return []
    said, before_said = rounded_text(hours, 1), rounded_text(usual_hours, 1)
    return [
        Text(
            f"平均每行 {said} 小时（{rows} 行），以往每行至多 {before_said} 小时；可能单位不对，或把合计填进了每一行。",
            f"{said} hours a row on average ({rows} rows), at most {before_said} a row before: the unit may be wrong, or "
            "totals stand in every row.",
        )
    ]


def _of_rows(now: Profile, series: list[Profile], about: Text, limits: Thresholds) -> list[Text]:
    told = []
    quantities = [
        (
            Text("行数", "rows"),
            now.rows,
            [float(was.rows) for was in series],
            limits.rows_fell_ratio,
            limits.rows_rose_ratio,
        ),
        (
            Text("服务时长合计（小时）", "the sum of service hours"),
            now.minutes / 60,
            [was.minutes / 60 for was in series],
            limits.hours_fell_ratio,
            limits.hours_rose_ratio,
        ),
    ]
    for name, current, found, fell, rose in quantities:
        if max(found) > 0 and not min(found) * fell <= current <= max(found) * rose:
            change = Text("减少", "fell") if current < min(found) else Text("增加", "rose")
            was, now_is = rounded_text(found[0], 0), rounded_text(current, 0)
            others = Text("", "")
            if len(found) > 1:
                span = f"{rounded_text(min(found), 0)}–{rounded_text(max(found), 0)}"
                others = Text(f"（近 {len(found)} 次为 {span}）", f" ({span} in the last {len(found)})")
            told.append(
                Text(
                    f"{name.zh}{change.zh}：{about.zh}为 {was}{others.zh}，这一次为 {now_is}。",
                    f"{name.en} {change.en}: {was} in {about.en}{others.en}, {now_is} now.",
                )
            )
    return told


def _of_columns(
    row: LedgerRow, now: Profile, series: list[Profile], about: Text, limits: Thresholds
) -> list[Text]:
    """Columns filled before and empty (or absent) now, or the other way round; a platform's name is part of keys."""

    def only_in(one: Profile, other: Profile) -> set[str]:
        least = limits.column_filled_share * one.passed
        return {
            name
            for name, rows in one.filled.items()
            if rows >= least and other.passed and not other.filled.get(name)
        }

    columns = source_named(str(row.source)).columns
    told = []
    for found, change in (
        (
            _in_all([only_in(was, now) for was in series]),
            Text("有而这一次没有（或全空）的列", "gone or empty now"),
        ),
        (_in_all([only_in(now, was) for was in series]), Text("没有而这一次有的列", "new")),
    ):
        names = [name for name in columns if name in found][:NAMED]
        if names:
            told.append(
                Text(
                    f"{about.zh}{change.zh}：{'、'.join(columns[name].title for name in names)}。",
                    f"columns {change.en}, compared with {about.en}: {', '.join(names)}.",
                )
            )
    return told


def _of_areas(now: Profile, series: list[Profile], about: Text, limits: Thresholds) -> list[Text]:
    def only_in(one: Profile, other: Profile) -> set[str]:
        return {
            code
            for code, rows in one.areas.items()
            if code not in other.areas
            and min(rows, rows / one.passed * other.passed) >= limits.area_rows_expected
        }

    told = []
    for codes, change in (
        (_in_all([only_in(was, now) for was in series]), Text("有而这一次没有的地区", "gone")),
        (_in_all([only_in(now, was) for was in series]), Text("没有而这一次有的地区", "new")),
    ):
        named = [_area_name(code) for code in sorted(codes)[:NAMED]]
        if named:
            told.append(
                Text(
                    f"{about.zh}{change.zh}：{'、'.join(one.zh for one in named)}。",
                    f"areas {change.en}, compared with {about.en}: {', '.join(one.en for one in named)}.",
                )
            )
    return told


def _in_all(sets: list[set[str]]) -> set[str]:
    return set.intersection(*sets)


def _area_name(code: str) -> Text:
    try:
        area = load_areas().get(code)
    except AreaNotKnown:
        return Text(code or "未写明", code or "none given")
    return Text(area.area_name, area.area_name_en)


def _of_lengths(now: Profile, series: list[Profile], about: Text, limits: Thresholds) -> list[Text]:
    """The lengths of service: another unit, or another distribution."""
    series = [was for was in series if sum(was.lengths.values()) >= limits.least_rows]
    if not series or sum(now.lengths.values()) < limits.least_rows:
        return []
    was = series[0]
    median, before = now.quantiles[50], was.quantiles[50]
    hours, hours_before = rounded_text(median / 60, 2), rounded_text(before / 60, 2)
    ratio = median / before if before and median else 1.0
    for times, told in (
        (limits.unit_ratio, Text("可能把分钟填进了小时列", "minutes may stand in the column of hours")),
        (1 / limits.unit_ratio, Text("可能把小时填进了分钟列", "hours may stand in the column of minutes")),
    ):
        if abs(log(ratio / times)) <= log(1 + limits.unit_tolerance):
            return [
                Text(
                    f"服务时长的中位数由 {hours_before} 小时（{about.zh}）变为 {hours} 小时，{told.zh}。",
                    f"the median length of service went from {hours_before} h ({about.en}) to "
                    f"{hours} h: {told.en}.",
                )
            ]
    index = min(stability_index(now.lengths, was.lengths) for was in series)
    if index <= limits.stability_index:
        return []
    shown = rounded_text(index, 2)
    return [
        Text(
            f"服务时长的分布与{about.zh}明显不同（稳定性指数 {shown}，中位数 {hours_before} → {hours} 小时）。",
            f"lengths of service are distributed unlike {about.en} (stability index {shown}, median "
            f"{hours_before} → {hours} h).",
        )
    ]


def stability_index(now: dict[int, int], was: dict[int, int]) -> float:
    """Population stability index: Σ (p − q) ln(p / q) over classes, half a row added to each so none is empty."""
    places = sorted({*now, *was})
    rows = sum(now.values()) + len(places) / 2
    rows_before = sum(was.values()) + len(places) / 2
    index = 0.0
    for place in places:
        p, q = (now.get(place, 0) + 0.5) / rows, (was.get(place, 0) + 0.5) / rows_before
        index += (p - q) * log(p / q)
    return index
