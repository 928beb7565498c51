"""How a ranking changes with the definition.

Hours per visit in 2023, by place: all records 4, 3, 2 and none; clocked ones 1, 5, 2; without honorary 4, 3, 2.
"""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from metrics.areas import load_areas
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.periods import Period
from metrics.population import PopulationRow
from metrics.query import QueryRefused
from metrics.rank_moves import Move
from metrics.sensitivity import (
    Sensitivity,
    UnderVariant,
    most_moved,
    reason_left_out,
    sensitivity,
)
from metrics.sensitivity_text import by_area, left_out, range_notes, sensitivity_text, variant_line, verdict
from metrics.small_counts import mark
from metrics.variants import Variant
from tests.commands import run
from tests.metrics.analysis_factory import observed
from tests.metrics.build_factory import make_build
from tests.metrics.filled_build import Row, fill

YEAR, END = Period.parse("2023"), date(2023, 12, 31)
RATE = load_catalogue().indicator("active_rate")
AREAS = ("130202", "130203", "130204", "130205")
CLOCKED = {"130202": 1.0, "130203": 5.0, "130204": 2.0}
FULL = {"130202": 4.0, "130203": 3.0, "130204": 2.0}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    people = range(1, 5)
    return make_build(
        tmp_path_factory.mktemp("sensitivity"),
        registrations=[
            {"volunteer_key": key, "area_code": area, "registered_on": "2021-05-01"}
            for key, area in zip(people, AREAS, strict=True)
        ] + [{"volunteer_key": 99, "registered_on": "2024-02-01"}],
        service_records=[
            {"volunteer_key": key, "service_date": "2023-05-01", "service_minutes": 60 * FULL[area]}
            for key, area in zip(people, AREAS, strict=True) if area in FULL
        ] + [{"volunteer_key": 99, "service_date": "2024-02-01"}],
    )  # fmt: skip


@pytest.fixture(scope="module")
def build(home: Path) -> Build:
    rows: list[Row] = []
    for member, hours in (("clocked", CLOCKED), ("imported", FULL)):
        for area, value in hours.items():
            rows.append(("service_hours", "residence", area, "year", END, "evidence", member, value))
            rows.append(("service_visits", "residence", area, "year", END, "evidence", member, 1.0))
    # The catalogue's own evidence of these records is unknown; here it is not.
    for measure in ("service_hours", "service_visits"):
        rows += [(measure, "residence", area, "year", END, "evidence", "unknown", 0.0) for area in FULL]
    return fill(home, rows)


@pytest.fixture(scope="module")
def result(build: Build) -> Sensitivity:
    return sensitivity(build, "hours_per_visit", AREAS, YEAR)


def test_values_and_ranks_under_every_variant(result: Sensitivity) -> None:
    rows = {row.variant.code: row for row in result.rows}
    assert list(rows) == ["", "hours=clocked", "hours=approved", "hours=without_honorary"]
    assert rows[""].ranks == {"130202": 1, "130203": 2, "130204": 3}
    assert [rows["hours=clocked"].value(area) for area in AREAS] == [1.0, 5.0, 2.0, None]
    assert rows["hours=clocked"].ranks == {"130203": 1, "130204": 2, "130202": 3}
    assert rows["hours=approved"].ranks == rows["hours=clocked"].ranks
    assert rows["hours=without_honorary"].ranks == {"130203": 1, "130202": 2, "130204": 3}
    assert result.areas == ["130202", "130203", "130204", "130205"]


def test_each_area_has_the_range_of_its_ranks(result: Sensitivity) -> None:
    assert {area: result.rank_range(area) for area in AREAS} == {
        "130202": (1, 3), "130203": (1, 2), "130204": (2, 3), "130205": None,
    }  # fmt: skip
    assert result.common_areas == ["130202", "130203", "130204"]
    assert result.value_range("130202") == (1.0, 4.0)


def test_what_the_build_withholds_is_said_beside_its_id(build: Build, result: Sensitivity) -> None:
    assert mark(build) in sensitivity_text(build, result)


