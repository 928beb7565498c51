"""No ID number, name or phone in any output, log, error, database or published file.

Canaries are planted in every column of every source, in rows of the wrong shape, in files that are refused, in
headers, file and folder names. Then every command runs, and everything it wrote is searched: the bytes of every
file in the home (in four encodings) and, since DuckDB compresses text, the cells of every table.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from etl.privacy import mask, mask_label, mask_of
from etl.source import Source, load_sources
from tests.commands import run
from tests.drops import id_number
from tests.etl.desk import TANGSHAN

BORN = date(1983, 11, 27)
PERSON = id_number(BORN, 46)
OTHERS = [id_number(BORN, sequence) for sequence in (48, 52, 54, 56)]
WRONG = PERSON[:-1] + ("0" if PERSON[-1] != "0" else "1")
OLD = PERSON[:6] + PERSON[8:17]
WIDE = PERSON.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
PHONES = ["13987650421", "139-8765-0421", "139 8765 0421", "+8613987650421"]
OTHER_PHONES = ["0315-2839475", "+86-139-8765-0421", "1398 765 0421", "（0315）2839475", "010 6283 9475"]
NAMES = ["欧阳修远", "张红旗", "王新村"]
NUMBERS = [PERSON, *OTHERS, WRONG, OLD, WIDE, f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}", *PHONES]
# The parts of a number that must not be seen either, whatever stands between them.
PARTS = [
    "2839475",
    PERSON[:17],
    PERSON[6:17],
    PERSON[8:17],
    "13987650421",
    "8765-0421",
    "8765 0421",
    "９８３１１２７０",
]

SOUGHT = [
    one for one in {*NUMBERS, *PARTS, *NAMES} if not any(other in one for other in {*NUMBERS, *PARTS} - {one})
]

GOOD = {
    "registrations": {
        **{
            "id_number": PERSON,
            "volunteer_number": "V1",
            "name": NAMES[0],
            "gender": "女",
            "birth_date": "1983-11-27",
        },
        **{"area": "路南区", "registered_on": "2021-05-01", "status": "正常", "platform": "志愿汇"},
    },
    "service_hours": {
        **{
            "record_id": "R1",
            "id_number": PERSON,
            "name": NAMES[0],
            "activity_id": "A1",
            "service_date": "2021-05-01",
        },
        **{"start_at": "2021-05-01 08:00", "service_hours": "2", "status": "通过", "area": "路南区"},
    },
    "activities": {
        **{"activity_id": "A1", "title": f"学习{NAMES[0]}", "area": "路南区", "start_at": "2021-05-01 08:00"},
        **{"status": "已结束", "category": "社区服务", "campaign": "学雷锋"},
    },
}


def planted(source: Source) -> str:
    """A drop with a canary in each column in turn, in rows that are right otherwise."""
    columns = list(source.columns)
    good = GOOD[source.name]
    rows = [good]
    for column in columns:
        rows += [{**good, column: canary} for canary in [*NUMBERS, *NAMES]]
    if "record_id" in good:  # numbers that stand for several persons would hold the drop
        rows = [
            {**row, "record_id": f"R{at}"} if row["record_id"] == "R1" else row for at, row in enumerate(rows)
        ]
    header = ",".join(source.columns[column].title for column in columns)
    lines = [",".join(row.get(column, "") for column in columns) for row in rows]
    return "\n".join(
        [
            f"{header},{NAMES[1]},手机{PHONES[0]},{PERSON}",
            *[f"{line},{NAMES[0]},{PHONES[0]},x" for line in lines],
            "",
        ]
    )


def misshapen() -> bytes:
    """Rows whose cells stand under the wrong headers, are cut off, or cannot be read."""
    rows = [
        f"{NAMES[0]},{PERSON},{PHONES[0]},女,路南区",
        f"{PERSON},{NAMES[0]}",
        f"{PERSON},{NAMES[0]},路南区,2021-05-01,正常,{PHONES[0]},{NAMES[1]}",
        f'{PERSON},"{NAMES[0]},路南区,2021-05-01,正常',
        f"{NAMES[1]},,{PHONES[0]},{PERSON},{NAMES[0]}",
        f",{PERSON},{NAMES[0]},{NAMES[1]},{PHONES[1]}",
    ]
    content = "\n".join(["身份证号,姓名,所属区县,注册日期,状态", *rows, ""]).encode()
    return (
        content
        + f"{PERSON},{NAMES[0]}".encode()
        + b"\xff,,,\n"
        + f"{OTHERS[0]},{NAMES[0]},路南区,2021-05-02,正常\n".encode()
    )


def drops() -> Iterator[tuple[str, bytes]]:
    """(path below the inbox, content) of every drop."""
    for source in load_sources().values():
        yield f"{source.name}.csv", planted(source).encode()
    yield "service_hours-gbk.csv", planted(load_sources()["service_hours"]).encode("gb18030")
    yield "misshapen.csv", misshapen()
    yield f"{NAMES[0][:0]}{PHONES[0]}/{PERSON}.csv", f"身份证号,注册日期\n{OTHERS[1]},2021-05-03\n".encode()
    yield (
        f"电话 {PHONES[1]} {PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}.csv",
        f"身份证号,注册日期\n{OTHERS[2]},明天\n".encode(),
    )
    yield "headless.csv", f"{PERSON},{NAMES[0]},{PHONES[0]}\n{OTHERS[0]},{NAMES[1]},{PHONES[1]}\n".encode()
    yield "headless-gbk.csv", f"{PERSON},{NAMES[0]},{PHONES[0]}\n".encode("gbk")
    yield "lacking.csv", f"姓名,{PERSON},{PHONES[0]},{NAMES[0]},注册日期\n{NAMES[0]},,,,\n".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr(f"联系 {PHONES[0]}/{PERSON}.csv", f"身份证号,注册日期\n{OTHERS[1]},2021-05-04\n")
        made.writestr(f"{PHONES[1]}.docx", "x")
    yield "packed.zip", packed.getvalue()
    strange = io.BytesIO()
    with zipfile.ZipFile(strange, "w") as made:
        for said in (PERSON, PHONES[0], *NAMES):
            made.writestr(f"一.{said}", "x")
    yield "strange.zip", strange.getvalue()
    yield "strange.xlsx", strange.getvalue()
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as sheets:
        for number, name in enumerate((PERSON, PHONES[0])):
            rows = [["身份证号", "注册日期"], [OTHERS[1], f"2021-05-0{5 + number}"]]
            sheet = sheets.add_worksheet(f"{name} 组")
            for at, row in enumerate(rows if not number else [["请填写"]]):
                sheet.write_row(at, 0, row)
    yield "book.xlsx", book.getvalue()
    yield "unicode.csv", f"{PERSON},{NAMES[0]}\n".encode("utf-16")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every command wrote to stdout and stderr; `home` is where the rest is."""
    directory = tmp_path_factory.mktemp("canaries")
    home, inbox = directory / "home", directory / "inbox" / TANGSHAN
    for name, content in drops():
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    figure = ["service_hours", "--area", TANGSHAN, "--period", "2021"]
    calls: list[tuple[str, ...]] = [
        (
            "etl",
            "load",
            *(str(inbox / name) for name in ("misshapen.csv", "headless.csv", "lacking.csv")),
            "--check",
        ),
        ("etl", "load", str(inbox), "--json", "--supplier", f"联系人 {PHONES[0]} {PERSON}"),
        ("etl", "load", str(inbox)),
        ("etl", "load", str(directory / f"{PERSON}.csv")),
        ("etl", "status"),
        ("etl", "status", "--json"),
        ("etl", "replay", "9"),
        ("etl", "replay", "10"),
        ("etl", "quarantine"),
        ("etl", "quarantine", "--json"),
        ("etl", "quarantine", "--export", str(home / "quarantine.csv")),
        ("etl", "quarantine", "--export", str(home / "quarantine.xlsx")),
        ("etl", "receipt", "--all"),
        ("etl", "corrections"),
        ("etl", "trace", *figure),
        ("etl", "trace", *figure, "--json"),
        ("etl", "withdraw", "1", "--reason", f"请联系 {PHONES[0]},证件 {PERSON}"),
        ("etl", "withdraw", "2", "--reason", "来电 " + "，".join(OTHER_PHONES)),
        ("etl", "withdraw", "2", "--undo", "--reason", f"电话 {OTHER_PHONES[0]}"),
        ("etl", "release", "2", "--by", f"李科长 {OTHER_PHONES[1]}", "--reason", OTHER_PHONES[0]),
        ("etl", "refuse", "2", "--by", OTHER_PHONES[0], OTHER_PHONES[2], "--reason", OTHER_PHONES[3]),
        ("etl", "replay", OTHER_PHONES[0]),
        ("etl", "publish"),
        ("etl", "status", "--json"),
        ("metrics", "query", *figure, "--format", "json"),
        ("metrics", "export", str(home / "exports")),
    ]
    said = {"home": str(home)}
    for number, (package, *arguments) in enumerate(calls):
        result = run(package, *arguments, home=home)
        assert result.code in (0, 1, 2)
        said[f"{number} {package} {arguments[0]}"] = result.out + result.err
    return said


