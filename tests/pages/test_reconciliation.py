"""核对 on the overview: shown when asked for, with every check the command tells."""

from __future__ import annotations

from pathlib import Path

from metrics.build import open_build
from metrics.periods import Period
from metrics.reconcile import reconcile
from metrics.reconcile.shown import shown, summary
from tests.pages.conftest import Open, text_of
from tests.pages.test_address import address


def test_it_is_shown_when_asked_for_and_stays_in_the_address(city_home: Path, open_page: Open) -> None:
    app = open_page("overview", period="2021")
    assert "各部分之和：" not in text_of(app)
    app.toggle(key="checks_zh").set_value(True).run()
    assert address(app) == {"period": "2021", "checks": "shown"}
    build = open_build(city_home)
    assert build is not None
    found = reconcile(build, "130200", Period.parse("2021"))
    text = text_of(app)
    assert summary(found, "zh") in text
    for row in shown(found, "zh"):
        assert row.name in text
        assert row.reasons in text
    app.toggle(key="checks_zh").set_value(False).run()
    assert address(app) == {"period": "2021"}


def test_it_speaks_english(city_home: Path, open_page: Open) -> None:
    text = text_of(open_page("overview", period="2021", checks="shown", lang="en"))
    assert "Tangshan, 2021: nothing to look into. The city against the sum of its parts" in text
    assert "\n**The city against the sum of its parts**" in text


def test_without_anything_published_about_the_period_that_is_said(city_home: Path, open_page: Open) -> None:
    text = text_of(open_page("overview", period="2023", checks="shown"))
    assert "这段时间没有公布过可与计算数核对的数字" in text
