"""A drop unlike those before it is told apart from one that merely varies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from etl import ledger, precheck
from etl.advice import advice
from etl.faults import Fault
from etl.ledger import LedgerRow
from etl.messages import Text
from etl.profile import Profile, kept
from etl.unlike import stability_index, thresholds
from tests.etl.desk import Desk

COLUMNS = (
    "service_date DATE, start_at TIMESTAMP, service_hours DECIMAL(18,6), service_minutes DECIMAL(18,4), "
    "area VARCHAR, leaf_area VARCHAR, activity_id VARCHAR, platform VARCHAR, row_no BIGINT"
)
ROWS = "SELECT leaf_area AS area, service_date AS day, service_hours * 60 AS minutes FROM passed"
LUNAN, LUBEI, FENGNAN, LUANZHOU = "130202", "130203", "130207", "130284"


class Sent:
    """Drops of one supplier, as their rows that passed stand in `passed`, entered in the ledger as loaded."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.numbers = 0
        precheck.create_tables(connection)

    def drop(
        self,
        rows: int = 200,
        month: str = "2021-05",
        hours: tuple[float, ...] = (1, 2, 2, 3),
        areas: tuple[str, ...] = (LUNAN, LUBEI),
        activity: str | None = "A1",
        quarantined: int = 0,
        platform: str | None = None,
        months: int = 1,
        **ledger_row: object,
    ) -> tuple[LedgerRow, Profile, list[str]]:
        """Profile a drop, ask whether it is suspicious, then enter it; (row, profile, sentences in English)."""
        self.numbers += 1
        first = date.fromisoformat(f"{month}-01")
        days = [first + timedelta(days=31 * (place % months)) for place in range(rows)]
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE passed ({COLUMNS})")
        places = range(rows)
        self.connection.execute(
            """INSERT INTO passed SELECT unnest(?::DATE[]), NULL, unnest(?::DOUBLE[]), NULL, unnest(?::VARCHAR[]),
               unnest(?::VARCHAR[]), ?, ?, unnest(?::BIGINT[])""",
            [
                days,
                [hours[place % len(hours)] for place in places],
                *[[areas[place % len(areas)] for place in places]] * 2,
                activity,
                platform,
                list(places),
            ],
        )
        row = LedgerRow(
            drop_id=self.numbers,
            source="service_hours",
            file_name=f"{month}.csv",
            sha256=str(self.numbers),
            bytes=1,
            rows_read=rows + quarantined,
            rows_accepted=rows,
            rows_quarantined=quarantined,
            area_code="130200",
            supplier="志愿汇",
            status="loaded",
        )
        row = replace(row, **ledger_row)  # type: ignore[arg-type]
        ledger.write_quarantine(
            self.connection,
            row.drop_id,
            [
                Fault(place, "hours_within_a_day", "service_hours", "120", Text("“120”超出一天", "too long"))
                for place in range(quarantined)
            ],
        )
        profile = precheck.profile(self.connection, row, "passed", ROWS)
        told = precheck.suspicions(self.connection, row, profile)
        assert all(one.zh.endswith("。") and one.en.endswith(".") for one in told)
        ledger.write(self.connection, row)
        return row, profile, [one.en for one in told]


@pytest.fixture
def sent(desk: Desk) -> Sent:
    return Sent(desk.connection)


def test_a_profile_tells_the_drop_in_numbers_and_is_kept(sent: Sent) -> None:
    row, profile, _ = sent.drop(rows=200, quarantined=10, months=2)
    assert profile == Profile(
        rows=210,
        quarantined=10,
        minutes=200 * 2 * 60,
        filled={"activity_id": 200, "service_date": 200, "start_at": 0, "service_hours": 200}
        | {"service_minutes": 0, "area": 200, "platform": 0},
        areas={LUNAN: 100, LUBEI: 100},
        months={"2021-05": 100, "2021-06": 100},
        lengths={3: 50, 5: 100, 7: 50},
        quantiles={10: 60, 25: 60, 50: 120, 75: 120, 90: 180},
    )
    assert kept(sent.connection, [row.drop_id]) == {row.drop_id: profile}


def test_a_profile_measured_again_replaces_the_first(sent: Sent) -> None:
    row, profile, _ = sent.drop()
    assert precheck.profile(sent.connection, row, "passed", ROWS) == profile
    assert kept(sent.connection, [row.drop_id]) == {row.drop_id: profile}


def test_the_first_drop_is_never_suspicious_by_comparison(sent: Sent) -> None:
    assert sent.drop()[2] == []


def test_a_drop_of_which_no_row_passed_can_be_profiled(sent: Sent) -> None:
    sent.drop()
    _, profile, told = sent.drop(rows=0, quarantined=150)
    assert profile.span is None
    assert told == [
        "150 of 150 rows (100%) failed a check, more than 30%; most often "
        f"'{advice('hours_within_a_day').title.en}', 150 rows."
    ]


