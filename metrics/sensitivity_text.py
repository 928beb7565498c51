"""The sensitivity of a ranking as text: what each variant does to the order, and how far each area moves."""

from collections.abc import Iterable

from metrics.analysis.finding import status_of, together
from metrics.areas import load_areas
from metrics.build import Build
from metrics.comparisons.reasons import OF_ITS_OWN_PAST
from metrics.output import aligned, build_line
from metrics.sensitivity import Sensitivity, UnderVariant, most_moved
from metrics.sentences import MISSING, format_number, format_value, window_text
from metrics.variants import Variant

USUAL = "通常口径 usual"
LEFT_OUT = {
    "all_tied": ("全部并列，不比", "all tied, not compared"),
    "few_areas": ("有数的地区太少，不比", "too few areas shown, not compared"),
    OF_ITS_OWN_PAST.code: ("只宜与同一地区的其他时期比", "comparable over time only"),
}
LEFT_OUT_ORDER = ("few_areas", "all_tied", OF_ITS_OWN_PAST.code)


def sensitivity_text(build: Build, result: Sensitivity) -> str:
    """A heading, a line per variant, a line per area, and the variants that have no values."""
    variants, areas = by_variant(result), by_area(result)
    lines = [
        *heading(build, result),
        "",
        aligned(variants, right=(2, 3)),
        "",
        aligned(areas, right=range(1, len(areas[0]))),
    ]
    for zh, en in conclusions(result):
        lines += ["", zh, en]
    return "\n".join(lines)


def sensitivity_markdown(build: Build, result: Sensitivity) -> str:
    """The same for a document: both tables with bars between their cells."""
    lines = [f"**{heading(build, result)[0]}**", "", heading(build, result)[1]]
    areas = by_area(result)
    for table, right in ((by_variant(result), (2, 3)), (areas, range(1, len(areas[0])))):
        rules = ["---:" if column in right else "---" for column in range(len(table[0]))]
        rows = [[cell.replace("|", "\\|") for cell in row] for row in table]
        lines += ["", *(f"| {' | '.join(row)} |" for row in (rows[0], rules, *rows[1:]))]
    for zh, en in conclusions(result):
        lines += ["", zh, "", f"*{en}*"]
    return "\n".join(lines)


def heading(build: Build, result: Sensitivity) -> tuple[str, str]:
    """What is ranked and when; the build and what it withholds."""
    indicator, first = result.indicator, next(iter(result.rows[0].observations.values()))
    return (
        f"{indicator.name('zh')} {indicator.name('en')} | {window_text(first, 'zh')} "
        f"({first.period.code}, {first.window})",
        build_line(build),
    )


def by_variant(result: Sensitivity) -> list[list[str]]:
    head = ["口径 variant", "说明", "τ", "地区 areas", "变动最大 most moved"]
    return [head, *(variant_line(result, row) for row in result.rows)]


def by_area(result: Sensitivity) -> list[list[str]]:
    """Where ranges are among fewer areas than ranks, the rank among those stands beside the range."""
    ranks = ["名次 rank", "名次范围 ranks"]
    if result.has_two_sets:
        usual, common = len(result.rows[0].ranks), len(result.common_areas)
        ranks = [
            f"{usual} 个地区中名次 rank of {usual}",
            f"{common} 个地区中名次 rank of {common}",
            f"{common} 个地区中名次范围 ranks of {common}",
        ]
    head = ["地区 area", "数值 value", *ranks, "数值范围 values"]
    return [head, *(area_line(result, area) for area in result.areas)]


def conclusions(result: Sensitivity) -> list[tuple[str, str]]:
    """The verdict, then what the ranges are of and what is left out of them; Chinese and English."""
    found = [(verdict(result, "zh"), verdict(result, "en"))]
    for told in (unfinished_note, range_notes, left_out):
        found += zip(told(result, "zh"), told(result, "en"), strict=True)
    return found


def variant_line(result: Sensitivity, row: UnderVariant) -> list[str]:
    moved = most_moved(result, row)
    tau = format_number(row.tau, 2)
    last = MISSING
    if moved:
        last = f"{load_areas().get(moved.area_code).area_name} {moved.text()}"
    return [
        row.variant.code or USUAL,
        row.variant.label("zh") or MISSING,
        tau,
        str(len(row.ranks)),
        " ".join(LEFT_OUT[row.why_left_out]) if row.why_left_out else last,
    ]


def area_line(result: Sensitivity, area_code: str) -> list[str]:
    area, usual = load_areas().get(area_code), result.rows[0]
    ranks, values = result.rank_range(area_code), result.value_range(area_code)
    among = [usual.ranks, *([result.common_ranks(usual)] if result.has_two_sets else [])]
    texts = [format_value(value, result.indicator, "zh") for value in values] if values else []
    return [
        f"{area.area_code} {area.area_name}",
        format_value(usual.value(area_code), result.indicator, "zh"),
        *(str(ranked.get(area_code, MISSING)) for ranked in among),
        f"{ranks[0]}–{ranks[1]}" if ranks else MISSING,
        "–".join(texts) if texts else MISSING,
    ]


