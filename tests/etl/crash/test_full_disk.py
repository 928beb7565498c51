"""A full disk: a sentence and exit code 1, nothing half done, and the same load finishes once there is room."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.etl.crash.campaign import Known, call, new_home
from tests.etl.crash.forge import Ended, Forge
from tests.etl.crash.scene import LATER, THEN, write_drops
from tests.etl.crash.state import look, look_at_build

KIB, MIB = 1 << 10, 1 << 20


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of 16 MiB at `folder`; False where mounting is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def require_told(ended: Ended) -> None:
    assert ended.code == 1, f"{ended.code}: {ended.said}"
    assert "Traceback" not in ended.said
    assert "Not done (" in ended.said, ended.said


def require_consistent(home: Path, known: Known, scratch: Path) -> None:
    if (home / "warehouse.duckdb").exists():
        assert look(home, scratch) in known.prefixes
    assert look_at_build(home) in (None, known.figures["load"])


@pytest.mark.parametrize("room", [16 * KIB, 2 * MIB, 3 * MIB + 500 * KIB])
def test_files_that_cannot_grow_any_more(forge: Forge, known: Known, tmp_path: Path, room: int) -> None:
    home = new_home(tmp_path / "home")
    require_told(call(forge, home, ("load",), THEN, file_limit=room))
    require_consistent(home, known, tmp_path / "scratch")
    call(forge, home, ("load",), THEN)
    assert look(home, tmp_path / "scratch") == known.states["load"]
    assert look_at_build(home) == known.figures["load"]


@pytest.mark.parametrize("room", [64 * KIB, MIB])
def test_a_disk_that_fills_up_during_a_load(forge: Forge, known: Known, tmp_path: Path, room: int) -> None:
    with small_disk(tmp_path / "disk") as is_real:
        home = tmp_path / "disk" / "home"
        write_drops(home / "drops")
        fill(home, room)
        # Without the right to mount, the nearest thing: no file may grow beyond the room.
        require_told(call(forge, home, ("load",), THEN, **({} if is_real else {"file_limit": room})))
        require_consistent(home, known, tmp_path / "scratch")
        assert "Traceback" not in call(forge, home, ("status", "--json"), THEN).said
        (home / "ballast").unlink()
        call(forge, home, ("load",), THEN)
        assert look(home, tmp_path / "scratch") == known.states["load"]
        assert look_at_build(home) == known.figures["load"]


def test_a_disk_that_fills_up_while_publishing_keeps_the_build_there_is(
    forge: Forge, known: Known, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk") as is_real:
        home = tmp_path / "disk" / "home"
        write_drops(home / "drops")
        call(forge, home, ("load",), THEN)
        fill(home, MIB)
        limit = {} if is_real else {"file_limit": MIB}
        require_told(call(forge, home, ("withdraw", "5", "--reason", "测试"), LATER, **limit))
        assert look(home, tmp_path / "scratch") in (known.states["load"], known.states["withdraw"])
        assert look_at_build(home) == known.figures["load"]
        (home / "ballast").unlink()
        if look(home, tmp_path / "scratch") == known.states["load"]:
            call(forge, home, ("withdraw", "5", "--reason", "测试"), LATER)
        call(forge, home, ("publish",), LATER)
        assert look(home, tmp_path / "scratch") == known.states["withdraw"]
        assert look_at_build(home) == known.figures["withdraw"]


def fill(home: Path, room: int) -> None:
    """Leave so much room on the disk of a home; on a large one the file is empty and changes nothing."""
    free = shutil.disk_usage(home).free
    (home / "ballast").write_bytes(bytes(free - room if free <= 16 * MIB else 0))
