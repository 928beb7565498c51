"""One sample city from its arguments to its files."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from etl.sample import tables
from etl.sample.activities import Activities, draw_activities
from etl.sample.calibration import Calibration, City
from etl.sample.days import DayWeights, first_day, last_day, service_days
from etl.sample.faults import Fault, with_faults
from etl.sample.participation import choose_active
from etl.sample.people import STAYER, People, draw_people, stock_by_year
from etl.sample.service import draw_year
from etl.sample.span import Span
from etl.sample.write import write_lines

SOURCES = ("registrations", "activities", "service_hours")
SPARE_IDS_PER_FAULT = 1.2  # registers hold leavers and second accounts besides the volunteers
FEWEST_SPARE_IDS = 20


@dataclass
class Sample:
    """What was written, and the truth about every fault planted in it."""

    paths: list[Path] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Writer:
    """The arguments of one call, the streams of chance, and the files as they are written."""

    def __init__(
        self,
        out: Path,
        calibration: Calibration,
        city: City,
        volunteers: int,
        months: int,
        seed: int,
        faults: float,
    ) -> None:
        self.out, self.folder = out, out / city.area_code
        self.calibration, self.city, self.volunteers = calibration, city, volunteers
        self.span = Span.ending(calibration.last_month, months)
        self.seed, self.faults = seed, faults
        self.paths: dict[str, list[Path]] = {source: [] for source in SOURCES}
        self.planted: list[Fault] = []

    def chance(self, purpose: str, *numbers: int) -> np.random.Generator:
        """A stream of its own per purpose, so that asking for faults leaves the right rows as they were."""
        return np.random.default_rng(
            [self.seed, int(self.city.area_code), int.from_bytes(purpose.encode()), *numbers]
        )

    def write(self) -> Sample:
        self.require_tidy_folder()
        years, assumed = list(self.span.years), self.calibration.assumptions
        spare = FEWEST_SPARE_IDS + round(SPARE_IDS_PER_FAULT * self.faults * self.volunteers)
        spare_births = self.chance("spare").integers(first_day(1950), first_day(2005), spare)
        people = draw_people(
            self.calibration, self.city, self.volunteers, years, spare_births, self.chance("people")
        )
        self.spare_ids = [number.decode() for number in people.spare_id_numbers.tolist()]
        weights = service_days(self.calibration.calendar, years[0], years[-1])
        growth = self.city.target("growth")
        stocks = stock_by_year(self.volunteers, growth, years, assumed.growth_before_span)
        activities = draw_activities(
            self.city, {year: stocks[year] for year in years}, assumed, weights, self.chance("activities")
        )
        self.write_registrations(people)
        self.write_service_hours(people, activities, weights)
        self.write_activities(activities)
        return Sample([path for source in SOURCES for path in self.paths[source]], self.planted)

    def write_registrations(self, people: People) -> None:
        for index in range(len(self.city.platforms)):
            chance = self.chance("registrations", index)
            table = tables.registrations(index, people, self.city, self.calibration, chance)
            self.add_file(index, "registrations", self.calibration.last_month, table)

    def write_service_hours(self, people: People, activities: Activities, weights: DayWeights) -> None:
        """A file per platform and year; a year before the span is drawn for its people's habits only."""
        span, city, assumed = self.span, self.city, self.calibration.assumptions
        years, chance = list(span.years), self.chance("participation")
        active = choose_active(people, city, years, span.whole_years, assumed, chance)
        hours = self.hours_per_year(people)
        for year in span.written_years:
            chance = self.chance("service", year)
            records = draw_year(
                year, people, active[year], activities, city, assumed, weights, hours[year], chance
            )
            records = records.take(records.day >= span.first)
            records.recorded_on = np.minimum(records.recorded_on, span.last)
            activities.count(records.activity, np.where(records.status == 0, records.quarters / 4, 0.0))
            for index, platform in enumerate(city.platforms):
                mine = records.take(records.platform == index)
                chance = self.chance("service_rows", year, index)
                table = tables.service_hours(
                    mine, year, platform, people, activities, city, self.calibration, chance
                )
                self.add_file(index, "service_hours", str(year), table)

    def hours_per_year(self, people: People) -> dict[int, float]:
        """Counted hours, in each whole year, of those in force at the end of the span."""
        target, span = self.city.targets["hours_per_registered"], self.span
        registered_on = people.registered_on[people.kind == STAYER]
        here = {year: int((registered_on <= last_day(year)).sum()) for year in span.years}
        if target.counted == "last_year":
            drift = 1 - self.calibration.assumptions.hours_drift
            return {year: target.value * here[year] * drift ** (span.years[-1] - year) for year in here}
        # A cumulative figure covers target.months; the span gets months / target.months of it, spread over
        # its years by the number of people there were.
        total = target.value * self.volunteers * span.months / target.months
        weight = sum(here[year] * span.share_of(year) for year in here)
        return {year: total * here[year] / weight for year in here}

    def write_activities(self, activities: Activities) -> None:
        """Last, because what was planned and who was helped follows from the records."""
        for index, platform in enumerate(self.city.platforms):
            which = np.flatnonzero((activities.platform == index) & (activities.ends_on >= self.span.first))
            chance = self.chance("activity_rows", index)
            table = tables.activity_rows(which, platform, activities, self.city, self.calibration, chance)
            self.add_file(index, "activities", self.span.file_suffix, table)

    def add_file(self, index: int, source: str, period: str, table: tables.Table) -> None:
        """Write one drop, with its faults. No rows: no file, and none left from an earlier call."""
        platform = self.city.platforms[index]
        path = self.path(index, source, period)
        if not len(table[tables.MARK[0]]):
            path.unlink(missing_ok=True)
            return
        chance = self.chance("faults", SOURCES.index(source), index, int(period[:4]))
        name = path.relative_to(self.out).as_posix()
        lines, faults = with_faults(
            source, name, table, platform.delimiter, self.faults, self.spare_ids, chance
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        write_lines(path, list(table), lines, platform)
        self.paths[source].append(path)
        self.planted += faults

    def path(self, index: int, source: str, period: str) -> Path:
        return self.folder / self.city.platforms[index].name / f"{source}_{period}.csv"

    def require_tidy_folder(self) -> None:
        """Drops of an earlier call with other arguments would be loaded together with these."""
        periods = {
            "registrations": [self.calibration.last_month],
            "activities": [self.span.file_suffix],
            "service_hours": [str(year) for year in self.span.written_years],
        }
        ours = {
            self.path(index, source, period)
            for index in range(len(self.city.platforms))
            for source in SOURCES
            for period in periods[source]
        }
        others = sorted(path for path in self.folder.rglob("*.csv") if path not in ours)
        if others:
            raise ValueError(
                f"{self.folder} already holds other drops ({others[0].name}); choose an empty folder."
            )
