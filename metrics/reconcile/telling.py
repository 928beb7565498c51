"""A reconciliation as text, as rows for JSON and CSV: Chinese first, English beside."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.comparability import Reason
from metrics.export_safe import safe_cell
from metrics.members import dimension_name
from metrics.output import NATURE, SYNTHETIC, aligned
from metrics.reconcile import PartsCheck, PublishedCheck, Reconciliation, StatementsCheck
from metrics.sentences import basis_text, format_number, format_value, status_text, variant_text

VERDICT_TEXTS = {
    "agrees": ("一致", "agrees"),
    "flagged": ("不符，待查", "flagged"),
    "within": ("在公布数的精度之内", "within what was printed"),
    "explained": ("有差异，已说明", "explained"),
    "contradicts": ("与公布数矛盾，待查", "contradicts"),
    "not_compared": ("没有可比的数", "not compared"),
}
COLUMNS = (
    "check", "subject", "name_zh", "name_en", "basis", "window", "parts", "printed_as", "published", "computed",
    "parts_sum", "parts_status", "difference", "verdict", "reasons_zh", "reasons_en", "variant",
)  # fmt: skip


def verdict_text(verdict: str, lang: str) -> str:
    return VERDICT_TEXTS[verdict][0 if lang == "zh" else 1]


def reasons_text(reasons: Sequence[Reason], lang: str) -> str:
    return ("" if lang == "zh" else " ").join(reason.text(lang) for reason in reasons)


def rows_of(found: Reconciliation) -> list[dict[str, Any]]:
    """One plain row per check, with the same columns for all three kinds."""
    rows = [
        *(parts_row(check) for check in found.parts),
        *(published_row(check) for check in found.published),
        *(statements_row(check) for check in found.statements),
    ]
    return [{name: row.get(name) for name in COLUMNS} for row in rows]


def parts_row(check: PartsCheck) -> dict[str, Any]:
    indicator = load_catalogue().indicator(check.measure)
    return {
        "check": "parts", "subject": check.measure, "name_zh": indicator.name("zh"), "name_en": indicator.name("en"),
        "basis": check.basis, "window": check.window, "parts": check.parts, "computed": check.whole,
        "parts_sum": check.parts_sum, "parts_status": check.parts_status,
        "difference": check.difference, **verdict_columns(check),
    }  # fmt: skip


def published_row(check: PublishedCheck) -> dict[str, Any]:
    figure = check.printed.figure
    return {
        "check": "published", "subject": figure.figure_id, "name_zh": figure.name("zh"), "name_en": figure.name("en"),
        "basis": check.computed[-1].basis, "window": check.asked.window, "printed_as": figure.value_text("zh"),
        "published": None if figure.value is None else float(figure.value), "computed": check.value,
        "difference": check.difference, **verdict_columns(check), "variant": check.asked.variant,
    }  # fmt: skip


def statements_row(check: StatementsCheck) -> dict[str, Any]:
    first, second = check.first.figure, check.second.figure
    return {
        "check": "statements", "subject": f"{first.figure_id} | {second.figure_id}",
        "name_zh": check.concept.name("zh"), "name_en": check.concept.name("en"),
        "printed_as": f"{first.value_text('zh')} | {second.value_text('zh')}", **verdict_columns(check),
    }  # fmt: skip


def verdict_columns(check: PartsCheck | PublishedCheck | StatementsCheck) -> dict[str, Any]:
    return {
        "verdict": check.verdict,
        "reasons_zh": reasons_text(check.reasons, "zh"),
        "reasons_en": reasons_text(check.reasons, "en"),
    }


def as_json(found: Reconciliation) -> str:
    head = {
        "build_id": found.build_id, "is_synthetic": found.is_synthetic, "area_code": found.area_code,
        "period": found.period.code, "window": found.window, "to_look_into": found.to_look_into,
    }  # fmt: skip
    return json.dumps({**head, "checks": rows_of(found)}, ensure_ascii=False, indent=2)


def as_csv(found: Reconciliation) -> str:
    extra = {"build_id": found.build_id, **({NATURE: SYNTHETIC} if found.is_synthetic else {})}
    text = io.StringIO()
    writer = csv.DictWriter(text, [*COLUMNS, *extra], lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: safe_cell(value) for key, value in {**row, **extra}.items()} for row in rows_of(found)
    )
    return text.getvalue().rstrip("\n")


def as_text(found: Reconciliation) -> str:
    """Three tables, each difference with its reasons under its table."""
    area = load_areas().get(found.area_code)
    when = found.window_text("zh")
    nature = f" | {SYNTHETIC}" if found.is_synthetic else ""
    lines = [
        f"核对 reconciliation | {area.area_name} {area.area_name_en} | {when} ({found.period.code}, {found.window})",
        f"数据版本 build {found.build_id} | {found.disclosure}{nature}",
        f"待查 to look into: {found.to_look_into}",
        "",
        "全市与各部分 city against its parts",
        "（去重人数由全市重新计数，不由各地区相加 distinct counts are counted afresh for the city）",
        aligned([PARTS_HEADING, *(parts_line(check) for check in found.parts)], (2, 3, 4)),
        *told(found.parts),
        "",
        "计算数与公布数 computed against published",
    ]
    if found.published:
        lines += [
            aligned([PUBLISHED_HEADING, *(published_line(check) for check in found.published)], (2, 3, 4)),
            *told(found.published),
        ]
    else:
        lines.append("这段时间没有公布过可核对的数字 nothing was printed about this period")
    if found.statements:
        lines += ["", "公布数之间 printed figures among themselves"]
        lines.append(aligned([STATEMENTS_HEADING, *(statements_line(check) for check in found.statements)]))
        lines += told(found.statements)
    return "\n".join(lines)


PARTS_HEADING = ["量 measure", "部分 parts", "全市 city", "相加 sum", "差 difference", "结论 verdict"]
PUBLISHED_HEADING = [
    "公布数 published figure",
    "截至 as of",
    "公布 printed",
    "计算 computed",
    "差 difference",
    "结论 verdict",
]
STATEMENTS_HEADING = ["概念 concept", "甲 first", "乙 second", "结论 verdict"]


def both(verdict: str) -> str:
    return f"{verdict_text(verdict, 'zh')} {verdict}"


def parts_line(check: PartsCheck) -> list[str]:
    indicator = load_catalogue().indicator(check.measure)
    name = indicator.name("zh")
    if len(indicator.bases) > 1:
        name += f"（{basis_text(check.basis, 'zh')}）"
    parts = "地区 area" if check.parts == "area" else f"{dimension_name(check.parts, 'zh')} {check.parts}"
    return [name, parts, *parts_numbers(check, "zh"), both(check.verdict)]


def parts_numbers(check: PartsCheck, lang: str) -> list[str]:
    """The city, the sum of its parts and the difference; where withheld parts leave no sum, their status stands there."""
    decimals = 1 if load_catalogue().indicator(check.measure).unit == "hours" else 0
    told = [format_number(number, decimals) for number in (check.whole, check.parts_sum, check.difference)]
    if check.parts_sum is None and check.parts_status != "ok":
        told[1] = status_text(check.parts_status, lang)
    return told


def published_line(check: PublishedCheck) -> list[str]:
    figure = check.printed.figure
    decimals = check.indicator.decimals
    return [
        f"{figure.name('zh')}{variant_text(check.asked.variant, 'zh')} {figure.figure_id}",
        f"{figure.as_of}{'（推断 inferred）' if figure.is_date_inferred else ''}",
        figure.value_text("zh"),
        format_value(check.value, check.indicator, "zh"),
        format_number(check.difference, decimals),
        both(check.verdict),
    ]


def statements_line(check: StatementsCheck) -> list[str]:
    return [
        check.concept.name("zh"),
        check.first.figure.value_text("zh"),
        check.second.figure.value_text("zh"),
        both(check.verdict),
    ]


def told(checks: Sequence[PartsCheck | PublishedCheck | StatementsCheck]) -> list[str]:
    """The reasons of whatever differs, each said once, in both languages."""
    texts = {
        (name_of(check), reasons_text(check.reasons, "zh"), reasons_text(check.reasons, "en")): None
        for check in checks
        if check.reasons
    }
    return [line for name, zh, en in texts for line in (f"  {name}: {zh}", f"    {en}")]


def name_of(check: PartsCheck | PublishedCheck | StatementsCheck) -> str:
    if isinstance(check, PartsCheck):
        return load_catalogue().indicator(check.measure).name("zh")
    return check.printed.figure.figure_id if isinstance(check, PublishedCheck) else check.concept.name("zh")
