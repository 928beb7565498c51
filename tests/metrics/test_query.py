"""Questions and answers: statuses, breakdowns, intervals, and what is refused.

Tangshan reports registrations and service up to November 2023 (the last drops came in on 20 November), and no
activities; Weihai reports service only.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from metrics.areas import AreaNotKnown, load_areas
from metrics.build import Build, open_build
from metrics.catalogue import IndicatorNotKnown
from metrics.observation import COLUMNS, STATUSES, Observation, strongest
from metrics.periods import Period, PeriodNotKnown
from metrics.population import load_population, population_for
from metrics.query import QueryRefused, query, series
from metrics.sentences import describe
from metrics.statistics import byar_interval, wilson_interval
from tests.metrics.build_factory import make_build

One = Callable[..., Observation]

JSON_FIELDS = [
    "indicator", "area_code", "area_name", "period_start", "period_end", "window", "basis", "dimension",
    "member", "numerator", "denominator", "value", "lower", "upper", "status", "build_id", "variant",
    "population_year",
]  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    people = [("130202", "2021-05-01")] * 10 + [("130203", "2022-05-01")] * 5 + [("U130200", "2022-06-01")]
    home = make_build(
        tmp_path_factory.mktemp("query"),
        registrations=[
            {"volunteer_key": key, "area_code": area, "registered_on": day, "birth_year": 1990,
             "gender": "female" if key % 2 else "male"}
            for key, (area, day) in enumerate(people, start=1)
        ],
        service_records=[
            {"volunteer_key": key, "service_date": day, "service_minutes": 90}
            for day in ("2022-03-05", "2023-03-05", "2023-11-05") for key in (1, 2, 3, 11)
        ] + [{"volunteer_key": 99, "service_date": "2023-03-05", "area_code": "371002", "drop_id": 4}],
        drops=[
            {"drop_id": 1, "source": "registrations", "area_code": "130200", "received_at": "2023-11-20 09:00"},
            {"drop_id": 2, "source": "service_hours", "area_code": "130200", "received_at": "2023-11-20 09:00"},
            {"drop_id": 4, "source": "service_hours", "received_at": "2023-12-01 09:00"},
        ],
        today=date(2023, 12, 10),
    )  # fmt: skip
    build = open_build(home)
    assert build is not None
    return build


@pytest.fixture
def one(build: Build) -> One:
    def ask(indicator: str, period: str, window: str | None = None, area: str = "130202", **more: str):
        (row,) = query(build, indicator, area, Period.parse(period), window, **more)
        return row

    return ask


def test_an_observation_has_the_agreed_fields_in_their_order(one: One) -> None:
    assert list(COLUMNS) == JSON_FIELDS
    row = one("active_rate", "2023-03").as_dict()
    assert list(row) == JSON_FIELDS
    assert row == {
        "indicator": "active_rate", "area_code": "130202", "area_name": "路南区",
        "period_start": "2023-03-01", "period_end": "2023-03-31", "window": "month", "basis": "residence",
        "dimension": "", "member": "", "numerator": 3, "denominator": 10, "value": 30.0,
        "lower": pytest.approx(10.7791, abs=1e-4), "upper": pytest.approx(60.3222, abs=1e-4),
        "status": "ok", "build_id": "2024-01-15-test", "variant": "",
        "population_year": None,
    }  # fmt: skip


def test_people_are_whole_numbers_and_hours_are_not(one: One) -> None:
    assert isinstance(one("active_rate", "2023-03").numerator, int)
    assert one("hours_per_registered", "2023-03").numerator == 4.5
    assert one("hours_per_registered", "2023-03").value == 0.45
    assert one("hours_per_active", "2023-03").value == 1.5


def test_each_rate_is_its_numerator_over_its_denominator(build: Build, one: One) -> None:
    people = population_for(load_population(), "130200", 2023)
    assert people is not None
    city = {"area": "130200", "period": "2023-Q1"}
    assert one("registered_share", **city).value == 100 * 16 / people.population
    assert one("hours_per_resident", **city).value == 6.0 / people.population
    assert one("ever_active_rate", **city).value == 25.0
    assert one("registration_growth", "2023-06", area="130200").value == 0.0
    assert one("registration_growth", "2022-05", area="130200").value == 50.0


def test_the_ever_active_rate_counts_everything_up_to_the_end_whatever_the_window(one: One) -> None:
    for period, window in (("2023-02", "month"), ("2023-02", "ytd"), ("2023-02", "to_date")):
        row = one("ever_active_rate", period, window)
        assert (row.numerator, row.denominator, row.window) == (3, 10, window)
    assert one("active_rate", "2023-02").numerator == 0


def test_the_whole_is_the_recount_of_its_parts(build: Build) -> None:
    period = Period.parse("2023-03")
    for indicator in ("active_rate", "hours_per_registered", "registered_volunteers"):
        (whole,) = query(build, indicator, "130200", period)
        for by in ("district", "gender", "age_band"):
            parts = query(build, indicator, "130200", period, by=by)
            assert sum(row.numerator or 0 for row in parts) == whole.numerator
            if whole.denominator is not None:
                assert sum(row.denominator or 0 for row in parts) == whole.denominator


def test_a_breakdown_by_district_is_a_row_per_child_with_the_unknown_last(build: Build) -> None:
    rows = query(build, "active_rate", "130200", Period.parse("2023-03"), by="district")
    assert [row.area_code for row in rows] == [area.area_code for area in load_areas().children("130200")]
    assert rows[-1].area_code == "U130200"
    assert {row.dimension for row in rows} == {""}


def test_a_breakdown_by_member_keeps_the_area_and_names_every_member(build: Build) -> None:
    rows = query(build, "active_rate", "130202", Period.parse("2023-03"), by="gender")
    assert [(row.area_code, row.dimension, row.member, row.numerator, row.denominator) for row in rows] == [
        ("130202", "gender", "female", 2, 5),
        ("130202", "gender", "male", 1, 5),
        ("130202", "gender", "unknown", 0, 0),
    ]
    assert rows[-1].status == "no_denominator"


def test_population_by_gender_is_missing_but_the_numerator_is_shown(build: Build) -> None:
    rows = query(build, "registered_share", "130200", Period.parse("2023-03"), by="gender")
    assert [(row.numerator, row.denominator, row.value, row.status) for row in rows] == [
        (8, None, None, "no_denominator"),
        (8, None, None, "no_denominator"),
        (0, None, None, "no_denominator"),
    ]


@pytest.mark.parametrize(
    ("period", "window", "status"),
    [
        ("2021-04", "month", "not_reported"),  # before anybody registered
        ("2022-03", "month", "ok"),
        ("2023-10", "month", "ok"),
        ("2023-11", "month", "provisional"),  # the drop came in on the 20th
        ("2023-Q4", "quarter", "provisional"),
        ("2023", "year", "provisional"),
        ("2023-12", "month", "not_reported"),
        ("2023-12", "ytd", "provisional"),  # has begun in January
        ("2024-10", "rolling12", "provisional"),  # has begun in November 2023
        ("2024-11", "rolling12", "not_reported"),
        ("2024-01", "ytd", "not_reported"),
        ("2024-01", "to_date", "not_reported"),
        ("2022", "year", "provisional"),  # records begin in its course
    ],
)
def test_a_window_is_complete_begun_or_not_reported(one: One, period: str, window: str, status: str) -> None:
    row = one("active_rate", period, window)
    assert row.status == status
    assert (row.value is None) == (row.numerator is None) == (status == "not_reported")


def test_a_window_that_has_begun_shows_what_is_known(one: One) -> None:
    assert one("service_hours", "2023-12", "ytd").value == 9.0
    assert one("service_hours", "2024-10", "rolling12").value == 4.5
    assert one("registered_volunteers", "2024-10", "rolling12").value == 10


def test_a_source_that_never_came_is_not_reported_rather_than_zero(one: One) -> None:
    for indicator in ("registered_volunteers", "active_rate", "hours_per_registered"):
        row = one(indicator, "2023-03", area="371000")
        assert (row.status, row.value, row.numerator) == ("not_reported", None, None)
    assert one("service_hours", "2023-03", area="371000", basis="service").value == 1.0
    assert one("service_hours", "2023-03", area="371000").status == "not_reported"
    assert one("activities", "2023-03", area="130200").status == "not_reported"
    assert one("active_rate", "2023-03", area="441300").status == "not_reported"


def test_zero_people_give_no_rate(one: One) -> None:
    row = one("active_rate", "2023-03", area="130204")
    assert (row.numerator, row.denominator, row.value, row.status) == (0, 0, None, "no_denominator")
    assert (row.lower, row.upper) == (None, None)


def test_an_area_without_population_has_no_share_but_a_numerator(one: One) -> None:
    row = one("registered_share", "2023-03", area="U130200")
    assert (row.numerator, row.denominator, row.value, row.status) == (1, None, None, "no_denominator")


def test_population_of_an_earlier_year_is_said(one: One) -> None:
    assert one("registered_share", "2022-12", area="130200").status == "denominator_year"
    assert one("registered_share", "2022-12", area="130200").denominator == 7717983
    assert one("registered_share", "2023-10", area="130200").status == "ok"
    told = one("registered_share", "2022-12", area="130200")
    assert told.population_year == 2020
    assert describe(told, "zh").endswith("；人口用较早年份代替（2020年）。")
    assert describe(told, "en").endswith("; population of an earlier year (2020).")
    whole = one("registered_share", "2023-10", area="130200")
    assert (whole.population_year, whole.told_status) == (2023, "ok")
    # What is stronger wins: the window is not over either.
    unfinished = one("registered_share", "2024-10", "rolling12", area="130200")
    assert unfinished.status == "provisional"
    assert describe(unfinished, "zh").endswith("；未完结，暂定；人口用较早年份代替（2023年）。")
    assert one("active_rate", "2022-12", area="130200").population_year is None


def test_growth_needs_a_year_before(one: One) -> None:
    before = one("registration_growth", "2022-04", area="130202")
    assert (before.numerator, before.value, before.status) == (None, None, "insufficient")
    from_zero = one("registration_growth", "2022-05", area="130203")
    assert (from_zero.numerator, from_zero.denominator, from_zero.value) == (5, 0, None)
    assert from_zero.status == "insufficient"
    assert one("registration_growth", "2021-05", area="130202").status == "insufficient"
    assert one("registration_growth", "2021-04", area="130202").status == "not_reported"
    assert one("registration_growth", "2023-11", area="130202").status == "provisional"


def test_the_stronger_status_is_shown() -> None:
    assert strongest("ok", "provisional") == "provisional"
    assert strongest("provisional", "not_reported", "ok") == "not_reported"
    assert strongest("denominator_year", "series_break") == "series_break"
    assert STATUSES[-1] == "ok"


def test_proportions_have_wilson_limits_and_counts_by_themselves_have_none(build: Build, one: One) -> None:
    rows = query(build, "active_rate", "130200", Period.parse("2023"), by="district")
    measured = [row for row in rows if row.value is not None]
    lower, upper = wilson_interval(
        [row.numerator for row in measured], [row.denominator for row in measured], 0.95
    )
    assert [row.lower for row in measured] == pytest.approx(100 * lower)
    assert [row.upper for row in measured] == pytest.approx(100 * upper)
    for indicator in ("registration_growth", "service_hours", "visits_per_active"):
        assert one(indicator, "2023-03").lower is None


def test_counts_per_residents_have_byar_limits(one: One) -> None:
    row = one("registered_share", "2023-03", area="130200")
    lower, upper = byar_interval([16], [row.denominator or 0], 0.95, 100)
    assert (row.lower, row.upper) == (pytest.approx(lower[0]), pytest.approx(upper[0]))
    assert 0 < (row.lower or 0) < (row.value or 0) < (row.upper or 0)
    assert one("hours_per_resident", "2023-03", area="130200").lower is None


def test_a_series_is_the_same_questions_asked_one_by_one(build: Build) -> None:
    last = Period.parse("2023-06")
    rows = series(build, "active_rate", "130200", last, "rolling12", count=5)
    assert [row.period.code for row in rows] == ["2023-02", "2023-03", "2023-04", "2023-05", "2023-06"]
    for row in rows:
        assert [asdict(row)] == [
            asdict(again) for again in query(build, "active_rate", "130200", row.period, "rolling12")
        ]
    assert [row.period.code for row in series(build, "activities", "130200", Period.parse("2023"), count=2)] == [
        "2022", "2023",
    ]  # fmt: skip


def test_the_basis_may_be_chosen_where_the_definition_leaves_it_open(build: Build, one: One) -> None:
    assert one("service_hours", "2023-03").basis == "residence"
    # Records without activity or place of their own were served where the person lives.
    assert one("service_hours", "2023-03", basis="service").value == 4.5
    assert one("hours_per_resident", "2023-03", basis="service").basis == "service"
    assert one("hours_per_registered", "2023-03", basis="residence").basis == "residence"


@pytest.mark.parametrize(
    ("indicator", "basis"),
    [("hours_per_registered", "service"), ("hours_per_resident", "residence"), ("active_rate", "service"),
     ("activities", "residence")],
)  # fmt: skip
def test_a_basis_the_definition_does_not_have_is_refused(one: One, indicator: str, basis: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        one(indicator, "2023-03", basis=basis)
    other = "service" if basis == "residence" else "residence"
    assert basis in refusal.value.zh
    assert other in refusal.value.zh
    assert refusal.value.en.endswith(f"it has {other}.")


def test_questions_that_make_no_sense_are_refused_in_both_languages(build: Build) -> None:
    period = Period.parse("2023")
    refusals = [
        (QueryRefused, ("active_rate", "130200", period, None, None, "gendre"), "'gender'"),
        (QueryRefused, ("active_rate", "130202", period, None, None, "district"), "no areas below"),
        (QueryRefused, ("activities", "130200", period, None, None, "gender"), "by district"),
        (QueryRefused, ("permanent_population", "130200", period, None, None, "age_band"), "by district"),
        (QueryRefused, ("active_rate", "130200", period, None, "servce"), "'service'"),
        (PeriodNotKnown, ("active_rate", "130200", period, "month"), "ytd"),
        (IndicatorNotKnown, ("active", "130200", period), "metrics list"),
    ]
    for kind, question, hint in refusals:
        with pytest.raises(kind) as refusal:
            query(build, *question)
        assert hint in refusal.value.en
        assert refusal.value.zh
    with pytest.raises(AreaNotKnown):
        query(build, "active_rate", "130299", period)
    with pytest.raises(QueryRefused):
        series(build, "active_rate", "130200", period, count=0)


def test_the_population_can_be_asked_by_itself(build: Build, one: One) -> None:
    assert one("permanent_population", "2023", area="130200").value == 7719500
    assert one("permanent_population", "2025", area="130200").status == "denominator_year"
    assert one("permanent_population", "2023", area="U130200").status == "not_reported"
    rows = query(build, "permanent_population", "130200", Period.parse("2023"), by="district")
    assert sum(row.value is not None for row in rows) > 10


def test_periods_are_known_again_from_an_observation(build: Build) -> None:
    for code in ("2023", "2023-Q2", "2023-02"):
        assert query(build, "active_rate", "130200", Period.parse(code))[0].period == Period.parse(code)


def path_of(build: Build) -> Path:
    ((path,),) = build.rows("SELECT path FROM duckdb_databases() WHERE database_name = 'build'")
    return Path(path)


def test_a_build_holds_no_fact(build: Build) -> None:
    tables = {name for (name,) in build.rows("SELECT table_name FROM duckdb_tables()")}
    assert tables == {
        "manifest", "observations", "coverage", "areas", "population", "home_population", "indicators", "measures", "reviews",
        "drops",
        "quality", "flags", "flag_checks", "corrections", "completeness", "gaps", "hours_bands", "cohorts", "days", "day_kinds",
        "series_breaks", "to_day", "disclosure", "platforms",
    }  # fmt: skip
    assert path_of(build).stat().st_size < 20_000_000
