"""A break is a day: what lies on different sides of it is not compared, and what contains it is compared with nothing."""

from datetime import date
from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.explain import explain
from metrics.paths import REFERENCE
from metrics.periods import Period
from metrics.population import load_population
from metrics.query import query
from metrics.reference import ReferenceFault
from metrics.series_breaks import SeriesBreak, break_position, breaks_across, breaks_in
from metrics.series_breaks.reading import BreaksNotUsable, load_breaks, read_breaks
from tests.metrics.build_factory import make_build

MIGRATION = SeriesBreak(
    date(2023, 3, 1),
    "130200",
    ("registrations",),
    "platform_migration",
    "换了平台。",
    "Another platform.",
    "test",
)
HEADER = "area_code,concerns,on,kind,text_zh,text_en,source\n"
ENTRY = {
    "area_code": '"370600"', "concerns": '["registrations"]', "on": "2023-03-01", "kind": '"platform_migration"',
    "text_zh": '"迁移。"', "text_en": '"Moved."', "source": '"notice"',
}  # fmt: skip


def across(
    one: SeriesBreak, indicator: str, first: str, second: str, window: str | None = None, area: str = "130200"
):
    spans = [(Period.parse(text), window or Period.parse(text).kind) for text in (first, second)]
    return bool(breaks_across([one], load_catalogue().indicator(indicator), "residence", area, *spans))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2023-01", "2023-02", False),  # ends the day before the break
        ("2023-02", "2023-03", True),  # begins on it
        ("2023-03", "2023-04", False),  # both since
    ],
)
def test_windows_on_different_sides_are_not_compared(first: str, second: str, expected: bool) -> None:
    assert across(MIGRATION, "active_rate", first, second) is expected
    assert across(MIGRATION, "active_rate", second, first) is expected


def test_a_window_that_contains_the_break_compares_with_nothing() -> None:
    assert across(MIGRATION, "new_registrations", "2022-Q4", "2023-Q1")
    assert across(MIGRATION, "new_registrations", "2023-Q1", "2023-Q2")
    assert not across(MIGRATION, "new_registrations", "2023-Q2", "2023-Q3")
    assert across(MIGRATION, "active_volunteers", "2023-05", "2023-06", "rolling12")


def test_what_is_read_on_a_day_lies_on_the_side_of_that_day() -> None:
    assert not across(MIGRATION, "registered_volunteers", "2023-Q1", "2023-Q2")
    assert across(MIGRATION, "registered_volunteers", "2022-Q4", "2023-Q1")
    assert not across(MIGRATION, "ever_active_rate", "2023-03", "2023-04", "to_date")


def test_a_break_concerns_its_sources_only() -> None:
    assert not across(MIGRATION, "activities", "2023-02", "2023-03")
    assert across(MIGRATION, "registered_share", "2023-02", "2023-03")


@pytest.mark.parametrize(
    ("area", "expected"), [("130202", True), ("U130200", True), ("130200", True), ("411000", False)]
)
def test_a_city_s_break_holds_for_its_districts(area: str, expected: bool) -> None:
    assert across(MIGRATION, "active_rate", "2023-02", "2023-03", area=area) is expected


def test_a_district_s_break_is_its_city_s_too_but_not_its_neighbour_s() -> None:
    one = SeriesBreak(
        date(2023, 3, 1), "130202", ("registrations",), "platform_migration", "换", "moved", "t"
    )
    asked = ("active_rate", "2023-02", "2023-03", None)
    assert across(one, *asked, "130200")
    assert not across(one, *asked, "130203")


def test_every_population_before_the_census_is_parted_from_those_since() -> None:
    """The shipped breaks are those the population table calls for: unrevised rows beside rows of the census."""
    unrevised = {row.area_code for row in load_population() if row.basis.endswith("before_census_revision")}
    shipped = {one.area_code: one for one in load_breaks() if one.kind == "population_rebase"}
    assert set(shipped) == unrevised
    for area in unrevised:
        assert across(shipped[area], "registered_share", "2019", "2020", area=area)
        assert not across(shipped[area], "active_rate", "2019", "2020", area=area)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("999999,population,2020-01-01,population_rebase,a,b,c", "column area_code"),
        ("*,popluation,2020-01-01,population_rebase,a,b,c", "Did you mean 'population'?"),
        ("*,population,2020-01,population_rebase,a,b,c", "column on"),
        ("*,population,2020-01-01,rebase,a,b,c", "column kind"),
        ("*,population,2020-01-01,population_rebase,,b,c", "column text_zh"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, row: str, told: str) -> None:
    (tmp_path / "series_breaks.csv").write_text(HEADER + row + "\n", encoding="utf-8")
    with pytest.raises(ReferenceFault, match=r"series_breaks\.csv, row 2") as fault:
        read_breaks(tmp_path)
    assert told in str(fault.value)