def verdict(result: Sensitivity, lang: str) -> str:
    """Whether the order holds whatever is chosen: the sentence to be read before a rank is quoted."""
    zh, compared, ranked = lang == "zh", result.compared, len(result.common_areas)
    if not compared or ranked < 2:
        return (
            "没有别的口径可以比较名次。"
            if zh
            else "There is no other definition to compare the ranking with."
        )
    ranges = {area: result.rank_range(area) for area in result.common_areas}
    moved = {
        area: best_worst for area, best_worst in ranges.items() if best_worst and len(set(best_worst)) > 1
    }
    if not moved:
        return (
            f"名次不随口径变化：除通常口径外还比较了 {len(compared)} 种，{ranked} 个地区的名次都不变。"
            if zh
            else f"The order holds: under {len(compared)} other definitions all {ranked} areas keep their rank."
        )
    area = result.furthest_apart() or next(iter(moved))
    best, worst = moved[area]
    name, least = load_areas().get(area).name(lang), min(compared, key=lambda row: row.tau or 0.0)
    tau = format_number(least.tau, 2)
    if zh:
        label = least.variant.label("zh").replace("“", "‘").replace("”", "’")  # it stands in quotes itself
        return (
            f"名次随口径变化：除通常口径外还比较了 {len(compared)} 种，{ranked} 个地区中 {ranked - len(moved)} 个名次不变；"
            f"变动最大的是{name}（第 {best} 至第 {worst} 名）；次序差别最大的口径是“{label}”"
            f"（τ＝{tau}）。引用名次要写明口径。"
        )
    return (
        f"The order depends on the definition: under {len(compared)} others {ranked - len(moved)} of {ranked} areas "
        f"keep their rank; {name} moves most (rank {best} to {worst}); the order differs most with "
        f"{least.variant.label('en')} (tau {tau}). Name the definition with any rank."
    )


def unfinished_note(result: Sensitivity, lang: str) -> list[str]:
    """Which of the figures ranked are not complete: their order is not that of the finished ones."""
    usual = result.rows[0].observations.values()
    others = (one for row in result.compared for one in row.observations.values())
    ranked = [row for row in (*usual, *others) if row.value is not None]
    part = [row.status for row in ranked if row.status != "ok"]
    if not part:
        return []
    why = status_of(together(part), ranked, lang)
    return [
        f"有的数不完整，这些名次不作判断（{why}）。"
        if lang == "zh"
        else f"Some figures are not complete, so nothing is judged by these ranks ({why})."
    ]


def range_notes(result: Sensitivity, lang: str) -> list[str]:
    """Over how many definitions and areas the ranges are, and which areas have none."""
    if not result.compared:
        return []
    zh, common, variants = lang == "zh", result.common_areas, 1 + len(result.compared)
    notes = [
        f"名次范围是 {variants} 种口径下都有数的 {len(common)} 个地区之间的名次；数值范围也只看这 {variants} 种。"
        if zh
        else f"Ranges of ranks are among the {len(common)} areas that all {variants} definitions show; ranges of "
        "values are over these definitions too."
    ]
    if any(
        len(set(result.common_ranks(row).values())) < len(common)
        for row in (result.rows[0], *result.compared)
    ):
        notes.append(
            "并列的几个地区占几个名次，彼此分不出先后：通常名次在其中的算没有变，不在其中的算到其中最近的一个名次。"
            if zh
            else "Tied areas share as many places as they are, in no order: an area whose usual rank is one of these "
            "places has not moved, any other moves to the nearest of them."
        )
    partial = [area for area in result.areas if area in result.rows[0].ranks and area not in common]
    if partial:
        told = ("、" if zh else ", ").join(load_areas().get(area).name(lang) for area in partial)
        notes.append(
            f"某种口径下没有数，不给名次范围：{told}。"
            if zh
            else f"Some definition does not show these, so they have no range: {told}."
        )
    return notes


def left_out(result: Sensitivity, lang: str) -> list[str]:
    """Which variants do not count towards the ranges, and why."""
    zh = lang == "zh"
    few, level, past = (
        [row.variant for row in result.rows if row.why_left_out == why] for why in LEFT_OUT_ORDER
    )
    told = (
        (past, f"{OF_ITS_OWN_PAST.zh.rstrip('。')}，不计入名次范围",
         f"{OF_ITS_OWN_PAST.en.rstrip('.')}, so left out of the ranges"),
        (few, "有数的地区不到三个或不到一半，不计入名次范围",
         "Fewer than three areas, or less than half of them, have a value, so left out of the ranges"),
        (level, "各地区数值都一样，分不出名次，不计入名次范围", "All areas have the same value, so they are not ranked"),
        (result.without_values, "人数过少或没有统计，没有数值", "Without values: too few people, or not counted"),
    )  # fmt: skip
    return [
        f"{why_zh if zh else why_en}{'：' if zh else ': '}{('；' if zh else '; ').join(names(found, lang))}"
        for found, why_zh, why_en in told
        if found
    ]


def names(variants: Iterable[Variant], lang: str) -> list[str]:
    return [variant.label(lang) or USUAL for variant in variants]