def test_tau_is_kendall_s_against_the_usual_ranking(result: Sensitivity) -> None:
    assert result.rows[0].tau is None
    clocked = result.rows[1]
    # Of three pairs one keeps its order: (1 − 2) / 3.
    assert clocked.tau == pytest.approx(-1 / 3)
    moved = most_moved(result, clocked)
    assert moved == Move("130202", (1, 1), (3, 3))
    assert moved.text() == "1 → 3"
    assert most_moved(result, result.rows[0]) is None


def test_variants_without_any_value_are_named(build: Build) -> None:
    shares = sensitivity(build, "registered_share", AREAS, YEAR)
    assert "population=built_up" in [variant.code for variant in shares.without_values]


Values = dict[str, float | None]


def under(code: str, usual: Values, values: Values) -> UnderVariant:
    """One variant's row, the ranks by value (highest first)."""
    ranks, before = (
        {
            area: 1 + sum(other > value for other in found.values() if other is not None)
            for area, value in found.items()
            if value is not None
        }
        for found in (values, usual)
    )
    why = reason_left_out(before, ranks) if code else ""
    observations = {
        area: observed(value, area, status="suppressed" if value is None else "ok")
        for area, value in values.items()
    }
    return UnderVariant(Variant.parse(code), observations, ranks, None, before.keys() <= ranks.keys(), why)


def drawn(*columns: tuple[str, list[float | None]]) -> Sensitivity:
    """Areas a, b, c … of Tangshan under variants; the first column is the usual one."""
    areas = [area.area_code for area in load_areas().children("130200")][: len(columns[0][1])]
    named = [(code, dict(zip(areas, values, strict=True))) for code, values in columns]
    return Sensitivity(RATE, tuple(under(code, named[0][1], found) for code, found in named), ())


def ranges(result: Sensitivity) -> list[tuple[int, int] | None]:
    return [result.rank_range(area) for area in result.rows[0].observations]


def test_a_variant_in_which_all_are_tied_ranks_nobody() -> None:
    result = drawn(("", [9, 8, 7, 6]), ("active=clocked", [4, 5, 3, 2]), ("active=hours_100", [0, 0, 0, 0]))
    assert [row.why_left_out for row in result.rows] == ["", "", "all_tied"]
    assert ranges(result) == [(1, 2), (1, 2), (3, 3), (4, 4)]
    assert result.value_range(result.areas[0]) == (4, 9)
    assert most_moved(result, result.rows[2]) is None
    text = " ".join(variant_line(result, result.rows[2]))
    assert "全部并列，不比 all tied" in text


@pytest.mark.parametrize(
    ("shown", "why"),
    [([3, 1, None, None], "few_areas"), ([3, 1, 2, None], ""), ([None, None, 2, 1], "few_areas")],
)
def test_a_variant_that_shows_fewer_than_three_areas_is_left_out(shown: list[float | None], why: str) -> None:
    result = drawn(("", [9, 8, 7, 6]), ("active=clocked", shown))
    assert result.rows[1].why_left_out == why


def test_a_variant_that_shows_less_than_half_of_many_areas_is_left_out() -> None:
    usual: list[float | None] = [9, 8, 7, 6, 5, 4, 3, 2]
    three: list[float | None] = [1, 2, 3, *[None] * 5]
    four: list[float | None] = [1, 2, 3, 4, *[None] * 4]
    assert drawn(("", usual), ("active=clocked", three)).rows[1].why_left_out == "few_areas"
    assert drawn(("", usual), ("active=clocked", four)).rows[1].why_left_out == ""


def test_ranges_are_among_the_areas_that_every_compared_variant_shows() -> None:
    # The second area is withheld in one variant: it has no range, and the others are ranked without it.
    result = drawn(("", [9, 8, 7, 6]), ("active=clocked", [1, None, 3, 2]), ("active=recent", [9, 1, 8, 7]))
    assert ranges(result) == [(1, 3), None, (1, 2), (2, 3)]
    assert len(result.common_areas) == 3
    notes = "\n".join(range_notes(result, "zh"))
    assert "3 种口径下都有数的 3 个地区" in notes
    assert f"不给名次范围：{load_areas().get(result.areas[1]).area_name}。" in notes


