"""A withheld rate of many people says which of its counts is withheld, and where there are figures."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.explain import explain
from metrics.periods import Period
from metrics.query import query
from metrics.withheld_side import withheld_sentences
from tests.metrics.build_factory import make_build

TOWN = "130203"
DISTRICTS = ("130202", TOWN, "130204", "130205", "130207", "130208", "130209")
MAY, JUNE = Period.parse("2023-05"), Period.parse("2023-Q2")


def people() -> Iterator[dict[str, object]]:
    """Seven districts of 60 to 120; in each two new people a month of 2023, and two who leave."""
    key = 0
    for area, many in zip(DISTRICTS, range(60, 130, 10), strict=True):
        for number in range(many):
            key += 1
            left = date(2023, 1 + number // 2, 20) if number < 24 else None
            yield {
                "volunteer_key": key, "area_code": area, "registered_on": date(2021, 1 + number % 12, 3),
                "has_left": left is not None, "left_on": left,
            }  # fmt: skip
        for number in range(24):
            key += 1
            yield {"volunteer_key": key, "area_code": area, "registered_on": date(2023, 1 + number // 2, 9)}


def town(home: Path, threshold: int) -> Build:
    registered = list(people())
    served = [
        {"volunteer_key": one["volunteer_key"], "service_date": date(2023, month, 5)}
        for one in registered
        if one["registered_on"] < date(2022, 1, 1) and not one["has_left"]  # type: ignore[operator]
        for month in range(1, 13)
    ]
    found = open_build(
        make_build(home, registrations=registered, service_records=served, threshold=threshold)
    )
    assert found is not None
    return found


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return town(tmp_path_factory.mktemp("public"), 10)


def test_hours_are_told_and_the_register_of_a_month_s_end_is_not(build: Build, tmp_path: Path) -> None:
    """The case the sentence is about; no rate of which both counts are told is withheld."""
    (rate,) = query(build, "hours_per_registered", TOWN, MAY)
    (hours,) = query(build, "service_hours", TOWN, MAY, basis="residence")
    (register,) = query(build, "registered_volunteers", TOWN, MAY)
    assert (rate.status, hours.status, register.status) == ("suppressed", "ok", "suppressed")
    (known,) = query(town(tmp_path, 0), "registered_volunteers", TOWN, MAY)
    assert known.value is not None
    assert known.value > 50
    zh, en = (withheld_sentences(build, rate, lang) for lang in ("zh", "en"))
    assert zh == [
        "不予显示的是注册志愿者；服务时长照常显示。",
        "不一定是它本身人数过少：1 至 9 人的数，以及由它能推算出这种数的数，都不予显示"
        "（相邻两月末在册人数之差，往往就是当月新增的几个人）。",
        "2023年2季度、2023年有数。",
    ]
    assert en[0] == "Withheld: registered volunteers; shown: service hours."
    assert en[-1] == "Shown for 2023 Q2, 2023."
    told = explain(build, "hours_per_registered", TOWN, MAY)["caveats"]
    assert told["zh"][:3] == zh
    assert told["en"][:3] == en


def test_a_count_of_its_own_says_no_side_and_a_told_figure_nothing(build: Build) -> None:
    (register,) = query(build, "registered_volunteers", TOWN, MAY)
    assert withheld_sentences(build, register, "zh")[0].startswith("不一定是它本身人数过少")
    (quarter,) = query(build, "hours_per_registered", TOWN, JUNE)
    assert quarter.value is not None
    assert withheld_sentences(build, quarter, "zh") == []


@pytest.mark.parametrize(
    "indicator", ["active_rate", "hours_per_registered", "hours_per_active", "ever_active_rate"]
)
def test_no_rate_is_withheld_whose_counts_are_both_told(build: Build, indicator: str) -> None:
    """A quotient of two shown counts gives nothing away, so it is shown: by month, and by longer windows."""
    for code in [*(f"2023-{month:02}" for month in range(1, 13)), "2023-Q1", "2023-Q4", "2023"]:
        for area in DISTRICTS:
            (row,) = query(build, indicator, area, Period.parse(code))
            if row.status == "suppressed":
                first = withheld_sentences(build, row, "zh")[0]
                assert first.startswith("不予显示的是"), (code, area, first)
