"""One platform's own register as a definition: written registered=platform:NAME, among the platforms of the city.

Tangshan: in 路南区 (130202) eight people on 志愿汇, of whom two are on 燕赵志愿云 as well; in 路北区 (130203) six on
燕赵志愿云 and one on none that is named. Weihai has 志愿山东 only.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from metrics.build import Build, open_build
from metrics.explain import describe, explain
from metrics.output import as_csv, as_table
from metrics.periods import Period
from metrics.query import QueryRefused, query, series
from metrics.sensitivity import sensitivity
from metrics.variants import Variant
from tests.commands import run
from tests.metrics.build_factory import make_build

YEAR, MAY = Period.parse("2023"), Period.parse("2021-05")
CITY, OTHER_CITY = "130200", "371000"
HUI, YAN = "registered=platform:志愿汇", "registered=platform:燕赵志愿云"


def registered(keys: range, area: str, platform: str) -> list[dict[str, object]]:
    return [
        {"volunteer_key": key, "area_code": area, "platform": platform, "registered_on": "2021-05-01"}
        for key in keys
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_build(
        tmp_path_factory.mktemp("platforms"),
        registrations=[
            *registered(range(1, 9), "130202", "志愿汇"),
            *registered(range(1, 3), "130202", "燕赵志愿云"),
            *registered(range(11, 17), "130203", "燕赵志愿云"),
            *registered(range(17, 18), "130203", ""),
            *registered(range(21, 24), "371002", "志愿山东"),
        ],
        service_records=[
            {"volunteer_key": key, "service_date": "2023-05-01"} for key in (1, 3, 4, 11, 17, 21)
        ] + [{"volunteer_key": 1, "service_date": "2024-01-01"}, {"volunteer_key": 21, "service_date": "2024-01-01"}]
        + [  # reports begin with the year, so that it is a whole one
            {"volunteer_key": key, "service_date": "2023-01-01", "is_counted": False} for key in (1, 21)
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def build(home: Path) -> Build:
    opened = open_build(home)
    assert opened is not None
    return opened


@pytest.mark.parametrize(
    ("variant", "area", "active", "people"),
    [
        ("", CITY, 5, 15), (HUI, CITY, 3, 8), (YAN, CITY, 2, 8), ("registered=platform:unknown", CITY, 1, 1),
        (HUI, "130202", 3, 8), (YAN, "130202", 1, 2), (HUI, "130203", 0, 0), (YAN, "130203", 1, 6),
        ("registered=platform:志愿山东", OTHER_CITY, 1, 3),
    ],
)  # fmt: skip
def test_one_platform_has_its_own_register(
    build: Build, variant: str, area: str, active: int, people: int
) -> None:
    (row,) = query(build, "active_rate", area, YEAR, variant=variant)
    assert (row.numerator, row.denominator, row.variant) == (active, people, variant)
    assert row.status == ("ok" if people else "no_denominator")


def test_platforms_overlap_and_a_breakdown_shows_each(build: Build) -> None:
    rows = query(build, "registered_volunteers", CITY, YEAR, by="platform")
    assert [(row.member, row.value) for row in rows] == [("志愿汇", 8), ("燕赵志愿云", 8), ("unknown", 1)]
    assert "未注明平台" in as_table(build, rows)


def test_districts_and_series_are_read_so(build: Build) -> None:
    rows = query(build, "registered_volunteers", CITY, YEAR, by="district", variant=YAN)
    assert {row.area_code: row.value for row in rows if row.value} == {"130202": 2, "130203": 6}
    assert [row.value for row in series(build, "registered_volunteers", CITY, YEAR, count=3, variant=HUI)] == [
        8, 8, 8,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("registered=platform:志愿汇", HUI),
        (" registered = platform：志愿汇 ", HUI),
        ("active=any,registered=platform: 志愿汇", HUI),
        ("registered=platform:甲%2C乙志愿", "registered=platform:甲%2C乙志愿"),
        ("registered=platform:100%志愿", "registered=platform:100%25志愿"),
        ("registered=platform:a=b:c", "registered=platform:a=b:c"),
    ],
)
def test_a_name_survives_being_written(text: str, code: str) -> None:
    variant = Variant.parse(text)
    assert variant.code == code
    assert Variant.parse(variant.code) == variant
    assert variant.options[0].member == code.partition(":")[2].replace("%2C", ",").replace("%25", "%")


@pytest.mark.parametrize(
    "text", ["registered=platform", "registered=platform:", "registered=valid_id:志愿汇"]
)
def test_a_platform_has_to_be_named(text: str) -> None:
    with pytest.raises(QueryRefused) as refusal:
        Variant.parse(text)
    assert "platform:NAME" in refusal.value.en


def test_a_platform_the_city_does_not_have_is_refused_with_those_it_has(build: Build) -> None:
    with pytest.raises(QueryRefused) as refusal:
        query(build, "active_rate", CITY, YEAR, variant="registered=platform:志愿山东")
    assert "唐山市的注册数据里没有平台“志愿山东”；有：志愿汇、燕赵志愿云、unknown" in refusal.value.zh
    assert "There are 志愿汇, 燕赵志愿云, unknown" in refusal.value.en


def test_among_several_cities_one_without_the_platform_is_not_reported_rather_than_zero(build: Build) -> None:
    result = sensitivity(build, "registered_volunteers", ["130202", "130203", "371002"], YEAR)
    (row,) = [row for row in result.rows if row.variant.code == YAN]
    assert {area: (one.value, one.status) for area, one in row.observations.items()} == {
        "130202": (2, "ok"), "130203": (6, "ok"), "371002": (None, "not_reported"),
    }  # fmt: skip


def test_a_ranking_is_tried_by_each_named_platform(build: Build) -> None:
    codes = [row.variant.code for row in sensitivity(build, "registered_volunteers", [CITY], YEAR).rows]
    assert codes == ["", "registered=valid_id", HUI, YAN]
    assert build.offered(OTHER_CITY) == {"platform": ()}, "where there is one platform there is no choice"


def test_what_a_build_cannot_cross_is_refused(build: Build) -> None:
    for variant, by in ((f"{HUI},active=clocked", None), (HUI, "gender"), (HUI, "platform")):
        with pytest.raises(QueryRefused):
            query(build, "active_rate", CITY, YEAR, by=by, variant=variant)
    with pytest.raises(QueryRefused, match="service_hours"):
        query(build, "hours_per_registered", CITY, YEAR, variant=HUI)


def test_sentences_explanations_and_files_name_the_platform(build: Build) -> None:
    rows = query(build, "active_rate", CITY, YEAR, variant=HUI)
    assert "口径：仅“志愿汇”注册者" in describe(rows[0], "zh")
    assert "only those registered on “志愿汇”" in describe(rows[0], "en")
    explanation = explain(build, "active_rate", CITY, YEAR, variant=HUI)
    assert explanation["variant"]["zh"] == "仅“志愿汇”注册者"
    assert "各平台相加会多于全部注册者" in "".join(explanation["caveats"]["zh"])
    assert next(csv.DictReader(io.StringIO(as_csv(build, rows))))["variant"] == HUI


def test_the_command_line_takes_a_platform(home: Path) -> None:
    question = ("--area", CITY, "--period", "2023")
    answer = run(
        "metrics", "query", "active_rate", *question, "--variant", HUI, "--format", "json", home=home
    )
    (row,) = answer.require().json()
    assert (row["numerator"], row["denominator"], row["variant"]) == (3, 8, HUI)
    refused = run(
        "metrics", "query", "active_rate", *question, "--variant", "registered=platform:汇", home=home
    )
    assert "有：志愿汇、燕赵志愿云" in refused.require(2).err
    listed = run("metrics", "list", "--json", home=home).require().out
    assert "registered=platform:NAME" in next(
        one["variants"] for one in json.loads(listed) if one["id"] == "active_rate"
    )


def test_a_build_of_an_earlier_program_opens_and_has_no_platforms(home: Path, tmp_path: Path) -> None:
    make_build(tmp_path, registrations=registered(range(3), "130202", "志愿汇"))
    build_file = next((tmp_path / "published").glob("*.duckdb"))
    with duckdb.connect(str(build_file)) as changed:
        changed.execute("DROP TABLE platforms")
        changed.execute("DELETE FROM observations WHERE dimension = 'platform'")
    old = open_build(tmp_path)
    assert old is not None
    assert old.platforms(CITY) == ()
    assert query(old, "registered_volunteers", CITY, MAY)[0].value == 3
    for asked in ({"variant": HUI}, {"by": "platform"}):
        with pytest.raises(QueryRefused, match="python -m etl publish"):
            query(old, "registered_volunteers", CITY, MAY, **asked)


def test_the_thirty_largest_platforms_of_a_city_are_given(tmp_path: Path) -> None:
    people = [
        row
        for number in range(32)
        for row in registered(
            range(100 * number, 100 * number + number + 1), "130202", f"志愿平台{number:02}"
        )
    ]
    people += registered(range(9000, 9001), "130202", "#0a1b2c3d") + registered(
        range(9001, 9002), "130202", ""
    )
    opened = open_build(make_build(tmp_path, registrations=people))
    assert opened is not None
    names = opened.platforms(CITY)
    assert names[:2] == ("志愿平台31", "志愿平台30")
    assert names[29:] == ("志愿平台02", "other", "unknown")
    shown = opened.rows("SELECT DISTINCT member FROM observations WHERE dimension = 'platform'")
    assert {name for (name,) in shown} == set(names)
    (row,) = query(opened, "registered_volunteers", CITY, MAY)
    assert row.value == len(people), "the total has everybody, on whichever platform"
