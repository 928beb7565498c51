"""A public build from which small counts follow, published before such were refused, warns on every page."""

from pathlib import Path

import duckdb
import pytest

from metrics.build import open_build
from metrics.small_counts import exposed_text
from tests.metrics.build_factory import DEFAULT_DROPS, make_build
from tests.pages.conftest import Open, text_of

PEOPLE = [{"volunteer_key": key, "registered_on": "2023-01-05"} for key in range(1, 41)]


@pytest.mark.parametrize(("found", "lang"), [(0, "zh"), (3, "zh"), (1, "en")])
def test_the_banner_says_how_many(data_home: Path, open_page: Open, found: int, lang: str) -> None:
    make_build(data_home, registrations=PEOPLE, drops=DEFAULT_DROPS, threshold=10)
    (path,) = (data_home / "published").glob("*.duckdb")
    with duckdb.connect(str(path)) as build:
        build.execute("UPDATE manifest SET value = ? WHERE key = 'disclosure_exposed'", [str(found)])
    text = text_of(open_page("definitions", lang=lang))
    current = open_build(data_home)
    assert current is not None
    if found:
        assert exposed_text(current, lang) in text
        assert (f"有 {found} 个" if lang == "zh" else "1 small count that") in text
    assert ("小数字可以推算出来" in text or "Small counts can be computed" in text) == bool(found)
