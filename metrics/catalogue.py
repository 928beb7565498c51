"""The catalogue: what can be asked, as defined in measures.toml and indicators/*.toml.

One TOML file is one indicator, and its file name is its id. Loading is strict: a definition that cannot be
right (an unknown measure, a stock with a window, a sum over a distinct count) is refused with its place.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from metrics.definitions import DefinitionFault, Sheet, read_toml
from metrics.indicator import Indicator, Measure, Term, Texts
from metrics.members import DIMENSIONS
from metrics.periods import WINDOWS
from metrics.reference import did_you_mean
from metrics.refusals import Refused

FOLDER = Path(__file__).resolve().parent
POLARITIES = ("higher", "lower", "neither")
BASES = ("residence", "service")
SCOPES = ("whole", "built_up")
SOURCES = ("registrations", "service_hours", "activities")
# How each kind of measure is read over more than one month; anything else would be a wrong number.
AGGREGATES = {"stock": "last", "flow": "sum", "distinct": "recount"}
TEXT_KEYS = (
    "name", "question", "formula", "caveats", "unit", "decimals", "polarity", "source", "owner", "reviewed",
)  # fmt: skip
MEASURE_KEYS = (
    *TEXT_KEYS, "kind", "sources", "sources_by_basis", "bases", "dimensions", "subset_of", "scopes",
    "windows", "dimension_windows",
)  # fmt: skip
INDICATOR_KEYS = (*TEXT_KEYS, "kind", "numerator", "denominator")
TERM_KEYS = ("measure", "window", "basis", "scope", "years_earlier", "aggregate")
Units = Mapping[str, Mapping[str, str]]  # unit id → its name in each language


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
            nearest = did_you_mean(indicator_id, [*self.indicators, *self.counts])
            guess = nearest.split("'")[1] if nearest else ""
            raise IndicatorNotKnown(
                f"没有指标“{indicator_id}”。" + (f"是否指“{guess}”？" if guess else "")
                + "全部指标见 python -m metrics list。",
                f"There is no indicator '{indicator_id}'.{nearest} python -m metrics list names them all.",
            )  # fmt: skip
        return found

    def all(self) -> list[Indicator]:
        """Indicators first, then the measures."""
        return [*self.indicators.values(), *self.counts.values()]


def texts_of(sheet: Sheet, units: Units) -> Texts:
    return Texts(
        names=sheet.both_languages("name"),
        questions=sheet.both_languages("question"),
        formulas=sheet.both_languages("formula"),
        all_caveats=sheet.lists_in_both_languages("caveats"),
        unit_names=units[sheet.choice("unit", units)],
    )


def measure_from(sheet: Sheet, measure_id: str) -> Measure:
    bases = sheet.choices("bases", BASES)
    if not bases:
        raise sheet.fault("bases: expected at least one of 'residence', 'service'.")
    by_basis: dict[str, tuple[str, ...]] = {}
    if "sources_by_basis" in sheet.values:
        nested = sheet.table("sources_by_basis", bases)
        by_basis = {basis: nested.choices(basis, SOURCES) for basis in nested.values}
    limits: dict[str, tuple[str, ...]] = {}
    if "dimension_windows" in sheet.values:
        limited = sheet.table("dimension_windows", sheet.choices("dimensions", DIMENSIONS))
        limits = {dimension: limited.choices(dimension, WINDOWS) for dimension in limited.values}
    return Measure(
        id=measure_id,
        kind=sheet.choice("kind", AGGREGATES),
        sources=sheet.choices("sources", SOURCES),
        sources_by_basis=by_basis,
        bases=bases,
        dimensions=sheet.choices("dimensions", DIMENSIONS),
        subset_of=tuple(sheet.values.get("subset_of", ())),
        scopes=sheet.choices("scopes", SCOPES),
        windows=sheet.choices("windows", WINDOWS),
        dimension_windows=limits,
    )


def term_from(sheet: Sheet, measures: Mapping[str, Measure]) -> Term:
    measure_id = sheet.text("measure")
    if measure_id not in measures:
        raise sheet.fault(f"no measure called '{measure_id}'.{did_you_mean(measure_id, measures)}")
    measure = measures[measure_id]
    require_aggregate(sheet, measure)
    if measure.kind == "stock" and "window" in sheet.values:
        raise sheet.fault(f"{measure_id} is a stock, read at the window's end: it takes no window.")
    if measure.windows and sheet.values.get("window") not in (None, *measure.windows):
        raise sheet.fault(f"{measure_id} has no window '{sheet.values['window']}'.")
    if "scope" in sheet.values and not measure.scopes:
        raise sheet.fault(f"{measure_id} has no scopes.")
    if "basis" in sheet.values:
        sheet.choice("basis", measure.bases)
    return Term(
        measure=measure,
        window=sheet.choice("window", ("", *WINDOWS), default=""),
        basis=str(sheet.values.get("basis", "")),
        scope=sheet.choice("scope", measure.scopes, default=measure.scopes[0]) if measure.scopes else "",
        years_earlier=sheet.whole_number("years_earlier") if "years_earlier" in sheet.values else 0,
    )


def require_aggregate(sheet: Sheet, measure: Measure) -> None:
    """A term may repeat how its measure is read over months, but not ask for another way."""
    right = AGGREGATES[measure.kind]
    asked = sheet.choice("aggregate", AGGREGATES.values(), default=right)
    if asked == right:
        return
    if measure.kind == "distinct":
        raise sheet.fault(
            f"a {asked} over {measure.id} would count people more than once: it is a distinct count, "
            "counted afresh for every window."
        )
    raise sheet.fault(
        f"aggregate: found '{asked}', but {measure.id} is a {measure.kind}: expected '{right}'."
    )


def indicator_from(
    sheet: Sheet, indicator_id: str, measures: Mapping[str, Measure], units: Units
) -> Indicator:
    kind = sheet.choice("kind", ("ratio", "growth"))
    numerator = term_from(sheet.table("numerator", TERM_KEYS), measures)
    denominator = term_from(sheet.table("denominator", TERM_KEYS), measures)
    if numerator.years_earlier:
        raise sheet.fault("numerator: years_earlier belongs to the denominator of a growth.")
    if (kind == "growth") != (denominator.years_earlier > 0):
        raise sheet.fault("denominator: a growth, and only a growth, has years_earlier = 1 or more.")
    if kind == "growth" and numerator.measure != denominator.measure:
        raise sheet.fault("a growth compares a measure with itself a year earlier.")
    both_have_windows = "stock" not in (numerator.measure.kind, denominator.measure.kind)
    if both_have_windows and numerator.window != denominator.window:
        raise sheet.fault(
            f"the numerator is read in the window '{numerator.window}', the denominator in "
            f"'{denominator.window}': each side must be read over the same months."
        )
    return described(sheet, indicator_id, kind, numerator, denominator, units)


def described(
    sheet: Sheet,
    indicator_id: str,
    kind: str,
    numerator: Term,
    denominator: Term | None,
    units: Units,
) -> Indicator:
    return Indicator(
        id=indicator_id,
        kind=kind,
        texts=texts_of(sheet, units),
        unit=sheet.text("unit"),
        decimals=sheet.whole_number("decimals"),
        polarity=sheet.choice("polarity", POLARITIES),
        source=sheet.text("source"),
        owner=sheet.text("owner"),
        reviewed=sheet.day("reviewed"),
        numerator=numerator,
        denominator=denominator,
        digest=hashlib.sha256(document(sheet.values).encode()).hexdigest()[:12],
    )


def document(values: Mapping[str, Any]) -> str:
    """A definition as canonical JSON."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)


