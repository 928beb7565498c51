"""The drops page: a mended file takes a drop's place, and a figure is traced to files and rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.frontdesk import jobs, reading
from metrics.build import open_build
from pages.components.drops import trace
from tests.pages.conftest import Open
from tests.pages.test_drops import (
    UGLY,
    Endless,
    choose_files,
    home,
    month,
    press,
    said,
    status,
    warehouse,
    work_of_this_process,
)

__all__ = ["home", "warehouse", "work_of_this_process"]  # fixtures
RIGHT = UGLY.replace("火星区", "路南区")
FIGURE = {"section": "trace", "city": "130200", "period": "2023-02", "indicator": "service_hours"}


def test_a_mended_file_takes_the_place_of_its_drop(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="quarantine")
    before = status(home)
    choose_files(app, ("改正.csv", RIGHT.encode()))
    press(app, "mending_try")
    text = said(app)
    assert "将取代第 4 号报送（ugly.csv）；原来的文件改为第 7 号，已撤回" in text
    assert "与原来的文件相比：读取 3 → 3 行，接受 1 → 2 行，隔离 2 → 1 行" in text
    assert "python -m etl" not in text
    assert [button.label for button in app.get("download_button")] == ["下载这次试算的完整清单（xlsx）"]
    assert status(home) == before, "a trial changes nothing"
    press(app, "mending_take")
    text = said(app)
    assert "改正后的文件已取代原来的报送" in text
    assert "第 4 号报送：隔离 2 行，改正后有 1 行。" in text
    assert "python -m etl" not in text
    assert status(home)[4] == "loaded"
    assert status(home)[7] == "withdrawn"
    assert (home / "drops" / ".mended" / "4" / "改正.csv").read_bytes() == RIGHT.encode()
    assert list((home / ".uploads").iterdir()) == []
    assert reading.receipts(home, 4)[".txt"].name == "4-改正.txt"
    app = open_page("drops", section="withdraw")
    app.selectbox(key="withdraw_drop_zh").select(7).run()
    assert "这是第 4 号报送被改正后的文件取代以前的样子" in said(app)
    assert not [button for button in app.button if button.key.startswith("withdraw_7")]


def test_a_file_unlike_the_drop_is_taken_only_by_name(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="withdraw")
    app.selectbox(key="withdraw_drop_zh").select(3).run()
    choose_files(app, ("改正.csv", month(2, 700).encode()))
    press(app, "mending_try")
    assert "看上去不像第 3 号报送的改正文件，需要有人负责才会采用：" in said(app)
    assert said(app).count("行数增加：第 3 号报送（2月.csv）为 150") == 1, (
        "as the warning's reason, not again below"
    )
    assert "读取并检查" not in said(app), "progress is told while it lasts"
    assert "python -m etl" not in said(app)
    assert app.button(key="mending_take").disabled
    assert not list((home / "drops").rglob("改正.csv"))
    assert max(status(home)) == 6
    app.text_input(key="mending_by").set_value("李科长").run()
    press(app, "mending_take")
    build = open_build(home)
    assert build is not None
    drop = build.drops()[2]
    assert (drop["file_name"], drop["rows_read"], drop["released_by"]) == ("改正.csv", 700, "李科长")
    # The list is another one, as a browser would go on showing the old name of the option chosen.
    assert app.selectbox(key="withdraw_drop_zh_1").value == 3
    assert "第 3 号 · 改正.csv" in app.selectbox(key="withdraw_drop_zh_1").options


def test_a_mended_file_given_up_is_gone(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="quarantine")
    choose_files(app, ("改正.csv", "今天天气很好\n".encode()))
    press(app, "mending_try")
    assert "没有任何可识别的列名" in said(app)
    assert app.button(key="mending_take").disabled
    app.button(key="mending_cancel").click().run()
    assert list((home / ".uploads").iterdir()) == []
    assert app.file_uploader
    assert max(status(home)) == 6


def test_while_a_mended_file_is_tried_its_progress_stands_where_the_button_was(
    home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = jobs.start
    monkeypatch.setattr(jobs, "start", lambda *a: Endless() if a[1] == "replay" else start(*a))
    app = open_page("drops", section="quarantine")
    choose_files(app, ("改正.csv", RIGHT.encode()))
    app.button(key="mending_try").click().run()
    assert [one.label for one in app.status] == ["正在试算改正后的文件，不作任何改动……"] * 2, (
        "at the top and here"
    )
    assert "改正.csv" in said(app)
    assert not [button for button in app.button if button.key == "mending_try"]
    app = open_page("drops", section="quarantine")
    app.button(key="quarantine_replay").click().run()
    assert "完成后这里可以继续选文件" in said(app)
    assert len(app.status) == 2, "at the top and where the button was"


def test_while_a_drop_is_withdrawn_its_progress_stands_where_the_button_was(
    home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "start", lambda *a: Endless())
    app = open_page("drops", section="withdraw")
    app.selectbox(key="withdraw_drop_zh").select(3).run()
    app.text_input(key="withdraw_reason_3_loaded").set_value("报错了").run()
    app.checkbox(key="withdraw_agreed_3_loaded").check().run()
    app.button(key="withdraw_3_loaded").click().run()
    assert [one.label for one in app.status] == ["正在撤回并发布……"] * 2, "at the top and here"
    assert not [button for button in app.button if button.key.startswith("withdraw_")]


def test_a_figure_is_traced_to_drops_files_and_rows(home: Path, open_page: Open) -> None:
    app = open_page("drops", **FIGURE)
    assert "2月.csv" in said(app)
    press(app, "trace_rows")
    text = said(app)
    assert "发布的是 300，查到的行合计 300。" in text
    assert "2–151" in text
    assert [button.label for button in app.get("download_button")] == ["下载本表（CSV）"]
    app.selectbox(key="indicator_zh").select("service_visits").run()
    assert "查到的行合计" not in said(app), "what was found belongs to another figure"


def test_a_figure_of_another_definition_is_traced_as_it_is_read(home: Path, open_page: Open) -> None:
    app = open_page("drops", **FIGURE, variant="hours=without_honorary")
    assert "不含荣誉时长" in said(app)
    press(app, "trace_rows")
    assert "发布的是 300，查到的行合计 300。" in said(app)
    app = open_page("drops", **FIGURE, variant="hours=clocked")
    press(app, "trace_rows")
    assert "发布的是 0，查到的行合计 0。" in said(app), "none of these records is clocked"


def test_where_only_builds_are_the_trace_ends_at_the_drops(
    home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "warehouse.duckdb").unlink()
    text = said(open_page("drops", **FIGURE))
    assert "2月.csv" in text
    assert "只能追溯到报送" in text
    monkeypatch.setenv("REDVEST_READ_ONLY", "1")
    app = open_page("drops", **FIGURE)
    assert "2月.csv" in said(app)
    assert not app.button


def test_rows_are_told_as_runs_and_the_file_has_a_line_for_each() -> None:
    spans = [{"drop_id": 3, "first": number, "last": number + number % 2} for number in range(2, 60, 4)]
    told = trace.places(spans)
    assert told.startswith("2、6、10")
    assert told.endswith(" …")
    assert trace.places([{"drop_id": 3, "first": 2, "last": 15}]) == "2–15"
    side = {"side": "numerator", "measure": "service_hours", "spans": spans}
    drop = {"drop_id": 3, "file_name": "=1.csv", "part": "", "supplier": "甲"}
    found = trace.lines(
        [side, {"side": "denominator", "measure": "permanent_population"}], {3: drop}, "b1", ""
    )
    assert len(found) == len(spans)
    assert list(found[0].values()) == ["分子", "服务时长", 3, "=1.csv", "甲", 2, 2, "b1", ""]
