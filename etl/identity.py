"""Who a row is about, without keeping who they are.

A person's ID number becomes HMAC-SHA-256(secret, number), and that a small integer. The secret never enters
the warehouse: without it nobody can try out ID numbers, of which there are few enough to enumerate. Each
distinct text is hashed once per drop, not once per row.
"""

import codecs
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from etl.messages import Refusal
from etl.sql import only_row

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECK_DIGITS = "10X98765432"
FINGERPRINT = "secret_fingerprint"


@dataclass(frozen=True)
class Secret:
    """The key that turns identities into digests; shown nowhere."""

    value: bytes

    def __repr__(self) -> str:
        return "Secret(…)"

    def digest(self, kind: str, text: str) -> str:
        """First 128 bits of HMAC-SHA-256(secret, 'kind:text') in hexadecimal."""
        return hmac.digest(self.value, f"{kind}:{text}".encode(), hashlib.sha256)[:16].hex()

    @property
    def salt(self) -> str:
        """A value derived from the secret, for keys of records."""
        return self.digest("salt", "record")


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS surrogates (kind VARCHAR NOT NULL, digest UUID NOT NULL, key BIGINT NOT NULL)"
    )


def obtain_secret(home: Path, connection: duckdb.DuckDBPyConnection, keep: bool = True) -> Secret:
    """The secret from REDVEST_SECRET or <home>/secret.key, made at first use (mode 0600).

    Refused when the warehouse holds keys made with another secret, or when its secret is gone: a new one
    would make every person a stranger to their own records. `keep=False` (dry run) writes nothing.
    """
    path = home / "secret.key"
    stored = connection.execute("SELECT value FROM meta WHERE key = ?", [FINGERPRINT]).fetchall()
    given = os.environ.get("REDVEST_SECRET", "").encode().strip()
    if not given and path.exists():
        given = path.read_bytes().removeprefix(codecs.BOM_UTF8).strip()
        if not given:
            raise Refusal(
                "密钥文件 secret.key 是空的；请放回原密钥；从未载入过数据的，删除该文件即可。",
                "The file secret.key is empty; put the secret back, or delete the file if nothing was ever loaded.",
            )
    if not given:
        if stored:
            raise Refusal(
                "数据仓库已有数据，但缺少密钥(secret.key 或 REDVEST_SECRET)；请放回原密钥再载入。",
                "The warehouse holds data but the secret (secret.key or REDVEST_SECRET) is missing; put the "
                "original one back, then load.",
            )
        given = secrets.token_hex(32).encode()
        if keep:
            _write_private(path, given)
    secret = Secret(given)
    fingerprint = secret.digest("fingerprint", "redvest")
    if stored and stored[0][0] != fingerprint:
        raise Refusal(
            "密钥与数据仓库不符；用别的密钥载入会把同一个人当成两个人。请放回原密钥（secret.key 或 REDVEST_SECRET）。",
            "The secret is not the one this warehouse was made with; loading with another would make one person "
            "two. Put the original one back (secret.key or REDVEST_SECRET).",
        )
    if not stored and keep:
        connection.execute("INSERT INTO meta VALUES (?, ?)", [FINGERPRINT, fingerprint])
    return secret


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content + b"\n")


def make_id_lookup(connection: duckdb.DuckDBPyConnection, secret: Secret, texts: str, today: date) -> int:
    """Fill `id_lookup(text, id_problem, person_key, id_birth_year, id_gender)`; the number of bad ones.

    `texts` is SQL giving one column `text` of ID numbers as screened. Upgraded 15-digit numbers and their
    18-digit forms are the same person.
    """
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE id_lookup AS
        SELECT text, {sql_id_problem(today)} AS id_problem, number,
               CAST(substr(body, 7, 4) AS INTEGER) AS id_birth_year,
               CASE WHEN CAST(substr(body, 17, 1) AS INTEGER) % 2 = 1 THEN 'male' ELSE 'female' END AS id_gender
        FROM (SELECT text, body, body || substr('{CHECK_DIGITS}', 1 + {_weighted_sum("body")} % 11, 1) AS number
              FROM (SELECT text, CASE WHEN regexp_full_match(text, '\\d{{17}}[0-9X]') THEN left(text, 17)
                                      WHEN regexp_full_match(text, '\\d{{15}}')
                                      THEN left(text, 6) || '19' || substr(text, 7, 9) END AS body
                    FROM (SELECT DISTINCT text FROM ({texts}) WHERE text IS NOT NULL)))""")
    assign(
        connection, secret, "person", "SELECT DISTINCT number AS text FROM id_lookup WHERE id_problem IS NULL"
    )
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE id_lookup AS
        SELECT i.text, i.id_problem, l.key AS person_key, i.id_birth_year, i.id_gender
        FROM id_lookup i LEFT JOIN person_lookup l ON l.text = i.number AND i.id_problem IS NULL""")
    connection.execute("DROP TABLE person_lookup")
    return int(only_row(connection, "SELECT count(*) FROM id_lookup WHERE id_problem IS NOT NULL")[0])


def sql_id_problem(today: date) -> str:
    """NULL for a right ID number, else why not: 'spreadsheet', 'form', 'birth_date' or 'check_digit'."""
    born = "try_cast(regexp_replace(substr(body, 7, 8), '^(....)(..)(..)$', '\\1-\\2-\\3') AS DATE)"
    rounded = "regexp_full_match(text, '\\d(\\.\\d+)?E\\+?\\d+')"
    return f"""CASE
        WHEN body IS NULL THEN CASE WHEN {rounded} THEN 'spreadsheet' ELSE 'form' END
        WHEN length(text) = 18 AND text <> number AND right(text, 3) = '000' THEN 'spreadsheet'
        WHEN {born} IS NULL OR {born} < DATE '1900-01-01' OR {born} > DATE '{today}' THEN 'birth_date'
        WHEN length(text) = 18 AND text <> number THEN 'check_digit' END"""


def _weighted_sum(body: str) -> str:
    digits = (
        f"CAST(substr({body}, {place}, 1) AS INTEGER) * {weight}" for place, weight in enumerate(WEIGHTS, 1)
    )
    return f"({' + '.join(digits)})"


def assign(connection: duckdb.DuckDBPyConnection, secret: Secret, kind: str, texts: str) -> None:
    """Fill `<kind>_lookup(text, key)` for distinct texts, giving new ones the next free keys."""
    found = connection.sql(texts).to_arrow_table().column("text").to_pylist()
    table = pa.table(
        {
            "text": pa.array(found, pa.string()),
            "digest": pa.array([secret.digest(kind, text) for text in found], pa.string()),
        }
    )
    connection.register("digests", table)
    connection.execute(f"""
        INSERT INTO surrogates
        SELECT '{kind}', digest, (SELECT coalesce(max(key), 0) FROM surrogates) + row_number() OVER (ORDER BY digest)
        FROM (SELECT DISTINCT CAST(digest AS UUID) AS digest FROM digests)
        WHERE digest NOT IN (SELECT digest FROM surrogates WHERE kind = '{kind}')""")
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE {kind}_lookup AS
        SELECT d.text, s.key FROM digests d
        JOIN surrogates s ON s.kind = '{kind}' AND s.digest = CAST(d.digest AS UUID)""")
    connection.unregister("digests")
