"""The files that make up the project, as a fresh clone would hold them (with this tree's contents)."""

import subprocess
from functools import cache, lru_cache
from pathlib import Path

from metrics.paths import ROOT

# In an unpacked archive there is no git to ask; then these folders and files are not the project's.
NOT_TRACKED = {".git", ".venv", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", "demo-drops"}
COMMITTED_DATA = {"reference", "sample"}


@lru_cache
def tracked_files() -> list[Path]:
    """Every tracked file that exists, relative to the repository's root, sorted."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode == 0:
        return sorted(Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(path for path in found if not _is_local(path))


def _is_local(path: Path) -> bool:
    in_home = path.parts[0] == "data" and path.parts[1] not in COMMITTED_DATA
    return in_home or any(part in NOT_TRACKED for part in path.parts)


def python_files(*folders: str) -> list[Path]:
    """The tracked Python files of the named top folders (all, when none is named)."""
    return [
        path for path in tracked_files() if path.suffix == ".py" and (not folders or path.parts[0] in folders)
    ]


@cache
def text_of(path: Path) -> str | None:
    """A tracked file's text; None for a picture or another file that is not UTF-8."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
