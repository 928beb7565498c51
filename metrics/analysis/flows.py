"""Who came, came back, stayed and stopped: active volunteers of a window by what they did before.

active = new + returning + reactivated, and of those active in the window before, who is not returning has lapsed or
left. Both are checked here and told; nothing hidden is worked out from what is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from metrics.analysis.finding import Finding, together, with_status
from metrics.analysis.reading import Asked, Cell, cell, require_table, told_among
from metrics.build import Build
from metrics.periods import Period
from metrics.sentences import area_name_in_full, format_count, status_text
from metrics.series_breaks import SeriesBreak, breaks_across, clauses

STATES = ("new", "returning", "reactivated")


@dataclass(frozen=True)
class Identity:
    """One sum that must hold: None when a part of it is hidden or missing."""

    name: str
    holds: bool | None
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class ActivityFlows(Finding):
    """n: active volunteers of the window (0 where it is not known). None is hidden or not reported."""

    period: str
    active: float | None
    new: float | None
    returning: float | None
    reactivated: float | None
    active_before: float | None
    lapsed: float | None  # active in the window before, still registered, without a record in this one
    left: float | None  # active in the window before and no longer registered
    rows: tuple[Identity, ...]


def activity_flows(build: Build, area_code: str, period: Period) -> ActivityFlows:
    """The flows of a month, quarter or year against the one before."""
    require_table(build, "cohorts")  # published together with the states of activity
    before = period.previous()
    states = [
        cell(build, "active_volunteers", area_code, period, None, ("activity_state", s)) for s in STATES
    ]
    asked = Asked("active_volunteers")
    now, then = asked.at(build, area_code, period), asked.at(build, area_code, before)
    stocks = [Asked("registered_volunteers").at(build, area_code, one) for one in (before, period)]
    joined = Asked("new_registrations").at(build, area_code, period)
    gone = None
    if all(one.value is not None and one.status == "ok" for one in (*stocks, joined)):
        gone = float(stocks[0].value or 0) + float(joined.value or 0) - float(stocks[1].value or 0)
    windows = (before, before.kind), (period, period.kind)
    broken = breaks_across(build.breaks, asked.indicator, now.basis, area_code, *windows)
    return flows_of(
        build.build_id, area_code, period, Cell.of(now), Cell.of(then), states,
        cell(build, "lapsed_volunteers", area_code, period), gone,
        smallest_shown=int(build.manifest.get("disclosure_threshold", "0") or 0), breaks=broken,
    )  # fmt: skip


def flows_of(
    build_id: str,
    area_code: str,
    period: Period,
    active: Cell,
    before: Cell,
    states: list[Cell],
    lapsed: Cell,
    gone: float | None,
    smallest_shown: int = 0,
    breaks: Sequence[SeriesBreak] = (),
) -> ActivityFlows:
    """The finding from its counts; `gone` is how many left the register in the window, None if not known.

    `breaks` lie between the two windows: who came and who stopped cannot be told across them.
    """
    if breaks and "not_reported" not in (active.status, before.status):
        nothing = Cell(None, "series_break")
        states, lapsed = [nothing] * len(states), nothing
    new, returning, reactivated = (one.value for one in states)
    left: float | None = None
    parts = (before.value if before.status == "ok" else None, returning, lapsed.value)
    if None not in parts:
        left = sum(sign * part for sign, part in zip((1, -1, -1), parts, strict=True) if part is not None)
    rows = (adding_up(active.value, states), leaving(left, gone))
    if left is not None and (left < 0 or 0 < left < smallest_shown):
        left = None
    status = together([one.status for one in (active, *states)])
    if before.status == "not_reported" and active.value is not None:
        # Nobody can have lapsed from, or returned after, a window nobody reported.
        status, lapsed = together([status, before.status]), Cell(None, before.status)
    told = told_among(status, (active, *states))
    zh, en = sentences(area_code, period, active, before, states, lapsed, told, breaks)
    if before.status == "provisional" and active.value is not None and not breaks:
        zh += "上期没有报全，“首次”里可能有上期或更早已经服务过的人。"
        en += " The window before is not wholly reported: those called new may have served in it or earlier."
    return ActivityFlows(
        area_code=area_code, status=status, n=round(active.value or 0), zh=zh, en=en, build_id=build_id,
        told_status=told, period=period.code, active=active.value, new=new, returning=returning, reactivated=reactivated,
        active_before=before.value, lapsed=lapsed.value, left=left, rows=rows,
    )  # fmt: skip


def adding_up(active: float | None, states: list[Cell]) -> Identity:
    parts = [one.value for one in states]
    if active is None or any(part is None for part in parts):
        return Identity(
            "active = new + returning + reactivated",
            None,
            "有的部分未报送、不予显示，或前后不可比，无从核对。",
            "A part is hidden, not reported or across a break in the series, so it cannot be checked.",
        )
    total = sum(part for part in parts if part is not None)
    holds = total == active
    return Identity(
        "active = new + returning + reactivated",
        holds,
        f"首次 + 持续 + 重新活跃 = {format_count(total)}，活跃 {format_count(active)}：{'相符' if holds else '不符'}。",
        f"new + returning + reactivated = {format_count(total)}, active {format_count(active)}: "
        f"{'they agree' if holds else 'they differ'}.",
    )


def leaving(left: float | None, gone: float | None) -> Identity:
    """Who was active before, is neither returning nor lapsed, must have left, and so be among those who left."""
    name = "active before - returning - left = lapsed"
    if left is None or gone is None:
        return Identity(
            name,
            None,
            "上期或注册数未报送完整，或有不予显示、前后不可比的部分，无从核对。",
            "The window before or the register is not complete, or a part is hidden or across a break in the series, so "
            "it cannot be checked.",
        )
    if left < 0:
        return Identity(
            name,
            False,
            "持续与流失之和多于上期活跃：有人的服务记录早于注册日期，上期不算在册。",
            "Returning and lapsed exceed those active before: somebody's records precede the registration, so they "
            "were not counted as active then.",
        )
    if left > gone:
        return Identity(
            name,
            False,
            "既未持续也未流失的人多于期内退出的人数。",
            "More people are neither returning nor lapsed than left the register.",
        )
    return Identity(
        name,
        True,
        "上期活跃 − 持续 − 退出 = 流失：退出者不多于期内退出注册的人数，相符。",
        "active before - returning - left = lapsed: no more have left than left the register, so it holds.",
    )


def sentences(
    area_code: str,
    period: Period,
    active: Cell,
    before: Cell,
    states: list[Cell],
    lapsed: Cell,
    told: str,
    breaks: Sequence[SeriesBreak] = (),
) -> tuple[str, str]:
    where = {lang: area_name_in_full(area_code, lang) for lang in ("zh", "en")}
    when = {lang: period.label(lang) for lang in ("zh", "en")}
    if active.value is None:
        return (
            f"{where['zh']} {when['zh']}：{status_text(told, 'zh')}。",
            f"{where['en']}, {when['en']}: {status_text(told, 'en')}.",
        )
    zh = f"{where['zh']} {when['zh']}活跃 {format_count(active.value)} 人"
    en = f"{where['en']}, {when['en']}: {format_count(active.value)} active"
    is_running = "provisional" in (active.told_status or active.status).split("+")
    if is_running:
        # First of all: beside a whole window, who has not come yet looks like who will not come again.
        zh = (
            f"{where['zh']} {when['zh']}{status_text('provisional', 'zh')}，本期没有记录的人还可能再来或补报。"
            f"到目前为止活跃 {format_count(active.value)} 人"
        )
        en = (
            f"{where['en']}, {when['en']} is {status_text('provisional', 'en')}, and those without a record may yet "
            f"come back or be reported. So far {format_count(active.value)} active"
        )
    if before.status == "not_reported":
        return (
            f"{zh}；上期未报送，分不出首次、持续、重新活跃和流失。",
            f"{en}; the window before is not reported, so new, returning, reactivated and lapsed cannot be told apart.",
        )
    if breaks:
        why = {lang: clauses(breaks, lang) for lang in ("zh", "en")}
        return (
            f"{zh}；{why['zh']}，前后不可比，分不出首次、持续、重新活跃和流失。",
            f"{en}; {why['en']}, so new, returning, reactivated and lapsed cannot be told apart across it.",
        )
    names = {"zh": ("首次", "持续", "重新活跃"), "en": STATES}
    shown = [number for number, one in enumerate(states) if one.value is not None]
    hidden = [number for number, one in enumerate(states) if one.value is None]
    if shown:
        zh += "：" + "，".join(f"{names['zh'][n]} {format_count(states[n].value)}" for n in shown)
        en += ", of them " + ", ".join(f"{format_count(states[n].value)} {names['en'][n]}" for n in shown)
    if hidden:
        why = {
            lang: status_text(told_among(states[hidden[0]].status, [states[hidden[0]]]), lang)
            for lang in ("zh", "en")
        }
        zh += f"；{'、'.join(names['zh'][n] for n in hidden)}{why['zh']}"
        en += f"; {', '.join(names['en'][n] for n in hidden)}: {why['en']}"
    if lapsed.value is not None:
        zh += f"；上期活跃而本期{'还' if is_running else ''}没有记录的在册者 {format_count(lapsed.value)} 人"
        en += f"; {format_count(lapsed.value)} active in the window before and still registered have no record in this one"
        en += " yet" if is_running else ""
    else:
        why = {lang: status_text(told_among(lapsed.status, [lapsed]), lang) for lang in ("zh", "en")}
        zh += f"；上期活跃而本期没有记录的在册者{why['zh']}"
        en += f"; how many active in the window before and still registered have no record in this one: {why['en']}"
    # What is missing has said why; what is left to be minded is that figures are not whole.
    return with_status("ok" if active.status == "ok" or is_running else told, zh, en)
