"""Composite indices: definitions read strictly, parts never left out quietly, ranks tried with other weights."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metrics.analysis.composite import CompositeIndex, composite_of, sensitivity
from metrics.analysis.composites import (
    FOLDER,
    Composite,
    Part,
    composite_called,
    load_composites,
    read_composite,
)
from metrics.analysis.reading import AnalysisRefused
from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.definitions import DefinitionFault
from metrics.periods import Period
from tests.metrics.analysis_factory import observed

SHIPPED = FOLDER / "vitality.toml"
LEAVES = [area.area_code for area in load_areas().children("130200") if area.level != "unknown"]
YEAR = Period.parse("2023")
VALUES = {"active_rate": (50.0, 20.0, 80.0, 20.0), "hours_per_registered": (4.0, 1.0, 2.0, 3.0)}


def index_of(
    weights: tuple[float, float],
    normalisation: str = "min_max",
    missing: str | None = None,
    count: int = 4,
    unfinished: tuple[int, ...] = (),
    few: tuple[int, ...] = (),
) -> CompositeIndex:
    parts = tuple(Part(name, w, None, None, False) for name, w in zip(VALUES, weights, strict=True))
    names = {"zh": "测试指数", "en": "Test index"}
    definition = Composite("test", names, names, normalisation, "t", "t", YEAR.start, parts)
    columns = [
        [
            observed(
                None if name == missing and n == 0 else v,
                LEAVES[n],
                indicator=name,
                denominator=99.0 if n in few else 1000.0,
                status="provisional" if n in unfinished else None,
            )
            for n, v in enumerate(values[:count])
        ]
        for name, values in VALUES.items()
    ]
    return composite_of("130200", definition, columns, YEAR)


def test_a_drawn_index_by_hand() -> None:
    #         active_rate 0..100   hours 0..100    0.75 / 0.25
    #  first   50 → 50              4 → 100          62.5
    #  second  20 → 0               1 → 0             0
    #  third   80 → 100             2 → 33.3         83.3
    #  fourth  20 → 0               3 → 66.7         16.7
    found = index_of((0.75, 0.25))
    assert [(row.area_code, round(row.score or 0, 1), row.rank) for row in found.rows] == [
        (LEAVES[2], 83.3, 1), (LEAVES[0], 62.5, 2), (LEAVES[3], 16.7, 3), (LEAVES[1], 0.0, 4),
    ]  # fmt: skip
    assert (found.n, found.status) == (4, "ok")
    assert found.weights == {"active_rate": 0.75, "hours_per_registered": 0.25}
    assert "活跃率 75% + 人均时长（注册） 25%" in found.zh


def test_the_share_of_weightings_in_which_an_area_is_first() -> None:
    # With a weight w of the first part the first scores 100 - 50 w, the third 33.3 + 66.7 w: equal at w = 4/7.
    found = index_of((0.75, 0.25))
    first = {row.area_code: row.first_share for row in found.rows}
    assert first[LEAVES[0]] == pytest.approx(4 / 7, abs=0.02)
    assert first[LEAVES[2]] == pytest.approx(3 / 7, abs=0.02)
    assert (first[LEAVES[1]], first[LEAVES[3]]) == (0, 0)
    ranges = {row.area_code: (row.rank_lower, row.rank_upper) for row in found.rows}
    assert ranges[LEAVES[0]] == (1, 2)
    assert ranges[LEAVES[1]] == (4, 4)
    assert found == index_of((0.75, 0.25)), "the same weights are drawn every time"


def test_drawn_ranks_are_those_of_pandas() -> None:
    levels = np.random.default_rng(3).uniform(0, 100, (6, 3))
    ranges, first = sensitivity(levels, 500, seed=9)
    weights = np.random.default_rng(9).dirichlet(np.ones(3), 500)
    ranks = pd.DataFrame(weights @ levels.T).rank(axis=1, ascending=False, method="min")
    assert list(first) == list((ranks == 1).mean())
    assert [tuple(row) for row in ranges] == [
        tuple(ranks[n].quantile([0.025, 0.975], interpolation="nearest")) for n in range(6)
    ]


def test_standard_scores_instead_of_the_span() -> None:
    found = index_of((0.5, 0.5), "z")
    table = pd.DataFrame(VALUES)
    scores = ((table - table.mean()) / table.std(ddof=0)).mean(axis=1)
    assert {row.area_code: row.score for row in found.rows} == pytest.approx(
        {LEAVES[n]: score for n, score in scores.items()}  # type: ignore[index]
    )


def test_an_area_that_lacks_a_part_has_no_index_and_nothing_is_weighed_anew() -> None:
    found = index_of((0.5, 0.5), missing="active_rate")
    lacking = found.rows[-1]
    assert (lacking.area_code, lacking.score, lacking.rank) == (LEAVES[0], None, None)
    assert lacking.missing == ("active_rate",)
    assert found.n == 3
    # The others are compared among themselves: its 4 hours are no longer the highest.
    assert max(part.normalised or 0 for row in found.rows for part in row.parts) == 100
    assert "；1 个地区没有指数：1 个缺少活跃率。" in found.zh
    assert found.en.endswith("; 1 area has no index: 1 lacks active rate.")


def test_areas_that_lack_different_parts_are_counted_apart() -> None:
    """Of six areas two lack their rate, and a third lacks its hours, too."""
    names = {"zh": "测试指数", "en": "Test index"}
    parts = tuple(Part(name, 0.5, None, None, False) for name in VALUES)
    definition = Composite("test", names, names, "min_max", "t", "t", YEAR.start, parts)
    rates, hours = (None, None, None, 1.0, 2.0, 3.0), (1.0, 2.0, None, 4.0, 5.0, 6.0)
    columns = [
        [observed(value, LEAVES[n], indicator=name, denominator=1000.0) for n, value in enumerate(values)]
        for name, values in zip(VALUES, (rates, hours), strict=True)
    ]
    found = composite_of("130200", definition, columns, YEAR)
    assert "；3 个地区没有指数：2 个缺少活跃率，1 个缺少活跃率、人均时长（注册）" in found.zh
    assert (
        "; 3 areas have no index: 2 lack active rate, 1 lacks active rate and hours per registered"
        in found.en
    )


@pytest.mark.parametrize(("count", "status"), [(2, "insufficient"), (3, "ok"), (4, "ok")])
def test_fewer_than_three_areas_have_no_index(count: int, status: str) -> None:
    found = index_of((0.5, 0.5), count=count)
    assert (found.status, found.n) == (status, count if status == "ok" else 0)


def test_an_index_of_unfinished_figures_says_so_first_and_tries_no_weights() -> None:
    found = index_of((0.75, 0.25), unfinished=(0, 1))
    assert (found.status, found.n) == ("provisional", 4)
    assert [(row.rank_lower, row.rank_upper, row.first_share) for row in found.rows] == [(None,) * 3] * 4
    assert found.zh.index("都完整的地区不足 3 个") < found.zh.index("暂列第一")
    assert "居首" not in found.zh
    assert found.en.index("fewer than 3 areas are complete") < found.en.index("first for now")


@pytest.mark.parametrize("left_out", ["unfinished", "few"])
def test_whole_areas_are_ranked_among_themselves(left_out: str) -> None:
    found = index_of((0.75, 0.25), **{left_out: (2,)})  # type: ignore[arg-type]
    last = found.rows[-1]
    assert (last.area_code, last.score, last.rank, last.missing) == (LEAVES[2], None, None, ())
    assert (found.status, found.n) == ("ok", 3)
    assert found.rows[0].first_share is not None
    assert f"没有指数：{load_areas().get(LEAVES[2]).name('zh')}" in found.zh


def test_every_shipped_index_is_readable_and_called_by_its_name() -> None:
    for composite_id, definition in load_composites().items():
        assert composite_called(composite_id) is definition
        assert sum(definition.weights) == pytest.approx(1)
    with pytest.raises(AnalysisRefused, match="Did you mean 'vitality'"):
        composite_called("vitalty")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 0.4", "weight = 0.5", "add up to 1.1, expected 1"),
        ("weight = 0.4", "weight = 0", "expected a number between 0 and 1"),
        ("weight = 0.4", "wieght = 0.4", "unknown key 'wieght'. Did you mean 'weight'"),
        ('"active_rate"', '"active_rat"', "no indicator called 'active_rat'. Did you mean 'active_rate'"),
        ('"active_rate"', '"service_hours"', "a count, which grows with the area"),
        ('"active_rate"', '"registered_share"', "an indicator twice"),
        ('"min_max"', '"minmax"', "Did you mean 'min_max'"),
    ],
)
def test_a_definition_that_cannot_be_right_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "vitality.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(DefinitionFault) as fault:
        read_composite(path, load_catalogue())
    assert said in str(fault.value)


def test_an_index_of_one_part_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vitality.toml"
    path.write_text(SHIPPED.read_text(encoding="utf-8").split("[[part]]")[0], encoding="utf-8")
    with pytest.raises(DefinitionFault, match="'part' is missing"):
        read_composite(path, load_catalogue())
