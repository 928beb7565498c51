"""Statistical functions: arrays in, arrays out, each with its source.

Pure functions: nothing here knows of areas, files or builds. The names below are stable; outside scripts call
them. `docs/statistics.md` says which to use for what, and how each was checked.
"""

from metrics.statistics.change import ChangeParts, decompose_change
from metrics.statistics.control_chart import Cusum, cusum
from metrics.statistics.difference import difference_interval
from metrics.statistics.forecast import outlook
from metrics.statistics.funnel import Overdispersion, funnel_limits, overdispersion
from metrics.statistics.hours import hours_interval
from metrics.statistics.inequality import gini, top_share
from metrics.statistics.intervals import byar_interval, wilson_interval
from metrics.statistics.many_tests import benjamini_hochberg, expected_by_chance
from metrics.statistics.peers import excess_count, percentile_bands, required_count
from metrics.statistics.ranks import Ranks, rank_intervals
from metrics.statistics.standardisation import standardise
from metrics.statistics.trends import Trend, trend
from metrics.statistics.verdict import compare_to_benchmark

__all__ = [
    "ChangeParts",
    "Cusum",
    "Overdispersion",
    "Ranks",
    "Trend",
    "benjamini_hochberg",
    "byar_interval",
    "compare_to_benchmark",
    "cusum",
    "decompose_change",
    "difference_interval",
    "excess_count",
    "expected_by_chance",
    "funnel_limits",
    "gini",
    "hours_interval",
    "outlook",
    "overdispersion",
    "percentile_bands",
    "rank_intervals",
    "required_count",
    "standardise",
    "top_share",
    "trend",
    "wilson_interval",
]
