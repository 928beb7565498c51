"""Periods, their texts, and the days each window spans."""

from datetime import date

import pytest

from metrics.periods import Period, PeriodNotKnown, end_label, month_number, window_label, window_span


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "zh", "en"),
    [
        ("2021", "year", date(2021, 1, 1), date(2021, 12, 31), "2021年", "2021"),
        ("2021-Q1", "quarter", date(2021, 1, 1), date(2021, 3, 31), "2021年1季度", "2021 Q1"),
        ("2021-q4", "quarter", date(2021, 10, 1), date(2021, 12, 31), "2021年4季度", "2021 Q4"),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29), "2024年2月", "February 2024"),
        (" 2023-12 ", "month", date(2023, 12, 1), date(2023, 12, 31), "2023年12月", "December 2023"),
    ],
)
def test_a_period_is_read_and_written(text: str, kind: str, start: date, end: date, zh: str, en: str) -> None:
    period = Period.parse(text)
    assert period == Period(kind, start, end)
    assert period.code == text.strip().upper()
    assert (period.label("zh"), period.label("en")) == (zh, en)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21",
        "2021-13",
        "2021-00",
        "2021-Q5",
        "2021-Q0",
        "2021-1",
        "2021-01-01",
        "0000",
        "9999",
        "２０２１",
    ],
)
def test_what_is_no_period_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(PeriodNotKnown) as refusal:
        Period.parse(text)
    assert "2021-Q3" in refusal.value.zh
    assert "2021-Q3" in refusal.value.en


def test_periods_follow_one_another_across_years() -> None:
    assert Period.parse("2021-01").previous().code == "2020-12"
    assert Period.parse("2021-Q1").previous(2).code == "2020-Q3"
    assert Period.parse("2021").previous(-1).code == "2022"
    assert Period.parse("2024-02").year_earlier().end == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("kind", "day", "code"),
    [
        ("month", date(2023, 5, 31), "2023-05"),
        ("month", date(2023, 5, 30), "2023-04"),
        ("quarter", date(2023, 5, 31), "2023-Q1"),
        ("quarter", date(2023, 6, 30), "2023-Q2"),
        ("year", date(2023, 12, 30), "2022"),
        ("year", date(2023, 12, 31), "2023"),
    ],
)
def test_the_period_ending_by_a_day_is_over(kind: str, day: date, code: str) -> None:
    assert Period.ending(kind, day).code == code


@pytest.mark.parametrize(
    ("period", "window", "start", "end"),
    [
        ("2023-05", None, date(2023, 5, 1), date(2023, 5, 31)),
        ("2023-05", "ytd", date(2023, 1, 1), date(2023, 5, 31)),
        ("2023-05", "rolling12", date(2022, 6, 1), date(2023, 5, 31)),
        ("2023-05", "to_date", None, date(2023, 5, 31)),
        ("2023-Q1", "quarter", date(2023, 1, 1), date(2023, 3, 31)),
        ("2023-Q1", "rolling12", date(2022, 4, 1), date(2023, 3, 31)),
        ("2023", "rolling12", date(2023, 1, 1), date(2023, 12, 31)),
    ],
)
def test_every_window_spans_whole_months(
    period: str, window: str | None, start: date | None, end: date
) -> None:
    assert window_span(Period.parse(period), window) == (start, end)


@pytest.mark.parametrize(
    ("period", "window"), [("2023-05", "year"), ("2023", "month"), ("2023", "fortnight")]
)
def test_a_window_of_another_kind_of_period_is_refused(period: str, window: str) -> None:
    with pytest.raises(PeriodNotKnown, match=window):
        window_span(Period.parse(period), window)


def test_windows_have_words() -> None:
    may = Period.parse("2023-05")
    assert window_label(may, "ytd", "zh") == "2023年1–5月"
    assert window_label(may, "rolling12", "en") == "the 12 months to May 2023"
    assert window_label(may, "to_date", "zh") == "截至2023年5月底累计"
    assert window_label(Period.parse("2023-01"), "ytd", "zh") == "2023年1月"
    assert window_label(Period.parse("2023"), "ytd", "en") == "2023"
    assert end_label(may, "en") == "end of May 2023"


def test_a_month_twelve_months_earlier_is_twelve_less() -> None:
    assert month_number(date(2023, 3, 5)) - month_number(date(2022, 3, 31)) == 12
