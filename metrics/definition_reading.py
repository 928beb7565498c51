"""Strict reading of one definition: from TOML tables to measures, terms and indicators.

What cannot be right is refused here with its place and the nearest valid name: an unknown key or measure, a stock
with a window, a flow fixed to another window than the stock it is divided by, a sum over a distinct count.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from metrics.areas import load_areas
from metrics.definitions import LANGUAGES, Sheet
from metrics.indicator import (
    COMPARABILITIES,
    OVER_TIME,
    Indicator,
    Measure,
    Target,
    Term,
    Texts,
    Unit,
)
from metrics.members import DIMENSIONS
from metrics.periods import WINDOWS
from metrics.reference import did_you_mean

POLARITIES = ("higher", "lower", "neither")
BASES = ("residence", "service")
SCOPES = ("whole", "built_up", "age_16_70")
SOURCES = ("registrations", "service_hours", "activities")
# What a measure is counted from, and what one of the things counted is.
FACTS = ("registrations", "service_records", "activities", "population")
GRAINS = ("person", "record", "activity", "area_year")
# How each kind of measure is read over more than one month; anything else would be a wrong number.
AGGREGATES = {"stock": "last", "flow": "sum", "distinct": "recount"}
TEXT_KEYS = (
    "name", "question", "formula", "caveats", "unit", "decimals", "polarity", "source", "owner", "reviewed",
)  # fmt: skip
MEASURE_KEYS = (
    *TEXT_KEYS, "kind", "fact", "grain", "sources", "sources_by_basis", "bases", "dimensions", "subset_of",
    "scopes", "windows", "dimension_windows",
)  # fmt: skip
INDICATOR_KEYS = (*TEXT_KEYS, "kind", "numerator", "denominator", "comparability", "targets")
TERM_KEYS = ("measure", "window", "basis", "scope", "years_earlier", "aggregate")
TARGET_KEYS = ("value", "from_year", "to_year", "area", "window", "source", "name")
Units = Mapping[str, Unit]


def texts_of(sheet: Sheet, units: Units) -> Texts:
    return Texts(
        names=sheet.both_languages("name"),
        questions=sheet.both_languages("question"),
        formulas=sheet.both_languages("formula"),
        all_caveats=sheet.lists_in_both_languages("caveats"),
        unit_names=units[sheet.choice("unit", units)].names,
        sources=sheet.both_languages("source") if has_own_words(sheet) else {},
    )


def has_own_words(sheet: Sheet) -> bool:
    """Whether a definition says its source in both languages; one text is looked up (metrics.citations)."""
    return isinstance(sheet.values.get("source"), dict)


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
        fact=sheet.choice("fact", FACTS),
        grain=sheet.choice("grain", GRAINS),
        sources=sheet.choices("sources", SOURCES),
        sources_by_basis=by_basis,
        bases=bases,
        dimensions=sheet.choices("dimensions", DIMENSIONS),
        subset_of=tuple(sheet.values.get("subset_of", ())),
        scopes=sheet.choices("scopes", SCOPES),
        unit=sheet.text("unit"),
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
    sheet: Sheet,
    indicator_id: str,
    measures: Mapping[str, Measure],
    measure_digests: Mapping[str, str],
    units: Units,
) -> Indicator:
    kind = sheet.choice("kind", ("ratio", "growth"))
    numerator = term_from(sheet.table("numerator", TERM_KEYS), measures)
    denominator = term_from(sheet.table("denominator", TERM_KEYS), measures)
    require_same_months(sheet, kind, numerator, denominator)
    require_unit(sheet, kind, numerator.measure.unit, denominator.measure.unit, units)
    digests = [measure_digests[term.measure.id] for term in (numerator, denominator)]
    return described(sheet, indicator_id, kind, numerator, denominator, digests, units)


def require_same_months(sheet: Sheet, kind: str, numerator: Term, denominator: Term) -> None:
    """Both sides of a ratio are read over the same months; a growth is a measure and itself, earlier."""
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
    flow, stock = numerator, denominator
    if stock.measure.kind == "flow":
        flow, stock = stock, flow
    if flow.measure.kind == "flow" and flow.window and stock.measure.kind == "stock":
        raise sheet.fault(
            f"{flow.measure.id} is a flow fixed to the window '{flow.window}', but {stock.measure.id} is a stock "
            "read at the end of the window asked for: leave the window out and ask for it in the query."
        )


def require_unit(sheet: Sheet, kind: str, above: str, below: str, units: Units) -> None:
    """A quotient is in what follows from its sides: hours over people are hours (a head), people over people a share."""
    right = ["percent"] if kind == "growth" or above == below else [above]
    if kind == "ratio":
        right += [unit for unit in units if unit.startswith(f"{above}_per_")]
    found = sheet.choice("unit", units)
    if found not in right:
        raise sheet.fault(
            f"unit: found '{found}', but {above} over {below} {'grow by' if kind == 'growth' else 'make'} "
            f"{' or '.join(repr(one) for one in right)}."
        )


def described(
    sheet: Sheet,
    indicator_id: str,
    kind: str,
    numerator: Term,
    denominator: Term | None,
    measure_digests: list[str],
    units: Units,
) -> Indicator:
    digest = digest_of(document(sheet.values))
    return Indicator(
        id=indicator_id,
        kind=kind,
        texts=texts_of(sheet, units),
        unit=sheet.text("unit"),
        factor=units[sheet.text("unit")].factor,
        decimals=sheet.whole_number("decimals"),
        polarity=sheet.choice("polarity", POLARITIES),
        source=sheet.both_languages("source")["zh"] if has_own_words(sheet) else sheet.text("source"),
        owner=sheet.text("owner"),
        reviewed=sheet.day("reviewed"),
        numerator=numerator,
        denominator=denominator,
        digest=digest,
        meaning=digest_of(" ".join([digest, *measure_digests])),
        # Counts grow with the place they are taken in; nothing wider is claimed unless the definition does.
        comparability=sheet.choice(
            "comparability", COMPARABILITIES, default=OVER_TIME if kind == "measure" else "within_city"
        ),
        targets=targets_of(sheet),
    )


def targets_of(sheet: Sheet) -> tuple[Target, ...]:
    """The targets in the order given. Two of one area and window may not hold in the same year."""
    values = sheet.values.get("targets", [])
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise sheet.fault(f"targets: found {values!r}, expected tables headed [[targets]].")
    targets: list[Target] = []
    for number, value in enumerate(values, start=1):
        one = target_from(Sheet(f"{sheet.place}, targets, no. {number}", value, TARGET_KEYS))
        for earlier, other in enumerate(targets, start=1):
            same_place = (one.area, one.window) == (other.area, other.window)
            first_over = other.to_year is not None and other.to_year < one.from_year
            second_over = one.to_year is not None and one.to_year < other.from_year
            if same_place and not first_over and not second_over:
                raise sheet.fault(f"targets: no. {earlier} and no. {number} hold in the same year.")
        targets.append(one)
    return tuple(targets)


def target_from(sheet: Sheet) -> Target:
    from_year = sheet.whole_number("from_year")
    to_year = sheet.whole_number("to_year") if "to_year" in sheet.values else None
    if to_year is not None and to_year < from_year:
        raise sheet.fault(f"to_year: found {to_year}, expected {from_year} or later.")
    area = sheet.text("area") if "area" in sheet.values else ""
    if area and area not in load_areas():
        raise sheet.fault(f"area: found '{area}', expected an area code of areas.csv.")
    return Target(
        value=sheet.number("value"),
        from_year=from_year,
        to_year=to_year,
        area=area,
        window=sheet.choice("window", ("", *WINDOWS), default=""),
        source=sheet.text("source"),
        names=sheet.both_languages("name") if "name" in sheet.values else {},
    )


def units_from(values: Mapping[str, Any]) -> dict[str, Unit]:
    units = {}
    for unit, entry in values.items():
        sheet = Sheet(f"measures.toml, units, {unit}", entry, (*LANGUAGES, "factor"))
        factor = sheet.number("factor") if "factor" in sheet.values else 1.0
        if factor <= 0:
            raise sheet.fault(f"factor: found {factor!r}, expected a number above zero.")
        units[unit] = Unit({lang: sheet.text(lang) for lang in LANGUAGES}, factor)
    return units


def document(values: Mapping[str, Any]) -> str:
    """A definition as canonical JSON."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
