"""Thresholds from regulations and assessment systems, switched on only where a source states the number.

Source: data/reference/standards.csv, one row per item of a standard's edition. A row whose number could not be
confirmed is shipped blank and switched off: whoever has the document fills in threshold, source and certainty
'supplied', and switches it on. No threshold is ever shown without its source.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from metrics.compare import concepts
from metrics.paths import REFERENCE
from metrics.reference import ReferenceFault, Row, read_rows
from metrics.words import load_words

COMPARATORS = (">=", "<=")
# Whose residents the item divides by; 'none' where it does not divide by residents. An item for the built-up
# area can only be answered with a population row of that scope, never with the whole city's instead.
DENOMINATOR_SCOPES = ("whole", "built_up", "none")
# found: in a text that was read; printed: by a city about itself; supplied: by the user, with a source.
CERTAINTIES = ("found", "printed", "supplied", "unconfirmed")


@dataclass(frozen=True)
class Standard:
    """One item of one edition of a standard."""

    standard_id: str
    standard_zh: str
    standard_en: str
    edition: str
    item_zh: str
    item_en: str
    concept_id: str  # what it can be held against, '' when no figure here answers it
    comparator: str  # >= or <=
    threshold: Decimal | None  # None until somebody with the source fills it in
    unit: str
    denominator_scope: str  # whole | built_up | none
    source: str
    certainty: str
    is_on: bool

    def name(self, lang: str) -> str:
        return self.standard_zh if lang == "zh" else self.standard_en

    def item(self, lang: str) -> str:
        return self.item_zh if lang == "zh" else self.item_en

    def unit_name(self, lang: str) -> str:
        return load_words().text("unit", self.unit, lang)

    def is_met_by(self, value: Decimal | float) -> bool | None:
        """Whether a value reaches the threshold, the threshold itself included; None when switched off."""
        if not self.is_on or self.threshold is None:
            return None
        return value >= self.threshold if self.comparator == ">=" else value <= self.threshold


def read_standards(directory: Path) -> list[Standard]:
    """Read the table. Raises ReferenceFault naming file, row and column."""
    columns = (
        "standard_id", "standard_zh", "standard_en", "edition", "item_zh", "item_en", "concept_id", "comparator",
        "threshold", "unit", "denominator_scope", "source", "certainty", "is_on",
    )  # fmt: skip
    return [standard(row) for row in read_rows(directory / "standards.csv", columns, key=("standard_id",))]


def standard(row: Row) -> Standard:
    known_concepts = ["", *(concept.concept_id for concept in concepts())]
    read = Standard(
        standard_id=row.required("standard_id"),
        standard_zh=row.required("standard_zh"),
        standard_en=row.required("standard_en"),
        edition=row.required("edition"),
        item_zh=row.required("item_zh"),
        item_en=row.required("item_en"),
        concept_id=row.reference("concept_id", known_concepts, "a concept of concepts.csv or nothing"),
        comparator=row.choice("comparator", COMPARATORS),
        threshold=row.number("threshold"),
        unit=row.choice("unit", load_words().codes("unit")),
        denominator_scope=row.choice("denominator_scope", DENOMINATOR_SCOPES),
        source=row.text("source"),
        certainty=row.choice("certainty", CERTAINTIES),
        is_on=row.boolean("is_on"),
    )
    require_source(row, read)
    return read


def require_source(row: Row, read: Standard) -> None:
    """A threshold that is on, or printed at all, must say where it comes from."""
    where = f"{row.file}, row {row.row_no}"
    if read.is_on and read.threshold is None:
        raise ReferenceFault(
            f"{where}, column threshold: found nothing, expected a number because is_on is true; "
            "fill it in from the document or set is_on to false."
        )
    if read.is_on and not read.source:
        raise ReferenceFault(
            f"{where}, column source: found nothing, expected where the threshold "
            f"{read.threshold} is written, because is_on is true."
        )
    if read.certainty == "unconfirmed" and (read.is_on or read.threshold is not None):
        raise ReferenceFault(
            f"{where}, column certainty: found 'unconfirmed', expected 'found', 'printed' or 'supplied' "
            "for a row with a threshold or switched on: a number from memory is no standard."
        )


@lru_cache(maxsize=1)
def _shipped() -> tuple[Standard, ...]:
    return tuple(read_standards(REFERENCE))


def load_standards() -> list[Standard]:
    """Every item, switched on or not; show thresholds only of those that are on."""
    return list(_shipped())
