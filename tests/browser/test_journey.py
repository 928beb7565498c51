"""One reader's journey through the dashboard, in a real Chromium."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from metrics.catalogue import load_catalogue
from tests.browser.conftest import Dashboard, Traffic
from tests.metrics.build_factory import small_city

PAGES = ("", "cities", "districts", "analyses", "revisions", "definitions", "drops")


def filters(page: Any) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def heading(page: Any, text: str) -> Any:
    return page.get_by_role("heading", name=text, exact=True)


def settled(page: Any) -> None:
    """Until Streamlit has finished the run that is under way."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState !== 'running'"
    )


def choose(page: Any, label: str, option: str) -> None:
    """Pick an option of a select box as a reader does."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option, exact=True).click()
    settled(page)


def test_a_reader_s_journey(dashboard: Dashboard, page: Any, traffic: Traffic) -> None:
    small_city(dashboard.home)
    indicator = load_catalogue().indicator("hours_per_registered").name("zh")

    page.goto(dashboard.url)
    heading(page, "总览").wait_for()
    page.get_by_text("示例数据").first.wait_for()
    page.get_by_text("2024-01-15-small").first.wait_for()
    page.get_by_test_id("stMetric").nth(7).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page overflows"

    page.get_by_role("link", name="区县对照").first.click()
    heading(page, "区县对照").wait_for()
    page.get_by_text("区县不详").first.wait_for()

    choose(page, "指标", indicator)
    page.wait_for_url("**indicator=hours_per_registered**")
    page.reload()
    heading(page, "区县对照").wait_for()
    heading(page, f"排序：{indicator}").wait_for()
    assert filters(page) == {"indicator": "hours_per_registered"}

    page.get_by_role("button", name="English").or_(page.get_by_role("radio", name="English")).first.click()
    heading(page, "Districts compared").wait_for()
    page.wait_for_url("**lang=en**")
    assert filters(page) == {"indicator": "hours_per_registered", "lang": "en"}

    page.get_by_role("link", name="Drops").first.click()
    heading(page, "Drops").wait_for()
    page.get_by_text("Ledger", exact=True).wait_for()
    page.wait_for_url("**/drops?*indicator=hours_per_registered**")

    page.get_by_role("link", name="Overview").first.click()
    page.get_by_role("link", name="Analyses").first.click()
    heading(page, "Analyses").wait_for()
    heading(page, "districts in order, with rank intervals and tiers").wait_for()
    page.wait_for_url("**/analyses?*indicator=hours_per_registered**")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page overflows"

    page.get_by_role("link", name="Revisions").first.click()
    page.locator("td", has_text="2024-01-15-small").wait_for()

    small_city(dashboard.home, build_id="2024-02-15-newer")
    page.locator(".redvest-meta", has_text="2024-02-15-newer").wait_for()  # nobody clicked anything

    assert traffic.addresses
    assert traffic.outside() == []


def test_back_and_forward_lead_through_the_choices(dashboard: Dashboard, page: Any) -> None:
    small_city(dashboard.home)
    page.goto(f"{dashboard.url}/districts")
    heading(page, "区县对照").wait_for()
    before = page.get_by_role("heading", name="排序：").inner_text()
    choose(page, "指标", load_catalogue().indicator("hours_per_registered").name("zh"))
    page.wait_for_url("**indicator=hours_per_registered**")
    heading(page, before).wait_for(state="detached")
    page.go_back()
    heading(page, before).wait_for()
    assert filters(page) == {}
    page.go_forward()
    heading(page, before).wait_for(state="detached")
    assert filters(page) == {"indicator": "hours_per_registered"}


def test_a_briefing_is_downloaded_in_the_chosen_definition(dashboard: Dashboard, page: Any) -> None:
    small_city(dashboard.home)
    page.goto(f"{dashboard.url}/?variant=active%3Dclocked")
    button = page.get_by_role("button", name="下载简报：网页")
    button.wait_for()
    settled(page)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "overview-130200-2023-active_clocked-2024-01-15-small.html"
    assert "活跃率＊" in download.value.path().read_text(encoding="utf-8")


def test_the_sensitivity_of_a_ranking_and_the_reconciliation_are_drawn(
    dashboard: Dashboard, page: Any
) -> None:
    """Also on a telephone: nothing is cut off that cannot be scrolled to."""
    small_city(dashboard.home)
    page.set_viewport_size({"width": 400, "height": 900})
    page.goto(f"{dashboard.url}/districts")
    heading(page, "口径敏感性：活跃率").wait_for()
    page.get_by_text("肯德尔 τ", exact=True).wait_for()
    page.goto(f"{dashboard.url}/?period=2021&checks=shown")
    page.get_by_text("计算数与公布数", exact=True).wait_for()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "the page overflows"


def test_no_page_asks_the_internet_for_anything(dashboard: Dashboard, page: Any, traffic: Traffic) -> None:
    """Every page with every tab, and one in English: nothing leaves the machine, and no traceback is shown."""
    small_city(dashboard.home)
    # The server's very first request is a link to a page: it must come up whole, with its navigation.
    for path, overview in [("drops?lang=en", "Overview"), *[(name, "总览") for name in PAGES]]:
        page.goto(f"{dashboard.url}/{path}")
        page.get_by_role("heading", level=1).first.wait_for()
        page.get_by_role("link", name=overview).first.wait_for()
        settled(page)
        for tab in page.get_by_role("tab").all():
            if tab.is_visible():
                tab.click()
        page.wait_for_timeout(200)
        assert page.get_by_text("Traceback").count() == 0
        assert page.get_by_test_id("stException").count() == 0
    assert len(traffic.addresses) > 20
    assert traffic.outside() == []
