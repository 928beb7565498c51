"""Facts know their past: what supersedes what, and how withdrawing and replaying bring back the right version."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import pytest

from etl.messages import Refusal
from etl.reader import layout
from etl.source import load_sources
from etl.withdraw import restore
from metrics.areas import Areas
from tests.drops import id_number
from tests.etl.desk import ADA, BEA, CAI, DAN, TANGSHAN, Desk, text

PEOPLE = {year: id_number(date(year, 5, 1), 2) for year in (1980, 1985, 1990)}  # told apart by year of birth
REGISTER = "身份证号,来源平台,所属区县,注册日期,状态"
RECORDS = "记录编号,身份证号,服务日期,开始时间,服务时长,审核状态,服务地区"
ACTIVITIES = "活动编号,所属区县,开始时间,状态"
COUNTS = ("rows_read", "rows_accepted", "rows_unchanged", "rows_quarantined", "rows_superseding")


def counts(desk: Desk, drop: object) -> tuple[int, ...]:
    """What the ledger says of a drop now: read, accepted, unchanged, quarantined, superseding."""
    row = desk.row(drop)  # type: ignore[arg-type]
    assert row.rows_read == row.rows_accepted + row.rows_unchanged + row.rows_quarantined
    return tuple(getattr(row, name) for name in COUNTS)


def hours(desk: Desk) -> list[tuple[object, ...]]:
    return desk.query(
        "SELECT CAST(service_minutes AS INTEGER), drop_id, row_no FROM current_service_records ORDER BY ALL"
    )


# --- counting


def test_a_later_row_with_the_same_key_supersedes(desk: Desk) -> None:
    desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,3,,路南区", f"R2,{ADA},2021-05-02,,3,,路南区"))
    later = desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,1,,路南区", f"R3,{ADA},2021-05-03,,1,,路南区"))
    assert counts(desk, later) == (2, 2, 0, 0, 1)
    assert hours(desk) == [(60, 2, 2), (60, 2, 3), (180, 1, 3)]


def test_a_row_sent_again_is_unchanged_and_the_first_one_stands(desk: Desk) -> None:
    desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,3,,路南区"))
    again = desk.load(text(RECORDS, f"R1,{ADA},2021/5/1,,3.0,通过,130202", f"R2,{ADA},2021-05-02,,3,,路南区"))
    assert counts(desk, again) == (2, 1, 1, 0, 0)
    assert hours(desk) == [(180, 1, 2), (180, 2, 3)]


def test_within_one_drop_the_later_row_counts(desk: Desk) -> None:
    rows = [f"R1,{ADA},2021-05-01,,{number},,路南区" for number in (3, 3, 1, 3)]
    drop = desk.load(text(RECORDS, *rows))
    assert counts(desk, drop) == (4, 3, 1, 0, 2)
    assert hours(desk) == [(180, 1, 5)]


def test_a_version_that_returns_to_what_was_said_before_is_a_later_version(desk: Desk) -> None:
    for number in ("3", "1", "3.0"):
        desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,{number},,路南区"))
    assert hours(desk) == [(180, 3, 2)]


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        (REGISTER, f"{ADA},志愿汇,路南区,2021-05-01,正常", f"{ADA},志愿汇,路北区,2021-06-01,注销"),
        (RECORDS, f"R1,{ADA},2021-05-01,,3,,路南区", f"R1,{BEA},2021-06-01,,1,驳回,路北区"),
        (RECORDS, f",{ADA},2021-05-01,2021-05-01 09:00,3,,路南区", f",{ADA},2021-05-01,2021-05-01 09:00,1,,"),
        (ACTIVITIES, "A1,路南区,2021-05-01,已发布", "A1,路北区,2021-06-01,取消"),
    ],
    ids=["registration", "record by number", "record by person and time", "activity"],
)
def test_each_kind_of_fact_has_its_key(desk: Desk, header: str, first: str, second: str) -> None:
    desk.load(text(header, first))
    drop = desk.load(text(header, second))
    assert counts(desk, drop) == (1, 1, 0, 0, 1)
    assert sum(len(rows) for rows in desk.facts().values()) == 1


@pytest.mark.parametrize(
    ("header", "first", "second"),
    [
        (REGISTER, f"{ADA},志愿汇,路南区,2021-05-01,正常", f"{ADA},燕赵志愿云,路南区,2021-05-01,正常"),
        (REGISTER, f"{ADA},志愿汇,路南区,2021-05-01,正常", f"{BEA},志愿汇,路南区,2021-05-01,正常"),
        (RECORDS, f"R1,{ADA},2021-05-01,,3,,路南区", f"R2,{ADA},2021-05-01,,3,,路南区"),
        (
            RECORDS,
            f",{ADA},2021-05-01,2021-05-01 09:00,3,,路南区",
            f",{ADA},2021-05-01,2021-05-01 14:00,3,,路南区",
        ),
        (ACTIVITIES, "A1,路南区,2021-05-01,已发布", "A2,路南区,2021-05-01,已发布"),
    ],
)
def test_facts_with_other_keys_stand_side_by_side(desk: Desk, header: str, first: str, second: str) -> None:
    drop = desk.load(text(header, first, second))
    assert counts(desk, drop) == (2, 2, 0, 0, 0)
    assert sum(len(rows) for rows in desk.facts().values()) == 2


# --- withdrawing


@pytest.fixture(scope="module")
def full_desk(shared_desk: Desk) -> Desk:
    """A history of every source, with corrections, repeats and rows in quarantine."""
    desk = shared_desk
    desk.load(text(REGISTER, *[f"{number},志愿汇,路南区,2021-05-01,正常" for number in (ADA, BEA, CAI)]))
    desk.load(text(REGISTER, f"{ADA},志愿汇,路北区,2021-05-01,正常", f"{BEA},志愿汇,路南区,2021-05-01,正常"))
    desk.load(
        text(RECORDS, *[f"R{n},{ADA},2021-05-0{n},,3,,路南区" for n in (1, 2, 3)], "R9,,明天,,3,,路南区")
    )
    desk.load(text(ACTIVITIES, "A1,路南区,2021-05-01,已发布", "A2,路北区,2021-05-02,已发布"))
    return desk


@pytest.mark.parametrize(
    "content",
    [
        text(REGISTER, f"{ADA},志愿汇,古冶区,2021-05-01,注销", f"{DAN},志愿汇,古冶区,2021-05-01,正常"),
        text(REGISTER, f"{BEA},志愿汇,路南区,2021-05-01,正常", f"{ADA},志愿汇,路北区,2021-05-01,正常"),
        text(
            RECORDS,
            f"R1,{BEA},2021-05-01,,1,,路南区",
            f"R2,{ADA},2021-05-02,,3,,路南区",
            f"R4,{ADA},2021-05-02,,3,,",
        ),
        text(ACTIVITIES, "A1,古冶区,2022-05-01,取消", "A3,路北区,2021-05-02,已发布"),
        text(REGISTER, f"{ADA},志愿汇,火星区,2021-05-01,注销"),
    ],
)
def test_withdrawing_restores_exactly_what_was_there_before(full_desk: Desk, content: str) -> None:
    before = full_desk.facts()
    drop = full_desk.load(content)
    assert not drop.repeated
    full_desk.withdraw(drop)
    assert full_desk.facts() == before
    row = full_desk.row(drop)
    assert (row.status, row.note_zh, row.note_en) == ("withdrawn", "测试", "a test")


def test_a_withdrawn_drop_comes_back_where_it_stood_in_the_order(desk: Desk) -> None:
    drops = [desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,{number},,路南区")) for number in (3, 2, 1)]
    everything = desk.facts()
    for drop in drops:
        desk.withdraw(drop)
    restore(desk.connection, drops[0].row, "恢复", "brought back")
    assert hours(desk) == [(180, 1, 2)]
    for drop in (drops[2], drops[1]):
        restore(desk.connection, drop.row, "恢复", "brought back")
    assert desk.facts() == everything
    assert desk.row(drops[1]).status == "loaded"


def test_withdrawing_a_drop_keeps_what_a_later_one_repeated(desk: Desk) -> None:
    first = desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,3,,路南区", f"R2,{ADA},2021-05-02,,3,,路南区"))
    desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,3,,路南区"))
    desk.withdraw(first)
    assert hours(desk) == [(180, 2, 2)]


def test_withdrawing_the_middle_one_of_three_leaves_the_last(desk: Desk) -> None:
    drops = [desk.load(text(RECORDS, f"R1,{ADA},2021-05-01,,{number},,路南区")) for number in (3, 2, 1)]
    desk.withdraw(drops[1])
    assert hours(desk) == [(60, 3, 2)]
    desk.withdraw(drops[2])
    assert hours(desk) == [(180, 1, 2)]
    desk.withdraw(drops[0])
    assert hours(desk) == []


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_loaded_and_withdrawn_the_facts_are_those_of_a_plain_recount(
    desk: Desk, seed: int
) -> None:
    """The plain recount: of the live versions of a key, those that say something new; the last of them."""
    drawn = random.Random(seed)
    sent: dict[int, list[tuple[int, str, str]]] = {}
    live = []
    for _ in range(8):
        if live and drawn.random() < 0.3:
            drop = live.pop(drawn.randrange(len(live)))
            desk.withdraw(drop)
            del sent[drop.row.drop_id]
        else:
            choices = [list(PEOPLE), ["志愿汇", "燕赵志愿云"], ["130202", "130203", "130204"]]
            rows = [tuple(map(drawn.choice, choices)) for _ in range(4)]
            drop = desk.load(
                text(
                    REGISTER,
                    *[f"{PEOPLE[year]},{platform},{area},2021-05-01,正常" for year, platform, area in rows],
                )
            )
            if drop.repeated:
                continue
            live.append(drop)
            sent[drop.row.drop_id] = rows
        assert desk.query(
            "SELECT birth_year, platform, area_code, drop_id FROM current_registrations ORDER BY ALL"
        ) == (recount(sent))


def recount(sent: dict[int, list[tuple[int, str, str]]]) -> list[tuple[int, str, str, int]]:
    stands: dict[tuple[int, str], tuple[str, int]] = {}
    for drop_id in sorted(sent):
        for year, platform, area in sent[drop_id]:
            if stands.get((year, platform), ("", 0))[0] != area:
                stands[year, platform] = (area, drop_id)
    return sorted((*key, *said) for key, said in stands.items())


# --- replaying


@pytest.fixture
def mars(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on 火星区 is another name of 路南区 (as if somebody had added the alias)."""
    real = Areas.resolve

    def resolve(self: Areas, text: str, city: str | None = None) -> str | None:
        return real(self, "路南区" if text == "火星区" else text, city)

    monkeypatch.setattr(Areas, "resolve", resolve)


