"""The page stands alone: nothing is fetched, nothing runs, every figure leads to its trace row."""

from __future__ import annotations

import re
from pathlib import Path

from briefing.model import Briefing
from tests.briefing.reading import parse_page


def test_nothing_is_fetched_and_nothing_runs(files: dict[str, Path]) -> None:
    page = parse_page(files["html"])
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    for tag, attributes in page.tags:
        assert not {"src", "srcset", "background", "action"} & attributes.keys(), tag
        assert not [name for name in attributes if name.startswith("on")], tag
        if tag == "a":
            assert str(attributes["href"]).startswith("#")
    text = files["html"].read_text(encoding="utf-8")
    assert not re.search(r"https?:|@import|url\(", text)
    assert "default-src 'none'" in text


def test_every_link_leads_to_a_row(files: dict[str, Path], briefing: Briefing) -> None:
    page = parse_page(files["html"])
    places = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {str(attributes["href"])[1:] for tag, attributes in page.tags if tag == "a"}
    assert links <= places
    assert links == {f"trace-{figure.number}" for figure in briefing.figures}


def test_mark_build_and_as_of_day_stand_on_screen_and_on_every_printed_page(files: dict[str, Path]) -> None:
    text = files["html"].read_text(encoding="utf-8")
    (printed,) = re.findall(r'@bottom-left \{ content: "([^"]*)"', text)
    (title,) = re.findall(r"<title>(.*?)</title>", text)
    for place in (printed, title):
        assert "示例数据" in place
        assert "2024-01-15-small" in place
    assert "2023-12-31" in printed
    assert 'class="sample"' in text


def test_the_page_says_its_language_and_encoding(files: dict[str, Path]) -> None:
    text = files["html"].read_text(encoding="utf-8")
    assert text.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert '<meta charset="utf-8">' in text