def read_catalogue(folder: Path) -> Catalogue:
    """All definitions of a folder. Raises DefinitionFault naming the file and the key."""
    root = Sheet("measures.toml", read_toml(folder / "measures.toml"), ("units", "measures"))
    unit_sheet = Sheet("measures.toml, units", root.required("units"), root.required("units"))
    units = {unit: unit_sheet.both_languages(unit) for unit in unit_sheet.values}
    measures: dict[str, Measure] = {}
    counts: dict[str, Indicator] = {}
    documents: dict[str, str] = {}
    for measure_id, values in root.required("measures").items():
        sheet = Sheet(f"measures.toml, {measure_id}", values, MEASURE_KEYS)
        measure = measures[measure_id] = measure_from(sheet, measure_id)
        scope = measure.scopes[0] if measure.scopes else ""
        counts[measure_id] = described(sheet, measure_id, "measure", Term(measure, scope=scope), None, units)
        documents[measure_id] = document(values)
    for measure in measures.values():
        for other in measure.subset_of:
            if other not in measures:
                raise DefinitionFault(
                    f"measures.toml, {measure.id}, subset_of: no measure called '{other}'."
                    + did_you_mean(other, measures)
                )
    indicators: dict[str, Indicator] = {}
    for path in sorted((folder / "indicators").glob("*.toml")):
        if path.stem in measures:
            raise DefinitionFault(f"{path.name}: '{path.stem}' is already the name of a measure.")
        values = read_toml(path)
        indicators[path.stem] = indicator_from(
            Sheet(path.name, values, INDICATOR_KEYS), path.stem, measures, units
        )
        documents[path.stem] = document(values)
    return Catalogue(measures, indicators, counts, documents)


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """The definitions of this installation."""
    return read_catalogue(FOLDER)
