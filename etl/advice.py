"""What a supplier is told of a check: a name they understand, and what to do. Data: etl/checks/advice.toml."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from etl.messages import Text

FILE = Path(__file__).parent / "checks" / "advice.toml"
KEYS = {"title_zh", "title_en", "fix_zh", "fix_en"}


@dataclass(frozen=True)
class Advice:
    """A check as the supplier is told of it."""

    title: Text
    fix: Text


@lru_cache
def load_advice(path: Path = FILE) -> dict[str, Advice]:
    """By check name, read strictly: ValueError names the check with an unknown or missing key."""
    found = {}
    for check, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for key in sorted(KEYS ^ set(entry)):
            raise ValueError(
                f"{path.name}, {check}: key '{key}' is {'missing' if key in KEYS else 'not known'}."
            )
        found[check] = Advice(
            Text(entry["title_zh"], entry["title_en"]), Text(entry["fix_zh"], entry["fix_en"])
        )
    return found


def advice(check: str) -> Advice:
    """The advice for a check; one that is gone since it set rows aside is told by its name and reason alone."""
    general = Advice(
        Text(check, check),
        Text("请按“原因”一栏改正后重报。", "Mend what the reason says and send the file again."),
    )
    return load_advice().get(check, general)
