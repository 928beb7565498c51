"""The threshold: how many people a published count must be about, and who says so.

An argument of the command comes first, then `<home>/disclosure.toml`, then the environment, then ten.
"""

import os
from pathlib import Path

from metrics.definitions import DefinitionFault, Sheet
from metrics.home_toml import read_home_toml

DEFAULT_THRESHOLD = 10
VARIABLE = "REDVEST_DISCLOSURE_THRESHOLD"
FILE = "disclosure.toml"


def threshold_of(home: Path, argument: int | None = None) -> int:
    """Counts from 1 to below this are withheld; 0 withholds nothing. Raises DefinitionFault for a wrong file."""
    if argument is not None:
        return argument
    path = home / FILE
    if path.exists():
        values = read_home_toml(path, lambda zh, en: DefinitionFault(en))
        return Sheet(FILE, values, ["threshold"]).whole_number("threshold")
    said = os.environ.get(VARIABLE, "")
    return int(said) if said.isdigit() else DEFAULT_THRESHOLD


def is_said(home: Path) -> bool:
    """Whether the home or the environment says a threshold, so that each build has the same."""
    return (home / FILE).exists() or os.environ.get(VARIABLE, "").isdigit()
