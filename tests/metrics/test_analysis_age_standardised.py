"""Districts with the whole city's ages: a drawn example by hand, what is hidden, and people of unknown age."""

from dataclasses import replace
from pathlib import Path

import pytest

from metrics.analysis.age_standardised import AgeStandardised, age_standardised, age_standardised_of
from metrics.analysis.command import as_text
from metrics.analysis.drawing import drawing
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.analysis.registry import ANALYSES
from metrics.analysis.shapes import listings
from metrics.build import open_build
from metrics.catalogue import load_catalogue
from metrics.members import members
from metrics.observation import Observation
from metrics.periods import Period
from metrics.sentences import status_text
from tests.metrics.analysis_factory import observed
from tests.metrics.build_factory import make_build

RATE = load_catalogue().indicator("active_rate")
Counts = dict[str, tuple[int | None, int | None]]  # by band: active, registered
CITY, YOUNG_TOWN, OLD_TOWN = "130200", "130202", "130203"


def by_band(area_code: str, counts: Counts) -> dict[str, Observation]:
    found = {}
    for band in members("age_band"):
        above, below = counts.get(band, (0, 0))
        status = "suppressed" if below is None or above is None else "ok"
        value = 100 * above / below if above is not None and below else None
        row = observed(value, area_code, numerator=above, denominator=below, status=status)
        found[band] = replace(row, dimension="age_band", member=band)
    return found


def found(city: Counts, *areas: Counts) -> AgeStandardised:
    codes = (YOUNG_TOWN, OLD_TOWN)
    rows = [by_band(code, counts) for code, counts in zip(codes, areas, strict=False)]
    return age_standardised_of(observed(50.0, CITY), by_band(CITY, city), rows, RATE)


def test_a_drawn_example_by_hand() -> None:
    #  band     city      young town   old town      rates: young town 50 % and 20 %, old town 60 % and 25 %
    #  18-35    300/600   250/500      60/100        crude: young town 270/600 = 45 %, old town 160/500 = 32 %
    #  60-69     90/400    20/100      100/400       with the city's 0.6 and 0.4: 38 % and 46 %, the other way round
    result = found(
        {"18-35": (300, 600), "60-69": (90, 400)},
        {"18-35": (250, 500), "60-69": (20, 100)},
        {"18-35": (60, 100), "60-69": (100, 400)},
    )
    young, old = result.rows
    assert (young.crude, old.crude) == (pytest.approx(45), pytest.approx(32))
    assert (young.standardised, old.standardised) == (pytest.approx(38), pytest.approx(46))
    for row in result.rows:
        assert row.lower is not None
        assert row.upper is not None
        assert row.standardised is not None
        assert row.lower < row.standardised < row.upper
    assert (result.status, result.n, result.benchmark) == ("ok", 2, pytest.approx(39))
    assert "最高 路北区 46.0%（标化前 32.0%），最低 路南区 38.0%（标化前 45.0%）；全市 39.0%" in result.zh
    assert "highest Lubei District 46.0% (crude 32.0%)" in result.en


def test_the_city_s_own_ages_leave_a_rate_as_it_is() -> None:
    counts: Counts = {"18-35": (30, 60), "60-69": (9, 40)}
    (row,) = found(counts, counts).rows
    assert row.standardised == pytest.approx(row.crude)


def test_a_withheld_band_or_nobody_of_an_age_leaves_no_value_and_no_zero() -> None:
    city: Counts = {"18-35": (300, 600), "60-69": (90, 400)}
    hidden, nobody = found(
        city, {"18-35": (250, 500), "60-69": (None, None)}, {"18-35": (60, 100), "60-69": (0, 0)}
    ).rows
    assert (hidden.standardised, hidden.crude, hidden.status) == (None, None, "suppressed")
    assert (nobody.standardised, nobody.status) == (None, "insufficient")
    withheld = found({**city, "60-69": (None, None)}, city)
    assert (withheld.status, withheld.n, withheld.benchmark) == ("suppressed", 0, None)
    assert "不按年龄标化" in withheld.zh
    assert "人数过少，不予显示" in withheld.zh
    # Only who is active is withheld of the city: its registered people still are the standard.
    assert found({**city, "60-69": (None, 400)}, city).n == 1


