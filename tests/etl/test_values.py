"""Cells to values: a table for each type of column, run through DuckDB as a drop's cells are.

`→` divides what a cell says from what is read. `missing` is an empty answer, `unreadable` one that must be
refused: neither ever becomes a value. ␣ stands for a space at the edge of a cell, ⇥ for a tab.
"""

from __future__ import annotations

import duckdb
import pytest

from etl.source import COLUMN_TYPES, Column, load_sources
from etl.values import MISSING_WORDS, READERS, expected, is_missing, sql_for_absent, sql_for_value

MARKS = {"␣": " ", "⇥": "\t", "␤": "\n", "∅": ""}


def read(column: Column, texts: list[str | None]) -> list[str]:
    """What each cell is read as, all cells in one scan as in a drop."""
    with duckdb.connect(":memory:") as connection:
        connection.execute("CREATE TABLE cells (place INTEGER, cell VARCHAR)")
        connection.executemany("INSERT INTO cells VALUES (?, ?)", list(enumerate(texts)))
        found = connection.execute(
            f"SELECT CAST({sql_for_value(column, 'cell')} AS VARCHAR), {is_missing('cell')} "
            "FROM cells ORDER BY place"
        ).fetchall()
    return [value if value is not None else "missing" if blank else "unreadable" for value, blank in found]


def column(kind: str, source: str = "", name: str = "") -> Column:
    """A column of a type, or one of a sheet of the house."""
    if source:
        return load_sources()[source].columns[name]
    return Column("cell", kind, ("某列",), codes={"one": ("甲",)} if kind == "code" else {})


def assert_reads(column: Column, drawing: str) -> None:
    """Compare a drawn table with what is read, all lines at once."""
    pairs = [line.split("→") for line in drawing.splitlines() if line.strip()]
    cells = [cell.strip() for cell, _ in pairs]
    for mark, meant in MARKS.items():
        cells = [cell.replace(mark, meant) for cell in cells]
    drawn = [value.strip() for _, value in pairs]
    found = read(column, cells)
    assert dict(zip(cells, found, strict=True)) == dict(zip(cells, drawn, strict=True))


def test_dates() -> None:
    assert_reads(
        column("date"),
        """
        2021-05-01          → 2021-05-01
        2021/5/1            → 2021-05-01
        2021/05/01          → 2021-05-01
        2021.5.1            → 2021-05-01
        2021年5月1日         → 2021-05-01
        2021年05月01         → 2021-05-01
        20210501            → 2021-05-01
        ２０２１－０５－０１   → 2021-05-01
        ２０２１年５月１日     → 2021-05-01
        ␣2021-05-01         → 2021-05-01
        2021-05-01⇥         → 2021-05-01
        2021-05-01 08:30    → 2021-05-01
        2021-5-1 8:30:05    → 2021-05-01
        2021-05-01T08:30:00 → 2021-05-01
        2021年5月1日8:30     → 2021-05-01
        2021-05-01T08:30:00.000+08:00 → 2021-05-01
        2021-05-01T16:00:00Z → 2021-05-02
        2021-05-01T15:59:59Z → 2021-05-01
        2021-05-01 08:30:00 UTC+8 → 2021-05-01
        2021-05-01 22:00-05:00 → 2021-05-02
        2021-05-01 24:00    → 2021-05-01
        2021-05-01 24:00Z   → 2021-05-02
        2021年5月1号         → 2021-05-01
        2021 年 5 月 1 日    → 2021-05-01
        2021年5月1日 星期六   → 2021-05-01
        2021。5。1           → 2021-05-01
        2021-5- 1           → 2021-05-01
        2021－5－1 下午2:30  → 2021-05-01
        44317               → 2021-05-01
        44317.999999        → 2021-05-01
        '44317              → 2021-05-01
        10000               → 1927-05-18
        73050               → 2099-12-31
        '2021-05-01         → 2021-05-01
        ‘2021-05-01’        → 2021-05-01
        “2021-05-01”        → 2021-05-01
        \"2021-05-01\"     → 2021-05-01
        =\"2021-05-01\"    → 2021-05-01
        2021\u200b-05-01    → 2021-05-01
        \ufeff2021-05-01\u00a0 → 2021-05-01
        不详                 → missing
        #N/A                → missing
        =\"\"              → missing
        2020-02-29          → 2020-02-29
        1900-01-01          → 1900-01-01
        ∅                   → missing
        无                  → missing
        """,
    )


