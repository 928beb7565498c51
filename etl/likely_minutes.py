"""Hours that look like minutes though nobody says so: the drop is held until somebody has looked.

Two things tell: hours that are sixty times what lies between start and end, and too many that are longer than a day (also
a month's sum written against one day is). The few of them that could be hours would come in as such, and be wrong.
"""

from collections.abc import Iterator

import duckdb

from etl.messages import Text
from etl.reader import Drop
from etl.screen import Screened
from etl.sql import only_row

FEWEST = 3  # rows that say it; a few are slips of the pen
SHARE = 0.5  # of those that could say it
SHARE_TOO_LONG = 0.2
LEAST_TOO_LONG = 5


def suspicions(connection: duckdb.DuckDBPyConnection, drop: Drop, screened: Screened) -> Iterator[Text]:
    positions = drop.header.positions
    if "service_hours" not in positions or "service_minutes" in positions:
        return
    title = drop.header.fields[positions["service_hours"]].strip()
    if {"start_at", "end_at"} <= positions.keys():
        sixtyfold, with_times = only_row(
            connection,
            """SELECT count(*) FILTER (abs(service_hours::DOUBLE * 60 - between_minutes * 60) < 30 AND between_minutes > 1),
                      count(*)
            FROM (SELECT service_hours, date_diff('second', start_at, end_at) / 60 AS between_minutes FROM screened)
            WHERE service_hours > 0 AND between_minutes > 0""",
        )
        if sixtyfold >= FEWEST and sixtyfold >= SHARE * with_times:
            yield Text(
                f"“{title}”有 {sixtyfold:,} 行正好是起止时间的 60 倍，像是以分钟计的；请把单位写进列名，如“服务时长(分钟)”，重报",
                f"'{title}' is exactly sixty times the time between start and end in {sixtyfold:,} rows, as if it counted "
                "minutes; ask for the unit in the header, as in 服务时长(分钟)",
            )
            return
    bits = sum(
        1 << at
        for at, rule in enumerate(screened.rules)
        if rule.check.name == "hours_within_a_day" and rule.failure.column == "service_hours"
    )
    if screened.nothing_failed or not bits:
        return
    (too_long,) = only_row(connection, f"SELECT count(*) FROM screened WHERE faults & {bits} <> 0")
    if too_long >= LEAST_TOO_LONG and SHARE_TOO_LONG * screened.rows <= too_long < screened.rows:
        yield Text(
            f"“{title}”有 {too_long:,} 行超过一天，其余的也可能是分钟或多日的合计；请核对单位，把它写进列名，如“服务时长(分钟)”，"
            "或逐日填写后重报",
            f"'{title}' is longer than a day in {too_long:,} rows, so the others may be minutes or sums of several days, too; "
            "ask for the unit in the header, as in 服务时长(分钟), or for a row for each day",
        )
