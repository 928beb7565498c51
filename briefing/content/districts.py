"""The areas of the city side by side: a table, a chart per indicator, and what may be said about their order."""

from briefing.content.marks import Marks
from briefing.content.ranking import in_order, ranks
from briefing.content.subject import Subject
from briefing.model import Block, Cell, Chart, Column, Paragraph, Point, Row, Section, Table
from metrics.claims import judged_beside
from metrics.comparisons.reasons import against_other_areas
from metrics.explain import describe, format_interval, status_text
from metrics.indicator import Indicator
from metrics.judging import FEWEST_FOR_HOURS, has_enough_people
from metrics.observation import Observation
from metrics.sentences import chance_note, window_text

Rows = dict[str, list[Observation]]  # indicator id → its rows, one per area


def district_section(subject: Subject) -> Section:
    shown = {
        indicator.id: indicator
        for indicator in (*subject.template.district_columns, *subject.template.district_charts)
    }
    rows = {indicator_id: subject.by_district(indicator) for indicator_id, indicator in shown.items()}
    ranked_by = subject.template.district_charts[0]
    rank = ranks(rows[ranked_by.id], ranked_by)
    charts = [chart(subject, indicator, rows[indicator.id]) for indicator in subject.template.district_charts]
    blocks: list[Block] = [*remarks(subject, ranked_by, rows[ranked_by.id], rank), *charts]
    blocks += subject.missing(row for its in rows.values() for row in its)
    blocks.append(table(subject, ranked_by, rows, rank))
    return Section("districts", subject.words("districts_title"), tuple(blocks))


def remarks(
    subject: Subject, indicator: Indicator, rows: list[Observation], rank: dict[str, int]
) -> list[Paragraph]:
    """The best and the last as sentences of metrics, then who differs from the city beyond chance."""
    words, name = subject.words, subject.name_in_sentence(indicator)
    if indicator.polarity == "neither":
        return []
    alone = against_other_areas(subject.whole_city(indicator))
    if alone:
        return [Paragraph(words("not_ranked_because", indicator=name, why=alone.text(subject.lang)))]
    if not rank:
        return [Paragraph(words("not_ranked", indicator=name))]
    ordered = [row for row in in_order(rows, rank) if row.area_code in rank]
    place = words("place_sentence")
    best, last = (subject.trace.cite(row, subject.lang, place) for row in (ordered[0], ordered[-1]))
    top = words("highest", indicator=name, sentence=describe(best.observation, subject.lang))
    bottom = words("lowest", sentence=describe(last.observation, subject.lang))
    separator = "" if subject.lang == "zh" else " "
    return [
        Paragraph(top + separator + bottom, (best, last)),
        *against_city(subject, indicator, in_order(rows, rank)),
    ]


def against_city(subject: Subject, indicator: Indicator, rows: list[Observation]) -> list[Paragraph]:
    """Who differs from the city by the test of sentences (metrics.claims), who does not, and who is not judged.

    Nothing where no area can be judged: the order of such figures cannot be told from chance.
    """
    words = subject.words
    judged = judged_beside(rows, subject.whole_city(indicator), indicator)
    if not judged:
        return []
    sentences = []
    for direction in ("higher", "lower"):
        names = [subject.area_name(code) for code, claim in judged.items() if claim.direction == direction]
        if names:
            sentences.append(words(direction, areas=words.join(names)))
    similar = sum(claim.direction == "similar" for claim in judged.values())
    if similar:
        sentences.append(words("similar" if sentences else "all_similar", count=similar))
    left = [row for row in rows if row.area_code not in judged and not row.area_code.startswith("U")]
    if left:
        sentences.append(words("not_judged", areas=why_not_judged(subject, indicator, left)))
    sentences.append(chance_note(len(judged), subject.lang))
    return [Paragraph(("" if subject.lang == "zh" else " ").join(filter(None, sentences)))]


def why_not_judged(subject: Subject, indicator: Indicator, rows: list[Observation]) -> str:
    """'海阳市（人数过少，不予显示）': the areas of a reason together."""
    areas: dict[str, list[str]] = {}
    for row in rows:
        why = (
            status_text(row.told_status, subject.lang) if row.status != "ok" else subject.words("no_interval")
        )
        if row.status == "ok" and not has_enough_people(row, indicator):
            why = subject.words("few_for_hours", people=FEWEST_FOR_HOURS)
        areas.setdefault(why, []).append(subject.area_name(row.area_code))
    told = [
        subject.words("areas_why", areas=subject.words.join(names), why=why) for why, names in areas.items()
    ]
    return ("；" if subject.lang == "zh" else "; ").join(told)