def test_impossible_dates_are_refused() -> None:
    assert_reads(
        column("date"),
        """
        2021-02-29     → unreadable
        2021-02-30     → unreadable
        2021-13-01     → unreadable
        2021-00-10     → unreadable
        2021-04-31     → unreadable
        20210230       → unreadable
        20211301       → unreadable
        0000-00-00     → unreadable
        2021-05-0      → unreadable
        1899-12-31     → unreadable
        """,
    )


def test_dates_that_would_have_to_be_guessed_are_refused() -> None:
    """A two-digit year, an epoch, day and month in unknown order, two dates, an unknown zone, no year."""
    assert_reads(
        column("date"),
        """
        21-5-1                  → unreadable
        9999                    → unreadable
        73051                   → unreadable
        44,317                  → unreadable
        44317日                  → unreadable
        1620000000              → unreadable
        1620000000000           → unreadable
        1e2                     → unreadable
        nan                     → missing
        05/01/2021              → unreadable
        1-May-21                → unreadable
        2021-5                  → unreadable
        202105                  → unreadable
        2021年5月                → unreadable
        2021-05-01x             → unreadable
        (2021-05-01)            → unreadable
        infinity                → unreadable
        epoch                   → unreadable
        today                   → unreadable
        今天                     → unreadable
        2021-05-01 张三          → unreadable
        2021-05-01 ~ 2021-05-03 → unreadable
        2021-05-01 至 2021-05-03 → unreadable
        2021-05-01 25:00        → unreadable
        2021-05-01 08:30 CST    → unreadable
        2021-05-01 08:30+15:00  → unreadable
        2021-05-01Z             → unreadable
        21年5月1日               → unreadable
        5月1日                   → unreadable
        2021-05-01\"            → unreadable
        """,
    )


def test_moments() -> None:
    assert_reads(
        column("datetime"),
        """
        2021-05-01 08:30          → 2021-05-01 08:30:00
        2021-05-01 08:30:15       → 2021-05-01 08:30:15
        2021-05-01T08:30          → 2021-05-01 08:30:00
        2021-05-01T08:30:15       → 2021-05-01 08:30:15
        2021-5-1 8:30             → 2021-05-01 08:30:00
        2021/5/1 8:30             → 2021-05-01 08:30:00
        2021/05/01 08:30:15       → 2021-05-01 08:30:15
        2021年5月1日 8:30          → 2021-05-01 08:30:00
        2021年5月1日8:30           → 2021-05-01 08:30:00
        2021.5.1 8:30             → 2021-05-01 08:30:00
        2021-05-01T08:30:00+08:00 → 2021-05-01 08:30:00
        ２０２１－０５－０１ ０８：３０ → 2021-05-01 08:30:00
        2021-05-01                → 2021-05-01 00:00:00
        2021/5/1                  → 2021-05-01 00:00:00
        20210501                  → 2021-05-01 00:00:00
        ␣2021-05-01 08:30␣        → 2021-05-01 08:30:00
        2021-05-01 8时30分         → 2021-05-01 08:30:00
        2021-05-01 8点             → 2021-05-01 08:00:00
        2021年5月1日 8时30分15秒    → 2021-05-01 08:30:15
        2021-05-01 上午8:30        → 2021-05-01 08:30:00
        2021-05-01 下午2:30        → 2021-05-01 14:30:00
        2021-05-01 下午 02:30:15   → 2021-05-01 14:30:15
        2021-05-01 下午14:30       → 2021-05-01 14:30:00
        2021-05-01 下午12:30       → 2021-05-01 12:30:00
        2021-05-01 2:30 PM        → 2021-05-01 14:30:00
        2021-05-01 12:30 AM       → 2021-05-01 00:30:00
        2021-05-01 12:30 p.m.     → 2021-05-01 12:30:00
        2021-05-01T08:30:00Z      → 2021-05-01 16:30:00
        2021-05-01T20:30:00.000Z  → 2021-05-02 04:30:00
        2021-05-01 08:30 UTC      → 2021-05-01 16:30:00
        2021-05-01 08:30+08       → 2021-05-01 08:30:00
        2021-05-01 08:30+0900     → 2021-05-01 07:30:00
        2021-05-01 08:30-04:30    → 2021-05-01 21:00:00
        2021-05-01 08:30 GMT+8    → 2021-05-01 08:30:00
        2021-5-01 08:30Z          → 2021-05-01 16:30:00
        2021-05-01 24:00          → 2021-05-02 00:00:00
        2021-05-31 24:00:00       → 2021-06-01 00:00:00
        44317                     → 2021-05-01 00:00:00
        44317.5                   → 2021-05-01 12:00:00
        44317.354166667           → 2021-05-01 08:30:00
        '2021-05-01 08:30         → 2021-05-01 08:30:00
        """,
    )


