"""A window that begins before the data says so in words of its own; its status code stays provisional."""

from pathlib import Path

import pytest

from briefing.content.marks import Marks
from metrics.build import Build, open_build
from metrics.explain import explain
from metrics.output import as_csv, as_json, as_table
from metrics.periods import Period
from metrics.query import query
from metrics.sentences import describe
from tests.metrics.build_factory import make_build

UNFINISHED, BEGINS = "未完结，暂定", "数据不完整（起始于数据之前），暂定"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Registrations since 2020, service records from September 2021 to June 2023."""
    area = {"area_code": "130200"}
    home = make_build(
        tmp_path_factory.mktemp("begins"),
        registrations=[{"volunteer_key": key, "registered_on": "2020-03-01"} for key in range(1, 21)],
        service_records=[
            {"volunteer_key": key, "service_date": day}
            for key in range(1, 13)
            for day in ("2021-09-05", "2022-05-01", "2023-06-05")
        ],
        drops=[
            {"drop_id": 1, "source": "registrations", "first_on": "2020-01-01", "last_on": "2023-06-30", **area},
            {"drop_id": 2, "source": "service_hours", "first_on": "2021-09-01", "last_on": "2023-06-30", **area},
            {"drop_id": 3, "source": "activities", "first_on": "2021-09-01", "last_on": "2023-06-30", **area},
        ],
    )  # fmt: skip
    found = open_build(home)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("indicator", "period", "window", "words"),
    [
        ("active_rate", "2021", None, BEGINS),
        ("active_rate", "2021-10", "rolling12", BEGINS),
        ("active_rate", "2022", None, "正常"),
        ("active_rate", "2023", None, UNFINISHED),
        ("active_rate", "2021-09", None, "正常"),  # the first month there is
        ("registered_volunteers", "2021", None, "正常"),  # a register lists whoever is on it
        ("registered_volunteers", "2023", None, UNFINISHED),
    ],
)
def test_the_words_tell_a_missing_beginning_from_an_end_to_come(
    build: Build, indicator: str, period: str, window: str | None, words: str
) -> None:
    for area in ("130200", "130202"):
        (row,) = query(build, indicator, area, Period.parse(period), window)
        assert row.status == ("ok" if words == "正常" else "provisional")
        told = explain(build, indicator, area, Period.parse(period), window)["status"]
        assert (told["code"], told["zh"]) == (row.status, words)
        assert (BEGINS in describe(row, "zh")) == (words == BEGINS)
        assert ("incomplete: begins before the data, provisional" in describe(row, "en")) == (words == BEGINS)
        assert (UNFINISHED in describe(row, "zh")) == (words == UNFINISHED)
        assert words in as_table(build, [row])
        assert "begins_before" not in as_csv(build, [row]) + as_json([row])


def test_a_briefing_marks_the_two_apart(build: Build) -> None:
    rows = [query(build, "active_rate", "130200", Period.parse(year))[0] for year in ("2021", "2023")]
    marks = Marks(rows)
    assert [marks.of(row.told_status) for row in rows] == ["①", "②"]


def test_both_ends_missing_is_unfinished(tmp_path: Path) -> None:
    spans = {"first_on": "2021-09-01", "last_on": "2021-10-31", "area_code": "130200"}
    home = make_build(
        tmp_path,
        registrations=[{"volunteer_key": 1, "registered_on": "2021-03-01"}],
        service_records=[{"volunteer_key": 1, "service_date": "2021-09-05"}],
        drops=[
            {"drop_id": 1, "source": "registrations", **spans},
            {"drop_id": 2, "source": "service_hours", **spans},
        ],
    )
    found = open_build(home)
    assert found is not None
    assert query(found, "active_rate", "130200", Period.parse("2021"))[0].told_status == "provisional"


@pytest.mark.parametrize(
    ("indicator", "period", "is_at_most"),
    [
        ("sleeping_share_24m", "2023-05", True),  # records of 21 months
        ("sleeping_share_36m", "2023", True),  # and half of the year still to come
        ("sleeping_24m_volunteers", "2023-05", True),
        ("sleeping_share_12m", "2023-05", False),
        ("sleeping_share_12m", "2023", False),  # what is missing is the end alone
        ("lapsed_rate", "2021", False),
        ("active_rate", "2021", False),
    ],
)
def test_who_sleeps_by_records_that_begin_late_is_an_upper_bound(
    build: Build, indicator: str, period: str, is_at_most: bool
) -> None:
    """Who served before the records begin is counted as without a record: the share can only be too high."""
    (row,) = query(build, indicator, "130200", Period.parse(period))
    told = explain(build, indicator, "130200", Period.parse(period))
    zh, en = describe(row, "zh"), describe(row, "en")
    assert row.is_at_most == is_at_most
    assert ("至多 " in zh, "所以是上限" in zh) == (is_at_most, is_at_most)
    assert ("at most " in en, "so this is an upper bound" in en) == (is_at_most, is_at_most)
    assert ("至多 " in as_table(build, [row])) == is_at_most
    assert ("至多 " in told["value"]["zh"], "上限" in told["status"]["zh"]) == (is_at_most, is_at_most)
    assert "at_most" not in as_csv(build, [row]) + as_json([row])
