"""The boring second implementation: every measure and indicator again, with loops over lists of dicts.

It knows nothing of the warehouse, the cube or SQL, and takes no shortcut, so that a statistician can check it
by eye against the definitions. Where it and the cube disagree, one of them has misread a definition.

`naive_facts.prepare` decides which rows are in force and who is who; then, in the order of reading:

* windows    when a window begins, and which one came before it
* members    age bands, identities, platforms, grades of evidence: the parts a total is broken into
* counting   who is registered, which records count, and the measures of the core definitions
* activity   new, returning, reactivated, lapsed, sleeping
* tables     hours per person by band, cohorts of registration, days and kinds of day of service
* observing  was it reported, and one side over the other
"""

from tests.naive.activity import (
    active_by_state,
    activity_state,
    days_served,
    lapsed_volunteers,
    sleeping_volunteers,
)
from tests.naive.counting import (
    active_clocked_volunteers,
    active_volunteers,
    activities,
    counted_records,
    is_in_area,
    is_in_force,
    is_registered,
    new_registrations,
    permanent_population,
    registered_volunteers,
    residents,
    service_hours,
    service_visits,
)
from tests.naive.members import AGE_BANDS, MEMBERS, age_band, is_member
from tests.naive.observing import GROWTHS, INDICATORS, SOURCES, count, growth, observe, to_day, value_of
from tests.naive.tables import (
    HOURS_EDGES,
    cohort,
    day_kinds,
    day_of_service,
    hours_bands,
    service_hours_squared,
)
from tests.naive.windows import Period, is_within, month_number, window_before, window_start
from tests.naive_facts import Row

__all__ = [
    "AGE_BANDS",
    "GROWTHS",
    "HOURS_EDGES",
    "INDICATORS",
    "MEMBERS",
    "SOURCES",
    "Period",
    "Row",
    "active_by_state",
    "active_clocked_volunteers",
    "active_volunteers",
    "activities",
    "activity_state",
    "age_band",
    "cohort",
    "count",
    "counted_records",
    "day_kinds",
    "day_of_service",
    "days_served",
    "growth",
    "hours_bands",
    "is_in_area",
    "is_in_force",
    "is_member",
    "is_registered",
    "is_within",
    "lapsed_volunteers",
    "month_number",
    "new_registrations",
    "observe",
    "permanent_population",
    "registered_volunteers",
    "residents",
    "service_hours",
    "service_hours_squared",
    "service_visits",
    "sleeping_volunteers",
    "to_day",
    "value_of",
    "window_before",
    "window_start",
]
