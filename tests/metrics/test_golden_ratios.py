"""Every ratio that follows from the published figures, against values worked out by hand.

The expected values are written here as literals on purpose. A result may differ from them by half the last
written digit; how far printed rounding can have moved it is tested apart, as the figure's interval.
"""

from decimal import Decimal

import pytest

from metrics.derived import DerivedFigure, combined_bound
from metrics.figures import PublishedFigure
from metrics.population import load_population, population_for
from metrics.published import derived_figures, documents, published_figures

GOLDEN = [
    # derived figure, expected value, bound
    ("d-weihai-publication-rate", "77.71", "exact"),
    ("d-weihai-proposals-per-unit", "12.79", "exact"),
    ("d-weihai-volunteers-per-post", "2.4", "exact"),
    ("d-tangshan-registered-share", "19.09", "exact"),
    ("d-tangshan-ever-active", "1282119", "exact"),
    ("d-tangshan-active-rate", "67.86", "at_least"),
    ("d-tangshan-hours-per-active", "1.56", "about"),
    ("d-tangshan-hours-per-registered", "1.059", "at_least"),
    ("d-tangshan-hours-per-resident", "0.202", "at_least"),
    ("d-tangshan-residents-per-station", "2001.6", "exact"),
    ("d-tangshan-projects-per-group", "3.27", "at_least"),
    ("d-tangshan-beneficiaries-per-hour", "3.2", "about"),
    ("d-xuchang-registered-share", "12.69", "exact"),
    ("d-xuchang-hours-per-registered", "26.41", "exact"),
    ("d-xuchang-hours-per-activity", "476.2", "exact"),
    ("d-xuchang-other-teams", "1864", "exact"),
    ("d-xuchang-hours-per-person-time", "9.59", "about"),
    ("d-xuchang-disinfected-institutions", "772", "exact"),
    ("d-xuchang-red-cross-registered", "4.3", "at_most"),
    ("d-huizhou-resolution-rate", "90.909", "about"),
    ("d-huizhou-service-points", "350", "exact"),
    ("d-huizhou-new-registrations", "40909", "at_least"),
    ("d-huizhou-hours-all-registered", "13050000", "at_least"),
    ("d-huizhou-hours-participants", "9787500", "at_least"),
    ("d-yantai-hours-per-registered", "20", "exact"),
    ("d-yantai-registered-share", "20.56", "exact"),
    ("d-yantai-campaign-share", "11.6", "exact"),
    ("d-yantai-epidemic-share", "16.4", "exact"),
    ("d-yantai-activities-per-site", "8.67", "at_least"),
]


def derived(figure_id: str) -> DerivedFigure:
    return next(figure for figure in derived_figures() if figure.figure_id == figure_id)


def printed(figure_id: str) -> PublishedFigure:
    return next(figure for figure in published_figures() if figure.figure_id == figure_id)


def value(figure_id: str) -> Decimal:
    found = printed(figure_id).value
    assert found is not None
    return found


@pytest.mark.parametrize(("figure_id", "expected", "bound"), GOLDEN)
def test_a_golden_ratio_comes_out_as_by_hand(figure_id: str, expected: str, bound: str) -> None:
    figure = derived(figure_id)
    half_a_digit = Decimal(1).scaleb(Decimal(expected).as_tuple().exponent) / 2  # type: ignore[arg-type]
    assert figure.value is not None
    assert abs(figure.value - Decimal(expected)) <= half_a_digit
    assert figure.bound == bound


def test_every_derived_figure_has_a_golden_value() -> None:
    assert [figure.figure_id for figure in derived_figures()] == [figure_id for figure_id, _, _ in GOLDEN]


