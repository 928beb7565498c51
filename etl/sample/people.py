"""The people of the sample city: who they are, where and when they registered, and when they left.

One element per person in every array of `People`. Days are days since 1970-01-01; NEVER where there is none.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.sample.calibration import AgeBand, Assumptions, Calibration, City
from etl.sample.days import NEVER, DayWeights, first_day, last_day, registration_days, year_of
from etl.sample.identity_numbers import id_numbers

Array = npt.NDArray[Any]

STAYER, LEAVER, STRANGER = 0, 1, 2  # in force at the span's end; left before; in no register
YOUNGEST, OLDEST_AT_FIRST = 7, 14  # ages at which a child's registration is made up
FEWEST_STEADY_YEARS = 3


@dataclass
class People:
    """Stayers first, then leavers, then strangers (who have an ID number and nothing else that counts)."""

    kind: Array
    id_number: Array
    is_male: Array
    birth_day: Array
    band: Array  # index of the age band
    area: Array  # index into the city's leaves; the index after the last one: district unknown
    platform: Array  # index of the first platform
    registered_on: Array
    left_on: Array
    left_day_is_blank: Array
    moved_on: Array  # day the first account was merged into the second
    second_platform: Array  # -1: none
    second_registered_on: Array
    second_left_on: Array
    second_area: Array
    propensity: Array  # log of how readily the person serves
    spare_id_numbers: Array  # of nobody in the city: for faulty rows

    def __len__(self) -> int:
        return len(self.kind)

    def in_force(self, day: int) -> Array:
        return (self.registered_on <= day) & (self.left_on > day)


def draw_people(
    calibration: Calibration,
    city: City,
    volunteers: int,
    years: list[int],
    spare_births: Array,
    generator: np.random.Generator,
) -> People:
    """Exactly `volunteers` persons in force on 31 December of the last of `years`, and those who left."""
    assumed = calibration.assumptions
    stocks = stock_by_year(volunteers, city.target("growth"), years, assumed.growth_before_span)
    weights = registration_days(calibration.calendar, min(stocks), max(stocks))
    left_registered, left_on, blank = draw_leavers(stocks, years, assumed, weights, generator)
    stayed = draw_stayers(volunteers, stocks, left_registered, left_on, weights, generator)
    strangers = max(1, round(assumed.stranger_share * volunteers))
    kind = np.repeat([STAYER, LEAVER, STRANGER], [volunteers, len(left_on), strangers])
    count = len(kind)
    no_day = np.full(count, NEVER)
    registered_on = np.concatenate([stayed, left_registered, np.full(strangers, NEVER)])
    band, birth_day = draw_ages(calibration.age_bands, registered_on, years[-1], generator)
    is_male = (generator.random(count) >= assumed.female_share).astype(np.int64)
    area = draw_areas(city, count, assumed, generator)
    district_effect = generator.normal(0, assumed.district_sigma, len(city.residents) + 1)
    numbers = id_numbers(
        np.concatenate([birth_day, spare_births]),
        np.concatenate([is_male, np.arange(len(spare_births)) % 2]),
        part=sorted(calibration.cities).index(city.area_code),
        parts=len(calibration.cities),
    )
    shares = np.array([platform.share for platform in city.platforms])
    people = People(
        kind=kind,
        id_number=numbers[:count],
        is_male=is_male,
        birth_day=birth_day,
        band=band,
        area=area,
        platform=generator.choice(len(shares), count, p=shares / shares.sum()),
        registered_on=registered_on,
        left_on=np.concatenate([np.full(volunteers, NEVER), left_on, np.full(strangers, NEVER)]),
        left_day_is_blank=np.concatenate([np.zeros(volunteers, bool), blank, np.zeros(strangers, bool)]),
        moved_on=no_day.copy(),
        second_platform=np.full(count, -1),
        second_registered_on=no_day.copy(),
        second_left_on=no_day.copy(),
        second_area=area.copy(),
        propensity=generator.normal(0, 1, count) + district_effect[area],
        spare_id_numbers=numbers[count:],
    )
    add_second_accounts(people, city, assumed, last_day(years[-1]), generator)
    return people


def stock_by_year(volunteers: int, growth: float, years: list[int], faster_before: float) -> dict[int, int]:
    """Persons in force on 31 December of each year, from the last year back to a year with (nearly) none.

    Growth is steady over the span and at least three years; before, each year grew faster than the next,
    as platforms did when they were new. The first year of all takes what is left.
    """
    steady_from = years[-1] - max(len(years), FEWEST_STEADY_YEARS) + 1
    year, stock, rate = years[-1], float(volunteers), growth
    stocks = {year: volunteers}
    while stock > 0.03 * volunteers or year >= steady_from:
        rate = rate if year >= steady_from else rate * faster_before
        stock /= 1 + rate
        year -= 1
        stocks[year] = round(stock)
    stocks[year] = 0
    return stocks


def draw_leavers(
    stocks: dict[int, int],
    years: list[int],
    assumed: Assumptions,
    weights: DayWeights,
    generator: np.random.Generator,
) -> tuple[Array, Array, Array]:
    """(registered_on, left_on, day unknown) of those who left, in a year after the one they registered in."""
    registered, left = [], []
    for year in range(years[-1] - max(len(years), FEWEST_STEADY_YEARS) + 1, years[-1] + 1):
        leaving = round(assumed.leaving_per_year * stocks[year])
        earlier = [before for before in sorted(stocks) if before < year]
        gains = np.maximum(np.diff([0] + [stocks[before] for before in earlier]), 0).astype(float)
        if not leaving or not gains.sum():
            continue
        chosen = generator.choice(np.array(earlier), leaving, p=gains / gains.sum())
        starts = np.array([first_day(int(each)) for each in chosen])
        ends = np.array([last_day(int(each)) for each in chosen])
        registered.append(weights.draw(generator, starts, ends))
        left.append(generator.integers(first_day(year), last_day(year) + 1, leaving))
    registered_on = np.concatenate([np.empty(0, np.int64), *registered])
    left_on = np.concatenate([np.empty(0, np.int64), *left])
    blank = generator.random(len(left_on)) < assumed.unknown_leaving_day_share
    # Someone who left on an unknown day is in no stock: for our own counting they left at once.
    return registered_on, np.where(blank, registered_on, left_on), blank


def draw_stayers(
    volunteers: int,
    stocks: dict[int, int],
    left_registered: Array,
    left_on: Array,
    weights: DayWeights,
    generator: np.random.Generator,
) -> Array:
    """registered_on of those in force at the end, so that with the leavers each year's stock comes out."""
    years = sorted(stocks)
    passing = [
        int(((left_registered <= last_day(year)) & (left_on > last_day(year))).sum()) for year in years
    ]
    here = np.array([stocks[year] for year in years]) - np.array(passing)
    here = np.maximum.accumulate(np.clip(here, 0, volunteers))
    here[-1] = volunteers
    gains = np.diff(here, prepend=0)
    starts = np.repeat([first_day(year) for year in years], gains)
    ends = np.repeat([last_day(year) for year in years], gains)
    days = weights.draw(generator, starts, ends)
    generator.shuffle(days)
    return days


