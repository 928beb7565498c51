"""Who a row is about: one person whatever the spelling, and nothing to find them by without the secret."""

from __future__ import annotations

import hashlib
import stat
from datetime import date
from pathlib import Path

import pytest

from etl.identity import Secret, obtain_secret
from etl.messages import Refusal
from tests.drops import id_number
from tests.etl.desk import ADA, BEA, TODAY, Desk, sentences, text

BOTH = "身份证号,志愿者编号,来源平台,所属区县,注册日期"
BY_ID = "身份证号,所属区县,注册日期"
HOURS = "身份证号,志愿者编号,来源平台,服务日期,服务时长"


def people(desk: Desk) -> int:
    """How many different persons the facts know, registered or serving."""
    ((count,),) = desk.query("""
        SELECT count(DISTINCT volunteer_key) FROM
        (SELECT volunteer_key FROM current_registrations UNION ALL SELECT volunteer_key FROM current_service_records)
    """)
    return int(count)


def check_digit(stem: str) -> str:
    """GB 11643, written as in the standard: weights 2^(18-i) mod 11."""
    total = sum(int(digit) * (2 ** (18 - place) % 11) for place, digit in enumerate(stem, start=1))
    return "10X98765432"[total % 11]


# --- the secret


@pytest.fixture
def no_given_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDVEST_SECRET")


@pytest.mark.usefixtures("no_given_secret")
def test_the_secret_is_made_once_and_only_its_owner_may_read_it(desk: Desk) -> None:
    desk.load(text(BY_ID, f"{ADA},路南区,2021-05-01"))
    path = desk.home / "secret.key"
    made = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(made.strip()) == 64
    desk.load(text(BY_ID, f"{ADA},路南区,2021-05-02"))
    assert path.read_bytes() == made
    assert people(desk) == 1


@pytest.mark.usefixtures("no_given_secret")
def test_every_city_gets_a_secret_of_its_own(tmp_path: Path) -> None:
    secrets = set()
    for name in ("one", "other"):
        desk = Desk(tmp_path / name)
        secrets.add(obtain_secret(desk.home, desk.connection).value)
    assert len(secrets) == 2


@pytest.mark.usefixtures("no_given_secret")
def test_a_dry_run_makes_no_secret(desk: Desk) -> None:
    desk.load(text(BY_ID, f"{ADA},路南区,2021-05-01"), dry_run=True)
    assert list(desk.home.iterdir()) == []


@pytest.mark.usefixtures("no_given_secret")
def test_without_its_secret_a_warehouse_takes_nothing(desk: Desk) -> None:
    desk.load(text(BY_ID, f"{ADA},路南区,2021-05-01"))
    kept = desk.home / "secret.key"
    kept.rename(desk.home / "elsewhere")
    drop = desk.load(text(BY_ID, f"{BEA},路南区,2021-05-02"))
    assert drop.row.status == "refused"
    assert "缺少密钥" in sentences(drop)
    assert "is missing; put the original one back" in sentences(drop)
    assert not kept.exists()
    assert people(desk) == 1


@pytest.mark.usefixtures("no_given_secret")
def test_with_another_secret_a_warehouse_takes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.load(text(BY_ID, f"{ADA},路南区,2021-05-01"))
    monkeypatch.setenv("REDVEST_SECRET", "quite another secret than the one of the file")
    drop = desk.load(text(BY_ID, f"{BEA},路南区,2021-05-02"))
    assert drop.row.status == "refused"
    assert "密钥与数据仓库不符" in sentences(drop)
    assert "not the one this warehouse was made with" in sentences(drop)
    monkeypatch.delenv("REDVEST_SECRET")
    assert desk.load(text(BY_ID, f"{BEA},路南区,2021-05-02")).row.status == "loaded"


def test_a_given_secret_needs_no_file(desk: Desk) -> None:
    desk.load(text(BY_ID, f"{ADA},路南区,2021-05-01"))
    assert not (desk.home / "secret.key").exists()


@pytest.mark.usefixtures("no_given_secret")
@pytest.mark.parametrize("content", [b"", b"\n", b"  \r\n"])
def test_an_empty_secret_file_is_a_secret_that_is_missing(desk: Desk, content: bytes) -> None:
    (desk.home / "secret.key").write_bytes(content)
    with pytest.raises(Refusal, match=r"secret\.key is empty"):
        obtain_secret(desk.home, desk.connection)


@pytest.mark.usefixtures("no_given_secret")
def test_a_secret_file_may_have_been_through_a_windows_editor(desk: Desk) -> None:
    (desk.home / "secret.key").write_bytes(b"\xef\xbb\xbf" + b"5ec3e7" * 10 + b"\r\n")
    assert obtain_secret(desk.home, desk.connection).value == b"5ec3e7" * 10


