"""Facts as Parquet: the same cube comes out of the files as out of the warehouse."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.inbox import find_drops
from etl.loading import load_paths
from etl.messages import Refusal
from etl.parquet import attach_facts, write_facts
from etl.sample import write_sample
from etl.warehouse import open_warehouse
from metrics.build_schema import create_schema
from metrics.cube import compute

TODAY = date(2024, 1, 15)
OBSERVED = "SELECT * FROM build.observations ORDER BY ALL"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write_sample(home / "sample", "411000", 150, months=12)
    load_paths(
        home, find_drops([home / "sample"], None), today=TODAY, tell=lambda text: None, and_publish=False
    )
    return home


def observations(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    connection.execute("ATTACH ':memory:' AS build")
    create_schema(connection, "build")
    compute(connection, "build", today=TODAY)
    return connection.execute(OBSERVED).fetchall()


def test_the_cube_over_parquet_equals_the_cube_over_the_warehouse(loaded: Path) -> None:
    out = loaded / "facts"
    with open_warehouse(loaded, "test") as warehouse:
        written = write_facts(warehouse, out)
        assert written == write_facts(warehouse, out), "writing again replaces the same files"
        expected = observations(warehouse)
    assert list((out / "current_service_records").glob("month=2023-*/*.parquet"))
    with duckdb.connect() as cluster:
        attach_facts(cluster, out)
        found = observations(cluster)
    assert expected
    assert found == expected


def test_a_folder_with_other_files_is_not_written_to(loaded: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with open_warehouse(loaded, "test") as warehouse, pytest.raises(Refusal, match="other files"):
        write_facts(warehouse, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
