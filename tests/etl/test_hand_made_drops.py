"""The small drops in data/sample: readable by eye, marked as made up, and loading as their README says."""

import re
from pathlib import Path

from metrics.paths import ROOT
from tests.commands import run

HAND_MADE = ROOT / "data" / "sample"


def test_hand_made_drops_load_as_their_readme_says(data_home: Path) -> None:
    text = (HAND_MADE / "README.md").read_text(encoding="utf-8")
    promised = {
        Path(name).name: [int(number) for number in numbers.split("|")]
        for name, numbers in re.findall(r"\| `(130200/\S+)` \|([\d |]+)\|\n", text)
    }
    columns = ("rows_read", "rows_accepted", "rows_unchanged", "rows_quarantined", "rows_blank")
    answer = run("etl", "load", HAND_MADE, "--check", "--json", home=data_home).require().json()
    drops = answer["drops"]
    assert {drop["file_name"]: [drop[column] for column in columns] for drop in drops} == promised


def test_hand_made_drops_are_small_and_marked() -> None:
    files = sorted(HAND_MADE.rglob("*.csv"))
    assert len(files) == 3
    for path in files:
        encoding = "gbk" if "gbk" in path.name else "utf-8-sig"
        rows = [row for row in path.read_bytes().decode(encoding).splitlines()[1:] if row]
        assert 0 < len(rows) <= 30
        assert all("示例数据" in row for row in rows)
        assert all(number.startswith("900000") for row in rows for number in re.findall(r"\d{15,}", row))
