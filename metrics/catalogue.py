"""The catalogue: what can be asked, as defined in measures.toml and indicators/*.toml.

One TOML file is one indicator, and its file name is its id. Loading is strict: a definition that cannot be
right (an unknown measure, a stock with a window, a sum over a distinct count) is refused with its place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from metrics.definition_reading import (
    AGGREGATES,
    BASES,
    INDICATOR_KEYS,
    MEASURE_KEYS,
    SCOPES,
    described,
    digest_of,
    document,
    indicator_from,
    measure_from,
    units_from,
)
from metrics.definitions import DefinitionFault, Sheet, read_toml
from metrics.indicator import Indicator, Measure, Term
from metrics.reference import did_you_mean, nearest_to
from metrics.refusals import Refused

__all__ = ["AGGREGATES", "BASES", "FOLDER", "SCOPES", "Catalogue", "IndicatorNotKnown", "load_catalogue"]
__all__ += ["read_catalogue"]

FOLDER = Path(__file__).resolve().parent


class IndicatorNotKnown(Refused):
    """No indicator and no measure has this id."""


@dataclass(frozen=True)
class Catalogue:
    measures: Mapping[str, Measure]
    indicators: Mapping[str, Indicator]  # ratios and growth, one per file
    counts: Mapping[str, Indicator]  # every measure asked for by itself
    documents: Mapping[str, str]  # id → the definition as JSON, to be kept in a build

    def indicator(self, indicator_id: str) -> Indicator:
        """The definition of an indicator or of a measure. Raises IndicatorNotKnown with the nearest id."""
        found = self.indicators.get(indicator_id) or self.counts.get(indicator_id)
        if found is None:
            known = [*self.indicators, *self.counts]
            guess = nearest_to(indicator_id, known)
            raise IndicatorNotKnown(
                f"没有指标“{indicator_id}”。" + (f"是否指“{guess}”？" if guess else "")
                + "全部指标见 python -m metrics list。",
                f"There is no indicator '{indicator_id}'.{did_you_mean(indicator_id, known)} "
                "python -m metrics list names them all.",
            )  # fmt: skip
        return found

    def all(self) -> list[Indicator]:
        """Indicators first, then the measures."""
        return [*self.indicators.values(), *self.counts.values()]


def read_catalogue(folder: Path) -> Catalogue:
    """All definitions of a folder. Raises DefinitionFault naming the file and the key."""
    root = Sheet("measures.toml", read_toml(folder / "measures.toml"), ("units", "measures"))
    units = units_from(root.required("units"))
    measures: dict[str, Measure] = {}
    counts: dict[str, Indicator] = {}
    documents: dict[str, str] = {}
    for measure_id, values in root.required("measures").items():
        sheet = Sheet(f"measures.toml, {measure_id}", values, MEASURE_KEYS)
        measure = measures[measure_id] = measure_from(sheet, measure_id)
        scope = measure.scopes[0] if measure.scopes else ""
        term = Term(measure, scope=scope)
        counts[measure_id] = described(sheet, measure_id, "measure", term, None, [], units)
        documents[measure_id] = document(values)
    for measure in measures.values():
        for other in measure.subset_of:
            if other not in measures:
                raise DefinitionFault(
                    f"measures.toml, {measure.id}, subset_of: no measure called '{other}'."
                    + did_you_mean(other, measures)
                )
    digests = {measure_id: digest_of(documents[measure_id]) for measure_id in measures}
    indicators: dict[str, Indicator] = {}
    for path in sorted((folder / "indicators").glob("*.toml")):
        if path.stem in measures:
            raise DefinitionFault(f"{path.name}: '{path.stem}' is already the name of a measure.")
        values = read_toml(path)
        indicators[path.stem] = indicator_from(
            Sheet(path.name, values, INDICATOR_KEYS), path.stem, measures, digests, units
        )
        documents[path.stem] = document(values)
    return Catalogue(measures, indicators, counts, documents)


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The definitions of this installation."""
    return read_catalogue(FOLDER)