def test_an_area_shown_by_a_variant_only_moves_nobody() -> None:
    # Among the three usual areas nothing moves; the fourth, best of all when shown, is not ranked usually.
    result = drawn(("", [9, 8, 7, None]), ("active=recent", [6, 5, 4, 50]))
    assert most_moved(result, result.rows[1]) is None
    assert ranges(result) == [(1, 1), (2, 2), (3, 3), None]


def test_an_area_whose_usual_rank_is_among_the_places_of_a_tie_has_not_moved() -> None:
    """Few people have a hundred hours: districts three to five share rank 3, and nobody knows in what order."""
    #                         usual rank: 1  2  3  4  5              a b c d e
    result = drawn(("", [9, 8, 7, 6, 5]), ("active=hours_100", [2, 1, 0, 0, 0]))
    assert result.rows[1].ranks == dict(zip(result.areas, (1, 2, 3, 3, 3), strict=True)), (
        "ranks stay as they are"
    )
    assert most_moved(result, result.rows[1]) is None
    assert ranges(result) == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert "5 个地区的名次都不变" in verdict(result, "zh")
    assert "all 5 areas keep their rank" in verdict(result, "en")
    assert any(note.startswith("并列的几个地区占几个名次") for note in range_notes(result, "zh"))
    assert not [
        note for note in range_notes(drawn(("", [2, 1]), ("active=recent", [1, 2])), "zh") if "并列" in note
    ]


def test_into_a_tie_an_area_moves_to_the_nearest_of_its_places() -> None:
    # First and second fall behind the last, which is first; second to fifth place are one tie.
    result = drawn(("", [9, 8, 7, 6, 5]), ("active=hours_100", [0, 0, 0, 0, 3]))
    moved = most_moved(result, result.rows[1])
    assert moved == Move(result.areas[4], (5, 5), (1, 1))
    assert ranges(result) == [(1, 2), (2, 2), (3, 3), (4, 4), (1, 5)]
    assert result.common_marks(result.rows[1]) == dict(zip(result.areas, (2, 2, 3, 4, 1), strict=True))
    away = drawn(("", [9, 8, 7, 6]), ("active=hours_100", [0, 3, 2, 0]))
    into = most_moved(away, away.rows[1])
    assert into == Move(away.areas[0], (1, 1), (3, 4))
    assert (into.distance, into.text(), into.text("en")) == (2, "1 → 3–4（并列 tied）", "1 → 3–4 (tied)")
    assert "1 → 3–4（并列 tied）" in variant_line(away, away.rows[1])[-1]


def test_of_a_usual_tie_only_who_leaves_its_places_moves() -> None:
    # The first three are alike usually; under the other definition one of them is last.
    result = drawn(("", [9, 9, 9, 5]), ("active=recent", [7, 8, 1, 3]))
    assert result.rows[1].ranks == dict(zip(result.areas, (2, 1, 4, 3), strict=True))
    assert ranges(result) == [(1, 1), (1, 1), (1, 4), (3, 4)]
    assert result.furthest_apart() == result.areas[2]
    moved = most_moved(result, result.rows[1])
    assert moved == Move(result.areas[2], (1, 3), (4, 4))
    assert moved.distance == 1


def test_ranks_of_figures_that_are_not_complete_say_so(build: Build, result: Sensitivity) -> None:
    def as_though(usual: str, others: str = "ok") -> str:
        rows = []
        for number, under in enumerate(result.rows):
            status = others if number else usual
            areas = {
                code: replace(row, status=status, begins_before_data=False)
                for code, row in under.observations.items()
            }
            rows.append(replace(under, observations=areas))
        return sensitivity_text(build, replace(result, rows=tuple(rows)))

    assert "不完整" not in as_though("ok")
    assert "古冶区：人口用较早年份代替）" in as_though("ok", "denominator_year"), "of a variant, too"
    told = as_though("provisional", "provisional")
    assert "有的数不完整，这些名次不作判断（未完结，暂定）。" in told
    assert "Some figures are not complete, so nothing is judged by these ranks (provisional" in told


