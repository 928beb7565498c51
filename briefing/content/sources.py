"""Where the figures come from: the drops in force, per supplier and kind, and how far the city has reported."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from briefing.content.subject import Subject
from briefing.model import Block, Bullets, Cell, Column, Row, Section, Table
from metrics.contributing import contributing_drops
from metrics.explain import format_count
from metrics.population_told import population_text
from metrics.small_counts import WITHHELD, sum_of
from metrics.variants import terms_of

COUNTS = ("rows_read", "rows_accepted", "rows_unchanged", "rows_quarantined")
Drop = dict[str, Any]


def source_section(subject: Subject) -> Section:
    words = subject.words
    spans = subject.build.coverage(subject.city.area_code)
    # Everything up to the period's end: a register, a total to date and a course over years reach back.
    drops = contributing_drops(subject.build, subject.city.area_code, tuple(spans), None, subject.period.end)
    reach = [
        words("covered_until", source=source_name(subject, source), last=span.last_on)
        for source, span in spans.items()
    ]
    remarks = [("。" if subject.lang == "zh" else ". ").join([*reach, ""]).strip()]
    remarks += population_remark(subject)
    if not drops:
        return Section("sources", words("sources_title"), (Bullets((*remarks, words("no_drops"))),))
    blocks: tuple[Block, ...] = (Bullets(tuple(remarks)), drop_table(subject, drops))
    return Section("sources", words("sources_title"), blocks)


def source_name(subject: Subject, source: str) -> str:
    return subject.words(f"source_{source}")


def population_remark(subject: Subject) -> list[str]:
    """Each population the briefing's figures of its area are divided by, as they are read; nothing without one."""
    year = subject.period.end.year
    terms = [
        term
        for indicator in subject.template.indicators
        for term in terms_of(subject.variant(indicator).as_read(indicator))
        if term.measure.scopes
    ]
    found = [
        subject.build.population_for(subject.area.area_code, year, scope)
        for scope in dict.fromkeys(term.scope for term in terms)
    ]
    text = partial(subject.words, "population_source", area=subject.area.name(subject.lang))
    return [
        text(population=population_text(match, year, subject.lang)) + ("。" if subject.lang == "zh" else ".")
        for match in found
        if match is not None
    ]


def drop_table(subject: Subject, drops: list[Drop]) -> Table:
    """One row per supplier and kind of drop; the ledger and the dashboard hold each drop."""
    words = subject.words
    _, title = subject.table_title(words("source_table"))
    columns = (
        Column(words("column_supplier"), 1.7),
        Column(words("column_source"), 1.5),
        Column(words("column_drops"), 1.5),
        Column(words("column_covered"), 3.5),
        *(Column(words(f"column_{count.removeprefix('rows_')}"), 1.3, is_number=True) for count in COUNTS),
    )
    groups: dict[tuple[str, str], list[Drop]] = {}
    for drop in drops:
        supplier = drop["supplier"] or words("supplier_unknown")
        groups.setdefault((supplier, drop["source"]), []).append(drop)
    rows = [
        Row((Cell(supplier), Cell(source_name(subject, source)), *drop_cells(subject, members)))
        for (supplier, source), members in sorted(groups.items())
    ]
    rows.append(Row((Cell(words("total")), Cell(""), *drop_cells(subject, drops)), "total"))
    notes = [words("note_ledger")]
    if any(drop[count] is None for drop in drops for count in COUNTS):
        notes.append(words("note_ledger_withheld"))
    return Table(title, columns, tuple(rows), tuple(notes))


def drop_cells(subject: Subject, drops: list[Drop]) -> list[Cell]:
    """Numbers, days and row counts of some drops together."""
    first, last = days(drops, "first_on", min), days(drops, "last_on", max)
    known = first is not None and last is not None
    covered = subject.words("days", first=first, last=last) if known else subject.words("days_unknown")
    sums = (sum_of(drop[count] for drop in drops) for count in COUNTS)
    counts = [Cell(WITHHELD if rows is None else format_count(rows)) for rows in sums]
    return [Cell(ranges(drop["drop_id"] for drop in drops)), Cell(covered), *counts]


def days(drops: list[Drop], column: str, pick: Any) -> date | None:
    found = [drop[column] for drop in drops if drop[column] is not None]
    return pick(found) if found else None


def ranges(numbers: Iterable[int]) -> str:
    """'1–3, 7': consecutive drop numbers together."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