def draw_ages(
    bands: tuple[AgeBand, ...], registered_on: Array, last_year: int, generator: np.random.Generator
) -> tuple[Array, Array]:
    """(age band, birth day) at the end of the last year; nobody registered before they were seven."""
    count = len(registered_on)
    shares = np.array([band.share for band in bands])
    band = generator.choice(len(bands), count, p=shares / shares.sum())
    lowest = np.array([band.first for band in bands])
    highest = np.array([band.last for band in bands])
    age = generator.integers(lowest[band], highest[band] + 1)
    registration_year = np.minimum(year_of(registered_on), last_year)
    age_then = age - (last_year - registration_year)
    as_child = generator.integers(YOUNGEST, OLDEST_AT_FIRST, count)
    age = np.where(age_then < YOUNGEST, as_child + last_year - registration_year, age)
    band = np.clip(np.searchsorted(lowest, age, side="right") - 1, 0, len(bands) - 1)
    births = (last_year - age - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return band, births + generator.integers(0, 365, count)


def draw_areas(city: City, count: int, assumed: Assumptions, generator: np.random.Generator) -> Array:
    """Districts and zones by residents, some keener to register than others, a few per cent unknown."""
    residents = np.array(list(city.residents.values()), float)
    residents *= np.exp(generator.normal(0, assumed.registration_sigma, len(residents)))
    area = generator.choice(len(residents), count, p=residents / residents.sum())
    area[generator.random(count) < assumed.unknown_area_share] = len(residents)
    return area


def add_second_accounts(
    people: People, city: City, assumed: Assumptions, span_end: int, generator: np.random.Generator
) -> None:
    """Some stayers are on two platforms; of those, a few gave up one of the two accounts (never both)."""
    count = len(people)
    others = len(city.platforms)
    has_second = (generator.random(count) < assumed.second_platform_share) & (people.kind == STAYER)
    has_second &= people.registered_on < span_end - 60
    chosen = np.flatnonzero(has_second)
    step = generator.integers(1, others, len(chosen)) if others > 1 else np.zeros(len(chosen), np.int64)
    people.second_platform[chosen] = (people.platform[chosen] + step) % others
    second_on = generator.integers(people.registered_on[chosen] + 1, span_end - 30)
    people.second_registered_on[chosen] = second_on
    fate = generator.random(len(chosen))
    gave_up_on = generator.integers(second_on + 1, span_end + 1)
    moved = fate < assumed.moved_account_share
    closed = (fate >= 1 - assumed.closed_second_share) & ~moved
    people.moved_on[chosen[moved]] = gave_up_on[moved]
    people.second_left_on[chosen[closed]] = gave_up_on[closed]
    elsewhere = chosen[generator.random(len(chosen)) < assumed.other_area_share]
    people.second_area[elsewhere] = generator.integers(0, len(city.residents), len(elsewhere))