def test_moments_whose_time_of_day_is_not_understood_are_refused() -> None:
    """Read as midnight, two shifts of one day would be one record with a correction."""
    assert_reads(
        column("datetime"),
        """
        2021-05-01 25:00       → unreadable
        2021-05-01 08:60       → unreadable
        2021-02-30 08:30       → unreadable
        2021-5-118:30          → unreadable
        2021-05-01 24:01       → unreadable
        2021-05-01 下午         → unreadable
        2021-05-01 上午12:30    → unreadable
        2021-05-01 上午14:30    → unreadable
        2021-05-01 下午0:30     → unreadable
        2021-05-01 下午24:00    → unreadable
        2021-05-01 14:30 AM    → unreadable
        2021-05-01 上午8:30 PM  → unreadable
        2021-05-01 08:30 CST   → unreadable
        08:30                  → unreadable
        0.354166667            → unreadable
        2021-05-01 张三         → unreadable
        21-05-01 08:30         → unreadable
        1620000000             → unreadable
        1899-12-31 23:59       → unreadable
        """,
    )


def test_hours() -> None:
    assert_reads(
        column("hours"),
        """
        1          → 1.000000
        1.5        → 1.500000
        0          → 0.000000
        0.25       → 0.250000
        +3         → 3.000000
        -1         → -1.000000
        24         → 24.000000
        24.01      → 24.010000
        ␣1.5␣      → 1.500000
        １．５      → 1.500000
        999999     → 999999.000000
        1000000000 → 1000000000.000000
        .5         → 0.500000
        1,234      → 1234.000000
        1，234.5    → 1234.500000
        3.5小时     → 3.500000
        3.5 小时    → 3.500000
        3个小时     → 3.000000
        3.5h       → 3.500000
        3.5H       → 3.500000
        2 hours    → 2.000000
        3小时30分   → 3.500000
        3小时30分钟 → 3.500000
        3时30分     → 3.500000
        3h30m      → 3.500000
        210分钟     → 3.500000
        210分       → 3.500000
        210min     → 3.500000
        20分钟      → 0.333333
        03:30      → 3.500000
        3:30:00    → 3.500000
        0:00:36    → 0.010000
        90:00      → 90.000000
        ３：３０    → 3.500000
        ３．５小时   → 3.500000
        1.2万       → 12000.000000
        5千         → 5000.000000
        3亿         → 300000000.000000
        '3.5       → 3.500000
        =\"3.5\"   → 3.500000
        3\u200b.5  → 3.500000
        ∅          → missing
        -          → missing
        --         → missing
        N/A        → missing
        """,
    )


