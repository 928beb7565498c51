"""What a build counts people in, and what adds up to what: one line a count, read by everything else here.

A count is protected by itself. What is said about the same people (their hours, visits, squares) follows it cell
by cell. A new measure of the cube needs one line here, or it is refused when a build is published.
"""

from dataclasses import dataclass

from metrics.members import COUNTED_FROM, active_from, hours_of_active_from


@dataclass(frozen=True)
class Counted:
    """A measure on a basis whose small values are withheld."""

    measure: str
    basis: str = "residence"
    # The count that contains this one cell by cell: what it withholds is withheld here too, or a part that equals
    # the whole would give it away.
    within: str = ""
    # Months add up to quarters and years exactly, whoever came or left.
    adds_over_time: bool = False
    # Measures of the same basis that go with this one, hours before visits.
    followers: tuple[str, ...] = ()
    # A stock that changes by what this flow counts: their areas are withheld together.
    changes_by: str = ""
    # Where this count is only looked at by dimensions that this other count is not broken down by.
    beside: str = ""
    # Of people with at least so many hours: how many. Who lies between two such counts can be computed, and is
    # protected as they are (see steps).
    edge: int = 0
    # The one breakdown that is decided here and not with the others of the count, because what stands before tells
    # part of it.
    only: str = ""

    @property
    def key(self) -> str:
        return f"{self.measure}/{self.basis}"


ACTIVE = "active_volunteers/residence"
REGISTERED = "registered_volunteers/residence"
NEW = "new_registrations/residence"
HOURS_BAND = "hours_band"
SERVED = "service_visits/service"
DAY_KIND = "day_kind"


def from_key(edge: int) -> str:
    """The count of people from an edge of hours on; at least no hours has everybody active."""
    return f"{active_from(edge)}/residence" if edge else ACTIVE


STEPS = tuple(
    Counted(active_from(edge), within=ACTIVE, followers=(hours_of_active_from(edge),), edge=edge)
    for edge in COUNTED_FROM
)
# In this order: what contains comes before what is contained.
COUNTED = (
    Counted("new_registrations", adds_over_time=True),
    Counted("registered_volunteers", changes_by="new_registrations/residence"),
    Counted(
        "active_volunteers",
        within=REGISTERED,
        followers=("service_hours", "service_visits", "service_hours_squared"),
    ),
    *STEPS,
    Counted("active_volunteers", within=REGISTERED, only=HOURS_BAND),
    Counted("active_clocked_volunteers", within=ACTIVE),
    Counted("lapsed_volunteers", within=REGISTERED),
    Counted("sleeping_12m_volunteers", within=REGISTERED),
    Counted("sleeping_24m_volunteers", within="sleeping_12m_volunteers/residence"),
    Counted("sleeping_36m_volunteers", within="sleeping_24m_volunteers/residence"),
    # Nobody counts the people who served in a place, so a few visits stand for a few people.
    Counted("service_visits", "service", adds_over_time=True, followers=("service_hours",)),
    # By how a record was made there are visits, not people.
    Counted("service_visits", within=ACTIVE, followers=("service_hours",), beside=ACTIVE),
)
# Counted, but not people: never withheld.
NOT_PEOPLE = ("activities/service",)


@dataclass(frozen=True)
class SideTable:
    """A table beside the observations, read as a breakdown of a count."""

    name: str
    count: str  # key of the count it breaks down
    dimension: str
    window: str  # SQL over its columns, as are the end and the member
    end: str
    member: str
    value: str
    columns: tuple[str, ...]  # withheld together
    keys: tuple[
        tuple[str, str], ...
    ]  # its key columns, each with SQL over area_code, time_window, period_end, member


SIDE_TABLES = (
    SideTable(
        "hours_bands", ACTIVE, HOURS_BAND, "time_window", "period_end", "CAST(band AS VARCHAR)", "people",
        ("people", "hours"),
        (("area_code", "area_code"), ("time_window", "time_window"), ("period_end", "period_end"),
         ("band", "member")),
    ),
    SideTable(
        "day_kinds", SERVED, DAY_KIND, "time_window", "period_end", "day_kind", "visits",
        ("visits",),
        (("area_code", "area_code"), ("time_window", "time_window"), ("period_end", "period_end"),
         ("day_kind", "member")),
    ),
    SideTable(
        "cohorts", REGISTERED, "cohort", "'stock'", "quarter_end", "CAST(cohort_start AS VARCHAR)", "registered",
        ("registered",),
        (("area_code", "area_code"), ("cohort_start", "CAST(member AS DATE)"), ("quarter_end", "period_end")),
    ),
    SideTable(
        "cohorts", ACTIVE, "cohort", "'quarter'", "quarter_end", "CAST(cohort_start AS VARCHAR)", "active",
        ("active",),
        (("area_code", "area_code"), ("cohort_start", "CAST(member AS DATE)"), ("quarter_end", "period_end")),
    ),
)  # fmt: skip