def found_in(text: str) -> list[str]:
    return [canary for canary in SOUGHT if canary in text]


def test_no_command_says_a_canary(told: dict[str, str]) -> None:
    said = {call: found_in(text) for call, text in told.items() if call != "home"}
    assert {call: found for call, found in said.items() if found} == {}


def test_the_commands_said_something(told: dict[str, str]) -> None:
    """A test that searches silence proves nothing."""
    everything = "".join(told.values())
    for part in (
        "misshapen.csv",
        "headless.csv",
        "已拒收",
        "quarantined",
        "still are",
        "traced",
        "service_hours",
    ):
        assert part in everything
    assert "9****************" in everything


def test_no_file_of_the_home_holds_a_canary(told: dict[str, str]) -> None:
    home = Path(told["home"])
    files = [path for path in home.rglob("*") if path.is_file() and path.name != "secret.key"]
    assert {"warehouse.duckdb", "warehouse.lock", "CURRENT"} <= {path.name for path in files}
    assert len([path for path in files if path.suffix == ".csv"]) > 0, "nothing was exported"
    found = []
    assert len([path for path in files if path.suffix == ".xlsx"]) > 10, "no receipt was written"
    for path in files:
        content = path.read_bytes()
        if path.suffix == ".xlsx":  # compressed
            with zipfile.ZipFile(path) as package:
                content = b"".join(package.read(name) for name in package.namelist())
        for canary in SOUGHT:
            spelt = {canary.encode(encoding) for encoding in ("utf-8", "gbk", "utf-16-le", "utf-16-be")}
            found += [f"{path.relative_to(home)}: {canary}" for written in spelt if written in content]
        assert not found_in(str(path.relative_to(home)))
    assert found == []