@pytest.mark.parametrize("kind", ["hours", "minutes"])
def test_numbers_nobody_would_write_for_hours_are_refused(kind: str) -> None:
    assert_reads(
        column(kind),
        """
        1e2       → unreadable
        1E2       → unreadable
        inf       → unreadable
        Infinity  → unreadable
        1_000     → unreadable
        12,34     → unreadable
        1,0000    → unreadable
        ,123      → unreadable
        1,5       → unreadable
        两小时     → unreadable
        30'       → unreadable
        30\"      → unreadable
        1:3       → unreadable
        1:60      → unreadable
        3小时90分  → unreadable
        3.5小时30分 → unreadable
        3小时30    → unreadable
        30分3小时  → unreadable
        小时       → unreadable
        万         → unreadable
        1天        → unreadable
        3课时      → unreadable
        -3:30     → unreadable
        3-4       → unreadable
        3~4小时    → unreadable
        1 5       → unreadable
        1..5      → unreadable
        --1       → unreadable
        0x10      → unreadable
        ½         → unreadable
        true      → unreadable
        12345678901234567890 → unreadable
        nan       → missing
        NaN       → missing
        """,
    )


def test_a_written_unit_wins_in_a_column_of_minutes() -> None:
    assert_reads(
        column("minutes"),
        """
        210        → 210.0000
        210分      → 210.0000
        210 分钟   → 210.0000
        3.5小时    → 210.0000
        3.5h       → 210.0000
        3小时30分  → 210.0000
        03:30      → 210.0000
        3:30:30    → 210.5000
        1.2千分    → 1200.0000
        1,440      → 1440.0000
        """,
    )


def test_a_day_of_hours_is_told_from_a_little_more() -> None:
    """Thresholds are tested below, at and above: rounding while reading must not move a value over them."""
    assert read(column("hours"), ["23.99", "24", "24.01"]) == ["23.990000", "24.000000", "24.010000"]
    assert read(column("minutes"), ["1439.99", "1440", "1440.01"]) == ["1439.9900", "1440.0000", "1440.0100"]


def test_counts() -> None:
    assert_reads(
        column("count"),
        """
        0      → 0
        12     → 12
        9999999 → 9999999
        10000000 → unreadable
        13812345678 → unreadable
        １２    → 12
        ␣7␣    → 7
        '12    → 12
        1,234  → 1234
        1，234  → 1234
        1,234,567 → 1234567
        12.0   → 12
        1.2万   → 12000
        3 千    → 3000
        0.5亿   → unreadable
        3亿     → unreadable
        12人    → 12
        1.2万人次 → 12000
        12,34  → unreadable
        1,2345 → unreadable
        1.23456万 → unreadable
        138,1234,5678 → unreadable
        1381.2345678万 → unreadable
        -1     → unreadable
        +1     → unreadable
        1.5    → unreadable
        1e3    → unreadable
        十      → unreadable
        ∅      → missing
        无      → missing
        """,
    )


def test_codes_of_a_column_that_knows_no_others_are_refused() -> None:
    assert_reads(
        column("", "registrations", "status"),
        """
        正常       → in_force
        ␣有效⇥     → in_force
        Active    → in_force
        IN FORCE  → in_force
        已注销     → left
        合并       → merged
        走了       → unreadable
        ∅         → missing
        —         → missing
        """,
    )


def test_codes_of_a_column_that_may_hold_anything_become_unknown() -> None:
    assert_reads(
        column("", "registrations", "gender"),
        """
        男       → male
        ␣女␣     → female
        M        → male
        F        → female
        1        → male
        ２       → female
        不详      → unknown
        张三丰    → unknown
        ∅        → missing
        无        → missing
        """,
    )


def test_id_numbers_are_brought_into_one_form() -> None:
    assert_reads(
        column("id_number"),
        """
        90000019900307002X   → 90000019900307002X
        90000019900307002x   → 90000019900307002X
        ９０００００１９９００３０７００２Ｘ → 90000019900307002X
        ９０００００１９９００３０７００２ｘ → 90000019900307002X
        '90000019900307002X  → 90000019900307002X
        90000019900307002X⇥  → 90000019900307002X
        900000 19900307 002X → 90000019900307002X
        900000900307002      → 900000900307002
        1.30202E+17          → 1.30202E+17
        ∅                    → missing
        暂无                  → missing
        """,
    )