def declared(home: Path, **changed: str) -> list[SeriesBreak]:
    lines = [f"{key} = {value}" for key, value in {**ENTRY, **changed}.items() if value]
    (home / "series_breaks.toml").write_text("[[break]]\n" + "\n".join(lines), encoding="utf-8")
    return [one for one in load_breaks(home) if one not in load_breaks()]


def test_a_data_home_declares_its_own(tmp_path: Path) -> None:
    assert load_breaks(tmp_path) == load_breaks() == sorted(read_breaks(REFERENCE))
    (one,) = declared(tmp_path)
    assert (one.on, one.area_code, one.concerns) == (date(2023, 3, 1), "370600", ("registrations",))
    (one,) = declared(tmp_path, area_code='"*"', concerns='["active_volunteers", "activities"]')
    assert one.concerns_area("441300")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"on": '"2023-03-01"'}, "on: expected a day without quotes"),
        ({"on": "2023-03-01T00:00:00"}, "on: expected a day without quotes"),
        ({"concerns": "[]"}, "concerns: expected a list of texts"),
        ({"concerns": '["registration"]'}, "Did you mean 'registrations'?"),
        ({"kind": '"migration"'}, "there is no 'migration'"),
        ({"area_code": '"370699"'}, "there is no area '370699'"),
        ({"text_en": ""}, "text_en: expected a text"),
        ({"since": "1"}, "there is no key 'since'"),
    ],
)
def test_a_declaration_that_cannot_be_used_is_named(
    tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    with pytest.raises(BreaksNotUsable) as fault:
        declared(tmp_path, **changed)
    assert told in fault.value.en
    assert "第 1 处" in fault.value.zh


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2022, 12, 31), None),
        (date(2023, 1, 1), None),  # nothing lies left of it
        (date(2023, 2, 1), 0.5),
        (date(2023, 2, 2), 1.0),
        (date(2023, 3, 31), 2.0),
        (date(2023, 4, 1), None),
    ],
)
def test_where_a_break_is_drawn(on: date, expected: float | None) -> None:
    assert break_position([Period.parse(f"2023-0{month}") for month in (1, 2, 3)], on) == expected


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    people = [{"volunteer_key": key, "registered_on": date(2021 + key % 3, 1, 5)} for key in range(1, 31)]
    records = [{"volunteer_key": 1, "service_date": f"202{year}-05-01"} for year in (1, 2, 3)]
    home = make_build(
        tmp_path_factory.mktemp("b"), registrations=people, service_records=records, breaks=[MIGRATION]
    )
    found = open_build(home)
    assert found is not None
    return found


def test_no_growth_is_computed_across_a_break(build: Build) -> None:
    (row,) = query(build, "registration_growth", "130200", Period.parse("2023"))
    assert (row.status, row.value, row.numerator) == ("series_break", None, None)
    (row,) = query(build, "registration_growth", "130200", Period.parse("2022"))
    assert (row.status, row.value) == ("ok", 100.0)


def test_the_break_is_a_caveat_of_the_figures_it_touches(build: Build) -> None:
    def told(period: str) -> bool:
        return (
            MIGRATION.sentence("zh")
            in explain(build, "active_rate", "130202", Period.parse(period))["caveats"]["zh"]
        )

    assert [told(period) for period in ("2022-12", "2023-02", "2023-03", "2024-02", "2024-03")] == [
        False, False, True, True, False,
    ]  # fmt: skip


def test_the_breaks_of_a_course_are_those_after_its_first_day(build: Build) -> None:
    indicator = load_catalogue().indicator("active_rate")
    rows = [query(build, "active_rate", "130202", Period.parse(f"2023-0{month}"))[0] for month in (2, 3)]
    assert breaks_in(build, indicator, [rows]) == [MIGRATION]
    assert breaks_in(build, indicator, [rows[1:]]) == []
