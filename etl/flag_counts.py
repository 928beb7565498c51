"""What flags amount to: counts for a build, counts and sentences for one drop. Row numbers, no values."""

import duckdb

from etl.checks import Check, load_flags
from etl.flag import create_tables
from etl.messages import Text
from etl.thresholds import load_thresholds

EXAMPLES_TOLD = 3  # row numbers of each check; all are in the table


def sentence(check: Check) -> Text:
    """What a check flags, with its thresholds."""
    return check.sentence.format(**load_thresholds())


def write(connection: duckdb.DuckDBPyConnection, target: str) -> None:
    """Fill `flags` and `flag_checks` of the attached build `target`.

    The area is the record's own, else the one its drop is about (a city's unknown bucket where only the city
    is known), else ''.
    """
    connection.execute(f"""
        INSERT INTO {target}.flags
        SELECT f.check_name, f.drop_id, coalesce(d.supplier, ''), f.area_code, count(*)
        FROM flags f JOIN drops d USING (drop_id) GROUP BY ALL ORDER BY ALL""")
    for name, check in load_flags().items():
        said = sentence(check)
        connection.execute(
            f"INSERT INTO {target}.flag_checks VALUES (?, ?, ?, ?)", [name, check.severity, said.zh, said.en]
        )


def of_drop(connection: duckdb.DuckDBPyConnection, drop_id: int) -> dict[str, int]:
    """Rows of a drop flagged by each check, as of the last publishing."""
    create_tables(connection)
    found = connection.execute(
        "SELECT check_name, count(*) FROM flags WHERE drop_id = ? GROUP BY 1 ORDER BY 1", [drop_id]
    )
    return dict(found.fetchall())


def told(connection: duckdb.DuckDBPyConnection, drop_id: int) -> list[Text]:
    """A sentence per check that flagged rows of a drop: how many, the first row numbers, and why."""
    create_tables(connection)
    found = connection.execute(
        f"""SELECT check_name, count(*), min(row_no, {EXAMPLES_TOLD}) FROM flags WHERE drop_id = ?
            GROUP BY 1 ORDER BY 1""",
        [drop_id],
    ).fetchall()
    sentences = []
    for name, rows, examples in found:
        said = sentence(load_flags()[name])
        listed, like = [str(row_no) for row_no in examples], "如" if rows > len(examples) else ""
        sentences.append(
            Text(
                f"提示 {rows:,} 行（{like}第 {'、'.join(listed)} 行）：{said.zh}",
                f"{rows:,} rows flagged ({'e.g. ' if like else ''}row {', '.join(listed)}): {said.en}",
            )
        )
    return sentences
