"""What a briefing says, before any format: sections of blocks, and figures that know their observation.

Texts are final and in the reader's language; writers lay them out and change none of them.
"""

from dataclasses import dataclass

from metrics.indicator import Indicator
from metrics.observation import Observation


@dataclass(frozen=True)
class Figure:
    """One printed number: as it is printed, what it is, and its number in the trace sheet."""

    number: int
    text: str
    observation: Observation

    @property
    def value(self) -> float | None:
        return self.observation.value

    def without_unit(self, indicator: Indicator, lang: str) -> str:
        """The printed number by itself, for places whose heading names the unit; per cent keeps its sign."""
        if indicator.unit == "percent":
            return self.text
        return self.text.removesuffix(indicator.unit_name(lang)).rstrip()


@dataclass(frozen=True)
class Paragraph:
    """Sentences; `figures` are those they print."""

    text: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Bullets:
    """Short remarks, one a line."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One cell; `mark` (①) points at a note under the table."""

    text: str
    figures: tuple[Figure, ...] = ()
    mark: str = ""


@dataclass(frozen=True)
class Column:
    """`weight` is the relative width; numbers stand right."""

    heading: str
    weight: float = 1.0
    is_number: bool = False


@dataclass(frozen=True)
class Row:
    """`look` is '', 'total' (the whole), 'own' (the area the briefing is about) or 'muted' (unknown)."""

    cells: tuple[Cell, ...]
    look: str = ""


@dataclass(frozen=True)
class Table:
    """`is_drawn`: cards or charts beside it show the same figures, so slides may leave the table out."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    is_drawn: bool = False


@dataclass(frozen=True)
class Point:
    """One bar or one point of a line; `look` as for rows."""

    label: str
    figure: Figure
    look: str = ""


@dataclass(frozen=True)
class Chart:
    """`kind` is 'bars' (areas, best first) or 'line' (periods, oldest first).

    `breaks` are the places of breaks in the series among the points (1.5: between the second and the third).
    """

    kind: str
    title: str
    indicator: Indicator
    points: tuple[Point, ...]
    notes: tuple[str, ...] = ()
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Headline:
    """One headline figure with what belongs beside it; texts that do not apply are ''."""

    name: str
    figure: Figure
    sentence: str  # the figure as a sentence, and its change as another
    counts: str  # '3,393 / 5,000'
    interval: str
    status: str  # words, '' when complete
    before: Figure | None  # the same period last year, when both may be compared
    before_status: str  # code, why it may not be compared; '' when it may or when there is nothing to compare
    change: str  # '+2.3 个百分点', or ''


@dataclass(frozen=True)
class HeadlineGroup:
    name: str
    headlines: tuple[Headline, ...]


@dataclass(frozen=True)
class Headlines:
    groups: tuple[HeadlineGroup, ...]


Block = Paragraph | Bullets | Table | Chart | Headlines


@dataclass(frozen=True)
class Section:
    """`key` names it for writers (an address in the page), `title` for readers."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Briefing:
    """All of it. The running texts stand on every page; so does `sample_mark`, which is '' for real data."""

    lang: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]  # label and text: period, as-of day, build
    running_subject: str
    running_data: str
    sample_mark: str
    sample_warning: str
    sections: tuple[Section, ...]
    trace: Section
    figures: tuple[Figure, ...]  # every figure printed, in the order of the trace sheet
    build_id: str

    @property
    def running(self) -> str:
        return f"{self.running_subject} · {self.running_data}"
