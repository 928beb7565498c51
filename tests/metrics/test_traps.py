"""The twelve traps in what cities publish, one test each: what a reader would get wrong, this program does not.

The values themselves, and every derived figure, are in test_golden_ratios; who may be ranked with whom is in
test_compare. Here each trap is walked into once, through whatever part of the program stands in its way.
"""

from datetime import date
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from metrics.areas import load_areas
from metrics.build import Build, open_build
from metrics.compare import comparison, concepts
from metrics.derived import DerivedFigure
from metrics.figures import Figure, PublishedFigure
from metrics.periods import Period
from metrics.population import population_for
from metrics.published import derived_figures, documents, published_figures
from metrics.reconcile import reconcile
from metrics.reconcile.published import PublishedCheck, answers
from metrics.reconcile.statements import leave_room
from tests.metrics.build_factory import make_build


def printed(figure_id: str) -> PublishedFigure:
    return next(figure for figure in published_figures() if figure.figure_id == figure_id)


def derived(figure_id: str) -> DerivedFigure:
    return next(figure for figure in derived_figures() if figure.figure_id == figure_id)


def number(figure: Figure) -> Decimal:
    assert figure.value is not None
    return figure.value


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Five cities with one volunteer each, who serves in every month from 2016 to 2023."""
    cities = ("371000", "130200", "411000", "441300", "370600")
    days = [date(year, month, 15) for year in range(2016, 2024) for month in range(1, 13)]
    home = make_build(
        tmp_path_factory.mktemp("five"),
        registrations=[
            {"volunteer_key": key, "registered_on": "2016-01-15", "area_code": f"U{city}"}
            for key, city in enumerate(cities, start=1)
        ],
        service_records=[
            {"volunteer_key": key, "service_date": day, "area_code": f"U{city}", "service_minutes": 60}
            for key, city in enumerate(cities, start=1)
            for day in days
        ],
    )
    build = open_build(home)
    assert build is not None
    return build


def held_against(build: Build, city: str, year: str) -> dict[str, PublishedCheck]:
    found = reconcile(build, city, Period.parse(year))
    return {check.printed.figure_id: check for check in found.published}


def reasons(check: PublishedCheck) -> set[str]:
    return {reason.code for reason in check.reasons}


def test_trap_1_a_date_that_was_not_printed_is_marked_as_inferred_and_the_place_of_a_figure_is_its_city_not_its_publisher() -> (
    None
):
    inferred = {text.document_id: text.date_basis("zh") for text in documents() if text.is_date_inferred}
    assert set(inferred) == {"weihai-2021", "tangshan-2021", "yantai-2023"}
    assert "第60个学雷锋纪念日" in inferred["yantai-2023"]
    huizhou = next(text for text in documents() if text.document_id == "huizhou-2017")
    assert (str(huizhou.published_on), "湛江" in huizhou.publisher) == ("2017-04-10", True)
    of_huizhou = [figure for figure in published_figures() if figure.document_id == "huizhou-2017"]
    assert {(figure.area_code, str(figure.as_of)) for figure in of_huizhou} == {("441300", "2017-03")}
    epidemic = printed("xuchang-2020-38")
    assert epidemic.as_of.first == date(2020, 5, 29)
    assert printed("xuchang-2020-59").as_of.first == date(2020, 8, 11)


def test_trap_2_having_ever_served_is_never_compared_with_having_served_this_year(build: Build) -> None:
    ever, this_year = printed("tangshan-2021-10"), derived("d-tangshan-active-rate")
    assert (number(ever), round(number(this_year), 1)) == (87, Decimal("67.9"))
    concept_of = {
        figure.figure_id: concept.concept_id for concept in concepts() for figure in concept.figures
    }
    assert concept_of[ever.figure_id] != concept_of[this_year.figure_id]
    checks = held_against(build, "130200", "2021")
    assert checks[ever.figure_id].indicator.id == "ever_active_rate"
    assert checks[this_year.figure_id].asked.window == "ytd"
    took_part = held_against(build, "441300", "2017")["huizhou-2017-07"]
    assert (took_part.verdict, reasons(took_part)) == ("explained", {"period_not_printed"})


def test_trap_3_the_four_hours_per_head_are_never_in_one_ranking_nor_taken_for_hours_of_a_year(
    build: Build,
) -> None:
    result = comparison("hours_per_registered")
    assert {figure.figure.area_code for figure in result.figures} == {"130200", "370600", "411000", "441300"}
    assert not any(group.is_ranked for group in result.groups)
    for one, other in combinations(result.figures, 2):
        assert result.reasons_between(one.figure_id, other.figure_id)
    both = derived("d-huizhou-hours-all-registered"), derived("d-huizhou-hours-participants")
    assert [number(figure) for figure in both] == [13_050_000, 9_787_500]
    assert number(derived("d-yantai-hours-per-registered")) == 20
    yantai = held_against(build, "370600", "2023")["d-yantai-hours-per-registered"]
    assert (yantai.verdict, reasons(yantai), yantai.asked.window) == (
        "explained",
        {"start_not_printed"},
        "to_date",
    )
    xuchang = held_against(build, "411000", "2020")["d-xuchang-hours-per-registered"]
    assert (xuchang.verdict, reasons(xuchang)) == ("explained", {"other_start"})


def test_trap_4_the_share_of_the_built_up_area_is_not_recomputed_from_the_whole_city(build: Build) -> None:
    assert population_for("441300", 2017, "built_up") is None
    whole = population_for("441300", 2017)
    assert whole is not None
    assert abs(number(printed("huizhou-2017-01")) / whole.population * 100 - Decimal("14.4")) > 4
    check = held_against(build, "441300", "2017")["huizhou-2017-05"]
    assert (check.verdict, reasons(check)) == ("explained", {"built_up"})
    assert "建成区" in check.reasons[0].zh


def test_trap_5_a_ratio_of_rounded_numbers_and_a_rounded_headline_contradict_nothing() -> None:
    recomputed, stated = derived("d-huizhou-resolution-rate"), printed("huizhou-2017-14")
    assert number(recomputed) != number(stated)
    assert leave_room(recomputed, stated)
    headline, body = printed("huizhou-2017-02"), printed("huizhou-2017-23")
    assert (number(headline), number(body)) == (3800, 3834)
    assert leave_room(headline, body)
    assert not leave_room(body, printed("huizhou-2017-04")), "numbers that cannot both be true are noticed"


def test_trap_6_one_campaign_told_by_two_reporters_is_shown_twice_and_added_never() -> None:
    result = comparison("disinfected_institutions")
    first, second = result.figures
    assert number(first.figure) == number(second.figure) == 489 + 283
    assert {reason.code for reason in result.reasons_between(first.figure_id, second.figure_id)} == {
        "same_city"
    }
    assert not any(group.is_ranked for group in result.groups)
    added = {
        frozenset(operand.reference for operand in figure.operands)
        for figure in derived_figures()
        if figure.operation == "sum"
    }
    reporters = {"xuchang-2020-36", "xuchang-2020-37", "xuchang-2020-69"}
    assert not any(
        "xuchang-2020-69" in operands and operands & reporters - {"xuchang-2020-69"} for operands in added
    )
    assert "不可相加" in result.concept.note_zh


def test_trap_7_subtotals_that_leave_a_rest_are_told_with_the_rest_and_not_flagged() -> None:
    rest = derived("d-xuchang-other-teams")
    named = sum(number(printed(f"xuchang-2020-{row}")) for row in (61, 62, 63, 64))
    assert (named, number(printed("xuchang-2020-60")), number(rest)) == (2945, 4809, 1864)
    assert rest.operation == "difference"
    assert "其余" in rest.name_zh + rest.caveat_zh


def test_trap_8_organisations_groups_teams_and_stations_are_never_one_column() -> None:
    counted = {
        figure.figure_id: (concept.concept_id, figure.counted)
        for concept in concepts()
        for figure in concept.figures
    }
    yantai = [counted[f"yantai-2023-{row}"] for row in ("02", "13", "17")]
    assert yantai == [("organisations", "organisation"), ("teams", "practice_team"), ("stations", "site")]
    assert counted["tangshan-2021-08"] == ("organisations", "group")
    result = comparison("organisations")
    assert {reason.code for reason in result.reasons_between("tangshan-2021-08", "yantai-2023-02")} >= {
        "counted"
    }


def test_trap_9_red_cross_volunteers_are_no_registered_volunteers_of_the_city(build: Build) -> None:
    registered = {figure.figure_id for figure in comparison("registered_volunteers").figures}
    assert not registered & {"xuchang-2020-26", "xuchang-2020-27"}
    share = derived("d-xuchang-red-cross-registered")
    assert (share.bound, round(number(share), 1)) == ("at_most", Decimal("4.3"))
    assert "xuchang-2020-27" not in held_against(build, "411000", "2020")


def test_trap_10_zones_without_a_national_code_are_areas_of_their_city() -> None:
    expected = {
        "370600": ["昆嵛山保护区", "长岛综合试验区"],
        "411000": ["示范区", "开发区", "东城区"],
        "371000": ["经区", "高区", "临港区"],
        "130200": ["海港开发区", "芦台", "芦台开发区", "汉沽"],
    }
    areas = load_areas()
    for city, names in expected.items():
        for name in names:
            code = areas.resolve(name, city)
            assert code is not None, name
            assert (areas.get(code).level, areas.city_of(code)) == ("zone", city)
        assert areas.children(city)[-1].level == "unknown", (
            "what belongs to no area still belongs to the city"
        )


def test_trap_11_persons_and_attendances_are_never_ranked_or_divided_as_one() -> None:
    units = [printed(f"tangshan-2021-{row}").unit for row in ("22", "24", "13")]
    assert units == ["名", "人次", "人次/年"]
    for concept in ("beneficiaries", "trained"):
        for group in comparison(concept).groups:
            assert len({figure.counted for figure in group.figures}) == 1
    assert "beneficiaries" not in answers(), "no indicator of ours counts beneficiaries"
    assert answers()["active_volunteers"].indicator.unit == "people"


def test_trap_12_odd_words_are_kept_as_printed() -> None:
    masks, places = printed("xuchang-2020-04"), printed("xuchang-2020-43")
    assert (masks.value_text("zh"), places.value_text("zh")) == ("5.6万支", "578余处")
    bases = printed("tangshan-2021-11")
    assert (number(bases), "推得" in bases.name_zh) == (2, True)


def test_every_trap_has_its_test() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f"def test_trap_{trap}_" in text for trap in range(1, 13))
