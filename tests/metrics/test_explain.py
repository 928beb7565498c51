"""Figures as sentences, and where they come from."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics.analysis.distribution import hours_distribution
from metrics.build import Build, open_build
from metrics.catalogue import load_catalogue
from metrics.comparisons import between
from metrics.contributing import MOST_DROPS_NAMED, drop_lines
from metrics.explain import STATUSES, describe, explain, format_value, status_text
from metrics.observation import Observation
from metrics.output import explanation_text
from metrics.periods import Period
from metrics.query import query
from metrics.reconcile import reconcile
from metrics.reconcile.shown import summary
from metrics.reconcile.telling import as_text
from metrics.revision_output import as_table as revision_table
from metrics.sentences import area_name_in_full, format_interval, format_number, window_of_all
from metrics.series_breaks import SeriesBreak
from metrics.vintages import revisions
from tests.metrics.analysis_factory import one_person_home
from tests.metrics.build_factory import make_build


def observation(indicator: str = "active_rate", period: str = "2023", **more: Any) -> Observation:
    span = Period.parse(period)
    fields: dict[str, Any] = {
        "indicator": indicator, "area_code": "130202", "area_name": "路南区", "period_start": span.start,
        "period_end": span.end, "window": span.kind, "basis": "residence", "dimension": "", "member": "",
        "numerator": 1234, "denominator": 2016, "value": 61.210317, "lower": 59.04, "upper": 63.31,
        "status": "ok", "build_id": "b",
    }  # fmt: skip
    return Observation(**fields | more)


GONE = {"numerator": None, "value": None, "lower": None, "upper": None}


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        (
            observation(status="provisional"),
            "唐山市路南区 2023年活跃率为 61.2%（1,234 / 2,016），95% 区间 59.0%–63.3%；未完结，暂定。",
            "Lunan District, Tangshan, 2023, active rate: 61.2% (1,234 / 2,016), 95% interval 59.0%–63.3%; "
            "provisional: the window is not fully reported yet.",
        ),
        (
            observation(period="2023-05", window="rolling12", dimension="gender", member="female"),
            "唐山市路南区（女） 截至2023年5月的12个月活跃率为 61.2%（1,234 / 2,016），95% 区间 59.0%–63.3%。",
            "Lunan District, Tangshan (Female), the 12 months to May 2023, active rate: 61.2% "
            "(1,234 / 2,016), 95% interval 59.0%–63.3%.",
        ),
        (
            observation(status="not_reported", denominator=None, **GONE),
            "唐山市路南区 2023年活跃率：未报送。",
            "Lunan District, Tangshan, 2023, active rate: not reported.",
        ),
        (
            observation("registration_growth", numerator=-12, denominator=400, value=-3.0, lower=None, upper=None),
            "唐山市路南区 2023年末注册同比增速为 -3.0%（比上年同期的 400 减少 12）。",
            "Lunan District, Tangshan, end of 2023, growth of registrations: -3.0% (12 fewer than the 400 of a "
            "year earlier).",
        ),
        (
            observation("service_hours", "2023-05", window="ytd", basis="service", numerator=1234.4,
                        denominator=None, value=1234.4, lower=None, upper=None),
            "唐山市路南区 2023年1–5月服务时长（按服务地）为 1,234小时。",
            "Lunan District, Tangshan, January–May 2023, service hours (by place of service): 1,234 h.",
        ),
        (
            observation("registered_share", numerator=20, denominator=336600, value=0.0059, lower=None, upper=None,
                        status="denominator_year"),
            "唐山市路南区 2023年末注册率为 <0.1%（20 / 336,600）；人口用较早年份代替。",
            "Lunan District, Tangshan, end of 2023, registered share: <0.1% (20 / 336,600); population of an "
            "earlier year.",
        ),
    ],
)  # fmt: skip
def test_a_figure_becomes_a_sentence(given: Observation, zh: str, en: str) -> None:
    assert describe(given, "zh") == zh
    assert describe(given, "en") == en


def test_every_status_has_words_and_shows_in_the_sentence() -> None:
    for status in STATUSES:
        assert status_text(status, "zh")
        if status != "ok":
            assert status_text(status, "en") in describe(observation(status=status), "en")


def test_values_are_written_with_unit_and_decimals() -> None:
    rate, people = (load_catalogue().indicator(name) for name in ("active_rate", "registered_volunteers"))
    hours = load_catalogue().indicator("hours_per_registered")
    assert format_value(61.25, rate, "zh") == "61.3%"
    assert format_value(1234, people, "zh") == "1,234人"
    assert format_value(1234, people, "en") == "1,234 people"
    assert format_value(1.5, hours, "en") == "1.50 h"
    assert format_value(None, rate, "zh") == "—"
    assert format_value(0, rate, "zh") == "0.0%"
    assert format_value(0.049, rate, "zh") == "<0.1%"
    assert format_value(0.051, rate, "zh") == "0.1%"
    assert format_number(-0.04, 1) == "0.0"


def test_a_district_is_named_with_its_city_unless_its_name_says_it() -> None:
    assert area_name_in_full("130202", "zh") == "唐山市路南区"
    assert area_name_in_full("130273", "zh") == "唐山高新技术产业开发区"
    assert area_name_in_full("130200", "en") == "Tangshan"
    assert area_name_in_full("U130200", "zh").startswith("唐山市")
    assert not area_name_in_full("U130200", "zh").startswith("唐山市唐山市")


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def drop(drop_id: int, source: str, first: str, last: str, **more: object) -> dict[str, object]:
        return {"drop_id": drop_id, "source": source, "first_on": first, "last_on": last,
                "area_code": "130200", **more}  # fmt: skip

    home = make_build(
        tmp_path,
        registrations=[{"volunteer_key": key, "registered_on": "2021-01-01"} for key in (1, 2)],
        service_records=[
            {"volunteer_key": 1, "service_date": day, "service_minutes": 50} for day in ("2023-03-05", "2023-12-05")
        ],
        drops=[
            drop(1, "registrations", "2021-01-01", "2021-01-01", file_name="register.csv"),
            drop(2, "service_hours", "2023-03-01", "2023-12-31", file_name="hours.csv", rows_accepted=7),
            drop(3, "service_hours", "2022-01-01", "2022-12-31", file_name="of another year.csv"),
            drop(4, "service_hours", "2023-01-01", "2023-12-31", file_name="gone.csv", status="withdrawn"),
            drop(5, "activities", "2023-01-01", "2023-12-31", file_name="activities.csv"),
            drop(6, "service_hours", "2023-01-01", "2023-12-31", file_name="elsewhere.csv") | {"area_code": "371000"},
        ],
        is_synthetic=True,
    )  # fmt: skip
    build = open_build(home)
    assert build is not None
    return build


def test_an_explanation_has_the_numbers_in_the_formula_and_the_drops_behind_them(build: Build) -> None:
    explanation = explain(build, "hours_per_registered", "130202", Period.parse("2023"))
    assert explanation["calculation"] == {"zh": "1.67 ÷ 2 = 0.83小时", "en": "1.67 ÷ 2 = 0.83 h"}
    assert explanation["formula"]["en"] == "service hours (residence) / registered volunteers"
    assert [drop["file_name"] for drop in explanation["drops"]] == ["register.csv", "hours.csv"]
    assert explanation["drops"][1]["rows_accepted"] == 7
    assert explanation["build"] == {
        "build_id": "2024-01-15-test", "created_at": "2030-01-01T08:00:00", "is_synthetic": True,
    }  # fmt: skip
    assert explanation["status"]["code"] == "provisional"  # records begin in March
    assert "服务时长的数据自 2023-03 起，这个数需要 2023-01 起的。" in explanation["completeness"]["zh"]
    assert explanation["coverage"]["service_hours"] == {"first_on": "2023-03-01", "last_on": "2023-12-31"}
    assert len(explanation["caveats"]["zh"]) == len(explanation["caveats"]["en"]) > 0
    assert explanation["interval"] is None


def test_an_explanation_says_the_same_as_the_query(build: Build) -> None:
    period = Period.parse("2023-12")
    explanation = explain(build, "active_rate", "130202", period, "rolling12")
    (row,) = query(build, "active_rate", "130202", period, "rolling12")
    assert explanation["observation"] == row.as_dict()
    assert explanation["sentence"]["zh"] == describe(row, "zh")
    assert explanation["interval"]["lower"] == row.lower
    for lang in ("zh", "en"):
        interval = explanation["interval"]["text"][lang]
        assert interval == format_interval(row, load_catalogue().indicator("active_rate"), lang)
        assert interval in explanation["sentence"][lang]
        assert f"95% 区间 interval: {interval} (Wilson)" in explanation_text(explanation)
    assert (explanation["window_start"], explanation["window_end"]) == ("2023-01-01", "2023-12-31")


def test_a_missing_figure_is_explained_too(build: Build) -> None:
    explanation = explain(build, "active_rate", "371002", Period.parse("2023"))
    assert explanation["calculation"] == {"zh": "未报送", "en": "not reported"}
    assert explanation["coverage"] == {}


def test_a_withdrawn_drop_or_one_of_other_days_explains_nothing(build: Build) -> None:
    files = {
        drop["file_name"] for drop in explain(build, "service_hours", "130200", Period.parse("2023"))["drops"]
    }
    assert files == {"register.csv", "hours.csv"}
    all_time = explain(build, "service_hours", "130200", Period.parse("2023"), "to_date")
    assert {drop["file_name"] for drop in all_time["drops"]} == files | {"of another year.csv"}
    assert all(isinstance(drop["last_on"], str) for drop in all_time["drops"])
    assert date.fromisoformat(all_time["drops"][0]["first_on"]) == date(2021, 1, 1)


def city_of_two(home: Path, last_day: str = "2023-12-31", **more: Any) -> Build:
    """路南区 with 60 of 200 active in 2022 and 160 of 200 in 2023; 路北区 with 20 of 200 in both."""
    active = [("2022-05-05", range(60)), ("2023-05-05", range(160))]
    home = make_build(
        home,
        registrations=[
            {"volunteer_key": key, "registered_on": "2021-01-01", "area_code": ("130202", "130203")[key // 200]}
            for key in range(400)
        ],
        service_records=[
            {"volunteer_key": key, "service_date": day} for day, people in active for key in (*people, *range(200, 220))
        ]
        + [{"volunteer_key": 399, "service_date": day} for day in ("2021-01-01", last_day)],
        **more,
    )  # fmt: skip
    build = open_build(home)
    assert build is not None
    return build


def by_district(tmp_path: Path, areas: list[str | None], threshold: int = 0) -> Build:
    """Files of hours of November 2023, each about an area."""
    drops = [
        {"drop_id": number, "source": "service_hours", "file_name": f"{number}.csv", "area_code": area,
         "first_on": "2023-11-05", "last_on": "2023-11-25", "rows_read": 80, "rows_accepted": 80}
        for number, area in enumerate(areas, start=1)
    ]  # fmt: skip
    build = open_build(make_build(
        tmp_path, drops=drops, threshold=threshold,
        registrations=[{"volunteer_key": 1, "registered_on": "2021-01-01"}],
        service_records=[{"volunteer_key": 1, "service_date": "2023-11-05", "drop_id": 1}],
    ))  # fmt: skip
    assert build is not None
    return build


@pytest.mark.parametrize(
    ("asked", "named"),
    [("130200", ["1", "2", "3", "4"]), ("130202", ["1", "3", "4"]), ("130204", ["3", "4"])],
)
def test_an_explanation_names_drops_about_the_area_its_parts_and_its_city(
    tmp_path: Path, asked: str, named: list[str]
) -> None:
    build = by_district(tmp_path, ["130202", "130203", "130200", None, "370602", "370600"])
    told = explain(build, "service_hours", asked, Period.parse("2023-11"), basis="service")
    assert [drop["file_name"].removesuffix(".csv") for drop in told["drops"]] == named
    assert explain(build, "service_hours", asked, Period.parse("2023-10"), basis="service")["drops"] == []


def test_a_drop_of_which_the_build_says_no_rows_is_named_without(tmp_path: Path) -> None:
    build = by_district(tmp_path, ["130202"], threshold=10)
    told = explain(build, "service_hours", "130200", Period.parse("2023-11"), basis="service")
    (drop,) = told["drops"]
    assert (drop["rows_read"], drop["first_on"], drop["last_on"]) == (None, "2023-11-01", "2023-11-30")
    assert drop_lines(told["drops"]) == [
        "报送 drop 1: 1.csv (service_hours, 130202, ※ + ※ / ※)", "    ※ 行数不予显示 row count withheld",
    ]  # fmt: skip


def test_of_many_drops_the_newest_are_named_and_how_many_more_there_are(tmp_path: Path) -> None:
    build = by_district(tmp_path, ["130202"] * (MOST_DROPS_NAMED + 3))
    lines = drop_lines(explain(build, "service_hours", "130200", Period.parse("2023-11"))["drops"])
    assert len(lines) == MOST_DROPS_NAMED + 1
    assert lines[0] == f"报送 drop {MOST_DROPS_NAMED + 3}: 15.csv (service_hours, 130202, 80 + 0 / 80)"
    assert lines[-1] == "报送 drops: 另有更早的 3 份 and 3 earlier ones"


def test_an_explanation_holds_the_figure_against_the_year_before_and_the_city(tmp_path: Path) -> None:
    build = city_of_two(tmp_path)
    told = explain(build, "active_rate", "130202", Period.parse("2023"))
    assert told["comparison"]["year_earlier"]["zh"] == "30.0%（60 / 200）"
    assert told["comparison"]["city"]["en"] == "45.3% (181 / 400)"
    assert told["comparison"]["year_earlier"]["difference"] == pytest.approx(50)
    assert told["claims"]["zh"] == [
        "显著高于全市（全市 45.3%，更好）。",
        "同时比较 2 个地区时，平均不到 1 个会仅因偶然而显得不同。",
        "比上年同期显著上升 50.0 个百分点（上年同期 30.0%，更好）。",
    ]
    assert len(told["claims"]["en"]) == 3
    city = explain(build, "active_rate", "130200", Period.parse("2023"))
    assert city["comparison"]["city"] is None
    assert not any("全市" in claim for claim in city["claims"]["zh"])


def test_across_a_series_break_a_year_earlier_is_told_without_a_difference(tmp_path: Path) -> None:
    moved = SeriesBreak(
        date(2023, 1, 1), "130200", ("service_hours",), "platform_migration", "换平台", "moved", "t"
    )
    build = city_of_two(tmp_path, breaks=[moved])
    told = explain(build, "active_rate", "130202", Period.parse("2023"))["comparison"]["year_earlier"]
    assert told["difference"] is None
    assert told["zh"].startswith("30.0%（60 / 200）；不作比较：")
    assert "换平台" in told["zh"]
    assert "; not compared: " in told["en"]


def test_an_explanation_names_its_counts(build: Build) -> None:
    rate = explain(build, "hours_per_registered", "130202", Period.parse("2023"))
    assert [(count["en"], count["value"]) for count in rate["counts"]] == [
        ("Service hours", pytest.approx(5 / 3)), ("Registered volunteers", 2),
    ]  # fmt: skip
    growth = explain(build, "registration_growth", "130202", Period.parse("2023"))
    assert [count["zh"] for count in growth["counts"]] == [
        "注册志愿者（比上年同期增减）",
        "注册志愿者（上年同期）",
    ]
    (only,) = explain(build, "service_hours", "130202", Period.parse("2023"))["counts"]
    assert only["zh"] == "服务时长"


def test_an_unfinished_window_says_how_far_the_reports_reach_and_claims_nothing(tmp_path: Path) -> None:
    def drop(drop_id: int, source: str) -> dict[str, object]:
        return {"drop_id": drop_id, "source": source, "first_on": "2021-01-01", "last_on": "2023-06-30",
                "area_code": "130200", "file_name": "a.csv"}  # fmt: skip

    build = city_of_two(tmp_path, "2023-06-30", drops=[drop(1, "registrations"), drop(2, "service_hours")])
    told = explain(build, "active_rate", "130202", Period.parse("2023"))
    assert told["status"]["code"] == "provisional"
    assert told["claims"] == {"zh": [], "en": []}
    assert told["comparison"]["city"]["zh"].endswith("未完结，暂定，不作比较")
    assert told["comparison"]["year_earlier"]["difference"] is None
    assert "服务时长报到 2023-06-30，期末是 2023-12-31。" in told["completeness"]["zh"]
    assert len(told["completeness"]["zh"]) == len(told["completeness"]["en"]) == 2


def test_an_explanation_never_says_more_than_its_sentence_and_claims(tmp_path: Path) -> None:
    """Every text is there in both languages, and plain values only: it can be written as JSON as it is."""
    told = explain(city_of_two(tmp_path), "active_rate", "130203", Period.parse("2023"))
    assert json.loads(json.dumps(told)) == told
    for key in (
        "name",
        "question",
        "formula",
        "calculation",
        "sentence",
        "claims",
        "completeness",
        "caveats",
    ):
        assert set(told[key]) == {"zh", "en"}
        assert len(told[key]["zh"]) > 0


@pytest.mark.parametrize(
    ("indicator", "period", "zh", "en"),
    [
        ("registered_volunteers", "2023", "截至2023年11月22日注册志愿者", "as of 22 November 2023"),
        ("registration_growth", "2023", "截至2023年11月20日注册同比增速", "as of 20 November 2023"),
        ("registered_volunteers", "2022", "2022年末注册志愿者", "end of 2022"),
    ],
)
def test_a_stock_of_a_year_that_still_runs_is_of_the_last_day_counted(
    tmp_path: Path, indicator: str, period: str, zh: str, en: str
) -> None:
    people = [{"volunteer_key": n, "registered_on": f"{2019 + n}-03-01"} for n in (1, 2, 3)]
    days = ("2021-01-05", "2022-01-05", "2023-11-20")
    records = [{"volunteer_key": 1, "area_code": "130202", "service_date": day} for day in days]
    build = open_build(
        make_build(tmp_path, registrations=people, service_records=records, today=date(2023, 11, 22))
    )
    assert build is not None
    (row,) = query(build, indicator, "130202", Period.parse(period))
    assert row.value is not None
    assert describe(row, "zh").startswith(f"唐山市路南区 {zh}为")
    assert f", {en}, " in describe(row, "en")


def test_a_reason_names_the_moment_as_the_sentence_does(tmp_path: Path) -> None:
    people = [{"volunteer_key": n, "registered_on": "2021-03-01"} for n in (1, 2)]
    records = [
        {"volunteer_key": 1, "area_code": "130202", "service_date": day}
        for day in ("2021-01-05", "2023-11-20")
    ]
    build = open_build(
        make_build(tmp_path, registrations=people, service_records=records, today=date(2023, 11, 20))
    )
    assert build is not None
    now, before = (
        query(build, "registered_volunteers", "130202", Period.parse(year))[0] for year in ("2023", "2021")
    )
    (reason,) = between(build, "chosen", now, before).reasons
    assert reason.zh == "截至2023年11月20日还不完整，不与完整的比较。"
    assert reason.en == "as of 20 November 2023 is not complete, and is not compared with what is."


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "截至2023年11月20日累计"), ("en", "everything up to 20 November 2023")]
)
def test_what_is_counted_to_date_is_counted_to_the_last_day_there_is(
    tmp_path: Path, lang: str, said: str
) -> None:
    people = [{"volunteer_key": n, "registered_on": "2021-03-01"} for n in (1, 2)]
    records = [
        {"volunteer_key": 1, "area_code": "130202", "service_date": day}
        for day in ("2021-01-05", "2023-11-20")
    ]
    build = open_build(
        make_build(tmp_path, registrations=people, service_records=records, today=date(2023, 11, 22))
    )
    assert build is not None
    period = Period.parse("2023")
    (row,) = query(build, "service_hours", "130202", period, "to_date")
    assert said in describe(row, lang)
    assert explain(build, "service_hours", "130202", period, "to_date")["window"][lang] == said
    assert hours_distribution(build, "130202", period, "to_date").text(lang).count(said) == 1
    whole = query(build, "service_hours", "130202", Period.parse("2022"), "to_date")[0]
    assert said not in describe(whole, lang)


# Hours are reported to 20 November; the register came in on the 22nd.
RUNNING = {"zh": "截至2023年11月22日累计", "en": "everything up to 22 November 2023"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return one_person_home(tmp_path_factory.mktemp("running"), last="2023-11-20", today=date(2023, 11, 22))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_whatever_is_headed_by_a_running_window_names_its_last_day(running: Path, lang: str) -> None:
    build, period = open_build(running), Period.parse("2023")
    assert build is not None
    checks = reconcile(build, "130200", period, "to_date")
    assert checks.window_text(lang) == RUNNING[lang]
    assert RUNNING[lang] in summary(checks, lang)
    assert RUNNING["zh"] in as_text(checks)
    assert "截至2023年11月20日累计" in revision_table(
        revisions(running, "service_hours", "130200", period, "to_date")
    )
    over = reconcile(build, "130200", Period.parse("2022"), "to_date")
    assert over.window_text("zh") == "截至2022年12月底累计"


def test_figures_of_different_last_days_are_headed_by_the_last_of_them(running: Path) -> None:
    """Not by the day of the first column, nor by a month's end nobody has counted to."""
    build, period = open_build(running), Period.parse("2023")
    assert build is not None
    (row,) = query(build, "service_hours", "130202", period, "to_date")
    other = replace(row, counted_through=date(2023, 11, 15))
    hidden = replace(other, value=None, status="suppressed", counted_through=None)
    for rows in ([row], [row, hidden], [other, row], [row, other]):
        assert window_of_all(rows, period, "to_date", "zh") == "截至2023年11月20日累计"
    over = replace(row, status="ok", counted_through=None)
    assert window_of_all([other, over], period, "to_date", "zh") == "截至2023年12月底累计"
