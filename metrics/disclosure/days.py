"""The table `days`: visits of a city on single days, beside its months, their kinds of day and cuts up to a day.

Whatever is shown divides the days of a month: into kinds, and at each day up to which a total is given (`to_day`).
What is withheld of each part adds up to nothing or to at least the threshold. Where earlier builds told too much for
that, the coarser figures go, the smallest first: the cuts, the kinds of day, the city's months of the year.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from metrics.disclosure.cells import MONTH, WINDOWS
from metrics.disclosure.choose import Counts, Flags, Rows, choose_rows, is_small
from metrics.disclosure.decisions import Decision
from metrics.disclosure.demands import Demands, Key
from metrics.disclosure.grids import Grid, Integers, Numbering
from metrics.disclosure.lines import Earlier
from metrics.disclosure.tables import DAY_KIND, SERVED
from metrics.members import OTHER_DAYS, SATURDAYS
from metrics.periods import month_number

KINDS = (OTHER_DAYS, SATURDAYS)
SATURDAY = 5
Cut = tuple[str, date]  # a city and the day up to which it says a total


class Days(NamedTuple):
    """The days of a city's month on which anybody served, or did when an earlier build withheld them."""

    city: str
    month: int
    days: tuple[date, ...]
    values: Counts
    unknown: Counts  # without those earlier builds told
    forced: Flags  # earlier builds withheld them

    @property
    def kinds(self) -> Integers:
        return np.array([int(day.weekday() == SATURDAY) for day in self.days])

    def parts(self, cuts: Iterable[date]) -> Integers:
        """Of each day the number of the cuts before it."""
        return np.searchsorted(
            np.array(sorted(cuts), dtype="datetime64[D]"), np.array(self.days, "datetime64[D]")
        )

    def chosen(self, parts: Integers, forced: Flags, threshold: int, _told: set[date]) -> Rows:
        columns = parts[:, None] == np.unique(parts)[None]
        values, unknown = (np.where(columns, one[:, None], 0.0) for one in (self.values, self.unknown))
        return choose_rows(values, unknown, forced, threshold)

    def apart(self, parts: Integers, forced: Flags, threshold: int, told: set[date]) -> Rows:
        """With the month itself withheld only what earlier builds told up to a day can give days away."""
        among = np.array([bool(told) and day <= max(told) for day in self.days])
        hidden = forced | is_small(self.values, threshold)
        if not among.any():
            return Rows(hidden, 0)
        part = self._replace(values=self.values[among], unknown=self.unknown[among])
        rows = part.chosen(parts[among], forced[among], threshold, told)
        hidden[among] = rows.hidden
        return Rows(hidden, rows.exposed)

    def across(self, through: date, kinds_known: bool, total_known: bool) -> tuple[Flags, bool]:
        """Days to withhold so that nobody knows how many there were up to a day; and whether that is so then."""
        before = np.array([day <= through for day in self.days])
        ways = [self.kinds == kind for kind in (0, 1)] if kinds_known else [np.ones_like(before)]
        for among in ways:
            sides = [self.smallest(before & among), self.smallest(~before & among)]
            if sides[0].any() and (sides[1].any() or not total_known):
                return sides[0] | sides[1], True
        return np.zeros_like(before), False

    def smallest(self, among: Flags) -> Flags:
        """The smallest of some days that nobody has been told of, so that their sum is not known."""
        flags = np.zeros(len(self.days), dtype=bool)
        found = np.flatnonzero(among & (self.unknown > 0))
        if len(found):
            flags[found[self.unknown[found].argmin()]] = True
        return flags


