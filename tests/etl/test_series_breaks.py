"""What a data home declares reaches the build, and unfinished months are compared only where nobody owes anything."""

from datetime import date
from pathlib import Path

import pytest

from metrics.build import Build, open_build
from metrics.comparisons import compare
from metrics.periods import Period
from metrics.query import query
from metrics.series_breaks.reading import load_breaks
from tests.commands import run
from tests.etl.desk import ADA, HOURS, Desk, text
from tests.etl.sendings import Sendings

DECLARED = """
[[break]]
area_code = "130200"
concerns = ["service_hours"]
on = 2021-02-01
kind = "platform_migration"
text_zh = "换了平台。"
text_en = "Another platform."
source = "通知"
"""


def test_declared_and_shipped_breaks_are_published_and_a_mistake_stops_publishing(tmp_path: Path) -> None:
    home, inbox = tmp_path / "home", tmp_path / "inbox" / "130200"
    home.mkdir()
    inbox.mkdir(parents=True)
    (inbox / "1.csv").write_text(text(HOURS, f"R1,{ADA},2021-01-05,1,路南区"), encoding="utf-8")
    (home / "series_breaks.toml").write_text("[[breaks]]\n", encoding="utf-8")
    refused = run("etl", "load", inbox, home=home)
    assert refused.code == 2
    assert "Did you mean 'break'?" in refused.err
    assert open_build(home) is None
    (home / "series_breaks.toml").write_text(DECLARED, encoding="utf-8")
    run("etl", "publish", home=home).require()
    build = open_build(home)
    assert build is not None
    assert build.breaks == load_breaks(home)
    assert [one.text_zh for one in build.breaks if one.kind == "platform_migration"] == ["换了平台。"]


MONTHS = """
    supplier | received   | rows
    平台甲   | 2021-08-03 | 路南区 2021-07-05 x9
    平台甲   | 2021-09-03 | 路南区 2021-08-05 x9
    平台甲   | 2021-10-03 | 路南区 2021-09-05 x9
    平台乙   | 2021-08-03 | 古冶区 2021-07-05 x9
    平台乙   | 2021-09-03 | 古冶区 2021-08-05 x9
    平台乙   | 2021-10-03 | 古冶区 2021-09-05 x9
    平台甲   | 2021-10-16 | 路南区 2021-10-05 x6
"""


def built(desk: Desk, more: str = "") -> Build:
    sendings = Sendings(desk)
    sendings.send(MONTHS)
    if more:
        sendings.send(f"supplier | received | rows\n{more}")
    return sendings.build(date(2021, 10, 20))


@pytest.mark.parametrize(
    ("more", "district", "city"),
    [
        ("", True, False),  # 平台乙 has sent nothing of October
        ("平台乙 | 2021-10-16 | 古冶区 2021-10-05 x4", True, True),
        ("平台乙 | 2021-10-10 | 古冶区 2021-10-05 x4", True, True),  # before the other, and of the same days
        # and the other later of more days
        (
            "平台甲 | 2021-10-18 | 路南区 2021-10-16 x4\n平台乙 | 2021-10-10 | 古冶区 2021-10-05 x4",
            True,
            False,
        ),
    ],
)
def test_half_a_month_is_compared_where_everybody_has_sent_it(
    desk: Desk, more: str, district: bool, city: bool
) -> None:
    build = built(desk, more)
    for area, expected in (("130202", district), ("130200", city)):
        (now,) = query(build, "service_visits", area, Period.parse("2021-10"), basis="service")
        assert now.status == "provisional"
        (found,) = compare(build, now, ["previous"])
        assert found.is_allowed is expected, (area, found)
        if expected:
            # the day of the last record, not that on which the file came
            day = 16 if "10-16 x4" in more else 5
            assert found.through == (date(2021, 10, day), date(2021, 9, day))
