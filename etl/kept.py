"""The cube's sums that stay in the warehouse, and the record of which facts they hold.

Publishing brings them up to date instead of adding up all facts again. Which months that takes is seen from the
facts themselves: a fingerprint of each month's rows, kept with the sums, against that of the rows as they are;
and from the links, because a register that tells whose a number is moves records of any month. What the loads
have noted as touched is taken in besides. Sums and record change in one transaction, so after a crash they are
those of before or of after; sums made by another version of the cube, of the areas or of DuckDB are made anew.
"""

import hashlib
from pathlib import Path

import duckdb

from etl import prints, touched
from etl.linking import months_of_linked
from etl.prints import FACT_PRINT
from etl.source import load_sources
from etl.sql import keep_value, transaction
from metrics import cube
from metrics.areas import load_areas
from metrics.cube.changes import ACTIVITIES, NOT_GROWN, Grown
from metrics.cube.people import REGISTRATIONS
from metrics.cube.service import RECORDS
from metrics.members import age_bands, hours_bands
from metrics.periods import month_number

MADE_BY = "kept_cube"  # the row of `meta` that says what made the sums; without it there are none
VIEWS = {"registrations": REGISTRATIONS, "service_hours": RECORDS, "activities": ACTIVITIES}
GROWING = "service_hours"  # whose months may be taken as grown
LINKED = ("registrations", "service_hours")  # sources whose rows are a person's


def bring_up_to_date(connection: duckdb.DuckDBPyConnection, fewest: int | None = None) -> bool:
    """Make the kept sums those of the facts as they are; False where the warehouse is too small to keep any."""
    made_by = connection.execute("SELECT value FROM meta WHERE key = ?", [MADE_BY]).fetchall()
    if not prints.is_large(connection, fewest):
        if made_by:
            _forget(connection)
        return False
    now = _maker()
    with prints.at_hand(connection), transaction(connection):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE cube_linked AS {_sql_for_links()}")
        months, grown = _months_changed(connection) if made_by == [(now,)] else (None, NOT_GROWN)
        if months is None or grown.months or any(months.values()):
            cube.keep_up_to_date(connection, months, grown)
            for kept, seen in (("cube_contents", FACT_PRINT), ("cube_links", "cube_linked")):
                connection.execute(f"CREATE OR REPLACE TABLE {kept} AS SELECT * FROM {seen}")
            keep_value(connection, "meta", MADE_BY, now)
    return True


def _maker() -> str:
    """A digest of all that decides what the sums are, besides the facts."""
    digest = hashlib.sha256(duckdb.__version__.encode())
    for path in sorted(Path(cube.__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    for area in load_areas():
        digest.update(f"{area.area_code} {area.level} {area.parent_code}\n".encode())
    digest.update(repr((age_bands(), hours_bands())).encode())  # sums are kept by band
    return digest.hexdigest()


def _sql_for_links() -> str:
    """Keys that facts carry and the person each is linked to."""
    return " UNION ALL ".join(
        f"""
        SELECT DISTINCT '{name}' AS source, l.key, l.linked_key
        FROM {load_sources()[name].table} f JOIN links l ON l.key = f.volunteer_key
        """
        for name in LINKED
    )


def _months_changed(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, set[int]], Grown]:
    """By view, the months whose rows are others, or another person's, than when the sums were made.

    Apart from them, the months of records that there are only more of, from drops the sums hold nothing of.
    """
    found: dict[str, set[int]] = {view: set() for view in VIEWS.values()}
    grown: dict[int, set[int]] = {}  # month → its new drops
    contents = f"SELECT DISTINCT drop_id FROM cube_contents WHERE source = '{GROWING}'"
    known = {drop_id for (drop_id,) in connection.execute(contents).fetchall()}
    differing = f"""
        SELECT source, month, drop_id FROM ((FROM {FACT_PRINT} EXCEPT FROM cube_contents)
                                   UNION ALL (FROM cube_contents EXCEPT FROM {FACT_PRINT}))"""
    for source, month, drop_id in connection.execute(differing).fetchall():
        if source == GROWING and drop_id not in known:
            grown.setdefault(month, set()).add(drop_id)
        else:
            found[VIEWS[source]].add(month)
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE cube_relinked AS
        SELECT source, key FROM ((FROM cube_linked EXCEPT FROM cube_links)
                                 UNION ALL (FROM cube_links EXCEPT FROM cube_linked))""")
    for name in LINKED:
        source = load_sources()[name]
        relinked = connection.execute(f"""
            SELECT DISTINCT year({source.day}) * 12 + month({source.day}) - 1 FROM {source.table}
            WHERE volunteer_key IN (SELECT key FROM cube_relinked WHERE source = '{name}')""").fetchall()
        found[VIEWS[name]] |= {month for (month,) in relinked}
    for name, firsts in touched.read(connection).items():
        if name in VIEWS:
            months = {month_number(first) for first in firsts}
            # What loading a new drop has noted is told by its fingerprints already.
            found[VIEWS[name]] |= months - grown.keys() if name == GROWING else months
    new_drops = frozenset[int]().union(*grown.values())
    linked = f"(SELECT key, linked_key FROM cube_linked WHERE source = '{GROWING}')"
    found[RECORDS] |= months_of_linked(connection, load_sources()[GROWING], new_drops, linked)
    return found, Grown(frozenset(grown) - found[RECORDS], new_drops)


def _forget(connection: duckdb.DuckDBPyConnection) -> None:
    with transaction(connection):
        connection.execute("DELETE FROM meta WHERE key = ?", [MADE_BY])
        for name in (*cube.LASTING, "cube_contents", "cube_links"):
            connection.execute(f"DROP TABLE IF EXISTS {name}")
