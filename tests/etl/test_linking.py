"""Who is linked to whom, at hand while publishing: the same current rows as at any other time."""

from __future__ import annotations

import pytest

from etl.linking import links_at_hand
from tests.etl.desk import ADA, BEA, Desk, text

BOTH = "身份证号,志愿者编号,来源平台,所属区县,注册日期"
HOURS = "身份证号,志愿者编号,来源平台,服务日期,服务时长"
VIEWS = ("current_registrations", "current_service_records")

REGISTER = text(BOTH, f"{ADA},V1,志愿汇平台,路南区,2021-05-01", ",V2,志愿汇平台,路南区,2021-05-02")
BY_ID = text(HOURS, f"{ADA},,,2021-06-01,2", f"{BEA},,,2021-06-02,3")
BY_NUMBER = text(HOURS, ",V1,志愿汇平台,2021-06-03,4", ",V2,志愿汇平台,2021-06-03,4", ",V1,,2021-06-04,1")
# The same number, without an ID number this time: who it is was learnt before.
AGAIN = text(
    "志愿者编号,来源平台,所属区县,注册日期", "V1,志愿服务平台,路北区,2021-07-01", "V9,,路北区,2021-07-01"
)
OWNER = text(BOTH, f"{BEA},V9,志愿服务平台,路北区,2021-07-02")


def rows(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return {view: desk.query(f"SELECT * FROM {view} ORDER BY drop_id, row_no") for view in VIEWS}


def columns(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    return {view: [row[:2] for row in desk.query(f"DESCRIBE {view}")] for view in VIEWS}


@pytest.mark.parametrize(
    "drops",
    [
        [REGISTER, BY_ID],
        [REGISTER, BY_ID, BY_NUMBER],
        [REGISTER, AGAIN, BY_ID],
        [REGISTER, AGAIN, OWNER, BY_NUMBER],
    ],
    ids=["nobody linked", "records linked", "registrations by number", "all"],
)
def test_publishing_sees_the_current_rows_as_everybody_does(desk: Desk, drops: list[str]) -> None:
    for drop in drops:
        desk.load(drop)
    before, named = rows(desk), columns(desk)
    assert all(before.values())
    with links_at_hand(desk.connection):
        assert columns(desk) == named
        assert rows(desk) == before
    assert rows(desk) == before


def test_only_links_that_facts_use_are_at_hand(desk: Desk) -> None:
    desk.load(REGISTER)
    desk.load(BY_ID)
    assert desk.query("SELECT count(*) FROM links") == [(3,)]  # V1 on its platform; V1 and V2 without one
    with links_at_hand(desk.connection):
        assert desk.query("FROM links") == []
    desk.load(BY_NUMBER)
    with links_at_hand(desk.connection):
        assert desk.query("SELECT count(*) FROM links") == [(2,)]


def test_of_a_large_warehouse_only_new_drops_are_looked_through_for_numbers(desk: Desk) -> None:
    """And those that went by numbers before; whatever comes, goes and comes back, everybody sees the same rows."""

    def shown(looked_through: list[int]) -> None:
        before, known = (
            rows(desk),
            desk.query("SELECT 1 FROM duckdb_tables() WHERE table_name = 'number_print'"),
        )
        kept = {row[:6] for row in desk.query("FROM number_print WHERE NOT by_number")} if known else set()
        with links_at_hand(desk.connection, fewest=0):
            assert rows(desk) == before
            prints = desk.query("FROM fact_print")
            assert sorted({row[2] for row in prints if row not in kept}) == looked_through
            owned = desk.query("SELECT count(*) FROM links")

        with links_at_hand(desk.connection):
            assert desk.query("SELECT count(*) FROM links") == owned

    for drop in (REGISTER, BY_ID):
        desk.load(drop)
    shown([1, 2])
    shown([1])  # its V2 is known by the number alone
    by_number = desk.load(BY_NUMBER)
    shown([1, 3])
    desk.withdraw(by_number)
    shown([1])
    desk.load(AGAIN)
    desk.load(OWNER)
    desk.load(text(HOURS, ",V9,,2021-08-01,2"))
    shown([1, 4, 5, 6])
    shown([1, 4, 6])
    assert desk.query("SELECT count(*) FROM number_print WHERE drop_id = 2 AND by_number") == [(0,)]


def test_after_a_failure_nothing_hides_the_facts(desk: Desk) -> None:
    desk.load(REGISTER)
    desk.load(BY_ID)
    before = rows(desk)
    with pytest.raises(RuntimeError, match="stopped"), links_at_hand(desk.connection):
        raise RuntimeError("stopped")
    desk.load(BY_NUMBER)
    after = rows(desk)
    assert len(after["current_service_records"]) == len(before["current_service_records"]) + 3
    owners = {row[0] for row in after["current_service_records"] if row[-2] == 3}
    assert len(owners) == 2, "V1's two records are Ada's, V2's one is of somebody else"
