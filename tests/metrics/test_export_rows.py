"""The rows of an export are those that say something, whichever way they are found."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from metrics import export
from metrics.areas import load_areas
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.export import batches, dimensions_of, periods_between, says_something
from metrics.observation import Observation
from metrics.observe import Question, observe
from metrics.query import query
from metrics.variants import Variant, variants_of
from tests.metrics.build_factory import small_city

INDICATORS = (
    "active_rate",
    "service_hours",
    "registration_growth",
    "new_registrations_per_10k",
    "permanent_population",
)
WINDOWS = [("quarter", "quarter"), ("year", "year")]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Reported from one year on where registrations go further back; some cells hidden, as disclosure leaves them."""
    home = small_city(tmp_path_factory.mktemp("b"), since=2019)
    with duckdb.connect(str(home / "published" / "2024-01-15-small.duckdb")) as connection:
        connection.execute("UPDATE observations SET value = NULL WHERE value BETWEEN 1 AND 2")
    found = open_build(home)
    assert found is not None
    return found


def every_row(build: Build, indicator_id: str) -> list[Observation]:
    """Asked for one by one: every area, period and member, of which most say nothing."""
    indicator = load_catalogue().indicator(indicator_id)
    places = [load_areas().get("130200"), *load_areas().children("130200")]
    spans = build.coverage("130200").values()
    first_on, last_on = min(one.first_on for one in spans), max(one.last_on for one in spans)
    return [
        row
        for kind, window in WINDOWS
        for basis in indicator.bases
        for dimension in dimensions_of(indicator, window)
        for row in observe(
            build,
            Question(indicator, window, basis, dimension),
            places,
            periods_between(kind, first_on, last_on),
        )
    ]


@pytest.mark.parametrize("indicator_id", INDICATORS)
def test_an_export_has_every_row_that_says_something_and_no_other(
    build: Build, indicator_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "windows_of", lambda _: WINDOWS)
    rows = every_row(build, indicator_id)
    exported = [row for batch in batches(build, [load_catalogue().indicator(indicator_id)]) for row in batch]
    assert exported == [row for row in rows if says_something(row)]
    assert [row.begins_before_data for row in exported] == [
        row.begins_before_data for row in rows if says_something(row)
    ]
    assert len(exported) < len(rows)


def test_every_window_is_exported_with_its_own_first_day(build: Build, tmp_path: Path) -> None:
    (table,) = [
        pq.read_table(path)
        for path in export.export(build, tmp_path, ["parquet"], [load_catalogue().indicator("active_rate")])
        if path.suffix == ".parquet"
    ]
    day, first = date(2022, 5, 31), {}
    for row in table.select(["window", "period_start", "period_end"]).to_pylist():
        if row["period_end"] in (day, date(2022, 6, 30), date(2022, 12, 31)):
            first.setdefault((row["window"], row["period_end"]), set()).add(row["period_start"])
    assert first["month", day] == {date(2022, 5, 1)}
    assert first["ytd", day] == {date(2022, 1, 1)}
    assert first["rolling12", day] == {date(2021, 6, 1)}
    assert first["to_date", day] == {None}
    assert first["quarter", date(2022, 6, 30)] == {date(2022, 4, 1)}
    assert first["year", date(2022, 12, 31)] == {date(2022, 1, 1)}


def exported(build: Build, indicator_id: str, variant: str | None) -> list[Observation]:
    chosen = None if variant is None else Variant.parse(variant)
    found = batches(build, [load_catalogue().indicator(indicator_id)], chosen)
    return [row for batch in found for row in batch]


@pytest.mark.parametrize(
    "variant", ["active=clocked", "active=hours_5", "active=recent", "registered=valid_id"]
)
def test_a_definition_chosen_is_exported_as_it_is_answered(build: Build, variant: str) -> None:
    rows = exported(build, "active_rate", variant)
    assert {row.variant for row in rows} == {variant}
    for row in [one for one in rows if not one.dimension][::9]:
        asked = (row.indicator, row.area_code, row.period, row.window, row.basis, None, variant)
        assert query(build, *asked) == [row]
    usual = exported(build, "active_rate", "")
    assert [row.value for row in rows] != [row.value for row in usual]


def test_every_definition_is_exported_with_its_name(build: Build) -> None:
    rows = exported(build, "hours_per_active", None)
    declared = variants_of(load_catalogue().indicator("hours_per_active"), offered=build.offered("130200"))
    assert len(declared) > 10
    assert {row.variant for row in rows} == {variant.code for variant in declared}
    for code in ("", "active=clocked,hours=clocked"):
        assert [row for row in rows if row.variant == code] == exported(build, "hours_per_active", code)


def test_an_export_of_a_definition_leaves_out_what_has_none_such(build: Build) -> None:
    found = {row.indicator for batch in batches(build, (), Variant.parse("hours=approved")) for row in batch}
    assert {"service_hours", "hours_per_registered"} <= found
    assert not found & {"active_rate", "registered_share"}


def test_a_file_of_one_definition_says_which(build: Build, tmp_path: Path) -> None:
    asked = ([load_catalogue().indicator("active_rate")], Variant.parse("active=clocked"))
    table = pq.read_table(export.export(build, tmp_path, ["parquet"], *asked)[0])
    told = json.loads(table.schema.metadata[b"redvest"])
    assert told["variant"] == "active=clocked"
    assert "有自动签到记录" in told["definition"]
    assert set(table.column("variant").to_pylist()) == {"active=clocked"}