def test_a_digest_depends_on_the_secret_and_is_no_plain_hash() -> None:
    one, other = Secret(b"one secret"), Secret(b"another secret")
    assert one.digest("person", ADA) == one.digest("person", ADA)
    assert len({one.digest("person", ADA), other.digest("person", ADA), one.digest("number", ADA)}) == 3
    plain = {
        hashlib.new(name, prefix + ADA.encode()).hexdigest()[:32]
        for name in ("md5", "sha1", "sha256", "sha512")
        for prefix in (b"", b"person:")
    }
    assert one.digest("person", ADA) not in plain
    assert "secret" not in repr(one)


def test_keys_of_records_cannot_be_recomputed_without_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A supplier's record number may hold an ID number, of which there are few enough to try out."""
    keys = []
    for name in ("one", "other"):
        monkeypatch.setenv("REDVEST_SECRET", f"a secret of {name} for this test")
        desk = Desk(tmp_path / name)
        desk.load(text(f"记录编号,{HOURS}", f"{ADA}-01,{ADA},,,2021-05-01,2"))
        keys += desk.query("SELECT record_key FROM service_records")
    assert keys[0] != keys[1]


# --- ID numbers


def test_every_spelling_of_a_number_is_the_same_person(desk: Desk) -> None:
    number = next(n for n in (id_number(date(1990, 3, 7), s) for s in range(2, 99)) if n.endswith("X"))
    wide = number.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    old = number[:6] + number[8:17]
    spellings = [
        number,
        number.lower(),
        wide,
        wide.lower(),
        old,
        f"'{number}",
        f" {number}\t",
        f"{number[:6]} {number[6:]}",
    ]
    drop = desk.load(text(BY_ID, *[f"{spelling},路南区,2021-05-01" for spelling in spellings]))
    assert drop.row.rows_quarantined == 0, sentences(drop)
    assert people(desk) == 1
    assert desk.query("SELECT DISTINCT birth_year, gender FROM current_registrations") == [
        (1990, "male" if int(number[16]) % 2 else "female")
    ]


@pytest.mark.parametrize("last", "0123456789X")
def test_of_eleven_check_digits_one_is_right(shared_desk: Desk, last: str) -> None:
    stem = f"90000019851017{int(last, 36):03}"
    right = check_digit(stem)
    wrong = [digit for digit in "0123456789X" if digit != right]
    drop = shared_desk.load(text(BY_ID, *[f"{stem}{digit},路南区,2021-05-01" for digit in [right, *wrong]]))
    assert [row_no for row_no, *_ in shared_desk.reasons(drop)] == list(range(3, 13))
    assert right == id_number(date(1985, 10, 17), int(last, 36))[-1]


def test_digits_that_were_swapped_are_found_out(desk: Desk) -> None:
    swapped = ADA[:11] + ADA[12] + ADA[11] + ADA[13:]
    assert swapped != ADA
    assert desk.reasons(desk.load(text(BY_ID, f"{swapped},路南区,2021-05-01"))) == [
        (2, "id_number_valid", "id_number")
    ]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1.30202E+17", "电子表格"),
        ("1.30202e+17", "电子表格"),
        ("9E+17", "电子表格"),
        ("900000199003070000", "电子表格"),
        ("90000019900307002", "18 位"),
        ("9000001990030700255", "18 位"),
        ("9000009003070", "18 位"),
        ("9000001990030700A5", "18 位"),
        ("张三丰", "18 位"),
        ("H01234567", "18 位"),
        ("900000199013070025", "出生日期"),
        ("900000189912310025", "出生日期"),
        ("900000202407010028", "出生日期"),
        ("900000901307002", "出生日期"),
    ],
)
def test_a_number_that_is_none_is_told_why(shared_desk: Desk, number: str, expected: str) -> None:
    drop = shared_desk.load(text(BY_ID, f"{number},路南区,2021-05-01"))
    assert shared_desk.reasons(drop) == [(2, "id_number_valid", "id_number")]
    assert expected in sentences(drop)
    assert number not in sentences(drop)


def test_a_person_born_today_is_possible_and_one_born_tomorrow_is_not(desk: Desk) -> None:
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)
    numbers = [id_number(TODAY, 2), id_number(tomorrow, 2)]
    drop = desk.load(text(BY_ID, *[f"{number},路南区,2021-05-01" for number in numbers]))
    assert [row_no for row_no, *_ in desk.reasons(drop)] == [3]


