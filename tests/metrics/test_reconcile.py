"""A city against its parts and against what it has printed: agrees, explained, or to be looked into."""

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.comparability import ComparedFigure
from metrics.compare import concepts
from metrics.observation import Observation
from metrics.periods import Period
from metrics.printed import interval
from metrics.reconcile import Reconciliation, reconcile
from metrics.reconcile.parts import check_one, judge
from metrics.reconcile.published import PublishedCheck, compare, month_ends
from metrics.reconcile.shown import parts_shown
from metrics.reconcile.statements import check_statements
from metrics.reconcile.telling import COLUMNS, VERDICT_TEXTS, as_text, parts_line, rows_of
from metrics.small_counts import mark
from tests.commands import run
from tests.metrics.build_factory import make_build, small_city

CHECKED = Callable[..., Reconciliation]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city(tmp_path_factory.mktemp("small"), is_synthetic=False)


@pytest.fixture(scope="module")
def build(home: Path) -> Build:
    build = open_build(home)
    assert build is not None
    return build


def of(found: Reconciliation, figure_id: str) -> PublishedCheck:
    return next(check for check in found.published if check.printed.figure_id == figure_id)


def codes(check: Any) -> tuple[str, list[str]]:
    return check.verdict, [reason.code for reason in check.reasons]


# The city against its parts.


@pytest.mark.parametrize("window", [None, "to_date"])
def test_every_measure_of_a_city_adds_up_over_areas_and_members(build: Build, window: str | None) -> None:
    found = reconcile(build, "130200", Period.parse("2023"), window)
    counted = [check for check in found.parts if check.measure != "permanent_population"]
    assert {check.measure for check in counted} >= {
        "registered_volunteers",
        "active_volunteers",
        "service_hours",
    }
    assert {check.kind for check in counted} == {"stock", "flow", "distinct"}
    assert {check.verdict for check in counted} == {"agrees"}
    assert all(check.whole is not None for check in counted)
    assert found.to_look_into == 0


def part(area_code: str, value: float | None, **more: Any) -> Observation:
    fields: dict[str, Any] = {
        "indicator": "active_volunteers", "area_code": area_code, "area_name": "", "period_start": date(2023, 1, 1),
        "period_end": date(2023, 12, 31), "window": "year", "basis": "residence", "dimension": "", "member": "",
        "numerator": value, "denominator": None, "value": value, "lower": None, "upper": None,
        "status": "ok" if value is not None else "suppressed", "build_id": "b",
    }  # fmt: skip
    return Observation(**fields | more)


ACTIVE = load_catalogue().indicator("active_volunteers")


def test_people_counted_afresh_may_be_fewer_than_their_parts_but_only_where_one_person_has_several_places() -> (
    None
):
    whole, parts = part("130200", 25), [part("130202", 20), part("130203", 10)]
    assert codes(check_one(whole, parts, ACTIVE, "area")) == ("flagged", ["does_not_add_up"])
    served = [part(row.area_code, row.value, basis="service") for row in (whole, *parts)]
    assert codes(check_one(served[0], served[1:], ACTIVE, "area")) == ("explained", ["counted_afresh"])
    assert judge(15, 30, 20, 0, False)[0] == "flagged"  # fewer than the largest part: impossible
    assert judge(31, 30, 20, 0, False)[0] == "flagged"  # more than all parts together: impossible


def test_a_part_without_a_figure_is_named_and_never_taken_for_zero() -> None:
    whole, parts = part("130200", 25), [part("130202", 20), part("130203", None)]
    check = check_one(whole, parts, ACTIVE, "area")
    assert codes(check) == ("explained", ["parts_missing"])
    assert check.reasons[0].zh == "有 1 个部分没有数值（人数过少，不予显示），其余相加比全市少 5。"
    assert check_one(whole, [part("130202", 26), part("130203", None)], ACTIVE, "area").verdict == "flagged"
    assert codes(check_one(part("130200", None), parts, ACTIVE, "area")) == (
        "not_compared",
        ["whole_missing"],
    )


