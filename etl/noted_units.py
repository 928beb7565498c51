"""A unit of time that is stated among the rows: 注：时长单位为分钟 below a table, or after a page break.

Screening sets such lines aside, wherever they stand and however large the file is; so they are read there, and a drop
whose column turns out to be one of minutes is screened once more as such.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

import duckdb

from etl.reader import Drop
from etl.reader.drop import with_notes
from etl.reader.head import ID_NUMBER
from etl.reader.stated import Stated, has_time, in_row, stated_in_note
from etl.reader.units import NAMES
from etl.screen import Screened
from etl.sql import only_row
from metrics.characters import simplified

MOST_LINES = 500  # at either end of what was set aside and is no record
MOST_CELLS = 4  # of a line that is no signature; more are a record that lost something
FEWEST_OF_A_HEADER = 2  # columns known in a line that is a header
SPEAKS_OF_IT = "单位|單位|时|時|分|秒|天|日|工|(?i:unit|hour|hr|min|day|second)"


def screened_as_noted(
    connection: duckdb.DuckDBPyConnection, drop: Drop, screen: Callable[[Drop], Screened]
) -> tuple[Drop, Screened]:
    """A drop as its own notes say it is to be read, and what came of screening it so.

    Raises Refusal where a note contradicts the header or another place.
    """
    screened = screen(drop)
    if screened.nothing_failed or not has_time(drop.header):
        return drop, screened
    stated = _stated(connection, drop, screened)
    if not stated:
        return drop, screened
    noted = with_notes(drop, stated)
    if noted.header.positions != drop.header.positions:
        screened = screen(noted)
    return noted, screened


def _stated(connection: duckdb.DuckDBPyConnection, drop: Drop, screened: Screened) -> list[Stated]:
    """What lines say that were set aside and are no record, header or title."""
    positions = drop.header.positions
    is_record = " AND ".join(
        f"({' OR '.join(_has_digit(f'cells[{positions[name] + 1}]') for name in group if name in positions)})"
        for group in drop.header.source.require_one_of
    )
    found = connection.execute(
        f"""WITH lines AS (
                SELECT failed.row_no, filled, coalesce(kind, '') AS kind FROM (
                    SELECT {screened.row_no} AS row_no,
                           list_filter(cells, lambda x: trim(coalesce(x, '')) <> '') AS filled
                    FROM screened WHERE faults <> 0 AND NOT ({is_record})) AS failed
                LEFT JOIN furniture ON furniture.row_no = failed.row_no
                WHERE coalesce(kind, 'signature') IN ('signature', 'total')
                  AND len(list_filter(filled, lambda x: regexp_matches(x, '{SPEAKS_OF_IT}'))) > 0)
            SELECT row_no, filled, kind FROM lines
            QUALIFY least(row_number() OVER (ORDER BY row_no), row_number() OVER (ORDER BY row_no DESC)) <= {MOST_LINES}
            ORDER BY row_no"""
    ).fetchall()
    notes = [
        stated_in_note(drop.header, row_no, cells)
        for row_no, cells, kind in found
        if kind != "total"
        and (kind or len(cells) <= MOST_CELLS)
        and not any(ID_NUMBER.search(text) for text in cells)
        and len(drop.header.source.recognise(list(cells))) < FEWEST_OF_A_HEADER
    ]
    stated = [one for one in notes if one is not None]
    if stated and _has_second_table(connection, screened):
        # Nobody knows of which table it is; that hours are hours is what they would be without it.
        return [replace(one, units=frozenset(NAMES)) for one in stated if one.units != {"hours"}]
    if stated or drop.header.stated:
        return stated
    totals = [(row_no, cells) for row_no, cells, kind in found if kind == "total"]
    return _of_totals(connection, drop, totals) if totals else []


def _has_second_table(connection: duckdb.DuckDBPyConnection, screened: Screened) -> bool:
    bit = next(1 << index for index, rule in enumerate(screened.rules) if rule.check.name == "second_table")
    return bool(only_row(connection, f"SELECT count(*) FROM screened WHERE faults = {bit}")[0])


def _has_digit(cell: str) -> str:
    return f"regexp_matches(coalesce({cell}, ''), '[0-9０-９]')"


def _of_totals(
    connection: duckdb.DuckDBPyConnection, drop: Drop, totals: list[tuple[int, list[str]]]
) -> list[Stated]:
    """What totals in minutes (合计 | 35分钟) say of rows without a unit: minutes where they are the rows' sum as they stand.

    A total of sixty times that was made of hours; of any other nobody knows.
    """
    name = next(one for one in drop.header.positions if drop.header.source.columns[one].type in NAMES)
    figures = {row_no: _minutes(cells) for row_no, cells in totals}
    figures = {row_no: found for row_no, found in figures.items() if found}
    if not figures or "service_minutes" in drop.header.positions:
        return []
    (found,) = only_row(connection, f"SELECT coalesce(sum({name}), 0)::DOUBLE FROM screened WHERE faults = 0")
    told = {figure for some in figures.values() for figure in some}
    if any(abs(figure - 60 * found) < 1 for figure in told):
        return []
    is_sum = any(abs(figure - found) < 1 for figure in told)
    return [in_row(row_no, ("minutes",) if is_sum else ("hours", "minutes")) for row_no in figures]


def _minutes(cells: list[str]) -> list[float]:
    """The figures of a total that speaks of minutes."""
    text = unicodedata.normalize("NFKC", simplified("\n".join(cells)))
    return (
        [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.?\d*", text)] if "分钟" in text else []
    )
