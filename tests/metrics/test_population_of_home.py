"""A data home's own population rows: read strictly, kept in the build, and the denominators no shipped row gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from metrics.build import Build, open_build
from metrics.explain import explain
from metrics.periods import Period
from metrics.population import (
    OF_HOME,
    PopulationNotUsable,
    load_population,
    population_for,
    population_of_home,
)
from metrics.query import query
from tests.commands import REPOSITORY, load, run
from tests.metrics.build_factory import make_build

HEADER = "area_code,area_name,year,as_of,permanent_population,scope,basis,rounded_to,source,certainty\n"
BUILT_UP = "441300,惠州市,2017,2017-12-31,1500000,built_up,supplied_by_user,1000,惠州市城建统计（市文明办提供）,high\n"
OF_AGES = "441300,惠州市,2017,2017-12-31,3600000,age_16_70,supplied_by_user,1000,惠州市公安局（市文明办提供）,high\n"
Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(text: str) -> Path:
        path = tmp_path / OF_HOME
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text, encoding="utf-8")
        return tmp_path

    return write


def test_a_home_without_the_file_adds_nothing(tmp_path: Path) -> None:
    assert population_of_home(tmp_path) == []
    assert population_for(load_population(), "441300", 2017, "built_up") is None


def test_own_rows_are_added_and_go_before_shipped_ones_of_the_same_area_day_and_scope(
    written: Written,
) -> None:
    shipped = population_for(load_population(), "441300", 2017)
    assert shipped is not None
    assert shipped.row.scope == "whole_city"
    again = "441300,惠州市,2017,2017-12-31,4800000,whole_city,supplied_by_user,1000,惠州市统计局,high\n"
    rows = load_population(population_of_home(written(BUILT_UP + again)))
    assert len(rows) == len(load_population()) + 1
    found = [population_for(rows, "441300", 2017, scope) for scope in ("whole", "built_up", "age_16_70")]
    assert [one and one.population for one in found] == [4800000, 1500000, None]


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        ("built_up", "builtup", "第 2 行 scope 列：写的是“builtup”，应为统计范围", "row 2, column scope: found 'builtup'"),
        ("441300", "441399", "第 2 行 area_code 列：写的是“441399”，应为areas.csv", "row 2, column area_code: found '441399'"),
        ("1500000", "150万", "permanent_population 列：写的是“150万”，应为人数", "column permanent_population: found '150万'"),
        ("惠州市城建统计（市文明办提供）", "", "source 列：写的是“”，应为出处", "column source: found ''"),
        (HEADER, "area_code,scope\n", "表头和行列应与", "row 1, column area_name"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_told_in_both_languages(
    tmp_path: Path, old: str, new: str, zh: str, en: str
) -> None:
    path = tmp_path / OF_HOME
    path.parent.mkdir(parents=True)
    path.write_text((HEADER + BUILT_UP).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PopulationNotUsable) as told:
        population_of_home(tmp_path)
    assert zh in told.value.zh
    assert en in told.value.en
    assert OF_HOME in told.value.zh
    assert OF_HOME in told.value.en


def test_a_repeated_row_is_told_with_the_row_it_repeats(written: Written) -> None:
    with pytest.raises(PopulationNotUsable) as told:
        population_of_home(written(BUILT_UP + OF_AGES + BUILT_UP))
    assert "第 4 行与第 2 行的地区、日期、统计范围相同" in told.value.zh
    assert "not used in row 2" in told.value.en


def test_a_spreadsheet_may_have_saved_the_file_in_gbk(written: Written) -> None:
    home = written("")
    (home / OF_HOME).write_bytes((HEADER + BUILT_UP).encode("gbk"))
    (row,) = population_of_home(home)
    assert (row.area_name, row.source) == ("惠州市", "惠州市城建统计（市文明办提供）")


@pytest.fixture(scope="module")
def huizhou(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Huizhou in 2017, 450 registered (a thousandth of what it printed), with populations of its own."""
    home = tmp_path_factory.mktemp("huizhou")
    (home / "reference").mkdir()
    rows = (BUILT_UP + OF_AGES).replace("1500000", "1500").replace("3600000", "3600").replace(",1000,", ",1,")
    (home / OF_HOME).write_text(HEADER + rows, encoding="utf-8")
    make_build(
        home,
        registrations=[
            {"volunteer_key": key, "area_code": "441302", "registered_on": "2016-05-01"} for key in range(1, 451)
        ] + [{"volunteer_key": 451, "area_code": "441302", "registered_on": "2018-01-31"}],
        own_population=population_of_home(home),
    )  # fmt: skip
    build = open_build(home)
    assert build is not None
    return build


