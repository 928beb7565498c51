"""Flags: rows in force that look wrong, found before each publishing; they count, and somebody should look.

One row of `flags` per check and row. What a row is flagged for depends on other rows, so flags are not made
when a drop is loaded but when all that is to be published is there: for the months that were touched, and those
with records of persons and activities of which something else is known than before. In months to which new drops have
only added records, what one record or one person's day decides is looked at for the days of the new records alone
(see etl/flag_grown.py). Doing so ends in the same flags as doing everything again, whatever was loaded, replaced or
withdrawn in between.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb

from etl import flag_grown, prints
from etl.checks import FLAGGED_ROW, Facts, Flagged, load_flags
from etl.flag_changes import HELD_AGAINST, is_kept, months_concerned, renew
from etl.flag_grown import Grown
from etl.flag_records import forget, is_of_person_days, keep_block, keep_lookups
from etl.sql import keep_value, transaction
from etl.thresholds import load_thresholds
from etl.working_days import years_known
from metrics.cube.places import in_months
from metrics.periods import month_number

ROWS_AT_ONCE = 5_000_000  # of service records: some 700 MB; smaller blocks look persons up more often
BASIS = "flags_basis"  # the row of `meta` that says by which rules the flags were made
RECORDS = "service_hours"
Months = frozenset[date] | None  # None: all of them
Flagging = Mapping[str, Sequence[Flagged]]


@dataclass(frozen=True)
class Block:
    """Consecutive months for which the same checks are due."""

    first: date
    until: date  # the day after its last
    checks: tuple[str, ...]


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS flags (
            check_name VARCHAR NOT NULL, drop_id INTEGER NOT NULL, row_no BIGINT NOT NULL, month DATE NOT NULL,
            area_code VARCHAR NOT NULL)""")
    for before in ("flag_seen_person", "flag_seen_activity"):  # as persons and activities used to be kept
        connection.execute(f"DROP TABLE IF EXISTS {before}")
    # One row per month with records sent under a number that a register has linked to a person.
    connection.execute("CREATE TABLE IF NOT EXISTS flag_links (month DATE NOT NULL, digest HUGEINT NOT NULL)")


def refresh(connection: duckdb.DuckDBPyConnection, touched: Mapping[str, set[date]] | None = None) -> None:
    """Bring `flags` up to date with the facts.

    `touched` holds, by source, the first days of the months whose facts have changed since flags were last
    made; None means everything. One transaction: a crash leaves the flags as they were.
    """
    create_tables(connection)
    # The order of rows means nothing here, and keeping it costs a fifth; a load relies on it.
    connection.execute("SET preserve_insertion_order = false")
    is_large = prints.is_large(connection)
    try:
        with prints.at_hand(connection) if is_large else nullcontext(), transaction(connection):
            _refresh(connection, touched, is_large)
    finally:
        connection.execute("RESET preserve_insertion_order")


def _refresh(
    connection: duckdb.DuckDBPyConnection, touched: Mapping[str, set[date]] | None, is_large: bool
) -> None:
    facts = _facts(connection)
    basis = _basis(facts)
    known = connection.execute("SELECT value FROM meta WHERE key = ?", [BASIS]).fetchall()
    if touched is None or known != [(basis,)]:
        touched = None
        connection.execute("DELETE FROM flags")
        keep_value(connection, "meta", BASIS, basis)
    if touched is not None and not any(touched.values()):
        return
    keep_lookups(connection, facts.thresholds)
    for source in HELD_AGAINST:
        if touched is None or touched.get(source) or not is_kept(connection, source):
            renew(connection, source, None if touched is None else touched.get(source))
    flagging = {name: list(check.function(facts)) for name, check in load_flags().items()}
    grown = Grown() if touched is None or not is_large else flag_grown.find(connection)
    due, of_new = _due(connection, touched, grown, flagging)
    _forget_flags(connection, due)
    about_records = [name for name in due if RECORDS in load_flags()[name].depends]
    for block in _blocks(connection, {name: due[name] for name in about_records}):
        _flag_block(connection, block, flagging, facts)
    if of_new:
        flag_grown.keep_days(connection, grown)
        for block in _blocks(connection, of_new):
            _flag_block(connection, block, flagging, facts, of_days="flag_new_day")
    for name in due:
        if name not in about_records:
            found = [f"SELECT '{name}', {FLAGGED_ROW} FROM ({one.rows})" for one in flagging[name]]
            _insert(
                connection,
                found,
                "SELECT drop_id, row_no, coalesce(area_code, '') AS area_code FROM activities",
            )
    forget(connection)
    flag_grown.keep(connection, is_large)