@pytest.mark.parametrize("shown", [None, 0])
def test_withheld_parts_beside_zeros_are_no_sum_of_zero(shown: float | None) -> None:
    parts = [part("130202", shown), part("130203", None), part("130204", None)]
    check = check_one(part("130200", 11), parts, ACTIVE, "area")
    assert codes(check) == ("not_compared", ["parts_missing"])
    assert (check.parts_sum, check.difference, check.parts_status) == (None, None, "suppressed")
    assert ("其余为 0" in check.reasons[0].zh) == (shown == 0)
    assert parts_line(check)[2:5] == ["11", "人数过少，不予显示", "—"]
    assert parts_shown(check, "en").second == "suppressed because few people are behind it"
    assert check_one(part("130200", 0), [part("130202", 0)], ACTIVE, "area").verdict == "agrees"


def test_hours_may_differ_by_what_floating_point_leaves_and_no_more() -> None:
    hours = load_catalogue().indicator("service_hours")
    for off, verdict in ((0.0001, "agrees"), (0.5, "flagged")):
        assert check_one(part("130200", 10 + off), [part("130202", 10.0)], hours, "area").verdict == verdict


@pytest.mark.parametrize(
    ("year", "verdict", "reasons"),
    [
        ("2023", "agrees", []),  # 771.97万 of the parts and 771.95万 printed: rounding
        ("2021", "explained", ["no_population", "population_kinds", "zones_unclear"]),
    ],
)
def test_residents_differ_for_reasons_of_their_own(
    build: Build, year: str, verdict: str, reasons: list[str]
) -> None:
    check = reconcile(build, "130200", Period.parse(year)).parts[-1]
    assert check.measure == "permanent_population"
    assert check.verdict == verdict
    assert set(codes(check)[1]) <= set(reasons)
    assert bool(check.reasons) == bool(reasons)


def test_only_a_city_has_parts(home: Path) -> None:
    refused = run("metrics", "reconcile", "--area", "130202", "--period", "2023", home=home).require(2)
    assert "唐山市" in refused.err
    assert "130200" in refused.err


# Computed against published.


@pytest.fixture
def planted(tmp_path: Path) -> CHECKED:
    """A city in whose build some counts are what a test says: planted({(measure, window, day): value})."""

    def made(counts: dict[tuple[str, str, str], float], is_synthetic: bool = False) -> Reconciliation:
        days = ("2021-01-01", "2021-12-31")
        path = make_build(
            tmp_path,
            registrations=[
                {"volunteer_key": 1, "registered_on": day, "area_code": "130202"} for day in days[:1]
            ],
            service_records=[
                {"volunteer_key": 1, "service_date": day, "area_code": "130202"} for day in days
            ],
            is_synthetic=is_synthetic,
        )
        with duckdb.connect(str(next((path / "published").glob("*.duckdb")))) as file:
            everybody = {("registered_volunteers", "stock", f"2021-{day}"): 2e6 for day in ("11-30", "12-31")}
            for (measure, window, day), value in {**everybody, **counts}.items():
                file.execute(
                    "UPDATE observations SET value = ? WHERE measure = ? AND basis = 'residence' "
                    "AND area_code = '130200' AND time_window = ? AND period_end = ? AND dimension = ''",
                    [value, measure, window, day],
                )
        build = open_build(path)
        assert build is not None
        return reconcile(build, "130200", Period.parse("2021"))

    return made


def registered(november: float, december: float) -> dict[tuple[str, str, str], float]:
    name = "registered_volunteers"
    return {(name, "stock", "2021-11-30"): november, (name, "stock", "2021-12-31"): december}


