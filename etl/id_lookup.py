"""ID numbers of a drop to keys of persons: each distinct number is judged and hashed once in a call of `load`.

A number written as GB 11643 has it, 18 digits or 17 and an X, travels from screening on as an integer (its `code`):
eight bytes instead of a text of eighteen, which are joined and told apart in half the time and never leave the
statement they are read in. Whatever else stands in the column stays a text until it is found here.
"""

from datetime import date

import duckdb

from etl.identity import Secret, enter, sql_hmac
from etl.sql import only_row

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECK_DIGITS = "10X98765432"
LAST_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def sql_code(text: str) -> str:
    """The code of an ID number: 18 digits as the number they are, 17 and an X as the 17, negative; NULL of other texts.

    The bounds and the first character leave no room for blanks, signs, points, low lines and hexadecimals a cast would
    take; an exponent is asked for.
    """
    is_number = (
        f"strlen({text}) = 18 AND {text} >= '1' AND NOT contains({text}, 'e') AND NOT contains({text}, 'E')"
    )
    digits = f"try_cast({text} AS BIGINT)"
    ending_in_x = f"try_cast(left({text}, 17) AS BIGINT)"
    return f"""CASE WHEN {is_number} THEN CASE WHEN suffix({text}, 'X')
        THEN CASE WHEN {ending_in_x} >= {10**16} THEN -{ending_in_x} END
        ELSE CASE WHEN {digits} >= {10**17} THEN {digits} END END END"""


def sql_text(code: str) -> str:
    """The ID number of a code."""
    return f"CASE WHEN {code} < 0 THEN concat(-{code}, 'X') ELSE CAST({code} AS VARCHAR) END"


def make_id_lookup(
    connection: duckdb.DuckDBPyConnection, secret: Secret, rows: str, today: date, has_texts: bool
) -> int:
    """Add to `id_lookup(code, text, id_problem, person_key, id_birth_year, id_gender)` what is new; the number of bad ones.

    `rows` is SQL giving id_code and id_text as screened, of which one is NULL; `has_texts` whether there are any of the
    latter. Upgraded 15-digit numbers and their 18-digit forms are the same person. The table lives as long as the
    connection, in memory: a person met in one drop is not hashed again for the next, only texts that are no ID number
    are asked anew.
    """
    connection.execute("""
        CREATE TEMP TABLE IF NOT EXISTS id_lookup
        (code BIGINT, text VARCHAR, id_problem VARCHAR, person_key BIGINT, id_birth_year INTEGER, id_gender VARCHAR)""")
    connection.execute("DELETE FROM id_lookup WHERE id_problem IS NOT NULL")
    texts = f"""UNION ALL SELECT NULL, id_text FROM (SELECT DISTINCT id_text FROM ({rows}) WHERE id_text IS NOT NULL)
        ANTI JOIN id_lookup ON id_lookup.text = id_text"""
    (new,) = only_row(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE new_ids AS
        SELECT id_code AS code, NULL::VARCHAR AS text
        FROM (SELECT DISTINCT id_code FROM ({rows}) WHERE id_code IS NOT NULL)
        ANTI JOIN id_lookup ON id_lookup.code = id_code {texts if has_texts else ""}""",
    )
    if not new:
        return 0
    read = _sql_read_codes(today) + (f" UNION ALL {_sql_read_texts(today)}" if has_texts else "")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE read_ids AS
        SELECT code, text, id_problem, CASE WHEN id_problem IS NULL THEN {sql_hmac("person", "number")} END AS digest,
               CAST(body // 10000000 % 10000 AS INTEGER) AS id_birth_year,
               CASE WHEN body % 2 = 1 THEN 'male' ELSE 'female' END AS id_gender
        FROM ({read})""",
        secret.pads,
    )
    enter(connection, "person", "SELECT DISTINCT digest FROM read_ids WHERE digest IS NOT NULL")
    (bad,) = only_row(connection, "SELECT count(*) FROM read_ids WHERE id_problem IS NOT NULL")
    connection.execute("""
        INSERT INTO id_lookup
        SELECT i.code, i.text, i.id_problem, s.key AS person_key, i.id_birth_year, i.id_gender
        FROM read_ids i LEFT JOIN surrogates s ON s.kind = 'person' AND s.digest = i.digest""")
    connection.execute("DROP TABLE read_ids")
    return int(bad)


def joined(screened: str, has_texts: bool) -> tuple[str, str]:
    """SQL to join `id_lookup` to screened rows, and of the columns it gives them."""
    names = ("id_problem", "person_key", "id_birth_year", "id_gender")
    by_code = f"LEFT JOIN id_lookup i ON i.code = {screened}.id_code"
    if not has_texts:
        return by_code, ", ".join(f"i.{name}" for name in names)
    by_text = f"LEFT JOIN id_lookup t ON t.text = {screened}.id_text"
    return f"{by_code} {by_text}", ", ".join(f"coalesce(i.{name}, t.{name}) AS {name}" for name in names)


