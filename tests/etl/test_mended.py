"""A mended file takes its drop's place: every figure is what it would be had only that file come."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl import mended, prints
from etl.inbox import find_drops
from etl.ledger import LedgerRow
from etl.loading import load_paths
from etl.messages import Refusal
from etl.source import load_sources
from tests.commands import run
from tests.etl.crash.state import State, read_state, require_agreement
from tests.etl.desk import ADA, BEA, CAI, DAN, HOURS, REGISTER, TANGSHAN, text
from tests.etl.test_as_if_never import SAID
from tests.etl.test_hold import month

SUPPLIER = "志愿汇"
REGISTERED = [
    f"{person},某某,路南区,2021-0{number}-01,正常" for number, person in enumerate((ADA, BEA, CAI, DAN), 1)
]
FIRST = [
    f"R1,{ADA},2021-05-01,2,路南区",
    f"R2,{BEA},2021-05-02,-2,路南区",  # a fault
    f"R3,{CAI},2021-05-03,3,火星区",  # a fault
    f"R4,{DAN},2021-05-04,4,路南区",  # of which the supplier says later that it never was
    f"R5,{DAN},2021-05-05,5,路北区",
]
MENDED = [
    FIRST[0],
    f"R2,{BEA},2021-05-02,2,路南区",
    f"R3,{CAI},2021-05-03,3,火星区",
    f"R5,{DAN},2021-06-05,6,路北区",
]
# Later drops: one has corrected R5 and knows R1, one says all there is of July.
LATER = [f"R5,{DAN},2021-05-05,1,路北区", FIRST[0], f"R9,{ADA},2021-07-01,1,路南区"]
ALL_OF_JUNE = [f"R20,{BEA},2021-06-08,2,路北区"]


def build_of(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the current build says, drops by file name."""
    build_id = (home / "published" / "CURRENT").read_text().strip()
    with duckdb.connect(str(home / "published" / f"{build_id}.duckdb"), read_only=True) as build:
        return {name: build.execute(f"{sql} ORDER BY ALL").fetchall() for name, sql in SAID.items()}


def status(home: Path) -> dict[int, dict[str, Any]]:
    rows = run("etl", "status", "--json", home=home).require().json()["drops"]
    return {row["drop_id"]: row for row in rows}


def quarantined(home: Path, *drop: int) -> list[tuple[int, int, str]]:
    lines = run("etl", "quarantine", *drop, "--json", home=home).require().json()["quarantine"]
    return [(line["drop_id"], line["row_no"], line["check_name"]) for line in lines]


def town(directory: Path, content: str, name: str = "5月.csv", replace: str = "") -> Path:
    """A home into which the drops have come one after the other, the second with this content; published once."""
    home, folder = directory / "home", directory / "in"
    folder.mkdir(parents=True)
    drops = [
        ("名册.csv", text(REGISTER, *REGISTERED), ""),
        (name, content, replace),
        ("6月.csv", text(HOURS, *LATER), ""),
        ("六月全部.csv", text(HOURS, *ALL_OF_JUNE), "area+month"),
    ]
    for number, (name, content, scope) in enumerate(drops):
        path = folder / str(number) / name
        path.parent.mkdir()
        path.write_text(content, encoding="utf-8")
        found = find_drops([path], TANGSHAN, SUPPLIER)
        last = number == len(drops) - 1
        report = load_paths(home, found, today=date.today(), replace_scope=scope, and_publish=last)
        assert [outcome.row.status for outcome in report.outcomes] == ["loaded"]
    return home


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return town(tmp_path_factory.mktemp("untouched"), text(HOURS, *FIRST))


@pytest.fixture
def home(untouched: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(untouched, tmp_path / "home"))


def state_of(home: Path) -> State:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return read_state(connection)


def agrees(home: Path) -> None:
    """Every row of every drop is in exactly one place, and the ledger counts what is there."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        require_agreement(connection)


def tried_out(home: Path, file: Path, *options: object, code: int = 0) -> dict[str, Any]:
    """The drop as a trial of a mended file gives it; nothing of the home has changed."""
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    result = run("etl", "replay", 2, "--file", file, "--check", "--json", *options, home=home).require(code)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before
    (drop,) = result.json()["drops"]
    return dict(drop)


def replaced_by_period(drop: dict[str, Any]) -> str:
    return "".join(part for part in drop["note_zh"].split("；") if part.startswith("按期替换"))


@pytest.mark.parametrize(("replace", "fewest"), [("", 0), ("area+month", prints.FEWEST_RECORDS)])
def test_every_figure_is_as_if_only_the_mended_file_had_come(
    tmp_path: Path, replace: str, fewest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the cube's sums stay in the warehouse: the same row numbers now say something else."""
    monkeypatch.setattr(prints, "FEWEST_RECORDS", fewest)
    home = town(tmp_path / "a", text(HOURS, *FIRST), replace=replace)
    first = build_of(home)
    file = tmp_path / "5月（改）.csv"
    file.write_text(text(HOURS, *MENDED), encoding="utf-8")
    tried = tried_out(home, file)
    assert "将取代第 2 号报送（5月.csv）；原来的文件改为第 5 号，已撤回" in tried["note_zh"]
    told = run("etl", "replay", 2, "--file", file, home=home).require().err
    assert "第 2 号报送：隔离 2 行，改正后有 1 行。" in told
    only = town(tmp_path / "b", text(HOURS, *MENDED), file.name, replace)
    assert build_of(home) == build_of(only)
    assert build_of(home)["observations"] != first["observations"]
    agrees(home)
    counts = (
        "rows_read",
        "rows_accepted",
        "rows_unchanged",
        "rows_quarantined",
        "rows_superseding",
        "first_on",
        "last_on",
    )
    mended, as_if = status(home)[2], status(only)[2]
    assert [mended[name] for name in counts] == [as_if[name] for name in counts]
    assert [str(tried[name]) for name in counts] == [str(mended[name]) for name in counts]
    assert replaced_by_period(tried) == replaced_by_period(mended)
    # Only what is still wrong is listed; what was wrong before can be looked up under the former's number.
    assert quarantined(home) == [(2, 4, "area_known")]
    assert quarantined(home, 5) == [(5, 3, "hours_not_negative"), (5, 4, "area_known")]