class DaysOfCities:
    """All days of a build's cities, and what is withheld of them."""

    def __init__(self, numbering: Numbering, threshold: int, earlier: Earlier) -> None:
        self.numbering, self.threshold = numbering, threshold
        self.months: list[Days] = []
        self.hidden: dict[str, list[date]] = {}
        self.cuts_hidden: set[Cut] = set()
        self.exposed = 0
        self.told_cuts: dict[tuple[str, int], set[date]] = defaultdict(set)
        if not numbering.has_table("days"):
            return
        found: dict[tuple[str, int], dict[date, int]] = defaultdict(dict)
        for city, day, visits in numbering.connection.execute(
            f"SELECT area_code, service_date, visits FROM {numbering.target}.days "
            f"SEMI JOIN (SELECT area_code FROM {numbering.target}.areas WHERE parent_code = '') USING (area_code)"
        ).fetchall():
            found[city, month_number(day)][day] = visits
        for city, day in earlier.days:
            found[city, month_number(day)].setdefault(day, 0)
        for (city, month), visits_of in sorted(found.items()):
            days = tuple(sorted(visits_of))
            values = np.array([float(visits_of[day]) for day in days])
            told = np.array([visits_of[day] in earlier.told_days.get((city, day), ()) for day in days])
            forced = np.array([(city, day) in earlier.days for day in days])
            self.months.append(Days(city, month, days, values, np.where(told, 0.0, values), forced))
        # What earlier builds said up to a day, as far as it is still so.
        by_month = {(one.city, one.month): one for one in self.months}
        for (measure, basis, area, window, _, through), values_told in earlier.told_to_day.items():
            at = (area, month_number(through))
            if (f"{measure}/{basis}", window) == (SERVED, "month") and at in by_month:
                one = by_month[at]
                if one.values[[day <= through for day in one.days]].sum() in values_told:
                    self.told_cuts[at].add(through)

    def less_told(self, unknown: Counts, grid: Grid) -> Counts:
        """Counts by kind of day without those of a city's months all of whose days earlier builds told."""
        unknown = unknown.copy()
        codes = dict(
            self.numbering.connection.execute("SELECT label_no, member FROM disclosure_label").fetchall()
        )
        members = [KINDS.index(codes[int(no)]) for no in grid.labels]
        cells = cells_of_months(grid)
        for one in self.months:
            if one.city != grid.place.city or one.month not in cells:
                continue
            for number, kind in enumerate(members):
                if not one.unknown[one.kinds == kind].any():
                    unknown[0, number, cells[one.month]] = 0.0
        return unknown

    def decide(
        self,
        decisions: Mapping[Key, Decision],
        demands: Demands,
        cuts: Iterable[Cut],
        cuts_hidden: Iterable[Cut],
    ) -> bool:
        """Choose days to withhold, given the cuts shown and withheld; whether coarser figures must be first."""
        self.hidden, self.cuts_hidden, self.exposed = {}, set(), 0
        shown, hidden = of_months(cuts), of_months(cuts_hidden)
        is_more = False
        known = {
            (city, dimension): known_months(decisions[SERVED, city, dimension])
            for city in {one.city for one in self.months}
            for dimension in ("", DAY_KIND)
            if (SERVED, city, dimension) in decisions
        }
        for one in self.months:
            at = (one.city, one.month)
            total_known = one.month in known.get((one.city, ""), {one.month})
            kinds_known = one.month in known.get((one.city, DAY_KIND), ())
            forced = one.forced
            for kind in (0, 1) if not kinds_known and (one.city, DAY_KIND) in known else ():
                forced = forced | one.smallest(one.kinds == kind)
            is_open = True
            for through in hidden[at]:
                more, is_hidden = one.across(through, kinds_known, total_known)
                forced, is_open = forced | more, is_open and is_hidden
            told = self.told_cuts[at]
            base = one.kinds * 100 if kinds_known else np.zeros(len(one.days), dtype=np.int64)
            ways: list[tuple[Integers, set[date]]]
            ways = [(base + one.parts(told | shown[at]), set())]
            if shown[at] - told:
                ways.append((base + one.parts(told), shown[at] - told))
            for parts, without in ways:  # noqa: B007 – the last one tried counts
                choose = one.chosen if total_known else one.apart
                rows = choose(parts, forced, self.threshold, told)
                if not rows.exposed:
                    break
            if rows.exposed or not is_open:
                is_more |= self.demand_more(one, decisions, demands, kinds_known, total_known)
                self.exposed += rows.exposed + (not is_open)
            self.cuts_hidden |= {(one.city, through) for through in without}
            days = [day for day, is_hidden in zip(one.days, rows.hidden, strict=True) if is_hidden]
            self.hidden.setdefault(one.city, []).extend(days)
        return is_more

    def demand_more(
        self,
        one: Days,
        decisions: Mapping[Key, Decision],
        demands: Demands,
        kinds_known: bool,
        total_known: bool,
    ) -> bool:
        """Withhold the kinds of day or, where they are, the city's months of the year."""
        for dimension, is_known in ((DAY_KIND, kinds_known), ("", total_known)):
            key = (SERVED, one.city, dimension)
            if is_known and key in decisions:
                moment = (one.month // 12, MONTH)
                at = decisions[key].get(moment)
                if not at.city.all() and demands.add(key, moment, at, "city", slice(None)):
                    return True
        return False

    def withhold(self) -> None:
        connection, target = self.numbering.connection, self.numbering.target
        connection.execute(
            f"DELETE FROM {target}.days WHERE area_code IN "
            f"(SELECT area_code FROM {target}.areas WHERE parent_code <> '')"
        )
        for city, days in self.hidden.items():
            if days:
                connection.execute(
                    f"DELETE FROM {target}.days WHERE area_code = ? AND list_contains(?, service_date)",
                    [city, days],
                )
                connection.execute(
                    f"INSERT INTO {target}.days SELECT ?, unnest(?), NULL, NULL", [city, sorted(days)]
                )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE disclosure_days AS SELECT * FROM {target}.days ORDER BY area_code, service_date"
        )
        connection.execute(f"DELETE FROM {target}.days")
        connection.execute(f"INSERT INTO {target}.days SELECT * FROM disclosure_days")


def of_months(cuts: Iterable[Cut]) -> dict[tuple[str, int], set[date]]:
    found: dict[tuple[str, int], set[date]] = defaultdict(set)
    for city, through in cuts:
        found[city, month_number(through)].add(through)
    return found


def cells_of_months(grid: Grid) -> dict[int, int]:
    """The cells of whole months, by month."""
    return {month: number for number, month in months_at(grid)}


def months_at(grid: Grid) -> Iterator[tuple[int, int]]:
    for number in np.flatnonzero(grid.cells.windows == WINDOWS.index("month")):
        yield int(number), int(grid.cells.months[number])


def known_months(decision: Decision) -> set[int]:
    """Months of which a city's own counts are shown, or were told by earlier builds."""
    grid = decision.grid
    hidden = decision.mask(grid, adds_over_time=True)[0] & (decision.unknown[0] > 0)
    return {month for number, month in months_at(grid) if not hidden[:, number].any()}