@pytest.mark.parametrize(
    ("november", "december", "expected"),
    [
        (1_473_660, 1_473_740, ("within", [])),  # 147.37万: 1,473,650 to 1,473,750
        (1_470_000, 1_475_000, ("explained", ["period"])),  # reached between the two month-ends
        (1_400_000, 1_473_000, ("contradicts", ["below"])),
        (1_480_000, 1_490_000, ("explained", ["platform"])),  # printed of one platform, computed of all
    ],
)
def test_a_stock_is_held_against_the_month_ends_around_the_printed_day(
    planted: CHECKED, november: float, december: float, expected: tuple[str, list[str]]
) -> None:
    check = of(planted(registered(november, december)), "tangshan-2021-07")
    assert codes(check) == expected
    assert [row.period_end for row in check.computed] == [date(2021, 11, 30), date(2021, 12, 31)]
    assert check.difference == december - 1_473_700


@pytest.mark.parametrize(
    ("on_it", "verdict"), [(1_473_700, ("within", [])), (1_480_000, ("contradicts", ["above"]))]
)
def test_a_figure_printed_of_one_platform_is_held_against_its_own_register(
    tmp_path: Path, on_it: float, verdict: tuple[str, list[str]]
) -> None:
    """Tangshan printed 147.37万 on 燕赵志愿云, whatever all platforms together have."""
    days, platforms = ("2021-01-01", "2021-12-31"), ("燕赵志愿云", "志愿汇")
    home = make_build(
        tmp_path,
        registrations=[
            {"volunteer_key": key, "registered_on": days[0], "area_code": "130202", "platform": platform}
            for key, platform in enumerate(platforms)
        ],
        service_records=[{"volunteer_key": 1, "service_date": day, "area_code": "130202"} for day in days],
    )
    with duckdb.connect(str(next((home / "published").glob("*.duckdb")))) as file:
        for dimension, member, value in (("", "", 2e6), ("platform", "燕赵志愿云", on_it)):
            file.execute(
                "UPDATE observations SET value = ? WHERE measure = 'registered_volunteers' "
                "AND area_code = '130200' AND dimension = ? AND member = ?",
                [value, dimension, member],
            )
    build = open_build(home)
    assert build is not None
    found = reconcile(build, "130200", Period.parse("2021"))
    check = of(found, "tangshan-2021-07")
    assert codes(check) == verdict
    assert check.value == on_it
    assert "口径：仅“燕赵志愿云”注册者" in as_text(found)
    assert mark(build) in as_text(found), "what the build withholds is said beside its id"
    told = {row["subject"]: row["variant"] for row in rows_of(found)}
    assert told["tangshan-2021-07"] == "registered=platform:燕赵志愿云"
    assert told["tangshan-2021-22"] == "", "printed of the whole city"


def active(november: float, december: float) -> dict[tuple[str, str, str], float]:
    name = "active_volunteers"
    return {(name, "ytd", "2021-11-30"): november, (name, "ytd", "2021-12-31"): december}


def test_a_printed_yu_is_a_lower_bound(planted: CHECKED) -> None:
    assert codes(of(planted(active(1_100_000, 1_200_000)), "tangshan-2021-22")) == ("within", [])


def test_less_than_a_printed_lower_bound_contradicts_it(planted: CHECKED) -> None:
    found = planted(active(800_000, 900_000))
    assert codes(of(found, "tangshan-2021-22")) == ("contradicts", ["below"])
    assert found.to_look_into >= 1


def test_sample_data_contradict_nobody(planted: CHECKED) -> None:
    found = planted(active(800_000, 900_000), is_synthetic=True)
    assert codes(of(found, "tangshan-2021-22")) == ("explained", ["sample_data"])
    assert "contradicts" not in {check.verdict for check in found.published}


def test_activities_of_campaign_days_are_not_held_against_all_activities(build: Build) -> None:
    assert codes(of(reconcile(build, "130200", Period.parse("2021")), "tangshan-2021-14")) == (
        "explained",
        ["scope"],
    )


def test_what_was_not_computed_is_not_compared(build: Build) -> None:
    found = reconcile(build, "370600", Period.parse("2023"))
    assert {check.verdict for check in found.published} == {"not_compared"}
    assert found.published[0].difference is None


