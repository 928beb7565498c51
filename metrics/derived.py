"""Figures that follow from published ones: each is a row of data, computed here with its bound.

Source: data/reference/derived_figures.csv, one row per formula. Operands are figure ids,
'population:<area code>:<year>' or a plain number. Nothing is rounded: showing decimals is the reader's side.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from pathlib import Path

from metrics.areas import load_areas
from metrics.figures import Figure, PublishedFigure, period_of, read_published_figures
from metrics.population import PopulationMatch, load_population, population_for
from metrics.printed import Interval, interval, number_text, printed_step
from metrics.reference import Row, read_rows
from metrics.rounding import rounded_text
from metrics.words import load_words

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Operand:
    """One number that goes into a formula, with where it comes from and how exactly it is known."""

    reference: str  # as written in the table
    value: Decimal
    bound: str
    step: Decimal  # the unit of its last printed digit
    name_zh: str
    name_en: str
    figure: PublishedFigure | None = None
    population: PopulationMatch | None = None

    def text(self, lang: str) -> str:
        """'本年参加服务志愿者数（100万余名）', with unit and hedge as printed."""
        name = self.name_zh if lang == "zh" else self.name_en
        number = self.figure.value_text(lang) if self.figure else number_text(self.value, lang)
        if not name:
            return number
        return f"{name}（{number}）" if lang == "zh" else f"{name} ({number})"


@dataclass(frozen=True)
class Operation:
    """How operands combine: the value, and per operand whether a larger one makes the result larger."""

    compute: Callable[[list[Decimal]], Decimal]
    directions: Callable[[int], list[int]]
    sign: str  # as written between operands in a formula


def first_up_others_down(count: int) -> list[int]:
    return [1] + [-1] * (count - 1)


OPERATIONS = {
    "ratio": Operation(lambda v: v[0] / v[1], first_up_others_down, " ÷ "),
    "percentage": Operation(lambda v: v[0] / v[1] * HUNDRED, first_up_others_down, " ÷ "),
    "product": Operation(lambda v: prod(v, start=Decimal(1)), lambda n: [1] * n, " × "),
    "sum": Operation(lambda v: sum(v, Decimal(0)), lambda n: [1] * n, " + "),
    "difference": Operation(lambda v: v[0] - sum(v[1:], Decimal(0)), first_up_others_down, " − "),
    # A stock that has grown by g % contains this many of the last year: stock − stock ÷ (1 + g).
    "growth_increment": Operation(lambda v: v[0] - v[0] / (1 + v[1]), lambda n: [1] * n, " × g÷(1+g), g = "),
}
OPERAND_COUNT = {"ratio": 2, "percentage": 2, "growth_increment": 2}


@dataclass(frozen=True, kw_only=True)
class DerivedFigure(Figure):
    """A number no city printed, but which follows from what they printed."""

    operation: str
    operands: tuple[Operand, ...]
    decimals: int  # how many are worth showing
    caveat_zh: str
    caveat_en: str

    is_derived = True

    def caveat(self, lang: str) -> str:
        return self.caveat_zh if lang == "zh" else self.caveat_en

    def value_text(self, lang: str) -> str:
        assert self.value is not None, "derived figures always have a value"
        number = rounded_text(self.value, self.decimals)
        if lang == "zh" and self.value >= 10000:
            number = f"{rounded_text(self.value / 10000, 1)}万"
        prefix = {"at_least": "至少 ", "at_most": "至多 ", "about": "约 ", "exact": ""}[self.bound]
        if lang == "en":
            prefix = "" if self.bound == "exact" else f"{self.bound_name('en')} "
        unit = self.unit_name(lang)
        gap = "" if lang == "zh" or unit.startswith("%") else " "
        return f"{prefix}{number}{gap}{unit}".strip()

    def formula(self, lang: str) -> str:
        """'实名制注册志愿者（147.37万名） ÷ 2020年常住人口（7,717,983）': what went in, as printed."""
        sign = OPERATIONS[self.operation].sign
        return sign.join(operand.text(lang) for operand in self.operands)

    def interval(self) -> Interval:
        """Where the true value can lie, given the printed rounding of every operand and the bound."""
        assert self.value is not None, "derived figures always have a value"
        if self.bound != "exact":
            return interval(self.value, self.bound, Decimal(0))
        drift = printed_drift(self.operation, self.operands)
        return Interval(self.value - drift, self.value + drift)


def combined_bound(operation: str, bounds: list[str]) -> str:
    """What operands known only as 'at least' or 'at most' leave known of the result.

    at_least ÷ exact is at_least, exact ÷ at_least is at_most; at_least ÷ at_least could be either, so about.
    """
    way = {"exact": 0, "at_least": 1, "at_most": -1}
    if "about" in bounds:
        return "about"
    directions = OPERATIONS[operation].directions(len(bounds))
    pulls = {way[bound] * direction for bound, direction in zip(bounds, directions, strict=True)} - {0}
    if not pulls:
        return "exact"
    if len(pulls) > 1:
        return "about"
    return "at_least" if pulls == {1} else "at_most"


def printed_drift(operation: str, operands: tuple[Operand, ...]) -> Decimal:
    """How far rounding to the last printed digit can have moved the result: the most extreme combination."""
    values = [as_factor(operation, operand, operand.value) for operand in operands]
    centre = OPERATIONS[operation].compute(values)
    directions = OPERATIONS[operation].directions(len(operands))
    shifted = [
        [
            as_factor(operation, operand, operand.value + way * direction * operand.step / 2)
            for operand, direction in zip(operands, directions, strict=True)
        ]
        for way in (-1, 1)
    ]
    return max(abs(OPERATIONS[operation].compute(candidate) - centre) for candidate in shifted)


def as_factor(operation: str, operand: Operand, value: Decimal) -> Decimal:
    """A percentage multiplies as a share (87 % as 0.87); in a ratio or a sum it stays a number."""
    is_percent = operand.figure is not None and operand.figure.unit.startswith("%")
    return value / HUNDRED if is_percent and operation in ("product", "growth_increment") else value


def read_derived_figures(directory: Path) -> list[DerivedFigure]:
    columns = (
        "derived_id", "area_code", "name_zh", "name_en", "operation", "operands", "unit", "decimals", "kind",
        "scope", "scope_en", "period_start", "period_end", "caveat_zh", "caveat_en",
    )  # fmt: skip
    published = {figure.figure_id: figure for figure in read_published_figures(directory)}
    rows = read_rows(directory / "derived_figures.csv", columns, key=("derived_id",))
    return [derived_figure(row, published) for row in rows]


def derived_figure(row: Row, published: dict[str, PublishedFigure]) -> DerivedFigure:
    words = load_words()
    operation = row.choice("operation", OPERATIONS)
    operands = tuple(operand(row, text.strip(), published) for text in row.required("operands").split("|"))
    expected = OPERAND_COUNT.get(operation)
    if (expected and len(operands) != expected) or len(operands) < 2:
        raise row.fault("operands", f"{expected or 'at least 2'} operands for '{operation}'")
    sources = [operand.figure for operand in operands if operand.figure]
    if not sources:
        raise row.fault("operands", "at least one published figure")
    area_code = row.reference(
        "area_code", {source.area_code for source in sources}, "the operands' area code"
    )
    if any(source.area_code != area_code for source in sources):
        raise row.fault("operands", f"figures of {area_code} only")
    values = [as_factor(operation, operand, operand.value) for operand in operands]
    if operation in ("ratio", "percentage") and not values[1]:
        raise row.fault("operands", "a denominator other than 0")
    period_start, period_end = period_of(row)
    return DerivedFigure(
        figure_id=row.required("derived_id"),
        document_id=sources[0].document_id,
        area_code=area_code,
        as_of=sources[0].as_of,
        name_zh=row.required("name_zh"),
        name_en=row.required("name_en"),
        value=OPERATIONS[operation].compute(values),
        unit=row.choice("unit", words.codes("unit")),
        bound=combined_bound(operation, [operand.bound for operand in operands]),
        scope=row.required("scope"),
        scope_en=row.required("scope_en"),
        kind=row.choice("kind", words.codes("kind")),
        period_start=period_start,
        period_end=period_end,
        is_date_inferred=any(source.is_date_inferred for source in sources),
        operation=operation,
        operands=operands,
        decimals=row.integer("decimals"),
        caveat_zh=row.text("caveat_zh"),
        caveat_en=row.text("caveat_en"),
    )


def operand(row: Row, text: str, published: dict[str, PublishedFigure]) -> Operand:
    if text.startswith("population:"):
        return population_operand(row, text)
    if text.replace(".", "", 1).isdigit():
        return Operand(text, Decimal(text), "exact", Decimal(0), "", "")
    if text not in published:
        raise row.fault("operands", f"a figure id, population:<area>:<year> or a number, not '{text}'")
    figure = published[text]
    if figure.value is None:
        raise row.fault("operands", f"figures with a value; {text} has none")
    step = printed_step(figure.value, figure.unit)
    return Operand(text, figure.value, figure.bound, step, figure.name_zh, figure.name_en, figure=figure)


def population_operand(row: Row, text: str) -> Operand:
    _, area_code, year = text.split(":") if text.count(":") == 2 else ("", "", "")
    # Shipped rows only: what follows from printed figures is the same in every data home.
    is_asked = area_code in load_areas() and year.isdigit()
    match = population_for(load_population(), area_code, int(year)) if is_asked else None
    if match is None or not match.exact_year:
        raise row.fault("operands", f"a population row for '{text}' in population.csv")
    return Operand(
        reference=text,
        value=Decimal(match.population),
        bound="exact",
        step=Decimal(match.row.rounded_to if match.row.rounded_to > 1 else 0),
        name_zh=f"{match.year}年常住人口",
        name_en=f"permanent residents {match.year}",
        population=match,
    )
