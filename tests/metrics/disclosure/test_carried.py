"""What earlier builds told, carried from publishing to publishing, is what all builds kept told, whatever happens to them.

Three ways must agree: the tables brought up to date, the same counted anew, and a loop over the builds' rows.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import numpy as np
import pytest

from metrics.disclosure import carried, control
from metrics.disclosure.cells import WINDOWS
from metrics.disclosure.earlier import read_earlier
from metrics.disclosure.grids import CountsOfBuild, Numbering
from metrics.disclosure.lines import Earlier
from metrics.periods import Period
from tests.metrics.disclosure.histories import HAPPENINGS
from tests.metrics.disclosure.town import Town, on_days, random_town

KEYS = "measure, basis, area_code, time_window, period_end, dimension, member"
UP_TO = "measure, basis, area_code, time_window, period_end, through_on"
TABLES = (
    "observations",
    "hours_bands",
    "cohorts",
    "days",
    "day_kinds",
    "to_day",
    "drops",
    "disclosure",
    "manifest",
)
SEEDS = (1, 2)
Rows = list[tuple[Any, ...]]


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Of the builds in the test's own folder."""
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        yield connection


def built(connection: duckdb.DuckDBPyConnection, truth: Path, folder: Path) -> Path:
    """The build with control, beside those of a folder."""
    path = folder / truth.name
    beside = folder / f".{truth.name}.building"
    shutil.copy(truth, beside)
    connection.execute(f"ATTACH '{beside}' AS publishing")
    connection.execute("DELETE FROM publishing.manifest WHERE key LIKE 'disclosure_%'")
    control(connection, "publishing", 10, folder, truth.stem)
    connection.execute("DETACH publishing")
    beside.rename(path)
    return path


def contents(path: Path) -> dict[str, Rows]:
    with duckdb.connect(str(path), read_only=True) as build:
        return {table: build.execute(f"FROM {table} ORDER BY ALL").fetchall() for table in TABLES}


def public(folder: Path, but: str) -> list[Path]:
    """The public builds of a folder, looked at one by one."""
    found = []
    for path in sorted(folder.glob("[!.]*.duckdb")):
        try:
            with duckdb.connect(str(path), read_only=True) as build:
                said = dict(build.execute("FROM manifest").fetchall())
        except duckdb.Error:
            continue
        if int(said["disclosure_threshold"]) and path.stem != but:
            found.append(path)
    return found


def told_by(paths: list[Path], table: str, keys: str, value: str) -> dict[tuple[Any, ...], set[float | None]]:
    found: dict[tuple[Any, ...], set[float | None]] = {}
    for path in paths:
        with duckdb.connect(str(path), read_only=True) as build:
            for *key, said in build.execute(f"SELECT {keys}, {value} FROM {table}").fetchall():
                found.setdefault(tuple(key), set()).add(said)
    return found


def require_told(earlier: Earlier, numbering: Numbering, folder: Path, build_id: str) -> None:
    """Against the loop: the counts still told, days, and counts up to a day the build has, too."""
    paths = public(folder, build_id)
    assert earlier.build_id == (paths[-1].stem if paths else "")
    days = told_by(paths, "days", "area_code, service_date", "visits")
    assert earlier.days == {key for key, said in days.items() if None in said}
    assert earlier.told_days == {key: said - {None} for key, said in days.items() if said - {None}}
    execute = numbering.connection.execute
    moments = set(execute("SELECT time_window, period_end, through_on FROM publishing.to_day").fetchall())
    up_to = told_by(paths, "to_day", UP_TO, "value")
    mine = {key: said for key, said in up_to.items() if key[3:] in moments}
    assert {key for key in earlier.to_day if key[3:] in moments} == {
        key for key, said in mine.items() if None in said
    }
    assert {key: said for key, said in earlier.told_to_day.items() if key[3:] in moments} == {
        key: said - {None} for key, said in mine.items() if said - {None}
    }
    told = told_by(paths, "observations", KEYS, "value")
    areas = dict(execute("SELECT area_no, area_code FROM disclosure_area").fetchall())
    members = dict(execute("SELECT label_no, member FROM disclosure_label").fetchall())
    counts = CountsOfBuild(numbering, "publishing")
    for count in ("registered_volunteers/stock", "active_volunteers/residence", "service_visits/service"):
        for grid in counts.grids(count) if count in numbering.keys else ():
            if grid.dimension in ("hours_band", "cohort", "day_kind"):
                continue
            unknown = earlier.unknown(count, grid)
            for area, member, cell in np.argwhere(grid.values > 0):
                end = Period.of("month", int(grid.cells.months[cell])).end
                key = (
                    *count.split("/"), areas[int(grid.place.areas[area])], WINDOWS[int(grid.cells.windows[cell])], end,
                    grid.dimension, members[int(grid.labels[member])],
                )  # fmt: skip
                is_told = grid.values[area, member, cell] in told.get(key, ())
                assert (unknown[area, member, cell] == 0) == is_told, key


