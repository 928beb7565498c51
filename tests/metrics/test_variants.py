"""口径 as a choice: parsing, what concerns what, what is read, and that the choice is named everywhere.

路南区 (130202) has ten registered people, six of them active in 2023: two gave half an hour, three 3 h, one 30 h.
"""

import csv
import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.comparisons import compare
from metrics.definitions import DefinitionFault
from metrics.explain import describe, explain
from metrics.output import as_csv, as_json, as_table
from metrics.periods import Period
from metrics.query import Observation, QueryRefused, query, series
from metrics.variants import Variant, axes_of, load_axes, variants_of
from metrics.variants.axes import FOLDER, read_axes
from tests.commands import run
from tests.metrics.build_factory import make_build
from tests.metrics.filled_build import Row, fill

AREA, YEAR, END = "130202", Period.parse("2023"), date(2023, 12, 31)
HOURS_OF = {1: 30, 2: 30, 3: 180, 4: 180, 5: 180, 6: 1800}  # person → minutes on 2023-05-01
One = Callable[..., Observation]


def observed(measure: str, window: str, dimension: str, **members: float | None) -> list[Row]:
    basis = "residence"
    return [(measure, basis, AREA, window, END, dimension, name, value) for name, value in members.items()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(
        tmp_path_factory.mktemp("variants"),
        registrations=[
            {"volunteer_key": key, "area_code": AREA, "registered_on": "2021-05-01", "birth_year": 1990,
             "gender": "female" if key % 2 else "male"}
            for key in range(1, 11)
        ] + [{"volunteer_key": 99, "area_code": "130203", "registered_on": "2024-02-01"}],
        service_records=[
            {"volunteer_key": key, "service_date": "2023-05-01", "service_minutes": minutes}
            for key, minutes in HOURS_OF.items()
        ] + [{"volunteer_key": 99, "service_date": "2024-02-01"}]
        # Records have been reported since 2021, though none of them counts before 2023.
        + [{"volunteer_key": 1, "service_date": "2021-01-10", "is_counted": False}],
        activities=[{"activity_key": 1, "starts_on": "2023-05-01"}],
    )  # fmt: skip


@pytest.fixture(scope="module")
def build(home: Path) -> Build:
    return fill(
        home,
        [
            *observed("registered_volunteers", "stock", "identity", id_number=8, number_only=2),
            *observed("active_volunteers", "year", "identity", id_number=4, number_only=2),
            *observed(
                "service_hours", "year", "evidence", clocked=12, manual=20, imported=6, honorary=2, unknown=0
            ),
            *observed("service_visits", "year", "evidence", clocked=3, manual=2, imported=1, unknown=0),
            ("active_clocked_volunteers", "residence", AREA, "year", END, "", "", 3),
            *observed("active_clocked_volunteers", "year", "gender", female=2, male=1),
            ("active_10h_volunteers", "residence", AREA, "to_date", END, "", "", 4),
        ],
    )


@pytest.fixture
def one(build: Build) -> One:
    def ask(indicator: str, variant: str, window: str | None = None, **more: str) -> Observation:
        return query(build, indicator, AREA, YEAR, window, variant=variant, **more)[0]

    return ask


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""),
        (None, ""),
        ("hours=approved,active=clocked", "active=clocked,hours=approved"),
        (" active = clocked , ", "active=clocked"),
        ("active=any,population=whole", ""),
        ("registered=all,active=hours_5", "active=hours_5"),
        ("active=clocked,active=clocked", "active=clocked"),
    ],
)  # fmt: skip
def test_a_code_names_the_choices_in_one_order_without_defaults(text: str | None, code: str) -> None:
    variant = Variant.parse(text)
    assert variant.code == code
    assert Variant.parse(variant.code) == variant


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("activ=clocked", "active", "Did you mean 'active'?"),
        ("active=cloked", "clocked", "Did you mean 'clocked'?"),
        ("active", "没有选项", "has no option ''"),
        ("active=clocked,active=hours_5", "选了两次", "chosen twice"),
        ("active=any,active=hours_5", "选了两次", "chosen twice"),
    ],
)
def test_what_cannot_be_chosen_is_refused_with_the_nearest(text: str, zh: str, en: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        Variant.parse(text)
    assert zh in refusal.value.zh
    assert en in refusal.value.en


# indicator, choice, numerator, denominator (hours_per_active: hours over people)
READINGS = [
    ("active_rate", "", 6, 10),
    ("active_rate", "active=clocked", 3, 10),
    ("active_rate", "active=hours_1", 4, 10),
    ("active_rate", "active=hours_2", 4, 10),
    ("active_rate", "active=hours_5", 1, 10),
    ("active_rate", "active=hours_50", 0, 10),
    ("active_rate", "registered=valid_id", 4, 8),
    ("registered_volunteers", "registered=valid_id", 8, None),
    ("hours_per_active", "hours=clocked", 12, 6),
    ("hours_per_active", "hours=approved", 32, 6),
    ("hours_per_active", "hours=without_honorary", 38, 6),
    ("hours_per_active", "active=hours_2", 39, 4),
    ("hours_per_active", "active=clocked,hours=clocked", 12, 3),
    ("hours_per_visit", "hours=approved", 32, 5),
    ("visits_per_active", "active=clocked,hours=clocked", 3, 3),
    ("service_hours", "hours=approved", 32, None),
]


@pytest.mark.parametrize(("indicator", "variant", "numerator", "denominator"), READINGS)
def test_a_choice_reads_something_else(
    one: One, indicator: str, variant: str, numerator: float, denominator: float | None
) -> None:
    row = one(indicator, variant)
    assert (row.numerator, row.denominator, row.variant) == (numerator, denominator, variant)
    assert row.status == "ok"
    if denominator:
        factor = load_catalogue().indicator(indicator).factor
        assert row.value == pytest.approx(factor * numerator / denominator)


def test_the_cube_itself_answers_every_choice(tmp_path: Path) -> None:
    home = make_build(
        tmp_path,
        registrations=[
            {
                "volunteer_key": key,
                "area_code": AREA,
                "registered_on": "2021-05-01",
                "has_id_number": key != 4,
            }
            for key in range(1, 6)
        ],
        service_records=[
            {
                "volunteer_key": key,
                "service_date": "2023-05-01",
                "service_minutes": hours * 60,
                "evidence": evidence,
            }
            for key, hours, evidence in (
                (1, 1, "clocked"),
                (1, 2, "manual"),
                (2, 5, "honorary"),
                (4, 10, "clocked"),
            )
        ],
    )
    build = fill(home)

    def counts(indicator: str, variant: str) -> tuple[float | None, float | None]:
        (row,) = query(build, indicator, AREA, YEAR, variant=variant)
        return row.numerator, row.denominator

    assert counts("active_rate", "") == (3, 5)
    assert counts("active_rate", "active=clocked") == (2, 5)
    assert counts("active_rate", "active=hours_5") == (2, 5)
    assert counts("active_rate", "registered=valid_id") == (2, 4)
    assert counts("hours_per_active", "") == (18, 3)
    assert counts("hours_per_active", "active=clocked,hours=clocked") == (11, 2)
    assert counts("hours_per_active", "active=hours_5") == (15, 2)
    assert counts("hours_per_active", "hours=approved") == (13, 3)
    assert counts("hours_per_active", "hours=without_honorary") == (13, 3)
    assert counts("hours_per_visit", "hours=clocked") == (11, 2)


def test_a_build_from_before_edges_were_counted_adds_up_its_bands(tmp_path: Path, home: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(home, older)
    path = next((older / "published").glob("*.duckdb"))
    with duckdb.connect(str(path)) as build:
        build.execute("DELETE FROM observations WHERE regexp_matches(measure, '^active_[0-9]+h_')")
        build.execute("UPDATE hours_bands SET people = NULL WHERE band = '20-50' AND time_window = 'to_date'")
    opened = open_build(older)
    assert opened is not None

    def counts(variant: str, window: str) -> tuple[float | None, str]:
        found = query(opened, "hours_per_active", AREA, YEAR, window, variant=variant)[0]
        return found.denominator, found.status

    assert counts("active=hours_2", "year") == (4, "ok")
    assert counts("active=hours_2", "to_date") == (None, "suppressed")
    assert counts("active=hours_50", "to_date") == (0, "no_denominator")


def test_hours_to_date_have_counts_of_their_own(one: One) -> None:
    assert one("ever_active_rate", "active=hours_10").numerator == 4
    assert one("active_rate", "active=hours_10", "to_date").numerator == 4


def test_a_proportion_stays_one_and_a_mean_of_another_definition_has_no_interval(one: One) -> None:
    assert one("active_rate", "active=clocked").lower is not None
    assert one("hours_per_active", "hours=clocked").lower is None


def test_a_population_of_another_scope_is_used_or_missing(one: One) -> None:
    row = one("registered_share", "population=age_16_70")
    assert (row.numerator, row.denominator, row.value, row.status) == (10, None, None, "no_denominator")
    assert one("registered_share", "").value is not None
    assert one("permanent_population", "population=built_up").status == "not_reported"


def test_another_measure_may_be_broken_down_by_what_it_holds(build: Build) -> None:
    rows = query(build, "active_rate", AREA, YEAR, by="gender", variant="active=clocked")
    assert [(row.member, row.numerator, row.denominator) for row in rows] == [
        ("female", 2, 5), ("male", 1, 5), ("unknown", 0, 0),
    ]  # fmt: skip


def test_a_recent_record_is_one_of_twelve_months_whatever_the_window(build: Build) -> None:
    """The records are of May: nobody is active in August, six people were in the twelve months to its end."""
    august, chosen = Period.parse("2023-08"), "active=recent"

    def ask(indicator: str, **more: str) -> list[Observation]:
        return query(build, indicator, AREA, august, **more)

    assert ask("active_rate")[0].numerator == 0
    (recent,) = ask("active_rate", variant=chosen)
    (rolling,) = ask("active_rate", window="rolling12")
    assert (recent.numerator, recent.denominator, recent.window) == (6, 10, "month")
    assert (recent.lower, recent.upper) == (rolling.lower, rolling.upper)
    assert [row.numerator for row in ask("active_rate", by="gender", variant=chosen)] == [3, 3, 0]
    assert ask("hours_per_active", variant=chosen)[0].value == pytest.approx(40 / 6)
    assert "近12个月有记录" in describe(recent, "zh")


def test_consecutive_months_of_a_recent_record_share_eleven(build: Build) -> None:
    (now,) = query(build, "active_rate", AREA, Period.parse("2023-08"), variant="active=recent")
    previous, usual = (
        compare(build, row, ["previous"])[0]
        for row in (now, query(build, "active_rate", AREA, Period.parse("2023-08"))[0])
    )
    assert [reason.code for reason in previous.reasons] == ["not_consecutive"]
    assert previous.other is not None
    assert previous.other.variant == "active=recent"
    assert usual.is_allowed


# indicator, choice, window, breakdown, and what the refusal says
REFUSED = [
    ("registered_share", "hours=clocked", None, None, "those that do: registered, population"),
    ("activities", "active=clocked", None, None, "none does"),
    ("active_rate", "active=clocked,registered=valid_id", None, None, "no cross of the two"),
    ("hours_per_active", "active=clocked", None, None, "Choose hours=clocked as well"),
    ("hours_per_active", "active=clocked,hours=approved", None, None, "Choose hours=clocked as well"),
    ("hours_per_active", "active=hours_5,hours=clocked", None, None, "no cross of the two"),
    (
        "hours_per_registered",
        "registered=valid_id",
        None,
        None,
        "does not hold service_hours of these people",
    ),
    ("visits_per_active", "active=hours_5", None, None, "does not hold service_visits of these people"),
    ("active_rate", "active=hours_5", "rolling12", None, "for the windows ytd, year, to_date only"),
    ("active_rate", "active=hours_5", None, "gender", "no breakdown by gender"),
    ("ever_active_rate", "active=recent", None, None, "fixes its window (to_date)"),
    ("active_volunteers", "active=recent", None, "activity_state", "none over the window rolling12"),
    ("hours_per_active", "active=recent,hours=clocked", None, None, "no cross of the two"),
    ("active_rate", "registered=valid_id", None, "age_band", "no breakdown by age_band"),
    ("service_hours", "hours=clocked", None, "gender", "no breakdown by gender"),
]


@pytest.mark.parametrize(("indicator", "variant", "window", "by", "message"), REFUSED)
def test_what_a_build_does_not_hold_is_refused_in_a_sentence(
    build: Build, indicator: str, variant: str, window: str | None, by: str | None, message: str
) -> None:
    with pytest.raises(QueryRefused) as refusal:
        query(build, indicator, AREA, YEAR, window, by=by, variant=variant)
    assert message in refusal.value.en
    assert re.search("[\u4e00-\u9fff]", refusal.value.zh)


def test_a_month_has_no_bands(build: Build) -> None:
    with pytest.raises(QueryRefused, match="ytd"):
        query(build, "active_rate", AREA, Period.parse("2023-05"), variant="active=hours_5")
    assert query(build, "ever_active_rate", AREA, Period.parse("2023-05"), variant="active=hours_5")


def test_axes_are_offered_where_they_concern(build: Build) -> None:
    catalogue = load_catalogue()
    offered = {entry.id: [axis.id for axis in axes_of(entry)] for entry in catalogue.all()}
    assert offered["active_rate"] == ["registered", "active"]
    assert offered["hours_per_resident"] == ["hours", "population"]
    assert offered["activities"] == []
    for entry in catalogue.all():
        variants = variants_of(entry, "year")
        assert variants[0].code == ""
        assert all(variant.applies_to(entry) for variant in variants)
    codes = [variant.code for variant in variants_of(catalogue.indicator("hours_per_active"), "month")]
    assert codes == [
        "",
        "hours=clocked",
        "hours=approved",
        "hours=without_honorary",
        "active=recent",
        "active=clocked,hours=clocked",
    ]


def test_the_choice_is_named_in_sentences_tables_and_files(build: Build, one: One) -> None:
    row = one("active_rate", "active=clocked")
    assert describe(row, "zh").startswith("唐山市路南区 2023年活跃率（口径：活跃＝有自动签到记录）为 30.0%")
    assert "active rate (with active = a clocked record): 30.0%" in describe(row, "en")
    assert "口径 活跃＝有自动签到记录 active=clocked" in as_table(build, [row]).splitlines()[0]
    assert json.loads(as_json([row]))[0]["variant"] == "active=clocked"
    assert list(json.loads(as_json([row]))[0])[-2:] == ["variant", "population_year"]
    assert next(csv.DictReader(io.StringIO(as_csv(build, [row]))))["variant"] == "active=clocked"
    explanation = explain(build, "active_rate", AREA, YEAR, variant="active=clocked")
    assert explanation["variant"]["zh"] == "活跃＝有自动签到记录"
    assert explanation["observation"]["variant"] == "active=clocked"
    assert "不使用签到的平台会显得很低" in explanation["caveats"]["zh"][0]
    assert "口径" not in describe(one("active_rate", ""), "zh")


def test_a_series_carries_the_choice(build: Build) -> None:
    rows = series(build, "active_rate", AREA, YEAR, count=2, variant="active=clocked")
    assert [(row.period.code, row.variant) for row in rows] == [
        ("2022", "active=clocked"),
        ("2023", "active=clocked"),
    ]


def test_the_command_line_takes_a_choice(build: Build, home: Path) -> None:
    question = ("--area", AREA, "--period", "2023", "--variant", "active=hours_2")
    (row,) = run("metrics", "query", "active_rate", *question, "--format", "json", home=home).require().json()
    assert (row["numerator"], row["variant"]) == (4, "active=hours_2")
    assert (
        "口径 definition: 活跃＝满2小时" in run("metrics", "explain", "active_rate", *question, home=home).out
    )
    refused = run("metrics", "query", "registered_share", *question, home=home).require(2)
    assert "registered、population" in re.sub("（[^）]*）", "", refused.err)


FAULTS = [
    ("active.toml", "concerns =", "concern =", "active.toml: unknown key 'concern'. Did you mean 'concerns'?"),
    ("active.toml", 'concerns = ["active_volunteers"]', 'concerns = ["actve_volunteers"]',
     "concerns: found 'actve_volunteers'"),
    ("active.toml", 'default = "any"', 'default = "clocked"', "default: 'clocked' reads something else"),
    ("active.toml", "hours_from = 5,", "hours_from = 7,", "expected an edge of hours_bands.csv"),
    ("active.toml", 'active_volunteers = { window = "rolling12" }', 'active_volunteers = { window = "rolling11" }',
     "window: found 'rolling11'"),
    ("active.toml", '["hours=clocked"]', '["hours=cloked"]', "goes_with: no choice 'hours=cloked'. Did you mean"),
    ("active.toml", 'measure = "active_clocked_volunteers"', 'measure = "service_hours"',
     "service_hours is not a subset of active_volunteers"),
    ("hours.toml", 'members = ["clocked"]', 'members = ["cloked"]', "members: found 'cloked'"),
    ("hours.toml", 'dimension = "evidence"', 'dimension = "evidense"', "dimension: found 'evidense'"),
    ("hours.toml", "\nservice_visits = {", "\nservice_visit = {",
     "reads: no measure called 'service_visit'. Did you mean 'service_visits'?"),
    ("registered.toml", 'members = ["id_number"]', 'members = ["id_number", "number_only"]',
     "it is a distinct count, so one member"),
    ("population.toml", 'scope = "built_up"', 'scope = "built-up"', "Did you mean 'built_up'?"),
    ("population.toml", 'scope = "built_up"', 'scope = "built_up", measure = "activities"', "expected exactly one of"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_an_axis_that_cannot_be_right_is_refused_with_its_place(
    tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = tmp_path / "variants"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    # The last of several: registered.toml ends with the distinct count.
    before, _, after = text.rpartition(old)
    (folder / file).write_text(before + new + after, encoding="utf-8")
    with pytest.raises(DefinitionFault, match=re.escape(message)):
        read_axes(folder, load_catalogue())


def test_every_option_speaks_both_languages() -> None:
    for axis in load_axes().values():
        for option in axis.options.values():
            for texts in (axis.names, option.names, option.notes):
                assert re.search("[\u4e00-\u9fff]", texts["zh"])
                assert not re.search("[\u4e00-\u9fff]", texts["en"])
                assert not re.search("[\u4e00-\u9fff][,;:?()]|[,;:?()][\u4e00-\u9fff]", texts["zh"])