def test_replaying_after_an_alias_was_added_moves_rows_from_quarantine_to_facts(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    rows = [
        f"{ADA},志愿汇,路南区,2021-05-01,正常",
        f"{BEA},志愿汇,火星区,2021-05-02,正常",
        f"{CAI},志愿汇,金星区,2021-05-03,正常",
    ]
    drop = desk.load(text(REGISTER, *rows))
    assert counts(desk, drop) == (3, 1, 0, 2, 0)
    request.getfixturevalue("mars")
    desk.replay(drop)
    assert counts(desk, drop) == (3, 2, 0, 1, 0)
    assert desk.reasons(drop) == [(4, "area_known", "area")]
    assert desk.query("SELECT row_no, area_code FROM current_registrations ORDER BY 1") == [
        (2, "130202"),
        (3, "130202"),
    ]
    assert (desk.row(drop).first_on, desk.row(drop).last_on) == (date(2021, 5, 1), date(2021, 5, 2))


def test_replaying_after_a_word_was_added_to_a_sheet(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    drop = desk.load(text(REGISTER, f"{ADA},志愿汇,路南区,2021-05-01,走了"))
    assert counts(desk, drop) == (1, 0, 0, 1, 0)
    codes = load_sources()["registrations"].columns["status"].codes
    monkeypatch.setitem(codes, "left", (*codes["left"], "走了"))
    desk.replay(drop)
    assert counts(desk, drop) == (1, 1, 0, 0, 0)
    assert desk.query("SELECT has_left FROM current_registrations") == [(True,)]


def test_replaying_rows_that_are_now_known_to_be_no_data_leave_what_was_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        f"R1,{ADA},2021-05-01,,2,通过,路南区",
        f"R2,{BEA},2021-05-02,,2,通过,火星区",
        "合共,,,,4,,",
        "·,,,,,,",
        "负责科室：某科,,,,,,",
    ]
    drop = desk.load(text(RECORDS, *rows))
    assert counts(desk, drop) == (5, 1, 0, 4, 0)
    monkeypatch.setattr(layout, "TOTAL", f"{layout.TOTAL}|合共")
    monkeypatch.setattr(layout, "SIGNATURE", f"{layout.SIGNATURE}|负责科室:.*")
    monkeypatch.setattr(layout, "LEFT_OUT", layout.LEFT_OUT.replace(r"\s", r"\s·"))
    row = desk.replay(drop)
    assert counts(desk, drop) == (2, 1, 0, 1, 0)
    assert (row.rows_skipped, row.rows_blank) == (2, 1)
    assert desk.query("SELECT row_no, kind FROM skipped ORDER BY 1") == [(4, "total"), (6, "signature")]
    assert desk.reasons(drop) == [(3, "area_known", "area")]
    assert desk.replay(drop) == row  # there is nothing more to move


def test_replaying_a_drop_that_named_no_known_area_learns_its_city(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    drop = desk.load(text(REGISTER, f"{ADA},志愿汇,火星区,2021-05-01,正常"), folder="")
    assert (desk.row(drop).area_code, desk.row(drop).first_on) == (None, None)
    request.getfixturevalue("mars")
    row = desk.replay(drop)
    assert (row.area_code, row.first_on, row.last_on) == (TANGSHAN, date(2021, 5, 1), date(2021, 5, 1))


def test_replaying_an_older_drop_does_not_override_a_newer_one(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    older = desk.load(text(REGISTER, f"{ADA},志愿汇,火星区,2021-05-01,正常"))
    desk.load(text(REGISTER, f"{ADA},志愿汇,路北区,2021-05-01,正常"))
    before = desk.facts()
    request.getfixturevalue("mars")
    desk.replay(older)
    assert counts(desk, older) == (1, 1, 0, 0, 0)
    assert desk.facts() == before


def test_replaying_brings_back_the_older_version_when_the_newer_is_withdrawn(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    older = desk.load(text(REGISTER, f"{ADA},志愿汇,火星区,2021-05-01,正常"))
    newer = desk.load(text(REGISTER, f"{ADA},志愿汇,路北区,2021-05-01,正常"))
    request.getfixturevalue("mars")
    desk.replay(older)
    desk.withdraw(newer)
    assert desk.query("SELECT area_code, drop_id FROM current_registrations") == [("130202", 1)]


def test_replaying_counts_unchanged_and_superseding_rows_like_loading(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    desk.load(text(REGISTER, *[f"{number},志愿汇,路南区,2021-05-01,正常" for number in (ADA, BEA)]))
    drop = desk.load(
        text(
            REGISTER,
            f"{ADA},志愿汇,火星区,2021-05-01,正常",
            f"{BEA},志愿汇,火星区,2021-06-01,正常",
            f"{CAI},,火星区,2021-05-01,",
        )
    )
    request.getfixturevalue("mars")
    desk.replay(drop)
    assert counts(desk, drop) == (3, 2, 1, 0, 1)


def test_replaying_again_changes_nothing(desk: Desk, request: pytest.FixtureRequest) -> None:
    drop = desk.load(
        text(
            REGISTER, f"{ADA},,火星区,2021-05-01,", f"{BEA},,金星区,2021-05-01,", f"{CAI},,路南区,2021-05-01,"
        )
    )
    request.getfixturevalue("mars")
    first = desk.replay(drop), desk.facts(), desk.reasons(drop)
    assert (desk.replay(drop), desk.facts(), desk.reasons(drop)) == first


def test_a_drop_that_was_replayed_can_be_withdrawn(desk: Desk, request: pytest.FixtureRequest) -> None:
    desk.load(text(REGISTER, f"{ADA},志愿汇,路北区,2021-05-01,正常"))
    before = desk.facts()
    drop = desk.load(
        text(REGISTER, f"{ADA},志愿汇,火星区,2021-05-01,正常", f"{BEA},志愿汇,路南区,2021-05-01,正常")
    )
    request.getfixturevalue("mars")
    desk.replay(drop)
    desk.withdraw(drop)
    assert desk.facts() == before


def test_rows_that_were_accepted_stay_when_a_rule_has_become_stricter(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = desk.load(text(REGISTER, f"{ADA},,路南区,2021-05-01,注销", f"{BEA},,火星区,2021-05-01,正常"))
    codes = load_sources()["registrations"].columns["status"].codes
    monkeypatch.setitem(codes, "left", ("走了",))
    desk.replay(drop)
    assert counts(desk, drop) == (2, 1, 0, 1, 0)
    assert len(desk.facts()["current_registrations"]) == 1


def test_a_crash_while_replaying_leaves_everything_as_it_was(
    desk: Desk, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop = desk.load(text(REGISTER, f"{ADA},,火星区,2021-05-01,", f"{BEA},,路南区,2021-05-01,"))
    before = desk.facts(), desk.reasons(drop), desk.row(drop)
    request.getfixturevalue("mars")

    def crash(*arguments: object, **options: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("etl.facts.settle", crash)
        with pytest.raises(MemoryError):
            desk.replay(drop)
    assert (desk.facts(), desk.reasons(drop), desk.row(drop)) == before
    assert desk.replay(drop).rows_accepted == 2


def test_a_file_that_is_gone_or_changed_is_not_replayed(desk: Desk) -> None:
    drop = desk.load(text(REGISTER, f"{ADA},,火星区,2021-05-01,"), "drop.csv")
    path = desk.inbox / TANGSHAN / "drop.csv"
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    with pytest.raises(Refusal, match="has changed since it was loaded"):
        desk.replay(drop)
    path.unlink()
    with pytest.raises(Refusal, match="no longer where it was"):
        desk.replay(drop)
    path.write_bytes(content)
    assert desk.replay(drop).rows_quarantined == 1


@pytest.mark.parametrize(
    "name", ["13812345678.csv", "90000019900307002X 的时长.csv", "\udcb1\udca8\udccb\udccd.csv"]
)
def test_a_file_whose_name_may_not_be_kept_is_found_again(desk: Desk, name: str) -> None:
    drop = desk.load(text(REGISTER, f"{ADA},,火星区,2021-05-01,"), name)
    like = name.replace("13", "12").replace("90", "11")
    if like != name:
        desk.load(text(REGISTER, f"{BEA},,火星区,2021-05-01,"), like)
    assert desk.replay(drop).rows_quarantined == 1


def test_a_drop_that_is_inside_the_data_home_is_found_when_the_home_has_moved(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "before")
    desk.inbox = desk.home / "drops"
    drop = desk.load(text(REGISTER, f"{ADA},,火星区,2021-05-01,"))
    desk.home = desk.home.rename(tmp_path / "after")
    assert desk.replay(drop).rows_quarantined == 1
