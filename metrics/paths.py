"""Where committed reference data and definitions lie (found from this file, so a clone works anywhere)."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "data" / "reference"
