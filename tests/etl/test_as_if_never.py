"""After a withdrawal every published figure is what it would be had the drop never come: builds are compared."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.desk import Desk as LoadingDesk
from etl.inbox import find_drops
from etl.load import load_file
from etl.publish import publish
from etl.warehouse import open_warehouse
from etl.withdraw import require_drop, restore, withdraw
from tests.generate import make_case

TODAY = date(2022, 7, 20)
# Everything a build says of the city, with drops by file name: their numbers depend on how many came before.
SAID = {
    "observations": "SELECT * FROM observations",
    "hours_bands": "SELECT * FROM hours_bands",
    "cohorts": "SELECT * FROM cohorts",
    "days": "SELECT * FROM days",
    "coverage": "SELECT * FROM coverage",
    "completeness": "SELECT * FROM completeness",
    "gaps": "SELECT * FROM gaps",
    "flags": "SELECT f.* EXCLUDE (drop_id), d.file_name FROM flags f JOIN drops d USING (drop_id)",
    "quality": "SELECT q.* EXCLUDE (drop_id), d.file_name FROM quality q JOIN drops d USING (drop_id)",
    "drops": "SELECT file_name, rows_read, rows_accepted + rows_unchanged, rows_quarantined FROM drops WHERE status = 'loaded'",
}


# The rows of a build's tables, as SAID asks for them.
Said = dict[str, list[tuple[Any, ...]]]
REPLACED = {"09-hours.csv": "area+month"}


@dataclass
class Town:
    """A data home into which drops of a generated case are loaded."""

    home: Path
    numbers: dict[str, int] = field(default_factory=dict)  # of drops, by file name

    def load(self, paths: list[Path]) -> Town:
        with open_warehouse(self.home, "test") as connection:
            for path in paths:
                (found,) = find_drops(
                    [path], None, path.stem
                )  # a supplier each: none is unlike the one before
                desk = LoadingDesk(connection, self.home, TODAY, replace=REPLACED.get(path.name))
                for outcome in load_file(desk, found):
                    assert outcome.row.status == "loaded", [str(text) for text in outcome.told]
                    self.numbers[path.name] = outcome.row.drop_id
        return self

    def publish(self) -> Said:
        with open_warehouse(self.home, "test") as connection:
            build_id = publish(connection, self.home, TODAY)
        with duckdb.connect(str(self.home / "published" / f"{build_id}.duckdb"), read_only=True) as build:
            return {name: build.execute(f"{sql} ORDER BY ALL").fetchall() for name, sql in SAID.items()}

    def take_back(self, name: str) -> None:
        with open_warehouse(self.home, "test") as connection:
            withdraw(connection, require_drop(connection, self.numbers[name]), "测试", "a test")

    def bring_back(self, name: str) -> None:
        with open_warehouse(self.home, "test") as connection:
            restore(connection, require_drop(connection, self.numbers[name]), "测试", "a test")


def differences(one: Said, other: Said) -> dict[str, Any]:
    """The first rows of each table that only one of two builds has."""
    return {
        name: (sorted(set(one[name]) - set(other[name]), key=repr)[:3], sorted(set(other[name]) - set(one[name]), key=repr)[:3])
        for name in SAID
        if one[name] != other[name]
    }  # fmt: skip


@dataclass(frozen=True)
class Complete:
    """A town with all drops of its case, and what its build says; copied for every test that changes it."""

    paths: list[Path]
    town: Town
    said: Said

    def copy(self, home: Path) -> Town:
        shutil.copytree(self.town.home, home)
        return Town(home, self.town.numbers)


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Complete]:
    @cache
    def of_seed(seed: int) -> Complete:
        folder = tmp_path_factory.mktemp(f"complete-{seed}")
        paths = make_case(seed).write(folder / "drops")
        town = Town(folder / "home").load(paths)
        return Complete(paths, town, town.publish())

    return of_seed


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("withdrawn", ["05-hours.csv", "01-register.csv", "09-hours.csv"])
def test_a_withdrawn_drop_leaves_no_trace_in_any_figure(
    complete: Callable[[int], Complete], tmp_path: Path, seed: int, withdrawn: str
) -> None:
    with_all = complete(seed)
    before, with_it = with_all.said, with_all.copy(tmp_path / "with")
    with_it.take_back(withdrawn)
    after = with_it.publish()
    others = [path for path in with_all.paths if path.name != withdrawn]
    without = Town(tmp_path / "without").load(others).publish()
    assert differences(after, without) == {}
    assert after["observations"] != before["observations"]  # the drop did say something
    with_it.bring_back(withdrawn)
    assert differences(with_it.publish(), before) == {}
