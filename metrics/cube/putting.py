"""The last part of a renewal: taking old contributions out of the kept sums and putting new ones in."""

from collections.abc import Mapping, Set

from metrics.cube.appended import sql_for_new_last, sql_for_new_months, sql_for_taken_back
from metrics.cube.months import sql_for_last
from metrics.cube.places import NO_END, in_months, listed
from metrics.cube.service import (
    DAY_KEYS,
    EVIDENCE_KEYS,
    HEARD_KEYS,
    MINUTES,
    RECORDS,
    SERVED_KEYS,
    keep_told,
    sql_for_days,
    sql_for_evidence,
    sql_for_heard,
    sql_for_served,
    sql_for_told,
)
from metrics.cube.totals import keep_members
from metrics.cube.weights import SIGNED, signed
from metrics.cube.windows import AMOUNTS, KEYS, Contributions, keep_windows
from metrics.engine import Engine

SERVICE = {"minutes": MINUTES, "visits": "BIGINT"}
# What is made of what records tell: how, by which key, and what is added up.
TELLINGS = {
    "cube_served": (sql_for_served, SERVED_KEYS, {**SERVICE, "strangers": "BIGINT"}),
    "cube_evidence": (sql_for_evidence, EVIDENCE_KEYS, SERVICE),
    "cube_day": (sql_for_days, DAY_KEYS, SERVICE),
    "cube_heard": (sql_for_heard, HEARD_KEYS, {"records": "BIGINT"}),
}


def put_windows(engine: Engine) -> None:
    # The years of birth of those who are gone, too: nobody else need have been born in one of them.
    keep_members(engine, 0, NO_END, ("cube_person", "cube_person_before"))
    changed = {
        name: signed(f"cube_{name}_before", f"cube_{name}_after")
        for name in ("in_force", "on_platform", "activity")
    }
    concerned = Contributions(
        active=active_change(""),
        in_force=changed["in_force"],
        active_on_platform=active_change("_on_platform"),
        on_platform=changed["on_platform"],
        persons=signed("cube_person_before", "cube_person_after"),
        served=change_of("cube_served"),
        evidence=change_of("cube_evidence"),
        days=change_of("cube_day"),
        activities=changed["activity"],
        weight=SIGNED,
        suffix="_change",
    )
    keep_windows(engine, concerned)
    for name in ("cube_point", "cube_step"):
        merge(engine, name, tuple(KEYS), AMOUNTS, f"{name}_change")


def active_change(name: str) -> str:
    """A subquery for active months to take out and put in: of people counted again, and of those who go on.

    Of the latter, nearly everybody in a monthly drop, neither is kept: to write and read 15 columns of a row takes
    longer than to make it anew for each of the five sums it is used for.
    """
    before, after = (
        f"(SELECT * FROM cube_active{name}_{when} UNION ALL {sql_for_rest(f'cube_appended{name}')})"
        for when, sql_for_rest in (("before", sql_for_taken_back), ("after", sql_for_new_months))
    )
    return signed(before, after)


def change_of(name: str) -> str:
    """A subquery for what records told before (taken away) and tell after."""
    _, keys, amounts = TELLINGS[name]
    columns = ", ".join(keys)
    taken, added = (", ".join(f"{sign}{amount} AS {amount}" for amount in amounts) for sign in ("-", ""))
    return f"(SELECT {columns}, {taken} FROM {name}_before UNION ALL SELECT {columns}, {added} FROM {name}_after)"


def put_records(engine: Engine, months: Set[int], new_drops: Set[int], came: str) -> None:
    """The tables of TELLINGS: the records that `came`, and the others of changed persons."""
    # A month's persons are a few of all: to look these up first is cheaper than to join everybody.
    theirs = "volunteer_key IN (SELECT volunteer_key FROM cube_month_came)"
    keep_told(engine, came, f"(SELECT * FROM cube_in_force WHERE {theirs})")
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
               is_counted, evidence, drop_id
        FROM {RECORDS}
        WHERE {others} AND volunteer_key IN (SELECT volunteer_key FROM cube_changed)
        {f"AND drop_id NOT IN {listed(new_drops)}" if new_drops else ""}
        """,
    )
    for when in ("before", "after"):
        engine.keep(f"cube_told_{when}", sql_for_told("cube_reread", f"cube_in_force_{when}"))
    for name, (select, keys, amounts) in TELLINGS.items():
        whole = f"SELECT * FROM {name} WHERE month IN {listed(months)}"
        for when, of_months in (("before", whole), ("after", select("cube_told"))):
            engine.keep(f"{name}_{when}", f"{of_months} UNION ALL {select(f'cube_told_{when}')}")
        merge(engine, name, keys, amounts, change_of(name))


def put_person_months(engine: Engine, months: Set[int], grown: Set[int]) -> None:
    engine.replace(
        "cube_person_month",
        f"""
        month IN {listed(months)} OR (month IN {listed(grown)} AND (volunteer_key, month) IN
        (SELECT volunteer_key, month FROM cube_month_known WHERE (volunteer_key, month) IN
         (SELECT volunteer_key, month FROM cube_month_fresh)))
        """,
        "SELECT * FROM cube_month_fresh ORDER BY month",
    )
    engine.replace(
        "cube_last",
        """
        volunteer_key IN (SELECT volunteer_key FROM cube_again UNION ALL SELECT volunteer_key FROM cube_month_change)
        """,
        f"{sql_for_last('cube_rows_after')} UNION ALL {sql_for_new_last()}",
    )


def merge(engine: Engine, name: str, keys: tuple[str, ...], amounts: Mapping[str, str], change: str) -> None:
    """Add a change to the sums of a kept result; what adds up to nothing is gone."""
    columns, added = ", ".join(keys), ", ".join(amounts)
    sums = ", ".join(f"CAST(sum({amount}) AS {kind}) AS {amount}" for amount, kind in amounts.items())
    something = " OR ".join(f"sum({amount}) <> 0" for amount in amounts)
    engine.keep(
        name,
        f"""
        SELECT {columns}, {sums} FROM (
            SELECT {columns}, {added} FROM {name}
            UNION ALL SELECT {columns}, {added} FROM {change}
        )
        GROUP BY {columns} HAVING {something}
        """,
    )
