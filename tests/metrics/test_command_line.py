"""python -m metrics as outside scripts call it: output, exit codes, sentences."""

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from metrics.build import Build, open_build
from metrics.output import aligned, build_line, width
from metrics.small_counts import mark
from tests.commands import Result, run, run_as_subprocess
from tests.metrics.build_factory import make_build, small_city

Metrics = Callable[..., Result]

QUESTION = ("--area", "130200", "--period", "2023")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_city(tmp_path_factory.mktemp("small"))


@pytest.fixture
def metrics(home: Path) -> Metrics:
    return lambda *arguments: run("metrics", *arguments, home=home)


def test_list_names_every_indicator_and_needs_no_data(tmp_path: Path) -> None:
    rows = run("metrics", "list", "--json", home=tmp_path).require().json()
    assert {row["id"] for row in rows} >= {"active_rate", "registered_share", "service_hours"}
    assert all(row["name"]["zh"] and row["question"]["en"] for row in rows)
    assert "活跃率" in run("metrics", "list", home=tmp_path).require().out
    for row in rows:  # what a definition cites, and its targets, each in one language
        assert not re.search(r"[A-Za-z]{3,}", row["source_zh"]), row["source_zh"]
        assert not re.search(r"[\u4e00-\u9fff]", row["source_en"]), row["source_en"]
        assert len(row["targets"]) == len(row["targets_zh"]) == len(row["targets_en"])
        assert not any(re.search(r"[\u4e00-\u9fff]", one) for one in row["targets_en"])


def test_json_rows_have_the_agreed_fields_and_add_up(metrics: Metrics) -> None:
    rows = metrics("query", "active_rate", *QUESTION, "--by", "district", "--format", "json").require().json()
    (whole,) = metrics("query", "active_rate", *QUESTION, "--format", "json").require().json()
    assert " ".join(whole) == (
        "indicator area_code area_name period_start period_end window basis dimension member numerator "
        "denominator value lower upper status build_id variant population_year"
    )
    assert whole["window"] == "year"
    assert sum(row["numerator"] for row in rows) == whole["numerator"] > 0
    assert sum(row["denominator"] for row in rows) == whole["denominator"] > 0


def test_csv_holds_the_same_rows_and_marks_synthetic_figures(metrics: Metrics) -> None:
    question = ("query", "active_rate", *QUESTION, "--by", "gender")
    result = metrics(*question, "--format", "csv").require()
    rows = list(csv.DictReader(io.StringIO(result.out)))
    expected = metrics(*question, "--format", "json").json()
    assert [row["numerator"] for row in rows] == [str(row["numerator"]) for row in expected]
    assert {row["数据性质"] for row in rows} == {"示例数据 Sample data"}
    assert "示例数据" in result.err


def test_the_table_is_readable_aligned_and_marked(metrics: Metrics) -> None:
    out = metrics("query", "active_rate", *QUESTION, "--by", "district").require().out
    heading, source, _, titles, *lines = out.rstrip("\n").split("\n")
    assert "活跃率" in heading
    assert "2024-01-15-small" in source
    assert "示例数据 Sample data" in source
    assert len(lines) == 20
    start = width(titles[: titles.index("状态")])
    for line in lines:
        assert width(line[: line.index("正常 ok")]) == start


def test_tables_of_chinese_and_latin_text_line_up() -> None:
    assert width("路南 ab（") == 9
    assert aligned([["市", "1"], ["abc", "22"]], right=[1]) == "市    1\nabc  22"


def test_an_area_may_be_named(metrics: Metrics) -> None:
    by_name = metrics("query", "active_rate", "--area", "唐山市", "--period", "2023", "--format", "json")
    assert by_name.require().json()[0]["area_code"] == "130200"


def test_windows_breakdowns_and_bases_reach_the_answer(metrics: Metrics) -> None:
    (row,) = metrics(
        "query", "service_hours", "--area", "130202", "--period", "2023-05", "--window", "rolling12",
        "--basis", "service", "--format", "json",
    ).require().json()  # fmt: skip
    assert (row["window"], row["basis"], row["period_start"]) == ("rolling12", "service", "2023-05-01")


def test_compare_answers_each_comparison_asked_for(metrics: Metrics, home: Path) -> None:
    question = ("compare", "active_rate", "--area", "130202", "--period", "2023", "--with")
    asked = "previous,year_earlier,target,benchmark,period:2021"
    rows = metrics(*question, asked, "--format", "json").require().json()
    assert [row["kind"] for row in rows] == ["previous", "year_earlier", "target", "benchmark", "chosen"]
    (own,), (city,) = (
        metrics("query", "active_rate", "--area", area, "--period", "2023", "--format", "json").json()
        for area in ("130202", "130200")
    )
    benchmark = rows[3]
    assert (benchmark["value"], benchmark["other_value"]) == (own["value"], city["value"])
    assert benchmark["change"] == pytest.approx(own["value"] - city["value"])
    assert benchmark["change_unit"] == "points"
    assert (rows[2]["change"], rows[2]["status"]) == (None, "insufficient")
    table = metrics(*question, asked).require().out
    assert all(row["text_zh"] in table and row["text_en"] in table for row in rows)
    lines = list(csv.DictReader(io.StringIO(metrics(*question, asked, "--format", "csv").require().out)))
    assert [line["kind"] for line in lines] == [row["kind"] for row in rows]
    assert {line["小数字"] for line in lines} == {mark(current(home))}


