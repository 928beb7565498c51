"""Disclosure control: between the cube and the build, small counts of people are withheld (docs/disclosure.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from duckdb import DuckDBPyConnection

from metrics.disclosure.awake import ASLEEP, told_by_asleep
from metrics.disclosure.choose import Counts, Flags
from metrics.disclosure.days import DaysOfCities
from metrics.disclosure.decisions import Decision, Given, Withheld, decide
from metrics.disclosure.demands import Asked, Demands, Key
from metrics.disclosure.earlier import read_earlier
from metrics.disclosure.grids import CountsOfBuild, Grid, NotDescribed, Numbering
from metrics.disclosure.hide import Hidden, hide
from metrics.disclosure.ledger import Places, withhold_ledger
from metrics.disclosure.lines import Earlier, Line, lines_of, withheld_before
from metrics.disclosure.records import withhold_records
from metrics.disclosure.settings import DEFAULT_THRESHOLD, threshold_of
from metrics.disclosure.states import told_by_totals
from metrics.disclosure.steps import Halves, Known, Split, halves_of, tree
from metrics.disclosure.tables import (
    ACTIVE,
    COUNTED,
    DAY_KIND,
    HOURS_BAND,
    NEW,
    SERVED,
    STEPS,
    Counted,
    from_key,
)
from metrics.disclosure.to_day import UpToDays
from metrics.engine import insert_many, insert_values

__all__ = ["DEFAULT_THRESHOLD", "NotDescribed", "Places", "Summary", "control", "threshold_of"]


@dataclass(frozen=True)
class Summary:
    """What was withheld; also written to the build's manifest."""

    threshold: int
    cells: int  # observations that are published or withheld
    hidden: int  # of those, withheld
    merged: int  # breakdowns of a city and year in which members are withheld everywhere, together
    exposed: int  # small cells that earlier builds give away


def control(
    connection: DuckDBPyConnection,
    target: str,
    threshold: int,
    folder: Path,
    build_id: str,
    places: Places | None = None,
) -> Summary:
    """Withhold what may not be published in the attached build `target`, given the builds of a folder before it.

    `places`: by drop, the areas in which its rows lie.
    """
    if not threshold:
        return concluded(connection, target, Summary(0, 0, 0, 0, 0))
    numbering = Numbering(connection, target)
    pass_ = Pass(numbering, threshold, read_earlier(numbering, folder, build_id))
    pass_.decide()
    hide(numbering, list(pass_.hidden()))
    withhold_records(numbering, threshold)
    pass_.days.withhold()
    pass_.up_to.withhold(pass_.days.cuts_hidden)
    withhold_ledger(connection, target, threshold, places or {})
    rows = pass_.earlier.continued(pass_.lines())
    numbering.forget()
    insert_many(connection, f"{target}.disclosure", Line._fields, rows)
    merged = {(*line[:4], line.year) for line in rows if line.kind == "member"}
    return concluded(connection, target, Summary(threshold, 0, 0, len(merged), pass_.exposed))


