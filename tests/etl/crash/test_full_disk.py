"""A full disk: a sentence and exit code 1, nothing half done, and the same load finishes once there is room."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.etl.crash.campaign import Known, call, copy_home
from tests.etl.crash.forge import Ended, Forge
from tests.etl.crash.scene import THEN
from tests.etl.crash.state import look, look_at_build

KIB, MIB = 1 << 10, 1 << 20
SIZE = 32 * MIB  # room for a warehouse and the builds of a scene


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of 32 MiB at `folder`; False where mounting is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)]
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
        assert look(home, scratch) in known.allowed
    assert look_at_build(home) in known.figures


def require_end(home: Path, known: Known, scratch: Path) -> None:
    assert look(home, scratch) == known.allowed[-1]
    assert look_at_build(home) == known.figures[1]


def run(forge: Forge, home: Path, known: Known, **options: int) -> Ended:
    return call(forge, home, known.step.argv, known.step.today, **options)


@pytest.mark.parametrize("room", [16 * KIB, 2 * MIB, 3 * MIB + 500 * KIB])
def test_files_that_cannot_grow_any_more(forge: Forge, known: list[Known], tmp_path: Path, room: int) -> None:
    home, load = copy_home(known[0].before, tmp_path / "home"), known[0]
    require_told(run(forge, home, load, file_limit=room))
    require_consistent(home, load, tmp_path / "scratch")
    run(forge, home, load)
    require_end(home, load, tmp_path / "scratch")


@pytest.mark.parametrize("room", [64 * KIB, MIB])
def test_a_disk_that_fills_up_during_a_load(
    forge: Forge, known: list[Known], tmp_path: Path, room: int
) -> None:
    load = known[0]
    with small_disk(tmp_path / "disk") as is_real:
        home = copy_home(load.before, tmp_path / "disk" / "home")
        fill(home, room)
        # Without the right to mount, the nearest thing: no file may grow beyond the room.
        require_told(run(forge, home, load, **({} if is_real else {"file_limit": room})))
        require_consistent(home, load, tmp_path / "scratch")
        assert "Traceback" not in call(forge, home, ("status", "--json"), THEN).said
        (home / "ballast").unlink()
        run(forge, home, load)
        require_end(home, load, tmp_path / "scratch")


def test_a_disk_that_fills_up_while_publishing_keeps_the_build_there_is(
    forge: Forge, known: list[Known], tmp_path: Path
) -> None:
    (withdraw,) = (one for one in known if one.step.name == "withdraw")
    with small_disk(tmp_path / "disk") as is_real:
        home = copy_home(withdraw.before, tmp_path / "disk" / "home")
        fill(home, MIB)
        require_told(run(forge, home, withdraw, **({} if is_real else {"file_limit": MIB})))
        require_consistent(home, withdraw, tmp_path / "scratch")
        assert look_at_build(home) == withdraw.figures[0]
        (home / "ballast").unlink()
        if look(home, tmp_path / "scratch") == withdraw.allowed[0]:
            run(forge, home, withdraw)
        call(forge, home, withdraw.step.again, withdraw.step.today)
        require_end(home, withdraw, tmp_path / "scratch")


def fill(home: Path, room: int) -> None:
    """Leave so much room on the disk of a home; on a large one the file is empty and changes nothing."""
    free = shutil.disk_usage(home).free
    (home / "ballast").write_bytes(bytes(free - room if free <= SIZE else 0))
