"""The completeness matrix: drawn drops in, the state of every supplier, area and month out."""

from __future__ import annotations

from datetime import date

import pytest

from etl import completeness, touched
from etl.completeness.ordinary import load_ordinary
from tests.etl.desk import ACTIVITIES, ADA, BEA, REGISTER, Desk, text
from tests.etl.flag_life import Life
from tests.etl.sendings import Sendings, statuses

ON_TIME = """
    supplier | received   | rows
    平台甲   | 2021-02-03 | 路南区 2021-01-05, 路北区 2021-01-20
    平台甲   | 2021-03-03 | 路南区 2021-02-05, 路北区 2021-02-20
    平台甲   | 2021-04-03 | 路南区 2021-03-05, 路北区 2021-03-20
"""


@pytest.fixture
def sendings(desk: Desk) -> Sendings:
    return Sendings(desk)


def test_complete_then_absent_once_due_and_awaited_until_then(sendings: Sendings) -> None:
    """May is over on 10 June but not due before the 15th; June is not over."""
    sendings.send(ON_TIME)
    sendings.shows(
        """
        supplier | area   | 2020-12 | 2021-01  | 2021-03  | 2021-04 | 2021-05 | 2021-06
        平台甲   | 路南区 | -       | complete | complete | absent  | awaited | -
        平台甲   | 路北区 | -       | complete | complete | absent  | awaited | -
        """,
        today=date(2021, 6, 10),
    )


def test_the_due_day_itself_is_in_time(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-02-15 | 路南区 2021-01-05
        平台甲   | 2021-03-16 | 路南区 2021-02-05
    """)
    drawing = """
        supplier | area   | 2021-01  | 2021-02       | 2021-03
        平台甲   | 路南区 | complete | complete late | {}
    """
    sendings.shows(drawing.format("awaited"), today=date(2021, 4, 15))
    sendings.shows(drawing.format("absent"), today=date(2021, 4, 16))


def test_a_gap_between_drops_is_absent_and_one_within_a_drop_is_zero(sendings: Sendings) -> None:
    """What lies between two months of one drop was reported: there was nothing."""
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-02-01 | 路南区 2021-01-05
        平台甲   | 2021-04-01 | 路南区 2021-03-05
        平台乙   | 2021-04-02 | 路北区 2021-01-05, 路北区 2021-03-31
    """)
    sendings.shows("""
        supplier | area   | 2021-01       | 2021-02   | 2021-03  | 2021-04
        平台甲   | 路南区 | complete      | absent    | complete | absent
        平台乙   | 路北区 | complete late | zero late | complete | absent
    """)


def test_a_month_received_before_it_was_over_is_partial_until_the_rest_comes(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-01-20 | 路南区 2021-01-05
        平台甲   | 2021-02-28 | 路南区 2021-02-05
    """)
    sendings.shows("""
        supplier | area   | 2021-01 | 2021-02  | 2021-03
        平台甲   | 路南区 | partial | complete | absent
    """)
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-03-20 | 路南区 2021-01-25
    """)
    sendings.shows("""
        supplier | area   | 2021-01       | 2021-02  | 2021-03
        平台甲   | 路南区 | complete late | complete | absent
    """)


def test_one_month_sent_in_weekly_parts_is_complete_with_the_last(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-01-11 | 路南区 2021-01-05
        平台甲   | 2021-02-01 | 路南区 2021-01-28
    """)
    (january,) = [row for row in sendings.matrix() if row["month"] == date(2021, 1, 1)]
    assert (january["state"], january["rows"], january["is_late"]) == ("complete", 2, False)
    assert january["first_received_on"] == date(2021, 2, 1)  # of the first drop that covers the month
    assert january["last_on"] == date(2021, 1, 28)


def test_a_district_without_activities_is_zero(sendings: Sendings) -> None:
    sendings.send(
        """
        supplier | received   | rows
        平台甲   | 2021-02-03 | 路南区 2021-01-05, 路北区 2021-01-20
        平台甲   | 2021-03-03 | 路南区 2021-02-05
        """,
        source="activities",
    )
    sendings.shows(
        """
        supplier | area   | 2021-01  | 2021-02  | 2021-03
        平台甲   | 路南区 | complete | complete | absent
        平台甲   | 路北区 | complete | zero     | absent
        """,
        source="activities",
    )


def test_resent_months_stay_in_time_and_count_once(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-02-03 | 路南区 2021-01-05 #1, 路南区 2021-01-06 #2
        平台甲   | 2021-05-03 | 路南区 2021-01-05 #1, 路北区 2021-01-06 #2
    """)
    sendings.shows("""
        supplier | area   | 2021-01  | 2021-02
        平台甲   | 路南区 | complete | absent
        平台甲   | 路北区 | complete | absent
    """)
    rows = {row["area_code"]: row["rows"] for row in sendings.matrix() if row["month"] == date(2021, 1, 1)}
    assert rows == {"130202": 2, "130203": 1}  # it has reported two of 路南区, though one has moved since


