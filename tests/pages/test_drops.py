"""The drops page on a real, small warehouse: every section, every action, and a dashboard that may only show."""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest
from streamlit.testing.v1 import AppTest

from etl.frontdesk import jobs
from etl.frontdesk.jobs import Job
from etl.frontdesk.uploads import MOST_MEGABYTES
from etl.inbox import find_drops
from etl.loading import load_paths
from etl.messages import Text
from metrics.build import open_build
from metrics.paths import ROOT
from pages.components.drops import history, ledger, outcome, uploader, work
from tests.commands import run
from tests.drops import id_number
from tests.etl.desk import HOURS, REGISTER, text
from tests.etl.test_corrections import BY_VALUE, declare
from tests.pages.conftest import Open, text_of

SECTIONS = (
    "ledger", "upload", "held", "quarantine", "receipts", "withdraw", "corrections", "trace", "flags",
    "completeness", "history",
)  # fmt: skip
OF_THE_OFFICE = {"upload", "receipts", "withdraw", "corrections"}
PERSONS = [id_number(date(1980, 3, 7), sequence) for sequence in range(2, 60)]
LASTS_SECONDS = 60
IN_PROCESSES = {"test_an_upload_is_tried_out_then_loaded"}
PHONE = "13912345678"


def month(number: int, rows: int) -> str:
    return text(
        HOURS,
        *(
            f"{number}-{row},{PERSONS[row % 50]},2023-{number:02}-{1 + row % 28:02},2,路南区"
            for row in range(rows)
        ),
    )


UGLY = text(
    f"{HOURS},天气",
    f"9-1,{PERSONS[1]},2023-01-02,2,路南区,{PHONE}",
    f"9-2,{PERSONS[2][:-1]}{'1' if PERSONS[2][-1] != '1' else '2'},2023-06-06,2,路南区,",
    f"9-3,{PERSONS[3]},2023-06-07,2,火星区,",
    ",,,,,",
)


class Ended:
    """A process that has come to its end."""

    def __init__(self, code: int) -> None:
        self.code = code

    def poll(self) -> int:
        return self.code

    wait = poll


class Endless:
    """A command that is still at work."""

    is_running, seconds = True, 3.0

    def told(self) -> list[Text]:
        return [Text("读取并检查……", "Reading and checking …")]


def start_here(home: Path, *arguments: object) -> Job:
    """What jobs.start gives, of a command that has run in this process meanwhile."""
    folder = tempfile.TemporaryDirectory(prefix="redvest-")
    result = run("etl", *arguments, home=home)
    Path(folder.name, "out").write_text(result.out, encoding="utf-8")
    Path(folder.name, "err").write_text(result.err, encoding="utf-8")
    return Job(cast(Any, Ended(result.code)), folder)


@pytest.fixture(autouse=True)
def work_of_this_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run at once and here, a third of the time; as processes of their own in tests that are about it."""
    if request.node.name not in IN_PROCESSES:
        monkeypatch.setattr(jobs, "start", start_here)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register, two months, an ugly one, one on hold (no. 5) and one refused; published twice."""
    home = tmp_path_factory.mktemp("drops") / "home"
    inbox = home / "drops" / "130200"
    drops = {
        "名册.csv": text(REGISTER, *(f"{person},某某,路南区,2020-03-11,正常" for person in PERSONS[:50])),
        "志愿汇/1月.csv": month(1, 150),
        "志愿汇/2月.csv": month(2, 150),
        "云平台/ugly.csv": UGLY,
        "志愿汇/3月.csv": month(3, 900),
        "云平台/不是报送.csv": "这是,一个\n不是,报送\n",
    }
    for number, (name, content) in enumerate(drops.items(), 1):
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        found = find_drops([path], None, None, home / "drops")
        is_published = number in (1, len(drops))
        load_paths(home, found, today=date.today(), tell=lambda text: None, and_publish=is_published)
    return home


@pytest.fixture
def home(warehouse: Path, data_home: Path) -> Path:
    shutil.copytree(warehouse, data_home, dirs_exist_ok=True)
    return data_home


def status(home: Path) -> dict[int, str]:
    build = open_build(home)
    assert build is not None
    return {drop["drop_id"]: drop["status"] for drop in build.drops()}


