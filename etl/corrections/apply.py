"""Corrections applied: SQL around the rows of a drop, the guard, and what was done entered in the warehouse.

Grain of the table `corrections_applied`: one row per correction and drop it was applied to.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from etl.corrections.declare import Correction, column_of, concerning
from etl.ledger import LedgerRow
from etl.messages import Refusal
from etl.privacy import mask
from etl.reader import Drop
from etl.sql import only_row
from etl.values import INVISIBLE, quoted

LEFT_OUT = "left_out"  # the shape of a row taken out; etl/checks/left_out_by_correction.py sets it aside


@dataclass(frozen=True)
class Applied:
    """A correction that was applied, and to how many rows."""

    correction: Correction
    rows: int


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        CREATE TABLE IF NOT EXISTS corrections_applied (
            correction_id VARCHAR NOT NULL, drop_id INTEGER NOT NULL, rows BIGINT NOT NULL,
            what_zh VARCHAR NOT NULL, what_en VARCHAR NOT NULL, why VARCHAR NOT NULL, who VARCHAR NOT NULL,
            file VARCHAR NOT NULL)""")


def relation(relation_sql: str, drop: Drop, corrections: list[Correction]) -> str:
    """The relation (row_no, shape, shape_detail, c0 …) with the corrections made on its texts.

    Conditions are asked of the texts as received, so the order of corrections does not matter.
    """
    replaced: dict[str, list[str]] = {}
    for one in corrections:
        condition = _chosen(drop, one)
        if one.set is None:
            replaced.setdefault("shape", []).append(f"WHEN {condition} THEN {quoted(LEFT_OUT)}")
            replaced.setdefault("shape_detail", []).append(f"WHEN {condition} THEN {quoted(one.id)}")
        else:
            cell = _cell(drop, one, one.set[0])
            replaced.setdefault(cell, []).append(f"WHEN {condition} THEN {quoted(one.set[1])}")
    if not replaced:
        return relation_sql
    columns = ", ".join(
        f"CASE {' '.join(cases)} ELSE {name} END AS {name}" for name, cases in replaced.items()
    )
    return f"SELECT * REPLACE ({columns}) FROM ({relation_sql})"


def verify(
    connection: duckdb.DuckDBPyConnection, relation_sql: str, drop: Drop, corrections: list[Correction]
) -> list[Applied]:
    """Look at a whole relation, not yet corrected, and require what every correction expects."""
    guard = Guard(drop, corrections)
    guard.look(connection, relation_sql)
    return guard.require()


class Guard:
    """Counts what the corrections of a drop find, block by block; `require` when all blocks were seen."""

    def __init__(self, drop: Drop, corrections: list[Correction]) -> None:
        self.drop = drop
        self.corrections = corrections
        self.rows = [0] * len(corrections)
        self.others: list[tuple[int, str] | None] = [None] * len(corrections)  # (row, value) not as expected
        self.doubled: int | None = None  # a row that two corrections would change in the same place

    def look(self, connection: duckdb.DuckDBPyConnection, relation_sql: str) -> None:
        """Count over one block of the relation as received."""
        asked = []
        for one in self.corrections:
            chosen = _chosen(self.drop, one)
            asked.append(f"count(*) FILTER ({chosen})")
            if one.expected_value is None:
                asked.append("NULL")
            else:
                column, value = one.expected_value
                text = _text(_cell(self.drop, one, column))
                other = f"{chosen} AND {text} <> {quoted(value)}"
                asked.append(
                    f"arg_min(struct_pack(row_no := row_no, value := {text}), row_no) FILTER ({other})"
                )
        asked.append(f"min(row_no) FILTER ({self._doubled()})")
        *found, doubled = only_row(connection, f"SELECT {', '.join(asked)} FROM ({relation_sql})")
        for place, (rows, other) in enumerate(zip(found[::2], found[1::2], strict=True)):
            self.rows[place] += rows
            if other is not None and self.others[place] is None:
                self.others[place] = (other["row_no"], mask(other["value"]))
        self.doubled = doubled if self.doubled is None else self.doubled

    def _doubled(self) -> str:
        """SQL: a row on which two corrections would write the same cell, or one that is left out and written too."""
        conditions = [(one, _chosen(self.drop, one)) for one in self.corrections]
        places = {_cell(self.drop, one, one.set[0]) if one.set else LEFT_OUT for one in self.corrections}
        sums = [
            " + ".join(
                f"({condition})::INTEGER"
                for one, condition in conditions
                if one.set is None or _cell(self.drop, one, one.set[0]) == place
            )
            for place in sorted(places)
        ]
        return " OR ".join(f"{sum} > 1" for sum in sums) or "false"

    def require(self) -> list[Applied]:
        """What was applied; raises Refusal naming the correction of which something else was found."""
        for one, rows, other in zip(self.corrections, self.rows, self.others, strict=True):
            least, most = one.expected_rows
            if other is not None and one.expected_value is not None:
                column, value = one.expected_value
                row_no, found = other
                raise _fails(
                    self.drop,
                    one,
                    f"第 {row_no} 行的“{column}”应为“{value}”，实为“{found}”",
                    f"row {row_no}: expected {column} to be '{value}', found '{found}'",
                )
            if not least <= rows <= most:
                span = f"{least}" if least == most else f"{least}–{most}" if most < 2**62 else f"{least}+"
                raise _fails(
                    self.drop, one, f"应有 {span} 行，实有 {rows} 行", f"expected {span} rows, found {rows}"
                )
        if self.doubled is not None:
            raise Refusal(
                f"{self.drop.name} 第 {self.doubled} 行：有两条更正要改同一处（{_ids(self.corrections, '、')}），请删去其一。",
                f"{self.drop.name}, row {self.doubled}: two corrections would change it in the same place "
                f"(of {_ids(self.corrections, ', ')}); remove one.",
            )
        return [Applied(one, rows) for one, rows in zip(self.corrections, self.rows, strict=True)]


