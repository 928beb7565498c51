"""A figure beside the median of its peers: who counts, who does not, and what is said of both."""

from dataclasses import replace
from pathlib import Path

import pytest

from metrics.analysis.reading import AnalysisRefused
from metrics.build import Build, open_build
from metrics.comparisons import Comparison, compare, peers
from metrics.comparisons.telling import as_table, comparison_rows
from metrics.explain import explain
from metrics.observation import OTHER_DAY, Observation
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import make_build

# District → how many of its forty registered volunteers served in 2023.
ACTIVE = {"130202": 30, "130203": 4, "130204": 8, "130205": 12, "130207": 20, "371002": 36, "371003": 40}
OWN = """
[[group]]
id = "coastal"
name = { zh = "沿海区县", en = "Coastal districts" }
areas = ["130202", "130204", "130207", "371002", "371003", "371082"]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    people = []
    records = [  # so that both cities have reported the whole of 2023
        {"volunteer_key": key, "service_date": day}
        for key in (1, 501)
        for day in ("2022-01-01", "2024-01-15")
    ]
    for number, (area, active) in enumerate(ACTIVE.items()):
        keys = [100 * number + one for one in range(1, 41)]
        people += [{"volunteer_key": key, "area_code": area} for key in keys]
        records += [{"volunteer_key": key, "service_date": "2023-05-04"} for key in keys[:active]]
    made = make_build(tmp_path_factory.mktemp("b"), registrations=people, service_records=records)
    (made / "peer_groups.toml").write_text(OWN, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def build(home: Path) -> Build:
    found = open_build(home)
    assert found is not None
    return found


def figure(build: Build, area: str = "130202", indicator: str = "active_rate") -> Observation:
    return query(build, indicator, area, Period.parse("2023"))[0]


def beside(build: Build, asked: str = "peer", now: Observation | None = None) -> Comparison:
    (found,) = compare(build, now or figure(build), [asked])
    return found


def test_the_median_is_of_the_other_districts_with_a_figure(build: Build) -> None:
    found = beside(build)
    # 10 %, 20 %, 30 % and 50 %; 75 % is the district's own and is no part of it.
    assert (found.kind, found.reference, found.status) == ("peer", 25.0, "ok")
    assert found.peers is not None
    assert found.peers.counted == ("130203", "130204", "130205", "130207")
    assert {one.status for one in found.peers.left_out} == {"no_denominator"}
    assert found.difference is not None
    assert found.difference.is_distinguishable  # 60 % to 86 %
    assert found.text("zh") == (
        "与对比组中位数（25.0%；唐山市各区县和功能区，2023 版，计入 4 个地区，未计 14 个：没有分母）相比："
        "+50.0 个百分点，差别超出偶然波动。"
    )
    assert (
        "25.0%; districts and zones of Tangshan, version 2023, of 4 areas, 14 not counted: no denominator)"
        in found.text("en")
    )


def test_several_groups_stand_beside_one_figure(build: Build, home: Path) -> None:
    now = figure(build)
    found = compare(build, now, ["peer", "peer:same_type@2020", "peer:coastal"], home=home)
    assert [one.reference for one in found] == [25.0, 40.0, 70.0]
    rows = comparison_rows(found)
    assert [(row["peer_group"], row["peer_group_version"], row["peers_counted"]) for row in rows] == [
        ("same_city-130200", "2023", 4), ("same_type-district", "2020", 6), ("coastal", "1", 4),
    ]  # fmt: skip
    assert rows[2]["peers_left_out"] == 1  # 371082 has nobody
    assert "沿海区县" in as_table(build, found, now)


def test_beyond_one_city_a_median_is_a_hint(build: Build) -> None:
    assert "各市平台和做法不同" in beside(build, "peer:same_type").text("zh")
    assert "各市平台和做法不同" not in beside(build).text("zh")


def test_a_figure_near_the_median_is_not_told_from_it(build: Build) -> None:
    found = beside(build, now=figure(build, "130205"))
    assert (found.reference, found.change and found.change.amount) == (35.0, -5.0)
    assert "与偶然波动分不清" in found.text("zh")


@pytest.mark.parametrize("status", ["suppressed", "provisional", "denominator_year", "not_reported"])
def test_a_peer_without_a_whole_figure_does_not_count(
    build: Build, status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = peers.figures
    value = None if status in ("suppressed", "not_reported") else 99.0

    def spoiled(*asked: object) -> dict[str, Observation]:
        rows = whole(*asked)  # type: ignore[arg-type]
        return rows | {"130207": replace(rows["130207"], status=status, value=value)}

    monkeypatch.setattr(peers, "figures", spoiled)
    found = beside(build)
    assert (found.reference, found.status) == (20.0, "ok")
    assert found.peers is not None
    assert ("130207", status, status) in found.peers.left_out
    assert f"，丰南区{peers.LEFT_OUT[status][0]}" in found.text("zh")


def test_every_status_but_ok_has_its_word() -> None:
    from metrics.observation import STATUSES

    # Peers are whole areas: none of them is a merged member.
    assert set(peers.LEFT_OUT) == {*STATUSES, OTHER_DAY} - {"ok", "merged"}


def test_fewer_than_three_peers_have_no_median(build: Build) -> None:
    found = beside(build, now=figure(build, "371002"))
    assert (found.reference, found.change, found.status) == (None, None, "insufficient")
    assert found.reasons[0].code == "too_few_peers"
    assert "只有 1 个有完整的数" in found.text("zh")
    nobody = beside(build, "peer:same_type", figure(build, "130224"))  # nor has any other county
    assert nobody.text("zh").endswith("对比地区都没有完整的数。")
    assert "个地区都不计入：" in nobody.text("zh")
    assert "areas counts: " in nobody.text("en")
    assert "计入 0" not in nobody.text("zh")
    assert "of 0" not in nobody.text("en")


@pytest.mark.parametrize(
    ("area", "asked", "code"),
    [("U130200", "peer", "no_peer_group"), ("130200", "peer:same_city", "no_peer_group")],
)
def test_an_area_of_no_group_is_told_so(build: Build, area: str, asked: str, code: str) -> None:
    found = beside(build, asked, replace(figure(build), area_code=area))
    assert (found.change, found.reasons[0].code) == (None, code)


def test_an_unfinished_figure_is_not_held_against_peers(build: Build) -> None:
    found = beside(build, now=replace(figure(build), status="provisional"))
    assert (found.status, found.change) == ("provisional", None)


def test_over_the_residents_of_a_part_other_areas_are_no_peers(build: Build) -> None:
    now = replace(
        figure(build, indicator="registered_share"), variant="population=age_16_70", status="ok", value=1
    )
    found = beside(build, now=now)
    assert found.reasons[0].code == "over_time_only"
    assert found.text("zh").startswith("不与对比组中位数（唐山市各区县和功能区，2023 版）比较：")


@pytest.mark.parametrize(
    ("asked", "said"),
    [("peer:same_typ", "Did you mean 'same_type'"), ("peer:same_type@1999", "there are 2020, 2023")],
)
def test_a_group_or_version_nobody_knows_is_refused(build: Build, asked: str, said: str) -> None:
    with pytest.raises(AnalysisRefused, match=said):
        beside(build, asked)


def test_an_explanation_names_the_group_and_who_counts(build: Build) -> None:
    told = explain(build, "active_rate", "130202", Period.parse("2023"))["comparison"]["peers"]
    assert (told["value"], told["difference"], told["is_distinguishable"]) == (25.0, 50.0, True)
    assert (told["group_id"], told["group_version"]) == ("same_city-130200", "2023")
    assert told["counted"] == ["130203", "130204", "130205", "130207"]
    left = {"area_code": "130208", "status": "no_denominator", "told_status": "no_denominator"}
    assert left in told["left_out"]
    assert told["zh"].startswith("与对比组中位数")


def test_own_lists_are_those_of_the_home(build: Build, tmp_path: Path) -> None:
    with pytest.raises(AnalysisRefused, match="coastal"):
        compare(build, figure(build), ["peer:coastal"], home=tmp_path)
