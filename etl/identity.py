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
from pathlib import Path

import duckdb

from etl.messages import Refusal
from etl.sql import only_row

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


def assign_numbers(connection: duckdb.DuckDBPyConnection, secret: Secret, pairs: str) -> None:
    """Add what is new to `number_lookup(platform, number, number_key, bare_number_key)`.

    `pairs` is SQL giving (platform, number), '' where the platform is not known. A number belongs to its
    platform; the bare number (platform unknown) has a key of its own besides, see fact_tables.SQL_LINKS. Only the
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
        FROM (SELECT platform, number, {sql_hmac("number", "number")} AS bare
              FROM (SELECT DISTINCT platform, number FROM ({pairs}) ANTI JOIN number_lookup USING (platform, number)))""",
        secret.pads,
    )
    if new:
        enter(connection, "number", "SELECT digest FROM digests UNION SELECT bare FROM digests")
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
        SELECT text, {sql_hmac(kind, "text")} AS digest
        FROM (SELECT DISTINCT text FROM ({texts}) ANTI JOIN {kind}_lookup USING (text))""",
        secret.pads,
    )
    if new:
        enter(connection, kind, "SELECT DISTINCT digest FROM digests")
        connection.execute(f"""
            INSERT INTO {kind}_lookup
            SELECT d.text, s.key FROM digests d JOIN surrogates s ON s.kind = '{kind}' AND s.digest = d.digest""")
    connection.execute("DROP TABLE digests")


def sql_hmac(kind: str, text: str) -> str:
    """SQL for Secret.digest(kind, text) as a UUID; `Secret.pads` are the statement's parameters."""
    inner = f"sha256($inner::BLOB || encode('{kind}:' || {text}))"
    return f"CAST(left(sha256($outer::BLOB || unhex({inner})), 32) AS UUID)"


def enter(connection: duckdb.DuckDBPyConnection, kind: str, digests: str) -> None:
    """Give digests that have no key the next free ones, in their order: not that of the file."""
    connection.execute(f"""
        INSERT INTO surrogates
        SELECT '{kind}', digest, (SELECT coalesce(max(key), 0) FROM surrogates) + row_number() OVER (ORDER BY digest)
        FROM (FROM ({digests}) ANTI JOIN (FROM surrogates WHERE kind = '{kind}') USING (digest))""")
