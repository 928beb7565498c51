"""Warehouses made before: columns get the types that sheets and areas ask for now, and keep what is in them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from etl.fact_tables import bring_up_to_date
from etl.source import area_enumeration, enumeration, load_sources
from etl.warehouse import create_schema, open_for_dry_run, open_warehouse
from tests.etl.desk import ADA, HOURS, Desk, text

NO_LONGER_LISTED = "999999"


def types(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return dict(
        connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?", [table]
        ).fetchall()
    )


def test_texts_become_enumerations_and_areas_are_added_to_those_there() -> None:
    with duckdb.connect() as connection:
        create_schema(connection)
        connection.execute("ALTER TABLE service_records ALTER COLUMN status TYPE VARCHAR")
        former = enumeration(["130202", NO_LONGER_LISTED])
        connection.execute(f"ALTER TABLE service_records ALTER COLUMN area_code TYPE {former}")
        connection.execute(f"""
            INSERT INTO service_records (drop_id, row_no, record_key, status, area_code)
            VALUES (1, 1, 1, 'approved', '130202'), (1, 2, 2, 'pending', '{NO_LONGER_LISTED}'), (1, 3, 3, NULL, NULL)""")
        bring_up_to_date(connection)
        found = types(connection, "service_records")
        (status,) = (
            column for column in load_sources()["service_hours"].fact_columns if column.name == "status"
        )
        assert found["status"] == status.type
        assert found["drop_area_code"] == area_enumeration()
        assert f"'{NO_LONGER_LISTED}'" in found["area_code"]
        connection.execute("UPDATE service_records SET area_code = '371002' WHERE row_no = 3")
        kept = "SELECT status, area_code FROM current_service_records ORDER BY row_no"
        assert connection.execute(kept).fetchall() == [
            ("approved", "130202"),
            ("pending", NO_LONGER_LISTED),
            (None, "371002"),
        ]


def test_a_text_no_longer_listed_stays() -> None:
    with duckdb.connect() as connection:
        create_schema(connection)
        connection.execute("ALTER TABLE service_records ALTER COLUMN area_code TYPE VARCHAR")
        connection.execute(f"""
            INSERT INTO service_records (drop_id, row_no, record_key, area_code) VALUES (1, 1, 1, '{NO_LONGER_LISTED}')""")
        bring_up_to_date(connection)
        assert connection.execute("SELECT area_code FROM service_records").fetchall() == [(NO_LONGER_LISTED,)]
        assert types(connection, "service_records")["area_code"].startswith("ENUM")


@pytest.mark.parametrize(
    "stored", ["VARCHAR", enumeration(["130202", NO_LONGER_LISTED])], ids=["text", "enum"]
)
def test_a_dry_run_knows_what_is_no_longer_listed(tmp_path: Path, stored: str) -> None:
    """It fetches earlier versions of the rows it is about."""
    desk = Desk(tmp_path)
    sent = text(HOURS, f"1,{ADA},2021-05-03,2,130202")
    with open_warehouse(desk.home, "test") as connection:
        Desk(tmp_path, connection).load(sent)
        for table in ("service_records", "service_records_past"):
            connection.execute(f"ALTER TABLE {table} ALTER COLUMN area_code TYPE {stored}")
        connection.execute(f"UPDATE service_records SET area_code = '{NO_LONGER_LISTED}'")
    with open_for_dry_run(desk.home) as connection:
        again = Desk(tmp_path, connection).load(sent.replace(",2,", ",3,"), dry_run=True)
    assert (again.row.status, again.row.rows_superseding) == ("loaded", 1)


def test_enumerations_sort_as_their_texts() -> None:
    codes = ["U130200", "130202", "Z130201", "371002"]
    sql = f"SELECT unnest(?)::{enumeration(codes)} AS code ORDER BY code"
    assert [code for (code,) in duckdb.execute(sql, [codes]).fetchall()] == sorted(codes)