def test_every_table_says_which_build_and_what_it_withholds(metrics: Metrics, home: Path) -> None:
    """The line under a query's heading is that of every other command, of an internal build above all."""
    build = current(home)
    assert "内部版本" in build_line(build)
    district = ("active_rate", "--area", "130202", "--period", "2023")
    for call in (
        ("query", *district),
        ("compare", *district),
        ("sensitivity", "active_rate", *QUESTION),
        ("analyse", "verdicts", *QUESTION, "--indicator", "active_rate"),
    ):
        assert build_line(build) in metrics(*call).require().out.splitlines(), call


def current(home: Path) -> Build:
    build = open_build(home)
    assert build is not None
    return build


def test_compare_names_what_can_be_compared_with(metrics: Metrics) -> None:
    result = metrics("compare", "active_rate", *QUESTION, "--with", "previus")
    assert result.code == 2
    assert "previous" in result.err
    assert "不能与“previus”比较" in result.err


def test_explain_shows_definition_numbers_and_drops(metrics: Metrics) -> None:
    question = ("explain", "active_rate", "--area", "130200", "--period", "2023-Q4")
    out = metrics(*question).require().out
    assert "唐山市 2023年4季度活跃率为" in out
    assert "drop.csv" in out
    assert "示例数据" in out
    for part in ("计算 calculation", "计数 count", "95% 区间 interval", "上年同期 a year earlier", "结论 claim",
                 "完整性 completeness", "注意 caveat", "数据版本 build", "definition digest"):  # fmt: skip
        assert part in out
    told = metrics(*question, "--format", "json").require().json()
    assert told["observation"]["indicator"] == "active_rate"
    assert metrics(*question, "--json").require().json() == told


