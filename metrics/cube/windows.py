"""From months to windows: at which month-ends T does what happened in a month count?

Patterns, heads and gaps (see patterns) are added up per leaf area and member. Each window then turns them into
points (a value at one T) or steps (a change from one T on, and back at another T); steps become values by
running sums (see totals). So no window needs another pass over the people, and nobody is counted twice: the
intervals of one person in one window do not overlap.

Points and steps only add up what single persons, records and activities contribute, so the contributions of
those that have changed can be taken out and put in again (see renewal).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.cube.histories import (
    sql_for_cohorts,
    sql_for_history_points,
    sql_for_history_spans,
    sql_for_so_far,
)
from metrics.cube.patterns import (
    FIRSTS,
    SLEEPS,
    SQUARES,
    sql_for_gaps,
    sql_for_heads,
    sql_for_patterns,
    sql_for_platform_heads,
)
from metrics.cube.places import (
    BIRTH_YEARS,
    CELLS_PER_AREA,
    CELLS_PER_GENDER,
    CELLS_PER_PLATFORM,
    IDENTITIES,
    NO_END,
    PLATFORM_OF_CELL,
)
from metrics.cube.service import MINUTES
from metrics.cube.streams import BIRTH_YEAR, EVIDENCE, FAMILIES, GENDER, PLATFORM, REGISTER, STATE, stream
from metrics.cube.weights import ADDED, Weight
from metrics.engine import Engine

# The people of a month who count in the window: those for whom it was the first active month in it.
POINTS = {
    "month": ("month", "people"),
    "quarter": ("month // 3 * 3 + 2", "first_in_quarter"),
    "year": ("month // 12 * 12 + 11", "first_in_year"),
}
# Windows that end at every month: the first T after their reach. In a rolling window people's reach ends where
# their next active month takes over, so they are stepped separately (cube_head).
REACHES = {
    "ytd": ("month // 12 * 12 + 12", "first_in_year"),
    "to_date": (f"{NO_END}", "first_ever"),
    "rolling12": ("month + 12", "0"),
}
NO_PEOPLE = f"0 AS people, {', '.join(f'0 AS {name}' for name in FIRSTS)}"
NO_SERVICE = f"CAST(0 AS {MINUTES}) AS minutes, 0 AS events"
# By number of the dimension: how a cell tells the member, and the families that are broken down by it.
MEMBER_KEYS = {
    GENDER: f"cell % {CELLS_PER_PLATFORM} // {CELLS_PER_GENDER}",
    BIRTH_YEAR: f"cell % {BIRTH_YEARS}",
    REGISTER: f"{PLATFORM_OF_CELL} * {len(IDENTITIES)} + cell % {CELLS_PER_GENDER} // {BIRTH_YEARS}",
}
BY_REGISTER = ("residence", "registered")
KEYS = {"stream": "BIGINT", "area_key": "BIGINT", "label": "BIGINT", "month": "BIGINT"}
AMOUNTS = {"people": "BIGINT", "minutes": MINUTES, "events": "BIGINT", "squares": SQUARES}
SUMS = ", ".join(f"CAST(sum({amount}) AS {kind}) AS {amount}" for amount, kind in AMOUNTS.items())
NAMES = ", ".join(AMOUNTS)


@dataclass(frozen=True)
class Contributions:
    """Whose contributions to add up: names of kept results, by default those of everybody."""

    active: str = "cube_active_month"  # see months.sql_for_active
    in_force: str = "cube_in_force"
    # The same by platform, of people who registered on several; everybody else's is that of their cell.
    active_on_platform: str = "cube_active_on_platform"
    on_platform: str = "cube_on_platform"
    persons: str = "cube_person"
    served: str = "cube_served"
    evidence: str = "cube_evidence"
    days: str = "cube_day"
    activities: str = "cube_activity"
    weight: Weight = ADDED  # of a row of those that count people
    suffix: str = ""  # of the names of what comes out


def keep_windows(engine: Engine, of: Contributions) -> None:
    """cube_point and cube_step: one row per stream, leaf area, label and month, with all amounts."""
    name, weight = of.suffix, of.weight
    engine.keep(f"cube_pattern{name}", sql_for_patterns(of.active, weight))
    engine.keep(f"cube_gap{name}", sql_for_gaps(of.active, of.in_force, weight))
    engine.keep(f"cube_so_far{name}", sql_for_so_far(of.active, weight))
    engine.keep(f"cube_cohort{name}", sql_for_cohorts(of.active, weight))
    engine.keep(
        f"cube_head{name}",
        sql_for_heads(f"cube_pattern{name}", of.active, of.in_force, of.persons, f"cube_gap{name}", weight),
    )
    engine.keep(f"cube_platform_pattern{name}", sql_for_patterns(of.active_on_platform, weight))
    engine.keep(
        f"cube_platform_head{name}",
        sql_for_platform_heads(f"cube_platform_pattern{name}", of.active_on_platform, of.on_platform, weight),
    )
    engine.keep(f"cube_member_pattern{name}", sql_for_member_patterns(of))
    points = " UNION ALL ".join(sql_for_points(window, name) for window in POINTS)
    engine.keep(
        f"cube_point{name}",
        summed(f"""
            SELECT stream, area_key, label, month, people, minutes, events, CAST(0 AS {SQUARES}) AS squares
            FROM ({points}) s JOIN cube_member m USING (dimension_no, member_key)
            WHERE month >= m.since_month AND month < m.before_month
            UNION ALL {sql_for_history_points(name)}
        """),
    )
    spans = " UNION ALL ".join(
        [*(sql_for_spans(window, name) for window in REACHES), sql_for_people_spans(name)]
    )
    engine.keep(
        f"cube_step{name}",
        summed(f"""
            WITH spans AS (
                SELECT stream, area_key, label, greatest(from_month, since_month) AS from_month,
                       least(stop_month, before_month) AS stop_month, people, minutes, events,
                       CAST(0 AS {SQUARES}) AS squares
                FROM ({spans}) s JOIN cube_member m USING (dimension_no, member_key)
                WHERE greatest(from_month, since_month) < least(stop_month, before_month)
                UNION ALL {sql_for_history_spans(of.in_force, name, weight)}
            )
            SELECT stream, area_key, label, from_month AS month, {NAMES} FROM spans
            UNION ALL
            SELECT stream, area_key, label, stop_month, {", ".join(f"-{amount}" for amount in AMOUNTS)}
            FROM spans WHERE stop_month < {NO_END}
        """),
    )


def sql_for_member_patterns(of: Contributions) -> str:
    """The patterns of all families, per leaf area and member of each dimension."""
    by_cell = sql_for_cell_patterns(of)
    patterns = [
        f"""
        SELECT family, {dimension} AS dimension_no, cell // {CELLS_PER_AREA} AS area_key, {member} AS member_key,
               month, from_month, until_month, people, {", ".join(FIRSTS)}, minutes, events
        FROM ({by_cell}) WHERE {"true" if dimension != REGISTER else f"family IN {BY_REGISTER}"}
        """
        for dimension, member in MEMBER_KEYS.items()
    ]
    patterns += sql_for_states(of)
    patterns += [
        f"SELECT 'residence', {PLATFORM}, cell // {CELLS_PER_AREA}, {PLATFORM_OF_CELL}, month, from_month, until_month, "
        f"people, {', '.join(FIRSTS)}, {NO_SERVICE} FROM cube_platform_pattern{of.suffix}",
        f"SELECT 'residence', {EVIDENCE}, area_key, evidence_code, month, from_month, until_month, {NO_PEOPLE}, "
        f"minutes, visits FROM {of.evidence}",
        f"SELECT 'served', {EVIDENCE}, area_key, evidence_code, month, month, {NO_END}, {NO_PEOPLE}, "
        f"minutes, visits FROM {of.days}",
    ]
    amounts = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in ("people", *FIRSTS, "events"))
    return f"""
        SELECT family, dimension_no, area_key, member_key, month, from_month, until_month, {amounts},
               CAST(sum(minutes) AS {MINUTES}) AS minutes
        FROM ({" UNION ALL ".join(patterns)})
        GROUP BY family, dimension_no, area_key, member_key, month, from_month, until_month
    """


def sql_for_cell_patterns(of: Contributions) -> str:
    # With signs, nobody more may still be somebody else.
    clocked = " OR ".join(f"clocked_{name} <> 0" for name in ("people", *FIRSTS))
    # Who lapses does so in the window after; in it there is only one T.
    lapsed = " UNION ALL ".join(
        f"SELECT 'lapsed', cell, month + {length}, from_month, until_month, "
        f"{', '.join(f'lapsed_{name}' if one == column else '0' for one in ('people', *FIRSTS))}, {NO_SERVICE} "
        f"FROM cube_pattern{of.suffix} WHERE lapsed_{name} <> 0"
        for name, length, column in (
            ("month", 1, "people"),
            ("quarter", 3, "first_in_quarter"),
            ("year", 12, "first_in_year"),
        )
    )
    return f"""
        SELECT 'residence' AS family, cell, month, from_month, until_month, people, {", ".join(FIRSTS)},
               minutes, events
        FROM cube_pattern{of.suffix}
        UNION ALL
        SELECT 'clocked', cell, month, from_month, until_month, clocked_people,
               {", ".join(f"clocked_{name}" for name in FIRSTS)}, {NO_SERVICE}
        FROM cube_pattern{of.suffix} WHERE {clocked}
        UNION ALL
        {lapsed}
        UNION ALL
        SELECT 'served', cell, month, month, {NO_END}, {NO_PEOPLE}, minutes, visits
        FROM {of.served} WHERE cell IS NOT NULL
        UNION ALL
        SELECT 'new', cell, month, month, {NO_END}, {NO_PEOPLE}, CAST(0 AS {MINUTES}), people
        FROM cube_head{of.suffix} WHERE kind = 'new'
        UNION ALL
        SELECT 'activities', area_key * {CELLS_PER_AREA}, month, month, {NO_END}, {NO_PEOPLE}, CAST(0 AS {MINUTES}),
               {of.weight.people()}
        FROM {of.activities} WHERE NOT is_cancelled GROUP BY area_key, month
    """


def sql_for_states(of: Contributions) -> Iterable[str]:
    """Active people by what they were in the window before; only for windows that have one."""
    new = ("first_ever", "first_ever", "first_ever")
    returning = ("returning_month", "returning_quarter", "returning_year")
    whole = ("people", "first_in_quarter", "first_in_year")
    rest = [f"{every} - {one} - {other}" for every, one, other in zip(whole, new, returning, strict=True)]
    for code, counts in enumerate((new, returning, rest)):
        yield f"""
            SELECT 'residence', {STATE}, cell // {CELLS_PER_AREA}, {code}, month, from_month, until_month,
                   {", ".join(counts)}, 0, {NO_SERVICE}
            FROM cube_pattern{of.suffix}
        """


def stream_of(window: str) -> str:
    """SQL for the stream of a pattern in a window."""
    cases = " ".join(f"WHEN '{family}' THEN {stream(family, window)}" for family in FAMILIES)
    return f"CASE family {cases} END AS stream, dimension_no, area_key, member_key"


def sql_for_points(window: str, suffix: str) -> str:
    """Values at the only T that a month's service counts for."""
    point, people = POINTS[window]
    return f"""
        SELECT {stream_of(window)}, {point} AS month, {people} AS people, minutes, events
        FROM cube_member_pattern{suffix} WHERE from_month <= {point} AND until_month > {point}
    """


