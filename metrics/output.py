"""Observations as an aligned table, as CSV or as JSON, and explanations as text, for the command line."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import Catalogue, load_catalogue
from metrics.citations import cited
from metrics.contributing import drop_lines
from metrics.definitions import LANGUAGES
from metrics.export_safe import safe_cell
from metrics.indicator import Indicator, Target
from metrics.members import DISTRICT, dimension_name, member_name, merged_name
from metrics.observation import Observation
from metrics.reviews import Reviews, is_verified
from metrics.sentences import (
    basis_text,
    exact_count,
    format_count,
    format_interval,
    format_value,
    status_text,
    when_label,
)
from metrics.small_counts import mark
from metrics.variants import Variant, axes_of

SYNTHETIC = "示例数据 Sample data"
WITHHELD = "小数字"  # what is done with small counts
NATURE = "数据性质"  # the same column name as in the synthetic drops themselves


def width(text: str) -> int:
    """Columns a text takes in a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows of cells as lines with aligned columns; columns numbered in `right` are flush right."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for column, cell in enumerate(row):
            space = " " * (widths[column] - width(cell))
            cells.append(space + cell if column in right else cell + space)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def as_table(build: Build, rows: Sequence[Observation]) -> str:
    """A heading with window, basis and build, then one line per observation."""
    first = rows[0]
    indicator = load_catalogue().indicator(first.indicator)
    when = when_label(first, indicator, "zh")  # of a stock the moment, whatever window it is asked in
    heading = f"{indicator.name('zh')} {indicator.name('en')} | {when} ({first.period.code}, {first.window})"
    if len(indicator.bases) > 1:
        heading += f" | {basis_text(first.basis, 'zh')} {first.basis}"
    if first.variant:
        heading += f" | 口径 {Variant.parse(first.variant).label('zh')} {first.variant}"
    by_member = first.dimension not in ("", DISTRICT)
    table = [
        [
            "地区 area",
            *([f"{dimension_name(first.dimension, 'zh')} {first.dimension}"] if by_member else []),
            "数值 value", "分子 numerator", "分母 denominator", "95% 区间 interval", "状态 status",
        ]
    ]  # fmt: skip
    for row in rows:
        table.append(
            [
                area_text(row),
                *([member_text(row)] if by_member else []),
                format_value(row, indicator, "zh"),
                format_count(row.numerator),
                format_count(row.denominator),
                format_interval(row, indicator, "zh") or "—",
                f"{status_text(row.told_status, 'zh')} {row.status}",
            ]
        )
    first_number = 2 if by_member else 1
    numbers = range(first_number, first_number + 4)
    notes = [merged_note(row) for row in rows if row.is_merged]
    return "\n".join([heading, build_line(build), "", aligned(table, tuple(numbers)), *notes])


def area_text(row: Observation) -> str:
    """'130202 路南区'; of districts told together how many they are."""
    if row.dimension == DISTRICT:
        return merged_name(row.dimension, row.member, "zh")
    area = load_areas().get(row.area_code)
    return f"{area.area_code} {area.area_name}"


def member_text(row: Observation) -> str:
    """'女 female'; of members told together how many they are."""
    name = member_name(row.dimension, row.member, "zh")
    return merged_name(row.dimension, row.member, "zh") or " ".join(dict.fromkeys((name, row.member)))


def merged_note(row: Observation) -> str:
    """Below a table: which members are told together, and how."""
    zh, en = (member_name(row.dimension, row.member, lang) for lang in ("zh", "en"))
    return f"{zh}（总数减去已显示的各项）\n    {en} (the total less those shown)"


def build_line(build: Build) -> str:
    """Under every heading: the build, when it was published, sample data, and what it withholds or that it is internal."""
    nature = f" | {SYNTHETIC}" if build.is_synthetic else ""
    return f"数据版本 build {build.build_id} | {build.created_at:%Y-%m-%d %H:%M}{nature} | {mark(build)}"


def as_json(rows: Sequence[Observation]) -> str:
    return json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=2)


def as_csv(build: Build, rows: Sequence[Observation]) -> str:
    """The JSON fields as columns; figures from synthetic drops say so in a further column."""
    return plain_csv(build, [row.as_dict() for row in rows])


