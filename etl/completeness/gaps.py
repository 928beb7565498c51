"""From the matrix to what it means for figures: which areas and months are not, or not wholly, reported.

Where drops name no supplier, silence between the first and the last day anything came is read as zero
(metrics.cube.coverage): nobody says how many files there should have been. But a month that came only while it ran, or
whose rows stop long before its end, is known to be half a month, whoever sent it. Where suppliers are named, a month
one of them has not sent is no zero.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from etl.completeness.matrix import mostly_unknown, normal_areas
from etl.completeness.ordinary import Ordinary
from etl.completeness.streams import REGISTER, Stream
from metrics.areas import load_areas
from metrics.periods import month_start

# Why a month is partial whoever sent it. Few rows are not among them: of drops that name nobody, a small month may be
# one in which fewer offices sent something.
HALF_A_MONTH = ("received_early", "ends_early")


class Gap(NamedTuple):
    """A month in which an area is not reported, or known to be incomplete; areas are leaves and cities.

    Status is not_reported (nobody reported it, and somebody should have), nobody_expected (nor should anybody:
    before the first report, or after the last one declared) or provisional (somebody is missing).
    """

    source: str
    area_code: str
    month: date
    status: str


def gaps_of(streams: list[Stream], ordinary: Ordinary) -> list[Gap]:
    """Every gap of every city, up to the last month anything came; of nobody in particular, half months only."""
    by_city: dict[tuple[str, str], list[Part]] = defaultdict(list)
    last_rows: dict[str, int] = defaultdict(int)
    for stream, normal in zip(streams, normal_areas(streams, ordinary), strict=True):
        if stream.months:
            by_city[stream.source, stream.city].append(Part(stream, normal, ordinary))
        last_rows[stream.city] = max([last_rows[stream.city], *(month for _, month in stream.rows)])
    found = []
    for (source, city), parts in by_city.items():
        is_anybody_named = any(part.is_named for part in parts)
        # A register speaks of every month to the day it came; only months that anything is known of matter.
        came = [month for part in parts for month in part.came]
        last = last_rows[city] if source == REGISTER else max(came, default=0)
        for month in range(min(min(part.stream.months) for part in parts), last + 1):
            if not is_anybody_named and not any(part.is_half(month) for part in parts):
                continue
            found += [
                Gap(source, area, month_start(month), status)
                for area, status in gaps_in(city, parts, month).items()
            ]
    return sorted(found)


class Part:
    """One supplier's share in a city's figures."""

    def __init__(self, stream: Stream, normal: set[str], ordinary: Ordinary) -> None:
        self.stream = stream
        self.areas = set(stream.areas)
        self.normal = normal
        self.is_named = bool(stream.supplier)
        self.came = {month for month, one in stream.months.items() if one.came}
        if not self.is_named and self.came:  # as where nobody is named at all
            self.came = set(range(min(self.came), max(self.came) + 1))
        if mostly_unknown(stream, ordinary):
            leaves = {leaf.area_code for leaf in load_areas().children(stream.city)}
            self.areas, self.normal = leaves, leaves

    def is_lacking(self, month: int) -> bool:
        """Whether something of the month is missing that was expected."""
        if not self.is_named:
            fell_silent = bool(self.came) and month > max(self.came)
            return fell_silent or self.is_half(month)
        its = self.stream.months.get(month)
        return its is not None and its.state != "complete"

    def is_half(self, month: int) -> bool:
        """Whether what came of the month is known to stop before its end."""
        its = self.stream.months.get(month)
        return its is not None and its.why in HALF_A_MONTH

    def is_whole(self, month: int) -> bool:
        return month in self.came and not self.is_lacking(month)


def gaps_in(city: str, parts: list[Part], month: int) -> dict[str, str]:
    """Status by area, of areas with a gap in this month."""
    lacking = [part for part in parts if part.is_lacking(month)]
    if not lacking and all(month in part.came for part in parts):
        return {}
    leaves = [leaf.area_code for leaf in load_areas().children(city)]
    if not any(month in part.came for part in parts):
        return dict.fromkeys([city, *leaves], "not_reported" if lacking else "nobody_expected")
    found = {}
    for leaf in leaves:
        # One nobody names does not make a month incomplete that somebody else has reported.
        is_told = any(part.is_named and leaf in part.normal and part.is_whole(month) for part in parts)
        is_lacking = any(
            leaf in part.normal for part in lacking if part.is_named or (part.is_half(month) and not is_told)
        )
        mine = [part for part in parts if leaf in part.areas]
        if mine and not any(month in part.came for part in mine):
            is_lacking |= any(leaf in part.normal for part in lacking)
            found[leaf] = "not_reported" if any(part in lacking for part in mine) else "nobody_expected"
        elif is_lacking:
            found[leaf] = "provisional"
        if is_lacking:
            found[city] = "provisional"
    return found
