"""Definitions of composite indices: metrics/composites/*.toml, one file an index, read strictly."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from metrics.analysis.reading import AnalysisRefused
from metrics.catalogue import BASES, Catalogue, load_catalogue
from metrics.definitions import Sheet, read_toml
from metrics.reference import did_you_mean

FOLDER = Path(__file__).resolve().parents[1] / "composites"
KEYS = ("normalisation", "source", "owner", "reviewed", "name", "question", "part")
PART_KEYS = ("indicator", "weight", "window", "basis")
NORMALISATIONS = ("min_max", "z")
FEWEST_PARTS = 2
CRUMB = 1e-9  # 0.1 + 0.2 + 0.7 is not 1 to the last bit


@dataclass(frozen=True)
class Part:
    """One indicator and its weight; window and basis None: as asked."""

    indicator_id: str
    weight: float
    window: str | None
    basis: str | None
    is_reversed: bool  # lower is better


@dataclass(frozen=True)
class Composite:
    composite_id: str
    names: dict[str, str]
    questions: dict[str, str]
    normalisation: str
    source: str
    owner: str
    reviewed: date
    parts: tuple[Part, ...]

    def name(self, lang: str) -> str:
        return self.names[lang]

    @property
    def weights(self) -> tuple[float, ...]:
        return tuple(part.weight for part in self.parts)


def read_composite(path: Path, catalogue: Catalogue) -> Composite:
    """One definition. Raises DefinitionFault naming the file and the key."""
    sheet = Sheet(path.name, read_toml(path), KEYS)
    entries = sheet.required("part")
    if not isinstance(entries, list) or len(entries) < FEWEST_PARTS:
        raise sheet.fault(f"part: expected at least {FEWEST_PARTS} tables [[part]].")
    parts = tuple(
        part_from(Sheet(f"{path.name}, part {n}", entry, PART_KEYS), catalogue)
        for n, entry in enumerate(entries, 1)
    )
    keys = [(part.indicator_id, part.window, part.basis) for part in parts]
    if len(set(keys)) != len(keys):
        raise sheet.fault("part: found an indicator twice, expected each once: it would weigh twice.")
    total = sum(part.weight for part in parts)
    if abs(total - 1) > CRUMB:
        raise sheet.fault(f"part: the weights add up to {total:g}, expected 1.")
    return Composite(
        composite_id=path.stem,
        names=sheet.both_languages("name"),
        questions=sheet.both_languages("question"),
        normalisation=sheet.choice("normalisation", NORMALISATIONS),
        source=sheet.text("source"),
        owner=sheet.text("owner"),
        reviewed=sheet.day("reviewed"),
        parts=parts,
    )


def part_from(sheet: Sheet, catalogue: Catalogue) -> Part:
    indicator_id = sheet.text("indicator")
    known = [*catalogue.indicators, *catalogue.counts]
    if indicator_id not in known:
        raise sheet.fault(f"no indicator called '{indicator_id}'.{did_you_mean(indicator_id, known)}")
    indicator = catalogue.indicator(indicator_id)
    if indicator.kind == "measure":
        raise sheet.fault(f"{indicator_id} is a count, which grows with the area: expected a rate.")
    if indicator.polarity == "neither":
        raise sheet.fault(f"{indicator_id} has the polarity 'neither': more of it is neither good nor bad.")
    weight = sheet.required("weight")
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not 0 < weight < 1:
        raise sheet.fault(f"weight: found {weight!r}, expected a number between 0 and 1.")
    window = sheet.choice("window", ("ytd", "rolling12", "to_date")) if "window" in sheet.values else None
    basis = sheet.choice("basis", BASES) if "basis" in sheet.values else None
    return Part(indicator_id, float(weight), window, basis, indicator.polarity == "lower")


@lru_cache(maxsize=1)
def load_composites() -> dict[str, Composite]:
    """Every index of this installation, by id."""
    return {path.stem: read_composite(path, load_catalogue()) for path in sorted(FOLDER.glob("*.toml"))}


def composite_called(composite_id: str) -> Composite:
    """Raises AnalysisRefused with the nearest id."""
    known = load_composites()
    if composite_id not in known:
        raise AnalysisRefused(
            f"没有综合指数“{composite_id}”；有：{'、'.join(known)}。",
            f"There is no composite '{composite_id}'.{did_you_mean(composite_id, known)} "
            f"There are: {', '.join(known)}.",
        )
    return known[composite_id]