def plain_csv(build: Build, rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of the same keys with where they are from; no cell is run as a formula."""
    text = io.StringIO()
    extra = {NATURE: SYNTHETIC} if build.is_synthetic else {}
    extra[WITHHELD] = mark(build)
    writer = csv.DictWriter(text, [*rows[0], *extra], lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: safe_cell(value) for key, value in {**row, **extra}.items()} for row in rows)
    return text.getvalue().rstrip("\n")


def catalogue_rows(catalogue: Catalogue, reviews: Reviews) -> list[dict[str, Any]]:
    """One plain dictionary per indicator and measure, with a data home's reviews."""
    return [
        {
            "id": entry.id,
            "kind": entry.kind,
            "name": dict(entry.texts.names),
            "question": dict(entry.texts.questions),
            "formula": dict(entry.texts.formulas),
            "unit": entry.unit,
            "decimals": entry.decimals,
            "polarity": entry.polarity,
            "fact": entry.numerator.measure.fact,
            "grain": entry.numerator.measure.grain,
            "numerator": entry.numerator.measure.id,
            "denominator": entry.denominator.measure.id if entry.denominator else None,
            "bases": list(entry.bases),
            "breakdowns": ["district", *entry.dimensions],
            "variants": [
                option.code for axis in axes_of(entry) for option in axis.options.values() if option.reads
            ],
            "caveats": {lang: list(texts) for lang, texts in entry.texts.all_caveats.items()},
            "source": entry.source,
            **{f"source_{lang}": entry.source_text(lang) for lang in LANGUAGES},
            "owner": entry.owner,
            "reviewed": entry.reviewed.isoformat(),
            "digest": entry.meaning,
            "comparability": entry.comparability,
            "targets": [target_text(target) for target in entry.targets],
            **{
                f"targets_{lang}": [target_text(target, lang) for target in entry.targets]
                for lang in LANGUAGES
            },
            "interval": entry.interval_method or None,
            "verified": is_verified(entry, reviews),
            "review": review_of(entry, reviews),
        }
        for entry in catalogue.all()
    ]


def target_text(target: Target, lang: str = "") -> str:
    """'20 (2013– year): source'; whether it is a floor or a ceiling is the indicator's polarity.

    The source in the reader's language, or as the definition writes it.
    """
    last = str(target.to_year) if target.to_year is not None else ""
    when = " ".join(part for part in (f"{target.from_year}–{last}", target.window, target.area) if part)
    return f"{target.value:g} ({when}): {cited(target.source, lang) if lang else target.source}"


def review_of(entry: Indicator, reviews: Reviews) -> str | None:
    """Who reviewed a definition and when, whether or not it has changed since; None: nobody yet."""
    review = reviews.get(entry.id)
    return f"{review.by} {review.on.isoformat()}" if review else None


def verified_text(verified: Mapping[str, Any]) -> str:
    """'已核定 verified (市文明办综合科 2026-11-22)'; a definition changed after its review says so."""
    if verified["by"] is None:
        return "未核定 not verified"
    words = "已核定 verified" if verified["is_verified"] else "核定后有改动 changed since"
    return f"{words} ({verified['by']} {verified['on']})"


def catalogue_table(catalogue: Catalogue, reviews: Reviews) -> str:
    table = [["id", "名称 name", "单位 unit", "核定 verified", "公式 formula"]]
    for entry in catalogue.all():
        name = f"{entry.name('zh')} {entry.name('en')}"
        badge = "✓" if is_verified(entry, reviews) else "—"
        table.append([entry.id, name, entry.unit_name("zh"), badge, entry.formula("zh")])
    return aligned(table)


def explanation_text(explanation: dict[str, Any]) -> str:
    """An explanation as lines, Chinese first and English beside."""
    build, status = explanation["build"], explanation["status"]
    lines = [
        explanation["sentence"]["zh"],
        explanation["sentence"]["en"],
        "",
        *both("问题", "question", explanation["question"]),
        *both("公式", "formula", explanation["formula"]),
        *(both("口径", "definition", explanation["variant"]) if explanation["variant"]["code"] else []),
        f"计算 calculation: {explanation['calculation']['zh']}",
        *(
            f"计数 count: {one['zh']} {one['en']} = {exact_count(one['value'])}"
            for one in explanation["counts"]
        ),
        *(line for one in explanation["population"] for line in both("人口", "population", one)),
        *interval_lines(explanation),
        f"状态 status: {status['zh']} ({status['code']}: {status['en']})",
        f"窗口 window: {explanation['window_start'] or '…'} – {explanation['window_end']}",
    ]
    lines += comparison_lines(explanation)
    for zh, en in zip(explanation["completeness"]["zh"], explanation["completeness"]["en"], strict=True):
        lines += [f"完整性 completeness: {zh}", f"    {en}"]
    for zh, en in zip(explanation["caveats"]["zh"], explanation["caveats"]["en"], strict=True):
        lines += [f"注意 caveat: {zh}", f"    {en}"]
    if explanation["target"]:
        lines += both("目标", "target", explanation["target"])
        lines += both("目标来源", "target source", explanation["target"]["source_text"])
    lines += both("可比性", "comparability", explanation["comparability"])
    lines += both("定义来源", "source", explanation["source_text"])
    lines.append(f"复核日期 text of the definition last checked: {explanation['reviewed']}")
    lines.append(f"科室核定 verified by an office: {verified_text(explanation['verified'])}")
    for source, span in explanation["coverage"].items():
        lines.append(f"已报送 reported: {source} {span['first_on']} – {span['last_on']}")
    lines += drop_lines(explanation["drops"])
    nature = f" | {SYNTHETIC}" if build["is_synthetic"] else ""
    lines.append(f"数据版本 build: {build['build_id']} | {build['created_at']}{nature}")
    lines += both("小数字", "small counts", explanation["disclosure"])
    lines.append(f"定义指纹 definition digest: {explanation['definition_digest']}")
    return "\n".join(lines)


COMPARED_WITH = {
    "year_earlier": ("上年同期", "a year earlier"),
    "city": ("全市", "the city"),
    "peers": ("对比组", "peers"),
}


def comparison_lines(explanation: dict[str, Any]) -> list[str]:
    """The year before and the city, then whatever may be claimed."""
    lines = []
    for name, other in explanation["comparison"].items():
        if other is not None:
            zh, en = COMPARED_WITH[name]
            lines += both(zh, en, other)
    for zh, en in zip(explanation["claims"]["zh"], explanation["claims"]["en"], strict=True):
        lines += [f"结论 claim: {zh}", f"    {en}"]
    return lines


def interval_lines(explanation: dict[str, Any]) -> list[str]:
    """The 95 % interval, as sentences write it, and its method."""
    interval = explanation["interval"]
    if interval is None or interval["lower"] is None:
        return []
    return [f"95% 区间 interval: {interval['text']['zh']} ({interval['method']})"]


def both(zh: str, en: str, texts: dict[str, str]) -> list[str]:
    return [f"{zh} {en}: {texts['zh']}", f"    {texts['en']}"]
