"""Peer groups as versioned data, and an area's place among its peers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from metrics.analysis.peer_groups import (
    PeerGroup,
    PeerGroupsNotUsable,
    group_for,
    own_lists,
    read_peer_groups,
    shipped,
)
from metrics.analysis.peer_rules import COLUMNS, area_type, generated, population_band
from metrics.analysis.peers import position
from metrics.analysis.reading import AnalysisRefused
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.paths import REFERENCE
from metrics.population import load_population
from metrics.reference import ReferenceFault
from tests.metrics.analysis_factory import observed

RATE = load_catalogue().indicator("active_rate")
GROUP = PeerGroup("test", "1", date(2020, 1, 1), "own_list", (), ("测试组", "the test group"))
PEERS = ("130203", "130204", "130205", "130207", "130208")


def test_the_latest_shipped_version_is_what_the_rules_make() -> None:
    table = pd.read_csv(REFERENCE / "peer_groups.csv", dtype=str)
    latest = table[table["valid_from"] == table["valid_from"].max()]
    (version,) = set(latest["version"])
    (valid_from,) = set(latest["valid_from"])
    assert list(latest.itertuples(index=False, name=None)) == list(
        generated(version, date.fromisoformat(valid_from), load_population())
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("130200", "city"), ("130202", "district"), ("130224", "county"), ("130281", "county_city"),
        ("130272", "zone"), ("Z130201", "zone"), ("U130200", "unknown"),
    ],
)  # fmt: skip
def test_the_type_of_an_area_is_told_from_level_and_name(code: str, kind: str) -> None:
    assert area_type(load_areas().get(code)) == kind


@pytest.mark.parametrize(
    ("people", "band"),
    [
        (299_999, "district-0-300000"), (300_000, "district-300000-500000"), (300_001, "district-300000-500000"),
        (999_999, "district-500000-1000000"), (1_000_000, "district-1000000-over"),
    ],
)  # fmt: skip
def test_a_band_of_population_begins_with_its_lower_edge(people: int, band: str) -> None:
    assert population_band(load_areas().get("130202"), people) == band
    assert population_band(load_areas().get("130200"), 5_000_000) == "city-5000000-over"


def test_every_leaf_is_among_its_citys_areas_and_nobody_is_in_two_groups_of_a_kind() -> None:
    for version in ("2020", "2023"):
        for kind in ("same_city", "same_type", "population_band"):
            members = [
                code for one in shipped() if (one.version, one.kind) == (version, kind) for code in one.areas
            ]
            assert len(members) == len(set(members))
    assert set(group_for("130202", "same_city", date(2024, 1, 1)).areas) == {
        area.area_code for area in load_areas().children("130200") if area.level != "unknown"
    }


def test_the_version_in_force_on_the_day_is_used() -> None:
    days = (date(2019, 1, 1), date(2023, 12, 30), date(2023, 12, 31))
    assert [group_for("130202", "same_type", day).version for day in days] == ["2020", "2020", "2023"]
    assert group_for("130202", "same_type", days[2], version="2020").version == "2020"


def test_an_area_without_population_is_in_no_band() -> None:
    with pytest.raises(AnalysisRefused, match="population"):
        group_for("370611", "population_band", date(2024, 1, 1))


def test_a_group_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(AnalysisRefused, match="Did you mean 'same_city'"):
        group_for("130202", "same_cty", date(2024, 1, 1))


OWN = """
[[group]]
id = "coastal"
name = { zh = "沿海区县", en = "Coastal districts" }
areas = ["曹妃甸区", "130225", "371082"]
from = 2023-01-01
"""


def test_an_own_list_names_areas_by_name_or_code(tmp_path: Path) -> None:
    (tmp_path / "peer_groups.toml").write_text(OWN, encoding="utf-8")
    (group,) = own_lists(tmp_path)
    assert group.areas == ("130209", "130225", "371082")
    assert group_for("130209", "coastal", date(2024, 1, 1), tmp_path) == group
    assert group_for("130209", "own_list", date(2024, 1, 1), tmp_path) == group
    assert own_lists(tmp_path / "none") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("曹妃甸区", "曹妃店区", "Did you mean '曹妃甸区'"),
        ("areas =", "area =", "unknown key 'area'. Did you mean 'areas'"),
        ('"coastal"', '"same_type-county"', "shipped group"),
        ('"371082"', '"130225"', "every area once"),
        ('"371082"', '"U130200"', "U130200"),
        ("2023-01-01", '"2023"', "expected a day"),
        ("[[group]]", "[group]", "Each group begins"),
        ("from = 2023-01-01", "from = 2023-01-01" + OWN, "the same day twice"),
        ("id =", "id", "not valid TOML"),
    ],
)
def test_a_fault_in_an_own_list_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "peer_groups.toml").write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(PeerGroupsNotUsable) as fault:
        own_lists(tmp_path)
    assert said in fault.value.en
    assert "peer_groups.toml" in fault.value.en
    assert "peer_groups.toml" in fault.value.zh


def test_a_group_whose_rows_disagree_is_refused(tmp_path: Path) -> None:
    rows = [",".join(COLUMNS), "a,1,2020-01-01,130202,same_type", "a,1,2021-01-01,130203,same_type"]
    (tmp_path / "peer_groups.csv").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(ReferenceFault, match="row 3, column valid_from"):
        read_peer_groups(tmp_path)


@pytest.mark.parametrize(("count", "status"), [(2, "insufficient"), (3, "ok"), (4, "ok")])
def test_fewer_than_three_peers_are_not_compared(count: int, status: str) -> None:
    found = position(observed(50.0), [observed(10.0 * n, PEERS[n]) for n in range(count)], GROUP, RATE)
    assert (found.status, found.n) == (status, count)
    assert (found.median is None) == (status == "insufficient")
    assert ("不作比较" in found.zh) == (status == "insufficient")


def test_median_quartiles_and_place_leave_the_area_itself_out() -> None:
    values = [10.0, 20.0, 40.0, 80.0, 30.0]
    found = position(
        observed(35.0), [observed(v, code) for v, code in zip(values, PEERS, strict=True)], GROUP, RATE
    )
    expected = pd.Series(values).quantile([0.25, 0.5, 0.75])
    assert [found.lower_quartile, found.median, found.upper_quartile] == list(expected)
    assert found.difference == 5.0
    assert found.rank == 3
    assert "中位数为 30.0%" in found.zh
    assert "number 3 of 6" in found.en


def test_equal_values_share_the_better_place() -> None:
    found = position(
        observed(20.0), [observed(v, c) for v, c in zip((20.0, 20.0, 30.0), PEERS, strict=False)], GROUP, RATE
    )
    assert found.rank == 2


def test_peers_without_a_figure_are_named_and_not_counted_as_zero() -> None:
    others = [observed(v, c) for v, c in zip((10.0, 20.0, 30.0), PEERS, strict=False)]
    others += [observed(None, PEERS[3]), observed(None, PEERS[4], status="suppressed")]
    found = position(observed(25.0), others, GROUP, RATE)
    assert (found.n, found.median) == (3, 20.0)
    assert [row.status for row in found.rows if row.value is None] == ["not_reported", "suppressed"]


def test_a_provisional_peer_makes_the_comparison_provisional_and_a_missing_area_has_none() -> None:
    others = [observed(10.0 * n, PEERS[n], status="provisional") for n in range(4)]
    assert position(observed(25.0), others, GROUP, RATE).status == "provisional"
    hidden = position(observed(None, status="suppressed"), others, GROUP, RATE)
    assert (hidden.status, hidden.rank, hidden.difference) == ("suppressed", None, None)


def test_a_finding_says_whose_figure_is_unfinished_and_how() -> None:
    others = [observed(10.0 * n, PEERS[n]) for n in range(5)]
    others[1] = observed(10.0, PEERS[1], status="provisional")
    assert position(observed(25.0), others, GROUP, RATE).zh.endswith("；古冶区：未完结，暂定。")
    many = [observed(10.0, code, status="provisional") for code in PEERS[:4]]
    said = position(observed(25.0), [*many, others[4]], GROUP, RATE)
    assert said.zh.endswith("等 4 个地区：未完结，暂定。")
    assert said.en.endswith(" and 1 more: provisional: the window is not fully reported yet.")
    unfinished = [replace(one, status="provisional") for one in (observed(25.0), *others)]
    early = [replace(one, begins_before_data=True) for one in unfinished]
    assert position(early[0], early[1:], GROUP, RATE).zh.endswith("；数据不完整（起始于数据之前），暂定。")
    residents = replace(observed(25.0), status="denominator_year", population_year=2020)
    assert "路南区：人口用较早年份代替（2020年）" in position(residents, others[2:], GROUP, RATE).zh
