"""A name that only areas of other cities go by, in a drop whose city is known: to name the city would not help."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.checks.area_ambiguous import sql_of_names
from etl.messages import Text
from etl.values import quoted
from metrics.area_names import names_needing_a_city
from metrics.areas import load_areas


@check(
    stage="resolve",
    zh="地区“{found}”：{expected}。",
    en="area '{found}': {expected}.",
)
def check_area_of_another_city(columns: Columns) -> Iterator[Failure]:
    if columns.has("area"):
        areas = load_areas()
        needing = names_needing_a_city(areas)
        for city in areas.cities():
            leaves = areas.children(city.area_code)
            its = {leaf.area_code for leaf in leaves}
            names = sorted(name for name, codes in needing.items() if not its & set(codes))
            # Names that need a city are those of zones, so the city's zones are the nearest there are.
            zones = [leaf for leaf in leaves if leaf.level == "zone"]
            expected = Text(
                f"{city.area_name}没有叫这个名字的地区，最接近的是{'、'.join(one.area_name for one in zones)}",
                f"{city.area_name_en} has none of this name; the nearest are "
                + ", ".join(f"{one.area_name_en} ({one.area_code})" for one in zones),
            )
            of_city = ", ".join(quoted(code) for code in sorted(its))
            yield Failure(f"drop_leaf IN ({of_city}) AND {sql_of_names(names)}", "area", expected)