def test_no_cell_of_any_table_holds_a_canary(told: dict[str, str]) -> None:
    """The bytes of a database may be compressed; its cells are not."""
    found, cells = [], 0
    for path in Path(told["home"]).rglob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
            for (table,) in tables:
                for row in connection.execute(f'FROM "{table}"').fetchall():
                    cells += len(row)
                    found += [f"{path.name} {table}: {canary}" for canary in found_in(repr(row))]
    assert found == []
    assert cells > 1000


def test_what_was_good_among_the_canaries_was_counted(told: dict[str, str]) -> None:
    with duckdb.connect(str(Path(told["home"]) / "warehouse.duckdb"), read_only=True) as connection:
        ((rows,),) = connection.execute("SELECT count(*) FROM current_registrations").fetchall()
        ((waiting,),) = connection.execute("SELECT count(*) FROM quarantine").fetchall()
    assert rows > 0
    assert waiting > 100


def test_spilled_rows_go_where_nobody_else_may_look(told: dict[str, str]) -> None:
    staging = Path(told["home"]) / ".staging"
    assert staging.stat().st_mode & 0o077 == 0
    assert list(staging.iterdir()) == []


# --- what may be shown of a value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("", ""),
        ("   ", ""),
        ("90000019900307002X", "9****************X(18)"),
        ("900000900307002", "9*************2(15)"),
        ("９０００００１９９００３０７００２Ｘ", "９*****************(18)"),
        ("13812345678", "1**********(11)"),
        ("2823456", "2******(7)"),
        ("张三丰", "张**(3)"),
        ("欧阳修远", "欧***(4)"),
        ("张", "*"),
        ("张红旗", "张**(3)"),
        ("王新村", "王**(3)"),
        ("李小镇", "李**(3)"),
        ("张三丰 路南区", "张******(7)"),
        ("Zhang Sanfeng", "Z************(13)"),
        ("我" * 100, "我" + "*" * 24 + "(100)"),
        ("光明路幸福小区", "光******(7)"),
        ("建设路12号", "建*****(6)"),
        ("和平里社区", "和****(5)"),
        ("130299", "130299"),
        ("25", "25"),
        ("24.01", "24.01"),
        ("-3", "-3"),
        ("1,200", "1,200"),
        ("95%", "95%"),
        ("2021-02-30", "2021-02-30"),
        ("2021年2月30日", "2021年2月30日"),
        ("2021/13/1 25:61", "2021/13/1 25:61"),
        ("20210230", "20210230"),
        ("2021-02-30 张三丰", "2*************(14)"),
    ],
)
def test_of_a_refused_value_is_shown(value: str | None, shown: str) -> None:
    assert mask(value) == shown