@pytest.fixture(scope="module")
def one_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A year of a few people: an export is a row for each month, area, window and member."""
    return make_build(
        tmp_path_factory.mktemp("year"),
        registrations=[
            {"volunteer_key": key, "registered_on": "2023-01-05", "area_code": ("130202", "130203")[key % 2],
             "gender": ("female", "male")[key % 2]}
            for key in range(1, 9)
        ],
        service_records=[
            {"volunteer_key": key, "service_date": f"2023-{4 * key:02d}-05", "service_minutes": 100}
            for key in (1, 2, 3)
        ],
        is_synthetic=True,
    )  # fmt: skip


def test_export_writes_every_figure_with_its_provenance(one_year: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run("metrics", "export", folder, home=one_year).require()
    assert {path.name for path in folder.iterdir()} == {
        "observations.csv", "observations.parquet", "definitions.csv", "withheld.csv",
    }  # fmt: skip
    assert (folder / "observations.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    for name in ("observations.csv", "definitions.csv"):
        text = (folder / name).read_text(encoding="utf-8-sig")
        rows = csv.DictReader(io.StringIO(text))
        assert {(row["build_id"], row["数据性质"]) for row in rows} == {
            ("2024-01-15-test", "示例数据 Sample data")
        }
    table = pq.read_table(folder / "observations.parquet")
    about = json.loads(table.schema.metadata[b"redvest"])
    assert about["build_id"] == "2024-01-15-test"
    assert (about["variant"], about["definition"]) == ("", "通常口径 usual definition")
    assert set(table.column("数据性质").to_pylist()) == {"示例数据 Sample data"}
    assert "not_reported" not in set(table.column("status").to_pylist())
    exported = {
        tuple(row[name] for name in ("indicator", "area_code", "window", "basis", "dimension", "member")): row
        for row in table.to_pylist()
        if row["period_end"].isoformat() == "2023-12-31" and row["window"] == "year"
    }
    for indicator in ("active_rate", "service_hours", "registered_share"):
        (row,) = run("metrics", "query", indicator, *QUESTION, "--format", "json", home=one_year).json()
        found = exported[indicator, "130200", "year", row["basis"], "", ""]
        assert [found[name] for name in ("numerator", "denominator", "value", "lower", "status")] == [
            row[name] for name in ("numerator", "denominator", "value", "lower", "status")
        ]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("query", "activ_rate", *QUESTION), "'active_rate'"),
        (("query", "active_rate", "--area", "130222", "--period", "2023"), "Did you mean '1302"),
        (("query", "active_rate", "--area", "130200", "--period", "last year"), "2021-Q3"),
        (("query", "active_rate", *QUESTION, "--by", "distrct"), "'district'"),
        (("query", "active_rate", *QUESTION, "--window", "month"), "ytd"),
        (("query", "active_rate", *QUESTION, "--basis", "service"), "residence"),
        (("query", "activities", *QUESTION, "--by", "gender"), "district"),
        (("query", "active_rate", *QUESTION, "--format", "xml"), "json"),
        (("query", "active_rate"), "--area"),
        (("query", "active_rate", *QUESTION, "--build", "2020"), "2024-01-15-small"),
        (("explain", "active_rate", "--area", "nowhere", "--period", "2023"), "nowhere"),
        (("frobnicate",), "query"),
        ((), "COMMAND"),
    ],
)
def test_a_wrong_call_is_refused_with_a_hint_and_2(
    metrics: Metrics, arguments: tuple[str, ...], hint: str
) -> None:
    result = metrics(*arguments).require(2)
    assert hint in result.err
    assert "Traceback" not in result.err
    assert result.out == ""
    assert any("\u4e00" <= character <= "\u9fff" for character in result.err)


@pytest.mark.parametrize("arguments", [("query", "active_rate", *QUESTION), ("export", "somewhere")])
def test_nothing_published_says_which_command_to_run_and_1(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = run("metrics", *arguments, home=tmp_path / "empty").require(1)
    assert "python -m etl load" in result.err
    assert not (tmp_path / "empty").exists()


def test_a_folder_that_cannot_be_written_is_a_sentence_and_1(metrics: Metrics, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = metrics("export", tmp_path / "file").require(1)
    assert "Traceback" not in result.err


def test_a_broken_build_is_a_sentence_and_1(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "CURRENT").write_text("gone")
    assert (
        "python -m etl publish"
        in run("metrics", "query", "active_rate", *QUESTION, home=tmp_path).require(1).err
    )


def test_the_command_as_an_operator_starts_it(home: Path) -> None:
    result = run_as_subprocess("metrics", "query", "active_rate", *QUESTION, "--format", "json", home=home)
    assert result.require().json()[0]["status"] == "ok"


def test_an_export_of_some_indicators_and_formats_holds_the_same_rows(one_year: Path, tmp_path: Path) -> None:
    everything, some = tmp_path / "all", tmp_path / "some"
    run("metrics", "export", everything, home=one_year).require()
    asked = ("--format", "csv.gz", "parquet", "--indicator", "active_rate", "service_hours")
    run("metrics", "export", some, *asked, home=one_year).require()
    names = {path.name for path in some.iterdir()}
    assert names == {"observations.csv.gz", "observations.parquet", "definitions.csv", "withheld.csv"}
    lines = (everything / "observations.csv").read_text(encoding="utf-8-sig").splitlines()
    expected = [lines[0], *(line for line in lines if line.startswith(('"active_rate"', '"service_hours"')))]
    with gzip.open(some / "observations.csv.gz", "rt", encoding="utf-8-sig") as file:
        assert file.read().splitlines() == expected
    assert pq.read_table(some / "observations.parquet").num_rows == len(expected) - 1
    assert len(expected) > 10


def test_an_export_of_an_indicator_that_is_none_names_the_nearest(one_year: Path, tmp_path: Path) -> None:
    told = run("metrics", "export", tmp_path, "--indicator", "activ_rate", home=one_year)
    assert "Did you mean 'active_rate'?" in told.require(2).err
    assert not list(tmp_path.iterdir())


def test_an_export_of_every_definition_names_each(one_year: Path, tmp_path: Path) -> None:
    asked = ("--format", "csv", "--indicator", "active_rate")
    run("metrics", "export", tmp_path, *asked, "--variants", "all", home=one_year).require()
    with (tmp_path / "observations.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["variant"] for row in csv.DictReader(file)}
    assert {"", "active=recent", "active=hours_1", "registered=valid_id"} <= found


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("--variant", "active=clockd"), "'clocked'"),
        (("--variant", "active=clocked", "--indicator", "service_hours"), "does not concern service_hours"),
        (("--variant", "registered=platform:nowhere"), "platform"),
        (("--variant", "active=clocked", "--variants", "all"), "--variant"),
    ],
)
def test_an_export_of_a_definition_there_is_not_is_refused(
    one_year: Path, tmp_path: Path, arguments: tuple[str, ...], hint: str
) -> None:
    assert hint in run("metrics", "export", tmp_path, *arguments, home=one_year).require(2).err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("indicator", "window", "said"),
    [
        ("registered_volunteers", "ytd", "2023年6月末 (2023-06, ytd)"),
        ("registered_share", "rolling12", "2023年6月末 (2023-06, rolling12)"),
        ("service_hours", "ytd", "2023年1–6月 (2023-06, ytd)"),
    ],
)
def test_a_stock_is_told_as_of_the_end_of_whatever_window_it_is_asked_in(
    metrics: Metrics, indicator: str, window: str, said: str
) -> None:
    asked = ("--area", "130200", "--period", "2023-06", "--window", window)
    assert said in metrics("query", indicator, *asked).require().out.splitlines()[0]
