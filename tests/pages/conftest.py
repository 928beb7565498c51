"""Pages as a reader opens them, without a browser: AppTest runs app.py and keeps what was drawn."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from metrics.paths import ROOT
from tests.metrics.build_factory import small_city

PAGES = ("overview", "cities", "districts", "analyses", "revisions", "definitions", "drops")
RUNS_WITHIN_SECONDS = 60

Open = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="session")
def installed_packages_are_read_once() -> Iterator[None]:
    """A server looks through them for components when it starts; each AppTest would anew, for longer than a page."""
    with pytest.MonkeyPatch.context() as once:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        once.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session")
def published_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One published, synthetic build of Tangshan (2021–2023), made once."""
    return small_city(tmp_path_factory.mktemp("city"))


@pytest.fixture
def city_home(published_city: Path, data_home: Path) -> Path:
    """A data home of the test's own with that build."""
    shutil.copytree(published_city, data_home, dirs_exist_ok=True)
    return data_home


@pytest.fixture
def as_after_the_first_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server's state once app.py has run. AppTest forgets it before every run, a server does not."""
    begin = PagesManager.__init__

    def begun(manager: PagesManager, *arguments: Any, **options: Any) -> None:
        begin(manager, *arguments, **options)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begun)


@pytest.fixture
def open_page(as_after_the_first_request: None) -> Open:
    """open_page("districts", lang="en", period="2023") → the page as run, as the first request of a session."""

    def opened(name: str = "overview", **filters: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=RUNS_WITHIN_SECONDS)
        for key, value in filters.items():
            app.query_params[key] = value
        if name != "overview":
            app.switch_page(f"pages/{name}.py")
        app.run()
        assert not app.exception, [failure.message for failure in app.exception]
        return app

    return opened


def text_of(app: AppTest) -> str:
    """Everything the page says, tags removed."""
    parts = [str(block.proto.body) for block in app.get("html")]
    for kind in (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "info",
        "warning",
        "error",
        "success",
    ):
        elements: Any = app.get(kind)
        parts += [str(element.value) for element in elements]
    for metric in app.metric:
        parts += [metric.label, metric.value, metric.delta]
    parts += [tab.label for tab in app.tabs] + [block.label for block in app.expander]
    for widget in [*app.selectbox, *app.multiselect, *app.button_group]:
        parts += [widget.label, *widget.options]
    parts += [code.value for code in app.code]
    return "\n".join(unescape(re.sub(r"<[^>]*>", " ", str(part))) for part in parts)