def sql_for_spans(window: str, suffix: str) -> str:
    """Intervals of T, from the month itself (or the registration, if later) to the end of the reach."""
    stop, people = REACHES[window]
    return f"""
        SELECT {stream_of(window)}, from_month, least({stop}, until_month) AS stop_month,
               {people} AS people, minutes, events
        FROM cube_member_pattern{suffix} WHERE dimension_no <> {STATE} AND family <> 'lapsed'
    """


def sql_for_people_spans(suffix: str) -> str:
    """Changes of people only, each holding from its month on."""
    streams = {
        "registered": stream("registered", "stock"),
        "rolling12": stream("residence", "rolling12"),
        "clocked12": stream("clocked", "rolling12"),
        **{f"sleeping{months}": stream(f"sleeping{months}", "stock") for months in SLEEPS},
    }
    cases = " ".join(f"WHEN '{kind}' THEN {number}" for kind, number in streams.items())
    by_register = "kind IN ('registered', 'rolling12')"
    changes = [
        f"""
        SELECT CASE kind {cases} END AS stream, {dimension} AS dimension_no, cell // {CELLS_PER_AREA} AS area_key,
               {member} AS member_key, month AS from_month, {NO_END} AS stop_month, people, {NO_SERVICE}
        FROM cube_head{suffix} WHERE kind <> 'new' AND {by_register if dimension == REGISTER else "true"}
        """
        for dimension, member in MEMBER_KEYS.items()
    ]
    changes.append(f"""
        SELECT CASE kind {cases} END, {PLATFORM}, cell // {CELLS_PER_AREA}, {PLATFORM_OF_CELL}, month, {NO_END}, people,
               {NO_SERVICE}
        FROM cube_platform_head{suffix}
    """)
    return " UNION ALL ".join(changes)


def summed(select: str) -> str:
    something = " OR ".join(f"sum({amount}) <> 0" for amount in AMOUNTS)
    return f"""
        SELECT {", ".join(KEYS)}, {SUMS}
        FROM ({select}) GROUP BY {", ".join(KEYS)} HAVING {something}
    """
