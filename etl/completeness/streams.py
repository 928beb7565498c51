"""What a supplier sends of one source about one city, month by month: the middle between drops and the matrix.

A stream is judged as a whole: whether a month came, and wholly, is a question about files, and a file is about
all the areas in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from statistics import median

from etl.completeness.ordinary import Ordinary
from etl.completeness.reported import Received, Reported
from etl.completeness.suppliers import Declared
from etl.completeness.usual import Usual, is_more_than_quiet, is_never_so_silent
from metrics.areas import load_areas
from metrics.periods import month_end, month_number, month_start

REGISTER = "registrations"
Key = tuple[str, str, str]  # source, supplier, city


@dataclass
class Delivery:
    """What one drop says of a city: between which days, and when it came."""

    received_on: date
    first_on: date
    last_on: date

    def widen(self, first_on: date, last_on: date) -> None:
        self.first_on, self.last_on = min(self.first_on, first_on), max(self.last_on, last_on)


@dataclass(frozen=True)
class Month:
    """How a month came in a stream: state is complete, partial, absent or awaited (over, but not yet due)."""

    state: str
    is_late: bool = False
    received_on: date | None = None
    why: str = ""  # of a partial one: received_early, ends_early or few_rows
    rows: int = 0  # of all areas
    usual_rows: float | None = None  # of the supplier's other months; None: too few to tell

    @property
    def came(self) -> bool:
        return self.state in ("complete", "partial")


@dataclass
class Stream:
    """One supplier, source and city."""

    source: str
    supplier: str
    city: str
    declared: Declared | None = None
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    rows: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))  # area, month
    last_days: dict[tuple[str, int], date] = field(default_factory=dict)
    replaced: set[int] = field(default_factory=set)  # months of drops that stood for all there is
    months: dict[int, Month] = field(default_factory=dict)

    @property
    def areas(self) -> list[str]:
        """Leaves of the city it has had rows of, or is declared to report."""
        mine = {area for area, _ in self.rows}
        if self.declared is not None:
            mine |= {area for area in self.declared.areas if load_areas().city_of(area) == self.city}
        return sorted(mine)

    def is_zero_declared(self, month: int) -> bool:
        return self.declared is not None and month in self.declared.zero

    def is_last_declared(self, month: int) -> bool:
        return self.declared is not None and month == self.declared.last

    def rows_in(self, month: int) -> int:
        return sum(self.rows.get((area, month), 0) for area in self.areas)


def gather(
    received: Iterable[Received],
    reported: Iterable[Reported],
    declared: Mapping[tuple[str, str], Declared],
    ordinary: Ordinary,
) -> list[Stream]:
    """The streams there are, and those that were declared and never came; months are not judged yet."""
    drops = {drop.drop_id: drop for drop in received}
    streams: dict[Key, Stream] = {}

    def stream_of(source: str, supplier: str, city: str) -> Stream:
        key = (source, supplier, city)
        if key not in streams:
            streams[key] = Stream(source, supplier, city, declared.get((source, supplier)))
        return streams[key]

    for drop in drops.values():
        if drop.area_code is not None and drop.area_code in load_areas() and drop.first_on and drop.last_on:
            stream = stream_of(drop.source, drop.supplier, load_areas().city_of(drop.area_code))
            stream.deliveries[drop.drop_id] = Delivery(drop.received_on, drop.first_on, drop.last_on)
    most: dict[tuple[Key, str, int], int] = defaultdict(int)
    for one in reported:
        drop = drops[one.drop_id]
        stream = stream_of(drop.source, drop.supplier, load_areas().city_of(one.area_code))
        delivery = stream.deliveries.setdefault(
            drop.drop_id, Delivery(drop.received_on, one.first_on, one.last_on)
        )
        delivery.widen(one.first_on, one.last_on)
        place = (one.area_code, one.month)
        stream.rows[place] += one.in_force
        if drop.is_replacing:
            stream.replaced.add(one.month)
        key = (stream.source, stream.supplier, stream.city)
        most[key, *place] = max(most[key, *place], one.rows)
        stream.last_days[place] = max(stream.last_days.get(place, one.last_on), one.last_on)
    for (key, area, month), rows in most.items():
        stream = streams[key]
        # A month another supplier has repeated row by row was reported all the same; one the supplier has
        # replaced was not.
        if month not in stream.replaced:
            stream.rows[area, month] = max(stream.rows[area, month], rows)
    for said in declared.values():
        for city in {load_areas().city_of(area) for area in said.areas}:
            stream_of(said.source, said.supplier, city)
    for stream in streams.values():
        for delivery in stream.deliveries.values():
            _round_long_file(stream, delivery, ordinary)
    return [streams[key] for key in sorted(streams)]


def _round_long_file(stream: Stream, delivery: Delivery, ordinary: Ordinary) -> None:
    """A file of a year has no row of December now and then: it is read as being about whole quarters.

    Not to the end of the last one where its rows stop so long before that the file was cut off, not the year quiet.
    """
    first, last = month_number(delivery.first_on), month_number(delivery.last_on)
    if last - first + 1 < ordinary.long_file_months:
        return
    end = month_end(last // 3 * 3 + 2)
    silent_days = (end - delivery.last_on).days
    has_every_month = all(stream.rows_in(month) for month in range(first, last + 1))
    is_cut_off = stream.source in ordinary.ordinary_sources and (
        is_more_than_quiet(
            silent_days, median(stream.rows_in(month) for month in range(first, last)), ordinary
        )
        or (has_every_month and is_never_so_silent(last - first + 1, month_number(end) - last, ordinary))
    )
    is_about_end = delivery.received_on >= end and not is_cut_off
    delivery.widen(month_start(first // 3 * 3), end if is_about_end else delivery.last_on)


def judge(stream: Stream, first_of_city: int | None, ordinary: Ordinary, today: date) -> None:
    """Fill `months`: from the first one that came or is expected to the last one that came or is over.

    `first_of_city` is the first month anybody reported: what a supplier who never sent anything is held against
    when no first month is declared.
    """
    said = stream.declared
    due_day = (said.due_day if said else None) or ordinary.due_day
    covering = _covering(stream)
    if said is not None:
        for month in said.zero:
            covering.setdefault(month, [])
    starts = [said.first] if said is not None and said.first is not None else []
    starts += [min(covering)] if covering else []
    if not starts and first_of_city is not None and stream.areas:
        starts = [first_of_city]
    if not starts:
        return
    last_over = month_number(today) - 1
    last = last_over if said is None or said.last is None else min(said.last, last_over)
    usual = Usual(covering, stream.rows, stream.last_days, ordinary)
    for month in range(min(starts), max(last, *covering, min(starts) - 1) + 1):
        if month in covering:
            stream.months[month] = _came(
                stream, month, covering[month], usual, due_on(month, due_day), ordinary
            )
        elif month <= last:
            stream.months[month] = Month("absent" if today > due_on(month, due_day) else "awaited")


def due_on(month: int, due_day: int) -> date:
    return month_start(month + 1).replace(day=due_day)


def _covering(stream: Stream) -> dict[int, list[Delivery]]:
    """The deliveries that speak of each month.

    A drop speaks of every month between its first and last day. A register speaks of later ones too, up to the
    last that was over when it came: whoever had registered by then would be in it.
    """
    found: dict[int, list[Delivery]] = defaultdict(list)
    newest = max((month_number(one.last_on) for one in stream.deliveries.values()), default=0)
    for one in stream.deliveries.values():
        last = month_number(one.last_on)
        if stream.source == REGISTER and last == newest:
            received = month_number(one.received_on)
            last = max(last, received if one.received_on == month_end(received) else received - 1)
        for month in range(month_number(one.first_on), last + 1):
            found[month].append(one)
    return found


def _came(
    stream: Stream, month: int, deliveries: list[Delivery], usual: Usual, due: date, ordinary: Ordinary
) -> Month:
    """A month at least one drop speaks of (or that is declared to have been one without anything)."""
    end, rows = month_end(month), usual.rows[month]
    if not deliveries:
        return Month("complete", rows=rows)
    whole = [one for one in deliveries if one.last_on >= end or one.received_on >= end]
    received_on = min(one.received_on for one in whole or deliveries)
    has_ordinary = stream.source in ordinary.ordinary_sources
    usual_rows = usual.rows_elsewhere(month) if has_ordinary else None
    why = ""
    if not whole:
        why = "received_early"
    elif has_ordinary and not stream.is_zero_declared(month):
        if usual_rows is not None and rows < ordinary.few_rows_share * usual_rows:
            why = "few_rows"
        # Who goes on to a later month in the same drop has sent this one to its end; who closed had no more to send.
        elif (
            all(month_number(one.last_on) == month for one in whole)
            and not stream.is_last_declared(month)
            and usual.ends_early(month)
        ):
            why = "ends_early"
    return Month("partial" if why else "complete", received_on > due, received_on, why, rows, usual_rows)
