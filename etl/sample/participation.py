"""Who serves in which year: ever-active and last-year shares come out exactly, persons keep their habits."""

from typing import Any

import numpy as np
import numpy.typing as npt

from etl.sample.calibration import Assumptions, City
from etl.sample.days import first_day, last_day, year_of
from etl.sample.people import LEAVER, STAYER, People

Array = npt.NDArray[Any]

HABIT = 1.2  # added to the log propensity of who serves in the following year
NEW_ZEAL, ZEAL_YEARS = 0.9, 1.5  # newcomers serve more; it fades


def choose_active(
    people: People,
    city: City,
    years: list[int],
    whole_years: list[int],
    assumed: Assumptions,
    generator: np.random.Generator,
) -> dict[int, Array]:
    """Year -> indices of the persons who serve in it.

    `whole_years` are those the files hold completely: who serves at all, but not in the last year, does so
    in one of these (or, when the span is shorter than two years, in a year the files leave out).
    """
    last = years[-1]
    ever, in_last, once_in = choose_stayers(people, city, years, whole_years, generator)
    may_serve = ever | (
        (people.kind == LEAVER) & (generator.random(len(people)) < assumed.leaver_ever_active_share)
    )
    active = {last: in_last | leaving_in(people, last, assumed, generator)}
    for year in reversed(years[:-1]):
        in_force = people.in_force(last_day(year))
        share = city.target("active_share") * (1 - assumed.active_share_drift) ** (last - year)
        must = (once_in == year) & in_force
        tenure = np.maximum(last_day(year) - people.registered_on, 0) / 365.25
        key = people.propensity + HABIT * active[year + 1] + NEW_ZEAL * np.exp(-tenure / ZEAL_YEARS)
        wanted = round(share * int(in_force.sum())) - int(must.sum())
        chosen = likeliest(key, in_force & may_serve & ~must, wanted, generator)
        active[year] = must | chosen | leaving_in(people, year, assumed, generator)
    return {year: np.flatnonzero(active[year]) for year in years}


def choose_stayers(
    people: People, city: City, years: list[int], whole_years: list[int], generator: np.random.Generator
) -> tuple[Array, Array, Array]:
    """(serves at all, serves in the last year, the earlier year the others are bound to or 0)."""
    last = years[-1]
    stays = people.kind == STAYER
    volunteers = int(stays.sum())
    newcomer = people.registered_on > last_day(last) - 90
    ever_count = round(city.target("ever_active_share") * volunteers)
    ever = likeliest(people.propensity - newcomer, stays, ever_count, generator)
    has_earlier = people.registered_on < first_day(last)
    must = ever & ~has_earlier
    wanted = round(city.target("active_share") * volunteers) - int(must.sum())
    in_last = must | likeliest(people.propensity, ever & has_earlier, wanted, generator)
    earlier = [year for year in whole_years if year < last] or years[:-1]
    first_possible = np.clip(year_of(people.registered_on), earlier[0], earlier[-1])
    spread = generator.random(len(people)) * (earlier[-1] - first_possible + 1)
    once_in = np.where(ever & ~in_last, first_possible + spread.astype(np.int64), 0)
    return ever, in_last, once_in


def likeliest(key: Array, among: Array, wanted: int, generator: np.random.Generator) -> Array:
    """A mask of `wanted` of `among`, drawn without replacement with odds exp(key) (Gumbel's trick)."""
    candidates = np.flatnonzero(among)
    order = np.argsort(-(key[candidates] + generator.gumbel(size=len(candidates))), kind="stable")
    mask = np.zeros(len(among), bool)
    mask[candidates[order[: max(wanted, 0)]]] = True
    return mask


def leaving_in(people: People, year: int, assumed: Assumptions, generator: np.random.Generator) -> Array:
    """Some of those who left during the year served in it before they left."""
    leaves = (people.left_on > first_day(year)) & (people.left_on <= last_day(year))
    leaves &= people.registered_on < people.left_on
    return leaves & (generator.random(len(people)) < assumed.leaving_year_active_share)
