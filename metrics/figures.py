"""Figures that cities printed, with the documents they come from.

Sources: data/reference/documents.csv (one row per text), published_figures.csv (one row per printed number).
Everything is kept as printed: odd units, repeated statements and sub-totals that do not add up included.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from metrics.areas import load_areas
from metrics.printed import BOUND_OF_QUALIFIER, Interval, interval, printed_step, printed_text
from metrics.reference import PartialDate, Row, read_rows
from metrics.words import load_words


@dataclass(frozen=True)
class Document:
    """One published text; its date may have had to be inferred from what it says."""

    document_id: str
    area_code: str
    title: str
    title_en: str
    publisher: str
    publisher_en: str
    published_on: PartialDate
    is_date_inferred: bool
    date_basis_zh: str
    date_basis_en: str

    def name(self, lang: str) -> str:
        return self.title if lang == "zh" else self.title_en

    def publisher_name(self, lang: str) -> str:
        return self.publisher if lang == "zh" else self.publisher_en

    def date_basis(self, lang: str) -> str:
        return self.date_basis_zh if lang == "zh" else self.date_basis_en


@dataclass(frozen=True, kw_only=True)
class Figure(ABC):
    """What published and derived figures have in common: a number and all that limits its meaning."""

    figure_id: str
    document_id: str
    area_code: str
    as_of: PartialDate
    name_zh: str
    name_en: str
    value: Decimal | None  # None where the source prints none; never 0 instead
    unit: str
    bound: str  # exact | at_least | at_most | about
    scope: str
    scope_en: str
    kind: str
    period_start: PartialDate | None
    period_end: PartialDate | None
    is_date_inferred: bool

    is_derived = False

    def name(self, lang: str) -> str:
        return self.name_zh if lang == "zh" else self.name_en

    def area_name(self, lang: str) -> str:
        return load_areas().get(self.area_code).name(lang)

    def unit_name(self, lang: str) -> str:
        return load_words().text("unit", self.unit, lang)

    def scope_name(self, lang: str) -> str:
        return self.scope if lang == "zh" else self.scope_en

    def kind_name(self, lang: str) -> str:
        return load_words().text("kind", self.kind, lang)

    def bound_name(self, lang: str) -> str:
        return load_words().text("bound", self.bound, lang)

    def period_text(self) -> str:
        """'2014-01-01/2020-08-11', as precise as printed; an open side is left empty, none at all is ''."""
        if not self.period_start and not self.period_end:
            return ""
        return f"{self.period_start or ''}/{self.period_end or ''}"

    @abstractmethod
    def value_text(self, lang: str) -> str:
        """The number with its unit and qualifier, as a reader sees it."""

    @abstractmethod
    def interval(self) -> Interval | None:
        """Where the true number can lie; None when there is no number."""


@dataclass(frozen=True, kw_only=True)
class PublishedFigure(Figure):
    """One number as a city printed it."""

    topic: str
    qualifier: str  # 余, 近 … as printed; '' for none

    def topic_name(self, lang: str) -> str:
        return load_words().text("topic", self.topic, lang)

    def value_text(self, lang: str) -> str:
        return printed_text(self.value, self.unit, self.qualifier, lang)

    def interval(self) -> Interval | None:
        if self.value is None:
            return None
        return interval(self.value, self.bound, printed_step(self.value, self.unit))


def read_documents(directory: Path) -> list[Document]:
    columns = (
        "document_id", "area_code", "title", "title_en", "publisher", "publisher_en",
        "published_on", "is_date_inferred", "date_basis_zh", "date_basis_en",
    )  # fmt: skip
    return [document(row) for row in read_rows(directory / "documents.csv", columns, key=("document_id",))]


def document(row: Row) -> Document:
    published_on = row.partial_date("published_on")
    if published_on is None:
        raise row.fault("published_on", "a date, if need be an inferred one")
    return Document(
        document_id=row.required("document_id"),
        area_code=row.reference("area_code", area_codes(), "an area code of areas.csv"),
        title=row.required("title"),
        title_en=row.required("title_en"),
        publisher=row.required("publisher"),
        publisher_en=row.required("publisher_en"),
        published_on=published_on,
        is_date_inferred=row.boolean("is_date_inferred"),
        date_basis_zh=row.required("date_basis_zh"),
        date_basis_en=row.required("date_basis_en"),
    )


def read_published_figures(directory: Path) -> list[PublishedFigure]:
    columns = (
        "figure_id", "document_id", "area_code", "area_name", "as_of", "topic", "indicator", "name_en",
        "value", "unit", "qualifier", "scope", "scope_en", "kind", "period_start", "period_end",
    )  # fmt: skip
    texts = {text.document_id: text for text in read_documents(directory)}
    rows = read_rows(directory / "published_figures.csv", columns, key=("figure_id",))
    return [published_figure(row, texts) for row in rows]


def published_figure(row: Row, texts: dict[str, Document]) -> PublishedFigure:
    words, areas = load_words(), load_areas()
    source = texts[row.reference("document_id", texts, "a document of documents.csv")]
    area_code = row.reference("area_code", area_codes(), "an area code of areas.csv")
    if area_code != source.area_code:
        raise row.fault("area_code", f"{source.area_code}, the area its document is about")
    if areas.resolve(row.text("area_name")) != area_code:
        raise row.fault("area_name", f"{areas.get(area_code).area_name}, the name of {area_code}")
    as_of = row.partial_date("as_of")
    if as_of is None:
        raise row.fault("as_of", "the date the figure is true of")
    period_start, period_end = period_of(row)
    qualifier = row.choice("qualifier", BOUND_OF_QUALIFIER)
    return PublishedFigure(
        figure_id=row.required("figure_id"),
        document_id=source.document_id,
        area_code=area_code,
        as_of=as_of,
        topic=row.choice("topic", words.codes("topic")),
        name_zh=row.required("indicator"),
        name_en=row.required("name_en"),
        value=row.number("value"),
        unit=row.choice("unit", words.codes("unit")),
        qualifier=qualifier,
        bound=BOUND_OF_QUALIFIER[qualifier],
        scope=row.required("scope"),
        scope_en=row.required("scope_en"),
        kind=row.choice("kind", words.codes("kind")),
        period_start=period_start,
        period_end=period_end,
        is_date_inferred=source.is_date_inferred,
    )


def period_of(row: Row) -> tuple[PartialDate | None, PartialDate | None]:
    start, end = row.partial_date("period_start"), row.partial_date("period_end")
    if start and end and end.last < start.first:
        raise row.fault("period_end", f"an end not before the start, {start}")
    return start, end


def area_codes() -> list[str]:
    return [area.area_code for area in load_areas() if area.level != "unknown"]
