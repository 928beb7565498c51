"""The sensitivity of a ranking as text: what each variant does to the order, and how far each area moves."""

from metrics.areas import load_areas
from metrics.build import Build
from metrics.output import SYNTHETIC, aligned
from metrics.periods import window_label
from metrics.sensitivity import LEFT_OUT, Sensitivity, UnderVariant, most_moved
from metrics.sentences import MISSING, format_value

USUAL = "通常口径 usual"


def sensitivity_text(build: Build, result: Sensitivity) -> str:
    """A heading, a line per variant, a line per area, and the variants that have no values."""
    indicator = result.indicator
    first = next(iter(result.rows[0].observations.values()))
    nature = f" | {SYNTHETIC}" if build.is_synthetic else ""
    lines = [
        f"{indicator.name('zh')} {indicator.name('en')} | {window_label(first.period, first.window, 'zh')} "
        f"({first.period.code}, {first.window})",
        f"数据版本 build {build.build_id} | {build.created_at:%Y-%m-%d %H:%M}{nature}",
        "",
        aligned(
            [["口径 variant", "说明", "τ", "地区 areas", "变动最大 most moved"]]
            + [variant_line(result, row) for row in result.rows],
            right=(2, 3),
        ),
        "",
        aligned(
            [["地区 area", "数值 value", "名次 rank", "名次范围 ranks", "数值范围 values"]]
            + [area_line(result, area) for area in result.areas],
            right=(1, 2, 3, 4),
        ),
    ]
    lines += ["", *range_notes(result)]
    if result.without_values:
        codes = "; ".join(variant.code for variant in result.without_values)
        lines += [f"没有数值 without values: {codes}"]
    return "\n".join(lines)


def range_notes(result: Sensitivity) -> list[str]:
    """Over how many definitions and areas the ranges are, and what is not in them."""
    common = result.common_areas
    variants, areas = len(result.compared), len(common)
    lines = [
        f"名次范围：{variants} 种口径下都有数的 {areas} 个地区之间的名次；数值范围也只看这 {variants} 种。",
        f"    Ranges: ranks among the areas ({areas}) that every compared definition ({variants}) shows; ranges of "
        "values are over these definitions too.",
    ]
    partial = [area for area in result.areas if area in result.rows[0].ranks and area not in common]
    if partial:
        names = {lang: [load_areas().get(area).name(lang) for area in partial] for lang in ("zh", "en")}
        lines += [
            f"某种口径下缺数，没有名次范围：{'、'.join(names['zh'])}。",
            f"    Without a range, as some compared definition does not show them: {', '.join(names['en'])}.",
        ]
    return lines


def variant_line(result: Sensitivity, row: UnderVariant) -> list[str]:
    moved = most_moved(result, row)
    tau = MISSING if row.tau is None else f"{row.tau:.2f}"
    last = f"{load_areas().get(moved[0]).area_name} {moved[1]} → {moved[2]}" if moved else MISSING
    if row.left_out:
        last = " ".join(LEFT_OUT[row.left_out])
    return [
        row.variant.code or USUAL,
        row.variant.label("zh") or MISSING,
        tau,
        str(len(row.ranks)),
        last,
    ]


def area_line(result: Sensitivity, area_code: str) -> list[str]:
    area, usual = load_areas().get(area_code), result.rows[0]
    ranks, values = result.rank_range(area_code), result.value_range(area_code)
    rank = usual.ranks.get(area_code)
    texts = [format_value(value, result.indicator, "zh") for value in values] if values else []
    return [
        f"{area.area_code} {area.area_name}",
        format_value(usual.value(area_code), result.indicator, "zh"),
        MISSING if rank is None else str(rank),
        f"{ranks[0]}–{ranks[1]}" if ranks else MISSING,
        "–".join(texts) if texts else MISSING,
    ]
