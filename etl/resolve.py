"""Look up what a screened drop refers to: persons, numbers, organisations, activities and areas.

Each distinct text is looked up once; the rows are joined to the results in one pass. Makes the temporary
view `resolved`: the columns of `screened` with row_no, the keys, id_problem, area_code, leaf_area, drop_leaf.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from etl.faults import Fault, fault
from etl.id_lookup import ROUNDED, is_rounded_by_spreadsheet, joined, make_id_lookup
from etl.identity import Secret, assign, assign_numbers
from etl.privacy import mask_of
from etl.reader import Drop
from etl.screen import Screened
from etl.screening import Rule, rules_of
from etl.source import area_enumeration
from etl.sql import only_row
from metrics.areas import Areas, load_areas


@dataclass(frozen=True)
class Resolved:
    """What looking up found: rules that may fail now, whether any can, and the area the drop is about."""

    rules: tuple[Rule, ...]
    failing: str  # SQL condition of a row that fails one of the rules
    nothing_failed: bool
    area_code: str | None

    def cell(self, column: str | None) -> str:
        """SQL over `resolved` for the text of a cell, to be told (masked) when it failed."""
        return f"CAST({column} AS VARCHAR)"


def resolve(
    connection: duckdb.DuckDBPyConnection,
    drop: Drop,
    screened: Screened,
    secret: Secret,
    area: str | None,
    today: date,
) -> Resolved:
    columns = screened.columns
    areas = load_areas()
    drop_area, unknown_areas = _make_area_lookup(connection, areas, area, columns.has("area"))
    joins, extra = [], ["CAST(NULL AS VARCHAR) AS area_code" if not columns.has("area") else "a.area_code"]
    bad_ids, problem = 0, "id_problem"
    if columns.has("id_number"):
        rows = "SELECT id_code, id_text FROM screened WHERE faults = 0"
        bad_ids = make_id_lookup(connection, secret, rows, today, screened.has_id_texts)
        join, found = joined("s", screened.has_id_texts)
        joins.append(join)
        extra.append(found)
        if bad_ids and is_rounded_by_spreadsheet(connection, rows):
            problem = f"CASE WHEN id_number LIKE '{ROUNDED}' THEN 'rounded' ELSE id_problem END"
    else:
        extra.append(
            "CAST(NULL AS VARCHAR) AS id_problem, CAST(NULL AS BIGINT) AS person_key, "
            "CAST(NULL AS INTEGER) AS id_birth_year, CAST(NULL AS VARCHAR) AS id_gender"
        )
    if columns.has("volunteer_number"):
        assign_numbers(
            connection,
            secret,
            """SELECT coalesce(platform, '') AS platform, volunteer_number AS number
            FROM screened WHERE faults = 0 AND volunteer_number IS NOT NULL""",
        )
        joins.append(
            "LEFT JOIN number_lookup n ON n.platform = coalesce(s.platform, '') AND n.number = s.volunteer_number"
        )
        extra.append("n.number_key, n.bare_number_key")
    else:
        extra.append("CAST(NULL AS BIGINT) AS number_key, CAST(NULL AS BIGINT) AS bare_number_key")
    for column in columns.source.columns.values():
        if column.type == "reference":
            if columns.has(column.name):
                assign(connection, secret, str(column.kind), f"""SELECT DISTINCT {column.name} AS text FROM screened
                    WHERE faults = 0 AND {column.name} IS NOT NULL""")  # fmt: skip
                joins.append(
                    f"LEFT JOIN {column.kind}_lookup {column.kind} ON {column.kind}.text = s.{column.name}"
                )
                extra.append(f"{column.kind}.key AS {column.kind}_key")
            else:
                extra.append(f"CAST(NULL AS BIGINT) AS {column.kind}_key")
        elif column.type == "label" and columns.source.keeps_label(column.name):
            extra.append(_keep_labels(connection, secret, column.name, columns.has(column.name), joins))
    if columns.has("area"):
        joins.append("LEFT JOIN area_lookup a ON a.text = s.area")
    area_type = area_enumeration()
    leaf = "NULL" if drop_area is None else f"'{_leaf(areas, drop_area)}'"
    connection.execute(f"""
        CREATE OR REPLACE TEMP VIEW resolved AS
        SELECT * REPLACE ({problem} AS id_problem), coalesce(area_leaf, drop_leaf) AS leaf_area
        FROM (SELECT s.{screened.row_no} AS row_no, {_screened_columns(screened)},
                     {", ".join(extra)}, {"a.area_leaf" if columns.has("area") else f"CAST(NULL AS {area_type}) AS area_leaf"},
                     CAST({leaf} AS {area_type}) AS drop_leaf
              FROM screened s {" ".join(joins)} WHERE s.faults = 0)""")
    rules = rules_of(columns, "resolve")
    needs_area = columns.source.name != "service_hours" and drop_area is None
    return Resolved(
        rules=rules,
        failing=" OR ".join(f"coalesce({rule.failure.condition}, false)" for rule in rules) or "false",
        nothing_failed=bad_ids == 0 and unknown_areas == 0 and not needs_area,
        area_code=drop_area,
    )


def resolve_faults(connection: duckdb.DuckDBPyConnection, drop: Drop, resolved: Resolved) -> Iterable[Fault]:
    """Every reason of every row that failed when it was looked up."""
    if resolved.nothing_failed or not resolved.rules:
        return
    met = only_row(
        connection,
        f"SELECT {', '.join(f'bool_or({rule.failure.condition})' for rule in resolved.rules)} FROM resolved",
    )
    for rule in (rule for rule, is_met in zip(resolved.rules, met, strict=True) if is_met):
        column = rule.failure.column
        cell = resolved.cell(column) if column in drop.header.positions else "NULL"
        failing = connection.execute(
            f"SELECT row_no, {cell} FROM resolved WHERE {rule.failure.condition}"
        ).fetchall()
        for row_no, text in failing:
            yield fault(drop, rule, row_no, mask_of(column, text), text)


# What names of platforms and campaigns contain, and names of people do not.
LABEL_WORDS = "志愿|平台|系统|行动|活动|专项|服务|雷锋|防控|文明|协会|网站|volunteer|platform|system|campaign"


def _keep_labels(
    connection: duckdb.DuckDBPyConnection, secret: Secret, name: str, present: bool, joins: list[str]
) -> str:
    """The column kept_<name>: a label that is recognisably one, else a keyed mark: cells shift, and then a person's
    name stands there. Different labels stay different, so persons' numbers are still told apart by platform.
    """
    if not present:
        return f"CAST(NULL AS VARCHAR) AS kept_{name}"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {name}_labels AS
        SELECT {name} AS text, CASE WHEN regexp_matches(lower({name}), '{LABEL_WORDS}') THEN {name}
                                    ELSE '#' || left(md5(concat($salt, {name})), 8) END AS kept
        FROM (SELECT DISTINCT {name} FROM screened WHERE faults = 0 AND {name} IS NOT NULL)""",
        {"salt": secret.salt},
    )
    joins.append(f"LEFT JOIN {name}_labels ON {name}_labels.text = s.{name}")
    return f"{name}_labels.kept AS kept_{name}"


