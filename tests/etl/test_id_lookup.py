"""A number that travels as an integer is judged as the text of it is, and nothing else becomes an integer."""

from __future__ import annotations

from datetime import date
from random import Random

import duckdb
import pytest

from etl.id_lookup import make_id_lookup, sql_code, sql_text
from etl.identity import Secret, create_tables
from tests.drops import id_number

TODAY = date(2024, 6, 30)
SECRET = Secret(b"a secret for tests")
BIRTHS = (
    *(
        "19900307",
        "19000101",
        "18991231",
        "20000229",
        "19000229",
        "20230229",
        "20240229",
        "20240630",
        "20240701",
    ),
    *("19901301", "19900001", "19900100", "19900431", "19900430", "00000000", "19851231"),
)


def numbers(count: int) -> list[str]:
    """Numbers right and wrong in every way of eighteen digits: check digit, birth date, last three lost."""
    random = Random(11)
    found = set()
    while len(found) < count:
        right = id_number(date(1990, 3, 7), random.randrange(1000))
        changed = random.choice(("130202", "900000")) + random.choice(BIRTHS) + right[14:17]
        last = random.choice((right[17], "X", "0", "7"))
        found.add(random.choice((right, changed + last, changed[:15] + "000", changed[:14] + "000X")))
    return sorted(found)


def judged(
    connection: duckdb.DuckDBPyConnection, rows: str, has_texts: bool
) -> dict[str, tuple[object, ...]]:
    """(problem, person, birth year, gender) of each number, by its text."""
    connection.execute("DROP TABLE IF EXISTS id_lookup")
    make_id_lookup(connection, SECRET, rows, TODAY, has_texts)
    found = connection.execute(f"""
        SELECT coalesce(text, {sql_text("code")}), id_problem, person_key, id_birth_year, id_gender FROM id_lookup""")
    return {
        text: (problem, *((person, *rest) if problem is None else ()))
        for text, problem, person, *rest in found.fetchall()
    }


def test_a_code_is_judged_as_its_text_is() -> None:
    with duckdb.connect() as connection:
        create_tables(connection)
        connection.execute("CREATE TABLE given AS SELECT unnest(?) AS text", [numbers(1500)])
        as_texts = judged(connection, "SELECT NULL::BIGINT AS id_code, text AS id_text FROM given", True)
        as_codes = judged(
            connection, f"SELECT {sql_code('text')} AS id_code, NULL::VARCHAR AS id_text FROM given", False
        )
    assert as_codes == as_texts
    assert {problem for problem, *_ in as_texts.values()} == {None, "rounded", "birth_date", "check_digit"}


def test_a_code_is_its_number_again() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE given AS SELECT unnest(?) AS text", [numbers(300)])
        changed = connection.execute(f"""
            SELECT text FROM given WHERE {sql_text(sql_code("text"))} IS DISTINCT FROM text""")
        assert changed.fetchall() == []


@pytest.mark.parametrize(
    "text",
    [
        "", "1302021990010112e2", "1302021990010112E2", "0x16345785D8A00000", "+13020219900101123",
        "-13020219900101123", "1_3020219900101123", "130202199001011.23", "12345678901234567.",
        " 13020219900101123", "13020219900101123 ", "012345199001011234", "13020219900101123x",
        "1302021990010112X3", "XXXXXXXXXXXXXXXXXX", "130202900101123", "1302021990010112345",
        "+1302021990010112X", "13020219900101.e3X", "张三张三张三",
    ],
)  # fmt: skip
def test_another_text_is_no_code(text: str) -> None:
    assert duckdb.execute(f"SELECT {sql_code('$1::VARCHAR')}", [text]).fetchall() == [(None,)]