def test_a_supplier_s_first_drop_is_not_held_for_rows_in_quarantine(sent: Sent) -> None:
    assert sent.drop(rows=50, quarantined=150)[2] == []


def test_a_supplier_of_whom_half_the_rows_always_fail_is_not_held_each_time(sent: Sent) -> None:
    sent.drop(quarantined=180)
    assert sent.drop(quarantined=200, month="2021-06")[2] == []
    assert sent.drop(rows=80, quarantined=50, month="2023-06")[2] != []  # for its months


def test_months_that_vary_as_months_do_are_not_suspicious(sent: Sent) -> None:
    for month, rows in (("2021-01", 200), ("2021-02", 110), ("2021-03", 260), ("2021-04", 230)):
        assert sent.drop(rows=rows, month=month)[2] == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"rows": 79}, "rows fell: 200 in drop 1 (2021-05.csv), 79 now."),
        ({"rows": 501}, "rows rose: 200 in drop 1 (2021-05.csv), 501 now."),
        ({"hours": (6, 8)}, "the sum of service hours rose: 400 in drop 1 (2021-05.csv), 1,400 now."),
        ({"hours": (0.5, 0.7)}, "the sum of service hours fell: 400 in drop 1 (2021-05.csv), 120 now."),
        ({"activity": None}, "columns gone or empty now, compared with drop 1 (2021-05.csv): activity_id."),
        ({"platform": "志愿汇"}, "columns new, compared with drop 1 (2021-05.csv): platform."),
        ({"areas": (LUNAN,)}, "areas gone, compared with drop 1 (2021-05.csv): Lubei"),
        ({"areas": (LUNAN, LUBEI, FENGNAN)}, "areas new, compared with drop 1 (2021-05.csv): Fengnan"),
        (
            {"hours": (1 / 60, 2 / 60, 2 / 60, 3 / 60)},
            "the median length of service went from 2.00 h (drop 1 (2021-05.csv)) to 0.03 h: hours may stand in",
        ),
        ({"hours": (0.5, 3.5)}, "lengths of service are distributed unlike drop 1"),
        ({"quarantined": 100}, "100 of 300 rows (33%) failed a check, more than 30%; most often "),
        ({"month": "2023-05"}, "its months 2023-05 are 24 months away from all received before, 2021-05."),
    ],
)  # fmt: skip
def test_what_is_unlike_the_drop_before_is_told(
    sent: Sent, changed: dict[str, object], sentence: str
) -> None:
    sent.drop()
    told = sent.drop(**{"month": "2021-06"} | changed)[2]  # type: ignore[arg-type]
    assert any(sentence in one for one in told), told


@pytest.mark.parametrize(
    "changed",
    [
        {"rows": 80},
        {"rows": 500},
        {"quarantined": 85},
        {"areas": (LUNAN,) * 19 + (LUBEI,)},
        {"hours": (1, 2, 2, 2, 3, 3)},
        {"month": "2022-05"},
        {"rows": 90, "hours": (1, 2, 3, 3)},
    ],
)
def test_at_the_limit_nothing_is_told(sent: Sent, changed: dict[str, object]) -> None:
    sent.drop()
    assert sent.drop(**{"month": "2021-06"} | changed)[2] == []  # type: ignore[arg-type]


def test_minutes_entered_as_hours_in_a_drop_of_minutes_are_recognised_by_their_ratio(sent: Sent) -> None:
    sent.drop(hours=(0.02, 0.04, 0.04, 0.05))
    (told,) = [one for one in sent.drop(month="2021-06", hours=(1, 2, 2, 3))[2] if "median" in one]
    assert told.endswith("minutes may stand in the column of hours.")


def test_small_drops_are_not_compared(sent: Sent) -> None:
    least = thresholds().least_rows
    sent.drop(rows=least - 1)
    assert sent.drop(rows=3, month="2021-06", areas=(LUANZHOU,), activity=None, quarantined=60)[2] == []
    assert sent.drop(rows=least - 1, month="2011-06")[2] == []


def test_a_small_drop_is_held_for_far_more_hours_a_row_than_ever(sent: Sent) -> None:
    sent.drop(rows=30)
    sent.drop(rows=40, month="2021-06", hours=(2, 3))
    (told,) = sent.drop(rows=20, month="2021-07", hours=(10, 11))[2]
    assert told.startswith("10.5 hours a row on average (20 rows), at most 2.5 a row before")


