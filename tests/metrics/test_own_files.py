"""What a command is asked to write takes the place of what it wrote before, and of nothing else."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.spreadsheet import Sheet, write_workbook
from metrics.own_files import CORE, is_own, require_file, require_folder
from metrics.refusals import Refused


def workbook(path: Path) -> Path:
    write_workbook(path, [Sheet("一", (10,), ("列",), [["1"]])], None)
    return path


def edited(path: Path) -> Path:
    """The workbook as an office program saves it: with another moment of modification."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    head, mark, rest = members[CORE].partition(b"<dcterms:modified")
    members[CORE] = head + mark + rest.replace(b"1980", b"2026")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_what_was_written_here_is_told_by_what_it_holds(tmp_path: Path) -> None:
    table = tmp_path / "o.csv"
    table.write_text("\ufeffindicator,build_id\n", encoding="utf-8")
    packed = tmp_path / "o.csv.gz"
    packed.write_bytes(gzip.compress(table.read_bytes()))
    own = tmp_path / "o.parquet"
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({"redvest": "{}"}), own)
    assert all(is_own(path) for path in (table, packed, own, workbook(tmp_path / "o.xlsx")))


def test_what_others_wrote_or_edited_is_not_ours(tmp_path: Path) -> None:
    received = tmp_path / "5月.csv"
    received.write_text("身份证号,服务时长\n", encoding="gbk")
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(workbook(tmp_path / "o.xlsx").read_bytes()[:-30])
    plain = tmp_path / "p.parquet"
    pq.write_table(pa.table({"a": [1]}), plain)
    empty = tmp_path / "e.csv"
    empty.touch()
    link = tmp_path / "l.xlsx"
    link.symlink_to(tmp_path / "o.xlsx")
    for path in (received, broken, plain, empty, link, edited(workbook(tmp_path / "x.xlsx"))):
        assert not is_own(path), path.name


def test_a_path_that_cannot_be_written_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = tmp_path / "home", tmp_path / "out"
    require_folder(folder / "deeper", home)
    folder.mkdir()
    (folder / "file").touch()
    for path, said in (
        (folder / "file" / "x.csv", "Not a directory"),
        (folder / "none" / "x.csv", "No such file or directory"),
    ):
        with pytest.raises(Refused, match=said):
            require_file(path, home)
    with pytest.raises(Refused, match="among the drops"):
        require_folder(home / "drops" / "out", home)
    (folder / "definitions.csv").write_text("身份证号\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"definitions.csv: there is such a file"):
        require_folder(folder, home, ["definitions.csv"])
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # these tests may be run by root
    with pytest.raises(Refused, match="Permission denied"):
        require_file(folder / "x.csv", home)
