"""The table `to_day`: unfinished windows, and those to compare them with, up to a day.

What an area's months do not show, a part of a month does not show either; beyond that its lines are withheld as
any others, whole.
"""

from collections.abc import Iterator

import numpy as np

from metrics.disclosure.cells import MONTH
from metrics.disclosure.choose import choose_rows, is_small
from metrics.disclosure.decisions import Decision
from metrics.disclosure.grids import Numbering, Place, small_table
from metrics.disclosure.tables import COUNTED, Counted

Decisions = dict[tuple[str, str, str], Decision]


def withhold_to_day(numbering: Numbering, threshold: int, decisions: Decisions) -> None:
    if not numbering.has_table("to_day"):
        return
    connection, table = numbering.connection, f"{numbering.target}.to_day"
    small, lines = [], []
    for count in COUNTED:
        if count.beside or count.only:
            continue
        for place in numbering.places:
            found = lines_of(numbering, threshold, count, place, decisions.get((count.key, place.city, "")))
            for measure in (count.measure, *count.followers):
                lines += [(measure, count.basis, area) for area in found]
            small += [(count.measure, measure, count.basis, place.city) for measure in count.followers]
            small.append((count.measure, count.measure, count.basis, place.city))
    if not small:
        return
    small_table(
        connection, "disclosure_city", "counted VARCHAR, measure VARCHAR, basis VARCHAR, city VARCHAR", small
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE disclosure_small AS
        SELECT s.measure, s.basis, area_code, time_window, period_end
        FROM {table} t JOIN disclosure_city s
          ON t.measure = s.counted AND t.basis = s.basis AND t.area_code = s.city
        WHERE value > 0 AND value < {threshold}""")
    connection.execute(f"""
        UPDATE {table} t SET value = NULL FROM disclosure_small s
        WHERE t.measure = s.measure AND t.basis = s.basis AND t.area_code = s.area_code
          AND t.time_window = s.time_window AND t.period_end = s.period_end""")
    if not lines:
        return
    small_table(
        connection, "disclosure_line", "measure VARCHAR, basis VARCHAR, area_code VARCHAR", sorted(set(lines))
    )
    same = "t.measure = l.measure AND t.basis = l.basis AND t.area_code = l.area_code"
    connection.execute(f"UPDATE {table} t SET value = NULL FROM disclosure_line l WHERE {same}")
    connection.execute(f"""
        INSERT INTO {table}
        SELECT c.measure, c.basis, l.area_code, c.time_window, c.period_end, c.through_on, NULL
        FROM {table} c JOIN disclosure_line l ON c.measure = l.measure AND c.basis = l.basis
        JOIN {numbering.target}.areas a ON a.area_code = l.area_code AND a.parent_code = c.area_code
        WHERE NOT EXISTS (SELECT 1 FROM {table} t
                          WHERE {same} AND t.time_window = c.time_window AND t.period_end = c.period_end)
        ORDER BY ALL""")


def lines_of(
    numbering: Numbering, threshold: int, count: Counted, place: Place, decision: Decision | None
) -> Iterator[str]:
    """Areas of a city of which a count is withheld."""
    areas = dict(numbering.connection.execute("SELECT area_no, area_code FROM disclosure_area").fetchall())
    codes = [areas[int(no)] for no in place.areas]
    rows = numbering.connection.execute(
        f"SELECT area_code, time_window, period_end, value FROM {numbering.target}.to_day "
        "WHERE measure = ? AND basis = ? AND list_contains(?, area_code)",
        [count.measure, count.basis, codes],
    ).fetchall()
    moments = sorted({(window, end) for _, window, end, _ in rows})
    if not moments:
        return
    values = np.zeros((len(codes), len(moments)))
    for area, window, end, value in rows:
        values[codes.index(area), moments.index((window, end))] = value
    forced = np.zeros(len(codes) - 1, dtype=bool)
    for _, end in moments:
        if decision is not None:
            at = decision.get((end.year, MONTH))
            forced = forced | at.rows | at.apart
    if is_small(values[0], threshold).any():
        forced = np.ones_like(forced)
    hidden = choose_rows(values[1:], values[1:], forced, threshold).hidden
    yield from (codes[number + 1] for number in np.flatnonzero(hidden))
