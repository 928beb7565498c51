"""Service records of one year: who, when, where, on which platform, for how long."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.sample.activities import Activities
from etl.sample.amounts import draw_quarters
from etl.sample.calibration import Assumptions, City
from etl.sample.days import DayWeights, first_day, last_day
from etl.sample.people import STAYER, STRANGER, People

Array = npt.NDArray[Any]

MOST_VISITS = 150  # of one person in one year
REDRAWS = 3  # attempts to move a record off a day on which the person serves already
LATE_SHARE, LATEST_DAYS = 0.06, 60  # records entered later than the ten working days the rules allow


@dataclass
class Records:
    """One element per record; `quarters` are quarter-hours, `activity` is -1 where the record names none."""

    person: Array
    day: Array
    activity: Array
    area: Array
    platform: Array
    quarters: Array
    status: Array
    evidence: Array
    recorded_on: Array
    start_quarter: Array  # of the day; a visit ends on the day it starts

    def __len__(self) -> int:
        return len(self.person)

    def take(self, which: Array) -> "Records":
        return Records(*(getattr(self, field.name)[which] for field in fields(self)))


def draw_year(
    year: int,
    people: People,
    active: Array,
    activities: Activities,
    city: City,
    assumed: Assumptions,
    weights: DayWeights,
    target_hours: float,
    generator: np.random.Generator,
) -> Records:
    """Every record of a year. The counted hours of those in force at the span's end add up to `target_hours`."""
    person, start, end = draw_visits(year, people, active, city, assumed, generator)
    platform = choose_platform(people, person, start, end, generator)
    area = choose_area(people.area[person], city, assumed, generator)
    activity = activities.choose(generator, platform, area, start, end)
    activity[generator.random(len(person)) >= assumed.linked_record_share] = -1
    linked = activity >= 0
    first = np.where(linked, activities.starts_on[activity], start)
    last = np.where(linked, np.minimum(activities.ends_on[activity], end), end)
    day = weights.draw(generator, first, np.maximum(first, last))
    kept = one_a_day(person, day, activity, start, end, weights, generator)
    person, day, activity, area, platform = (
        values[kept] for values in (person, day, activity, area, platform)
    )
    extra, extra_day = extra_records(year, people, active, city, assumed, generator)
    person = np.concatenate([person, extra])
    day = np.concatenate([day, extra_day])
    area = np.concatenate([area, people.area[extra]])
    platform = np.concatenate([platform, people.platform[extra]])
    activity = np.concatenate([activity, np.full(len(extra), -1)])

    status = generator.choice(3, len(person), p=list(assumed.record_status.values()))
    status[first_of_each(person, day)] = 0  # who serves in a year has a counted record in it
    counted = (status == 0) & (people.kind[person] == STAYER)
    quarters = draw_quarters(len(person), counted, target_hours, generator)
    delay = np.minimum(generator.geometric(0.3, len(person)) - 1, 10)
    late = generator.random(len(person)) < LATE_SHARE
    delay = np.where(late, generator.integers(11, LATEST_DAYS, len(person)), delay)
    latest_start = np.minimum(4 * 19, 4 * 22 - quarters)
    order = np.lexsort((person, day, platform))
    return Records(
        person=person,
        day=day,
        activity=activity,
        area=area,
        platform=platform,
        quarters=quarters,
        status=status,
        evidence=generator.choice(len(assumed.evidence), len(person), p=list(assumed.evidence.values())),
        recorded_on=day + delay,
        start_quarter=generator.integers(4 * 8, latest_start + 1),
    ).take(order)


def draw_visits(
    year: int,
    people: People,
    active: Array,
    city: City,
    assumed: Assumptions,
    generator: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """(person, first possible day, last possible day), a row per visit: one, and for a few very many more."""
    start = np.maximum(people.registered_on[active], first_day(year))
    end = np.minimum(people.left_on[active] - 1, last_day(year))
    present = (end - start + 1) / 365.0
    sigma = assumed.frailty_sigma
    # Half of a person's zeal stays the same from year to year, so that the same few lead every list.
    zeal = (people.propensity[active] + generator.normal(0, 1, len(active))) / np.sqrt(2)
    frailty = np.exp(sigma * zeal - sigma**2 / 2)
    more = generator.poisson(np.maximum(city.visits_per_active - 1, 0) * frailty * present)
    visits = np.minimum(1 + more, np.minimum(MOST_VISITS, (end - start) // 2 + 1))
    return np.repeat(active, visits), np.repeat(start, visits), np.repeat(end, visits)


def choose_platform(
    people: People, person: Array, start: Array, end: Array, generator: np.random.Generator
) -> Array:
    """The first account's platform; the second's for a third of the visits once there is one."""
    usable = (people.second_platform[person] >= 0) & (people.second_registered_on[person] <= start)
    usable &= people.second_left_on[person] > end
    moved = people.moved_on[person] <= end
    on_second = usable & (moved | (generator.random(len(person)) < 1 / 3))
    return np.where(on_second, people.second_platform[person], people.platform[person])


def choose_area(home: Array, city: City, assumed: Assumptions, generator: np.random.Generator) -> Array:
    """Mostly one's own district; who has none on record serves somewhere all the same."""
    residents = np.array(list(city.residents.values()), float)
    anywhere = generator.choice(len(residents), len(home), p=residents / residents.sum())
    elsewhere = (home == len(residents)) | (generator.random(len(home)) < assumed.served_elsewhere_share)
    return np.where(elsewhere, anywhere, home)


def one_a_day(
    person: Array,
    day: Array,
    activity: Array,
    start: Array,
    end: Array,
    weights: DayWeights,
    generator: np.random.Generator,
) -> Array:
    """Mask of records to keep: nobody serves twice on a day. Moved records lose their activity (in place)."""
    for _ in range(REDRAWS):
        again = np.flatnonzero(~first_of_each(person, day, by_day=True))
        if not len(again):
            break
        activity[again] = -1
        day[again] = weights.draw(generator, start[again], end[again])
    return first_of_each(person, day, by_day=True)


def first_of_each(person: Array, day: Array, by_day: bool = False) -> Array:
    """Mask of each person's earliest record, or with by_day of each person's first one on each day."""
    key = person * 10**6 + day
    order = np.argsort(key, kind="stable")
    groups = key[order] if by_day else person[order]
    mask = np.zeros(len(person), bool)
    if len(order):
        mask[order[np.r_[True, groups[1:] != groups[:-1]]]] = True
    return mask


def extra_records(
    year: int,
    people: People,
    active: Array,
    city: City,
    assumed: Assumptions,
    generator: np.random.Generator,
) -> tuple[Array, Array]:
    """(person, day) of what registers do not explain: served before registering, or never registered."""
    joined = people.registered_on[active]
    late_joiners = active[(joined >= first_day(year) + 31) & (joined <= last_day(year))]
    handful = max(1, round(assumed.early_record_share * len(active) * city.visits_per_active))
    early = generator.choice(late_joiners, min(handful, len(late_joiners)), replace=False)
    early_day = people.registered_on[early] - generator.integers(1, 31, len(early))
    strangers = np.flatnonzero(people.kind == STRANGER)
    strange_day = generator.integers(first_day(year), last_day(year) + 1, len(strangers))
    return np.concatenate([early, strangers]), np.concatenate([early_day, strange_day])