def test_a_number_of_the_dashed_out_kind_is_no_number(desk: Desk) -> None:
    """Platforms print ID numbers with stars; such a row can only go by its volunteer number."""
    header = "身份证号,志愿者编号,所属区县,注册日期"
    drop = desk.load(
        text(header, f"{ADA[:6]}********{ADA[14:]},V1,路南区,2021-05-01", "-,V2,路南区,2021-05-01")
    )
    assert desk.reasons(drop) == [(2, "id_number_valid", "id_number")]
    assert drop.row.rows_accepted == 1


# --- volunteer numbers


def test_a_record_with_a_number_is_the_persons_who_registered_with_it(desk: Desk) -> None:
    desk.load(text(HOURS, ",V1,志愿汇,2021-05-01,2"))
    assert desk.load(text(BOTH, f"{ADA},V1,志愿汇,路南区,2021-01-01")).row.rows_accepted == 1
    assert people(desk) == 1


def test_the_same_number_on_another_platform_is_another_person(desk: Desk) -> None:
    desk.load(text(BOTH, f"{ADA},V1,志愿汇,路南区,2021-01-01"))
    desk.load(text(HOURS, ",V1,燕赵志愿云,2021-05-01,2"))
    assert people(desk) == 2


def test_a_bare_number_is_linked_when_it_can_be_one_persons_only(desk: Desk) -> None:
    desk.load(text(HOURS, ",V1,,2021-05-01,2"))
    desk.load(text(BOTH, f"{ADA},V1,志愿汇,路南区,2021-01-01"))
    assert people(desk) == 1
    desk.load(text(BOTH, f"{ADA},V1,燕赵志愿云,路南区,2021-01-01"))
    assert people(desk) == 1


def test_a_bare_number_of_two_people_is_linked_to_neither(desk: Desk) -> None:
    desk.load(text(HOURS, ",V1,,2021-05-01,2"))
    desk.load(text(BOTH, f"{ADA},V1,志愿汇,路南区,2021-01-01", f"{BEA},V1,燕赵志愿云,路南区,2021-01-01"))
    assert people(desk) == 3


def test_a_number_registered_before_its_person_was_known_joins_them(desk: Desk) -> None:
    desk.load(text(BOTH, ",V1,志愿汇,路南区,2021-01-01"))
    desk.load(text(HOURS, ",V1,志愿汇,2021-05-01,2", f"{ADA},,,2021-05-02,2"))
    assert people(desk) == 2
    desk.load(text(BOTH, f"{ADA},V1,志愿汇,路南区,2021-06-01"))
    assert people(desk) == 1


def test_an_id_number_in_the_column_of_numbers_is_set_aside_and_makes_no_second_person(desk: Desk) -> None:
    outcome = desk.load(text(HOURS, f",{ADA},志愿汇,2021-05-01,2", f"{ADA},,,2021-05-01,2"))
    assert (outcome.row.rows_accepted, outcome.row.rows_quarantined) == (1, 1)
    assert people(desk) == 1


def rounded(number: str) -> str:
    """What a spreadsheet that keeps fifteen digits makes of an ID number."""
    return number[:15] + "000"


def right_by_accident() -> str:
    """A rounded number whose check digit happens to be right: one in eleven is."""
    sequences = (id_number(date(1980, 1, day), 0) for day in range(1, 29))
    return next(number for number in sequences if number.endswith("000"))


def test_rounded_numbers_are_told_even_where_the_check_digit_is_right_by_accident(desk: Desk) -> None:
    others = [rounded(id_number(date(1990, 5, day), 12)) for day in range(1, 6)]
    drop = desk.load(
        text(HOURS, *(f"{number},,,2021-05-01,2" for number in (ADA, right_by_accident(), *others)))
    )
    assert drop.row.rows_accepted == 1
    found = desk.query("SELECT DISTINCT check_name, message_zh LIKE '%末三位变成了 000%' FROM quarantine")
    assert found == [("id_number_valid", True)]


def test_a_phone_number_ending_in_zeros_is_told_as_no_id_number(desk: Desk) -> None:
    others = [rounded(id_number(date(1990, 5, day), 12)) for day in range(1, 6)]
    rows = [f"{number},路南区,2021-05-01" for number in [*others, "13800138000"]]
    desk.load(text(BY_ID, *rows))
    ((told,),) = desk.query("SELECT message_zh FROM quarantine WHERE row_no = 7")
    assert "000" not in told.replace("1**********(11)", "")
    assert "末三位" not in told


def test_a_genuine_number_ending_in_zeros_is_no_rounded_one(desk: Desk) -> None:
    drop = desk.load(text(HOURS, *(f"{number},,,2021-05-01,2" for number in (ADA, right_by_accident()))))
    assert drop.row.rows_accepted == 2
