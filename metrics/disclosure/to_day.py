"""The table `to_day`: unfinished windows, and those to compare them with, up to a day.

What an area's months do not show, a part of a month does not show either; beyond that its lines are withheld as
any others, whole. Where earlier builds told all areas but a small one, the city's own count up to that day goes as
well, in all windows, with everything that adds up to it.
"""

from datetime import date
from typing import NamedTuple

import numpy as np

from metrics.disclosure.cells import MONTH
from metrics.disclosure.choose import choose_rows, is_small
from metrics.disclosure.days import Cut
from metrics.disclosure.decisions import Decision
from metrics.disclosure.demands import Key
from metrics.disclosure.grids import Numbering, Place, small_table
from metrics.disclosure.lines import Earlier, UpTo
from metrics.disclosure.tables import COUNTED, SERVED, Counted

Moment = tuple[str, date, date]  # window, its end, and the day up to which it is counted


class Shares(NamedTuple):
    """What is withheld of a count of a city: areas wholly, and days up to which nothing is said."""

    of: Counted
    city: str
    areas: tuple[str, ...]
    throughs: frozenset[date]
    exposed: int


class UpToDays:
    """All counts up to a day of a build, and what is withheld of them."""

    def __init__(self, numbering: Numbering, threshold: int, earlier: Earlier) -> None:
        self.numbering, self.threshold, self.earlier = numbering, threshold, earlier
        self.table = f"{numbering.target}.to_day"
        self.values: dict[tuple[str, str], dict[tuple[str, Moment], float]] = {}
        self.shares: list[Shares] = []
        if not numbering.has_table("to_day"):
            return
        execute = numbering.connection.execute
        self.areas = dict(execute("SELECT area_no, area_code FROM disclosure_area").fetchall())
        rows = execute(
            "SELECT measure || '/' || basis, coalesce(nullif(parent_code, ''), area_code), area_code, time_window, "
            f"period_end, through_on, value FROM {self.table} JOIN disclosure_area USING (area_code)"
        ).fetchall()
        for key, city, area, *moment, value in rows:
            self.values.setdefault((key, city), {})[area, (*moment,)] = value

    def decide(self, decisions: dict[Key, Decision]) -> None:
        self.shares = []
        for count in COUNTED:
            if count.beside or count.only:
                continue
            for place in self.numbering.places:
                values = self.values.get((count.key, place.city))
                if values:
                    decision = decisions.get((count.key, place.city, ""))
                    self.shares.append(self.share(count, place, values, decision))

    @property
    def exposed(self) -> int:
        return sum(share.exposed for share in self.shares)

    def cuts(self, *, hidden: bool) -> set[Cut]:
        """Days up to which cities say their visits, or do not."""
        found = set()
        for share in self.shares:
            if share.of.key == SERVED:
                throughs = {moment[2] for _, moment in self.values[SERVED, share.city]}
                found |= {(share.city, day) for day in throughs if (day in share.throughs) == hidden}
        return found

    def share(
        self,
        count: Counted,
        place: Place,
        values_of: dict[tuple[str, Moment], float],
        decision: Decision | None,
    ) -> Shares:
        codes = [self.areas[int(no)] for no in place.areas]
        moments = sorted({moment for _, moment in values_of})
        values, unknown = np.zeros((2, len(codes), len(moments)))
        forced = np.zeros(len(codes) - 1, dtype=bool)
        throughs = set()
        for column, moment in enumerate(moments):
            for line, area in enumerate(codes):
                key = UpTo(count.measure, count.basis, area, *moment)
                value = values_of.get((area, moment), 0.0)
                values[line, column] = value
                unknown[line, column] = 0.0 if value in self.earlier.told_to_day.get(key, ()) else value
                if key in self.earlier.to_day:
                    if line:
                        forced[line - 1] = True
                    else:
                        throughs.add(moment[2])
            if decision is not None:
                at = decision.get((moment[1].year, MONTH))
                forced = forced | at.rows | at.apart
                if at.city.any():
                    throughs.add(moment[2])
            if is_small(values[0, column], self.threshold):
                throughs.add(moment[2])
        while True:
            open_ = np.array([moment[2] not in throughs for moment in moments])
            rows = choose_rows(values[1:, open_], unknown[1:, open_], forced, self.threshold)
            if not rows.exposed:
                break
            told = np.zeros(len(moments), dtype=bool)
            told[open_] = is_small(unknown[1:, open_][rows.hidden].sum(axis=0), self.threshold)
            throughs |= {moments[column][2] for column in np.flatnonzero(told)}
        areas = tuple(codes[number + 1] for number in np.flatnonzero(rows.hidden))
        return Shares(count, place.city, areas, frozenset(throughs), rows.exposed)

    def withhold(self, cuts: set[Cut]) -> None:
        """Withhold what was decided, and visits up to some more days."""
        lines, wholly = set(), set()
        for share in self.shares:
            throughs = set(share.throughs)
            if share.of.key == SERVED:
                throughs |= {day for city, day in cuts if city == share.city}
            for measure in (share.of.measure, *share.of.followers):
                lines |= {(measure, share.of.basis, area) for area in share.areas}
                wholly |= {(measure, share.of.basis, share.city, day) for day in throughs}
        if not lines and not wholly:
            return
        connection, table = self.numbering.connection, self.table
        columns = "measure VARCHAR, basis VARCHAR, area_code VARCHAR"
        small_table(connection, "disclosure_line", columns, sorted(lines))
        small_table(connection, "disclosure_wholly", f"{columns}, through_on DATE", sorted(wholly))
        connection.execute(f"""
            CREATE OR REPLACE TEMP TABLE disclosure_up_to AS
            SELECT DISTINCT c.measure, c.basis, l.area_code, c.time_window, c.period_end, c.through_on
            FROM {table} c JOIN disclosure_area a ON c.area_code = a.parent_code
            JOIN disclosure_line l ON c.measure = l.measure AND c.basis = l.basis AND l.area_code = a.area_code
            UNION
            SELECT DISTINCT c.measure, c.basis, a.area_code, c.time_window, c.period_end, c.through_on
            FROM {table} c JOIN disclosure_wholly w USING (measure, basis, area_code, through_on)
            JOIN disclosure_area a ON w.area_code IN (a.area_code, a.parent_code)""")
        same = " AND ".join(f"t.{name} = u.{name}" for name in UpTo._fields)
        connection.execute(f"UPDATE {table} t SET value = NULL FROM disclosure_up_to u WHERE {same}")
        connection.execute(f"""
            INSERT INTO {table}
            SELECT u.*, NULL FROM disclosure_up_to u
            WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {same}) ORDER BY ALL""")