def table(subject: Subject, ranked_by: Indicator, rows: Rows, rank: dict[str, int]) -> Table:
    """The whole city first, then ranked areas, then the others."""
    words = subject.words
    shown = subject.template.district_columns
    marks = Marks(row for indicator in shown for row in rows[indicator.id])
    place, title = subject.table_title(words("district_table"))
    columns = [Column(words("column_area"), 3.2)]
    for indicator in subject.template.district_columns:
        columns.append(Column(subject.titled(indicator), 1.5, is_number=True))
        if indicator.is_proportion:
            columns.append(Column(words("column_interval"), 1.7, is_number=True))
        if indicator is ranked_by and rank:
            column = words("column_rank", indicator=subject.name_in_sentence(indicator))
            columns.append(Column(column, 1.0, is_number=True))
    lines = [
        Row(tuple(cells(subject, whole_city(subject), words("whole_city"), place, marks, rank)), "total")
    ]
    for area in in_order(rows[ranked_by.id], rank):
        values = {
            indicator.id: next(row for row in rows[indicator.id] if row.area_code == area.area_code)
            for indicator in subject.template.district_columns
        }
        name = subject.area_name(area.area_code)
        lines.append(Row(tuple(cells(subject, values, name, place, marks, rank)), look(subject, area)))
    ranked_note = (words("note_rank"),) if rank else ()
    notes = (*marks.notes(words), *subject.mark_notes(shown), *ranked_note)
    return Table(title, tuple(columns), tuple(lines), notes)


def whole_city(subject: Subject) -> dict[str, Observation]:
    return {indicator.id: subject.whole_city(indicator) for indicator in subject.template.district_columns}


def cells(
    subject: Subject,
    values: dict[str, Observation],
    name: str,
    place: str,
    marks: Marks,
    rank: dict[str, int],
) -> list[Cell]:
    """The cells of one area, in the order of the columns."""
    line = [Cell(name)]
    for indicator in subject.template.district_columns:
        row = values[indicator.id]
        figure = subject.trace.cite(row, subject.lang, place)
        line.append(Cell(figure.text, (figure,), marks.of(row.told_status)))
        if indicator.is_proportion:
            line.append(Cell(format_interval(row, indicator, subject.lang)))
        if indicator is subject.template.district_charts[0] and rank:
            line.append(Cell(str(rank.get(row.area_code, ""))))
    return line


def look(subject: Subject, row: Observation) -> str:
    if row.area_code == subject.area.area_code:
        return "own"
    return "muted" if row.area_code.startswith("U") else ""


def chart(subject: Subject, indicator: Indicator, rows: list[Observation]) -> Chart | Paragraph:
    """Areas with a value, largest first, and the whole city among them; the others are named below."""
    words = subject.words
    name = subject.titled(indicator)
    whole = subject.whole_city(indicator)
    drawn = [row for row in [whole, *rows] if row.value is not None]
    if not drawn:  # a chart of nothing cannot be made; the table says of each area why
        why = status_text(whole.told_status, subject.lang)
        return Paragraph(words("nothing_to_draw", indicator=name, status=why))
    place, title = subject.chart_title(f"{name} {window_text(whole, subject.lang)}")
    drawn.sort(key=lambda row: (row.area_code.startswith("U"), -(row.value or 0)))  # the unknown is no place
    points = []
    marks = Marks(drawn)
    for row in drawn:
        is_whole = row is whole
        label = words("whole_city") if is_whole else subject.area_name(row.area_code)
        figure = subject.trace.cite(row, subject.lang, place)
        label += marks.of(row.told_status)
        points.append(Point(label, figure, "total" if is_whole else look(subject, row)))
    missing = [
        words(
            "no_value_of",
            area=subject.area_name(row.area_code),
            status=status_text(row.status, subject.lang),
        )
        for row in rows
        if row.value is None
    ]
    notes = [*marks.notes(words)]
    if missing:
        notes.append(words("note_no_value", areas=words.join(missing)))
    return Chart("bars", title, indicator, tuple(points), (*notes, *subject.mark_notes([indicator])))
