"""Is a drop unlike the one before it from the same supplier? Then somebody looks before it counts.

A profile (etl/profile.py) of every drop is kept. A new one is compared with the supplier's loaded drops that
are most like it in kind: same source, area and supplier, a like span of months, the same districts, near in
time. Thresholds are data (precheck.toml). A suspicious drop is held: nothing of it is a fact until it is
released by name.
"""

from collections.abc import Collection

import duckdb

from etl import ledger
from etl import profile as profiles
from etl.advice import advice
from etl.ledger import LedgerRow
from etl.messages import Text
from etl.profile import Profile, create_tables, kept, ordinal
from etl.unlike import Thresholds, differences, thresholds
from metrics.rounding import rounded_text

__all__ = ["Profile", "create_tables", "profile", "suspicions"]

LOOKED_AT = 24  # earlier drops, nearest in time first, of which the most like are compared with


PASSED = "(SELECT * FROM screened WHERE faults = 0)"


def profile(
    connection: duckdb.DuckDBPyConnection,
    row: LedgerRow,
    cells: str = PASSED,
    rows: str | None = None,
    present: Collection[str] | None = None,
) -> Profile:
    """Measure the rows of a drop that passed, and keep the profile.

    Within the load's transaction, when its rows are facts and versions are not yet settled: `cells` is asked
    only which columns are filled (those `present`, where the caller knows), and `rows` (see profile.facts_of) for
    areas, months and hours.
    """
    measured = profiles.measure(connection, row, cells, rows or profiles.facts_of(row), present)
    profiles.keep(connection, row.drop_id, measured)
    return measured


def suspicions(connection: duckdb.DuckDBPyConnection, row: LedgerRow, profile: Profile) -> list[Text]:
    """What makes a drop unlike what its supplier sent before, a sentence each; empty for a usual one."""
    limits = thresholds()
    spans = _spans(connection, row)
    if not spans:
        return []  # the first of its supplier: rows that fail wait in quarantine, nothing wrong gets in
    before = _series(connection, row, profile, spans, limits)
    return [
        *_of_quarantine(connection, row, profile, [was for _, was in before], limits),
        *_of_months(profile, [span for _, span in spans], limits),
        *differences(row, profile, before, limits),
    ]


def _spans(connection: duckdb.DuckDBPyConnection, row: LedgerRow) -> list[tuple[int, tuple[int, int]]]:
    """(drop, first and last month) of every drop in force of the same source, supplier and area."""
    found = connection.execute(
        """
        SELECT drop_id, min(key[7:]), max(key[7:]) FROM profiles JOIN drops USING (drop_id)
        WHERE key LIKE 'month:%' AND status = 'loaded' AND drop_id <> ? AND source = ?
          AND supplier IS NOT DISTINCT FROM ? AND area_code IS NOT DISTINCT FROM ?
        GROUP BY drop_id ORDER BY drop_id DESC""",
        [row.drop_id, row.source, row.supplier, row.area_code],
    ).fetchall()
    return [(drop_id, (ordinal(first), ordinal(last))) for drop_id, first, last in found]


def _series(
    connection: duckdb.DuckDBPyConnection,
    row: LedgerRow,
    profile: Profile,
    spans: list[tuple[int, tuple[int, int]]],
    limits: Thresholds,
) -> list[tuple[LedgerRow, Profile]]:
    """The earlier drops to compare with, nearest in time first; empty when there is none like it.

    Months sent again are compared with what was sent of them before. Otherwise with several months, because
    one month may well have three times the service of the next. A supplier may send a file per district or a
    sheet per district: those come in series of their own.
    """
    if profile.span is None:
        return []
    first, last = profile.span
    months = last - first + 1

    def is_like(span: tuple[int, int]) -> bool:
        shorter, longer = sorted((months, span[1] - span[0] + 1))
        return longer <= shorter * limits.like_span_ratio

    near = sorted(
        (one for one in spans if is_like(one[1])), key=lambda one: (abs(one[1][0] - first), -one[0])
    )
    candidates: list[tuple[tuple[bool, int, bool], LedgerRow, Profile]] = []
    if not near:
        return []
    looked_at = dict(near[:LOOKED_AT])
    rows = {
        one.drop_id: one for one in ledger.read(connection, "list_contains(?, drop_id)", [list(looked_at)])
    }
    profiles_of = kept(connection, list(looked_at))
    for drop_id, span in looked_at.items():
        earlier, was = rows[drop_id], profiles_of[drop_id]
        part, its_part = row.part, earlier.part
        if earlier.file_name != row.file_name or part == its_part:  # not another sheet of the same workbook
            candidates.append(((part != its_part, _unlike(profile, was), span != profile.span), earlier, was))
    best = min((kind for kind, _, _ in candidates), default=None)
    return [(earlier, was) for kind, earlier, was in candidates if kind == best]


def _unlike(now: Profile, was: Profile) -> int:
    """0 when at least half of the rows lie in the same districts, 1 when some do, 2 when none does."""
    common = sum(
        min(rows / now.passed, was.areas.get(area, 0) / was.passed) if was.passed else 0
        for area, rows in now.areas.items()
    )
    return 0 if common >= 0.5 else 1 if common > 0 else 2


def _of_quarantine(
    connection: duckdb.DuckDBPyConnection,
    row: LedgerRow,
    now: Profile,
    series: list[Profile],
    limits: Thresholds,
) -> list[Text]:
    """Many more rows set aside than before, and for what most of them: a column in another unit shows here first.

    A drop of which no row passed has no months to find its like by, and is always worth a look.
    """
    share, most = now.quarantined / max(now.rows, 1), limits.quarantined_share
    usual = max((was.quarantined / max(was.rows, 1) for was in series), default=0.0)
    is_unusual = share > 2 * usual and (series or now.span is None)
    if now.rows < limits.least_rows or share <= most or not is_unusual:
        return []
    reasons = connection.execute(
        """SELECT check_name, count(DISTINCT row_no) FROM quarantine WHERE drop_id = ?
           GROUP BY check_name ORDER BY 2 DESC, 1 LIMIT 1""",
        [row.drop_id],
    ).fetchall()
    percent, limit = rounded_text(share * 100, 0), rounded_text(most * 100, 0)
    reason = Text("", "")
    for check, rows in reasons:
        title = advice(check).title
        reason = Text(f"；最多的是“{title.zh}”，{rows:,} 行", f"; most often '{title.en}', {rows:,} rows")
    return [
        Text(
            f"{now.rows:,} 行中有 {now.quarantined:,} 行（{percent}%）未通过检查，超过 {limit}%{reason.zh}。",
            f"{now.quarantined:,} of {now.rows:,} rows ({percent}%) failed a check, more than {limit}%{reason.en}.",
        )
    ]


def _of_months(now: Profile, spans: list[tuple[int, int]], limits: Thresholds) -> list[Text]:
    """Months far from all that the supplier sent before: a wrong year, or another city's file."""
    if now.span is None or now.rows < limits.least_rows:
        return []
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    gap = max(now.span[0] - last, first - now.span[1])
    if gap <= limits.gap_months:
        return []
    here, there = _months(*now.span), _months(first, last)
    return [
        Text(
            f"所报月份 {here} 与该单位以往的月份 {there} 相隔 {gap} 个月。",
            f"its months {here} are {gap} months away from all received before, {there}.",
        )
    ]


def _months(first: int, last: int) -> str:
    names = [f"{month // 12}-{month % 12 + 1:02}" for month in (first, last)]
    return names[0] if first == last else "–".join(names)