def test_what_the_drop_was_stays_in_the_ledger_and_comes_back_in_its_place_only(
    home: Path, untouched: Path, tmp_path: Path
) -> None:
    before, original = build_of(home), untouched.parent / "in" / "1" / "5月.csv"
    file = tmp_path / "改.csv"
    file.write_text(text(HOURS, *MENDED), encoding="utf-8")
    run("etl", "replay", 2, "--file", file, home=home).require()
    rows = status(home)
    assert (rows[2]["file_name"], rows[2]["status"], rows[2]["supplier"]) == ("改.csv", "loaded", SUPPLIER)
    assert (rows[5]["file_name"], rows[5]["status"], rows[5]["rows_quarantined"]) == (
        "5月.csv",
        "withdrawn",
        2,
    )
    assert rows[2]["note_zh"] == "改正后的文件，取代了 5月.csv（现为第 5 号，已撤回）"
    assert rows[5]["note_en"] == "a mended file, 改.csv, took its place (drop 2)"
    names = {path.name for path in (home / "receipts").iterdir()}
    assert {"2-改.txt", "5-5月.txt"} < names
    assert "2-5月.txt" not in names
    # Neither comes in again, whatever is said of the original.
    repeated = run("etl", "load", original, file, "--supplier", "别家", "--json", home=home)
    again = repeated.json()["drops"]
    assert [(row["drop_id"], row["repeated"]) for row in again] == [(5, True), (2, True)]
    assert "要换回它：python -m etl replay 2 --file 这个文件。" in again[0]["told"][0]["zh"]
    assert "--undo" not in repeated.err, "which would be refused"
    assert run("etl", "status", "--json", home=home).json()["formers"] == {"5": 2}
    undone = run("etl", "withdraw", 5, "--undo", "--reason", "测试", home=home).require(2).err
    assert "python -m etl replay 2 --file 原文件" in undone
    run("etl", "replay", 2, "--file", original, home=home).require()
    assert build_of(home) == before
    assert run("etl", "load", original, "--json", home=home).json()["drops"][0]["drop_id"] == 2
    agrees(home)


def test_the_same_mended_file_again_does_nothing(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "改.csv"
    file.write_text(text(HOURS, *MENDED), encoding="utf-8")
    run("etl", "replay", 2, "--file", file, home=home).require()
    before, builds = status(home), len(list((home / "published").glob("*.duckdb")))
    told = run("etl", "replay", 2, "--file", file, home=home).require().err
    assert "第 2 号报送就是这个文件" in told
    assert status(home) == before
    assert len(list((home / "published").glob("*.duckdb"))) == builds


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text(REGISTER, *REGISTERED, f"{ADA},某,路北区,2021-01-01,正常"), "缺少"),
        (text(HOURS, *LATER), "内容与第 3 号报送（6月.csv）完全相同"),
        ("今天天气很好\n", "又5月.csv"),
        (text(HOURS, f"R7,{ADA},2022-05-01,2,路南区"), "没有一行在原来的月份里"),
    ],
    ids=["another kind", "another drop", "no drop", "other months"],
)
def test_a_file_that_is_not_the_drop_mended_changes_nothing(
    home: Path, tmp_path: Path, content: str, said: str
) -> None:
    before = state_of(home)
    file = tmp_path / "又5月.csv"
    file.write_text(content, encoding="utf-8")
    assert said in run("etl", "replay", 2, "--file", file, home=home).require(1).err
    assert state_of(home) == before


