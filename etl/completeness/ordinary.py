"""The numbers behind the matrix (ordinary.toml), read strictly."""

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("ordinary.toml")


@dataclass(frozen=True)
class Ordinary:
    """What each number means is said in ordinary.toml. Shares are of 1."""

    due_day: int
    normal_share: float
    unknown_area_share: float
    long_file_months: int
    silent_by_chance: float
    ordinary_sources: tuple[str, ...]
    ordinary_months_apart: int
    ordinary_least_months: int
    ordinary_least_rows: int
    few_rows_share: float
    ends_early_days: int
    ends_early_rows: int


@lru_cache
def load_ordinary(path: Path = FILE) -> Ordinary:
    """Raises ValueError naming a key that is missing or not known."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    for key in sorted({field.name for field in fields(Ordinary)} ^ set(read)):
        raise ValueError(f"{path.name}: key '{key}' is {'not known' if key in read else 'missing'}.")
    return Ordinary(**(read | {"ordinary_sources": tuple(read["ordinary_sources"])}))
