"""Corrections: declared repairs of drops whose supplier will not send them again.

A drop is never edited. What is to be repaired is written down, one TOML file or several in
`<home>/corrections/`: which drop, which rows, what to do, why, who says so, and what must be found there. The
repair is made on the raw text before any check; when what is found is not what was expected (the supplier has
mended the file, or the rows are others) the drop is refused and the correction named.
"""

from etl.corrections.apply import Applied, Guard, create_tables, differ, enter, relation, verify
from etl.corrections.declare import Correction, concerning, declared

__all__ = [
    "Applied",
    "Correction",
    "Guard",
    "concerning",
    "create_tables",
    "declared",
    "differ",
    "enter",
    "relation",
    "verify",
]
