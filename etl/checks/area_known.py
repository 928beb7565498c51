"""An area text that is no district we know: it waits in quarantine until an alias is added, never guessed."""

from collections.abc import Iterator

from etl.checks import Columns, Failure, check
from etl.checks.area_ambiguous import sql_of_names
from etl.values import EXPECTED
from metrics.area_names import names_needing_a_city
from metrics.areas import load_areas


@check(
    stage="resolve",
    zh="地区“{found}”无法识别，应为{expected}。",
    en="area '{found}' is not known, expected {expected}.",
)
def check_area_known(columns: Columns) -> Iterator[Failure]:
    if columns.has("area"):
        # Names of several areas are check_area_ambiguous's, or check_area_of_another_city's.
        ambiguous = sql_of_names(sorted(names_needing_a_city(load_areas())))
        yield Failure(
            f"area IS NOT NULL AND area_code IS NULL AND NOT ({ambiguous})", "area", EXPECTED["area"]
        )
