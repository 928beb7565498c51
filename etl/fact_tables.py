"""The tables of facts: a table of current rows and one of past rows for each source, and the views the cube reads."""

import duckdb

from etl.source import Source, enumeration, load_sources
from etl.sql import only_row

BOOKKEEPING = "drop_id INTEGER NOT NULL, row_no BIGINT NOT NULL, record_key UHUGEINT NOT NULL"


def schema() -> list[str]:
    """Statements that make both tables of every source, and the views the cube reads."""
    statements = []
    for source in load_sources().values():
        declared = ", ".join(f"{column.name} {column.type}" for column in source.fact_columns)
        for table in (source.table, past(source)):
            statements.append(f"CREATE TABLE IF NOT EXISTS {table} ({BOOKKEEPING}, {declared})")
    statements.append(SQL_LINKS)
    for source in load_sources().values():
        statements.append(f"CREATE OR REPLACE VIEW current_{source.table} AS {sql_current(source)}")
    return statements


def bring_up_to_date(connection: duckdb.DuckDBPyConnection) -> None:
    """Give columns of a warehouse made before the types its sheets and areas ask for now, where those have grown."""
    (database,) = only_row(connection, "SELECT current_database()")
    take_all_of(connection, database)


def take_all_of(connection: duckdb.DuckDBPyConnection, database: str) -> None:
    """Let the columns of codes hold what this program knows and what a database (attached under that name) holds."""
    stored = dict(
        connection.execute(
            "SELECT (table_name, column_name), data_type FROM duckdb_columns() WHERE database_name = ?",
            [database],
        ).fetchall()
    )
    for source in load_sources().values():
        tables = (source.table, past(source))  # rows go from one to the other: both hold the same
        for column in source.fact_columns:
            found = {table: stored.get((table, column.name), column.type) for table in tables}
            if column.type.startswith("ENUM") and set(found.values()) != {column.type}:
                held = [_members(column.type)]
                for table, type_ in found.items():
                    texts = f"SELECT DISTINCT {column.name} FROM {database}.{table}"
                    held.append(texts if type_ == "VARCHAR" else _members(type_))
                rows = connection.execute(" UNION ".join(held)).fetchall()
                wanted = enumeration(member for (member,) in rows if member is not None)
                for table in tables:
                    connection.execute(f"ALTER TABLE {table} ALTER COLUMN {column.name} TYPE {wanted}")


def _members(type_: str) -> str:
    return f"SELECT unnest(enum_range(CAST(NULL AS {type_}))::VARCHAR[])"


def sql_current(source: Source, is_linked: bool = True) -> str:
    """The current rows with persons linked: what everything downstream reads.

    A fact sent under a volunteer number and again under the ID number has two keys, because which number is
    whose may be learnt later or unlearnt (withdrawn). Where linking makes two rows say the same thing of one
    person, the later one stands; only persons with such rows are sorted for it. `is_linked=False`: the same rows
    where it is known that no row's key is linked to another.
    """
    names = [column.name for column in source.fact_columns]
    if "volunteer_key" not in names:
        return f"SELECT {', '.join(names)}, drop_id, row_no FROM {source.table}"
    rest = ", ".join(f"f.{name}" for name in names if name != "volunteer_key")
    # A register: whether its person is known by an ID number, given here or, for a linked number, elsewhere.
    given = "f.number_key IS NOT NULL OR f.bare_number_key IS NULL"
    if not is_linked:
        known = f", ({given}) AS has_id_number" if "number_key" in names else ""
        return f"SELECT f.volunteer_key, {rest}{known}, f.drop_id, f.row_no FROM {source.table} f"
    if "number_key" in names:
        persons = "SELECT key FROM surrogates WHERE kind = 'person'"
        rest += f", CASE WHEN l.linked_key IS NULL THEN {given} ELSE l.linked_key IN ({persons}) END AS has_id_number"
    person = "coalesce(l.linked_key, f.volunteer_key)"
    rows = f"FROM {source.table} f LEFT JOIN links l ON l.key = f.volunteer_key"
    selected = f"SELECT {person} AS volunteer_key, {rest}, f.drop_id, f.row_no {rows}"
    doubtful = f"{source.same_when} AND {person} IN (FROM twice)"
    return f"""
        WITH twice AS (SELECT DISTINCT l.linked_key FROM {source.table} f JOIN links l ON l.key = f.volunteer_key
                       WHERE {source.same_when})
        {selected} WHERE NOT ({doubtful})
        UNION ALL
        {selected} WHERE {doubtful}
        QUALIFY row_number() OVER (PARTITION BY {person}, {source.same} ORDER BY f.drop_id DESC, f.row_no DESC) = 1"""


# A registration with both an ID number and a volunteer number tells whose that number is; records that carry
# only the number are then this person's. Records without a platform are linked by the bare number if it is
# one person's on all platforms; otherwise they stay a person of their own, because the link would be a guess.
SQL_LINKS = """
    CREATE OR REPLACE VIEW links AS
    WITH numbers AS (
        SELECT number_key AS key, arg_max(volunteer_key, (drop_id, row_no)) AS linked_key
        FROM registrations WHERE number_key IS NOT NULL GROUP BY number_key
    ), bare AS (
        SELECT r.bare_number_key AS key, min(coalesce(n.linked_key, r.volunteer_key)) AS linked_key
        FROM registrations r LEFT JOIN numbers n ON n.key = r.volunteer_key
        WHERE r.bare_number_key IS NOT NULL
        GROUP BY r.bare_number_key
        HAVING count(DISTINCT coalesce(n.linked_key, r.volunteer_key)) = 1
    )
    SELECT key, linked_key FROM numbers WHERE key <> linked_key
    UNION ALL
    SELECT key, linked_key FROM bare WHERE key <> linked_key AND key NOT IN (SELECT key FROM numbers)"""


def past(source: Source) -> str:
    return f"{source.table}_past"
