"""领导简报 on the overview: a button a format, in the chosen definition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import Open, text_of


def labels(app: Any) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def test_the_overview_offers_every_format_and_names_the_definition(city_home: Path, open_page: Open) -> None:
    app = open_page("overview", variant="active=clocked")
    assert {"下载简报：Word 文档", "下载简报：PowerPoint 幻灯片", "下载简报：网页"} <= set(labels(app))
    assert "口径：活跃＝有自动签到记录。与之无关的指标按默认口径，并写明。" in text_of(app)
    assert "与之无关的指标" not in text_of(open_page("overview"))


def test_an_english_reader_gets_an_english_file(city_home: Path, open_page: Open) -> None:
    assert "Briefing as Word" in labels(open_page("overview", lang="en"))


def without_figures() -> None:
    from metrics.variants import USUAL
    from pages.components.briefing_export import panel

    panel(None, None, USUAL, [])  # type: ignore[arg-type]


def test_where_nothing_was_reported_there_is_none() -> None:
    app = AppTest.from_function(without_figures).run()
    assert [note.value for note in app.caption] == ["这段时间没有报送，没有简报。"]
    assert labels(app) == []
