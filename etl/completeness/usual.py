"""What is usual for a supplier: rows a month, and how far before its end a month's last day lies."""

from collections.abc import Iterable, Mapping
from datetime import date
from statistics import median

from etl.completeness.ordinary import Ordinary
from metrics.periods import month_end

Place = tuple[str, int]  # area, month
DAYS_A_MONTH = 30


def is_more_than_quiet(days: float, rows_a_month: float, ordinary: Ordinary) -> bool:
    """Whether days without any row, at the end of what came, are too many to be a quiet time."""
    missed = rows_a_month * days / DAYS_A_MONTH
    return days > ordinary.ends_early_days and missed >= ordinary.ends_early_rows


def is_never_so_silent(months: int, silent: int, ordinary: Ordinary) -> bool:
    """Whether months without any row, after so many of which each had some, are more than a quiet time.

    Were a month silent by chance as often as it pleases, that only the last ones are has at the most the probability
    of the share that fits best.
    """
    if silent < 1 or months < 1:
        return False
    together = months + silent
    return (months / together) ** months * (silent / together) ** silent < ordinary.silent_by_chance


class Usual:
    """The months a stream speaks of, each to be held against the others nearby."""

    def __init__(
        self,
        months: Iterable[int],
        rows: Mapping[Place, int],
        last_days: Mapping[Place, date],
        ordinary: Ordinary,
    ) -> None:
        self._ordinary = ordinary
        self.rows = dict.fromkeys(months, 0)
        for (_, month), its in rows.items():
            if month in self.rows:
                self.rows[month] += its
        last: dict[int, date] = {}
        for (_, month), day in last_days.items():
            last[month] = max(last.get(month, day), day)
        # Days between the last one with rows and the month's end.
        self._short = {
            month: (month_end(month) - day).days for month, day in last.items() if month in self.rows
        }

    def rows_elsewhere(self, month: int) -> float | None:
        """The median of the other months' rows; None where there are too few to tell chance from silence."""
        others = self._others(self.rows, month)
        if len(others) < self._ordinary.ordinary_least_months:
            return None
        usual = median(others)
        return usual if usual >= self._ordinary.ordinary_least_rows else None

    def ends_early(self, month: int) -> bool:
        """Whether the last day with rows lies far from the month's end, and ordinarily does not.

        Also of suppliers with few rows, as long as so many would have come in these days that it is no chance.
        """
        others, rows = self._others(self._short, month), self._others(self.rows, month)
        if month not in self._short or not others or len(rows) < self._ordinary.ordinary_least_months:
            return False
        return is_more_than_quiet(self._short[month] - median(others), median(rows), self._ordinary)

    def _others(self, values: Mapping[int, int], month: int) -> list[int]:
        apart = self._ordinary.ordinary_months_apart
        nearby = (*range(month - apart, month), *range(month + 1, month + apart + 1))
        return [values[other] for other in nearby if other in values]
