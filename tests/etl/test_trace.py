"""A trace is a second way to every figure: what it finds adds up to what was published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.trace import ROWS_LISTED, trace
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.periods import Period, window_span
from metrics.query import query
from metrics.variants import Variant, indicator_of, variants_of
from tests.commands import load, run
from tests.generate import CITY, SECOND_CITY, make_case

AREAS = [CITY, "130202", f"U{CITY}", SECOND_CITY]
WINDOWS = [
    *[("2020-02", "month"), ("2021-Q2", "quarter"), ("2021", "year"), ("2021-05", "ytd")],
    *[("2021-02", "rolling12"), ("2021-Q3", "to_date")],
]
MEASURES = [
    (measure.id, basis)
    for measure in load_catalogue().measures.values()
    if measure.id != "permanent_population"
    for basis in (measure.bases or ("residence",))
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a case that has everything: leavers, two platforms, corrections, unknown areas."""
    directory = tmp_path_factory.mktemp("traced")
    load(directory / "home", *make_case(3, people=40, records=200).write(directory / "drops"))
    return directory / "home"


@pytest.fixture(scope="module")
def build(home: Path) -> Build:
    build = open_build(home)
    assert build is not None
    return build


@pytest.fixture(scope="module")
def warehouse(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy, because a process cannot open one file in two ways at once."""
    copy = shutil.copy(home / "warehouse.duckdb", tmp_path_factory.mktemp("copy") / "warehouse.duckdb")
    with duckdb.connect(str(copy), config={"threads": 1}) as connection:
        yield connection


@pytest.mark.parametrize(
    ("number", "measure", "basis"), [(n, *measure) for n, measure in enumerate(MEASURES)]
)
def test_what_is_traced_is_what_was_published(
    warehouse: duckdb.DuckDBPyConnection, build: Build, number: int, measure: str, basis: str
) -> None:
    """Every area and every window, in other pairs for each measure."""
    wrong, seen = [], 0
    for place, (code, window) in enumerate(WINDOWS):
        area = AREAS[(number + place) % len(AREAS)]
        period = Period.parse(code)
        if window not in (load_catalogue().measures[measure].windows or (window,)):
            continue
        published = query(build, measure, area, period, window, basis)[0].numerator
        start, end = window_span(period, window)
        found = trace(warehouse, measure, basis, area, start, end)
        assert found is not None
        if published is None or abs(found.total - published) > 1e-9:
            wrong.append(f"{area} {code} {window}: published {published}, traced {found.total}")
        seen += found.total > 0
        assert sum(rows for *_, rows in found.drops) >= min(len(found.rows), ROWS_LISTED)
    assert wrong == []
    # Nobody of this case has been registered for three years without a record.
    assert seen >= 2 or measure == "sleeping_36m_volunteers", "hardly any figure was more than nothing"


VARIANTS = [
    (indicator.id, variant.code)
    for indicator in load_catalogue().all()
    for variant in variants_of(indicator, "year", "", {"platform": ("燕赵志愿云", "志愿汇")})
    if variant.choices and "population" not in dict(variant.choices)
]


@pytest.mark.parametrize(("indicator_id", "code"), VARIANTS, ids=[" ".join(one) for one in VARIANTS])
def test_what_is_traced_of_another_definition_is_what_was_published_of_it(
    warehouse: duckdb.DuckDBPyConnection, build: Build, indicator_id: str, code: str
) -> None:
    period, variant = Period.parse("2021"), Variant.parse(code)
    for area in (CITY, "130202"):
        row = query(build, indicator_id, area, period, "year", variant=code)[0]
        indicator = indicator_of(row)
        published = [row.numerator, row.denominator]
        if indicator.kind == "growth" and row.numerator is not None:
            published[0] = (row.numerator or 0) + (row.denominator or 0)
        for term, count in zip((indicator.numerator, indicator.denominator), published, strict=True):
            if term is None or term.measure.scopes or count is None:
                continue
            then = period.years_earlier(term.years_earlier)
            start, end = window_span(then, term.window or "year")
            basis = term.basis or (row.basis if row.basis in term.measure.bases else term.measure.bases[0])
            found = trace(warehouse, term.measure.id, basis, area, start, end, variant.reading(term))
            assert found is not None
            assert found.total == pytest.approx(count, abs=1e-9), (area, term.measure.id)


def test_the_command_traces_a_definition_chosen(home: Path) -> None:
    asked = ("active_rate", "--area", CITY, "--period", "2021", "--variant", "active=hours_5")
    answer = run("etl", "trace", *asked, "--json", home=home).require().json()
    usual = run("etl", "trace", *asked[:-2], "--json", home=home).require().json()
    assert [side["adds_up"] for side in answer["sides"]] == [True, True]
    assert answer["figure"]["variant"] == "active=hours_5"
    assert answer["sides"][0]["traced"] < usual["sides"][0]["traced"]
    assert "满5小时" in run("etl", "trace", *asked, home=home).require().out


def test_population_is_not_traced_to_drops(warehouse: duckdb.DuckDBPyConnection) -> None:
    end = Period.parse("2021").end
    assert trace(warehouse, "permanent_population", "residence", CITY, None, end) is None


@pytest.mark.parametrize(
    ("indicator", "period", "window"),
    [
        *[("active_rate", "2021", "year"), ("hours_per_registered", "2021-05", "rolling12")],
        *[
            ("registration_growth", "2021", "year"),
            ("registered_share", "2020", "year"),
            ("activities", "2021", "year"),
        ],
    ],
)
def test_both_sides_of_an_indicator_are_told_with_files_and_rows(
    home: Path, indicator: str, period: str, window: str
) -> None:
    arguments = [indicator, "--area", CITY, "--period", period, "--window", window]
    answer = run("etl", "trace", *arguments, "--json", home=home).require().json()
    assert answer["figure"]["indicator"] == indicator
    kinds = {side["side"]: side for side in answer["sides"]}
    assert {side["adds_up"] for side in answer["sides"]} <= {True, None}
    assert kinds["numerator"]["drops"]
    assert all(
        set(drop) == {"drop_id", "file_name", "supplier", "rows"} for drop in kinds["numerator"]["drops"]
    )
    assert all(row["row_no"] >= 2 for row in kinds["numerator"]["rows"])
    for side in answer["sides"]:
        # The runs are all rows of each drop, and the rows listed first are in them.
        rows = {drop["drop_id"]: 0 for drop in side["drops"]}
        for span in side.get("spans", ()):
            rows[span["drop_id"]] += span["last"] - span["first"] + 1
        assert rows == {drop["drop_id"]: drop["rows"] for drop in side["drops"]}
        for row in side.get("rows", ()):
            assert any(
                span["drop_id"] == row["drop_id"] and span["first"] <= row["row_no"] <= span["last"]
                for span in side["spans"]
            )
    spoken = run("etl", "trace", *arguments, home=home).require().out
    assert f"traced: {kinds['numerator']['traced']}" in spoken
    assert kinds["numerator"]["drops"][0]["file_name"] in spoken


def test_the_rows_named_are_rows_of_the_files(home: Path, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Row 2 is the first below the header, as a spreadsheet counts."""
    found = trace(warehouse, "activities", "service", CITY, None, Period.parse("2022").end)
    assert found is not None
    paths = dict(warehouse.execute("SELECT drop_id, path FROM drops").fetchall())
    for drop_id, row_no in found.rows:
        content = Path(paths[drop_id]).read_bytes()
        text = content.decode("gb18030" if b"\xbb\xee" in content[:4] else "utf-8")
        assert "清洁家园" in text.splitlines()[row_no - 1]


def test_a_trace_that_does_not_add_up_says_so(home: Path, tmp_path: Path) -> None:
    """Facts that changed behind the build's back."""
    home = Path(shutil.copytree(home, tmp_path / "home"))
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("DELETE FROM registrations WHERE area_code = '130202'")
    result = run("etl", "trace", "registered_volunteers", "--area", CITY, "--period", "2021", home=home)
    assert result.code == 1
    assert "追溯合计与发布值不一致" in result.err
    assert "does not add up" in result.err


def test_a_figure_that_was_not_published_is_said_not_to_be(home: Path) -> None:
    told = run("etl", "trace", "active_rate", "--area", CITY, "--period", "2035", home=home).require()
    assert "这一数值没有发布（未报送）" in told.err
    assert "No value was published here (not reported)" in told.err
    assert "分子 numerator:" in told.out
    assert "= None" not in told.out


def test_with_builds_only_the_trace_ends_at_the_drops_and_nothing_is_written(
    home: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "published only"
    shutil.copytree(home / "published", copy / "published")
    arguments = ["service_hours", "--area", CITY, "--period", "2021"]
    told = run("etl", "trace", *arguments, home=copy).require()
    answer = run("etl", "trace", *arguments, "--json", home=copy).require().json()
    traced = run("etl", "trace", *arguments, "--json", home=home).require().json()
    behind = {drop["file_name"] for side in traced["sides"] for drop in side["drops"]}
    named = {drop["file_name"] for drop in answer["drops"]}
    # The ledger does not say that another city's drop has a record of somebody registered here.
    assert behind - named == {"06-hours-xuchang.csv"}
    assert len(behind & named) > 1
    assert all(name in told.out for name in named)
    assert "只能追溯到报送" in told.err
    assert [path.name for path in copy.iterdir()] == ["published"]


def test_nothing_is_published_over_builds_from_an_empty_warehouse(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "published only"
    shutil.copytree(home / "published", copy / "published")
    before = (copy / "published" / "CURRENT").read_text()
    result = run("etl", "publish", home=copy)
    assert result.code != 0
    assert "没有发布空的版本" in result.err
    assert (copy / "published" / "CURRENT").read_text() == before