def test_what_another_supplier_repeats_was_reported_all_the_same(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-02-03 | 路南区 2021-01-05 #1
        平台乙   | 2021-02-04 | 路北区 2021-01-05 #1
    """)
    sendings.shows("""
        supplier | area   | 2021-01  | 2021-02
        平台甲   | 路南区 | complete | absent
        平台乙   | 路北区 | complete | absent
    """)


def test_a_month_replaced_counts_what_stands(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-02-03 | 路南区 2021-01-05 x3, 路北区 2021-01-06
    """)
    sendings.send(
        """
        supplier | received   | rows
        平台甲   | 2021-02-09 | 路南区 2021-01-05 x2
        """,
        replace="month",
    )
    sendings.shows("""
        supplier | area   | 2021-01  | 2021-02
        平台甲   | 路南区 | complete | absent
        平台甲   | 路北区 | zero     | absent
    """)


def test_after_a_withdrawal_the_matrix_is_as_had_the_drop_never_come(sendings: Sendings) -> None:
    sendings.send(ON_TIME)
    before = sendings.matrix()
    late, other = sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-06-20 | 路南区 2021-04-05, 古冶区 2021-05-05
        平台乙   | 2021-06-20 | 古冶区 2021-02-05
    """)
    assert sendings.matrix() != before
    sendings.desk.withdraw(late)
    sendings.desk.withdraw(other)
    assert sendings.matrix() == before


def test_a_supplier_who_joined_later_owes_nothing_before(sendings: Sendings) -> None:
    sendings.send(ON_TIME)
    sendings.send("""
        supplier | received   | rows
        平台乙   | 2021-04-09 | 古冶区 2021-03-05
    """)
    sendings.shows("""
        supplier | area   | 2021-01  | 2021-02  | 2021-03  | 2021-04
        平台甲   | 路南区 | complete | complete | complete | absent
        平台甲   | 路北区 | complete | complete | complete | absent
        平台乙   | 古冶区 | -        | -        | complete | absent
    """)
    sendings.declare('[[supplier]]\nname = "平台乙"\nsources = ["service_hours"]\nfrom = "2021-02"\n')
    sendings.shows("""
        supplier | area   | 2021-01  | 2021-02  | 2021-03  | 2021-04
        平台甲   | 路南区 | complete | complete | complete | absent
        平台甲   | 路北区 | complete | complete | complete | absent
        平台乙   | 古冶区 | -        | absent   | complete | absent
    """)


def test_a_supplier_who_stopped_is_absent_until_somebody_says_that_it_has(sendings: Sendings) -> None:
    sendings.send(ON_TIME)
    sendings.declare('[[supplier]]\nname = "平台甲"\nsources = ["service_hours"]\nuntil = "2021-04"\n')
    sendings.shows("""
        supplier | area   | 2021-03  | 2021-04 | 2021-05
        平台甲   | 路南区 | complete | absent  | -
        平台甲   | 路北区 | complete | absent  | -
    """)


def test_declared_areas_zero_months_and_a_due_day_of_its_own(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-02-18 | 路南区 2021-01-05
        平台甲   | 2021-05-03 | 路南区 2021-04-05
    """)
    sendings.declare("""
        [[supplier]]
        name = "平台甲"
        sources = ["service_hours"]
        areas = ["路北区"]
        due_day = 20
        zero = ["2021-02"]
    """)
    sendings.shows(
        """
        supplier | area   | 2021-01  | 2021-02 | 2021-03 | 2021-04  | 2021-05
        平台甲   | 路南区 | complete | zero    | absent  | complete | awaited
        平台甲   | 路北区 | zero     | zero    | absent  | zero     | awaited
        """,
        today=date(2021, 6, 20),
    )