def finish(app: AppTest) -> AppTest:
    """Run until the work that was begun has come to its end."""
    until = time.monotonic() + LASTS_SECONDS
    while "drops_work" in app.session_state and time.monotonic() < until:
        time.sleep(0.2)
        app.run()
    assert "drops_work" not in app.session_state, "the work did not end"
    assert not app.exception, [failure.message for failure in app.exception]
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    return finish(app)


def choose_files(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    uploader: Any = app.file_uploader[0]
    uploader.set_value([(name, content, "text/csv") for name, content in files]).run()
    return app


def said(app: AppTest) -> str:
    """Everything on the page, boxes of all kinds included, escapes of Markdown taken out."""
    return text_of(app).replace("\\", "")


def test_the_ledger_says_what_became_of_each_drop_and_why(home: Path, open_page: Open) -> None:
    text = said(open_page("drops"))
    assert "读取 = 接受 + 未变 + 隔离" in text
    assert "行数增加：第 3 号报送（2月.csv）为 150" in text
    assert "没有任何可识别的列名" in text
    assert "忽略 1 个未识别的列：第 F 列" in text
    app = open_page("drops")
    app.button_group(key="drops_status").select("held").run()
    assert "3月.csv" in said(app)
    assert "ugly.csv" not in said(app)


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_opens_in_both_languages(section: str, lang: str, home: Path, open_page: Open) -> None:
    app = open_page("drops", section=section, lang=lang)
    assert not app.error, [error.value for error in app.error]
    assert PHONE not in said(app)
    assert not any(person in said(app) for person in PERSONS)


def test_an_upload_is_tried_out_then_loaded(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="upload")
    before = status(home)
    choose_files(app, (f"再报 {PHONE}.csv", UGLY.replace("9-", "8-").encode("gb18030")))
    app.selectbox(key="upload_supplier_0_zh").select("云平台").run()
    press(app, "upload_check")
    text = said(app)
    assert f"再报 {'*' * 11}.csv" in text
    assert "读取 3 行 = 接受 1 + 未变 0 + 隔离 2；另有空行 1 行" in text
    assert "忽略 1 个未识别的列：第 F 列" in text
    assert "第 4 行，列“服务地区”：地区“火星区”无法识别" in text
    assert not any(word in text for word in (PHONE, *PERSONS))
    assert [button.label for button in app.get("download_button")] == ["下载这次试算的完整清单（xlsx）"]
    assert status(home) == before, "a trial changes nothing"
    assert not (home / "drops" / "云平台").exists()
    press(app, "upload_load")
    assert status(home) == {**before, 7: "loaded"}
    assert "已载入，编号为第 7 号报送。" in said(app)
    assert [path.parent.name for path in (home / "drops").rglob("再报*")] == ["云平台"]
    assert list((home / ".uploads").iterdir()) == []
    app.button(key="upload_more").click().run()
    assert app.file_uploader


def test_the_inbox_is_loaded_from_the_page(home: Path, open_page: Open) -> None:
    (home / "drops" / "130200" / "云平台" / "4月.csv").write_text(month(4, 12), encoding="utf-8")
    app = open_page("drops", section="upload")
    press(app, "upload_inbox")
    assert status(home)[7] == "loaded"
    assert "已载入，编号为第 7 号报送。" in said(app)
    assert "1月.csv" not in said(app), "what was loaded before is not told again"


def test_a_cancelled_upload_leaves_nothing(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="upload")
    choose_files(app, ("4月.csv", month(4, 10).encode()))
    press(app, "upload_check")
    assert len(list((home / ".uploads").iterdir())) == 1
    app.button(key="upload_cancel").click().run()
    assert list((home / ".uploads").iterdir()) == []
    assert app.file_uploader
    assert set(status(home)) == {1, 2, 3, 4, 5, 6}


def test_a_preview_tells_of_a_hold_a_repetition_and_a_file_that_is_none(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="upload")
    files = [("4月.csv", month(4, 900)), ("又是1月.csv", month(1, 150)), ("信.txt", "各位领导\n你们好\n")]
    choose_files(app, *((name, content.encode()) for name, content in files))
    app.selectbox(key="upload_supplier_0_zh").select("志愿汇").run()
    press(app, "upload_check")
    text = said(app)
    assert "将会暂缓：900 行均不计入统计" in text
    assert "内容与已载入的第 2 号报送完全相同，不会有任何变化。" in text
    assert "这个文件不能作为报送读取：" in text
    assert "python -m etl" not in text
    assert not app.button(key="upload_load").disabled


def test_what_was_told_of_a_sheet_is_sorted_into_notes_and_rows() -> None:
    told = [
        "册.xlsx：工作表“说明”没有可识别的列名，已跳过。",
        "册.xlsx［1月］：读取 40 行 = 接受 34 + 未变 0 + 隔离 6（另有空行 0、标题表头合计落款 1）。",
        "册.xlsx［1月］：忽略 1 个未识别的列：第 F 列",
        "册.xlsx［1月］ 第 10 行，列“服务时长”：无法识别。（同类另有 3 处）",
        "册.xlsx［1月］ 第 3 行，列“服务日期”：无法识别。",
    ]
    drop = {"file_name": "册.xlsx", "part": "1月", "told": [{"zh": sentence} for sentence in told]}
    notes, rows = outcome._told(drop)
    assert notes == ["工作表“说明”没有可识别的列名，已跳过。", "忽略 1 个未识别的列：第 F 列"]
    assert [row.split("，")[0] for row in rows] == ["第 3 行", "第 10 行"]


def test_whole_months_sent_anew_replace_what_they_no_longer_hold(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="upload")
    choose_files(app, ("2月重报.csv", month(2, 100).encode()))
    app.selectbox(key="upload_area_0_zh").select("130200").run()
    app.selectbox(key="upload_supplier_0_zh").select("志愿汇").run()
    app.checkbox(key="upload_replaces_0").check().run()
    press(app, "upload_check")
    assert "读取 100 行 = 接受 0 + 未变 100 + 隔离 0" in said(app)
    assert "按期替换：50 行旧记录不再生效" in said(app)
    press(app, "upload_load")
    assert (home / "drops" / "130200" / "志愿汇" / "2月重报.csv").is_file()
    app.button_group(key="section_zh").select("withdraw").run()
    assert "被它整月替换的旧记录恢复计入。" in said(app)


def test_what_came_before_cannot_be_loaded_again(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="upload")
    choose_files(app, ("又是1月.csv", month(1, 150).encode()))
    press(app, "upload_check")
    assert app.button(key="upload_load").disabled
    assert "没有需要载入的" in said(app)


def test_limits_are_sentences(home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page("drops", section="upload")
    assert f"一次最多 20 个文件，每个不超过 {MOST_MEGABYTES} MB" in said(app)
    choose_files(app, ("照片.jpg", b"x"), ("空.csv", b""))
    assert [error.value.split("：")[0].replace("\\", "") for error in app.error] == ["照片.jpg", "空.csv"]
    assert app.button(key="upload_check").disabled
    choose_files(app, *((f"{number}.csv", b"x") for number in range(21)))
    assert "选了 21 个文件，一次最多 20 个" in app.error[0].value
    config = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert f"maxUploadSize = {MOST_MEGABYTES}\n" in config
    monkeypatch.setattr(uploader, "most_megabytes", lambda: 7)  # the operator's server takes less
    assert "每个不超过 7 MB" in said(open_page("drops", section="upload"))


def test_why_a_drop_is_held_is_told_with_its_numbers_to_the_office_only(
    home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("etl", "publish", "--threshold", 10, home=home).require()
    assert "近 2 次为 150–150），这一次为 900" in said(open_page("drops", section="held"))
    monkeypatch.setenv("REDVEST_READ_ONLY", "1")
    for section in ("held", "ledger"):
        text = said(open_page("drops", section=section))
        assert "近 2 次为 ※），这一次为 ※" in text
        assert "这一次为 900" not in text


def test_rows_set_aside_are_counted_for_the_office_only(
    home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("etl", "publish", "--threshold", 10, home=home).require()
    withheld = "※ 公开版本不予显示"
    app = open_page("drops", section="quarantine")
    assert withheld not in said(app)
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "start", lambda *a: Endless())
        choose_files(app, ("改正.csv", UGLY.encode()))
        app.button(key="mending_try").click().run()
    assert app.status
    assert withheld not in said(app), "nor while somebody is at work"
    monkeypatch.setenv("REDVEST_READ_ONLY", "1")
    assert withheld in said(open_page("drops", section="quarantine"))


def test_a_held_drop_is_released_by_name(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="held")
    press(app, "hold_release_5")
    assert "请填写您的姓名。" in said(app)
    app.text_input(key="hold_by_5").input("李科长")
    app.text_input(key="hold_reason_5").input("三月学雷锋")
    press(app, "hold_release_5")
    assert status(home)[5] == "loaded"
    assert "已放行。" in said(app)
    assert "没有暂缓的报送。" in said(app)


def test_a_held_drop_is_sent_back_for_a_reason(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="held")
    app.text_input(key="hold_by_5").input("李科长")
    press(app, "hold_refuse_5")
    assert "请填写您的姓名和原因。" in said(app)
    app.text_input(key="hold_reason_5").input("-- 重复导出")
    press(app, "hold_refuse_5")
    assert status(home)[5] == "refused"
    assert not (home / "drops" / "130200" / "志愿汇" / "3月.csv").exists()


def test_quarantined_rows_are_shown_masked_filtered_and_saved(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="quarantine")
    text = said(app)
    assert "火星区" in text
    assert "改用区县全称或六位区划代码" in text
    app.selectbox(key="quarantine_check_zh").select("area_known").run()
    assert "身份证号有误，应为校验码" not in said(app)
    app.button(key="quarantine_make").click().run()
    labels = [button.label for button in app.get("download_button")]
    assert {"保存为 xlsx", "保存为 csv"} <= set(labels)
    press(app, "quarantine_replay")
    assert "隔离 2 行，重放后仍有 2 行" in said(app)


def test_a_receipt_is_shown_and_can_be_saved(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="receipts")
    app.selectbox(key="receipt_drop_zh").select(4).run()
    assert "志愿服务数据报送回执" in "".join(block.value for block in app.text)
    shutil.rmtree(home / "receipts")
    app.run()
    assert "这次报送还没有回执。" in said(app)
    press(app, "receipt_write")
    assert {button.label for button in app.get("download_button")} == {
        "下载表格（xlsx）",
        "下载文字版（txt）",
    }


def test_a_drop_is_withdrawn_and_brought_back_knowing_what_follows(home: Path, open_page: Open) -> None:
    app = open_page("drops", section="withdraw")
    app.selectbox(key="withdraw_drop_zh").select(3).run()
    assert "第 3 号报送的 150 行不再计入任何页面的任何数字。" in said(app)
    press(app, "withdraw_3_loaded")
    assert "请填写原因，并勾选确认已阅读后果。" in said(app)
    app.text_input(key="withdraw_reason_3_loaded").input("来函更正")
    app.checkbox(key="withdraw_agreed_3_loaded").check()
    press(app, "withdraw_3_loaded")
    assert status(home)[3] == "withdrawn"
    assert app.text_input(key="withdraw_reason_3_withdrawn").value == ""
    app.text_input(key="withdraw_reason_3_withdrawn").input("误撤")
    app.checkbox(key="withdraw_agreed_3_withdrawn").check()
    press(app, "withdraw_3_withdrawn")
    assert status(home)[3] == "loaded"
    assert "2月.csv：已撤回 → 已载入" in said(open_page("drops", section="history"))


def test_corrections_are_listed_with_the_drops_they_were_applied_to(home: Path, open_page: Open) -> None:
    assert "没有声明任何更正。" in said(open_page("drops", section="corrections"))
    declare(home, BY_VALUE.replace("rows = 2", "rows = 1"))
    again = home / "drops" / "130200" / "云平台" / "5月.csv"
    again.write_text(UGLY.replace("9-", "7-"), encoding="utf-8")
    text = said(open_page("drops", section="corrections"))
    assert "系统里的旧名" in text
    assert "尚未用到" in text
    app = press(open_page("drops", section="upload"), "upload_inbox")
    app.button_group(key="section_zh").select("corrections").run()
    assert "第 7 号报送：1 行" in said(app)
    assert "已载入，编号为" not in said(app), "what was done in the last section has been read"


def test_the_saved_ledger_has_one_thing_a_column(home: Path) -> None:
    build = open_build(home)
    assert build is not None
    lines = [ledger.saved(drop) for drop in build.drops()]
    assert {frozenset(line) for line in lines} == {frozenset(ledger._saved_columns())}
    assert [heading for heading in ledger._saved_columns().values() if heading[0] in "=+"] == []
    assert (lines[4]["rows_read"], lines[4]["supplier"], lines[4]["area"]) == (900, "志愿汇", "唐山市")
    assert str(lines[4]["note"]).startswith("行数增加")


def test_what_changed_between_two_builds() -> None:
    first = {"drop_id": 1, "file_name": "1月.csv", "part": "", "status": "loaded", "rows_accepted": 5}
    first |= {"rows_quarantined": 2}
    second = {**first, "drop_id": 2, "file_name": "册.xlsx", "part": "二月", "rows_accepted": 7}
    assert history.changes({}, {1: first}) == ["第 1 号 1月.csv：新增，已载入，接受 5 行"]
    assert history.changes({1: first}, {1: first, 2: second}) == [
        "第 2 号 册.xlsx［二月］：新增，已载入，接受 7 行"
    ]
    mended = {**first, "rows_accepted": 6, "rows_quarantined": 1}
    assert history.changes({1: first}, {1: mended}) == ["第 1 号 1月.csv：隔离 2 → 1 行"]
    assert history.changes({1: first}, {1: {**first, "status": "withdrawn"}}) == [
        "第 1 号 1月.csv：已载入 → 已撤回"
    ]
    assert history.changes({1: first}, {1: first}) == []


def test_flags_and_completeness_are_shown_by_supplier_and_area(home: Path, open_page: Open) -> None:
    flags = said(open_page("drops", section="flags"))
    assert "此前已有一条记录" in flags, "the ugly file repeats a service of another supplier"
    assert "云平台" in flags
    completeness = open_page("drops", section="completeness")
    shown = "".join(str(block.proto.body) for block in completeness.get("html"))
    assert "志愿汇" in said(completeness)
    assert 'title="2023-01 已报 · 150 行' in shown
    assert 'class="redvest-month absent' in shown


def test_somebody_else_at_work_is_told_and_nobody_waits(
    home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "PATIENCE_SECONDS", 0.2)
    app = open_page("drops", section="withdraw")
    with (home / "warehouse.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(json.dumps({"pid": 7, "doing": "load", "since": "2024-06-30 09:00:00"}))
        lock.flush()
        app.run()
        assert "数据仓库正在使用中：载入报送" in said(app)
        app.text_input(key="withdraw_reason_4_loaded").input("x")
        app.checkbox(key="withdraw_agreed_4_loaded").check()
        app.button(key="withdraw_4_loaded").click().run()
        assert [box.value for box in app.warning]
        assert "drops_work" not in app.session_state
        assert "正在使用中" in said(open_page("drops", section="quarantine"))
        lock.truncate(0)


def test_a_dashboard_that_may_only_show_has_nothing_that_writes(
    home: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDVEST_READ_ONLY", "1")
    for section in SECTIONS:
        app = open_page("drops", section=section)
        assert not app.get("file_uploader")
        assert [button.label for button in app.button] == []
        assert not app.text_input
        assert "火星区" not in said(app), "values of single rows are for those who keep the data"
    offered = set(open_page("drops").button_group(key="section_zh").options)
    assert len(offered) == len(SECTIONS) - len(OF_THE_OFFICE)


def test_an_empty_home_begins_with_the_upload(data_home: Path, open_page: Open) -> None:
    app = open_page("drops")
    choose_files(app, ("1月.csv", month(1, 20).encode()))
    app.selectbox(key="upload_area_0_zh").select("130200").run()
    press(app, "upload_check")
    press(app, "upload_load")
    assert status(data_home) == {1: "loaded"}
    assert "已载入，编号为第 1 号报送。" in said(app)