def test_the_bound_follows_from_the_operands_and_the_side_they_stand_on() -> None:
    assert combined_bound("ratio", ["at_least", "exact"]) == "at_least"
    assert combined_bound("ratio", ["exact", "at_least"]) == "at_most"
    assert combined_bound("ratio", ["exact", "at_most"]) == "at_least"
    assert combined_bound("ratio", ["at_least", "at_most"]) == "at_least"
    assert combined_bound("ratio", ["at_least", "at_least"]) == "about"
    assert combined_bound("product", ["at_least", "at_least", "exact"]) == "at_least"
    assert combined_bound("product", ["at_least", "at_most"]) == "about"
    assert combined_bound("difference", ["exact", "exact", "at_least"]) == "at_most"
    assert combined_bound("sum", ["exact", "about"]) == "about"
    assert combined_bound("sum", ["exact", "exact"]) == "exact"


# Trap 1: dates.
def test_documents_say_when_they_are_from_and_whether_that_was_inferred() -> None:
    dates = {text.document_id: (str(text.published_on), text.is_date_inferred) for text in documents()}
    assert dates == {
        "weihai-2021": ("2021-04", True),
        "tangshan-2021": ("2021-12-15", True),
        "xuchang-2020": ("2020-08-11", False),
        "huizhou-2017": ("2017-04-10", False),
        "yantai-2023": ("2023-03", True),
    }


def test_the_epidemic_block_of_xuchang_ends_in_may_127_days_after_its_start() -> None:
    days = printed("xuchang-2020-38")
    assert days.period_start is not None
    assert days.period_end is not None
    assert (str(days.period_start), str(days.period_end), str(days.as_of)) == (
        "2020-01-24",
        "2020-05-29",
        "2020-05-29",
    )
    assert (days.period_end.last - days.period_start.first).days + 1 == days.value == 127
    meals = printed("xuchang-2020-74")
    assert meals.period_start is not None
    assert meals.period_end is not None
    assert (meals.period_end.last - meals.period_start.first).days + 1 == meals.value == 22
    assert str(meals.period_end) == "2020-02-21"


def test_huizhous_figures_are_of_march_2017_and_were_republished_by_another_city() -> None:
    text = next(text for text in documents() if text.document_id == "huizhou-2017")
    assert "湛江" in text.publisher
    assert "Zhanjiang" in text.publisher_en
    assert {str(figure.as_of) for figure in published_figures() if figure.document_id == "huizhou-2017"} == {
        "2017-03"
    }


# Trap 2: two measures called active.
def test_tangshans_ever_active_and_active_this_year_are_two_figures() -> None:
    assert (printed("tangshan-2021-10").value, printed("tangshan-2021-10").period_start) == (87, None)
    this_year = derived("d-tangshan-active-rate")
    assert str(this_year.period_start) == "2021-01-01"
    assert this_year.value is not None
    assert this_year.value < 68


# Trap 3: hours per capita.
def test_hours_per_capita_are_of_three_kinds_and_yantais_20_is_exact_but_cumulative() -> None:
    assert derived("d-yantai-hours-per-registered").value == 20
    assert derived("d-yantai-hours-per-registered").kind == "cumulative_ratio"
    assert derived("d-xuchang-hours-per-registered").kind == "cumulative_ratio"
    assert derived("d-tangshan-hours-per-registered").kind == "flow_ratio"
    assert printed("huizhou-2017-08").kind == "average"


# Trap 4: denominators.
def test_huizhous_14_4_percent_is_of_the_built_up_area_and_cannot_be_recomputed() -> None:
    share = printed("huizhou-2017-05")
    assert (share.value, share.scope, share.scope_en) == (Decimal("14.4"), "建成区", "Built-up area")
    assert printed("huizhou-2017-01").scope == "全市"
    assert population_for(load_population(), "441300", 2017, "built_up") is None
    whole_city = population_for(load_population(), "441300", 2017)
    assert whole_city is not None
    assert value("huizhou-2017-01") / whole_city.population < Decimal("0.1"), "45万 belongs to another scope"


