"""What is withheld of one breakdown of one city: lines, for each year and level, and how they come about.

Coarser levels are decided first and whatever they withhold the finer ones withhold too; so does every count that
is contained in another, and every breakdown of a total. What an earlier public build withheld stays withheld.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from metrics.disclosure import leavers, overlapping
from metrics.disclosure.cells import LEVELS, MONTH, WINDOWS, YEAR
from metrics.disclosure.choose import Counts, Flags, choose_breakdown, choose_rows, is_small
from metrics.disclosure.grids import Grid
from metrics.disclosure.steps import Halves, blocks_of
from metrics.disclosure.tables import DAY_KIND, Counted
from metrics.members import OVERLAPPING

Moment = tuple[int, int]  # year, level
# What a line of the build's table `disclosure` says is withheld.
KINDS = ("member_of_city", "member", "area", "area_by_flow")


@dataclass
class Withheld:
    """Lines withheld of one grid at one moment."""

    city: Flags  # members withheld of the city itself
    members: Flags  # members withheld in every area
    rows: Flags  # areas of which everything is withheld
    apart: Flags  # areas withheld only because a flow they change by is

    @classmethod
    def nothing(cls, members: int, areas: int) -> "Withheld":
        return cls(*(np.zeros(size, dtype=bool) for size in (members, members, areas, areas)))

    def union(self, other: "Withheld") -> "Withheld":
        return Withheld(
            self.city | other.city,
            self.members | other.members,
            self.rows | other.rows,
            self.apart | other.apart,
        )

    @property
    def mask(self) -> Flags:
        """area × member; the city is the first area."""
        areas = (self.rows | self.apart)[:, None] | self.members[None, :]
        return np.concatenate([self.city[None, :], areas])


@dataclass
class Decision:
    """Everything withheld of one grid, by moment."""

    grid: Grid
    unknown: Counts  # its counts without those earlier builds told
    at: dict[Moment, Withheld] = field(default_factory=dict)
    exposed: int = 0
    overlap: overlapping.Computable | None = None  # where members overlap
    codes: tuple[str, ...] = ()  # of the members
    halves: Halves | None = None  # of people with at least so many hours
    steps: dict[int, "Decision"] = field(default_factory=dict)  # of bands of hours: by edge, those counts

    def blocks(self, moment: Moment) -> NDArray[np.int64]:
        """The block of each member: those of a block add up to something that is shown of the city."""
        if not self.steps:
            return np.zeros(len(self.grid.labels), dtype=np.int64)
        shown = [edge for edge, one in self.steps.items() if not one.get(moment).city.any()]
        return blocks_of(self.codes, shown)

    def get(self, moment: Moment) -> Withheld:
        found = self.at.get(moment)
        _, members, _ = self.grid.values.shape
        return found or Withheld.nothing(members, len(self.grid.place.areas) - 1)

    def mask(self, grid: Grid, adds_over_time: bool) -> Flags:
        """area × member × cell of a grid of the same city and breakdown, which may be a follower's."""
        nothing = np.zeros(grid.values.shape[:2], dtype=bool)
        mine = np.isin(self.grid.labels, grid.labels)
        placed = np.searchsorted(grid.labels, self.grid.labels[mine])
        masks: dict[Moment, Flags] = {}
        for moment, withheld in self.at.items():
            masks[moment] = nothing.copy()
            masks[moment][:, placed] = withheld.mask[:, mine]
        until = years_before(masks, nothing) if adds_over_time else {}
        hidden = np.zeros(grid.values.shape, dtype=bool)
        cells = (part.tolist() for part in (grid.cells.windows, grid.cells.years, grid.cells.levels))
        for number, (window, year, level) in enumerate(zip(*cells, strict=True)):
            mask = masks.get((year, level), nothing)
            # Whoever knows two windows that overlap knows the years they do not share.
            if adds_over_time and WINDOWS[window] == "rolling12" and level < YEAR:
                mask = mask | masks.get((year - 1, level), nothing)
            if adds_over_time and WINDOWS[window] == "to_date":
                mask = mask | until.get(year, nothing)
            hidden[:, :, number] = mask
        return hidden


def years_before(masks: dict[Moment, Flags], nothing: Flags) -> dict[int, Flags]:
    """What is withheld of some whole year before a year: what has happened until then would give it away."""
    found, so_far = {}, nothing
    for year in range(
        min((year for year, _ in masks), default=0), max((year for year, _ in masks), default=0) + 1
    ):
        found[year] = so_far
        so_far = so_far | masks.get((year, YEAR), nothing)
    return found


@dataclass(frozen=True)
class Given:
    """What a decision must respect: other decisions of the same city, by what they are for it."""

    total: Decision | None = None  # of the same count, without breakdown
    within: tuple[Decision, ...] = ()  # of what contains the count, in the same breakdown or without
    flow: Decision | None = None  # what the stock changes by
    before: dict[Moment, Withheld] = field(default_factory=dict)  # in the last public build
    halves: Halves | None = None  # see Decision, as are the steps
    steps: dict[int, Decision] = field(default_factory=dict)
    codes: tuple[str, ...] = ()  # of the members