def _make_area_lookup(
    connection: duckdb.DuckDBPyConnection, areas: Areas, area: str | None, present: bool
) -> tuple[str | None, int]:
    """Fill `area_lookup(text, area_code, area_leaf)`; which area the drop is about, and how many texts name none.

    Without --area or a folder named after one, a drop is about a city when all its areas that can be
    told without knowing the city lie in that one city; names that several cities have (开发区) then mean that
    city's.
    """
    texts: list[str] = []
    if present:
        found = connection.execute("SELECT DISTINCT area FROM screened WHERE faults = 0 AND area IS NOT NULL")
        texts = [row[0] for row in found.fetchall()]
    city = areas.city_of(area) if area else None
    if city is None:
        certain = {code for text in texts if (code := areas.resolve(text)) is not None}
        cities = {areas.city_of(code) for code in certain}
        city = cities.pop() if len(cities) == 1 else None
    codes = [areas.resolve(text, city) for text in texts]
    if present:
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE area_lookup AS
            SELECT unnest($texts::VARCHAR[]) AS text, unnest($codes::VARCHAR[]) AS area_code,
                   unnest(CAST($leaves AS {area_enumeration()}[])) AS area_leaf""",
            {"texts": texts, "codes": codes, "leaves": [code and _leaf(areas, code) for code in codes]},
        )
    return area or city, codes.count(None)


def _leaf(areas: Areas, code: str) -> str:
    """The leaf a fact at this area carries: a city without a district is its unknown bucket."""
    return areas.unknown_of(code) if areas.get(code).level == "city" else code


def _screened_columns(screened: Screened) -> str:
    read = (column for column in screened.columns.source.columns.values() if column.type != "unread")
    return ", ".join(f"s.{column.name}" for column in read)
