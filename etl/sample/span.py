"""The months a sample covers, and the whole calendar years that are drawn to fill them."""

from dataclasses import dataclass
from datetime import date

from etl.sample.days import day_number, first_day, last_day

FEWEST_YEARS = 2  # "ever served, but not in the last year" needs an earlier year, written or not


@dataclass(frozen=True)
class Span:
    """`months` ending with the last day; `years` are drawn whole and cut to the span when written."""

    first: int
    last: int
    months: int
    years: tuple[int, ...]

    @classmethod
    def ending(cls, last_month: str, months: int) -> "Span":
        """The span of `months` that ends with December of a year, e.g. '2023-12'."""
        last_year, month = (int(part) for part in last_month.split("-"))
        if month != 12:
            raise ValueError(f"calibration.toml, last_month: found '{last_month}', expected a December.")
        start = last_year * 12 + 12 - months  # months since year 0
        first = date(start // 12, start % 12 + 1, 1)
        begin = min(first.year, last_year - FEWEST_YEARS + 1)
        return cls(day_number(first), last_day(last_year), months, tuple(range(begin, last_year + 1)))

    @property
    def whole_years(self) -> list[int]:
        return [year for year in self.years if first_day(year) >= self.first]

    @property
    def written_years(self) -> list[int]:
        return [year for year in self.years if last_day(year) >= self.first]

    @property
    def file_suffix(self) -> str:
        years = self.written_years
        return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"

    def share_of(self, year: int) -> float:
        """The part of a year that lies in the span."""
        inside = last_day(year) - max(first_day(year), self.first) + 1
        return max(inside, 0) / (last_day(year) - first_day(year) + 1)