def test_a_trial_says_how_the_file_compares_and_writes_every_row_set_aside(
    home: Path, tmp_path: Path
) -> None:
    file, report = tmp_path / "改.csv", tmp_path / "报告.csv"
    file.write_text(text(HOURS, *MENDED), encoding="utf-8")
    told = [one["zh"] for one in tried_out(home, file, "--report", report)["told"]]
    assert "改.csv：与原来的文件相比：读取 5 → 4 行，接受 3 → 3 行，隔离 2 → 1 行。" in told
    assert any("像是第 2 号报送的改正文件：" in one for one in told)
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 2
    # Of another year: it would be taken by name only.
    file.write_text(text(HOURS, f"R7,{ADA},2020-05-01,2,路南区"), encoding="utf-8")
    drop = tried_out(home, file, code=1)
    assert (drop["status"], drop["rows_accepted"]) == ("held", 1)
    assert "没有一行在原来的月份里" in drop["note_zh"]
    assert "不像是第 2 号报送的改正文件；核实无误的，请写明由谁负责" in drop["told"][0]["zh"]
    assert tried_out(home, file, "--by", "李科长")["status"] == "loaded"


def test_somebody_may_answer_for_one_that_is_unlike(tmp_path: Path) -> None:
    home, first, file = tmp_path / "home", tmp_path / "5月.csv", tmp_path / "又5月.csv"
    first.write_text(month(5, 150), encoding="utf-8")
    file.write_text(month(5, 600), encoding="utf-8")
    run("etl", "load", first, "--area", TANGSHAN, "--supplier", SUPPLIER, home=home).require()
    told = run("etl", "replay", 1, "--file", file, home=home).require(1).err
    assert "不像是第 1 号报送的改正文件" in told
    assert "行数增加：第 1 号报送（5月.csv）为 150，这一次为 600" in told
    run("etl", "replay", 1, "--file", file, "--by", "李科长", home=home).require()
    assert (status(home)[1]["rows_accepted"], status(home)[1]["released_by"]) == (600, "李科长")
    agrees(home)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--file", "x.csv"], "say the number of the drop"),
        ([2, "--by", "李科长"], "--by goes with --file only"),
        ([2, "--check"], "--check goes with --file only"),
        ([2, "--file", __file__, "--report", "x.csv"], "--report goes with --check"),
        ([2, "--file", "nowhere.csv"], "There is no file nowhere.csv"),
        ([9, "--file", __file__], "There is no drop 9"),
    ],
)
def test_a_wrong_call_is_answered_with_a_sentence(untouched: Path, arguments: list[Any], said: str) -> None:
    assert said in run("etl", "replay", *arguments, home=untouched).require(2).err


def test_everything_kept_of_a_drop_goes_with_it_to_its_new_number(untouched: Path) -> None:
    """A new table with a drop's number must be thought of here."""
    sources = load_sources().values()
    thought_of = {"drops", "former", "flags", "reported", *mended.KEPT_OF_A_DROP}
    thought_of |= {name for source in sources for name in (source.table, f"{source.table}_past")}
    with duckdb.connect(str(untouched / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute("""
            SELECT table_name FROM duckdb_columns() SEMI JOIN duckdb_tables() USING (table_name)
            WHERE column_name = 'drop_id'""").fetchall()
    assert {name for (name,) in found} == thought_of


def test_a_held_drop_released_after_its_month_was_replaced_stays_replaced(tmp_path: Path) -> None:
    """It came before the drop that says what all of its month is, also when it is let pass later."""
    home, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    (folder / "1.csv").write_text(month(5, 150), encoding="utf-8")
    (folder / "2.csv").write_text(month(6, 900), encoding="utf-8")
    (folder / "3.csv").write_text(month(6, 140), encoding="utf-8")
    options = ["--area", TANGSHAN, "--supplier", SUPPLIER]
    run("etl", "load", folder / "1.csv", folder / "2.csv", *options, home=home).require(1)
    run("etl", "load", folder / "3.csv", *options, "--replace", "area+month", home=home).require()
    run("etl", "release", 2, "--by", "李科长", home=home).require()
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        june = "SELECT count(*) FROM current_service_records WHERE month(service_date) = 6"
        assert connection.execute(june).fetchall() == [(140,)]


def test_the_row_of_a_former_state_says_whose_place_it_had(tmp_path: Path) -> None:
    row = LedgerRow(3, "service_hours", "x.csv", "", 0)
    with duckdb.connect() as connection:
        connection.execute(mended.SCHEMA)
        assert mended.place_of(connection, 3) is None
        mended.require_no_former(connection, row)
        connection.execute("INSERT INTO former VALUES (3, 1)")
        assert mended.place_of(connection, 3) == 1
    with pytest.raises(Refusal, match="the same bytes as drop 3"):
        mended.require_other_bytes(LedgerRow(3, None, "y", "", 0, status="held"), row)
    mended.require_other_bytes(LedgerRow(3, None, "y", "", 0, status="withdrawn"), row)


def test_a_mended_file_is_received_when_its_drop_was() -> None:
    old = LedgerRow(3, "service_hours", "x.csv", "1", 1, received_at=None, first_on=date(2021, 5, 1))
    new = mended.successor(old, LedgerRow(9, None, "y.csv", "2", 2, supplier="别家"))
    assert (new.drop_id, new.file_name, new.sha256, new.supplier, new.first_on) == (
        3,
        "y.csv",
        "2",
        None,
        None,
    )