def test_where_nobody_is_of_an_age_that_is_said_and_not_a_missing_base(tmp_path: Path) -> None:
    city: Counts = {"0-13": (30, 60), "18-35": (300, 600), "70+": (90, 400)}
    result = found(city, city, {"18-35": (60, 100)})
    nobody = result.rows[1]
    assert (nobody.standardised, nobody.status, nobody.told_status) == (
        None,
        "insufficient",
        "nobody_aged:0|70",
    )
    assert status_text(nobody.told_status, "zh") == "没有0–13岁、70岁及以上的人，这些年龄的人会怎样无从知道"
    assert "nobody aged 0–13 or 70 and over" in status_text(nobody.told_status, "en")
    assert result.zh.endswith("；路北区没有0–13岁、70岁及以上的人：这些年龄的人会怎样无从知道，不给。")
    assert "Lubei District has nobody aged 0–13 or 70 and over: what people" in result.en
    shapes = ANALYSES["age_standardised"].shapes
    (table,) = listings(result, shapes, "zh")
    assert table.rows[1]["status"].text.startswith("没有0–13岁、70岁及以上的人")
    drawn = drawing(result, shapes[0], "zh")
    assert drawn is not None
    assert drawn.series[0].texts[1].startswith("没有0–13岁、70岁及以上的人")
    build = open_build(
        make_build(tmp_path, registrations=[{"volunteer_key": 1, "registered_on": "2023-05-01"}])
    )
    assert build is not None
    text = as_text(result, build)
    assert "没有0–13岁、70岁及以上的人，这些年龄的人会怎样无从知道 insufficient" in text
    assert "没有可比基数" not in text + result.zh


def test_where_no_district_has_all_ages_or_nobody_s_age_is_known_the_reason_is_said() -> None:
    city: Counts = {"18-35": (300, 600), "70+": (90, 400)}
    result = found(city, {"18-35": (60, 100)})
    assert (result.status, result.told_status) == ("insufficient", "nobody_aged:70")
    assert "没有区县的各年龄段都有数（没有70岁及以上的人，" in result.zh
    unknown = found({"unknown": (5, 10)}, {"unknown": (5, 10)})
    assert (unknown.status, unknown.rows[0].told_status) == ("insufficient", "nobody_aged")
    assert "没有知道年龄的人" in unknown.zh
    assert "没有可比基数" not in result.zh + unknown.zh


def test_people_of_unknown_age_are_left_out_and_told() -> None:
    city: Counts = {"18-35": (300, 600), "60-69": (90, 400), "unknown": (500, 500)}
    result = found(city, {"18-35": (50, 100), "60-69": (20, 100), "unknown": (50, 50)})
    assert result.rows[0].age_unknown == pytest.approx(0.2)
    assert result.rows[0].crude == pytest.approx(35)
    assert result.benchmark == pytest.approx(39)
    assert "年龄不详的不计，最多占 20.0%" in result.zh


def test_of_a_build_and_what_is_no_proportion_by_age(tmp_path: Path) -> None:
    people, served, key = [], [], 0
    #  district → (born, people, of them active)
    drawn = {YOUNG_TOWN: ((1995, 50, 25), (1955, 10, 2)), OLD_TOWN: ((1995, 10, 6), (1955, 40, 10))}
    for district, groups in drawn.items():
        for born, size, active in groups:
            for place in range(size):
                key += 1
                people.append(
                    {
                        "volunteer_key": key,
                        "area_code": district,
                        "birth_year": born,
                        "registered_on": "2021-01-01",
                    }
                )
                if place < active:
                    served.append({"volunteer_key": key, "service_date": "2023-05-01"})
    build = open_build(make_build(tmp_path, registrations=people, service_records=served))
    assert build is not None
    result = age_standardised(build, Asked("active_rate"), CITY, Period.parse("2023"))
    known = {row.area_code: row.standardised for row in result.rows if row.standardised is not None}
    # The city has 60 young and 50 old people.
    assert known == {
        YOUNG_TOWN: pytest.approx((60 * 50 + 50 * 20) / 110), OLD_TOWN: pytest.approx((60 * 60 + 50 * 25) / 110),
    }  # fmt: skip
    for indicator in ("hours_per_registered", "registered_share", "service_hours"):
        with pytest.raises(AnalysisRefused):
            age_standardised(build, Asked(indicator), CITY, Period.parse("2023"))
