"""Tables that count records by place: rows reported and rows flagged.

Records of a small area and month are those of few people, so a public build counts them by city only.
"""

from metrics.disclosure.grids import Numbering

RECORDS = ("counted_records", "unplaced_records", "unregistered_records")


def withhold_records(numbering: Numbering, threshold: int) -> None:
    connection, target = numbering.connection, numbering.target
    areas = f"SELECT area_code FROM {target}.areas WHERE parent_code <> ''"
    connection.execute(
        f"UPDATE {target}.completeness SET rows = NULL, last_on = NULL WHERE area_code IN ({areas})"
    )
    # Neither by drop nor by supplier: the sum of a city is all that cannot be taken apart.
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE disclosure_flags AS
        SELECT check_name, CAST(NULL AS INTEGER) AS drop_id, CAST(NULL AS VARCHAR) AS supplier,
               coalesce(nullif(a.parent_code, ''), f.area_code) AS area_code,
               CASE WHEN sum(rows) >= {threshold} THEN CAST(sum(rows) AS BIGINT) END AS rows
        FROM {target}.flags f LEFT JOIN {target}.areas a USING (area_code) GROUP BY ALL""")
    connection.execute(f"DELETE FROM {target}.flags")
    connection.execute(f"INSERT INTO {target}.flags SELECT * FROM disclosure_flags ORDER BY ALL")
    # The records no city or nobody's register claims, and all of them, from which the first could be computed.
    connection.execute(f"""
        DELETE FROM {target}.manifest WHERE key IN {RECORDS} AND EXISTS (
            SELECT 1 FROM {target}.manifest
            WHERE key IN {RECORDS} AND TRY_CAST(value AS BIGINT) BETWEEN 1 AND {threshold - 1})""")