class Pass:
    """All decisions of one build, what contains others first."""

    def __init__(self, numbering: Numbering, threshold: int, earlier: Earlier) -> None:
        self.numbering = numbering
        self.threshold = threshold
        self.earlier = earlier
        self.counts = CountsOfBuild(numbering, numbering.target)
        self.decisions: dict[Key, Decision] = {}
        self.decided_in_order: dict[str, list[Asked]] = {}  # by city
        execute = numbering.connection.execute
        self.names = dict(execute("SELECT area_no, area_code FROM disclosure_area").fetchall())
        self.members = dict(execute("SELECT label_no, member FROM disclosure_label").fetchall())
        self.before: dict[Key, list[Line]] = {}
        for line in earlier.lines:
            self.before.setdefault((f"{line.measure}/{line.basis}", line.city, line.dimension), []).append(
                line
            )
        self.demands = Demands(threshold)
        self.days = DaysOfCities(numbering, threshold, earlier)
        self.up_to = UpToDays(numbering, threshold, earlier)

    def decide(self) -> None:
        """Decide everything, and again with more where what earlier builds told would give small counts away."""
        for count in COUNTED:
            if count.edge:
                if count is STEPS[0]:
                    self.decide_steps()
                continue
            for grid in self.counts.grids(count.key):
                if not is_looked_at(count, grid.dimension):
                    continue
                if count.beside and (count.beside, grid.place.city, grid.dimension) in self.decisions:
                    continue
                self.decided(Asked(count, grid))
        self.meet_demands()
        while self.more_by_day():
            for asked in list(self.in_order()):
                self.decided(asked)
            self.meet_demands()

    @property
    def exposed(self) -> int:
        """Small counts that earlier builds give away."""
        return self.demands.exposed + self.days.exposed + self.up_to.exposed

    def more_by_day(self) -> bool:
        """Decide what is said of days and up to days; whether coarser figures must be withheld for it."""
        self.up_to.decide(self.decisions)
        cuts = (self.up_to.cuts(hidden=hidden) for hidden in (False, True))
        return self.days.decide(self.decisions, self.demands, *cuts)

    def meet_demands(self) -> None:
        self.demands.exposed = 0
        for in_order in self.decided_in_order.values():
            # Within one build only kinds of day ask for more than they were given at first.
            is_first = not self.earlier.told
            looked_at = [asked for asked in in_order if not is_first or is_by_day(asked)]
            while self.demands.of_city(looked_at, self.decisions):
                for asked in looked_at:
                    self.decided(asked)

    def decide_steps(self) -> None:
        """People with at least so many hours, of each city edge by edge."""
        found = {count.edge: list(self.counts.grids(count.key)) for count in STEPS}
        by_edge = {count.edge: count for count in STEPS}
        for city in dict.fromkeys(grid.place.city for grids in found.values() for grid in grids):
            grids = {edge: one for edge, of_it in found.items() for one in of_it if one.place.city == city}
            everybody = self.decisions[ACTIVE, city, ""].grid
            for split in tree(everybody, grids):
                self.decided(Asked(by_edge[split.edge], grids[split.edge], split))

    def hidden(self) -> Iterator[Hidden]:
        """The cells to withhold, of counts and of what follows them."""
        following: dict[str, list[Grid]] = {}
        for asked in self.in_order():
            count, grid = asked.count, asked.grid
            decision = self.decisions[asked.key]
            mask = decision.mask(grid, asked.is_flow)
            yield Hidden(count.key, grid, mask if count.edge else without_known_zeros(grid, mask))
            for follower in count.followers:
                key = f"{follower}/{count.basis}"
                if key not in following:
                    following[key] = list(self.counts.grids(key))
                for one in following[key]:
                    if (one.place.city, one.dimension) == (grid.place.city, grid.dimension):
                        mask = decision.mask(one, adds_over_time=not count.edge)
                        yield Hidden(key, one, mask if count.edge else without_known_zeros(one, mask))

    def in_order(self) -> Iterator[Asked]:
        for in_order in self.decided_in_order.values():
            yield from in_order

    def lines(self) -> Iterator[Line]:
        for asked in self.in_order():
            yield from lines_of(self.decisions[asked.key], asked.count, self.names, self.members)

    def steps_of(self, city: str) -> dict[int, Decision]:
        """What was decided of people with at least so many hours, by the edge."""
        keys = {count.edge: (count.key, city, "") for count in STEPS}
        return {edge: self.decisions[key] for edge, key in keys.items() if key in self.decisions}

    def halves(self, count: Counted, grid: Grid, split: Split) -> Halves:
        """What an edge makes of its block."""
        ends = (split.low, split.high)
        keys = [(from_key(edge), grid.place.city, "") if edge is not None else None for edge in ends]
        near = [self.decisions[key] if key else None for key in keys]
        fewer, more = (Known(one.grid, self.not_known(one)) if one else None for one in near)
        return halves_of(grid, self.earlier.unknown(count.key, grid), fewer, more)

    def not_known(self, decision: Decision) -> Counts:
        """A total's counts without those told before, nor, where anything was, those that are shown."""
        if not self.earlier.told:
            return decision.unknown
        mask = decision.mask(decision.grid, adds_over_time=False)
        return np.where(mask, decision.unknown, 0.0)

    def decided(self, asked: Asked) -> None:
        count, grid = asked.count, asked.grid
        given = self.given(asked)
        if grid.dimension == "activity_state":
            self.add_states(grid, given)
        if count.measure == ASLEEP:
            self.add_asleep(grid, given)
        if asked.key not in self.decisions:
            self.decided_in_order.setdefault(grid.place.city, []).append(asked)
        unknown = self.earlier.unknown(count.key, grid)
        if grid.dimension == DAY_KIND:
            if grid.place.city not in self.demands.told_zeros:
                zeros = self.earlier.zeros_of(grid, self.names, self.members)
                self.demands.told_zeros[grid.place.city] = zeros
            unknown = self.days.less_told(unknown, grid)
        self.decisions[asked.key] = decide(grid, unknown, count, given, self.threshold)

    def add_states(self, grid: Grid, given: Given) -> None:
        """Withhold wholly the states that totals would tell."""
        if given.total is None:
            return
        lapsed = (
            one
            for one in self.counts.grids("lapsed_volunteers/residence")
            if one.place.city == grid.place.city and not one.dimension
        )
        names = [self.members[int(no)] for no in grid.labels]
        told = told_by_totals(grid, names, given.total.grid, next(lapsed, None), self.threshold)
        for moment, is_city in told.items():
            whole = Withheld.nothing(len(names), len(grid.place.areas) - 1)
            withheld = Withheld(whole.city | is_city, whole.members | is_city, ~whole.rows, whole.apart)
            given.before[moment] = withheld.union(given.before.get(moment, whole))

    def add_asleep(self, grid: Grid, given: Given) -> None:
        """Withhold who is asleep where that would tell who is active."""
        city = grid.place.city
        active, new = self.decisions.get((ACTIVE, city, grid.dimension)), self.decisions.get((NEW, city, ""))
        if active is not None:
            for moment, told in told_by_asleep(grid, active, new.grid if new else None).items():
                before = given.before.get(moment)
                given.before[moment] = told.union(before) if before else told

    def given(self, asked: Asked) -> Given:
        count, grid, split = asked.count, asked.grid, asked.split
        city, dimension = grid.place.city, grid.dimension

        def of(key: str, *dimensions: str) -> Decision | None:
            found = (self.decisions.get((key, city, one)) for one in dimensions)
            return next((one for one in found if one is not None), None)

        return Given(
            total=of(count.beside or count.key, "") if dimension else None,
            within=tuple(
                found for key in containers(count, split) if (found := of(key, dimension, "")) is not None
            ),
            halves=self.halves(count, grid, split) if split else None,
            codes=tuple(self.members[int(no)] for no in grid.labels),
            steps=self.steps_of(city) if dimension == HOURS_BAND else {},
            flow=of(count.changes_by, "") if count.changes_by and not dimension else None,
            before=self.demands.added_to(
                asked.key,
                withheld_before(self.before.get(asked.key, ()), grid, self.names, self.members),
            ),
        )


