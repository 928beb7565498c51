"""A real dashboard on a free port of this machine, and a real Chromium that may talk to nothing else.

Without Chromium these tests are skipped with the reason; with REDVEST_REQUIRE_BROWSER=1 (CI) they fail.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from metrics.paths import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
IS_REQUIRED = os.environ.get("REDVEST_REQUIRE_BROWSER") == "1"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STARTS_WITHIN_SECONDS = 60
WAITS_MILLISECONDS = 60_000
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder; say why it is skipped when there is no browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None and not IS_REQUIRED:
                reason = "No Chromium found: install the package chromium to run the browser tests."
                item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Dashboard:
    """A running dashboard: where it answers, which data it shows, what it wrote to its log."""

    url: str
    home: Path
    log: Path


@dataclass
class Traffic:
    """Everything the browser asked for."""

    addresses: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        """Addresses that are not on this machine (data: and blob: stay inside the browser)."""
        return [
            address
            for address in self.addresses
            if urlsplit(address).scheme not in ("data", "blob", "about")
            and urlsplit(address).hostname not in LOOPBACK
        ]


@pytest.fixture
def dashboard(data_home: Path, tmp_path: Path) -> Iterator[Dashboard]:
    """Streamlit as `make run` starts it, on the test's own (still empty) data home."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = tmp_path / "streamlit.log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "REDVEST_DATA": str(data_home)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield Dashboard(f"http://127.0.0.1:{port}", data_home, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"streamlit stopped:\n{log.read_text(encoding='utf-8')}"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"streamlit did not answer within {STARTS_WITHIN_SECONDS} s; see {log.name}")


@pytest.fixture
def traffic() -> Traffic:
    return Traffic()


@pytest.fixture
def page(dashboard: Dashboard, traffic: Traffic) -> Iterator[Any]:
    """A page in Chromium as a Chinese reader has it. Requests are recorded by the browser's own protocol, so
    that workers, fonts and favicons count too; whatever is not on this machine is also refused.
    """
    assert CHROMIUM is not None, "REDVEST_REQUIRE_BROWSER=1, but there is no Chromium on this machine."
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(locale="zh-CN", viewport={"width": 1400, "height": 1000})
        context.set_default_timeout(WAITS_MILLISECONDS)
        opened = context.new_page()
        protocol = context.new_cdp_session(opened)
        protocol.send("Network.enable")
        protocol.on(
            "Network.requestWillBeSent", lambda event: traffic.addresses.append(event["request"]["url"])
        )
        protocol.on("Network.webSocketCreated", lambda event: traffic.addresses.append(event["url"]))
        context.on("request", lambda request: traffic.addresses.append(request.url))
        yield opened
        browser.close()
