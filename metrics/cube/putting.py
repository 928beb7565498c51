"""The last part of a renewal: taking old contributions out of the kept sums and putting new ones in."""

from collections.abc import Mapping, Set

from metrics.cube.places import NO_END, in_months
from metrics.cube.service import MINUTES, sql_for_heard, sql_for_served, sql_for_told
from metrics.cube.totals import keep_members
from metrics.cube.windows import Contributions, keep_windows
from metrics.engine import Engine

RECORDS = "current_service_records"


def listed(months: Set[int]) -> str:
    return f"({', '.join(map(str, sorted(months)))})" if months else "(NULL)"


def put_windows(engine: Engine) -> None:
    keep_members(engine, 0, NO_END)
    for when in ("before", "after"):
        concerned = Contributions(
            active=f"cube_active_{when}",
            in_force=f"cube_in_force_{when}",
            persons=f"cube_person_{when}",
            served=f"cube_served_{when}",
            activities=f"cube_activity_{when}",
            suffix=f"_{when}",
        )
        keep_windows(engine, concerned)
    keys = ("stream", "area_key", "label", "month")
    amounts = {"people": "BIGINT", "minutes": MINUTES, "events": "BIGINT"}
    for name in ("cube_point", "cube_step"):
        merge(engine, name, keys, amounts, f"SELECT * FROM {name}_before", f"SELECT * FROM {name}_after")


def put_records(engine: Engine, months: Set[int], dated: str) -> None:
    """cube_served and cube_heard: months that changed wholly, of the others the records of changed persons."""
    engine.keep("cube_told", sql_for_told(RECORDS, "cube_person", dated))
    elsewhere = engine.rows(f"""
        SELECT DISTINCT month FROM cube_again_before
        WHERE volunteer_key IN (SELECT volunteer_key FROM cube_changed)
        AND month NOT IN {listed(months) if months else "(-1)"}
    """)
    others = in_months("service_date", {month for (month,) in elsewhere})
    engine.keep(
        "cube_reread",
        f"""
        SELECT volunteer_key, activity_key, area_code, drop_area_code, service_date, service_minutes,
               is_counted, drop_id
        FROM {RECORDS}
        WHERE {others} AND volunteer_key IN (SELECT volunteer_key FROM cube_changed)
        """,
    )
    for when in ("before", "after"):
        engine.keep(f"cube_told_{when}", sql_for_told("cube_reread", f"cube_person_{when}"))
    served = f"SELECT * FROM cube_served WHERE month IN {listed(months)}"
    for when, whole in (("before", served), ("after", sql_for_served("cube_told"))):
        engine.keep(f"cube_served_{when}", f"{whole} UNION ALL {sql_for_served(f'cube_told_{when}')}")
    for name, select, keys, amounts in (
        (
            "cube_served",
            sql_for_served,
            ("cell", "month"),
            {"minutes": MINUTES, "visits": "BIGINT", "strangers": "BIGINT"},
        ),
        ("cube_heard", sql_for_heard, ("city", "drop_id", "month"), {"records": "BIGINT"}),
    ):
        engine.replace(name, f"month IN {listed(months)}", select("cube_told"))
        merge(engine, name, keys, amounts, select("cube_told_before"), select("cube_told_after"))


def put_person_months(engine: Engine, months: Set[int]) -> None:
    engine.replace(
        "cube_person_month", f"month IN {listed(months)}", "SELECT * FROM cube_month_fresh ORDER BY month"
    )
    engine.replace(
        "cube_last",
        """
        volunteer_key IN (SELECT volunteer_key FROM cube_again UNION ALL SELECT volunteer_key FROM cube_appended)
        """,
        """
        SELECT volunteer_key, max(month) FROM cube_appended GROUP BY volunteer_key
        UNION ALL
        SELECT volunteer_key, max(month) FROM cube_again_after WHERE visits > 0 GROUP BY volunteer_key
        """,
    )


def merge(
    engine: Engine, name: str, keys: tuple[str, ...], amounts: Mapping[str, str], before: str, after: str
) -> None:
    """Take sums out of a kept result and put others in; what adds up to nothing is gone."""
    columns, added = ", ".join(keys), ", ".join(amounts)
    taken = ", ".join(f"-{amount}" for amount in amounts)
    sums = ", ".join(f"CAST(sum({amount}) AS {kind}) AS {amount}" for amount, kind in amounts.items())
    something = " OR ".join(f"sum({amount}) <> 0" for amount in amounts)
    engine.keep(
        name,
        f"""
        SELECT {columns}, {sums} FROM (
            SELECT {columns}, {added} FROM {name}
            UNION ALL SELECT {columns}, {taken} FROM ({before})
            UNION ALL SELECT {columns}, {added} FROM ({after})
        )
        GROUP BY {columns} HAVING {something}
        """,
    )