# Trap 5: rounded pair.
def test_a_ratio_of_rounded_counts_does_not_contradict_the_printed_over_90_9() -> None:
    recomputed, stated = derived("d-huizhou-resolution-rate"), printed("huizhou-2017-14")
    assert (stated.value, stated.bound) == (Decimal("90.9"), "at_least")
    assert recomputed.value is not None
    assert stated.value is not None
    assert recomputed.value > stated.value
    limits = recomputed.interval()
    stated_limits = stated.interval()
    assert stated_limits is not None
    assert not limits.decides_against(stated_limits)


def test_the_headline_3800_and_the_counted_3834_agree() -> None:
    headline, body = printed("huizhou-2017-02"), printed("huizhou-2017-23")
    assert (headline.bound, body.bound) == ("at_least", "exact")
    assert value("huizhou-2017-02") <= value("huizhou-2017-23") < value("huizhou-2017-02") + 100


# Trap 6: double counting.
def test_one_disinfection_campaign_reported_by_two_bodies_is_recognisable() -> None:
    both = derived("d-xuchang-disinfected-institutions")
    assert both.value == printed("xuchang-2020-69").value == 772
    assert "同一行动" in printed("xuchang-2020-69").scope
    assert "same operation" in printed("xuchang-2020-69").scope_en
    assert "不可相加" in both.caveat_zh
    assert printed("xuchang-2020-38").value == printed("xuchang-2020-68").value == 127


# Trap 7: sub-totals that do not add up by design.
def test_the_named_teams_are_2945_of_4809_and_the_rest_is_1864() -> None:
    named = sum(value(f"xuchang-2020-{number}") for number in (61, 62, 63, 64))
    assert (named, value("xuchang-2020-60"), derived("d-xuchang-other-teams").value) == (2945, 4809, 1864)


# Trap 8 is tested with the comparisons. Trap 9: registered against members.
def test_red_cross_volunteers_are_mostly_not_registered() -> None:
    share = derived("d-xuchang-red-cross-registered")
    assert (value("xuchang-2020-26"), value("xuchang-2020-27"), share.bound) == (60000, 2554, "at_most")


# Trap 11: persons against person-times.
def test_persons_and_person_times_keep_their_own_units() -> None:
    units = {number: printed(f"tangshan-2021-{number}").unit for number in ("22", "24", "13")}
    assert units == {"22": "名", "24": "人次", "13": "人次/年"}


# Trap 12: printed oddities.
def test_odd_units_and_hedges_are_kept_as_printed() -> None:
    masks, places = printed("xuchang-2020-04"), printed("xuchang-2020-43")
    assert (masks.value, masks.unit) == (56000, "支")
    assert (places.value, places.qualifier, places.unit) == (578, "余", "处")


@pytest.mark.parametrize(
    ("figure_id", "drift"),
    [
        ("d-xuchang-other-teams", "0"),  # counted, so not rounded
        ("d-tangshan-registered-share", "0.0007"),  # 147.37万 is rounded to 100 persons
        ("d-tangshan-ever-active", "7500"),  # 87 % is rounded to 1 %
        ("d-yantai-hours-per-registered", "0.08"),  # 146万 is rounded to 1万
    ],
)
def test_printed_rounding_limits_how_far_a_result_may_be_off(figure_id: str, drift: str) -> None:
    figure = derived(figure_id)
    limits = figure.interval()
    assert figure.value is not None
    assert limits.upper is not None
    assert limits.lower <= figure.value <= limits.upper
    assert max(limits.upper - figure.value, figure.value - limits.lower) <= Decimal(drift)


def test_a_formula_can_be_read_in_both_languages() -> None:
    figure = derived("d-tangshan-active-rate")
    assert figure.formula("zh") == "本年参加服务志愿者数（100万余名） ÷ 实名制注册志愿者（147.37万名）"
    assert figure.formula("en").startswith("Volunteers who served this year (more than 1,000,000 persons) ÷ ")
    assert figure.value_text("zh") == "至少 67.86%"
    assert figure.value_text("en") == "at least 67.86%"
    assert "2020年常住人口（7,717,983）" in derived("d-tangshan-registered-share").formula("zh")
