"""A person serving in two places at once; of two overlapping sessions the later one is flagged.

Sessions of the night before count; a session entered twice is told as that, not as this.
"""

from collections.abc import Iterator

from etl.checks import FLAGGED_ROW, Facts, Flagged, check


@check(
    stage="facts",
    severity="warn",
    depends=("service_hours",),
    zh="与同一人的另一条记录时间重叠（超过 {overlap_minutes} 分钟）。",
    en="overlaps another session of this person by more than {overlap_minutes} minutes.",
)
def check_sessions_overlap(facts: Facts) -> Iterator[Flagged]:
    after = f"started_at + INTERVAL {facts.thresholds['overlap_minutes']} MINUTE"
    yield Flagged(
        rows=f"SELECT {FLAGGED_ROW} FROM flag_timed WHERE {after} < greatest(busy_before, busy_at_night)"
    )
