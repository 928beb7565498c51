"""The one condition: what is withheld together adds up to nobody or to enough people, whatever the table."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.disclosure.cells import MONTH, QUARTER, WINDOWS, YEAR, Reported, cells_of
from metrics.disclosure.choose import choose_breakdown, choose_rows, is_small, merged

COUNT = st.one_of(st.integers(0, 12), st.sampled_from([0, 0, 30, 200]))


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    """Areas × members × cells whose columns are nobody or enough people, as those a city shows are."""
    areas, members, cells = draw(st.integers(2, 6)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    size = areas * members * cells
    flat = draw(st.lists(COUNT, min_size=size, max_size=size))
    table = np.array(flat, dtype=float).reshape(areas, members, cells)
    return np.where(is_small(table.sum(axis=0), 10), 0.0, table)


@settings(max_examples=150, deadline=None)
@given(tables())
def test_sums_of_what_is_withheld_are_safe(table: np.ndarray) -> None:
    nothing = np.zeros(table.shape[1], dtype=bool), np.zeros(len(table), dtype=bool)
    members, rows, exposed = choose_breakdown(table, table, *nothing, 10)
    columns = merged(table, members)
    assert exposed == 0
    assert not is_small(columns[~rows], 10).any(), "a small count is shown"
    assert not is_small(columns[rows].sum(axis=0), 10).any(), "what is withheld adds up to a small count"


@settings(max_examples=50, deadline=None)
@given(tables())
def test_forced_lines_stay_and_a_safe_table_is_left_alone(table: np.ndarray) -> None:
    flat = table[:, 0]
    forced = np.arange(len(flat)) == 0
    assert choose_rows(flat, flat, forced, 10).hidden[0]
    if not is_small(flat, 10).any():
        assert not choose_rows(flat, flat, ~forced & forced, 10).hidden.any()


def levels(*ends: tuple[str, int], reported: Reported) -> list[int]:
    windows = np.array([WINDOWS.index(window) for window, _ in ends])
    return cells_of(windows, np.array([month for _, month in ends]), reported).levels.tolist()


def test_a_cell_is_of_the_level_it_can_be_computed_from() -> None:
    start, whole_years = 2021 * 12, Reported(2022 * 12 + 11, True)
    assert levels(
        ("month", start + 11), ("quarter", start + 11), ("year", start + 11), ("ytd", start + 5),
        ("to_date", start + 4), ("rolling12", start + 8), ("stock", start + 11), reported=whole_years,
    ) == [MONTH, QUARTER, YEAR, QUARTER, MONTH, QUARTER, YEAR]  # fmt: skip


def test_what_is_unfinished_differs_from_build_to_build_by_single_months() -> None:
    start = 2021 * 12
    ends = (("quarter", start + 5), ("year", start + 11), ("stock", start + 11))
    assert levels(*ends, reported=Reported(start + 4, True)) == [MONTH, MONTH, MONTH]
    assert levels(*ends, reported=Reported(start + 5, False)) == [MONTH, MONTH, MONTH]
    assert levels(*ends, reported=Reported(start + 5, True)) == [QUARTER, QUARTER, QUARTER]
