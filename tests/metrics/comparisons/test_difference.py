"""Two proportions: against published reference values and properties any such test has."""

from math import comb, isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.comparisons.difference import fisher, newcombe, two_proportions

GROUPS = st.integers(1, 60).flatmap(lambda people: st.tuples(st.integers(0, people), st.just(people)))


@pytest.mark.parametrize(
    ("first", "second", "lower", "upper"),
    [  # R. G. Newcombe 1998, table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_interval_of_a_difference_as_newcombe_printed_it(first, second, lower: float, upper: float) -> None:
    assert newcombe(*first, *second) == (pytest.approx(lower, abs=6e-5), pytest.approx(upper, abs=6e-5))


def test_pooled_test_of_a_textbook_example() -> None:
    """56 of 70 against 48 of 80: z = 0.2 / sqrt(104/150 * 46/150 * (1/70 + 1/80)) = 2.6502."""
    found = two_proportions(56, 70, 48, 80)
    assert found is not None
    assert found.method == "pooled"
    assert found.p_value == pytest.approx(0.008045, abs=1e-6)
    assert found.is_distinguishable


def test_fisher_s_tea_and_an_unbalanced_table() -> None:
    assert fisher(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert fisher(1, 10, 11, 14) == pytest.approx(0.002759456185220083)


@pytest.mark.parametrize(("people", "method"), [(9, "fisher"), (10, "pooled"), (11, "pooled")])
def test_few_expected_are_tested_exactly(people: int, method: str) -> None:
    """Half of all: expected is half of the smaller group, 4.5, 5 and 5.5."""
    found = two_proportions(people // 2, people, 100 - people // 2, 200 - people)
    assert found is not None
    assert found.method == method


@given(GROUPS, GROUPS)
def test_the_order_of_the_two_turns_the_sign_only(first: tuple[int, int], second: tuple[int, int]) -> None:
    one, other = two_proportions(*first, *second), two_proportions(*second, *first)
    assert one is not None
    assert other is not None
    assert one.p_value is not None
    assert other.p_value is not None
    assert isclose(one.p_value, other.p_value, rel_tol=1e-9, abs_tol=1e-12)
    assert isclose(one.lower, -other.upper, abs_tol=1e-9)
    assert 0 <= one.p_value <= 1
    difference = 100 * (first[0] / first[1] - second[0] / second[1])
    assert one.lower - 1e-9 <= difference <= one.upper + 1e-9


@given(st.integers(1, 12), st.integers(1, 12), st.data())
def test_fisher_agrees_with_counting_all_tables(people: int, others: int, data: st.DataObject) -> None:
    count, other = data.draw(st.integers(0, people)), data.draw(st.integers(0, others))
    total = count + other
    tables = [
        comb(people, k) * comb(others, total - k)
        for k in range(max(0, total - others), min(people, total) + 1)
    ]
    found = comb(people, count) * comb(others, other)
    assert fisher(count, people, other, others) == pytest.approx(
        sum(table for table in tables if table <= found) / sum(tables)
    )


def test_nobody_is_not_tested() -> None:
    assert two_proportions(0, 0, 1, 2) is None
