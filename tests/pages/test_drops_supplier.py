"""Upload: who is taken for the sender."""

from __future__ import annotations

from pathlib import Path

import pytest

from metrics.build import open_build
from pages.components.drops import upload
from tests.pages.conftest import Open
from tests.pages.test_drops import choose_files, home, month, press, said, warehouse, work_of_this_process

__all__ = ["home", "warehouse", "work_of_this_process"]  # fixtures


@pytest.mark.parametrize(
    ("typed", "supplier", "sentence"),
    [
        (" 某 某平台 ", "某 某平台", "报送单位：某 某平台（以前没有报送过；名称写错了的，请取消）"),
        ("志愿汇", "志愿汇", "报送单位：志愿汇\n"),
        ("长" * 50, "长" * 40, f"报送单位：{'长' * 40}（以前没有"),
        ("", None, "报送单位：不注明"),
    ],
)
def test_a_supplier_typed_into_the_box_counts_and_is_named_before_loading(
    typed: str, supplier: str | None, sentence: str, home: Path, open_page: Open
) -> None:
    app = open_page("drops", section="upload")
    choose_files(app, ("9月.csv", month(9, 30).encode()))
    box = app.selectbox(key="upload_supplier_0_zh")
    box.options.append(typed)  # AppTest knows no other way to type what is not listed
    box.select(typed)
    press(app, "upload_check")
    assert sentence in said(app) + "\n"
    press(app, "upload_load")
    build = open_build(home)
    assert build is not None
    assert {drop["supplier"] for drop in build.drops() if drop["drop_id"] > 6} == {supplier}


def test_another_supplier_may_be_named_in_a_box_of_its_own(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="upload")
    choose_files(app, ("9月.csv", month(9, 30).encode()))
    app.selectbox(key="upload_supplier_0_zh").select(upload.OTHER).run()
    app.text_input(key="upload_name_0").input("某平台").run()
    press(app, "upload_check")
    assert "报送单位：某平台（以前没有报送过" in said(app)