def share(build: Build, variant: str, area: str = "441300") -> tuple[float | None, float | None, str]:
    (found,) = query(build, "registered_share", area, Period.parse("2017"), variant=variant)
    return found.denominator, found.value, found.status


def test_built_up_and_age_variants_answer_with_the_homes_own_population(huizhou: Build) -> None:
    assert share(huizhou, "population=built_up") == (1500, 30.0, "ok")
    assert share(huizhou, "population=age_16_70") == (3600, 12.5, "ok")
    told = explain(huizhou, "registered_share", "441300", Period.parse("2017"), variant="population=built_up")
    assert "建成区" in told["sentence"]["zh"]


def test_an_area_without_such_a_row_has_a_status_and_no_value(huizhou: Build) -> None:
    assert share(huizhou, "population=built_up", "441302") == (None, None, "no_denominator")


def test_the_printed_share_of_the_built_up_area_is_of_other_people(huizhou: Build) -> None:
    """Trap 4: 14.4 % is those of the built-up area over its residents; the whole city's 450 over them is not it."""
    denominator, value, _ = share(huizhou, "population=built_up")
    assert value is not None
    assert denominator is not None
    assert value > 14.4
    assert (
        round(14.4 / 100 * denominator) == 216
    )  # people of the built-up area, which no register tells apart
    told = explain(huizhou, "registered_share", "441300", Period.parse("2017"), variant="population=built_up")
    assert any("分子仍是全域" in caveat for caveat in told["caveats"]["zh"])


def test_publishing_keeps_the_homes_rows_and_refuses_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    home = tmp_path / "home"
    load(home, REPOSITORY / "data" / "sample" / "130200")
    (home / "reference").mkdir()
    row = "130200,唐山市,2020,2020-11-01,4000000,built_up,supplied_by_user,1000,唐山市城建统计,high\n"
    (home / OF_HOME).write_text(HEADER + row, encoding="utf-8")
    run("etl", "publish", home=home).require()
    build = open_build(home)
    assert build is not None
    match = build.population_for("130200", 2020, "built_up")
    assert match is not None
    assert match.population == 4000000
    assert build.rows("SELECT count(*) FROM population WHERE scope = 'built_up'") == [(1,)]
    (home / OF_HOME).write_text(HEADER + row.replace("built_up", "bulit_up"), encoding="utf-8")
    refused = run("etl", "publish", home=home)
    assert refused.code == 2
    assert "reference/population.csv 不能用：第 2 行 scope 列" in refused.err
    assert "Did you mean 'built_up'" in refused.err


def test_a_build_of_before_there_were_such_rows_reads_the_shipped_ones(
    huizhou: Build, tmp_path: Path
) -> None:
    ((path,),) = huizhou.rows("SELECT path FROM duckdb_databases() WHERE database_name = 'build'")
    older = tmp_path / "published" / Path(path).name
    older.parent.mkdir()
    shutil.copy(path, older)
    with duckdb.connect(str(older)) as build:
        build.execute("DROP TABLE home_population")
    (older.parent / "CURRENT").write_text(older.stem, encoding="utf-8")
    opened = open_build(tmp_path)
    assert opened is not None
    assert opened.population == load_population()
