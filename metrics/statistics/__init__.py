"""Statistical functions: arrays in, arrays out, each with its source.

Pure functions: nothing here knows of areas, files or builds. The names below are stable; outside scripts call
them. `docs/statistics.md` says which to use for what, and how each was checked.
"""

from metrics.statistics.change import ChangeParts, decompose_change
from metrics.statistics.funnel import Overdispersion, funnel_limits, overdispersion
from metrics.statistics.hours import hours_interval
from metrics.statistics.inequality import gini, top_share
from metrics.statistics.intervals import byar_interval, wilson_interval
from metrics.statistics.ranks import Ranks, rank_intervals
from metrics.statistics.standardisation import standardise
from metrics.statistics.trends import Trend, trend
from metrics.statistics.verdict import compare_to_benchmark

__all__ = [
    "ChangeParts",
    "Overdispersion",
    "Ranks",
    "Trend",
    "byar_interval",
    "compare_to_benchmark",
    "decompose_change",
    "funnel_limits",
    "gini",
    "hours_interval",
    "overdispersion",
    "rank_intervals",
    "standardise",
    "top_share",
    "trend",
    "wilson_interval",
]