@pytest.mark.parametrize("area", ["火星区", "滦县", "唐山市路南区", "路北区", "鄂温克族自治旗", "京唐港街道"])
def test_what_looks_like_an_area_is_shown_where_an_area_is_written(area: str) -> None:
    assert mask_of("area", area) == area
    assert mask_of("service_hours", area) == mask(area) != area


@pytest.mark.parametrize("slipped", ["曾省", "赵市", "张三丰", "光明路幸福小区"])
def test_what_may_be_a_name_or_an_address_is_masked_there_too(slipped: str) -> None:
    assert mask_of("area", slipped) == mask(slipped) != slipped


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("2021-05 唐山.csv", "2021-05 唐山.csv"),
        ("20210501.csv", "20210501.csv"),
        ("手机13812345678", "手机***********"),
        ("手机138-1234-5678", "手机*************"),
        ("90000019900307002X.csv", "******************.csv"),
        ("900000 19900307 002X.csv", "********************.csv"),
        ("长" * 200, "长" * 120),
        *((phone, "*" * len(phone)) for phone in (*PHONES[1:], *OTHER_PHONES)),
        ("来电0315-2345678转8", "来电************转8"),
        ("１３８ １２３４ ５６７８", "*************"),
        ("电话 2345678。", "电话********。"),
        ("130202 1990-03-07 002X", "*" * 22),
        *(
            (day, day)
            for day in ("2021-05-01", "2021.5.1-2021.5.31", "20210501-20210531", "2020-2021 130202")
        ),
        ("2021-05-01 08:30-11:30", "2021-05-01 08:30-11:30"),
        ("共 138 2021-05-01", "共 138 2021-05-01"),
        ("13 2021-6-14 08:30", "13 2021-6-14 08:30"),
        ("报表-001-20210501.csv", "报表-001-20210501.csv"),
    ],
)
def test_of_a_header_or_a_file_name_is_kept(name: str, kept: str) -> None:
    assert mask_label(name) == kept
