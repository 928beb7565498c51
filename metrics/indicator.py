"""What a definition says, once read: measures, the two sides of an indicator, the texts for readers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from metrics.periods import WINDOWS


@dataclass(frozen=True)
class Texts:
    """What a reader is told about a definition, in both languages."""

    names: Mapping[str, str]
    questions: Mapping[str, str]
    formulas: Mapping[str, str]
    all_caveats: Mapping[str, tuple[str, ...]]
    unit_names: Mapping[str, str]


@dataclass(frozen=True)
class Measure:
    """What is counted; its kind says how it may be read over months."""

    id: str
    kind: str  # stock | flow | distinct
    sources: tuple[str, ...]
    sources_by_basis: Mapping[str, tuple[str, ...]]
    bases: tuple[str, ...]  # the first one is meant when none is named
    dimensions: tuple[str, ...]
    subset_of: tuple[str, ...]
    scopes: tuple[str, ...]  # not empty for population only, which is looked up and not counted
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


@dataclass(frozen=True)
class Indicator:
    """A question and how it is answered: numerator over denominator, or a measure by itself."""

    id: str
    kind: str  # ratio | growth | measure
    texts: Texts
    unit: str
    decimals: int
    polarity: str  # higher | lower | neither: what is better
    source: str
    owner: str
    reviewed: date
    numerator: Term
    denominator: Term | None
    digest: str  # of the whole definition: another definition, another digest

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

    @property
    def is_proportion(self) -> bool:
        """Whether everyone counted above is also counted below, so that the rate has a Wilson interval."""
        if self.kind != "ratio" or self.denominator is None:
            return False
        return self.denominator.measure.id in self.numerator.measure.subset_of

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

    @property
    def factor(self) -> float:
        """Rates are given in percent."""
        return 100.0 if self.unit == "percent" else 1.0
