"""The door of the pages: commands in processes of their own, uploads nobody else can read, limits in sentences."""

from __future__ import annotations

import errno
import fcntl
import io
import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from etl.frontdesk import jobs, reading, uploads
from etl.messages import Refusal, Text
from tests.commands import run
from tests.etl.desk import ADA, HOURS, TANGSHAN, text

UGLY = text(
    HOURS, f"R1,{ADA},2021-05-01,2,路南区", f"R2,{ADA},2021-02-30,2,路南区", f"R3,{ADA},2021-05-03,x,路南区"
)


@pytest.fixture(scope="module")
def once_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / TANGSHAN
    folder.mkdir()
    (folder / "5月.csv").write_text(UGLY, encoding="utf-8")
    run("etl", "load", folder, home=folder.parent / "home").require()
    return folder.parent / "home"


@pytest.fixture
def loaded(once_loaded: Path, tmp_path: Path) -> Path:
    """A home with one drop of which two rows are set aside."""
    return Path(shutil.copytree(once_loaded, tmp_path / "home"))


def test_a_command_leaves_its_sentences_and_its_answer(loaded: Path) -> None:
    answer = jobs.ask(loaded, "status", "--json", seconds=60)
    assert answer.is_good
    assert [row["drop_id"] for row in answer.json()["drops"]] == [1]
    refused = jobs.ask(loaded, "withdraw", 9, "--reason", "x", seconds=60)
    assert (refused.code, refused.json()) == (2, None)
    assert [told.zh for told in refused.told] == ["没有第 9 号报送（现有：1–1）。"]
    assert [told.en for told in refused.told] == ["There is no drop 9 (there are: 1–1)."]


def test_a_killed_command_says_that_nothing_was_changed(loaded: Path) -> None:
    job = jobs.start(loaded, "watch", "--every", 60)
    assert job.is_running
    job.process.kill()
    answer = job.answer()
    assert not answer.is_good
    assert "意外中断" in answer.told[-1].zh


def test_a_crash_is_told_as_a_sentence_without_its_words(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "ROOT", loaded)  # a folder in which there is no package etl
    (loaded / "etl.py").write_text(f"print('x')\nraise KeyError('{ADA}')\n", encoding="utf-8")
    answer = jobs.ask(loaded, "status", seconds=60)
    assert answer.told == [jobs.STOPPED]


