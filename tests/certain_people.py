"""Lives that are in every generated case, so that no state, band or grade is left to chance.

Nobody else's records are theirs, and nothing about them is corrected later.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.drops import EVIDENCE, Drop, Row

if TYPE_CHECKING:
    from tests.generate import CityLife

# Days of somebody who comes, comes back the month after, stays away, and comes back after quarters and years.
SELDOM = [date(2020, 1, 11), date(2020, 2, 29), date(2020, 12, 31), date(2022, 6, 4)]
HOME, PLATFORM, OTHER_PLATFORM = "130200", "燕赵志愿云", "志愿汇"


def register_certain_people(city: CityLife, early: Drop, late: Drop, hours: Drop) -> None:
    for has_id in (True, True, False):
        sleep(city, early, has_id)
        serve_seldom(city, early, hours, has_id)
        come_late(city, late, hours, has_id)
    serve_tirelessly(city, early, hours)
    be_identified(city, early, late, hours, is_later=True)
    be_identified(city, early, late, hours, is_later=False)


def sleep(city: CityLife, early: Drop, has_id: bool) -> None:
    """Registered early, and not one record."""
    city.register(early, city.person(HOME, has_id=has_id), registered_on=date(2019, 1, 31))


def serve_seldom(city: CityLife, early: Drop, hours: Drop, has_id: bool) -> None:
    person = city.person(HOME, has_id=has_id)
    city.register(early, person, registered_on=date(2019, 6, 30))
    serve_on(city, hours, person, SELDOM)


def come_late(city: CityLife, late: Drop, hours: Drop, has_id: bool) -> None:
    """Serves before registering, and after."""
    person = city.person(HOME, has_id=has_id)
    city.register(late, person, registered_on=date(2022, 5, 31))
    serve_on(city, hours, person, [date(2022, 4, 30), date(2022, 6, 11)])


def serve_tirelessly(city: CityLife, early: Drop, hours: Drop) -> None:
    """Passes through every band of hours while a year goes on, after a year of half an hour each day."""
    person = city.person(HOME, platform=OTHER_PLATFORM)
    city.register(early, person, registered_on=date(2020, 5, 4))
    serve_on(city, hours, person, [date(2020, 6, day) for day in (6, 13, 20, 30)], Decimal("0.5"))
    days = [date(2021, month, 4 * day) for month in range(1, 13) for day in range(1, 7)]
    serve_on(city, hours, person, days, Decimal("23.75"))


def be_identified(city: CityLife, early: Drop, late: Drop, hours: Drop, is_later: bool) -> None:
    """Known by a number at first and by an ID number as well later, or the other way round."""
    attributes = {
        "volunteer_number": f"N{len(city.people)}",
        "gender": "male",
        "birth_date": date(1990, 5, 1),
    }
    by_id = {**city.person(HOME, platform=PLATFORM), **attributes}
    by_number = {**by_id, "id_number": None}
    first, then = (by_number, by_id) if is_later else (by_id, by_number)
    city.register(early, first, registered_on=date(2020, 3, 31))
    city.register(late, then, registered_on=date(2020, 3, 31), area=city.area())
    serve_on(city, hours, by_number, SELDOM[1:])


def serve_on(city: CityLife, drop: Drop, person: Row, days: list[date], hours: Decimal = Decimal(1)) -> None:
    """One plain record on each day, the grades of evidence in turn."""
    for day in days:
        position = len(drop.rows)
        drop.rows.append(
            {
                "id_number": person["id_number"],
                "volunteer_number": None if person["id_number"] else person["volunteer_number"],
                "platform": person["platform"],
                "record_id": f"S{position:05d}",
                "activity_id": None,
                "area": city.area(),
                "drop_area": f"U{drop.folder}",
                "service_date": day,
                "start_at": None,
                "hours": hours,
                "status": "通过",
                "evidence": list(EVIDENCE)[position % len(EVIDENCE)],
            }
        )
