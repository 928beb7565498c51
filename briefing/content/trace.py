"""The trace sheet: every printed figure ↔ indicator, area, period, window, basis, counts, status, build."""

from dataclasses import dataclass, field

from briefing.model import Cell, Column, Figure, Paragraph, Row, Section, Table
from briefing.words import Words
from metrics.catalogue import load_catalogue
from metrics.explain import format_value
from metrics.observation import Observation

# What is printed unrounded is cut where floating point ends to mean anything.
EXACT_DIGITS = 10


@dataclass
class Trace:
    """Figures in the order in which they were first printed, each with the places it stands at."""

    figures: dict[tuple[object, ...], Figure] = field(default_factory=dict)
    places: dict[int, list[str]] = field(default_factory=dict)

    def cite(self, observation: Observation, lang: str, place: str) -> Figure:
        """The figure for an observation; the same observation keeps its number wherever it is printed."""
        key = (
            observation.indicator, observation.area_code, observation.period_start, observation.period_end,
            observation.window, observation.basis, observation.dimension, observation.member, observation.variant,
        )  # fmt: skip
        figure = self.figures.get(key)
        if figure is None:
            text = format_value(observation, load_catalogue().indicator(observation.indicator), lang)
            figure = self.figures[key] = Figure(len(self.figures) + 1, text, observation)
        places = self.places.setdefault(figure.number, [])
        if place not in places:
            places.append(place)
        return figure


def exact(number: float | None) -> str:
    """A number as it was computed: '67.86', '5292.983'; missing is empty."""
    return "" if number is None else f"{number:.{EXACT_DIGITS}g}"


def trace_section(trace: Trace, words: Words, build_id: str, has_choice: bool = False) -> Section:
    """`has_choice`: another definition was asked for, so that every row says by which one it is read."""
    choice = (Column(words("column_variant"), 1.9),) if has_choice else ()
    columns = (
        Column(words("column_number"), 0.7, is_number=True),
        Column(words("column_places"), 2.5),
        Column(words("column_indicator"), 4.0),
        Column(words("column_area"), 3.4),
        Column(words("column_trace_period"), 0.95),
        Column(words("column_window"), 1.0),
        Column(words("column_basis"), 1.2),
        *choice,
        Column(words("column_numerator"), 1.1, is_number=True),
        Column(words("column_denominator"), 1.1, is_number=True),
        Column(words("column_exact"), 1.8, is_number=True),
        Column(words("column_printed"), 1.5, is_number=True),
        Column(words("column_status"), 1.7),
    )
    rows = tuple(
        Row(tuple(Cell(text) for text in trace_row(figure, trace.places[figure.number], words, has_choice)))
        for figure in trace.figures.values()
    )
    table = Table(words("trace_table", build=build_id), columns, rows)
    return Section("trace", words("trace_title"), (Paragraph(words("trace_intro")), table))


def trace_row(figure: Figure, places: list[str], words: Words, has_choice: bool = False) -> list[str]:
    """Codes as `metrics query` takes them, so that a row can be asked again."""
    row = figure.observation
    indicator = load_catalogue().indicator(row.indicator)
    chosen = [row.variant or words("usual")] if has_choice else []
    return [
        str(figure.number), words.join(places), f"{indicator.name(words.lang)} {row.indicator}",
        f"{row.area_code} {row.area_name if words.lang == 'zh' else ''}".strip(), row.period.code, row.window,
        row.basis, *chosen, exact(row.numerator), exact(row.denominator), exact(row.value), figure.text, row.status,
    ]  # fmt: skip