# Of numbers a spreadsheet rounded, one in eleven has a right check digit by accident. They are told from genuine
# ones by their company: of genuine numbers ending in 000 (one in 1,100) next to none fails its check digit.
ROUNDED_SHARE = 0.03
ROUNDED = "_" * 15 + "000"  # a phone number may end so, too


def is_rounded_by_spreadsheet(connection: duckdb.DuckDBPyConnection, rows: str) -> bool:
    """Whether the numbers ending in 000 among these rows look like a spreadsheet's doing, the right ones too."""
    join, columns = joined("s", True)
    of_zeros, failed = only_row(
        connection,
        f"""SELECT count(*), count(*) FILTER (id_problem = 'rounded')
        FROM (SELECT {columns} FROM (SELECT DISTINCT id_code, id_text FROM ({rows})
              WHERE coalesce(id_text, {sql_text("id_code")}) LIKE '{ROUNDED}') s {join})""",
    )
    return bool(failed > of_zeros * ROUNDED_SHARE)


def _sql_read_codes(today: date) -> str:
    """Codes judged by arithmetic, a tenth of the price of cutting texts up: code, text, number, body, id_problem."""
    check = f"[{', '.join(one.replace('X', '10') for one in CHECK_DIGITS)}]"
    leap = "(month = 2 AND year % 4 = 0 AND (year % 100 <> 0 OR year % 400 = 0))"
    born = f"""born BETWEEN 19000101 AND {today:%Y%m%d} AND month BETWEEN 1 AND 12 AND born % 100
        BETWEEN 1 AND {LAST_OF_MONTH}[month] + CAST({leap} AS INTEGER)"""
    return f"""
        SELECT code, text, {sql_text("code")} AS number, body,
               CASE WHEN is_wrong AND code > 0 AND code % 1000 = 0 THEN 'rounded' WHEN NOT ({born}) THEN 'birth_date'
                    WHEN is_wrong THEN 'check_digit' END AS id_problem
        FROM (SELECT *, born // 10000 AS year, born // 100 % 100 AS month,
                     last <> {check}[{_weighted_sum("body")} % 11 + 1] AS is_wrong
              FROM (SELECT *, body // 1000 % 100000000 AS born
                    FROM (SELECT code, text, CASE WHEN code < 0 THEN -code ELSE code // 10 END AS body,
                                 CASE WHEN code < 0 THEN 10 ELSE code % 10 END AS last
                          FROM new_ids WHERE code IS NOT NULL)))"""


def _sql_read_texts(today: date) -> str:
    """The same of texts that are no code, as they were written; an old number of 15 digits gets its 18."""
    return f"""
        SELECT code, text, number, digits AS body, {sql_id_problem(today)} AS id_problem
        FROM (SELECT *, body || substr('{CHECK_DIGITS}', CAST(1 + {_weighted_sum("digits")} % 11 AS INTEGER), 1) AS number
              FROM (SELECT *, CAST(body AS BIGINT) AS digits
                    FROM (SELECT code, text, CASE WHEN regexp_full_match(text, '\\d{{17}}[0-9X]') THEN left(text, 17)
                                                  WHEN regexp_full_match(text, '\\d{{15}}')
                                                  THEN left(text, 6) || '19' || substr(text, 7, 9) END AS body
                          FROM new_ids WHERE code IS NULL)))"""


def sql_id_problem(today: date) -> str:
    """NULL for a right ID number, else why not: 'scientific', 'rounded', 'no_number', 'form', 'birth_date' …"""
    born = "CAST(try_strptime(substr(body, 7, 8), '%Y%m%d') AS DATE)"
    scientific = "regexp_full_match(text, '\\d(\\.\\d+)?E\\+?\\d+')"
    return f"""CASE
        WHEN body IS NULL THEN CASE WHEN {scientific} THEN 'scientific'
                               WHEN NOT regexp_matches(text, '\\d') THEN 'no_number' ELSE 'form' END
        WHEN length(text) = 18 AND text <> number AND right(text, 3) = '000' THEN 'rounded'
        WHEN {born} IS NULL OR {born} < DATE '1900-01-01' OR {born} > DATE '{today}' THEN 'birth_date'
        WHEN length(text) = 18 AND text <> number THEN 'check_digit' END"""


def _weighted_sum(number: str) -> str:
    """The sum of GB 11643 over a 17-digit integer: arithmetic takes a tenth of what cutting the text up does."""
    digits = (f"{number} // {10 ** (17 - place)} % 10 * {weight}" for place, weight in enumerate(WEIGHTS, 1))
    return f"({' + '.join(digits)})"
