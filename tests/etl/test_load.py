"""python -m etl load: whatever is in a folder, every file is accounted for and the good rows are in."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import load as loading
from etl.loading import load_paths
from tests.commands import Result, run
from tests.etl.desk import ADA, BEA, CAI, HOURS, REGISTER, TANGSHAN, VIEWS, Desk, plain, sentences, text

GOOD = f"{ADA},张三丰,路南区,2021-05-01,正常"
LEDGER_COLUMNS = {
    *("drop_id", "source", "file_name", "sha256", "rows_read", "rows_accepted", "rows_unchanged"),
    *("rows_quarantined", "status"),
}


def registrations(*rows: str, header: str = REGISTER) -> bytes:
    return text(header, *rows).encode()


# What is refused: the file and the sentence in each language.
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "02-weather.csv": ("今天天气很好\n明天也很好\n".encode(), "没有任何可识别的列名", "no column name is known"),
    "03-empty.csv": (b"", "空文件", "the file is empty"),
    "04-header.csv": (registrations(), "只有列名，没有数据行", "a header and no rows"),
    "05-blank.csv": (registrations("   ", ""), "只有列名，没有数据行", "a header and no rows"),
    "06-columns.csv": (registrations("1,2", header="姓名,注册日期"), "缺少必需的列：身份证号", "id_number or volunteer_number"),
    "07-book.csv": (b"PK\x03\x04\x14\x00\x06\x00", "压缩包已损坏", "archive"),
    "08-picture.csv": (b"\x89PNG\r\n\x1a\n\x00", "png 文件，不是文本", "found a png file"),
    "10-bytes.csv": (bytes(range(1, 256)) * 3, "没有任何可识别的列名", "no column name is known"),
}  # fmt: skip
# What is loaded: the file, and the rows it has (read, accepted or unchanged, quarantined).
LOADED: dict[str, tuple[bytes, tuple[int, int, int]]] = {
    "01-good.csv": (registrations(GOOD, f"{BEA},某某,路北区,2021-05-02,正常"), (2, 2, 0)),
    "09-unicode.txt": (f"{REGISTER}\n{CAI},某某,路南区,2021-05-01,正常\n".encode("utf-16"), (1, 1, 0)),
    "11-all-bad.csv": (registrations(*["没有号码,某某,火星区,明天,走了"] * 5), (5, 0, 5)),
    "12-fields.csv": (registrations(GOOD, ADA, f"{GOOD},x,y", f"{GOOD},,"), (4, 1, 3)),
    "13-quotes.csv": (registrations(f'{ADA},"张三,路南区,2021-05-01,', GOOD, f'{ADA},"张\n三",路南区,2021-05-01,'), (3, 2, 1)),
    "14-bytes.csv": (registrations(GOOD, "坏") + b"\xff\n" + GOOD.encode() + b"\n", (4, 2, 2)),
    "15-nul.csv": (registrations(GOOD.replace("张", "\0"), GOOD), (2, 1, 1)),
    "16-blank.csv": (registrations("", GOOD, "", "  ", GOOD, ""), (2, 2, 0)),
    "17-mixed.csv": (f"{REGISTER}\r\n{GOOD}\n{GOOD}\r{GOOD}".encode(), (3, 3, 0)),
    "18-gbk.csv": (registrations(GOOD).decode().encode("gbk"), (1, 1, 0)),
    "19-gb18030.txt": (registrations(GOOD.replace("张", "𠮷")).decode().encode("gb18030"), (1, 1, 0)),
    "20-mark.tsv": (registrations(GOOD).replace(b",", b"\t").decode().encode("utf-8-sig"), (1, 1, 0)),
    "21-semicolon.CSV": (registrations(GOOD).replace(b",", b";"), (1, 1, 0)),
    "22-more.csv": (registrations(f"{GOOD},阅读,13812345678", header=f"{REGISTER},爱好,手机号 13987654321"), (1, 1, 0)),
    "23 电话13812345678[1].csv": (registrations(f"{CAI},某某,路南区,2021-05-03,正常"), (1, 1, 0)),
    "24-hours.csv": (text(HOURS, f"R1,{ADA},2021-05-01,2,", f"R2,{ADA},2021-05-02,25,").encode(), (2, 1, 1)),
}  # fmt: skip


class Loaded:
    """A home into which the whole folder was loaded by one command, and what the command said."""

    def __init__(self, directory: Path) -> None:
        self.home = directory / "home"
        self.inbox = directory / "inbox" / TANGSHAN
        self.inbox.mkdir(parents=True)
        for name, (content, *_) in {**REFUSED, **LOADED}.items():
            (self.inbox / name).write_bytes(content)
        (self.inbox / ".hidden.csv").write_bytes(registrations(GOOD))
        (self.inbox / "note.docx").write_bytes(b"not looked at")
        self.result: Result = run("etl", "load", self.inbox.parent, "--json", home=self.home)
        self.rows: dict[str, dict[str, Any]] = {row["file_name"]: row for row in self.result.json()["drops"]}

    def facts(self) -> dict[str, list[tuple[Any, ...]]]:
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as connection:
            return {view: connection.execute(f"FROM {view} ORDER BY ALL").fetchall() for view in VIEWS}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return Loaded(tmp_path_factory.mktemp("loaded"))


def bytes_of(home: Path) -> dict[str, str]:
    """Every file below a folder with its checksum."""
    files = sorted(path for path in home.rglob("*") if path.is_file())
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# --- the whole folder


def test_every_file_is_in_the_ledger_in_order(loaded: Loaded) -> None:
    names = [row["file_name"] for row in loaded.result.json()["drops"]]
    assert names == [name.replace("13812345678", "*" * 11) for name in sorted([*REFUSED, *LOADED])]
    assert [row["drop_id"] for row in loaded.result.json()["drops"]] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_a_file_that_is_no_drop_is_in_the_ledger_with_the_sentence(loaded: Loaded, name: str) -> None:
    content, zh, en = REFUSED[name]
    row = loaded.rows[name]
    assert (row["status"], row["bytes"], row["sha256"]) == (
        "refused",
        len(content),
        hashlib.sha256(content).hexdigest(),
    )
    assert row["rows_read"] == row["rows_accepted"] == row["rows_quarantined"] == 0
    assert name in row["note_zh"]
    assert plain(zh) in plain(row["note_zh"])
    assert en in row["note_en"]
    assert row["note_zh"] in loaded.result.err
    assert row["note_en"] in loaded.result.err


@pytest.mark.parametrize("name", sorted(LOADED))
def test_every_row_read_is_accepted_unchanged_or_quarantined(loaded: Loaded, name: str) -> None:
    row = loaded.rows[name.replace("13812345678", "*" * 11)]
    taken = row["rows_accepted"] + row["rows_unchanged"]
    assert row["status"] == "loaded"
    assert (row["rows_read"], taken, row["rows_quarantined"]) == LOADED[name][1]


def test_the_exit_code_tells_that_something_was_refused_and_the_good_drops_are_published(
    loaded: Loaded,
) -> None:
    assert loaded.result.code == 1
    assert loaded.result.json()["build_id"] == (loaded.home / "published" / "CURRENT").read_text().strip()


def test_json_is_one_object_with_the_ledgers_columns_and_nothing_of_any_path(loaded: Loaded) -> None:
    answer = json.loads(loaded.result.out)
    assert set(answer) == {"drops", "build_id"}
    for row in answer["drops"]:
        assert set(row) >= LEDGER_COLUMNS
        assert "path" not in row
    assert str(loaded.inbox) not in loaded.result.out


def test_encoding_and_delimiter_are_in_the_ledger(loaded: Loaded) -> None:
    found = {name: (row["encoding"], row["delimiter"]) for name, row in loaded.rows.items()}
    assert found["01-good.csv"] == ("utf-8", ",")
    assert found["18-gbk.csv"] == ("gb18030", ",")
    assert found["20-mark.tsv"] == ("utf-8-sig", "\t")
    assert found["21-semicolon.CSV"] == ("utf-8", ";")
    assert found["03-empty.csv"] == (None, None)


def test_columns_that_are_not_known_are_noted_by_their_place(loaded: Loaded) -> None:
    row = loaded.rows["22-more.csv"]
    assert row["note_zh"] == "忽略 2 个未识别的列：第 F、G 列"
    assert row["note_en"] == "2 columns not known and ignored: F, G"
    assert row["note_zh"] in loaded.result.err


def test_blank_lines_are_counted_apart(loaded: Loaded) -> None:
    assert loaded.rows["16-blank.csv"]["rows_blank"] == 4


def test_the_days_and_the_area_of_a_drop_are_in_the_ledger(loaded: Loaded) -> None:
    row = loaded.rows["01-good.csv"]
    assert (row["first_on"], row["last_on"], row["area_code"]) == ("2021-05-01", "2021-05-02", TANGSHAN)
    assert loaded.rows["11-all-bad.csv"]["first_on"] is None


def test_loading_the_folder_again_changes_nothing(loaded: Loaded) -> None:
    before = bytes_of(loaded.home)
    again = run("etl", "load", loaded.inbox.parent, "--json", home=loaded.home)
    assert again.code == 1
    assert {row["repeated"] for row in again.json()["drops"]} == {True}
    assert [row["drop_id"] for row in again.json()["drops"]] == [
        row["drop_id"] for row in loaded.rows.values()
    ]
    assert again.json()["build_id"] == loaded.result.json()["build_id"]
    assert "the same bytes as drop 1 (01-good.csv, loaded); nothing changed" in again.err
    assert "内容与第 1 号报送（01-good.csv，已载入）完全相同" in again.err
    assert bytes_of(loaded.home) == before


def test_the_same_bytes_under_another_name_are_a_repeat(loaded: Loaded, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes(LOADED["01-good.csv"][0])
    (row,) = run("etl", "load", other, "--json", home=loaded.home).require().json()["drops"]
    assert (row["repeated"], row["drop_id"]) == (True, 1)


def test_a_dry_run_changes_no_byte_and_tells_what_loading_would_do(loaded: Loaded, tmp_path: Path) -> None:
    rows = [
        f"{ADA},某某,路北区,2021-05-01,正常",
        f"{BEA},某某,路北区,2021-05-02,正常",
        f"{BEA},某某,火星区,2021-05-02,正常",
    ]
    drop = tmp_path / TANGSHAN / "late.csv"
    drop.parent.mkdir()
    drop.write_bytes(registrations(*rows, f"{ADA[:-1]}0,某某,路北区,2021-05-01,正常"))
    before = bytes_of(loaded.home)
    dry = run("etl", "load", drop, loaded.inbox, "--check", "--json", home=loaded.home)
    assert bytes_of(loaded.home) == before
    assert dry.code == 1
    row = dry.json()["drops"][0]
    counts = ("rows_read", "rows_accepted", "rows_unchanged", "rows_quarantined", "rows_superseding")
    assert [row[name] for name in counts] == [4, 1, 1, 2, 1]
    assert "late.csv, row 4, column 所属区县: area '火星区' is not known" in dry.err
    assert {row["repeated"] for row in dry.json()["drops"][1:]} == {True}


# --- loads of their own


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def put(folder: Path, content: bytes, name: str = "drop.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("arguments", [[], ["inbox"]], ids=["no path", "a path"])
def test_a_dry_run_makes_nothing_where_nothing_was(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.delenv("REDVEST_SECRET")
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "inbox" / TANGSHAN, registrations(GOOD))
    result = run("etl", "load", *arguments, "--check", home=home).require()
    assert not home.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inbox"]
    assert "以上为试运行" in result.err


def test_without_a_path_the_inbox_of_the_home_is_loaded(home: Path) -> None:
    put(home / "drops" / TANGSHAN, registrations(GOOD))
    (row,) = run("etl", "load", "--json", home=home).require().json()["drops"]
    assert (row["rows_accepted"], row["area_code"]) == (1, TANGSHAN)


def test_an_empty_inbox_is_made_and_said_to_be_empty(home: Path) -> None:
    result = run("etl", "load", "--json", home=home).require()
    assert result.json() == {"drops": [], "build_id": None}
    assert f"在 {home / 'drops'} 中没有找到报送文件" in result.err
    assert f"No drops found in {home / 'drops'}" in result.err
    assert (home / "drops").is_dir()


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["nowhere.csv"], "没有这个文件或文件夹", "there is no such file or folder"),
        (
            ["inbox", "--source", "service_hour"],
            "没有名为“service_hour”的数据源",
            "did you mean 'service_hours'?",
        ),
        (["inbox", "--area", "999999"], "没有区划代码或名称为“999999”的地区", "999999"),
    ],
)
def test_a_wrong_call_is_answered_with_a_sentence_and_changes_nothing(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], zh: str, en: str
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "inbox", registrations(GOOD))
    result = run("etl", "load", *arguments, home=home).require(2)
    assert zh in result.err
    assert en in result.err
    assert not home.exists()


def test_the_folder_the_option_and_the_supplier_say_what_the_rows_do_not(desk: Desk) -> None:
    header, rows = "身份证号,注册日期", [f"{person},2021-05-01" for person in (ADA, BEA, CAI)]
    by_folder = desk.load(text(header, rows[0]), folder="411000")
    assert (by_folder.row.area_code, by_folder.row.supplier) == ("411000", None)
    by_option = desk.load(
        text(header, rows[1]), folder="411000", area="唐山市", supplier="市文明办 13812345678"
    )
    assert (by_option.row.area_code, by_option.row.supplier) == (TANGSHAN, "市文明办 ***********")
    by_district = desk.load(text(header, rows[2]), folder="130202")
    assert by_district.row.area_code == "130202"
    assert desk.query("SELECT area_code FROM current_registrations ORDER BY drop_id") == [
        *[("U411000",), ("U130200",), ("130202",)]
    ]


def test_a_supplier_is_the_innermost_folder_that_is_no_area(tmp_path: Path, home: Path) -> None:
    put(tmp_path / "inbox" / TANGSHAN / "市文明办", registrations(GOOD))
    put(tmp_path / "inbox" / "志愿汇" / TANGSHAN, registrations(GOOD + " "))
    report = load_paths(home, loading_of(tmp_path / "inbox"), today=date(2024, 6, 30), and_publish=False)
    assert [(one.row.supplier, one.row.area_code) for one in report.outcomes] == [
        *[("市文明办", TANGSHAN), ("志愿汇", TANGSHAN)]
    ]


def loading_of(path: Path) -> Any:
    from etl.inbox import find_drops

    return find_drops([path], None)


def test_the_folder_one_stands_in_is_known_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / TANGSHAN, registrations(GOOD))
    monkeypatch.chdir(tmp_path / TANGSHAN)
    assert [found.area for found in [*loading_of(Path()), *loading_of(Path("drop.csv"))]] == [
        TANGSHAN,
        TANGSHAN,
    ]


def test_a_forced_source_is_taken(desk: Desk) -> None:
    drop = desk.load(
        text("身份证号,活动编号,开始时间,服务时长", f"{ADA},A1,2021-05-01,2"), source="activities"
    )
    assert (drop.row.source, drop.row.note_en) == ("activities", "2 columns not known and ignored: A, D")


# --- when something goes wrong in the middle


@pytest.mark.parametrize(
    "where",
    ["etl.facts.find_versions", "etl.facts.settle", "etl.ledger.write_quarantine", "etl.load.resolve"],
)
def test_a_crash_in_the_middle_leaves_the_warehouse_as_it_was(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    desk.load(registrations(GOOD))
    before = (
        desk.facts(),
        desk.query("FROM drops"),
        desk.query("FROM quarantine"),
        desk.query("FROM surrogates"),
    )
    content = registrations(f"{BEA},某某,路南区,2021-05-02,正常", "1,某某,路南区,2021-05-02,正常")
    with monkeypatch.context() as broken:

        def crash(*arguments: object, **options: object) -> None:
            raise MemoryError

        broken.setattr(where, crash)
        with pytest.raises(MemoryError):
            desk.load(content)
    assert (
        desk.facts(),
        desk.query("FROM drops"),
        desk.query("FROM quarantine"),
        desk.query("FROM surrogates"),
    ) == before
    again = desk.load(content)
    assert (again.row.status, again.row.drop_id, again.row.rows_accepted) == ("loaded", 2, 1)


def test_a_crash_is_told_in_a_sentence_and_the_next_load_works(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / TANGSHAN, registrations(GOOD))
    with monkeypatch.context() as broken:

        def crash(*arguments: object, **options: object) -> None:
            raise duckdb.IOException("disk full while writing 张三丰")

        broken.setattr(loading, "store", crash)
        result = run("etl", "load", tmp_path / TANGSHAN, home=home).require(1)
    assert "未能完成(IOException" in plain(result.err)
    assert "Traceback" not in result.err
    assert "张三丰" not in result.err
    status = run("etl", "status", "--json", home=home).require().json()
    assert (status["drops"], status["build_id"]) == ([], None)
    assert (
        run("etl", "load", tmp_path / TANGSHAN, "--json", home=home).require().json()["drops"][0]["drop_id"]
        == 1
    )


def test_a_file_that_goes_away_or_cannot_be_read_stops_nothing(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "inbox", registrations(GOOD), "1.csv")
    put(tmp_path / "inbox", registrations(GOOD + " "), "2.csv")
    found = loading_of(tmp_path / "inbox")
    (tmp_path / "inbox" / "1.csv").unlink()
    report = load_paths(home, found, today=date(2024, 6, 30), and_publish=False)
    gone, read = report.outcomes
    assert (gone.row.status, read.row.status) == ("refused", "loaded")
    assert "1.csv: cannot be read (No such file or directory)." in sentences(gone)


def test_a_build_that_was_left_behind_by_a_crash_is_made_up_for(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = put(tmp_path / TANGSHAN, registrations(GOOD)).parent
    first = run("etl", "load", inbox, "--json", home=home).require().json()["build_id"]
    put(inbox, registrations(f"{BEA},某某,路南区,2021-05-02,正常"), "second.csv")
    with monkeypatch.context() as broken:
        broken.setattr("etl.loading.publish", lambda *arguments: (_ for _ in ()).throw(KeyboardInterrupt))
        run("etl", "load", inbox, home=home).require(1)
    after = run("etl", "load", inbox, "--json", home=home).require().json()
    assert {row["repeated"] for row in after["drops"]} == {True}
    assert after["build_id"] not in (None, first)


# --- sample data


def sample(*rows: str) -> str:
    return text(f"{REGISTER},数据性质", *[f"{row},示例数据" for row in rows])


def test_sample_data_is_marked_and_leaves_when_the_first_real_drop_comes(desk: Desk) -> None:
    drop = desk.load(sample(GOOD))
    assert drop.row.is_synthetic
    desk.load(registrations(f"{BEA},某某,路北区,2021-05-02,正常"))
    assert (desk.row(drop).status, desk.row(drop).note_zh) == ("withdrawn", "收到真实数据，示例数据自动撤下")
    assert desk.query("SELECT area_code FROM current_registrations") == [("130203",)]


def test_sample_data_stays_when_a_real_drop_is_refused(desk: Desk) -> None:
    drop = desk.load(sample(GOOD))
    assert desk.load(registrations(header="姓名,注册日期")).row.status == "refused"
    assert desk.row(drop).status == "loaded"


def test_sample_data_is_refused_after_real_data(desk: Desk) -> None:
    desk.load(registrations(GOOD))
    drop = desk.load(sample(f"{BEA},某某,路北区,2021-05-02,正常"))
    assert drop.row.status == "refused"
    assert "这是示例数据，而仓库里已有真实数据" in sentences(drop)
    assert "this is sample data and the warehouse holds real data" in sentences(drop)
    assert len(desk.facts()["current_registrations"]) == 1


def test_one_marked_row_makes_a_whole_drop_a_sample(desk: Desk) -> None:
    rows = [f"{GOOD},", f"{BEA},某某,路北区,2021-05-02,正常,示例数据"]
    assert desk.load(text(f"{REGISTER},数据性质", *rows)).row.is_synthetic


@pytest.fixture(autouse=True)
def tidy(tmp_path: Path) -> Iterator[None]:
    """Homes are some megabytes each; pytest keeps the folders of three runs."""
    yield
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