def is_looked_at(count: Counted, dimension: str) -> bool:
    """Whether a breakdown is decided with this entry of the table of counts."""
    if count.only:
        return dimension == count.only
    return not dimension or not any(one.only == dimension and one.key == count.key for one in COUNTED)


def is_by_day(asked: Asked) -> bool:
    """Whether it is the breakdown by kind of day, or its total."""
    return asked.key[0] == SERVED and asked.grid.dimension in ("", DAY_KIND)


def containers(count: Counted, split: Split | None) -> list[str]:
    """The count this one is within, and those that one is within: at some moments only those have anybody."""
    found = [from_key(edge) for edge in split.made_by] if split else []
    while count.within:
        found.append(count.within)
        count = next(other for other in COUNTED if other.key == count.within)
    return found


def without_known_zeros(grid: Grid, mask: Flags) -> Flags:
    """The cells without those of a member nobody in the whole city belongs to, which the city itself says."""
    is_nobody = (grid.values[0] == 0) & ~mask[0]
    return mask & ~is_nobody[None]


def concluded(connection: DuckDBPyConnection, target: str, summary: Summary) -> Summary:
    ((cells, hidden),) = connection.execute(
        f"SELECT count(*), count(*) FILTER (WHERE value IS NULL) FROM {target}.observations"
    ).fetchall()
    summary = Summary(summary.threshold, cells, hidden, summary.merged, summary.exposed)
    entries = [(f"disclosure_{name}", str(value)) for name, value in vars(summary).items()]
    insert_values(connection, f"{target}.manifest", entries)
    return summary
