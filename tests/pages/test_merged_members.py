"""The page Districts compared tells withheld members and districts together, in the table, the chart and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from metrics.build import open_build
from metrics.catalogue import load_catalogue
from metrics.periods import Period
from metrics.query import breakdown
from pages.components import charts
from tests.metrics.build_factory import make_build
from tests.pages.conftest import Open, text_of

REGISTERED = load_catalogue().indicator("registered_volunteers")


def few_of_a_kind(home: Path) -> Path:
    """Two districts of 60 and 50 people and two of 3 and 14; five men, of twelve nobody knows the gender."""
    sizes = {"130202": 60, "130203": 50, "130204": 3, "130205": 14}
    people = [area for area, size in sizes.items() for _ in range(size)]
    genders = ["male"] * 5 + ["unknown"] * 12
    return make_build(
        home,
        registrations=[
            {
                "volunteer_key": key, "area_code": area, "registered_on": "2021-05-01",
                "gender": genders[key] if key < len(genders) else "female",
            }
            for key, area in enumerate(people)
        ],
        service_records=[{"volunteer_key": 1, "service_date": day} for day in ("2021-05-02", "2023-12-31")],
        threshold=10,
    )  # fmt: skip


def test_withheld_members_are_one_bar_and_one_line(data_home: Path, open_page: Open) -> None:
    build = open_build(few_of_a_kind(data_home))
    assert build is not None
    rows = breakdown(build, REGISTERED.id, "130200", Period.parse("2023"), by="gender")
    assert [row.status for row in rows] == ["ok", "suppressed", "suppressed", "merged"]
    text = " ".join(
        text_of(open_page("districts", period="2023", indicator=REGISTERED.id, by="gender")).split()
    )
    assert "合并 2 项 17人 不予显示的各项合并" in text
    assert "合并 2 项：男、性别不详：总数减去已显示的各项。" in text
    figure: Any = charts.members(rows, REGISTERED)
    assert figure.data[0].y[-1] == 17
    assert len(set(figure.data[0].x)) == len(rows)


def test_withheld_districts_are_one_line_below_the_ranking(data_home: Path, open_page: Open) -> None:
    few_of_a_kind(data_home)
    text = " ".join(text_of(open_page("districts", period="2023", indicator=REGISTERED.id)).split())
    assert "合并 2 个地区 17人 不予显示的各项合并" in text
    assert "合并 2 个地区：古冶区、开平区：总数减去已显示的各项。" in text
    english = " ".join(
        text_of(open_page("districts", period="2023", indicator=REGISTERED.id, lang="en")).split()
    )
    assert "2 areas merged" in english
