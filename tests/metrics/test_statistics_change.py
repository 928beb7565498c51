"""The parts of a change add up; standardised values and inequality are the published ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.statistics import decompose_change, gini, standardise, top_share, wilson_interval

sums = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))


def columns(districts: list[tuple[int, ...]]) -> list[np.ndarray]:
    return [np.array(column, dtype=float) for column in zip(*districts, strict=True)]


@settings(deadline=None, max_examples=40)
@given(st.lists(sums, min_size=1, max_size=25))
def test_effects_add_up_to_the_change_exactly(districts: list[tuple[int, ...]]) -> None:
    before, people_before, after, people_after = columns(districts)
    found = decompose_change(before, people_before, after, people_after)
    change = after.sum() / people_after.sum() - before.sum() / people_before.sum()
    size = np.abs(found.rate).sum() + np.abs(found.structure).sum()
    assert found.total == pytest.approx(change, rel=1e-12, abs=1e-15)
    assert abs(found.rate.sum() + found.structure.sum() - found.total) <= 1e-12 * max(size, 1e-300)


def test_effects_of_two_districts_are_kitagawas_by_hand() -> None:
    # A: 10 of 100, then 30 of 200. B: 20 of 100, then 20 of 100. The whole: 15 %, then 16.67 %.
    found = decompose_change([10, 20], [100, 100], [30, 20], [200, 100])
    assert found.total == pytest.approx(50 / 300 - 30 / 200)
    # A's rate rises by 0.05 at a mean share of (1/2 + 2/3) / 2; B's does not.
    assert found.rate.tolist() == pytest.approx([0.05 * 7 / 12, 0])
    # A's share rises by 1/6 with a mean rate of 0.125, B's falls by 1/6 with 0.2; the whole's mean is 0.158333.
    middle = (0.15 + 50 / 300) / 2
    assert found.structure.tolist() == pytest.approx([(0.125 - middle) / 6, -(0.2 - middle) / 6])


def test_only_rates_changed_means_no_structure_effect_and_the_other_way_round() -> None:
    only_rates = decompose_change([10, 20], [100, 300], [30, 24], [100, 300])
    assert only_rates.structure.tolist() == pytest.approx([0, 0], abs=1e-15)
    only_shares = decompose_change([10, 60], [100, 300], [20, 20], [200, 100])
    assert only_shares.rate.tolist() == pytest.approx([0, 0], abs=1e-15)
    assert only_shares.total == pytest.approx(40 / 300 - 70 / 400)


@settings(deadline=None, max_examples=40)
@given(st.lists(sums, min_size=2, max_size=10))
def test_back_again_is_the_same_with_the_sign_turned(districts: list[tuple[int, ...]]) -> None:
    before, people_before, after, people_after = columns(districts)
    there = decompose_change(before, people_before, after, people_after)
    back = decompose_change(after, people_after, before, people_before)
    scale = np.abs(there.rate).sum() + np.abs(there.structure).sum()
    np.testing.assert_allclose(back.rate, -there.rate, atol=1e-12 * scale)
    np.testing.assert_allclose(back.structure, -there.structure, atol=1e-12 * scale)


def test_a_district_that_came_or_went_is_structure() -> None:
    found = decompose_change([10, 20, 0], [100, 100, 0], [12, 0, 90], [100, 0, 100])
    assert found.rate[1:].tolist() == [0, 0]
    assert found.rate[0] == pytest.approx(0.02 * 0.5)
    assert found.structure[2] > 0  # a new district far above the whole
    assert found.rate.sum() + found.structure.sum() == pytest.approx(102 / 200 - 30 / 200, rel=1e-14)


def test_sets_broadcast_and_missing_ones_are_missing() -> None:
    found = decompose_change([[1, 2], [np.nan, 2], [0, 0]], [[10, 10], [10, 10], [0, 0]], [3, 4], [10, 10])
    assert found.total.shape == (3,)
    assert np.isnan(found.total).tolist() == [False, True, True]
    assert np.isnan(found.rate).all(axis=1).tolist() == np.isnan(found.structure).any(axis=1).tolist()
    assert found.total[0] == pytest.approx(0.2)


def test_decompositions_say_what_they_refuse() -> None:
    with pytest.raises(ValueError, match="expected districts along the last axis"):
        decompose_change(1, 2, 3, 4)
    with pytest.raises(ValueError, match="a numerator and a denominator of zero"):
        decompose_change([1, 1], [1, 0], [1, 1], [1, 1])
    with pytest.raises(ValueError, match="a denominator is -2"):
        decompose_change([1, 1], [1, -2], [1, 1], [1, 1])


# The example area "testdata_small" of PHEindicatormethods (Public Health England), bands 0-4 to 90+, with the
# European Standard Population 2013, and the results its authors publish per 100,000.
COUNT = [12, 4, 3, 2, 3, 4, 8, 2, 2, 3, 4, 5, 6, 8, 5, 6, 5, 5, 4]
PEOPLE = [636, 558, 609, 543, 384, 594, 669, 843, 660, 576, 606, 522, 426, 273, 300, 288, 153, 123, 207]
EUROPE = [5, 5.5, 5.5, 5.5, 6, 6, 6.5, 7, 7, 7, 7, 6.5, 6, 5.5, 5, 4, 2.5, 1.5, 1]


@pytest.mark.parametrize(
    ("confidence", "lower", "upper"),
    [(0.95, 877.455767536709, 1367.0882227251795), (0.998, 763.6420357939879, 1530.0328948244762)],
)
def test_a_standardised_rate_is_the_published_one(confidence: float, lower: float, upper: float) -> None:
    found = standardise(COUNT, PEOPLE, EUROPE, confidence, multiplier=100_000)
    np.testing.assert_allclose(found, (1103.212025300104, lower, upper), rtol=1e-12)


def test_one_band_is_the_plain_rate_or_proportion() -> None:
    value, lower, upper = standardise([30], [200], [7], kind="proportion")
    np.testing.assert_allclose((lower, upper), wilson_interval(30, 200), rtol=1e-12)
    assert value == 0.15


def test_with_its_own_ages_as_standard_an_area_has_its_plain_value() -> None:
    for kind in ("rate", "proportion"):
        value, lower, upper = standardise(COUNT, PEOPLE, PEOPLE, kind=kind)
        assert value == pytest.approx(sum(COUNT) / sum(PEOPLE), rel=1e-12)
        assert lower < value < upper


@pytest.mark.parametrize(
    ("share", "people", "standard"),
    [
        ([0.05, 0.3, 0.6], [40, 60, 15], [0.5, 0.3, 0.2]),
        ([0.02] * 7, [10] * 7, [1 / 7] * 7),
        ([0.05, 0.1, 0.1], [400, 400, 5], [1 / 3] * 3),  # a small band that counts as much as the large ones
    ],
)
def test_a_standardised_proportion_is_covered(
    share: list[float], people: list[int], standard: list[float]
) -> None:
    counted = np.random.default_rng(8).binomial(people, share, (20_000, len(share)))
    _, lower, upper = standardise(counted, people, standard, kind="proportion")
    true = float(np.dot(share, standard))
    assert 0.935 < np.mean((lower <= true) & (true <= upper)) < 0.97


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=8))
def test_standardised_proportions_stay_proportions(bands: list[tuple[int, int, int]]) -> None:
    count, more, standard = columns(bands)
    value, lower, upper = standardise(count, count + more + 1, standard, kind="proportion")
    assert 0 <= lower <= value * (1 + 1e-12)
    assert value * (1 - 1e-12) <= upper <= 1


@pytest.mark.parametrize(("events", "known"), [(9, False), (10, True), (11, True)])
def test_rates_of_fewer_than_ten_events_are_not_standardised(events: int, known: bool) -> None:
    found = np.array(standardise([events - 2, 2], [100, 100], [1, 3]))
    assert np.isnan(found).tolist() == [not known] * 3


def test_a_band_without_people_leaves_the_value_unknown_unless_the_standard_has_none() -> None:
    count, people = [[20, 0, 5], [20, 3, 5]], [[50, 0, 50], [50, np.nan, 50]]
    assert np.isnan(standardise(count, people, [1, 1, 1])).all()
    left_out = np.array(standardise(count, people, [1, 0, 1]))
    np.testing.assert_allclose(left_out[:, 0], np.array(standardise([20, 5], [50, 50], [1, 1])))
    assert left_out[0].tolist() == [0.25, 0.25]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"kind": "mean"}, "kind is 'mean', expected one of rate, proportion"),
        (
            {"numerator": 1, "denominator": 2, "standard_population": 3},
            "expected age bands along the last axis",
        ),
        ({"numerator": [-1, 2]}, "a numerator is -1"),
        ({"standard_population": [0, 0]}, "the standard population is zero in every band"),
        ({"numerator": [20, 2], "kind": "proportion"}, "between zero and its denominator"),
        ({"multiplier": -1}, "multiplier is -1"),
        ({"confidence": 2, "numerator": [9, 9]}, r"such as 0\.95"),
    ],
)
def test_standardisation_says_what_it_refuses(arguments: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        standardise(
            **{"numerator": [1, 2], "denominator": [9, 9], "standard_population": [1, 1], **arguments}
        )


def test_gini_is_the_published_one() -> None:
    # The example of the R packages ineq (A. Zeileis) and DescTools: ten incomes, 0.4620911.
    incomes = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]
    assert round(float(gini(incomes)), 7) == 0.4620911


@pytest.mark.parametrize("people", [1, 2, 7, 500])
def test_gini_of_known_distributions(people: int) -> None:
    assert gini(np.ones(people)) == pytest.approx(0, abs=1e-12)
    assert gini(np.arange(1, people + 1)) == pytest.approx((people - 1) / (3 * people))
    assert gini(np.eye(1, people)[0]) == pytest.approx((people - 1) / people)


def test_gini_of_many_exponential_values_is_a_half() -> None:
    value = np.random.default_rng(1).exponential(3, 200_000)
    assert gini(value) == pytest.approx(0.5, abs=0.005)
    # Of an exponential distribution the top tenth holds 0.1 * (1 + ln 10).
    assert top_share(value) == pytest.approx(0.1 * (1 + np.log(10)), abs=0.005)


groups = st.lists(st.tuples(st.floats(0.01, 1000), st.integers(0, 6)), min_size=1, max_size=15).filter(
    lambda found: any(people for _, people in found)
)


@settings(deadline=None, max_examples=40)
@given(groups, st.floats(0, 1), st.floats(0.01, 100))
def test_a_histogram_is_the_same_as_its_people(
    histogram: list[tuple[float, int]], share: float, unit: float
) -> None:
    value, people = columns(histogram)
    one_by_one = np.repeat(value, people.astype(int))
    differences = np.abs(one_by_one[:, None] - one_by_one).mean() / 2 / one_by_one.mean()
    assert gini(value, people) == pytest.approx(differences, abs=1e-9)
    assert gini(one_by_one[::-1] * unit) == pytest.approx(differences, abs=1e-9)
    held = top_share(value, share, people)
    assert held == pytest.approx(top_share(one_by_one[::-1] * unit, share), abs=1e-9)
    assert share - 1e-9 <= held <= 1


@pytest.mark.parametrize(
    ("share", "held"), [(0, 0), (0.05, 0.275), (0.1, 0.55), (0.2, 0.6), (0.55, 0.775), (1, 1)]
)
def test_the_top_share_counts_parts_of_people(share: float, held: float) -> None:
    # Nine people with 1 hour, one with 11 of the 20.
    assert top_share([1] * 9 + [11], share) == pytest.approx(held)


def test_top_share_rises_with_the_share() -> None:
    value = np.random.default_rng(2).pareto(2, 57)
    assert (np.diff([float(top_share(value, share)) for share in np.linspace(0, 1, 40)]) > 0).all()


def test_inequality_of_nothing_is_missing() -> None:
    found = gini([[0, 0], [1, np.nan], [1, 2]]), top_share([[0, 0], [1, np.nan], [1, 2]])
    assert [np.isnan(part).tolist() for part in found] == [[True, True, False]] * 2
    assert np.isnan(gini([1, 2], [0, 0]))
    assert np.isnan(top_share([1, 2], weights=[0, 0]))
    assert np.isnan(gini([]))


def test_inequality_says_what_it_refuses() -> None:
    with pytest.raises(ValueError, match="a value is -1, expected zero or more"):
        gini([-1, 2])
    with pytest.raises(ValueError, match="a weight is -1"):
        top_share([1, 2], weights=[-1, 2])
    with pytest.raises(ValueError, match=r"share is 10, expected a number from 0 to 1, such as 0\.1"):
        top_share([1, 2], 10)
    with pytest.raises(ValueError, match="expected people along the last axis"):
        gini(3)
