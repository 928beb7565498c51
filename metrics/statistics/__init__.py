"""Statistical functions: arrays in, arrays out, each with its source.

Pure functions: nothing here knows of areas, files or builds. The names below are stable; outside scripts call
them. `docs/statistics.md` says which to use for what, and how each was checked.
"""

from metrics.statistics.hours import hours_interval
from metrics.statistics.intervals import byar_interval, wilson_interval

__all__ = [
    "byar_interval",
    "hours_interval",
    "wilson_interval",
]
