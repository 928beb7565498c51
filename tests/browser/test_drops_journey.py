"""A clerk's morning in a real Chromium: an ugly file is uploaded, tried out, loaded, looked at and withdrawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from metrics.build import open_build
from tests.browser.conftest import Dashboard, Traffic
from tests.browser.test_journey import heading, settled
from tests.commands import load
from tests.pages.test_drops import PERSONS, PHONE, SECTIONS, UGLY, month


def section(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("radio", name=name, exact=True)
    ).first.click()
    page.wait_for_url("**section=**")
    settled(page)


def saved(page: Any, label: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    return Path(download.value.path()).read_bytes()


def test_a_clerk_s_morning(dashboard: Dashboard, page: Any, traffic: Traffic, tmp_path: Path) -> None:
    january = tmp_path / "1月.csv"
    january.write_text(month(1, 60), encoding="utf-8")
    load(dashboard.home, january, "--area", "130200", "--supplier", "志愿汇")
    ugly = tmp_path / f"六月（最终版）{PHONE}.csv"
    ugly.write_bytes(UGLY.encode("gb18030"))

    page.goto(f"{dashboard.url}/drops")
    heading(page, "报送").wait_for()
    section(page, "上传")
    page.get_by_role("button", name="选择文件").wait_for()  # Streamlit's own word here is English
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files([str(ugly)])
    page.get_by_role("combobox", name="报送单位").fill("云平台")
    offered = page.get_by_test_id("stSelectboxVirtualDropdown").locator("[data-item-hl]").first
    assert "不在列表里：按输入的名称" in offered.evaluate("one => getComputedStyle(one, '::after').content")
    assert offered.evaluate("one => getComputedStyle(one).fontSize") == "0px", "its own words are English"
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_role("combobox", name="这些文件属于哪个地区").fill("火星")
    nothing = page.get_by_test_id("stSelectboxVirtualDropdown").get_by_text("No results")
    assert nothing.evaluate("one => getComputedStyle(one).fontSize") == "0px"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="试算").click()

    heading(page, "试算结果").wait_for()
    page.get_by_text("报送单位：云平台（以前没有报送过").wait_for()
    page.get_by_text("读取 3 行 = 接受 1 + 未变 0 + 隔离 2").wait_for()
    assert shows_nobody(page)
    page.get_by_role("button", name="载入", exact=True).click()
    page.get_by_text("已载入，编号为第 2 号报送。").wait_for()
    build = open_build(dashboard.home)
    assert build is not None
    page.locator(".redvest-meta", has_text=build.build_id).wait_for()

    section(page, "隔离")
    page.get_by_text("火星区").first.wait_for()
    page.get_by_role("button", name="生成可转发的文件").click()
    page.get_by_role("button", name="保存为 csv").wait_for()
    rows = saved(page, "保存为 csv").decode("utf-8-sig")
    assert "火星区" in rows
    assert not any(word in rows for word in (PHONE, *PERSONS))

    section(page, "回执")
    page.get_by_text("志愿服务数据报送回执").wait_for()
    assert saved(page, "下载表格（xlsx）").startswith(b"PK")
    assert shows_nobody(page)

    section(page, "撤回")
    page.get_by_text("第 2 号报送的 1 行不再计入任何页面的任何数字。").wait_for()
    page.get_by_label("原因（记入台账并随之公布）").fill("报送单位来函，将重报")
    page.keyboard.press("Enter")
    settled(page)
    page.get_by_text("我已阅读以上后果").click()
    settled(page)
    page.get_by_role("button", name="撤回这次报送").click()
    page.get_by_text("已撤回。各页的数字已经更新。").wait_for()
    build = open_build(dashboard.home)
    assert build is not None
    assert [drop["status"] for drop in build.drops()] == ["loaded", "withdrawn"]

    for name in SECTIONS:
        page.goto(f"{dashboard.url}/drops?section={name}")
        heading(page, "报送").wait_for()
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
        assert page.get_by_test_id("stException").count() == 0
    assert traffic.outside() == []


def shows_nobody(page: Any) -> bool:
    shown = page.content()
    return not any(word in shown for word in (PHONE, *PERSONS))
