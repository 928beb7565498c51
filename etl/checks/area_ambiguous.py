"""A name that areas of several cities go by, in a drop that does not say its city: none of them is guessed."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.messages import Text
from etl.values import quoted
from metrics.area_names import SEPARATORS, names_needing_a_city
from metrics.areas import load_areas


@check(
    stage="resolve",
    zh="地区“{found}”可能指：{expected}；请写明是哪个市的，或用 --area 指明城市。",
    en="area '{found}' may be {expected}; name the city with it, or say it with --area.",
)
def check_area_ambiguous(columns: Columns) -> Iterator[Failure]:
    if columns.has("area"):
        areas = load_areas()
        names_of: dict[tuple[str, ...], list[str]] = {}
        for name, codes in names_needing_a_city(areas).items():
            names_of.setdefault(codes, []).append(name)
        for codes, names in sorted(names_of.items()):
            found = [areas.get(code) for code in codes]
            candidates = Text(
                "、".join(
                    f"{areas.get(areas.city_of(one.area_code)).area_name}的{one.area_name}" for one in found
                ),
                " or ".join(f"{one.area_name_en} ({one.area_code})" for one in found),
            )
            yield Failure(f"drop_leaf IS NULL AND {sql_of_names(names)}", "area", candidates)


def sql_of_names(names: list[str]) -> str:
    """True for a row whose area was not found and is written as one of these names."""
    bare = f"regexp_replace(area, {quoted(SEPARATORS.pattern)}, '', 'g')"
    equal = " OR ".join(f"{bare} = {quoted(name)}" for name in names)
    return f"CASE WHEN area IS NOT NULL AND area_code IS NULL THEN {equal} ELSE false END"
