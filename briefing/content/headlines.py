"""The headline figures: a sentence, the counts behind it and its change on the year, for each."""

from briefing.content.marks import Marks
from briefing.content.subject import Subject
from briefing.model import (
    Block,
    Cell,
    Column,
    Figure,
    Headline,
    HeadlineGroup,
    Headlines,
    Row,
    Section,
    Table,
)
from metrics.comparisons import Change, between
from metrics.explain import describe, format_count, format_interval, status_text
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.sentences import MISSING


def headline_section(subject: Subject) -> Section:
    table_place, title = subject.table_title(subject.words("headline_table"))
    places = (subject.words("place_sentence"), table_place)
    groups = tuple(
        HeadlineGroup(
            group.names[subject.lang],
            tuple(headline(subject, indicator, places) for indicator in group.indicators),
        )
        for group in subject.template.groups
    )
    missing = subject.missing(item.figure.observation for group in groups for item in group.headlines)
    blocks: tuple[Block, ...] = (Headlines(groups), *missing, headline_table(subject, groups, title))
    return Section("headlines", subject.words("headlines_title"), blocks)


def headline(subject: Subject, indicator: Indicator, places: tuple[str, ...]) -> Headline:
    now = subject.now(indicator)
    figure = cite(subject, now, places)
    before, moved, before_status = None, None, ""
    if indicator.kind != "growth":  # a growth is a change already
        earlier = subject.year_earlier(indicator)
        comparison = between(subject.build, "year_earlier", now, earlier)
        moved = comparison.change if comparison.through is None else None
        before = cite(subject, earlier, places) if moved else None
        before_status = comparison.status if now.status == "ok" and not moved else ""
    sentence = describe(now, subject.lang)
    if moved and before:
        separator = "" if subject.lang == "zh" else " "
        sentence += separator + change_sentence(subject, moved, before)
    growth_or_ratio = indicator.denominator is not None and now.numerator is not None
    counts = f"{format_count(now.numerator)} / {format_count(now.denominator)}" if growth_or_ratio else ""
    return Headline(
        name=subject.titled(indicator),
        figure=figure,
        sentence=sentence,
        counts=counts,
        interval=format_interval(now, indicator, subject.lang),
        status="" if now.status == "ok" else status_text(now.told_status, subject.lang),
        before=before,
        before_status=before_status,
        change=moved.text(subject.lang) if moved else "",
    )


def cite(subject: Subject, observation: Observation, places: tuple[str, ...]) -> Figure:
    for place in places:
        figure = subject.trace.cite(observation, subject.lang, place)
    return figure


def change_sentence(subject: Subject, moved: Change, before: Figure) -> str:
    """'上年同期为 65.6%,同比上升 2.3 个百分点。' The size is metrics' own text without its sign."""
    if moved.is_nothing:
        return subject.words("unchanged", before=before.text)
    direction = "rose" if moved.amount > 0 else "fell"
    kind = "points" if moved.is_points else "percent"
    amount = moved.text(subject.lang).lstrip("+-")
    return subject.words(f"{direction}_{kind}", before=before.text, amount=amount)


def headline_table(subject: Subject, groups: tuple[HeadlineGroup, ...], title: str) -> Table:
    words = subject.words
    marks = Marks(item.figure.observation for group in groups for item in group.headlines)
    columns = (
        Column(words("column_indicator"), 2.8),
        Column(words("column_value"), 1.85, is_number=True),
        Column(words("column_numerator"), 1.3, is_number=True),
        Column(words("column_denominator"), 1.3, is_number=True),
        Column(words("column_interval"), 1.75, is_number=True),
        Column(words("column_before"), 1.8, is_number=True),
        Column(words("column_change"), 1.9, is_number=True),
    )
    rows = tuple(headline_row(item, marks) for group in groups for item in group.headlines)
    shown = [indicator for group in subject.template.groups for indicator in group.indicators]
    notes = (*marks.notes(words), *subject.mark_notes(shown))
    return Table(title, columns, rows, notes, is_drawn=True)


def headline_row(item: Headline, marks: Marks) -> Row:
    now = item.figure.observation
    is_count = now.denominator is None
    return Row((
        Cell(item.name),
        Cell(item.figure.text, (item.figure,), marks.of(now.told_status)),
        Cell("" if is_count else format_count(now.numerator)),
        Cell("" if is_count else format_count(now.denominator)),
        Cell(item.interval),
        before_cell(item, marks),
        Cell(item.change),
    ))  # fmt: skip


def before_cell(item: Headline, marks: Marks) -> Cell:
    """The figure of a year earlier, or the reason why it is not compared with."""
    if item.before:
        return Cell(item.before.text, (item.before,))
    return (
        Cell(MISSING, mark=marks.of(item.before_status)) if item.before_status not in ("", "ok") else Cell("")
    )
