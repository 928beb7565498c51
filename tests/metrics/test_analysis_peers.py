"""Peer groups as versioned data, and an area's place among its peers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from metrics.analysis.finding import with_status
from metrics.analysis.peer_groups import (
    PeerGroup,
    PeerGroupsNotUsable,
    group_for,
    own_lists,
    read_peer_groups,
    shipped,
)
from metrics.analysis.peer_rules import COLUMNS, area_type, generated, population_band
from metrics.analysis.peers import PeerPosition, position
from metrics.analysis.reading import AnalysisRefused
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.observation import Observation
from metrics.paths import REFERENCE
from metrics.population import load_population
from metrics.reference import ReferenceFault
from tests.metrics.analysis_factory import observed, stood

RATE = load_catalogue().indicator("active_rate")
PEERS = ("130203", "130204", "130205", "130207", "130208")
GROUP = PeerGroup("test", "1", date(2020, 1, 1), "own_list", PEERS, ("测试组", "the test group"))


def placed(own: Observation, others: list[Observation], through: date | None = None) -> PeerPosition:
    return position(stood(own, others, GROUP, through), GROUP, RATE)


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
    found = placed(observed(50.0), [observed(10.0 * n, PEERS[n]) for n in range(count)])
    assert (found.status, found.n) == (status, count)
    assert (found.median is None) == (status == "insufficient")
    assert ("不与对比组（测试组，1 版）比较" in found.zh) == (status == "insufficient")


def test_median_quartiles_and_place_leave_the_area_itself_out() -> None:
    values = [10.0, 20.0, 40.0, 80.0, 30.0]
    found = placed(observed(35.0), [observed(v, code) for v, code in zip(values, PEERS, strict=True)])
    expected = pd.Series(values).quantile([0.25, 0.5, 0.75])
    assert [found.lower_quartile, found.median, found.upper_quartile] == list(expected)
    assert found.difference == 5.0
    assert found.rank == 3
    assert "中位数为 30.0%" in found.zh
    assert "number 3 of 6" in found.en


def test_equal_values_share_the_better_place() -> None:
    found = placed(observed(20.0), [observed(v, c) for v, c in zip((20.0, 20.0, 30.0), PEERS, strict=False)])
    assert found.rank == 2


def test_peers_without_a_figure_are_named_and_not_counted_as_zero() -> None:
    others = [observed(v, c) for v, c in zip((10.0, 20.0, 30.0), PEERS, strict=False)]
    others += [observed(None, PEERS[3]), observed(None, PEERS[4], status="suppressed")]
    found = placed(observed(25.0), others)
    assert (found.n, found.median) == (3, 20.0)
    assert [row.status for row in found.rows if row.value is None] == ["not_reported", "suppressed"]


UNTIL = date(2023, 11, 15)


def test_beside_a_whole_figure_only_whole_peers_count() -> None:
    others = [observed(10.0 * n, PEERS[n]) for n in range(4)]
    others.append(observed(90.0, PEERS[4], status="provisional"))
    found = placed(observed(25.0), others)
    assert (found.status, found.n, found.median, found.rank) == ("ok", 4, 15.0, 2)
    assert (found.rows[4].value, found.rows[4].status) == (None, "provisional")
    assert "第 2；未计 1 个：丰润区不完整。" in found.zh
    assert found.en.endswith("; 1 not counted: not complete (Fengrun District).")


def test_an_unfinished_figure_is_held_against_peers_up_to_the_same_day_or_against_none() -> None:
    own = observed(25.0, status="provisional")
    others = [observed(10.0 * n, PEERS[n], status="provisional") for n in range(4)]
    others.append(observed(90.0, PEERS[4]))
    found = placed(own, others, UNTIL)
    assert (found.status, found.n, found.median, found.through) == ("provisional", 4, 15.0, "2023-11-15")
    assert "1 版，都截至 2023-11-15）的中位数为 15.0%" in found.zh
    assert found.zh.endswith("；未完结，暂定。")
    whole = placed(own, [replace(one, status="ok") for one in others])
    assert (whole.status, whole.rank, whole.difference) == ("provisional", None, None)
    assert "还不完整，不与完整的比较" in whole.zh


def test_a_hidden_figure_has_no_place() -> None:
    hidden = placed(observed(None, status="suppressed"), [observed(10.0 * n, PEERS[n]) for n in range(4)])
    assert (hidden.status, hidden.rank, hidden.difference) == ("suppressed", None, None)


def test_a_finding_says_whose_figure_is_unfinished_and_how() -> None:
    rows = [observed(10.0 * n, PEERS[n]) for n in range(5)]
    rows[1] = replace(rows[1], status="provisional")
    assert with_status("provisional", "甲", "A", rows)[0] == "甲；古冶区：未完结，暂定。"
    zh, en = with_status(
        "provisional", "甲", "A", [*(replace(one, status="provisional") for one in rows[:4]), rows[4]]
    )
    assert zh.endswith("等 4 个地区：未完结，暂定。")
    assert en.endswith(" and 1 more: provisional: the window is not fully reported yet.")
    early = [replace(one, status="provisional", begins_before_data=True) for one in rows]
    assert with_status("provisional", "甲", "A", early)[0] == "甲；数据不完整（起始于数据之前），暂定。"
    residents = replace(observed(25.0), status="denominator_year", population_year=2020)
    told, _ = with_status("denominator_year", "甲", "A", [residents, *rows[2:]])
    assert told == "甲；路南区：人口用较早年份代替（2020年）。"
