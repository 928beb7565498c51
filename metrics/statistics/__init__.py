"""Statistical functions: arrays in, arrays out, each with its source.

Pure functions: nothing here knows of areas, files or builds. The names below are stable; outside scripts call
them. `docs/statistics.md` says which to use for what, and how each was checked.
"""

from metrics.statistics.funnel import Overdispersion, funnel_limits, overdispersion
from metrics.statistics.hours import hours_interval
from metrics.statistics.intervals import byar_interval, wilson_interval
from metrics.statistics.trends import Trend, trend
from metrics.statistics.verdict import compare_to_benchmark

__all__ = [
    "Overdispersion",
    "Trend",
    "byar_interval",
    "compare_to_benchmark",
    "funnel_limits",
    "hours_interval",
    "overdispersion",
    "trend",
    "wilson_interval",
]
