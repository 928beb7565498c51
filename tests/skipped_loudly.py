"""A pytest plugin (`make test` loads it): what was skipped in the browser is said so that nobody overlooks it."""

from typing import Any

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Just above pytest's closing line: how many browser tests did not run, and how to make them run."""
    skipped: list[Any] = [
        report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords
    ]
    if skipped:
        terminalreporter.write_sep("!", f"{len(skipped)} BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line(
            f"没有找到 Chromium,{len(skipped)} 项浏览器测试没有运行;安装 chromium 后再试(Debian:apt install chromium)。"
        )
        terminalreporter.write_line(
            f"No Chromium was found: {len(skipped)} browser tests did not run. Install the package chromium."
        )
