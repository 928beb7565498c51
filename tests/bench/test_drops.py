"""The benchmark's drops are well formed: a load that refuses them would measure nothing."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

from bench.drops import Drops, write_drops

WEIGHTS = [pow(2, 17 - place, 11) for place in range(17)]  # GB 11643: weight = 2^(18 - place) modulo 11
ROWS, VOLUNTEERS = 700, 60


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drops_in(folder: Path) -> Drops:
    return write_drops(folder, ROWS, VOLUNTEERS, ["路南区", "路北区"], files=3)


def test_id_numbers_are_unique_synthetic_and_rightly_checked(tmp_path: Path) -> None:
    numbers = [row["身份证号"] for row in rows_of(drops_in(tmp_path).registrations[0])]
    assert len(set(numbers)) == len(numbers) == VOLUNTEERS
    for number in numbers:
        assert number.startswith("900000")
        assert date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}") <= date(2006, 1, 1)
        total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
        assert number[17] == "10X98765432"[total % 11]


def test_gender_agrees_with_the_seventeenth_digit(tmp_path: Path) -> None:
    people = rows_of(drops_in(tmp_path).registrations[0])
    assert {(int(row["身份证号"][16]) % 2, row["性别"]) for row in people} == {(1, "男"), (0, "女")}


def test_service_records_point_to_known_persons_and_activities(tmp_path: Path) -> None:
    drops = drops_in(tmp_path)
    people = {row["身份证号"] for row in rows_of(drops.registrations[0])}
    activities = {row["活动编号"] for row in rows_of(drops.activities[0])}
    records = [row for path in drops.service_hours for row in rows_of(path)]
    assert len(drops.service_hours) == 3
    assert len({row["记录编号"] for row in records}) == len(records) == drops.hour_rows == ROWS
    assert {row["身份证号"] for row in records} <= people
    assert {row["活动编号"] for row in records} <= activities
    assert all(0.5 <= float(row["服务时长"]) <= 8 for row in records)
    assert max(Counter(row["身份证号"] for row in records).values()) > ROWS / VOLUNTEERS  # heavy-tailed


def test_every_row_is_marked_as_synthetic_and_the_bytes_are_the_same_again(tmp_path: Path) -> None:
    first, second = drops_in(tmp_path / "first"), drops_in(tmp_path / "second")
    assert [path.read_bytes() for path in first.files] == [path.read_bytes() for path in second.files]
    assert {row["数据性质"] for path in first.files for row in rows_of(path)} == {"示例数据"}
