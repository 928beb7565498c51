"""Five districts of a city that has been reported up to a day in autumn."""

from datetime import date
from pathlib import Path

from metrics.build import Build, open_build
from tests.metrics.build_factory import make_build

DISTRICTS = ("130202", "130203", "130204", "130205", "130207")


def town(home: Path, received: str = "2023-11-22", last: str = "2023-11-20") -> Build:
    """Ten people in each of five districts, the n-th of which has n + 1 who serve on New Year and every day of autumn."""
    people = [
        {"volunteer_key": 100 * place + key, "registered_on": "2021-01-05", "area_code": area}
        for place, area in enumerate(DISTRICTS)
        for key in range(10)
    ]
    days = [date(2023, 1, 1), *(date(2023, month, day) for month in (10, 11) for day in range(1, 31))]
    records = [
        {"volunteer_key": 100 * place + key, "service_date": day}
        for place in range(len(DISTRICTS))
        for key in range(place + 1)
        for day in days
        if day <= date.fromisoformat(last)
    ]
    found = open_build(
        make_build(home, registrations=people, service_records=records, today=date.fromisoformat(received))
    )
    assert found is not None
    return found
