"""Streams: what one family of figures gives in one window; labels: which member, band or cohort a figure is of."""

from metrics.cube.patterns import SLEEPS

FAMILIES = (
    "residence", "served", "new", "activities", "registered", "clocked", "lapsed",
    *(f"sleeping{months}" for months in SLEEPS),
    "squares", "hours_band", "cohort", "cohort_active",
)  # fmt: skip
STREAM_WINDOWS = ("month", "quarter", "year", "ytd", "to_date", "rolling12", "stock")
# What a cell (or a group of records or people) is broken down by, as numbered in cube_member.
# REGISTER is platform and identity of who registered on one platform only, PLATFORM that of everybody else.
GENDER, BIRTH_YEAR, REGISTER, EVIDENCE, STATE, PLATFORM = range(6)

TOTAL = 0  # the label of the total; those of members follow it (see totals.keep_labels)
# Labels beyond those of the dimensions: bands and platforms by number, cohorts by the running number of their quarter.
HOURS_BAND_LABELS, PLATFORM_LABELS, COHORT_LABELS = 1_000, 10_000, 100_000


def stream(family: str, window: str) -> int:
    return FAMILIES.index(family) * len(STREAM_WINDOWS) + STREAM_WINDOWS.index(window)
