"""From active months to numbers of people: the sums that no window needs another pass over the people for.

A *pattern* is how many people, minutes and events of a cell share the same month and the same interval of being
in force, and for how many of the people it was the first active month of the quarter, of the year, or ever.
A *head* is a change in the number of people from one month on, a *gap* the time from one active month (or the
registration) to the next.
"""

from metrics.cube.places import NEVER, NO_END
from metrics.cube.service import MINUTES
from metrics.cube.weights import Weight

SQUARES = "DECIMAL(38, 8)"
FIRSTS = ("first_in_quarter", "first_in_year", "first_ever")
SLEEPS = (12, 24, 36)  # months without a record


def squared(minutes: str) -> str:
    """SQL for the exact square: in 128 bits, because 64 overflow at eighty hours."""
    return f"(CAST({minutes} AS DECIMAL(19, 4)) * {minutes})"


def firsts(previous: str, where: str, weight: Weight) -> dict[str, str]:
    """Columns that count people by what their month is the first one of."""
    people_if = weight.people_if
    return {
        "people": people_if(where),
        "first_in_quarter": people_if(f"{where} AND {previous} // 3 < month // 3"),
        "first_in_year": people_if(f"{where} AND {previous} // 12 < month // 12"),
        "first_ever": people_if(f"{where} AND {previous} = {NEVER}"),
    }


def sql_for_patterns(active: str, weight: Weight) -> str:
    """Active months per cell, month and interval in force. A month without a visit (see renewal) is no active
    one, but what comes after it tells until when people count, and when they have lapsed."""
    people_if = weight.people_if
    columns = firsts("previous_month", "visits > 0", weight)
    columns |= {
        f"clocked_{name}": column
        for name, column in firsts(
            "previous_clocked", "visits > 0 AND next_clocked IS NOT NULL", weight
        ).items()
    }
    for name, length in (("month", 1), ("quarter", 3), ("year", 12)):
        this = f"month // {length}"
        columns[f"returning_{name}"] = people_if(f"visits > 0 AND previous_month // {length} = {this} - 1")
        columns[f"lapsed_{name}"] = people_if(f"next_month // {length} > {this} + 1")
    columns["reaching"] = people_if("next_month > from_month")
    columns["clocked_reaching"] = people_if("next_clocked > from_month")
    columns["minutes"] = f"CAST(sum({weight.of('minutes')}) AS {MINUTES})"
    columns["events"] = f"CAST(sum({weight.of('visits')}) AS BIGINT)"
    columns["month_squares"] = f"CAST(sum({weight.of(squared('minutes'))}) AS {SQUARES})"
    columns["quarter_squares"] = (
        f"CAST(sum(CASE WHEN next_month // 3 > month // 3 THEN {weight.of(squared('in_quarter'))} ELSE 0 END) AS {SQUARES})"
    )
    return f"""
        SELECT cell, month, from_month, until_month,
               {", ".join(f"{column} AS {name}" for name, column in columns.items())}
        FROM {active} WHERE from_month < until_month GROUP BY cell, month, from_month, until_month
    """


def sql_for_heads(pattern: str, active: str, in_force: str, persons: str, gaps: str, weight: Weight) -> str:
    """People by kind, cell and month: registered for the first time (`new`), and by how many the people in force
    (`registered`), those active in the last twelve months (`rolling12`, `clocked12`) and those asleep for so
    many months (`sleeping…`) become more or fewer."""
    changes = [
        f"SELECT 'new' AS kind, cell, registered_month AS month, {weight.people()} AS people "
        f"FROM {persons} GROUP BY cell, registered_month",
        *registered_changes(in_force, weight),
        *rolling_changes(pattern, active, "rolling12", "next_month", "reaching", weight),
        *rolling_changes(pattern, active, "clocked12", "next_clocked", "clocked_reaching", weight),
    ]
    for months in SLEEPS:
        start = f"greatest(since_month + {months}, from_month)"
        changes += [
            f"SELECT 'sleeping{months}', cell, {start}, people FROM {gaps} WHERE {start} < stop_month",
            f"SELECT 'sleeping{months}', cell, stop_month, -people FROM {gaps} "
            f"WHERE {start} < stop_month AND stop_month < {NO_END}",
        ]
    return summed_changes(changes)


def sql_for_platform_heads(pattern: str, active: str, on_platform: str, weight: Weight) -> str:
    """Those of the heads that are also counted by platform, of people on several."""
    changes = registered_changes(on_platform, weight)
    changes += rolling_changes(pattern, active, "rolling12", "next_month", "reaching", weight)
    return summed_changes(changes)


def registered_changes(in_force: str, weight: Weight) -> list[str]:
    return [
        f"SELECT 'registered' AS kind, cell, from_month AS month, {weight.people()} AS people FROM {in_force} "
        "WHERE from_month < until_month GROUP BY cell, from_month",
        f"SELECT 'registered', cell, until_month, -{weight.people()} FROM {in_force} "
        f"WHERE from_month < until_month AND until_month < {NO_END} GROUP BY cell, until_month",
    ]


def rolling_changes(
    pattern: str, active: str, kind: str, after: str, reaching: str, weight: Weight
) -> list[str]:
    """In a rolling window people's reach ends where their next active month takes over."""
    end = f"least({after}, month + 12, until_month)"
    return [
        f"SELECT '{kind}', cell, from_month, {reaching} FROM {pattern} WHERE month + 12 > from_month",
        f"SELECT '{kind}', cell, {end}, -{weight.people()} FROM {active} "
        f"WHERE from_month < until_month AND {end} > from_month AND {after} IS NOT NULL GROUP BY cell, {end}",
    ]


def summed_changes(changes: list[str]) -> str:
    return f"""
        SELECT kind, cell, month, CAST(sum(people) AS BIGINT) AS people
        FROM ({" UNION ALL ".join(changes)})
        GROUP BY kind, cell, month HAVING sum(people) <> 0
    """


def sql_for_gaps(active: str, in_force: str, weight: Weight) -> str:
    """How many people of a cell have been without a record since a month, while in force from one to another.

    Everybody since they registered, until their first active month takes that away again; and everybody since
    an active month until the next one, if that is longer than the shortest sleep.
    """
    since = "greatest(month, registered_month)"
    stop = "least(next_month, until_month)"
    return f"""
        SELECT cell, since_month, from_month, stop_month, CAST(sum(people) AS BIGINT) AS people FROM (
            SELECT cell, registered_month AS since_month, from_month, until_month AS stop_month,
                   {weight.people()} AS people
            FROM {in_force} WHERE from_month < until_month
            GROUP BY cell, registered_month, from_month, until_month
            UNION ALL
            SELECT cell, registered_month, from_month, until_month, -{weight.people()}
            FROM {active} WHERE previous_month = {NEVER} AND visits > 0 AND from_month < until_month
            GROUP BY cell, registered_month, from_month, until_month
            UNION ALL
            SELECT cell, {since}, from_month, {stop}, {weight.people()}
            FROM {active}
            WHERE from_month < until_month AND {stop} > from_month AND {stop} > {since} + {min(SLEEPS)}
            GROUP BY cell, {since}, from_month, {stop}
        )
        GROUP BY cell, since_month, from_month, stop_month HAVING sum(people) <> 0
    """
