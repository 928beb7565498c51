"""Cells to values: a table for each type of column, drawn as in tests/etl/cells.py."""

from __future__ import annotations

import duckdb
import pytest

from etl.source import COLUMN_TYPES, load_sources
from etl.values import MISSING_WORDS, READERS, expected, sql_for_absent, sql_for_value
from tests.etl.cells import assert_reads, column, read


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
        1.2萬       → 12000.000000
        3億         → 300000000.000000
        3.5"        → 3.500000
        3.5”        → 3.500000
        5千         → 5000.000000
        3亿         → 300000000.000000
        2百万        → 2000000000.000000
        9亿         → 900000000.000000
        99999亿     → 900000000000.000000
        3万亿        → 3000000000.000000
        99999万亿    → 900000000000.000000
        -3万亿       → -3000000000.000000
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
        几小时     → unreadable
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
        万亿        → unreadable
        3亿万       → unreadable
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


def test_hours_a_spreadsheet_computed_are_rounded_to_what_is_stored() -> None:
    assert_reads(
        column("hours"),
        """
        0.333333333333333      → 0.333333
        2.0000000001           → 2.000000
        1.99999999999999       → 2.000000
        0.333333333333333小时   → 0.333333
        19.9999999999999分钟    → 0.333333
        -0.333333333333333     → -0.333333
        0.000000333333333333333 → 0.000000
        1,234.3333333333333    → 1234.333333
        24.0000000001          → 24.000000
        """,
    )
    assert_reads(
        column("minutes"),
        """
        19.9999999999998       → 20.0000
        0.333333333333333小时   → 20.0000
        """,
    )


def test_hours_as_people_speak() -> None:
    assert_reads(
        column("hours"),
        """
        两小时      → 2.000000
        兩小時      → 2.000000
        两个小时    → 2.000000
        半小时      → 0.500000
        半个小时    → 0.500000
        半個鐘頭    → 0.500000
        1小时半     → 1.500000
        一小时半    → 1.500000
        一个半小时  → 1.500000
        两个半钟头  → 2.500000
        3個小時     → 3.000000
        3.5小時     → 3.500000
        3小時30分鐘 → 3.500000
        三小时三十分 → 3.500000
        十小时      → 10.000000
        十二小时    → 12.000000
        二十四小时  → 24.000000
        四十五分钟  → 0.750000
        一          → unreadable
        半          → unreadable
        两          → unreadable
        1两小时     → unreadable
        1.5小时半   → unreadable
        2十小时     → unreadable
        两三小时    → unreadable
        半小时半    → unreadable
        几小时      → unreadable
        半天        → unreadable
        两小时左右  → unreadable
        """,
    )
    assert read(column("minutes"), ["半小时", "三十分钟", "一个半小时", "1小時半"]) == [
        "30.0000",
        "30.0000",
        "90.0000",
        "90.0000",
    ]


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
        1.2萬   → 12000
        3億人次 → 300000000
        12"     → unreadable
        3 千    → 3000
        0.5亿   → 50000000
        3亿     → 300000000
        3亿人次   → 300000000
        1234.56万 → 12345600
        9999999亿 → 999999900000000
        99999999亿 → unreadable
        3百万    → unreadable
        3万亿    → unreadable
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
        不详       → missing
        \ufeff正常\u3000 → in_force
        ∅         → missing
        —         → missing
        """,
    )


def test_codes_in_traditional_characters_are_understood() -> None:
    assert_reads(
        column("", "service_hours", "status"),
        """
        通過       → approved
        ␣審核通過   → approved
        待審       → pending
        駁回       → rejected
        不通過     → rejected
        路過       → unreadable
        無         → missing
        """,
    )
    assert_reads(column("", "service_hours", "evidence"), "自動簽到 → clocked\n人工補錄 → manual")


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
        先生      → male
        女士      → female
        ｆ        → female
        ’1        → male
        ="2"      → female
        女\u200b  → female
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
        1000.0     → 1000
        2021050001.0 → 2021050001
        １０００．０ → 1000
        1000.00    → 1000.00
        V1.0       → V1.0
        900000199003070020.0 → 900000199003070020.0
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