def disturb(folder: Path, internal: Path, random: Random, number: int) -> None:
    """What may happen to builds that are kept."""
    builds = sorted(folder.glob("build-*.duckdb"))
    happening = random.randrange(6)
    if happening == 0 and len(builds) > 1:
        random.choice(builds).unlink()
    elif happening == 1 and len(builds) > 1:  # put back from elsewhere: another file under the same name
        one, other = random.sample(builds, 2)
        one.unlink()
        shutil.copy(other, one)
    elif happening == 2:
        shutil.copy(random.choice(builds), folder / f"build-0-foreign-{number}.duckdb")
    elif happening == 3:
        shutil.copy(internal, folder / f"internal-{number}.duckdb")
    elif happening == 4:
        (folder / f"broken-{number}.duckdb").write_bytes(b"no build")


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_to_builds_the_next_one_is_as_if_all_were_read(
    tmp_path: Path, warehouse: duckdb.DuckDBPyConnection, seed: int
) -> None:
    random = Random(seed)
    town: Town = on_days(random_town(seed, 70, 4, 2, ages=(None,)), seed)
    folder, anew = tmp_path / "published", tmp_path / "anew"
    folder.mkdir()
    seen = {"days": 0, "to_day": 0, "told": 0}
    for number in range(1, 7):
        truth = town.publish(tmp_path / "internal", f"build-{number}", 0, f"2021-0{3 + number // 3}-20")
        with duckdb.connect() as fresh:
            shutil.rmtree(anew, ignore_errors=True)
            shutil.copytree(folder, anew)
            expected = contents(built(fresh, truth, anew))
            fresh.execute(f"ATTACH '{truth}' AS publishing (READ_ONLY)")
            numbering = Numbering(fresh, "publishing")
            plain = read_earlier(numbering, folder, truth.stem)
            require_told(plain, numbering, folder, truth.stem)
            seen["days"] += len(plain.days)
            seen["to_day"] += len(plain.told_to_day)
            seen["told"] += len(plain.told)
        assert contents(built(warehouse, truth, folder)) == expected, f"build {number}"
        random.choice(HAPPENINGS)(town, random)
        disturb(folder, truth, random, number)
    assert all(seen.values()), seen


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three builds of a town that grows, with their warehouse, and the next one as it is before control."""
    directory = tmp_path_factory.mktemp("grown")
    town = random_town(5, 60, 3, 2, ages=(None,))
    folder = directory / "published"
    folder.mkdir()
    with duckdb.connect(str(directory / "warehouse.duckdb")) as connection:
        for number in range(1, 4):
            built(connection, town.publish(directory / "internal", f"build-{number}", 0), folder)
            town.serve([1, 2, 3], 1)
    town.publish(directory / "internal", "build-4", 0)
    return directory


@pytest.fixture
def three(grown: Path, tmp_path: Path) -> list[Path]:
    """The same files under other paths: a copy of a build would be another build."""
    shutil.copytree(grown / "published", tmp_path / "published", copy_function=os.link)
    shutil.copy(grown / "warehouse.duckdb", tmp_path)
    return [
        *sorted((tmp_path / "published").glob("*.duckdb")),
        grown / "internal" / "published" / "build-4.duckdb",
    ]


def opened(
    connection: duckdb.DuckDBPyConnection, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """The builds that the next control opens."""
    names: list[str] = []
    real = carried.attached
    monkeypatch.setattr(
        carried, "attached", lambda connection, path: names.append(path.stem) or real(connection, path)
    )
    built(connection, paths[-1], paths[0].parent)
    return names


def test_of_builds_kept_only_the_newest_is_opened(
    three: list[Path], warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened(warehouse, three, monkeypatch) == ["build-3", "build-3"]  # what it told, what it withholds


def test_with_one_gone_all_others_are_read_again(
    three: list[Path], warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    three[1].unlink()
    assert opened(warehouse, three, monkeypatch) == ["build-1", "build-3", "build-3"]


@pytest.mark.parametrize(
    "mend",
    [
        f"UPDATE {carried.BUILDS} SET made_by = 'another program' WHERE name = 'build-1'",
        f"UPDATE {carried.BUILDS} SET modified_ns = modified_ns + 1 WHERE name = 'build-2'",
        f"DROP TABLE {carried.DAYS}",
    ],
)
def test_what_cannot_be_relied_on_is_counted_anew(
    three: list[Path], warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, mend: str
) -> None:
    warehouse.execute(mend)
    assert opened(warehouse, three, monkeypatch) == ["build-1", "build-2", "build-3", "build-3"]


def test_an_error_half_way_leaves_what_was_there(
    three: list[Path], warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name: warehouse.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in carried.TABLES}

    def broken(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(carried, "add_zeros", broken)
        with pytest.raises(RuntimeError):
            built(warehouse, three[-1], three[0].parent)
    assert before == {
        name: warehouse.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in carried.TABLES
    }