def test_nobody_waits_behind_a_writer(loaded: Path) -> None:
    with (loaded / "warehouse.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(json.dumps({"pid": 7, "doing": "load", "since": "2024-06-30 09:00:00"}))
        lock.flush()
        with pytest.raises(jobs.Busy) as told:
            jobs.ask(loaded, "status", "--json")
        lock.truncate(0)
    assert (
        told.value.text.zh
        == "数据仓库正在使用中：载入报送（2024-06-30 09:00:00 开始）。请稍候，完成后即可操作。"
    )
    assert jobs.busy(loaded) is None


def test_a_sentence_still_being_written_is_left_out() -> None:
    assert jobs.sentences("读取\n  reading\n写") == [Text("读取", "reading")]
    assert jobs.sentences("读取\n") == [Text("读取", "读取")]


def test_no_command_is_told_to_somebody_without_a_terminal() -> None:
    told = Text(
        "a.csv：暂缓，9 行均未载入。核实后放行：python -m etl release 2 --by 姓名。",
        "a.csv: held, none of its 9 rows is in. To let it pass: python -m etl release 2 --by NAME.",
    )
    assert jobs.without_commands(told) == Text(
        "a.csv：暂缓，9 行均未载入。", "a.csv: held, none of its 9 rows is in."
    )
    plain = Text("读取 3 行。", "3 rows read.")
    assert jobs.without_commands(plain) == plain


def test_quarantined_rows_are_told_with_their_column_and_what_to_do(loaded: Path, tmp_path: Path) -> None:
    first, second = reading.quarantined(loaded, 1, "service_hours", None)
    assert (first.row_no, first.check, first.column) == (3, "date_no_such_day", "服务日期")
    assert (second.row_no, second.column, second.masked_value) == (4, "服务时长", "*")
    assert reading.quarantined(loaded, 1, "service_hours", "value_readable")[0].row_no == 4
    assert reading.check_fix("value_readable").zh
    written = reading.export(loaded, 1, None, tmp_path / "rows.csv").decode("utf-8-sig")
    assert written.count("\n") == 3
    assert ADA not in written
    with pytest.raises(reading.NotDone) as told:
        reading.quarantined(loaded, 9, "service_hours", None)
    assert told.value.told[0].en == "There is no drop 9 (there are: 1–1)."


def test_receipts_are_found_by_the_drop_s_number(loaded: Path) -> None:
    assert set(reading.receipts(loaded, 1)) == {".xlsx", ".txt"}
    assert reading.receipts(loaded, 2) == {}


def test_an_upload_is_private_and_leaves_nothing_when_it_is_cancelled(tmp_path: Path) -> None:
    upload = uploads.receive(tmp_path, [("五月.csv", io.BytesIO(b"x")), ("五月.csv", io.BytesIO(b"y"))])
    assert [file.name for file in upload.files] == ["五月.csv", "五月 (2).csv"]
    assert stat.S_IMODE(upload.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(upload.folder.parent.stat().st_mode) == 0o700
    assert not (tmp_path / "drops").exists()
    uploads.discard(upload.folder)
    assert not upload.is_there
    assert list((tmp_path / ".uploads").iterdir()) == []


def test_an_upload_the_disk_does_not_take_is_told_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(Refusal, match="cannot be stored") as caught:
        uploads.receive(tmp_path, [("a.csv", io.BytesIO(b"x")), ("b.csv", Full())])
    assert "磁盘已满" in caught.value.text.zh
    assert list((tmp_path / ".uploads").iterdir()) == []


def test_a_confirmed_upload_lies_with_its_area_and_supplier_and_over_no_other_file(tmp_path: Path) -> None:
    for number, content in enumerate((b"x", b"y")):
        upload = uploads.receive(tmp_path, [("五月.csv", io.BytesIO(content))])
        (kept,) = uploads.keep(tmp_path, upload, TANGSHAN, "../志愿汇")
        assert kept.read_bytes() == content
        assert kept.name == ("五月.csv", "五月 (2).csv")[number]
        assert kept.parent == tmp_path / "drops" / TANGSHAN / "志愿汇"
        assert not upload.folder.exists()


def test_what_a_killed_dashboard_left_is_cleared_by_the_next_upload(tmp_path: Path) -> None:
    abandoned = tmp_path / ".uploads" / "99999999-left"
    abandoned.mkdir(parents=True)
    (abandoned / "五月.csv").write_text("x")
    of_the_same_number = tmp_path / ".uploads" / f"{os.getpid()}-before"
    of_the_same_number.mkdir()
    of_another = tmp_path / ".uploads" / f"{os.getppid()}-alive"
    of_another.mkdir()
    upload = uploads.receive(tmp_path, [("六月.csv", io.BytesIO(b"x"))])
    assert not abandoned.exists()
    assert not of_the_same_number.exists()
    assert of_another.exists()
    uploads.sweep(tmp_path)
    assert upload.is_there


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\名单\\五月.xlsx", "五月.xlsx"),
        (".hidden.csv", "hidden.csv"),
        ("~$五月.xlsx", "五月.xlsx"),
        ("a\nb:c.csv", "a_b_c.csv"),
        ("字" * 200 + ".csv", "字" * 48 + ".csv"),
        ("..", "_"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert uploads.safe_name(given) == kept


def test_every_limit_has_a_sentence() -> None:
    assert uploads.objections([("a.csv", 1), ("b.XLSX", 300 << 20)]) == []
    (kind,) = uploads.objections([("a.pdf", 1)])
    assert kind.zh.startswith("a.pdf：不是可以读取的文件类型")
    (size,) = uploads.objections([(f"{ADA}.csv", 301 << 20)])
    assert size.zh.startswith("******************.csv：大小 301 MB，超过单个文件 300 MB 的上限")
    (empty,) = uploads.objections([("a.csv", 0)])
    assert empty.en == "a.csv: the file is empty."
    (many,) = uploads.objections([("a.csv", 1)] * 21)
    assert many.zh == "选了 21 个文件，一次最多 20 个；请分几次上传。"


def test_areas_are_offered_city_by_city_without_the_unknown_ones() -> None:
    offered = uploads.areas("zh")
    assert offered["130200"] == "唐山市"
    assert "U130200" not in offered
    assert list(offered).index("130202") > list(offered).index("130200")


def test_interrupted_work_is_told_until_somebody_has_made_up_for_it(tmp_path: Path) -> None:
    assert jobs.interrupted(tmp_path) == []
    entries = [
        {"pid": 7, "doing": "load", "since": "2024-06-30 09:00:00", "finished_at": None},
        {"pid": 8, "doing": "load", "since": "2024-06-29 09:00:00", "finished_at": "2024-06-29 10:00:00"},
    ]
    (tmp_path / "interrupted.json").write_text(json.dumps(entries), encoding="utf-8")
    (told,) = jobs.interrupted(tmp_path)
    assert told.zh.startswith("2024-06-30 09:00:00 开始的工作（载入报送）中断了。")


def test_a_file_that_cannot_be_moved_leaves_none_among_the_drops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = uploads.receive(tmp_path, [(name, io.BytesIO(b"x")) for name in ("a.csv", "b.csv")])
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "b.csv" and target.parent != upload.folder:
            raise OSError(errno.EIO, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(uploads.NotStored):
        uploads.keep(tmp_path, upload, TANGSHAN, None)
    assert upload.is_there
    assert not list((tmp_path / "drops").rglob("*.csv"))