def test_a_supplier_who_is_declared_and_never_sends_is_absent(sendings: Sendings) -> None:
    sendings.send(ON_TIME)
    sendings.declare("""
        [[supplier]]
        name = "平台乙"
        sources = ["service_hours", "activities"]
        areas = ["130204"]
        [[supplier]]
        name = "平台丙"
        sources = ["service_hours"]
        areas = ["开平区"]
        from = "2021-03"
    """)
    sendings.shows("""
        supplier | area   | 2020-12 | 2021-01  | 2021-02  | 2021-03  | 2021-04
        平台甲   | 路南区 | -       | complete | complete | complete | absent
        平台甲   | 路北区 | -       | complete | complete | complete | absent
        平台乙   | 古冶区 | -       | absent   | absent   | absent   | absent
        平台丙   | 开平区 | -       | -        | -        | absent   | absent
    """)
    # Of activities nobody has ever sent any: there is no month to hold anybody against.
    assert not [row for row in sendings.matrix() if row["source"] == "activities"]


def test_far_fewer_rows_than_usual_are_partial_and_the_numbers_are_told(sendings: Sendings) -> None:
    least = load_ordinary().ordinary_least_rows
    months = [f"平台甲 | 2021-{m + 1:02}-01 | 路南区 2021-{m:02}-28 x{least}" for m in (1, 2, 4, 5)]
    few = f"平台甲 | 2021-04-01 | 路南区 2021-03-28 x{least // 5 - 1}"
    sendings.send("\n".join(["supplier | received | rows", *months, few]))
    (march,) = [row for row in sendings.matrix() if row["month"] == date(2021, 3, 1)]
    told = (march["state"], march["why"], march["month_rows"], march["usual_rows"])
    assert told == ("partial", "few_rows", least // 5 - 1, least)
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-04-02 | 路南区 2021-03-28
    """)
    assert {row["state"] for row in sendings.matrix() if row["month"] <= date(2021, 5, 1)} == {"complete"}


def test_an_end_well_before_what_is_usual_is_partial(sendings: Sendings) -> None:
    least, days = load_ordinary().ordinary_least_rows, load_ordinary().ends_early_days
    months = [
        f"平台甲 | 2021-{m + 1:02}-01 | 路南区 2021-{m:02}-28 x{least}" for m in (1, 5, 8)
    ]  # 3 days short
    months += [f"平台甲 | 2021-04-02 | 路南区 2021-03-{28 - days} x{least}"]
    months += [f"平台甲 | 2021-11-02 | 路南区 2021-10-{28 - days - 1} x{least}"]
    sendings.send("\n".join(["supplier | received | rows", *months]))
    found = {row["month"].month: (row["state"], row["why"]) for row in sendings.matrix()}
    assert found[3] == ("complete", "")
    assert found[10] == ("partial", "ends_early")


def test_a_register_tells_of_every_month_that_was_over_when_it_came(sendings: Sendings) -> None:
    """Nobody registered after February, but the register came in May: it would have listed them."""
    sendings.send(
        """
        supplier | received   | rows
        平台甲   | 2021-03-02 | 路南区 2021-01-05 #11, 路南区 2021-02-05 #12
        平台甲   | 2021-05-20 | 路南区 2021-02-05 #12, 路南区 2021-01-05 #11
        """,
        source="registrations",
    )
    sendings.shows(
        """
        supplier | area   | 2021-01       | 2021-02  | 2021-03   | 2021-04   | 2021-05 | 2021-06
        平台甲   | 路南区 | complete late | complete | zero late | zero late | absent  | absent
        """,
        source="registrations",
    )


def test_a_file_of_a_year_without_a_row_of_december_is_about_december(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-01-09 | 路南区 2020-02-05, 路南区 2020-11-05
        平台乙   | 2021-01-09 | 路北区 2020-10-05, 路北区 2020-11-05
    """)
    sendings.shows("""
        supplier | area   | 2020-01   | 2020-02       | 2020-12 | 2021-01
        平台甲   | 路南区 | zero late | complete late | zero    | absent
        平台乙   | 路北区 | -         | -             | absent  | absent
    """)