def test_over_the_residents_of_a_part_ranks_are_told_and_not_compared(tmp_path: Path) -> None:
    """Each area's part is another one, so comparisons refuse them by this definition: ranks move nobody."""
    of = PopulationRow(
        "", "", 2021, date(2021, 12, 31), 1000, "whole_city", "supplied_by_user", 1, "test", "high"
    )
    areas = [load_areas().get(code) for code in AREAS]
    rows = [
        replace(of, area_code=one.area_code, area_name=one.area_name, scope=scope, population=people)
        for number, one in enumerate(areas)
        for scope, people in (("whole_city", 1000), ("built_up", 900 - 290 * number))
    ]
    people = [
        {"volunteer_key": 10 * number + n, "area_code": code, "registered_on": "2021-05-01"}
        for number, code in enumerate(AREAS)
        for n in range(9 - number)
    ]
    build = open_build(make_build(tmp_path, registrations=people, own_population=rows))
    assert build is not None
    result = sensitivity(build, "registered_share", AREAS, Period.parse("2021"))
    found = next(row for row in result.rows if row.variant.code == "population=built_up")
    assert (found.why_left_out, found.tau, len(found.ranks)) == ("over_time_only", None, 4)
    assert most_moved(result, found) is None
    told = "\n".join(left_out(result, "zh"))
    assert "按这个定义只宜与同一地区的其他时期比，不计入名次范围：人口＝建成区常住人口" in told
    assert "只宜与同一地区的其他时期比 comparable over time only" in variant_line(result, found)


def test_areas_with_one_value_have_no_ranking(build: Build) -> None:
    with pytest.raises(QueryRefused, match="same value"):
        sensitivity(build, "active_rate", ["130202", "130203"], YEAR)


def test_where_ranges_are_among_fewer_areas_the_rank_among_those_stands_beside_them() -> None:
    """The second area is not shown under the other definition: the third is third of four, and second of three."""
    result = drawn(("", [9, 8, 7, 6]), ("active=clocked", [9, None, 6, 7]))
    head, *lines = by_area(result)
    assert head[2:5] == [
        "4 个地区中名次 rank of 4", "3 个地区中名次 rank of 3", "3 个地区中名次范围 ranks of 3",
    ]  # fmt: skip
    assert [line[2:5] for line in lines] == [
        ["1", "1", "1–1"], ["2", "—", "—"], ["3", "2", "2–3"], ["4", "3", "2–3"],
    ]  # fmt: skip
    assert [one["rank_among_compared"] for one in result.as_dict()["areas"]] == [1, None, 2, 3]
    assert [one["rank_among_compared"] for one in result.as_rows()] == [1, None, 2, 3, 1, None, 3, 2]
    everywhere = drawn(("", [9, 8, 7, 6]), ("active=clocked", [9, 8, 6, 7]))
    assert by_area(everywhere)[0][2:4] == ["名次 rank", "名次范围 ranks"]


def test_a_city_means_its_districts_and_no_unknown_bucket(build: Build) -> None:
    areas = sensitivity(build, "hours_per_visit", ["130200"], YEAR).areas
    assert areas[:3] == ["130202", "130203", "130204"]
    assert not [area for area in areas if area.startswith("U")]


def test_a_ranking_needs_two_areas_with_a_value(build: Build) -> None:
    for areas in (["130202"], ["130202", "130202"], ["130202", "U130200"], ["130202", "130205"]):
        with pytest.raises(QueryRefused):
            sensitivity(build, "hours_per_visit", areas, YEAR)