def test_texts_lose_only_what_cannot_be_seen() -> None:
    assert_reads(
        column("text"),
        """
        R 001      → R 001
        ␣R001⇥     → R001
        R0000000001⇥ → R0000000001
        R0000000001␣ → R0000000001
        R0000000001\u3000 → R0000000001
        志愿者编号一\u00a0 → 志愿者编号一
        \u3000R001\u00a0  → R001
        \ufeffR001 → R001
        A/B        → A/B
        V\u200b0000001 → V0000001
        志愿\ufeff者编号一 → 志愿者编号一
        Ｖ０１      → V01
        'R001      → R001
        ’R001      → R001
        “R001”     → R001
        “甲”和“乙”   → “甲”和“乙”
        =\"0001\"  → 0001
        未知        → missing
        ∅          → missing
        ␣␣␣        → missing
        ␣␣␣␣␣␣␣␣␣␣␣␣ → missing
        \u3000     → missing
        """,
    )


@pytest.mark.parametrize("kind", sorted(set(READERS) - {"synthetic"}))
def test_words_for_nothing_are_missing_in_every_type(kind: str) -> None:
    words = [*MISSING_WORDS, "NULL", "N/A", " 无 ", "NaN", "None", "无" + " " * 20]
    assert dict(zip(words, read(column(kind), words), strict=True)) == dict.fromkeys(words, "missing")


def test_labels_keep_no_number_long_enough_to_be_a_phone_or_an_id() -> None:
    assert_reads(
        column("label"),
        """
        志愿汇              → 志愿汇
        “3·5”学雷锋2021     → “3·5”学雷锋2021
        13812345678        → *
        电话13812345678止   → 电话*止
        138-1234-5678      → *
        138 1234 5678      → *
        +86 138-1234-5678  → +86 *
        １３８１２３４５６７８ → *
        28234567           → *
        0315-2823456       → 0315-*
        90000019900307002X → *
        900000 19900307 002X → * * 002X
        ９０００００１９９００３０７００２Ｘ → *
        900000900307002    → *
        ∅                  → missing
        """,
    )


def test_labels_are_cut_to_a_length_that_fits_a_label() -> None:
    assert read(column("label"), ["长" * 200]) == ["长" * 80]


def test_one_mark_of_a_sample_is_enough() -> None:
    assert read(column("synthetic"), ["示例数据", "示例", "Sample data", "SYNTHETIC", "真实", "", None]) == [
        *["true"] * 4,
        *["false"] * 3,
    ]


def test_every_type_a_sheet_may_name_can_be_read() -> None:
    assert set(READERS) | {"unread"} == set(COLUMN_TYPES)


@pytest.mark.parametrize("kind", sorted(READERS))
def test_a_column_that_is_not_there_has_the_type_of_one_that_is(kind: str) -> None:
    with duckdb.connect(":memory:") as connection:
        there, absent = connection.execute(
            f"SELECT typeof({sql_for_value(column(kind), 'cell')}), typeof({sql_for_absent(column(kind))}) "
            "FROM (SELECT CAST(NULL AS VARCHAR) AS cell)"
        ).fetchall()[0]
    assert there == absent


@pytest.mark.parametrize("kind", sorted(READERS))
def test_every_type_can_say_what_it_expects_in_both_languages(kind: str) -> None:
    about = expected(column(kind))
    assert about.zh
    assert about.en.isascii()


def test_no_word_of_a_sheet_means_two_things() -> None:
    for source in load_sources().values():
        for one in source.columns.values():
            words = [word.lower() for values in one.codes.values() for word in values]
            assert len(words) == len(set(words)), f"{source.name}.{one.name}"
