"""Rows whose remark (备注) says that they do not hold: 作废, 撤销, 无效. They load; a flag says that somebody should look.

A remark is written for people: its column is not a column of any sheet, and none of it is kept, only the numbers of
such rows. A file is read for them a second time only where such a word stands in its bytes.
"""

import re
from collections.abc import Sequence

import duckdb
import pyarrow as pa

from etl import replacing
from etl.fact_tables import past
from etl.reader import Drop
from etl.reader.lines import Counts
from etl.reader.survey import blocks
from etl.screen import Screened
from etl.source import load_sources, normalise_header
from etl.values import quoted
from metrics.characters import simplified

SCHEMA = "CREATE TABLE IF NOT EXISTS remarked (drop_id INTEGER NOT NULL, row_no BIGINT NOT NULL)"
RECORDS = "service_hours"
HEADERS = (
    "备注",
    "备注说明",
    "备注信息",
    "备注栏",
    "备考",
    "附注",
    "说明",
    "remark",
    "remarks",
    "note",
    "notes",
    "comment",
    "comments",
)
WORDS, TRADITIONAL = ("作废", "撤销", "无效"), ("作廢", "撤銷", "無效")
SAYS_SO = f"({'|'.join((*WORDS, *TRADITIONAL))})"
# Not what says the contrary: 未作废, 不予撤销, 取消作废.
CONTRARY = f"(未|没有?|沒有?|不|非|取消|解除|恢复|恢復)(被|予|再|曾)?{SAYS_SO}"


def places(header: Sequence[str], known: Sequence[int]) -> list[int]:
    """Where a header has columns of remarks; what is in brackets (选填) says nothing of what they hold."""
    plain = [normalise_header(re.sub(r"[(（\[【].*", "", simplified(text))) for text in header]
    return [place for place, text in enumerate(plain) if text in HEADERS and place not in known]


def read_in(drop: Drop) -> list[int]:
    """The columns of a drop that are looked through for such words."""
    if drop.header.source.name != RECORDS:
        return []
    return places(drop.header.fields, list(drop.header.positions.values()))


def find(connection: duckdb.DuckDBPyConnection, drop: Drop, screened: Screened) -> None:
    """Fill the temporary table `remarks` with the numbers of a drop's rows whose remark says so."""
    connection.execute("CREATE OR REPLACE TEMP TABLE remarks (row_no BIGINT)")
    columns = read_in(drop)
    if not columns or not _has_word(drop):
        return
    cells = " || '，' || ".join(f"coalesce(c{place}, '')" for place in columns)
    told = f"regexp_matches(said, {quoted(SAYS_SO)}) AND NOT regexp_matches(said, {quoted(CONTRARY)})"
    if screened.path == "fast":
        # The order of the file numbers the rows, as in screening.
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE remarks_seen AS
            SELECT {told} AS is_told FROM (SELECT {cells} AS said FROM ({drop.fast_relation()}))"""
        )
        connection.execute(
            f"INSERT INTO remarks SELECT rowid + {drop.first_row_no} FROM remarks_seen WHERE is_told"
        )
        connection.execute("DROP TABLE remarks_seen")
        return
    for batch in drop.batches(Counts()):
        connection.register("batch", pa.Table.from_batches([batch]))
        connection.execute(
            f"INSERT INTO remarks SELECT row_no FROM (SELECT row_no, {cells} AS said FROM batch) WHERE {told}"
        )
        connection.unregister("batch")


def enter(connection: duckdb.DuckDBPyConnection, drop_id: int) -> None:
    """Keep what `find` found, under the drop's number."""
    connection.execute("INSERT INTO remarked SELECT ?, row_no FROM remarks", [drop_id])


def keep_void(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the temporary table `flag_void` with the records in force whose remark says so.

    A record sent again with nothing changed but its remark stays the row it was (a remark is no fact); what counts is
    the remark of the version that came last.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE flag_void (drop_id INTEGER, row_no BIGINT)")
    if not connection.execute("SELECT 1 FROM remarked LIMIT 1").fetchall():
        return
    source = load_sources()[RECORDS]
    versions = f"(FROM {source.table} UNION ALL FROM {past(source)}) f"
    connection.execute(f"""
        INSERT INTO flag_void
        SELECT f.drop_id, f.row_no FROM {source.table} f JOIN (
            SELECT record_key, max((drop_id, row_no)) AS latest FROM {versions}
            WHERE record_key IN (SELECT record_key FROM {versions} SEMI JOIN remarked USING (drop_id, row_no))
            AND drop_id IN (SELECT drop_id FROM drops WHERE status = 'loaded')
            AND {replacing.not_replaced(connection, source, "f")}
            GROUP BY record_key) USING (record_key)
        WHERE latest IN (SELECT (drop_id, row_no) FROM remarked)""")


def _has_word(drop: Drop) -> bool:
    """Whether one of the words stands in the file as it is read (in UTF-8): a second per word and gigabyte.

    In traditional characters only where the header is.
    """
    is_traditional = any(simplified(text) != text for text in drop.header.fields)
    words = [word.encode() for word in (*WORDS, *(TRADITIONAL if is_traditional else ()))]
    before = b""
    for block in blocks(drop.path):
        seam = before + block[: len(words[0])]
        if any(word in block or word in seam for word in words):
            return True
        before = block[-len(words[0]) :]
    return False
