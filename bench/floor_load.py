"""The least any load must do that reads text before it casts, knows persons by HMAC and lets a later row supersede.

`python -m bench.floor_load FOLDER DATABASE STEP` prints one JSON object; steps: the text read and cast; stored with
drop and row number; persons as keys; natural keys looked up among earlier rows. Nothing is checked, counted, compared or
written down here, nothing looks for titles, totals or bad cells: plain SQL, one transaction a file, straight
columns. What the complete load takes above this is what Redvest's own work costs; what this takes above the bare
typed load is what the contracts of storage cost whoever writes the program.
"""

import json
import sys
import time
from pathlib import Path

import duckdb

from bench.bare_load import COLUMNS, columns_of
from bench.measure import peak_memory_mib
from etl.identity import Secret

SECRET = Secret(b"a secret for the benchmark only")
STEPS = ("text", "stored", "persons", "versions")  # each does what the one before does, and more
PERSON = "身份证号"
# An ID number as an integer (the last digit follows from the others): joined and told apart at half the price of a text.
CODE = f'CAST(left("{PERSON}", 17) AS BIGINT) AS "{PERSON}"'
HMAC = (
    "CAST(left(sha256($outer::BLOB || unhex(sha256($inner::BLOB || encode('person:' || code)))), 32) AS UUID)"
)


def load(folder: Path, database: Path, until: str) -> dict[str, float | int]:
    """Load the folder's files up to a step; seconds, CPU seconds, rows."""
    started, cpu_started = time.perf_counter(), time.process_time()
    rows = 0
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TEMP TABLE persons (code BIGINT, key BIGINT)")
        connection.execute("CREATE TABLE digests (digest UUID, key BIGINT)")
        drop_id = 0
        for source in ("registrations", "activities", "service_hours"):
            for path in sorted(folder.glob(f"{source}*.csv")):
                drop_id += 1
                rows += load_file(connection, source, path, drop_id, STEPS.index(until))
        connection.execute("CHECKPOINT")
    return {
        "load_seconds": time.perf_counter() - started,
        "load_cpu_seconds": time.process_time() - cpu_started,
        "rows": rows,
        "peak_memory_mib": peak_memory_mib(),
        "database_bytes": database.stat().st_size,
    }


def load_file(
    connection: duckdb.DuckDBPyConnection, source: str, path: Path, drop_id: int, until: int
) -> int:
    columns = columns_of(path, source)
    declared = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    has_persons = until >= STEPS.index("persons") and PERSON in columns
    read_as = {
        name: f'"{name}"' if kind == "VARCHAR" else f'try_cast("{name}" AS {kind}) AS "{name}"'
        for name, kind in columns.items()
    }
    cast = ", ".join((read_as | ({PERSON: CODE} if has_persons else {})).values())
    literal = str(path).replace("'", "''")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE cells AS SELECT {cast} FROM read_csv('{literal}', auto_detect = false, "
        f"header = true, all_varchar = true, columns = {{{declared}}})"
    )
    (rows,) = connection.execute("SELECT count(*) FROM cells").fetchone() or (0,)
    if until == 0:
        return int(rows)
    connection.execute("BEGIN")
    chosen, joins, key = ", ".join(f'c."{name}"' for name in columns), "", ""
    if has_persons:
        give_keys(connection)
        chosen = chosen.replace(f'c."{PERSON}"', "p.key AS person")
        joins = f'LEFT JOIN persons p ON p.code = c."{PERSON}"'
    if until >= STEPS.index("versions"):
        key = key_of(source) + " AS record_key, "
    select = f"SELECT {drop_id} AS drop_id, c.rowid AS row_no, {key}{chosen} FROM cells c {joins}"
    connection.execute(f"CREATE TABLE IF NOT EXISTS {source} AS {select} LIMIT 0")
    connection.execute(f"INSERT INTO {source} {select}")
    if key:
        connection.execute(f"""
            SELECT record_key FROM {source}
            WHERE record_key IN (SELECT record_key FROM {source} WHERE drop_id = {drop_id})
            GROUP BY record_key HAVING count(*) > 1""").fetchall()
    connection.execute("COMMIT")
    return int(rows)


def give_keys(connection: duckdb.DuckDBPyConnection) -> None:
    """Each distinct ID number is put through HMAC once and becomes an integer."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE fresh AS SELECT code, {HMAC} AS digest
        FROM (SELECT DISTINCT "{PERSON}" AS code FROM cells ANTI JOIN persons ON persons.code = cells."{PERSON}")""",
        SECRET.pads,
    )
    connection.execute("""
        INSERT INTO digests SELECT digest, (SELECT count(*) FROM digests) + row_number() OVER (ORDER BY digest)
        FROM fresh""")
    connection.execute("INSERT INTO persons SELECT code, key FROM fresh JOIN digests USING (digest)")


def key_of(source: str) -> str:
    """The natural key in 16 bytes: person and day; an activity's number; a person."""
    if source == "activities":
        return 'md5_number(c."活动编号")'
    if source == "registrations":
        return "CAST(p.key AS UHUGEINT)"
    return (
        "CAST((c.\"服务日期\" - DATE '1900-01-01') AS UHUGEINT) * 18446744073709551616 "
        '+ CAST(p.key * 4294967296 + hash(c."活动编号") % 4294967296 AS UHUGEINT)'
    )


assert set(COLUMNS) == {"registrations", "activities", "service_hours"}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(load(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])) + "\n")