@pytest.mark.parametrize(
    ("city", "period", "figure_id", "code"),
    [
        ("441300", "2017", "huizhou-2017-05", "built_up"),
        ("441300", "2017", "huizhou-2017-07", "period_not_printed"),
        ("441300", "2017", "huizhou-2017-08", "which_year"),
        ("370600", "2023", "yantai-2023-04", "start_not_printed"),
        ("370600", "2023", "d-yantai-hours-per-registered", "start_not_printed"),
        ("411000", "2020", "xuchang-2020-66", "other_start"),
    ],
)
def test_another_reading_is_said_before_any_number_is_judged(
    build: Build, city: str, period: str, figure_id: str, code: str
) -> None:
    check = of(reconcile(build, city, Period.parse(period)), figure_id)
    reason = next(reason for reason in check.reasons if reason.code == code)
    assert reason.zh.endswith("。")
    assert reason.en.endswith(".")
    assert check.verdict != "within"


@pytest.mark.parametrize(
    ("bound", "lowest", "highest", "expected"),
    [
        ("exact", 95, 105, "within"), ("exact", 94, 96, "overlaps"), ("exact", 90, 94, "below"),
        ("exact", 106, 107, "above"), ("at_least", 100, 900, "within"), ("at_least", 99, 99.5, "below"),
        ("at_most", 1, 100, "within"), ("at_most", 101, 102, "above"), ("about", 90, 110, "within"),
        ("about", 89, 89.5, "below"),
    ],
)  # fmt: skip
def test_each_kind_of_bound_has_its_sides(bound: str, lowest: float, highest: float, expected: str) -> None:
    assert compare(interval(Decimal(100), bound, Decimal(10)), lowest, highest) == expected


def figure(figure_id: str) -> ComparedFigure:
    return next(one for concept in concepts() for one in concept.figures if one.figure_id == figure_id)


@pytest.mark.parametrize(
    ("figure_id", "window", "ends"),
    [
        ("tangshan-2021-22", "ytd", ["2021-11", "2021-12"]),
        ("xuchang-2020-59", "month", ["2020-07", "2020-08"]),
        ("yantai-2023-03", "month", ["2023-02", "2023-03"]),  # printed as a month: any day of it
    ],
)
def test_the_months_around_a_printed_day(figure_id: str, window: str, ends: list[str]) -> None:
    assert [period.code for period in month_ends(figure(figure_id), window)] == ends


def test_statements_of_one_city_leave_room_for_each_other_or_are_told_apart() -> None:
    checks = [
        check
        for city in ("371000", "130200", "411000", "441300", "370600")
        for check in check_statements(city)
    ]
    assert checks
    assert "contradicts" not in {check.verdict for check in checks}


# As a command.


def test_the_command_tells_every_check_in_every_format(home: Path) -> None:
    question = ("reconcile", "--area", "130200", "--period", "2021")
    text = run("metrics", *question, home=home).require().out
    assert "全市与各部分 city against its parts" in text
    assert "147.37万名" in text
    assert "待查 to look into" in text
    told = run("metrics", *question, "--format", "json", home=home).require().json()
    rows = list(
        csv.DictReader(io.StringIO(run("metrics", *question, "--format", "csv", home=home).require().out))
    )
    assert len(rows) == len(told["checks"])
    assert {row["check"] for row in rows} == {"parts", "published"}
    assert all(tuple(check) == COLUMNS for check in told["checks"])
    assert {check["verdict"] for check in told["checks"]} <= set(VERDICT_TEXTS)
    assert all(
        check["reasons_zh"]
        for check in told["checks"]
        if check["verdict"] in ("explained", "contradicts", "flagged")
    )
    assert told["to_look_into"] == sum(
        check["verdict"] in ("flagged", "contradicts") for check in told["checks"]
    )


def test_a_synthetic_city_is_marked_in_text_and_table(tmp_path: Path) -> None:
    home = small_city(tmp_path)
    for format_ in ("text", "csv"):
        out = run(
            "metrics", "reconcile", "--area", "130200", "--period", "2021", "--format", format_, home=home
        ).out
        assert "示例数据 Sample data" in out