def _facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """What there is to hold records against."""
    asked = {
        "registrations": "SELECT 1 FROM registrations",
        "activities": "SELECT 1 FROM activities",
        "organisations": "SELECT 1 FROM registrations WHERE organisation_key IS NOT NULL",
    }
    filled = {name for name, sql in asked.items() if connection.execute(f"{sql} LIMIT 1").fetchall()}
    return Facts(load_thresholds(), frozenset(filled))


def _basis(facts: Facts) -> str:
    """A digest of all that decides about flags besides the facts; another one means making them all again."""
    said = [
        [[name, [vars(one) for one in check.function(facts)]] for name, check in load_flags().items()],
        dict(facts.thresholds),
        years_known(),
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _due(
    connection: duckdb.DuckDBPyConnection,
    touched: Mapping[str, set[date]] | None,
    grown: Grown,
    flagging: Flagging,
) -> tuple[dict[str, Months], dict[str, Months]]:
    """The checks to be made and the months each is to be made for: as a whole, or for new records' days only."""
    if touched is None:
        _note_links(connection, None)
        return dict.fromkeys(load_flags()), {}
    months = set(touched.get(RECORDS, set()))
    relinked = _note_links(connection, None if touched.get("registrations") else frozenset(months))
    few = (grown.months & months) - relinked
    whole = (months - few) | relinked
    # A night's session may overlap one of the next month.
    whole |= {_next_month(month) for month in whole}
    few_and_next = few | {_next_month(month) for month in few}
    concerned = {
        source: months_concerned(connection, source) for source in HELD_AGAINST if touched.get(source)
    }
    due: dict[str, Months] = {}
    of_new: dict[str, Months] = {}
    for name, check in load_flags().items():
        others = [source for source in check.depends if source != RECORDS and touched.get(source)]
        its = [concerned[source] for source in others]
        if RECORDS not in check.depends:
            if others:
                due[name] = None
            continue
        is_of_days = is_of_person_days([one.rows for one in flagging[name] if one.rows])
        if every := whole.union(*its, () if is_of_days else few):
            due[name] = frozenset(every)
        if is_of_days and (rest := few_and_next - every):
            of_new[name] = frozenset(rest)
    return due, of_new


def _note_links(connection: duckdb.DuckDBPyConnection, months: frozenset[date] | None) -> set[date]:
    """Months in which records now belong to other persons than before (a register told whose a number is)."""
    scope = "true" if months is None else _in_months("f.service_date", months)
    found = connection.execute(f"""
        SELECT CAST(date_trunc('month', f.service_date) AS DATE), sum(CAST(hash(f.volunteer_key, l.linked_key) AS HUGEINT))
        FROM service_records f JOIN links l ON l.key = f.volunteer_key WHERE {scope} GROUP BY 1""").fetchall()
    before = connection.execute("SELECT month, digest FROM flag_links").fetchall()
    known = {month: digest for month, digest in before if months is None or month in months}
    changed = {month for month, _ in set(found) ^ set(known.items())}
    if changed:
        connection.execute(f"DELETE FROM flag_links WHERE {_in_months('month', changed)}")
        for month, digest in found:
            if month in changed:
                connection.execute("INSERT INTO flag_links VALUES (?, ?)", [month, digest])
    return changed


def _forget_flags(connection: duckdb.DuckDBPyConnection, due: Mapping[str, Months]) -> None:
    """Delete what is going to be found again, all checks with the same months at once."""
    for months in set(due.values()):
        names = ", ".join(f"'{name}'" for name, its in due.items() if its == months)
        scope = "true" if months is None else _in_months("month", months)
        connection.execute(f"DELETE FROM flags WHERE check_name IN ({names}) AND {scope}")


def _blocks(connection: duckdb.DuckDBPyConnection, due: Mapping[str, Months]) -> Iterator[Block]:
    """The months there are records of, in order, put together while they are due the same and few enough."""
    if not due:
        return
    every = None if None in due.values() else frozenset[date]().union(*filter(None, due.values()))
    found = connection.execute(f"""
        SELECT CAST(date_trunc('month', day) AS DATE) AS month, sum(n)
        FROM (SELECT service_date AS day, count(*) AS n FROM service_records
              WHERE {"true" if every is None else _in_months("service_date", every)} GROUP BY 1)
        GROUP BY 1 ORDER BY 1""").fetchall()
    rows_of = {month: int(rows) for month, rows in found}
    needed = [
        (month, tuple(name for name, months in due.items() if months is None or month in months))
        for month in rows_of
    ]
    for checks, group in groupby(needed, key=lambda one: one[1]):
        if not checks:
            continue
        together: list[date] = []
        for month, _ in group:
            # Months that are not due were not looked at, and lie in no block.
            is_next = every is None or not together or _next_month(together[-1]) == month
            if together and not (
                is_next and sum(rows_of[one] for one in together) + rows_of[month] <= ROWS_AT_ONCE
            ):
                yield Block(together[0], _next_month(together[-1]), checks)
                together = []
            together.append(month)
        yield Block(together[0], _next_month(together[-1]), checks)


def _flag_block(
    connection: duckdb.DuckDBPyConnection, block: Block, flagging: Flagging, facts: Facts, of_days: str = ""
) -> None:
    """Find and enter the flags of one block, or only those of the person-days in a table, in place of what they had."""
    of_block = {name: flagging[name] for name in block.checks}
    conditions = {
        name: " OR ".join(f"({one.condition})" for one in flagged if one.condition)
        for name, flagged in of_block.items()
        if any(one.condition for one in flagged)
    }
    queries = [(name, one.rows) for name, flagged in of_block.items() for one in flagged if one.rows]
    asked = [rows for _, rows in queries]
    if not conditions and not queries:
        return
    its = list(conditions.values())
    keep_block(connection, block.first, block.until, its, asked, facts.thresholds, of_days)
    if of_days:
        names = ", ".join(f"'{name}'" for name in block.checks)
        connection.execute(f"""
            DELETE FROM flags USING flag_record r
            WHERE flags.drop_id = r.drop_id AND flags.row_no = r.row_no AND check_name IN ({names})
            AND month >= DATE '{block.first}' AND month < DATE '{block.until}'""")
    found = [f"SELECT '{name}', {FLAGGED_ROW} FROM ({rows})" for name, rows in queries]
    if conditions:
        names = ", ".join(f"'{name}'" for name in conditions)
        found.append(f"""
            SELECT check_name, drop_id, row_no, day FROM (SELECT * FROM flag_record WHERE bits <> 0)
            JOIN (SELECT unnest([{names}]) AS check_name, unnest(range({len(conditions)})) AS place)
            ON (bits >> place) & 1 = 1""")
    areas = f"""
        SELECT drop_id, row_no, coalesce(area_code, drop_area_code, '') AS area_code FROM service_records
        WHERE service_date >= DATE '{block.first}' AND service_date < DATE '{block.until}'"""
    _insert(connection, found, areas)


def _insert(connection: duckdb.DuckDBPyConnection, found: Sequence[str], areas: str) -> None:
    """Enter the rows found with their areas, which are looked up for them only: text is dear in a scan."""
    columns = "check_name VARCHAR, drop_id INTEGER, row_no BIGINT, day DATE"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE flag_found ({columns})")
    for sql in found:
        connection.execute(f"INSERT INTO flag_found {sql}")
    connection.execute(f"""
        INSERT INTO flags
        SELECT check_name, drop_id, row_no, CAST(date_trunc('month', day) AS DATE), area_code
        FROM flag_found JOIN ({areas}) USING (drop_id, row_no)""")


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _in_months(column: str, months: Set[date]) -> str:
    return in_months(column, map(month_number, months))
