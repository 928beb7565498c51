"""Many builds read one after the other, each once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duckdb import DuckDBPyConnection

from metrics.build import Build, attach, not_found
from metrics.data_home import BUILD_ID


@contextmanager
def read_build(home: Path, build_id: str, connection: DuckDBPyConnection) -> Iterator[Build]:
    """One build after the other on a connection of the caller's (metrics.build.new_connection), each closed before the next.

    Of many builds that are read once: to begin a database takes longer than all that is asked of one build. Raises
    as open_build does.
    """
    path = home / "published" / f"{build_id}.duckdb"
    if not BUILD_ID.fullmatch(build_id) or not path.is_file():
        raise not_found(home, build_id)
    try:
        yield attach(path, connection)
    finally:
        connection.execute("DETACH DATABASE IF EXISTS build")
