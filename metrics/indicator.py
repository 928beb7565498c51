"""What a definition says, once read: measures, the two sides of an indicator, the texts for readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


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
        return self.numerator.measure.dimensions

    @property
    def bases(self) -> tuple[str, ...]:
        """The bases one may choose from; a definition that fixes the basis leaves one."""
        return (self.numerator.basis,) if self.numerator.basis else self.numerator.measure.bases

    @property
    def factor(self) -> float:
        """Rates are given in percent."""
        return 100.0 if self.unit == "percent" else 1.0
