"""口径 on the pages: one control, kept in the address, named beside every figure it changes."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from metrics.build import open_build
from metrics.comparisons.reasons import OF_ITS_OWN_PAST, OF_ITS_SIZE
from metrics.periods import Period
from metrics.query import query
from pages.components import downloads
from tests.pages.conftest import Open, text_of
from tests.pages.test_address import address

HOURS = "（口径：活跃＝满2小时）"


def test_a_choice_is_a_code_in_the_address_and_its_default_is_left_out(
    city_home: Path, open_page: Open
) -> None:
    app = open_page("districts")
    app.selectbox(key="variant_active_zh").select("hours_2").run()
    assert address(app) == {"variant": "active=hours_2"}
    app.selectbox(key="variant_registered_zh").select("valid_id").run()
    assert address(app) == {"variant": "active=hours_2,registered=valid_id"}
    app.selectbox(key="variant_registered_zh").select("all").run()
    app.selectbox(key="variant_active_zh").select("any").run()
    assert address(app) == {}


def test_the_choice_is_named_beside_every_figure_it_changes(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", variant="active=hours_2")
    text = text_of(app)
    assert [heading.value for heading in app.subheader if f"活跃率{HOURS}" in heading.value]
    assert text.count(HOURS) >= 4
    assert "窗口内有效记录合计至少2小时" in text
    overview = open_page("overview", variant="active=hours_2")
    labels = [metric.label for metric in overview.metric]
    assert f"活跃率{HOURS}" in labels
    assert "注册率" in labels
    assert "名称旁没有注明口径的数字按通常口径统计" in text_of(overview)
    assert "口径：" not in text_of(open_page("overview")).replace("口径：通常", "")


def test_a_choice_stays_when_an_indicator_it_does_not_concern_is_shown(
    city_home: Path, open_page: Open
) -> None:
    app = open_page("districts", indicator="registration_growth", variant="active=hours_2")
    assert address(app)["variant"] == "active=hours_2"
    assert not [heading.value for heading in app.subheader if HOURS in heading.value]
    assert [box.key for box in app.selectbox if str(box.key).startswith("variant_")] == [
        "variant_registered_zh"
    ]
    app.selectbox(key="indicator_zh").select("active_rate").run()
    assert f"活跃率{HOURS}" in text_of(app)


def test_what_cannot_be_read_so_is_said_and_shown_as_usual(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", by="gender", variant="active=hours_2")
    assert any("不能再按 gender 细分" in note.value and "现按通常口径显示" in note.value for note in app.info)
    assert not app.error


@pytest.mark.parametrize(
    "nonsense", ["junk", "active=moon", "active=clocked,active=hours_5", "=", "<script>"]
)
def test_nonsense_is_answered_with_a_note(city_home: Path, open_page: Open, nonsense: str) -> None:
    app = open_page("districts", variant=nonsense)
    assert [note for note in app.info if "variant" in note.value]
    assert "variant" not in address(app)
    assert not app.error


def test_english_names_the_choice_in_english(city_home: Path, open_page: Open) -> None:
    text = text_of(open_page("districts", lang="en", variant="active=hours_2"))
    assert "Active rate (with active = at least 2 hours)" in text


def test_a_download_names_the_choice_in_every_row(city_home: Path) -> None:
    build = open_build(city_home)
    assert build is not None
    rows = query(build, "active_rate", "130200", Period.parse("2023"), variant="active=hours_2")
    text = downloads.observations_csv(build, rows, "").decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["口径"] == "active=hours_2"


YAN = "registered=platform:燕赵志愿云"


def test_the_register_of_each_platform_of_the_city_is_offered(city_home: Path, open_page: Open) -> None:
    app = open_page("districts")
    box = app.selectbox(key="variant_registered_zh")
    assert box.options[:2] == ["全部注册者", "有有效身份证号"]
    assert set(box.options[2:]) == {"仅“燕赵志愿云”注册者", "仅“志愿汇”注册者"}
    box.select("platform:燕赵志愿云").run()
    assert address(app) == {"variant": YAN}
    assert not app.error
    text = text_of(app)
    assert "活跃率（口径：仅“燕赵志愿云”注册者）" in text
    assert "只计期末在“燕赵志愿云”有在册注册的人" in text


def test_a_link_with_a_platform_opens_and_one_the_city_lacks_is_answered_with_a_note(
    city_home: Path, open_page: Open
) -> None:
    for page in ("overview", "districts"):
        assert "（口径：仅“燕赵志愿云”注册者）" in text_of(open_page(page, variant=YAN))
        app = open_page(page, variant="registered=platform:志愿山东")
        assert [note for note in app.info if "variant" in note.value]
        assert not app.error


def test_platforms_as_parts_are_said_to_overlap(city_home: Path, open_page: Open) -> None:
    app = open_page("districts", by="platform")
    assert not app.error
    assert "各平台相加会多于总数" in text_of(app)
    assert "各平台相加会多于总数" not in text_of(open_page("districts", by="gender"))


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (
            {"indicator": "registered_share", "variant": "population=age_16_70"},
            "按这个定义只宜与同一地区的其他时期比。",
        ),
        ({"indicator": "service_hours"}, "总数随地区大小而不同，地区之间不凭它分高下。"),
        ({"indicator": "active_rate"}, ""),
    ],
)
def test_a_ranking_says_why_areas_are_not_held_against_each_other(
    city_home: Path, open_page: Open, question: dict[str, str], why: str
) -> None:
    said = [one.value for one in open_page("districts", period="2023", **question).caption]
    known = [one.zh for one in (OF_ITS_OWN_PAST, OF_ITS_SIZE)]
    assert [one for one in said if one in known] == ([why] if why else [])