def year_to(last: str, rows: int, last_rows: int, received: str = "2021-02-03") -> str:
    """A file of 2020: so many rows at the end of each month before that of the last day."""
    its = [f"路南区 2020-{month:02}-28 x{rows}" for month in range(1, int(last[:2]))]
    return f"""
        supplier | received   | rows
        平台甲   | {received} | {", ".join([*its, f"路南区 2020-{last} x{last_rows}"])}
    """


@pytest.mark.parametrize(
    ("rows", "november", "december"),
    [
        (6, "complete", "zero"),  # in 46 days 9.2 rows would have come: it may be chance
        (7, "complete", "absent"),
        (24, "complete", "absent"),  # in the 12 days that November ends sooner than others, 9.6
        (25, "partial", "absent"),
    ],
)
def test_a_file_of_a_year_that_stops_in_mid_month_is_not_about_the_rest(
    sendings: Sendings, rows: int, november: str, december: str
) -> None:
    sendings.send(year_to("11-15", rows, 3))
    cells = {row["month"].month: row["state"] for row in sendings.matrix() if row["month"].year == 2020}
    assert (cells[10], cells[11], cells[12]) == ("complete", november, december)


@pytest.mark.parametrize(
    ("first", "left_out", "december"),
    [
        (
            4,
            0,
            "absent",
        ),  # seven months with an activity each, then none for two: once in 118 times at the most
        (5, 0, "zero"),  # six months: once in 91
        (1, 7, "zero"),  # who was silent in July may be in November
    ],
)
def test_a_small_supplier_who_never_left_a_month_out_has_stopped_after_two(
    sendings: Sendings, first: int, left_out: int, december: str
) -> None:
    rows = ", ".join(f"路南区 2020-{month:02}-28" for month in range(first, 11) if month != left_out)
    sendings.send(f"supplier | received | rows\n平台甲 | 2021-02-03 | {rows}", source="activities")
    cells = {row["month"].month: row["state"] for row in sendings.matrix() if row["month"].year == 2020}
    assert (cells[10], cells[11], cells[12]) == ("complete", december, december)


def test_a_file_of_a_year_that_stops_in_mid_month_makes_no_figure_complete(sendings: Sendings) -> None:
    sendings.send(year_to("11-15", 30, 20))
    statuses(
        sendings.build(),
        """
        area   | 2020-10 | 2020-11     | 2020-12      | 2020-Q4     | 2020
        路南区 | ok      | provisional | not_reported | provisional | provisional
        """,
        basis="service",
    )


def test_a_quiet_week_at_the_end_of_a_file_of_a_year_is_no_gap(sendings: Sendings) -> None:
    sendings.send(year_to("12-18", 60, 40))
    assert {row["state"] for row in sendings.matrix() if row["month"].year == 2020} == {"complete"}


def test_a_month_declared_quiet_or_the_last_one_is_complete(sendings: Sendings) -> None:
    sendings.send(year_to("11-15", 30, 20))
    for said, december in (('zero = ["2020-11", "2020-12"]', "zero"), ('until = "2020-11"', "-")):
        sendings.declare(f'[[supplier]]\nname = "平台甲"\nsources = ["service_hours"]\n{said}\n')
        sendings.shows(f"""
            supplier | area   | 2020-10       | 2020-11       | 2020-12
            平台甲   | 路南区 | complete late | complete late | {december}
        """)


