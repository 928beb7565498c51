"""What is found in a folder of drops, and what its place says about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.inbox import find_drops
from etl.messages import WrongCall
from etl.reader import open_drop
from tests.etl.desk import Desk, sentences


def put(top: Path, *names: str) -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("身份证号,注册日期\n1,2021-05-01\n", encoding="utf-8")


def names(top: Path) -> list[str]:
    return [str(found.path.relative_to(top)) for found in find_drops([top], None)]


def test_tables_of_every_kind_are_found_whatever_the_case_of_their_suffix(tmp_path: Path) -> None:
    kinds = ["a.csv", "b.TXT", "c.tsv", "d.xlsx", "e.XLS", "f.ods", "g.zip", "h.csv.gz", "i.xlsb"]
    put(tmp_path, *kinds, "readme.md", "photo.jpg", "noSuffix")
    assert names(tmp_path) == kinds


@pytest.mark.parametrize("name", [".hidden.csv", ".git/a.csv", "~$五月.xlsx", "__MACOSX/a.csv"])
def test_what_programs_leave_behind_is_passed_over(tmp_path: Path, name: str) -> None:
    put(tmp_path, "a.csv", name)
    assert names(tmp_path) == ["a.csv"]


def test_a_file_named_on_the_command_line_is_taken_whatever_its_name(tmp_path: Path) -> None:
    put(tmp_path, "export.dat")
    (found,) = find_drops([tmp_path / "export.dat"], None)
    assert found.path.name == "export.dat"


def test_folders_say_the_area_and_the_supplier(tmp_path: Path) -> None:
    put(tmp_path, "130200/市直/a.csv", "130200/130202/路南街道/b.csv")
    found = {one.path.name: (one.area, one.supplier) for one in find_drops([tmp_path], None)}
    assert found == {"a.csv": ("130200", "市直"), "b.csv": ("130202", "路南街道")}


def test_a_link_to_nothing_and_a_folder_named_like_a_file_are_told(tmp_path: Path, desk: Desk) -> None:
    put(tmp_path, "folder.csv/inner.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    assert names(tmp_path) == ["folder.csv", "folder.csv/inner.csv", "link.csv"]
    folder = desk.load_path(tmp_path / "link.csv")
    assert folder.row.status == "refused"
    assert "leads to a file that does not exist" in sentences(folder)


def test_links_out_of_the_folder_are_refused_unread(tmp_path: Path, desk: Desk) -> None:
    """Who may put files into an inbox must not learn from a receipt what other files hold."""
    put(tmp_path, "secret/a.csv", "inbox/b.csv")
    inbox = tmp_path / "inbox"
    (inbox / "out.csv").symlink_to(tmp_path / "secret" / "a.csv")
    (inbox / "within.csv").symlink_to("b.csv")
    (inbox / "folder").symlink_to(tmp_path / "secret")
    found = {one.path.name: one for one in find_drops([inbox], None)}
    assert {name for name, one in found.items() if one.is_foreign} == {"out.csv", "folder"}
    assert set(found) == {"b.csv", "out.csv", "within.csv", "folder"}
    for name, sentence in (
        ("out.csv", "指向这个文件夹以外，没有读取"),
        ("folder", "指向文件夹的链接，没有进入"),
    ):
        outcome = desk.load_found(found[name])
        assert (outcome.row.status, outcome.row.bytes, outcome.row.sha256) == ("refused", 0, "")
        assert sentence in sentences(outcome)
        assert desk.load_found(found[name]).repeated, "told once"
    (named,) = find_drops([inbox / "out.csv"], None)
    assert not named.is_foreign, "what is named is taken"
    linked = tmp_path / "linked"
    linked.symlink_to(inbox)
    assert [one.is_foreign for one in find_drops([linked / "b.csv", linked], None)][:2] == [False, False]


def test_a_link_put_there_after_the_folder_was_listed_is_refused_too(tmp_path: Path, desk: Desk) -> None:
    put(tmp_path, "secret/a.csv", "inbox/b.csv")
    (found,) = find_drops([tmp_path / "inbox"], None)
    found.path.unlink()
    found.path.symlink_to(tmp_path / "secret" / "a.csv")
    assert "指向这个文件夹以外，没有读取" in sentences(desk.load_found(found))


def test_two_links_of_one_name_are_told_both(tmp_path: Path, desk: Desk) -> None:
    put(tmp_path, "secret.csv", "inbox/130200/甲/a.csv", "inbox/130200/乙/a.csv")
    for link in (tmp_path / "inbox").rglob("a.csv"):
        link.unlink()
        link.symlink_to(tmp_path / "secret.csv")
    outcomes = [desk.load_found(found) for found in find_drops([tmp_path / "inbox"], None)]
    assert [(one.row.supplier, one.repeated) for one in outcomes] == [("乙", False), ("甲", False)]


def test_a_link_to_itself_is_refused_with_the_reason(tmp_path: Path, desk: Desk) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    (found,) = find_drops([tmp_path], None)
    outcome = desk.load_found(found)
    assert outcome.row.status == "refused"
    assert "loop.csv" in sentences(outcome)
    assert desk.load_found(found).repeated


def test_a_folder_is_refused_as_a_file_with_the_reason(tmp_path: Path) -> None:
    put(tmp_path, "folder.csv/inner.csv")
    with pytest.raises(Exception, match="this is a folder, not a file"):
        open_drop(tmp_path / "folder.csv")


def test_a_path_that_does_not_exist_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="no such file or folder"):
        find_drops([tmp_path / "gone"], None)
