"""Screening stays one scan: what DuckDB plans for it, not how long it takes on a busy machine."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.checks import Columns
from etl.reader import open_drop
from etl.screening import rules_of, sql_screening
from etl.source import load_sources


@pytest.mark.parametrize("name", sorted(load_sources()))
def test_screening_a_drop_with_every_column_joins_nothing(name: str, tmp_path: Path) -> None:
    source = load_sources()[name]
    path = tmp_path / "drop.csv"
    header = ",".join(column.aliases[0] for column in source.columns.values())
    path.write_text(header + "\n" + "," * (len(source.columns) - 1) + "\n", encoding="utf-8")
    drop = open_drop(path, name)
    columns = Columns(source, frozenset(drop.header.positions), date(2024, 1, 1))
    sql = sql_screening(drop, columns, rules_of(columns, "read"), drop.fast_relation(), "")
    with duckdb.connect() as connection:
        plan = connection.execute(f"EXPLAIN {sql}").fetchall()[0][1]
    assert "read_csv" in plan.lower()
    # IN and list_contains with many constants become a MARK join that is evaluated for every row.
    assert "join" not in plan.lower()
