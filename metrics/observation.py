"""An observation: one indicator, one area, one window, one member, with its counts and its status."""

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from metrics.members import codes_merged
from metrics.periods import Period

# From the strongest to the weakest: an observation shows the first one that applies.
STATUSES = (
    "not_reported", "no_denominator", "suppressed", "insufficient", "provisional", "series_break",
    "denominator_year", "merged", "ok",
)  # fmt: skip


def strongest(*statuses: str) -> str:
    return min(statuses, key=STATUSES.index)


# Provisional for want of its beginning, and so for good: no status of its own, but words of its own.
BEGINS_BEFORE = "begins_before_data"
# An upper bound, for want of the same: who sleeps by records that begin late.
AT_MOST = "at_most"
STANDS_IN = "denominator_year"
# Members of a breakdown that are withheld one by one, told together (metrics.merged_members).
MERGED = "merged"
# Of a peer beside an unfinished figure: it is known up to another day, and counts as provisional there.
OTHER_DAY = "other_day"
# What an age band in which there is nobody leaves unknown; behind a colon the first ages of such bands, joined by '|'
# (a band's code may hold the '+' that joins statuses).
NOBODY_AGED = "nobody_aged"


@dataclass(frozen=True)
class Observation:
    """Rates are in percent and unrounded; None is missing, which is never the same as zero."""

    indicator: str
    area_code: str
    area_name: str
    period_start: date  # of the period asked for; the window says how it is read up to period_end
    period_end: date
    window: str
    basis: str
    dimension: str  # '' for the total
    member: str
    numerator: int | float | None  # people, visits, activities are whole; hours are not
    denominator: int | float | None
    value: int | float | None
    lower: float | None  # 95 % interval, where the indicator has one
    upper: float | None
    status: str
    build_id: str
    variant: str = ""  # the choice of definition 口径 ('active=clocked'); '' for the usual one
    # Whether what is missing is what happened before the reports begin (else: what is still to come, or owed).
    begins_before_data: bool = field(default=False, compare=False)
    # Whether, for want of its beginning, the figure can only be too high.
    is_at_most: bool = field(default=False, compare=False)
    # The last day counted, where the window is not over in the reports.
    counted_through: date | None = field(default=None, compare=False)
    population_year: int | None = None  # of the residents a figure is made of; None where it has none

    @property
    def told_status(self) -> str:
        """The status as readers are told it, for status_text(): words of its own for a window that begins before the
        data and for an upper bound, and beside any status the year of a population that stands in, joined by '+':
        'provisional+denominator_year:2020'."""
        told = BEGINS_BEFORE if self.begins_before_data and self.status == "provisional" else self.status
        if self.is_at_most and self.value is not None:
            told = f"{told}+{AT_MOST}"
        if self.is_merged and self.status != MERGED:
            told = f"{told}+{MERGED}"
        year = self.population_year
        if self.value is None or year is None or year == self.period_end.year:
            return told
        stands_in = f"{STANDS_IN}:{year}"
        return stands_in if told == STANDS_IN else f"{told}+{stands_in}"

    @property
    def is_merged(self) -> bool:
        """Whether it tells withheld members together, whatever its status is besides."""
        return bool(codes_merged(self.dimension, self.member))

    @property
    def period(self) -> Period:
        months = (self.period_end.year - self.period_start.year) * 12
        months += self.period_end.month - self.period_start.month + 1
        kind = {1: "month", 3: "quarter", 12: "year"}[months]
        return Period(kind, self.period_start, self.period_end)

    def as_dict(self) -> dict[str, Any]:
        """The fields in their agreed order, days as ISO text: a JSON row."""
        row = {name: getattr(self, name) for name in COLUMNS}
        row["period_start"] = self.period_start.isoformat()
        row["period_end"] = self.period_end.isoformat()
        return row


def alike(row: Observation, **changed: Any) -> Observation:
    """A row like another one but for some fields: dataclasses.replace at a fifth of its price, for millions of rows."""
    found = object.__new__(Observation)
    found.__dict__.update(row.__dict__, **changed)
    return found


NO_COLUMNS = ("begins_before_data", "is_at_most", "counted_through")
COLUMNS = tuple(one.name for one in fields(Observation) if one.name not in NO_COLUMNS)
