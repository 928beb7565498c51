"""The course of a few indicators over the last periods: a chart each, and one table of all of them."""

from briefing.content.marks import Marks
from briefing.content.subject import Subject
from briefing.model import Cell, Chart, Column, Point, Row, Section, Table
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.sentences import window_of_all
from metrics.series_breaks import break_position, breaks_in


def trend_section(subject: Subject) -> Section:
    courses = [(indicator, subject.course(indicator)) for indicator in subject.template.trend]
    start = first_reported([rows for _, rows in courses])
    courses = [(indicator, rows[start:]) for indicator, rows in courses]
    charts = [chart(subject, indicator, rows) for indicator, rows in courses]
    return Section("trend", subject.words("trend_title"), (*charts, table(subject, courses)))


def first_reported(courses: list[list[Observation]]) -> int:
    """Where the first of them begins to have values: what was before says nothing. The last one stays."""
    length = len(courses[0])
    for place in range(length):
        if any(rows[place].value is not None for rows in courses):
            return place
    return length - 1


def chart(subject: Subject, indicator: Indicator, rows: list[Observation]) -> Chart:
    name, unit = subject.titled(indicator), indicator.unit_name(subject.lang)
    if indicator.unit != "percent":  # the labels at the points have no room for it
        name = subject.words("chart_with_unit", title=name, unit=unit)
    place, title = subject.chart_title(name)
    marks = Marks()
    points = []
    for row in rows:
        figure = subject.trace.cite(row, subject.lang, place)
        points.append(Point(row.period.code + marks.of(row.told_status), figure))
    broken = breaks_in(subject.build, indicator, [rows])
    places = [break_position([row.period for row in rows], one.on) for one in broken]
    told = tuple(f"┆ {one.sentence(subject.lang)}" for one in broken)
    notes = (*marks.notes(subject.words), *told, *subject.mark_notes([indicator]))
    drawn = tuple(place for place in places if place is not None)
    return Chart("line", title, indicator, tuple(points), notes, drawn)


def table(subject: Subject, courses: list[tuple[Indicator, list[Observation]]]) -> Table:
    words, marks = subject.words, Marks()
    place, title = subject.table_title(words("trend_table"))
    columns = [Column(words("column_period"), 2.6)]
    columns += [Column(subject.titled(indicator), 2.0, is_number=True) for indicator, _ in courses]
    lines = []
    for same_period in zip(*(rows for _, rows in courses), strict=True):
        first = same_period[0]
        line = [Cell(window_of_all(same_period, first.period, first.window, subject.lang))]
        for row in same_period:
            figure = subject.trace.cite(row, subject.lang, place)
            line.append(Cell(figure.text, (figure,), marks.of(row.told_status)))
        lines.append(Row(tuple(line)))
    notes = (*marks.notes(words), *subject.mark_notes(subject.template.trend))
    return Table(title, tuple(columns), tuple(lines), notes, is_drawn=True)