def test_counting_touched_months_only_ends_in_the_same_counts(sendings: Sendings) -> None:
    connection = sendings.desk.connection
    counts = 'SELECT source, drop_id, area_code, month, "rows", in_force FROM reported ORDER BY ALL'

    def of(*months: int) -> dict[str, set[date]]:
        return {"service_hours": {date(2021, month, 1) for month in months}}

    sendings.send(ON_TIME)
    completeness.refresh(connection)
    first, _ = sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-05-03 | 路南区 2021-02-09, 路南区 2021-04-09
        平台乙   | 2021-05-03 | 古冶区 2021-04-09
    """)
    completeness.refresh(connection, of(2, 4))
    in_part = connection.execute(counts).fetchall()
    completeness.refresh(connection)
    assert connection.execute(counts).fetchall() == in_part
    sendings.desk.withdraw(first)
    completeness.refresh(connection, of(2, 4))
    in_part = connection.execute(counts).fetchall()
    completeness.refresh(connection)
    assert connection.execute(counts).fetchall() == in_part


def test_a_moved_activity_takes_its_records_along_and_no_others(sendings: Sendings) -> None:
    desk = sendings.desk

    def counted() -> list[tuple[object, ...]]:
        return desk.query(
            "SELECT area_code, month, \"rows\" FROM reported WHERE source = 'service_hours' ORDER BY ALL"
        )

    def moved(drop: str) -> None:
        outcome = desk.load(drop)
        assert not outcome.row.rows_quarantined
        completeness.refresh(desk.connection, touched.read(desk.connection))
        touched.clear(desk.connection)

    moved(text(ACTIVITIES, "A1,清洁家园,路南区,2021-01-05,正常", "A2,植树,路北区,2021-01-05,正常"))
    header = "记录编号,身份证号,活动编号,服务日期,服务时长"
    moved(text(header, f"R1,{ADA},A1,2021-03-05,1", f"R2,{BEA},A2,2021-04-05,1", f"R3,{BEA},A3,2021-05-05,1"))
    desk.connection.execute("UPDATE reported SET \"rows\" = 77 WHERE month = DATE '2021-04-01'")
    moved(text(ACTIVITIES, "A1,清洁家园,古冶区,2021-01-05,正常"))
    moved(text(ACTIVITIES, "A3,捡拾,开平区,2021-05-05,正常"))
    assert counted() == [
        ("130203", date(2021, 4, 1), 77),
        ("130204", date(2021, 3, 1), 1),
        ("130205", date(2021, 5, 1), 1),
    ]
    completeness.refresh(desk.connection)
    assert counted()[0] == ("130203", date(2021, 4, 1), 1)
    assert len(counted()) == 3


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_touched_months_hold_the_same_counts_as_all(desk: Desk, seed: int) -> None:
    """Registers and activities, too: resent, moved to other months and districts, withdrawn and brought back."""
    life = Life(desk, seed)
    life.found()
    completeness.refresh(desk.connection)
    touched.clear(desk.connection)
    for _ in range(12):
        what = life.live()
        completeness.refresh(desk.connection, touched.read(desk.connection))
        touched.clear(desk.connection)
        found = [
            desk.query(f"SELECT * FROM {table} ORDER BY ALL") for table in ("reported", "reported_place")
        ]
        desk.connection.execute("DROP TABLE reported_place")
        completeness.refresh(desk.connection)
        again = [
            desk.query(f"SELECT * FROM {table} ORDER BY ALL") for table in ("reported", "reported_place")
        ]
        assert found == again, what


def test_of_a_register_only_touched_months_are_counted_again(sendings: Sendings) -> None:
    desk = sendings.desk
    desk.load(text(REGISTER, f"{ADA},王,路南区,2021-01-05,正常", f"{BEA},李,路南区,2021-02-05,正常"))
    completeness.refresh(desk.connection, touched.read(desk.connection))
    touched.clear(desk.connection)
    desk.connection.execute("UPDATE reported SET \"rows\" = 77 WHERE month = DATE '2021-01-01'")
    desk.load(text(REGISTER, f"{BEA},李,路北区,2021-03-05,正常"))
    completeness.refresh(desk.connection, touched.read(desk.connection))
    counted = 'SELECT drop_id, area_code, month, "rows" FROM reported ORDER BY ALL'
    assert desk.query(counted) == [
        (1, "130202", date(2021, 1, 1), 77),
        (2, "130203", date(2021, 3, 1), 1),
    ]