def decide(grid: Grid, unknown: Counts, count: Counted, given: Given, threshold: int) -> Decision:
    decision = Decision(grid, unknown, halves=given.halves, steps=given.steps, codes=given.codes)
    if grid.dimension in OVERLAPPING:
        assert given.total is not None, "the total of what overlaps is decided first"
        total = given.total
        decision.overlap = overlapping.computable(grid, unknown, total.grid, total.unknown)
    moments = set(zip(grid.cells.years.tolist(), grid.cells.levels.tolist(), strict=True)) | set(given.before)
    # Areas by member of what adds up over time are shown at every level or at none: with months known of the
    # area and of the member, and the year known of both together, too little is left unknown.
    # (Of two kinds of day one is the other's rest, which leaves a network: see kinds.py.)
    is_flat = bool(grid.dimension) and count.adds_over_time and grid.dimension != DAY_KIND
    for year in sorted({year for year, _ in moments}):
        coarser: Withheld | None = None
        for level in reversed(LEVELS):
            forced = forced_at(decision, given, (year, level), coarser)
            of_it = (grid.cells.years == year) & (grid.cells.levels == level)
            blocks = decision.blocks((year, level))
            decision.exposed += choose_city(decision, of_it, forced, threshold, blocks)
            if not is_flat:
                choose_areas(decision, unknown, of_it, forced, threshold, blocks)
            decision.at[year, level] = coarser = forced
        if is_flat:
            whole = decision.at[year, MONTH]
            choose_areas(
                decision, unknown, grid.cells.years == year, whole, threshold, decision.blocks((year, MONTH))
            )
            for level in LEVELS:
                at = decision.at[year, level]
                at.members, at.rows = whole.members, whole.rows
    add_flow(decision, given, threshold)
    return decision


def forced_at(decision: Decision, given: Given, moment: Moment, coarser: Withheld | None) -> Withheld:
    forced = decision.get(moment)
    if coarser is not None:
        forced = forced.union(coarser)
    if moment in given.before:
        forced = forced.union(given.before[moment])
    if given.total is not None:
        total = given.total.get(moment)
        forced.rows, forced.apart = forced.rows | total.rows, forced.apart | total.apart
        forced.city = forced.city | total.city.any()
    for within in given.within:
        container = within.get(moment)
        forced.rows = forced.rows | container.rows
        if within.grid.dimension == decision.grid.dimension:
            here = np.isin(decision.grid.labels, within.grid.labels[container.city])
            forced.city, forced.members = forced.city | here, forced.members | here
            forced.members = forced.members | np.isin(
                decision.grid.labels, within.grid.labels[container.members]
            )
        else:
            forced.city = forced.city | container.city.any()
    for step in given.steps.values():
        # An area that shows its bands shows every sum of them, so it does where it shows all sums the city shows.
        if not step.get(moment).city.any():
            forced.rows = forced.rows | step.get(moment).rows
    return forced


def choose_city(
    decision: Decision, of_it: Flags, at: Withheld, threshold: int, blocks: NDArray[np.int64]
) -> int:
    """Members the city itself does not show; whatever it does not show no area shows. Gives how many are exposed."""
    exposed = 0
    grid = decision.grid
    values, open_values = grid.values[0][:, of_it], decision.unknown[0][:, of_it]
    if decision.overlap is not None:
        at.city = overlapping.members_of_city(decision.overlap, of_it, at.city, threshold)
    elif grid.dimension:
        for block in np.unique(blocks):
            mine = blocks == block
            found = choose_rows(values[mine], open_values[mine], at.city[mine], threshold)
            at.city = at.city.copy()
            at.city[mine], exposed = found.hidden, exposed + found.exposed
    elif decision.halves is not None:
        at.city = at.city | is_small(decision.halves.values[0][:, of_it], threshold).any()
    else:
        at.city = at.city | is_small(values, threshold).any(axis=1)
    at.members = at.members | at.city
    if at.city.all():
        at.rows = np.ones_like(at.rows)
    return exposed


def choose_areas(
    decision: Decision,
    unknown: Counts,
    of_it: Flags,
    at: Withheld,
    threshold: int,
    blocks: NDArray[np.int64],
) -> None:
    grid = decision.grid
    values, open_values = grid.values[1:][:, :, of_it], unknown[1:][:, :, of_it]
    if at.rows.all():
        return
    if not grid.dimension:
        columns_of = (values[:, 0], open_values[:, 0])
        if decision.halves is not None:
            columns_of = decision.halves.columns(of_it)
        found = choose_rows(*columns_of, at.rows, threshold)
        at.rows = found.hidden
        decision.exposed += found.exposed
        return
    if decision.overlap is not None:
        columns = decision.overlap.columns(at.members)
        values, open_values = (
            part[1:][:, columns][:, :, of_it].reshape(len(at.rows), -1)
            for part in (decision.overlap.values, decision.overlap.unknown)
        )
        found = choose_rows(values, open_values, at.rows, threshold)
        at.rows = found.hidden
        decision.exposed += found.exposed
        return
    chosen = choose_breakdown(values, open_values, at.members, at.rows, threshold, blocks)
    at.members, at.rows = chosen.members, chosen.rows
    decision.exposed += chosen.exposed


def add_flow(decision: Decision, given: Given, threshold: int) -> None:
    """The city or areas whose stock would tell, from one end to the next, what their flow does not."""
    flow = given.flow
    if flow is None:
        return
    for year in sorted({year for year, _ in flow.at}):
        coarser = np.zeros(len(flow.grid.place.areas) - 1, dtype=bool)
        for level in reversed(LEVELS):
            at = decision.at.setdefault((year, level), decision.get((year, level)))
            withheld, of_year = flow.get((year, level)), flow.get((year, YEAR)).rows
            at_once = leavers.Moment(year, level, withheld.rows, of_year, at.apart | coarser)
            at.apart = coarser = leavers.apart(decision.grid, flow.grid, flow.unknown, at_once, threshold)
            if withheld.city.any() and leavers.tells_of_city(decision.grid, flow.grid, year, level):
                at.city, at.members = np.ones_like(at.city), np.ones_like(at.members)
                at.apart = coarser = np.ones_like(at.apart)
