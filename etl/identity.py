"""Who a row is about, without keeping who they are.

A person's ID number becomes HMAC-SHA-256(secret, number), and that a small integer. The secret never enters
the warehouse: without it nobody can try out ID numbers, of which there are few enough to enumerate. Each
distinct text is hashed once in a call of `load`, not once per row or drop.
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
    def pads(self) -> dict[str, bytes]:
        """The two padded keys of RFC 2104, for HMAC written out as SQL; `digest` is the same function."""
        key = (self.value if len(self.value) <= 64 else hashlib.sha256(self.value).digest()).ljust(64, b"\0")
        return {"inner": bytes(byte ^ 0x36 for byte in key), "outer": bytes(byte ^ 0x5C for byte in key)}

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
    """Whole or not at all: an empty key file, left by a kill in between, would refuse every later load."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content + b"\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)  # noqa: PTH105  the documented atomic rename


def make_id_lookup(connection: duckdb.DuckDBPyConnection, secret: Secret, texts: str, today: date) -> int:
    """Add to `id_lookup(text, id_problem, person_key, id_birth_year, id_gender)` what is new; the number of bad ones.

    `texts` is SQL giving one column `text` of ID numbers as screened. Upgraded 15-digit numbers and their
    18-digit forms are the same person. The table lives as long as the connection, in memory: a person met in
    one drop is not hashed again for the next, only texts that are no ID number are asked anew.
    """
    connection.execute("""
        CREATE TEMP TABLE IF NOT EXISTS id_lookup
        (text VARCHAR, id_problem VARCHAR, person_key BIGINT, id_birth_year INTEGER, id_gender VARCHAR)""")
    connection.execute("DELETE FROM id_lookup WHERE id_problem IS NOT NULL")
    (new,) = only_row(
        connection,
        f"""
        CREATE OR REPLACE TEMP TABLE new_ids AS
        SELECT DISTINCT text FROM ({texts}) ANTI JOIN id_lookup USING (text) WHERE text IS NOT NULL""",
    )
    if not new:
        return 0
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE read_ids AS
        SELECT text, {sql_id_problem(today)} AS id_problem, number,
               CAST(digits // 10000000 % 10000 AS INTEGER) AS id_birth_year,
               CASE WHEN digits % 2 = 1 THEN 'male' ELSE 'female' END AS id_gender
        FROM (SELECT *, body || substr('{CHECK_DIGITS}', CAST(1 + {_weighted_sum("digits")} % 11 AS INTEGER), 1) AS number
              FROM (SELECT *, CAST(body AS BIGINT) AS digits
                    FROM (SELECT text, CASE WHEN regexp_full_match(text, '\\d{{17}}[0-9X]') THEN left(text, 17)
                                            WHEN regexp_full_match(text, '\\d{{15}}')
                                            THEN left(text, 6) || '19' || substr(text, 7, 9) END AS body
                          FROM new_ids)))""")
    assign(
        connection, secret, "person", "SELECT DISTINCT number AS text FROM read_ids WHERE id_problem IS NULL"
    )
    connection.execute("""
        INSERT INTO id_lookup
        SELECT i.text, i.id_problem, l.key AS person_key, i.id_birth_year, i.id_gender
        FROM read_ids i LEFT JOIN person_lookup l ON l.text = i.number AND i.id_problem IS NULL""")
    connection.execute("DROP TABLE person_lookup")  # the texts are in id_lookup, once is enough
    connection.execute("DROP TABLE read_ids")
    return int(only_row(connection, "SELECT count(*) FROM id_lookup WHERE id_problem IS NOT NULL")[0])


# Of numbers a spreadsheet rounded, one in eleven has a right check digit by accident. They are told from genuine
# ones by their company: of genuine numbers ending in 000 (one in 1,100) next to none fails its check digit.
ROUNDED_SHARE = 0.03
ROUNDED = "_" * 15 + "000"  # a phone number may end so, too


def is_rounded_by_spreadsheet(connection: duckdb.DuckDBPyConnection, texts: str) -> bool:
    """Whether the numbers ending in 000 among these texts look like a spreadsheet's doing, the right ones too."""
    of_zeros, failed = only_row(
        connection,
        f"""SELECT count(*), count(*) FILTER (id_problem = 'rounded')
        FROM (SELECT DISTINCT text FROM ({texts}) WHERE text LIKE '{ROUNDED}') JOIN id_lookup USING (text)""",
    )
    return bool(failed > of_zeros * ROUNDED_SHARE)


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


def assign_numbers(connection: duckdb.DuckDBPyConnection, secret: Secret, pairs: str) -> None:
    """Add what is new to `number_lookup(platform, number, number_key, bare_number_key)`.

    `pairs` is SQL giving (platform, number), '' where the platform is not known. A number belongs to its
    platform; the bare number (platform unknown) has a key of its own besides, see facts.SQL_LINKS. Only the
    bare number is put through HMAC; the digest with the platform is made of that digest, which nobody
    without the secret can compute either, at a tenth of the price.
    """
    connection.execute("""
        CREATE TEMP TABLE IF NOT EXISTS number_lookup
        (platform VARCHAR, number VARCHAR, number_key BIGINT, bare_number_key BIGINT)""")
    (new,) = only_row(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE digests AS
        SELECT platform, number, bare,
               CASE WHEN platform = '' THEN bare ELSE CAST(md5(concat(bare, '|', platform)) AS UUID) END AS digest
        FROM (SELECT platform, number, {_sql_hmac("number", "number")} AS bare
              FROM (SELECT DISTINCT platform, number FROM ({pairs}) ANTI JOIN number_lookup USING (platform, number)))""",
        secret.pads,
    )
    if new:
        _enter(connection, "number", "SELECT digest FROM digests UNION SELECT bare FROM digests")
        connection.execute("""
            INSERT INTO number_lookup
            SELECT d.platform, d.number, one.key, bare.key FROM digests d
            JOIN surrogates one ON one.kind = 'number' AND one.digest = d.digest
            JOIN surrogates bare ON bare.kind = 'number' AND bare.digest = d.bare""")
    connection.execute("DROP TABLE digests")


def assign(connection: duckdb.DuckDBPyConnection, secret: Secret, kind: str, texts: str) -> None:
    """Add the texts that are new to `<kind>_lookup(text, key)`, giving unknown ones the next free keys.

    HMAC is written out as SQL: hashed where the texts are, by all threads, at a fifth of what Python takes.
    The pads are parameters, so that no statement, plan or error message holds the secret.
    """
    connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {kind}_lookup (text VARCHAR, key BIGINT)")
    (new,) = only_row(
        connection,
        f"""CREATE OR REPLACE TEMP TABLE digests AS
        SELECT text, {_sql_hmac(kind, "text")} AS digest
        FROM (SELECT DISTINCT text FROM ({texts}) ANTI JOIN {kind}_lookup USING (text))""",
        secret.pads,
    )
    if new:
        _enter(connection, kind, "SELECT DISTINCT digest FROM digests")
        connection.execute(f"""
            INSERT INTO {kind}_lookup
            SELECT d.text, s.key FROM digests d JOIN surrogates s ON s.kind = '{kind}' AND s.digest = d.digest""")
    connection.execute("DROP TABLE digests")


def _sql_hmac(kind: str, text: str) -> str:
    """SQL for Secret.digest(kind, text) as a UUID; the pads are the statement's parameters $inner and $outer."""
    inner = f"sha256($inner::BLOB || encode('{kind}:' || {text}))"
    return f"CAST(left(sha256($outer::BLOB || unhex({inner})), 32) AS UUID)"


def _enter(connection: duckdb.DuckDBPyConnection, kind: str, digests: str) -> None:
    """Give digests that have no key the next free ones, in their order: not that of the file."""
    connection.execute(f"""
        INSERT INTO surrogates
        SELECT '{kind}', digest, (SELECT coalesce(max(key), 0) FROM surrogates) + row_number() OVER (ORDER BY digest)
        FROM (FROM ({digests}) ANTI JOIN (FROM surrogates WHERE kind = '{kind}') USING (digest))""")
