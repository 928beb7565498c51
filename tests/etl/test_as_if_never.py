"""After a withdrawal every published figure is what it would be had the drop never come: builds are compared."""

from __future__ import annotations

from datetime import date
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


class Town:
    """A data home into which drops of a generated case are loaded, one call for all."""

    def __init__(self, home: Path, paths: list[Path], replace: dict[str, str]) -> None:
        self.home, self.replace = home, replace
        self.numbers: dict[str, int] = {}
        with open_warehouse(home, "test") as connection:
            for path in paths:
                (found,) = find_drops(
                    [path], None, path.stem
                )  # a supplier each: none is unlike the one before
                desk = LoadingDesk(connection, home, TODAY, replace=replace.get(path.name))
                for outcome in load_file(desk, found):
                    assert outcome.row.status == "loaded", [str(text) for text in outcome.told]
                    self.numbers[path.name] = outcome.row.drop_id

    def publish(self) -> dict[str, list[tuple[Any, ...]]]:
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


def differences(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> dict[str, Any]:
    """The first rows of each table that only one of two builds has."""
    return {
        name: (sorted(set(one[name]) - set(other[name]), key=repr)[:3], sorted(set(other[name]) - set(one[name]), key=repr)[:3])
        for name in SAID
        if one[name] != other[name]
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("withdrawn", ["05-hours.csv", "01-register.csv", "09-hours.csv"])
def test_a_withdrawn_drop_leaves_no_trace_in_any_figure(tmp_path: Path, seed: int, withdrawn: str) -> None:
    paths = make_case(seed).write(tmp_path / "drops")
    replace = {"09-hours.csv": "area+month"}
    with_it = Town(tmp_path / "with", paths, replace)
    before = with_it.publish()
    with_it.take_back(withdrawn)
    after = with_it.publish()
    without = Town(
        tmp_path / "without", [path for path in paths if path.name != withdrawn], replace
    ).publish()
    assert differences(after, without) == {}
    assert after["observations"] != before["observations"]  # the drop did say something
    with_it.bring_back(withdrawn)
    assert differences(with_it.publish(), before) == {}
