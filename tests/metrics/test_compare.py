"""What may be ranked together, and the reason given for everything that may not."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from metrics.comparability import ComparedFigure, reasons_against
from metrics.compare import Comparison, Concept, compare, comparison, concepts, read_concepts
from metrics.paths import REFERENCE
from metrics.published import derived_figures, published_figures
from metrics.reference import PartialDate, ReferenceFault
from metrics.words import load_words

CITIES = ("130200", "370600", "371000", "411000", "441300")
XUCHANG_REGISTERED = next(figure for figure in published_figures() if figure.figure_id == "xuchang-2020-59")


def city(
    number: int,
    value: str = "100",
    *,
    as_of: str = "2024-06-30",
    scope: str = "whole_city",
    reading: str = "stock",
    counted: str = "persons",
    denominator: str = "",
    bound: str = "exact",
    period: tuple[str, str] = ("", ""),
    is_date_inferred: bool = False,
) -> ComparedFigure:
    """A figure of the number-th city; figures differ only in what a test says."""
    start, end = (PartialDate.parse(text) if text else None for text in period)
    figure = replace(
        XUCHANG_REGISTERED,
        figure_id=f"city-{number}",
        area_code=CITIES[number],
        value=Decimal(value) if value else None,
        as_of=PartialDate.parse(as_of),
        bound=bound,
        qualifier={"exact": "", "at_least": "余", "at_most": "近", "about": "约"}[bound],
        period_start=start,
        period_end=end,
        is_date_inferred=is_date_inferred,
    )
    return ComparedFigure(figure, scope, reading, counted, denominator)


def compared(*figures: ComparedFigure) -> Comparison:
    return compare(
        Concept("registered_volunteers", 1, "注册志愿者", "Registered volunteers", "", "", figures)
    )


def groups(*figures: ComparedFigure) -> list[list[str]]:
    return [[one.figure_id for one in group.figures] for group in compared(*figures).groups]


def codes(first: ComparedFigure, second: ComparedFigure) -> list[str]:
    found = [reason.code for reason in reasons_against(first, second)]
    assert found == [reason.code for reason in reasons_against(second, first)], "rules look both ways"
    return found


def test_figures_that_agree_in_everything_are_ranked_the_largest_first() -> None:
    result = compared(city(0, "100"), city(1, "300"), city(2, "200"))
    assert [[one.figure_id for one in group.figures] for group in result.groups] == [
        ["city-1", "city-2", "city-0"]
    ]
    assert result.reasons == ()
    (group,) = result.groups
    assert group.is_ranked
    assert [group.rank_of(f"city-{number}") for number in (1, 2, 0)] == [1, 2, 3]


def test_equal_values_share_a_rank() -> None:
    (group,) = compared(city(0, "100"), city(1, "300"), city(2, "300")).groups
    assert [group.rank_of(f"city-{number}") for number in (0, 1, 2)] == [3, 1, 1]


def test_a_group_of_one_is_shown_but_not_ranked() -> None:
    (group,) = compared(city(0)).groups
    assert not group.is_ranked
    assert group.rank_of("city-0") is None


FLOW = {"reading": "period", "period": ("2024-01-01", "2024-06-30")}


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (city(0), city(1, "200", scope="built_up"), "scope"),
        (city(0, scope="campaign"), city(1, "200", scope="campaign"), "scope"),
        (city(0, scope="organisation"), city(1, "200", scope="organisation"), "scope"),
        (city(0), city(1, "200", counted="person_times"), "counted"),
        (city(0, counted="organisation"), city(1, "200", counted="group"), "counted"),
        (city(0, counted="team"), city(1, "200", counted="station"), "counted"),
        (city(0, denominator="registered"), city(1, "200", denominator="residents"), "denominator"),
        (city(0), city(1, "200", reading="cumulative"), "reading"),
        (city(0, reading="annual"), city(1, "200", reading="cumulative"), "reading"),
        (city(0), city(1, "200", reading="annual"), "reading"),
        (city(0, **FLOW), city(1, "200", reading="annual"), "period"),  # type: ignore[arg-type]
        (city(0, **FLOW), city(1, "200", reading="period"), "period"),  # type: ignore[arg-type]
        (city(0, reading="cumulative", period=("2014", "")), city(1, "200", reading="cumulative"), "period"),
        (city(0), city(1, "200", as_of="2023-06-29"), "as_of"),
        (city(0), city(1, "200", is_date_inferred=True), "inferred_date"),
        (city(0), city(1, ""), "no_value"),
        (city(0), city(0, "200"), "same_city"),
        (city(0), city(1, "90", bound="at_least"), "undecided"),
    ],
)
def test_one_difference_is_one_reason_in_both_languages(
    first: ComparedFigure, second: ComparedFigure, code: str
) -> None:
    assert codes(first, second) == [code]
    (reason,) = reasons_against(first, second)
    assert reason.text("zh").endswith("。")
    assert reason.text("en").endswith(".")
    assert first.city("zh") in reason.zh or second.city("zh") in reason.zh
    assert first.city("en") in reason.en or second.city("en") in reason.en
    assert reason.label("zh")
    assert reason.label("en")
    assert len(groups(first, second)) == 2


def test_every_reason_the_rules_can_give_has_a_label() -> None:
    assert set(load_words().codes("reason")) == {
        "same_city", "no_value", "scope", "counted", "denominator", "reading", "period", "as_of",
        "inferred_date", "undecided", "grouped_elsewhere",
    }  # fmt: skip


def test_twelve_months_apart_is_near_enough_and_a_day_more_is_not() -> None:
    assert codes(city(0, as_of="2024-12-31"), city(1, "200", as_of="2023-12-31")) == []  # 366 days, leap year
    assert codes(city(0, as_of="2025-01-01"), city(1, "200", as_of="2023-12-31")) == ["as_of"]


def test_months_quarters_and_years_count_as_equally_long_but_a_part_year_does_not() -> None:
    def flow(number: int, value: str, *period: str) -> ComparedFigure:
        return city(number, value, reading="period", period=(period[0], period[1]))

    assert codes(flow(0, "1", "2024-02-01", "2024-02-29"), flow(1, "2", "2024-03-01", "2024-03-31")) == []
    assert codes(flow(0, "1", "2024-01", "2024-12"), flow(1, "2", "2023-07-01", "2024-06-30")) == []
    assert codes(flow(0, "1", "2024-01", "2024-12"), city(1, "2", reading="annual")) == []
    assert codes(flow(0, "1", "2024-01-01", "2024-12-15"), city(1, "2", reading="annual")) == ["period"]


def test_cumulative_figures_need_the_same_printed_start() -> None:
    def since(number: int, value: str, start: str) -> ComparedFigure:
        return city(number, value, reading="cumulative", period=(start, ""))

    assert codes(since(0, "1", "2014-01-01"), since(1, "2", "2014-01-01")) == []
    assert codes(since(0, "1", "2014-01-01"), since(1, "2", "2015-01-01")) == ["period"]
    assert codes(since(0, "1", ""), since(1, "2", "")) == ["period"]


@pytest.mark.parametrize(
    ("first", "second", "is_ranked"),
    [
        (("100", "at_least"), ("99", "exact"), True),
        (("100", "at_least"), ("100", "exact"), False),
        (("100", "at_least"), ("101", "exact"), False),
        (("100", "at_most"), ("101", "exact"), True),
        (("100", "at_most"), ("99", "exact"), False),
        (("100", "at_least"), ("50", "at_least"), False),
        (("100", "about"), ("111", "exact"), True),
        (("100", "about"), ("109", "exact"), False),
        (("1460000", "exact"), ("1473700", "exact"), True),
        (("1470000", "exact"), ("1473700", "exact"), False),
    ],
)
def test_hedged_and_rounded_numbers_are_ranked_only_when_their_order_is_certain(
    first: tuple[str, str], second: tuple[str, str], is_ranked: bool
) -> None:
    pair = city(0, first[0], bound=first[1]), city(1, second[0], bound=second[1])
    assert codes(*pair) == ([] if is_ranked else ["undecided"])


def test_a_pair_kept_apart_only_by_a_third_city_is_told_so() -> None:
    january, october, june = (
        city(number, str(100 + number), as_of=day)
        for number, day in enumerate(("2023-01-31", "2023-10-31", "2024-06-30"))
    )
    assert groups(june, january, october) == [["city-1", "city-0"], ["city-2"]]
    result = compared(january, october, june)
    assert [reason.code for reason in result.reasons_between("city-0", "city-2")] == ["as_of"]
    (elsewhere,) = result.reasons_between("city-2", "city-1")
    assert elsewhere.code == "grouped_elsewhere"
    assert "烟台市" in elsewhere.zh
    assert result.reasons_between("city-0", "city-1") == ()
    assert len(result.reasons_for("city-2")) == 2


# ---- the shipped figures ----


def test_every_concept_partitions_its_figures_and_explains_every_pair_it_separates() -> None:
    for concept in concepts():
        result = comparison(concept.concept_id)
        placed = [one.figure_id for group in result.groups for one in group.figures]
        assert sorted(placed) == sorted(concept.figure_ids)
        for number, first in enumerate(concept.figure_ids):
            for second in concept.figure_ids[number + 1 :]:
                together = result.group_of(first) is result.group_of(second)
                assert together is not bool(result.reasons_between(first, second))


def test_concepts_come_in_order_with_names_in_both_languages() -> None:
    listed = concepts()
    assert [concept.concept_id for concept in listed[:2]] == ["registered_volunteers", "registered_share"]
    assert [concept.position for concept in listed] == sorted({concept.position for concept in listed})
    for concept in listed:
        assert concept.name("zh")
        assert concept.name("en").isascii()
        assert bool(concept.note("zh")) == bool(concept.note("en"))


def test_every_derived_figure_belongs_to_a_concept() -> None:
    mapped = {figure_id for concept in concepts() for figure_id in concept.figure_ids}
    assert {figure.figure_id for figure in derived_figures()} <= mapped


def test_every_city_appears() -> None:
    cities = {one.figure.area_code for concept in concepts() for one in concept.figures}
    assert cities == set(CITIES)


def test_the_four_hours_per_head_are_never_ranked_together() -> None:
    result = comparison("hours_per_registered")
    assert [len(group.figures) for group in result.groups] == [1, 1, 1, 1]
    annual_against_cumulative = result.reasons_between("huizhou-2017-08", "d-yantai-hours-per-registered")
    assert "reading" in {reason.code for reason in annual_against_cumulative}
    part_year = result.reasons_between("huizhou-2017-08", "d-tangshan-hours-per-registered")
    assert part_year[0].zh == "统计期长短不同：惠州市一年，唐山市349天。"
    assert part_year[0].en == "Periods differ in length: Huizhou: a year; Tangshan: 349 days."


def test_huizhous_built_up_share_is_never_ranked_with_whole_cities() -> None:
    result = comparison("registered_share")
    for other in result.concept.figure_ids[1:]:
        found = {reason.code for reason in result.reasons_between("huizhou-2017-05", other)}
        assert {"scope", "denominator"} <= found
    (scope, *_) = result.reasons_between("huizhou-2017-05", "d-xuchang-registered-share")
    assert scope.zh == "范围不同：惠州市为“建成区”，许昌市为“全市”。"


def test_organisations_groups_teams_and_stations_are_different_things() -> None:
    result = comparison("organisations")
    found = result.reasons_between("huizhou-2017-23", "tangshan-2021-08")
    assert found[0].en == (
        "Different things are counted: Huizhou: volunteer organisations; Tangshan: volunteer groups."
    )
    counted = {
        concept.concept_id: {one.counted for one in concept.figures}
        for concept in concepts()
        if concept.concept_id in ("organisations", "teams", "stations")
    }
    assert counted == {
        "organisations": {"organisation", "group"},
        "teams": {"team", "practice_team"},
        "stations": {"station", "site", "point"},
    }


def test_persons_and_person_times_are_never_ranked_together() -> None:
    result = comparison("beneficiaries")
    found = result.reasons_between("tangshan-2021-24", "xuchang-2020-54")
    assert "counted" in {reason.code for reason in found}


def test_one_campaign_with_two_reporters_stays_one_city_with_two_statements() -> None:
    (reason,) = comparison("disinfected_institutions").reasons[0].reasons
    assert reason.code == "same_city"


def test_an_unknown_concept_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(
        ValueError, match=r"No concept is called 'registered_shares'\. Did you mean 'registered_share'"
    ):
        comparison("registered_shares")


@pytest.mark.parametrize(
    ("table", "found", "replacement", "message"),
    [
        ("concept_figures.csv", "\nregistered_share,", "\nregistred_share,", r"row 6, column concept_id: .* mean 'regis"),
        ("concept_figures.csv", ",tangshan-2021-07,", ",tangshan-2021-70,", r"row 2, column figure_id: .*Did you mean"),
        ("concept_figures.csv", "whole_city,stock", "whole-city,stock", r"row 2, column scope: found 'whole-city'.*Did"),
        ("concept_figures.csv", "whole_city,stock", "whole_city,stok", r"column reading: found 'stok'.*Did you mean"),
        ("concept_figures.csv", "stock,persons,", "stock,people,", r"column counted: found 'people', expected one"),
        ("concept_figures.csv", ",residents_built_up", ",builtup", r"column denominator: found 'builtup'"),
        ("concepts.csv", "registered_volunteers,10,", "registered_volunteers,first,", r"column position: found 'first'"),
        ("concepts.csv", "note_zh", "note", r"concepts.csv, row 1, column note: unknown column"),
    ],
)  # fmt: skip
def test_a_fault_names_file_row_column_found_and_expected(
    tmp_path: Path, table: str, found: str, replacement: str, message: str
) -> None:
    for name in ("concepts.csv", "concept_figures.csv"):
        shutil.copy(REFERENCE / name, tmp_path / name)
    path = tmp_path / table
    text = path.read_text(encoding="utf-8")
    assert found in text
    path.write_text(text.replace(found, replacement, 1), encoding="utf-8")
    with pytest.raises(ReferenceFault, match=message):
        read_concepts(tmp_path, [*published_figures(), *derived_figures()])


def test_a_concept_without_figures_is_a_fault(tmp_path: Path) -> None:
    for name in ("concepts.csv", "concept_figures.csv"):
        shutil.copy(REFERENCE / name, tmp_path / name)
    with (tmp_path / "concepts.csv").open("a", encoding="utf-8") as file:
        file.write("honours,999,荣誉,Honours,,\n")
    with pytest.raises(ReferenceFault, match=r"concept_figures.csv: found no figure for 'honours'"):
        read_concepts(tmp_path, [*published_figures(), *derived_figures()])
