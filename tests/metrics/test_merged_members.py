"""Withheld members are told together where the total less those shown says it anyway, and nowhere else."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.export import export
from metrics.members import member_name
from metrics.observation import Observation
from metrics.output import as_table
from metrics.periods import Period
from metrics.query import breakdown, query
from metrics.sentences import describe, status_text
from metrics.statistics import wilson_interval
from tests.metrics.build_factory import make_build
from tests.metrics.filled_build import fill

CITY, AREA, YEAR, END = "130200", "130202", Period.parse("2023"), date(2023, 12, 31)
REGISTERED = ("registered_volunteers", "residence", AREA, "stock", END, "age_band")
ACTIVE = ("active_volunteers", "residence", AREA, "year", END, "age_band")
HOURS = ("service_hours", "residence", AREA, "year", END, "age_band")
# Registered and active people by age band; in two more districts 30 and 40, half of them active.
PEOPLE = {"14-17": (2008, 20, 15), "18-35": (1995, 20, 12), "46-59": (1970, 30, 20), "60-69": (1960, 25, 10)}
YOUNG = ("14-17", "18-35")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    registrations, records = [], []

    def register(area: str, people: int, active: int, **more: object) -> None:
        for number in range(people):
            key = len(registrations) + 1
            row = {
                "volunteer_key": key,
                "area_code": area,
                "registered_on": "2021-05-01",
                "platform": "abc"[number % 3],
                **more,
            }
            registrations.append(row)
            if number < active:
                records.append({"volunteer_key": key, "service_date": "2023-05-01", "service_minutes": 90})

    for born, people, active in PEOPLE.values():
        register(AREA, people, active, birth_year=born)
    for area, people in (("130203", 30), ("130204", 40), ("130205", 50)):
        register(area, people, people // 2, birth_year=1970)
    for day in ("2022-12-31", "2024-02-01"):
        records.append({"volunteer_key": 1, "service_date": day})
    return make_build(
        tmp_path_factory.mktemp("merged"), registrations=registrations, service_records=records, threshold=10
    )


def filled(made: Path, folder: Path, *rows: tuple[object, ...]) -> Build:
    """The build with some of its counts changed by hand, None for withheld."""
    return fill(Path(shutil.copytree(made, folder / "home")), rows)  # type: ignore[arg-type]


def withholding(made: Path, folder: Path, count: tuple[object, ...], *members: str) -> Build:
    return filled(made, folder, *((*count, member, None) for member in members))


def merged_of(
    build: Build, indicator: str, area: str = AREA, by: str = "age_band", **more: str
) -> Observation | None:
    """The merged row, the last one; all others are those of the plain query."""
    rows = breakdown(build, indicator, area, YEAR, by=by, **more)
    plain = query(build, indicator, area, YEAR, by=by, **more)
    assert rows[: len(plain)] == plain
    assert len(rows) <= len(plain) + 1
    return rows[-1] if len(rows) > len(plain) else None


def test_two_withheld_members_are_told_together(made: Path, tmp_path: Path) -> None:
    row = merged_of(withholding(made, tmp_path, REGISTERED, *YOUNG), "registered_volunteers")
    assert row is not None
    assert (row.value, row.numerator, row.status) == (40, 40, "merged")
    assert (row.area_code, row.dimension, row.member, row.is_merged) == (
        AREA,
        "age_band",
        "14-17|18-35",
        True,
    )
    assert member_name(row.dimension, row.member, "zh") == "合并 2 项：14–17岁、18–35岁"
    assert member_name(row.dimension, row.member, "en").startswith("2 members merged: 14–17")
    assert status_text(row.told_status, "zh") == "不予显示的各项合并"
    assert "合并 2 项" in describe(row, "zh")


def test_a_rate_is_of_the_same_members_on_both_sides(made: Path, tmp_path: Path) -> None:
    build = filled(
        made, tmp_path, *((*ACTIVE, band, None) for band in YOUNG), *((*REGISTERED, band, None) for band in ("18-35", "46-59")),
    )  # fmt: skip
    row = merged_of(build, "active_rate")
    assert row is not None
    assert row.member == "14-17|18-35|46-59"
    assert (row.numerator, row.denominator) == (47, 70)
    assert row.value == pytest.approx(100 * 47 / 70)
    lower, upper = wilson_interval([47], [70], 0.95)
    assert (row.lower, row.upper) == pytest.approx((100 * lower[0], 100 * upper[0]))


def test_hours_are_told_with_the_people_who_gave_them(made: Path, tmp_path: Path) -> None:
    cells = [(*count, band, None) for count in (ACTIVE, HOURS) for band in YOUNG]
    build = filled(made, tmp_path / "enough", *cells)
    hours, mean = merged_of(build, "service_hours"), merged_of(build, "hours_per_active")
    assert hours is not None
    assert mean is not None
    assert hours.value == pytest.approx(40.5, abs=1e-9)
    assert (mean.numerator, mean.denominator, mean.lower) == (hours.value, 27, None)
    few = filled(made, tmp_path / "few", *cells, (*ACTIVE[:5], "", "", 39))
    assert merged_of(few, "service_hours") is None


@pytest.mark.parametrize(
    "rows",
    [
        [(*REGISTERED, "14-17", None)],  # one alone
        [(*REGISTERED, band, None) for band in PEOPLE],  # all: the total says it
        [
            *((*REGISTERED, band, None) for band in YOUNG),
            (*REGISTERED[:5], "", "", None),
        ],  # the total is withheld
        [
            *((*REGISTERED, band, None) for band in YOUNG),
            (*REGISTERED[:5], "", "", 64),
        ],  # nine people together
        [*((*REGISTERED, band, None) for band in YOUNG), (*REGISTERED[:5], "", "", 55)],  # nobody
    ],
    ids=["one", "all", "no total", "few", "nobody"],
)
def test_nothing_is_told_together_otherwise(
    made: Path, tmp_path: Path, rows: list[tuple[object, ...]]
) -> None:
    assert merged_of(filled(made, tmp_path, *rows), "registered_volunteers") is None


def test_platforms_overlap_and_are_never_merged(made: Path, tmp_path: Path) -> None:
    platform = ("registered_volunteers", "residence", AREA, "stock", END, "platform")
    build = withholding(made, tmp_path, platform, "b", "c")
    rows = breakdown(build, "registered_volunteers", AREA, YEAR, by="platform")
    assert [row.status for row in rows] == ["ok", "suppressed", "suppressed"]


def test_districts_of_a_city_are_told_together_but_not_against_residents(made: Path, tmp_path: Path) -> None:
    cells = [
        ("registered_volunteers", "residence", area, "stock", END, "", "", None)
        for area in ("130203", "130204")
    ]
    build = filled(made, tmp_path, *cells)
    row = merged_of(build, "registered_volunteers", CITY, "district")
    assert row is not None
    assert (row.area_code, row.dimension, row.member) == (CITY, "district", "130203|130204")
    assert (row.value, row.status) == (70, "merged")
    assert member_name(row.dimension, row.member, "zh") == "合并 2 个地区：路北区、古冶区"
    rate = merged_of(build, "active_rate", CITY, "district")
    assert rate is not None
    assert (rate.numerator, rate.denominator) == (35, 70)
    residents = next(
        one.id for one in load_catalogue().all()
        if one.denominator and one.denominator.measure.scopes and one.numerator.measure.id == "registered_volunteers"
    )  # fmt: skip
    assert merged_of(build, residents, CITY, "district") is None


def test_a_window_that_still_runs_is_told_so_of_merged_members_too(made: Path, tmp_path: Path) -> None:
    day = date(2024, 12, 31)
    registered = ("registered_volunteers", "residence", AREA, "stock", day, "age_band")
    build = withholding(made, tmp_path, registered, *YOUNG)
    rows = breakdown(build, "registered_volunteers", AREA, Period.parse("2024"), by="age_band")
    withheld = [row for row in rows if row.status == "suppressed"]
    assert len(withheld) == 2
    assert rows[-1].is_merged
    assert rows[-1].status == "provisional"
    assert rows[-1].told_status.endswith("+merged")


def test_tables_and_exports_name_what_is_merged(made: Path, tmp_path: Path) -> None:
    build = withholding(made, tmp_path, REGISTERED, *YOUNG)
    table = as_table(build, breakdown(build, "registered_volunteers", AREA, YEAR, by="age_band"))
    assert "不予显示的各项合并 merged" in table
    assert table.splitlines()[-2] == "合并 2 项：14–17岁、18–35岁（总数减去已显示的各项）"
    export(build, tmp_path / "export", ["csv"], [load_catalogue().indicator("registered_volunteers")])
    with (tmp_path / "export" / "observations.csv").open(encoding="utf-8-sig", newline="") as file:
        merged = [row for row in csv.DictReader(file) if row["member"] == "14-17|18-35"]
    assert {(row["area_code"], float(row["numerator"]), row["status"]) for row in merged} == {
        (AREA, 40.0, "merged")
    }
    with (tmp_path / "export" / "withheld.csv").open(encoding="utf-8-sig", newline="") as file:
        (line,) = [
            row for row in csv.DictReader(file)
            if (row["measure"], row["dimension"]) == ("registered_volunteers", "age_band")
        ]  # fmt: skip
    assert int(line["merged"]) >= 2
