"""Denominators: the right row for a year and a scope, or none."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from metrics.areas import AreaNotKnown
from metrics.paths import REFERENCE
from metrics.population import best_match, load_population, population_for, read_population
from metrics.reference import ReferenceFault


def found(area_code: str, year: int, scope: str = "whole") -> tuple[int, int, bool, str] | None:
    match = population_for(load_population(), area_code, year, scope)
    return None if match is None else (match.population, match.year, match.exact_year, match.row.scope)


def test_all_72_rows_keep_year_day_scope_basis_rounding_source_and_certainty() -> None:
    rows = load_population()
    assert len(rows) == 72
    assert Counter(row.scope for row in rows) == {
        "whole_city": 22,
        "excluding_zones": 22,
        "unclear": 19,
        "zone": 7,
        "by_county_code_including_zones": 2,
    }
    first = rows[0]
    assert (first.area_code, first.as_of, first.population) == ("130200", date(2019, 12, 31), 7964000)
    assert (first.basis, first.rounded_to) == ("year_end_estimate_before_census_revision", 1000)
    assert all(row.source and row.certainty for row in rows)


def test_the_year_itself_answers_when_it_has_a_row() -> None:
    assert found("130200", 2020) == (7717983, 2020, True, "whole_city")
    assert found("130202", 2023) == (336600, 2023, True, "excluding_zones")
    assert found("130271", 2023) == (43500, 2023, True, "zone")
    assert found("441302", 2020) == (1558793, 2020, True, "excluding_zones")


def test_a_missing_year_takes_the_nearest_earlier_one_and_says_so() -> None:
    assert found("130200", 2021) == (7717983, 2020, False, "whole_city")
    assert found("130200", 2022) == (7717983, 2020, False, "whole_city")
    assert found("130200", 2030) == (7719500, 2023, False, "whole_city")
    assert found("441300", 2022) == (6066000, 2021, False, "whole_city")


def test_a_later_year_never_stands_in_for_an_earlier_one() -> None:
    assert found("130200", 2018) is None
    assert found("130208", 2019) is None


def test_a_row_that_counts_the_zones_too_is_never_a_denominator() -> None:
    assert found("130202", 2020) is None
    assert found("130202", 2022) is None
    assert found("411002", 2020) is None


def test_a_row_of_unclear_scope_stands_in_only_where_no_clear_one_exists() -> None:
    assert found("130203", 2020) == (784667, 2020, True, "unclear")
    assert found("130203", 2023) == (789300, 2023, True, "excluding_zones")
    unclear = next(row for row in load_population() if row.area_code == "130203" and row.scope == "unclear")
    clear = replace(unclear, scope="excluding_zones", population=700000)
    for rows in ([unclear, clear], [clear, unclear]):
        match = best_match(rows, "130203", 2020, "whole")
        assert match is not None
        assert match.row is clear


def test_no_built_up_area_population_is_shipped_so_huizhous_14_4_percent_cannot_be_recomputed() -> None:
    assert found("441300", 2017, "built_up") is None
    assert found("441300", 2017) == (4777000, 2017, True, "whole_city")
    assert not [row for row in load_population() if row.scope == "built_up"]


def test_a_built_up_row_answers_only_the_built_up_question() -> None:
    row = replace(load_population()[0], scope="built_up", population=3000000)
    assert best_match([row], row.area_code, row.year, "whole") is None
    match = best_match([row], row.area_code, row.year, "built_up")
    assert match is not None
    assert match.population == 3000000


def test_unknown_areas_have_no_population_and_wrong_questions_are_refused() -> None:
    assert found("U130200", 2023) is None
    with pytest.raises(AreaNotKnown):
        population_for(load_population(), "130299", 2023)
    with pytest.raises(ValueError, match="population scope 'urban': expected one of whole, built_up"):
        population_for(load_population(), "130200", 2023, "urban")


def test_tangshans_2023_parts_are_200_persons_off_its_printed_total() -> None:
    """Known from the source: a worsening of this rounding gap would mean a lost or doubled row."""
    city, *parts = [
        row for row in load_population() if row.year == 2023 and row.area_code[:3] in ("130", "Z13")
    ]
    assert (city.area_code, len(parts)) == ("130200", 19)
    assert sum(part.population for part in parts) - city.population == 200


@pytest.mark.parametrize(
    ("found_text", "replacement", "message"),
    [
        ("130202,路南区,2020", "130206,路南区,2020", "row 5, column area_code: found '130206'"),
        ("130202,路南区,2020", "U130200,路南区,2020", "row 5, column area_code: found 'U130200'"),
        ("130202,路南区,2020", "130202,路北区,2020", "column area_name: found '路北区', expected a name of"),
        ("2020-11-01,7717983", "2020-11,7717983", "row 3, column as_of: found '2020-11', expected the day"),
        ("2020-11-01,7717983", "2021-11-01,7717983", "column year: found '2020', expected the year of"),
        ("7717983,whole_city", "771.8万,whole_city", "row 3, column permanent_population: found '771.8万'"),
        ("7717983,whole_city", "0,whole_city", "column permanent_population: found '0', expected at least"),
        ("7717983,whole_city", "7717983,whole city", "column scope: found 'whole city'.*mean 'whole_city'"),
        ("whole_city,census", "whole_city,cencus", "column basis: found 'cencus'.*Did you mean 'census'"),
        ("7964000", "7964001", "row 2, column rounded_to: found '1000', expected a rounding that 7964001"),
        ("2020,2020-11-01,7717983", "2019,2019-12-31,7717983", "row 3, column scope: .*a key .* row 2"),
    ],
)  # fmt: skip
def test_a_fault_names_row_column_found_and_expected(
    tmp_path: Path, found_text: str, replacement: str, message: str
) -> None:
    path = tmp_path / "population.csv"
    shutil.copy(REFERENCE / path.name, path)
    text = path.read_text(encoding="utf-8")
    assert found_text in text
    path.write_text(text.replace(found_text, replacement, 1), encoding="utf-8")
    with pytest.raises(ReferenceFault, match="population.csv, .*" + message):
        read_population(tmp_path)