def enter(connection: duckdb.DuckDBPyConnection, drop_id: int, applied: Iterable[Applied]) -> None:
    """Enter what was applied to a drop, in place of what an earlier load or replay of it entered."""
    connection.execute("DELETE FROM corrections_applied WHERE drop_id = ?", [drop_id])
    for one in applied:
        said = one.correction
        connection.execute(
            "INSERT INTO corrections_applied VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [said.id, drop_id, one.rows, said.what.zh, said.what.en, said.why, said.who, said.file],
        )


def differ(
    connection: duckdb.DuckDBPyConnection,
    drop_id: int,
    corrections: Iterable[Correction],
    drop: Drop,
    row: LedgerRow,
) -> bool:
    """Whether other corrections concern a file now than were applied when it was loaded as this drop."""
    found = connection.execute(
        "SELECT correction_id FROM corrections_applied WHERE drop_id = ?", [drop_id]
    ).fetchall()
    return {one.id for one in concerning(corrections, drop, row)} != {name for (name,) in found}


def _chosen(drop: Drop, one: Correction) -> str:
    """SQL: whether a row is one of those a correction is about. Cells of a broken row are not believed."""
    whole = "shape IS NULL"
    if one.where:
        column, value = one.where
        return f"({whole} AND {_text(_cell(drop, one, column))} = {quoted(value)})"
    spans = " ".join(f"WHEN row_no BETWEEN {first} AND {last} THEN true" for first, last in one.spans)
    numbered = f"CASE {spans} ELSE false END"
    return f"({whole} AND {numbered})" if one.set else f"({numbered})"


def _text(cell: str) -> str:
    return f"trim(coalesce({cell}, ''), {quoted(INVISIBLE)})"


def _cell(drop: Drop, one: Correction, column: str) -> str:
    """The cell of a column in this drop; Refusal when the drop has no such column."""
    name = column_of(drop.header.source, column)
    if name not in drop.header.positions:
        raise _fails(drop, one, f"文件里没有列“{column}”", f"the file has no column {column}")
    return f"c{drop.header.positions[str(name)]}"


def _fails(drop: Drop, one: Correction, zh: str, en: str) -> Refusal:
    return Refusal(
        f"{drop.name}：更正“{one.id}”（{one.file}）与文件不符：{zh}；来源可能已自行改正，请核对后修改或删除这条更正。",
        f"{drop.name}: correction '{one.id}' ({one.file}) does not fit the file: {en}. The supplier may have mended it; "
        "look, then change or remove the correction.",
    )


def _ids(corrections: list[Correction], comma: str) -> str:
    return comma.join(one.id for one in corrections)
