"""What a definition says, once read: measures, the two sides of an indicator, the texts for readers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from metrics.citations import cited
from metrics.periods import WINDOWS

OVER_TIME = "over_time"
# What figures of an indicator may be set side by side with, from the widest to the narrowest.
COMPARABILITIES = {
    "between_cities": (
        "各市之间、各区县之间、前后期之间都可比",
        "comparable between cities, between districts and over time",
    ),
    "within_city": (
        "同一市内各区县之间、前后期之间可比；各市平台和做法不同，不宜跨市排名",
        "comparable between the districts of a city and over time; cities differ in platforms and practice",
    ),
    OVER_TIME: (
        "只宜与同一地区的其他时期比",
        "comparable with other periods of the same area only",
    ),
}

# Whoever's hours are counted by residence is among these people; those of them without hours gave none.
GIVERS_OF_HOURS = ("registered_volunteers", "active_volunteers")


@dataclass(frozen=True)
class Unit:
    """What a value is counted in; a rate is `factor` times its numerator over its denominator."""

    names: Mapping[str, str]
    factor: float = 1.0


@dataclass(frozen=True)
class Texts:
    """What a reader is told about a definition, in both languages."""

    names: Mapping[str, str]
    questions: Mapping[str, str]
    formulas: Mapping[str, str]
    all_caveats: Mapping[str, tuple[str, ...]]
    unit_names: Mapping[str, str]
    sources: Mapping[str, str] = field(default_factory=dict)  # {}: by metrics.citations


@dataclass(frozen=True)
class Measure:
    """What is counted; its kind says how it may be read over months."""

    id: str
    kind: str  # stock | flow | distinct
    fact: str  # registrations | service_records | activities | population: what it is counted from
    grain: str  # person | record | activity | area_year: what one of the things counted is
    sources: tuple[str, ...]
    sources_by_basis: Mapping[str, tuple[str, ...]]
    bases: tuple[str, ...]  # the first one is meant when none is named
    dimensions: tuple[str, ...]
    subset_of: tuple[str, ...]
    scopes: tuple[str, ...]  # not empty for population only, which is looked up and not counted
    unit: str  # what a count of it is in: people, hours, visits, activities
    windows: tuple[str, ...] = ()  # those it has; () for every one
    dimension_windows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # the same for a breakdown

    def sources_for(self, basis: str) -> tuple[str, ...]:
        """The kinds of drop without which the measure is not reported."""
        return self.sources_by_basis.get(basis, self.sources)


@dataclass(frozen=True)
class Term:
    """One side of an indicator: a measure, and what the definition fixes about it ('' = not fixed)."""

    measure: Measure
    window: str = ""
    basis: str = ""
    scope: str = ""
    years_earlier: int = 0

    @property
    def is_of_window(self) -> bool:
        """Whether it is counted over the window asked about: not at a moment, nor over one the definition fixes."""
        return self.measure.kind != "stock" and not self.window


@dataclass(frozen=True)
class Target:
    """What a value should reach (or, by polarity, stay below) in certain years, and who says so."""

    value: float
    from_year: int
    to_year: int | None  # None: until further notice
    area: str  # '' for every area
    window: str  # '' for every window
    source: str  # in full, as definitions and explanations give it
    names: Mapping[str, str] = field(default_factory=dict)  # what sentences call it; {}: by its source

    def name(self, lang: str) -> str:
        return self.names.get(lang) or cited(self.source, lang)

    def holds(self, area_code: str, year: int, window: str) -> bool:
        in_force = self.from_year <= year and (self.to_year is None or year <= self.to_year)
        return in_force and self.area in ("", area_code) and self.window in ("", window)


@dataclass(frozen=True)
class Indicator:
    """A question and how it is answered: numerator over denominator, or a measure by itself."""

    id: str
    kind: str  # ratio | growth | measure
    texts: Texts
    unit: str
    factor: float  # 100 for rates in percent, 10,000 for those per ten thousand
    decimals: int
    polarity: str  # higher | lower | neither: what is better
    source: str
    owner: str
    reviewed: date
    numerator: Term
    denominator: Term | None
    digest: str  # of the whole definition: another definition, another digest
    meaning: str  # digest of the definition together with those of its measures: what a review is about
    comparability: str  # one of COMPARABILITIES
    targets: tuple[Target, ...] = ()

    def name(self, lang: str) -> str:
        return self.texts.names[lang]

    def question(self, lang: str) -> str:
        return self.texts.questions[lang]

    def formula(self, lang: str) -> str:
        return self.texts.formulas[lang]

    def caveats(self, lang: str) -> tuple[str, ...]:
        return self.texts.all_caveats[lang]

    def unit_name(self, lang: str) -> str:
        return self.texts.unit_names[lang]

    def source_text(self, lang: str) -> str:
        return self.texts.sources.get(lang) or cited(self.source, lang)

    def comparability_text(self, lang: str) -> str:
        return COMPARABILITIES[self.comparability][0 if lang == "zh" else 1]

    def target(self, area_code: str, year: int, window: str) -> Target | None:
        """The target in force for an area; one of its own goes before one for every area."""
        in_force = [target for target in self.targets if target.holds(area_code, year, window)]
        return max(in_force, key=lambda target: (bool(target.area), target.from_year), default=None)

    @property
    def is_proportion(self) -> bool:
        """Whether everyone counted above is also counted below, so that the rate has a Wilson interval."""
        if self.kind != "ratio" or self.denominator is None:
            return False
        return self.denominator.measure.id in self.numerator.measure.subset_of

    @property
    def happens_in_window(self) -> bool:
        """Whether what is counted happens within the window asked about, and is no change between two windows."""
        return self.kind != "growth" and self.numerator.is_of_window

    @property
    def interval_method(self) -> str:
        """How the value's interval is computed: wilson, hours, byar, or '' for none.

        Visits get none: one person's visits are not independent events, which the Poisson limits suppose.
        """
        if self.kind != "ratio" or self.denominator is None:
            return ""
        above, below = self.numerator.measure, self.denominator.measure
        if self.is_proportion:
            return "wilson"
        if (
            above.id == "service_hours"
            and self.numerator.basis == "residence"
            and below.id in GIVERS_OF_HOURS
        ):
            return "hours"
        if below.scopes and above.grain in ("person", "activity"):
            return "byar"
        return ""

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Those both sides are broken down by; a population is not, and has no say."""
        found = self.numerator.measure.dimensions
        if self.denominator is None or self.denominator.measure.scopes:
            return found
        return tuple(name for name in found if name in self.denominator.measure.dimensions)

    def windows(self, dimension: str = "") -> tuple[str, ...]:
        """The windows it can be asked in, by a dimension or as a total."""
        if self.numerator.window:
            return WINDOWS
        measure = self.numerator.measure
        limits = [measure.windows, measure.dimension_windows.get(dimension, ())]
        return tuple(window for window in WINDOWS if all(window in limit for limit in limits if limit))

    @property
    def bases(self) -> tuple[str, ...]:
        """The bases one may choose from; a definition that fixes the basis leaves one."""
        return (self.numerator.basis,) if self.numerator.basis else self.numerator.measure.bases