@pytest.mark.parametrize(
    ("rows", "hours"),
    [
        (19, (20,)),  # too few rows
        (60, (7, 9)),  # eight hours are a day's service
        (60, (9.5,)),  # not four times the usual 2.5
    ],
)
def test_a_small_drop_of_long_days_is_nothing_strange(
    sent: Sent, rows: int, hours: tuple[float, ...]
) -> None:
    sent.drop(rows=30, hours=(2, 3))
    assert sent.drop(rows=rows, month="2021-06", hours=hours)[2] == []


def test_drops_of_a_few_rows_are_what_is_usual_together_and_one_alone_is_not(sent: Sent) -> None:
    sent.drop(rows=12)
    assert sent.drop(rows=60, month="2021-06", hours=(12,), status="withdrawn")[2] == []
    sent.drop(rows=12, month="2021-07")
    assert len(sent.drop(rows=60, month="2021-08", hours=(12,), status="held")[2]) == 1


@pytest.mark.parametrize(
    ("renewed", "unchanged", "is_held"), [(1, 1, False), (2, 1, False), (1, 2, True), (0, 3, True)]
)
def test_a_list_of_corrected_rows_may_hold_others_as_they_were(
    sent: Sent, renewed: int, unchanged: int, is_held: bool
) -> None:
    """More of them than corrected ones make it a month that was cut off."""
    sent.drop(rows=200)
    counts = {"rows_accepted": renewed, "rows_unchanged": unchanged, "rows_superseding": renewed}
    told = sent.drop(rows=renewed + unchanged, **counts)[2]
    assert bool(told) == is_held


def test_halves_are_rounded_as_offices_round(sent: Sent) -> None:
    sent.drop(rows=193, hours=(0.5,))  # 96.5 hours
    told = sent.drop(rows=193, month="2021-06", hours=(0.1,))[2]
    assert any("fell: 97 in drop 1" in one for one in told)


@pytest.mark.parametrize(
    "other",
    [
        {"supplier": "燕赵志愿云"},
        {"supplier": None},
        {"area_code": "411000"},
        {"status": "withdrawn"},
        {"months": 12, "month": "2020-01"},
    ],
)
def test_only_loaded_drops_of_the_same_supplier_area_and_span_are_compared_with(
    sent: Sent, other: dict[str, object]
) -> None:
    sent.drop(rows=2000, **other)  # type: ignore[arg-type]
    assert sent.drop(rows=200, month="2021-02")[2] == []


def test_a_month_sent_again_is_compared_with_that_month(sent: Sent) -> None:
    for month, rows in (("2021-01", 100), ("2021-02", 400), ("2021-03", 150)):
        sent.drop(month=month, rows=rows, status="loaded")
    (rows_told, hours_told) = sent.drop(month="2021-02", rows=120)[2]
    assert rows_told == "rows fell: 400 in drop 2 (2021-02.csv), 120 now."
    assert hours_told.startswith("the sum of service hours fell: 800 in drop 2")


def test_a_new_month_is_compared_with_the_range_of_the_months_before(sent: Sent) -> None:
    for month, rows in (("2021-01", 200), ("2021-02", 410), ("2021-03", 900)):
        sent.drop(month=month, rows=rows)
    assert sent.drop(month="2021-04", rows=200)[2] == []
    assert "(200–900 in the last 4), 60 now." in sent.drop(month="2021-05", rows=60)[2][0]


def test_a_file_for_each_district_is_compared_with_the_one_of_its_district(sent: Sent) -> None:
    sent.drop(areas=(LUNAN,), rows=1000)
    assert sent.drop(areas=(LUBEI,), rows=900)[2] != []  # the first of its series: somebody looks once
    assert sent.drop(areas=(LUNAN,), rows=950, month="2021-06")[2] == []
    assert sent.drop(areas=(LUBEI,), rows=900, month="2021-06")[2] == []


def test_the_stability_index_is_nothing_for_equal_shares_and_grows_with_the_difference() -> None:
    same, other = {1: 100, 2: 100}, {1: 180, 2: 20}
    assert stability_index(same, {1: 1000, 2: 1000}) == pytest.approx(0, abs=1e-4)
    # (0.9 − 0.5) ln(0.9 / 0.5) + (0.1 − 0.5) ln(0.1 / 0.5) = 0.879, less for the half row added to each class
    assert stability_index(other, same) == pytest.approx(0.879, abs=0.02)


def test_a_threshold_that_is_not_known_or_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "precheck.toml"
    path.write_text("least_row = 3\n", encoding="utf-8")
    with pytest.raises(ValueError, match="area_rows_expected is missing"):
        thresholds(path)
    path.write_text(
        "\n".join(f"{name} = 1" for name in vars(thresholds())) + "\nzeal = 1\n", encoding="utf-8"
    )
    with pytest.raises(ValueError, match="zeal is not known"):
        thresholds(path)
