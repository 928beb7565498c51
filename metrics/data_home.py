"""Where a data home is, and the builds published in it, by their files alone."""

import os
import re
from pathlib import Path

from metrics.paths import ROOT

# A build id becomes a file name and may come from a web address, so it must not be able to name a path.
BUILD_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def data_home(argument: str | Path | None = None) -> Path:
    """The data home: what --data says, else REDVEST_DATA, else the repository's own data folder."""
    chosen = argument or os.environ.get("REDVEST_DATA")
    return Path(chosen).expanduser() if chosen else ROOT / "data"


def current_build_id(home: Path) -> str | None:
    """The id CURRENT names; None when nothing has been published yet."""
    try:
        return (home / "published" / "CURRENT").read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def published_build_ids(home: Path) -> list[str]:
    """Every build that can still be opened, oldest first (ids begin with their time)."""
    return sorted(
        path.stem for path in (home / "published").glob("*.duckdb") if BUILD_ID.fullmatch(path.stem)
    )