def test_the_command_prints_both_tables_and_json(build: Build, home: Path) -> None:
    areas = [argument for area in AREAS for argument in ("--area", area)]
    question = ("sensitivity", "hours_per_visit", *areas, "--period", "2023")
    out = run("metrics", *question, home=home).require().out
    assert "次均时长 Hours per visit | 2023年 (2023, year)" in out
    assert any(
        line.split() == ["hours=clocked", "时长＝仅自动签到", "-0.33", "3", "路南区", "1", "→", "3"]
        for line in out.splitlines()
    )
    assert any("130202 路南区" in line and "1–3" in line for line in out.splitlines())
    assert "4 种口径下都有数的 3 个地区" in out
    document = run("metrics", *question, "--json", home=home).require().json()
    assert document["areas"][0] == {
        "area_code": "130202", "value": 4.0, "rank": 1, "rank_among_compared": 1, "rank_range": [1, 3],
        "value_range": [1.0, 4.0],
    }  # fmt: skip
    assert document["compared_areas"] == ["130202", "130203", "130204"]
    assert [one["left_out"] for one in document["variants"]] == [None] * 4
    assert document["variants"][1]["observations"][0]["variant"] == "hours=clocked"


def test_the_command_writes_a_table_and_a_document(build: Build, home: Path) -> None:
    areas = [argument for area in AREAS for argument in ("--area", area)]
    question = ("sensitivity", "hours_per_visit", *areas, "--period", "2023", "--format")
    rows = list(csv.DictReader(run("metrics", *question, "csv", home=home).require().out.splitlines()))
    assert len(rows) == 4 * 4  # definitions and areas
    told = [(row["variant"], row["area_code"], row["value"], row["rank"], row["usual_rank"]) for row in rows]
    assert ("hours=clocked", "130202", "1.0", "3", "1") in told
    assert ("", "130205", "", "", "") in told
    assert {row["小数字"] for row in rows} == {mark(build)}
    lines = run("metrics", *question, "markdown", home=home).require().out.splitlines()
    assert "| --- | ---: | ---: | ---: | ---: |" in lines
    assert any(line.startswith("| 130202 路南区 |") and "| 1–3 |" in line for line in lines)
    assert mark(build) in lines[2]


def test_a_definition_under_which_all_areas_are_alike_ranks_nobody(tmp_path: Path) -> None:
    """Half an hour each: nobody has five hours, and no area is first for it."""
    home = make_build(
        tmp_path,
        registrations=[
            {"volunteer_key": key, "area_code": area, "registered_on": "2021-05-01"}
            for key, area in enumerate(["130202"] * 2 + ["130203"] * 2 + ["130204"], start=1)
        ] + [{"volunteer_key": 99, "registered_on": "2024-02-01"}],
        service_records=[
            {"volunteer_key": key, "service_date": "2023-05-01", "service_minutes": 30} for key in (1, 2, 3)
        ] + [{"volunteer_key": 99, "service_date": "2024-02-01"}],
    )  # fmt: skip
    build = open_build(home)
    assert build is not None
    result = sensitivity(build, "active_rate", ["130202", "130203", "130204"], YEAR)
    rows = {row.variant.code: row for row in result.rows}
    assert set(rows["active=hours_5"].ranks.values()) == {1}
    assert rows["active=hours_5"] not in result.compared
    assert result.rank_range("130204") == (3, 3)
    assert any("活跃＝满5小时" in one for one in left_out(result, "zh") if "分不出名次" in one)


def test_the_verdict_says_who_moves_and_which_definition_differs_most(result: Sensitivity) -> None:
    zh, en = verdict(result, "zh"), verdict(result, "en")
    assert "3 个地区中 0 个名次不变" in zh
    assert "变动最大的是路南区（第 1 至第 3 名）" in zh
    assert "“时长＝仅自动签到”（τ＝-0.33）" in zh
    assert "0 of 3 areas keep their rank; Lunan District moves most (rank 1 to 3)" in en
    usual_only = Sensitivity(result.indicator, result.rows[:1], ())
    assert verdict(usual_only, "zh") == "没有别的口径可以比较名次。"
    same = Sensitivity(result.indicator, (result.rows[0], replace(result.rows[0], tau=1.0)), ())
    assert verdict(same, "zh") == "名次不随口径变化：除通常口径外还比较了 1 种，3 个地区的名次都不变。"
