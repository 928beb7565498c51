"""The sensitivity of a ranking as text: what each variant does to the order, and how far each area moves."""

from metrics.areas import load_areas
from metrics.build import Build
from metrics.output import SYNTHETIC, aligned
from metrics.periods import window_label
from metrics.sensitivity import Sensitivity, UnderVariant, most_moved
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
    partial = [row.variant.code for row in result.rows if not row.is_whole]
    if partial:
        lines += [
            "",
            f"有地区缺数，不计入名次范围 ranks only some areas, left out of the ranges: {'; '.join(partial)}",
        ]
    if result.without_values:
        codes = "; ".join(variant.code for variant in result.without_values)
        lines += ["", f"没有数值 without values: {codes}"]
    return "\n".join(lines)


def variant_line(result: Sensitivity, row: UnderVariant) -> list[str]:
    moved = most_moved(result, row)
    tau = MISSING if row.tau is None else f"{row.tau:.2f}"
    return [
        row.variant.code or USUAL,
        row.variant.label("zh") or MISSING,
        tau,
        str(len(row.ranks)),
        f"{load_areas().get(moved[0]).area_name} {moved[1]} → {moved[2]}" if moved else MISSING,
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
