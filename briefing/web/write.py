"""A Briefing as one HTML file: style inside, charts as SVG, every figure a link to its row in the trace."""

from collections.abc import Iterable
from html import escape
from pathlib import Path

from briefing.model import (
    Block,
    Briefing,
    Bullets,
    Cell,
    Chart,
    Figure,
    Headline,
    Headlines,
    Paragraph,
    Row,
    Section,
    Table,
)
from briefing.web.charts import svg
from briefing.words import Words, load_words

STYLE = Path(__file__).resolve().parent / "style.css"
# The page may use what stands in it and ask nobody for anything.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write(briefing: Briefing, path: Path) -> None:
    """Write the page. Raises OSError when the file cannot be written."""
    path.write_text(page(briefing), encoding="utf-8")


def page(briefing: Briefing) -> str:
    words = load_words(briefing.lang)
    lang = "zh-CN" if briefing.lang == "zh" else "en"
    body = "".join(section(part, words) for part in (*briefing.sections, briefing.trace))
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="Redvest">\n<meta name="build" content="{escape(briefing.build_id)}">\n'
        f"<title>{escape(full_title(briefing))}</title>\n"
        f"<style>\n{STYLE.read_text(encoding='utf-8')}{every_page(briefing)}</style>\n</head>\n<body>\n"
        f"{head(briefing, words)}<main>{body}</main>\n"
        f"<footer>{escape(marked(briefing))}</footer>\n</body>\n</html>\n"
    )


def full_title(briefing: Briefing) -> str:
    """The window's title; browsers print it on every page, so it carries mark and build too."""
    mark = f"【{briefing.sample_mark}】" if briefing.sample_mark else ""
    return f"{mark}{briefing.title}{briefing.subtitle} · {briefing.build_id}"


def marked(briefing: Briefing) -> str:
    return (f"【{briefing.sample_mark}】" if briefing.sample_mark else "") + briefing.running


def every_page(briefing: Briefing) -> str:
    """The running line and the page number in the margin of printed pages."""
    text = marked(briefing).replace("\\", "").replace('"', "'").replace("<", "")
    return (
        f'@page {{ @bottom-left {{ content: "{text}"; font-size: 7.5pt; color: #5f6b7a; }}\n'
        '  @bottom-right { content: "— " counter(page) " —"; font-size: 9pt; } }\n'
    )


def head(briefing: Briefing, words: Words) -> str:
    warning = f'<div class="sample" role="note">{escape(briefing.sample_warning)}</div>\n'
    facts = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(text)}</dd></div>" for label, text in briefing.facts
    )
    return (
        f"{warning if briefing.sample_warning else ''}<header><h1>{escape(briefing.title)}</h1>"
        f'<p class="subtitle">{escape(briefing.subtitle)}</p><dl>{facts}</dl>'
        f'<p class="note hint">{escape(words("trace_hint"))}</p></header>\n'
    )


def section(part: Section, words: Words) -> str:
    blocks = "".join(block(member, part, words) for member in grouped(part.blocks))
    return f'<section id="{part.key}"><h2>{escape(part.title)}</h2>{blocks}</section>\n'


def grouped(blocks: Iterable[Block]) -> list[Block | list[Chart]]:
    """Charts that follow one another stand side by side where the screen is wide enough."""
    result: list[Block | list[Chart]] = []
    for member in blocks:
        if isinstance(member, Chart):
            if result and isinstance(result[-1], list):
                result[-1].append(member)
            else:
                result.append([member])
        else:
            result.append(member)
    return result


def block(member: Block | list[Chart], part: Section, words: Words) -> str:
    match member:
        case list():
            return f'<div class="charts">{"".join(chart(each, words.lang) for each in member)}</div>'
        case Paragraph():
            return f"<p>{sentence(member.text, member.figures)}</p>"
        case Bullets():
            return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in member.items) + "</ul>"
        case Headlines():
            return headlines(member, words)
        case Table():
            return table(member, is_trace=part.key == "trace")
        case Chart():
            return chart(member, words.lang)


def linked(figure: Figure) -> str:
    return f'<a class="figure" href="#trace-{figure.number}">{escape(figure.text)}</a>'


def sentence(text: str, figures: tuple[Figure, ...]) -> str:
    """The text with its figures as links; each is linked where it first stands after the one before."""
    result, rest = "", text
    for figure in figures:
        before, found, after = rest.partition(figure.text)
        result += escape(before) + (linked(figure) if found else "")
        rest = after
    return result + escape(rest)


def headlines(member: Headlines, words: Words) -> str:
    """Cards in columns, then the same as sentences."""
    columns = "".join(
        f"<div><h3>{escape(group.name)}</h3>{''.join(card(item, words) for item in group.headlines)}</div>"
        for group in member.groups
    )
    space = "" if words.lang == "zh" else " "
    texts = "".join(
        "<p>" + space.join(sentence(item.sentence, figures_of(item)) for item in group.headlines) + "</p>"
        for group in member.groups
    )
    return f'<div class="cards">{columns}</div>{texts}'


def figures_of(item: Headline) -> tuple[Figure, ...]:
    return (item.figure, item.before) if item.before else (item.figure,)


def card(item: Headline, words: Words) -> str:
    lines = [escape(item.counts)] if item.counts else []
    if item.before:
        lines.append(f"{escape(words('column_before'))} {linked(item.before)} · {escape(item.change)}")
    small = "".join(f"<small>{line}</small>" for line in lines)
    if item.status:
        small += f'<small class="status">{escape(item.status)}</small>'
    value = linked(item.figure).replace('class="figure"', 'class="value"')
    return f'<div class="card"><span class="name">{escape(item.name)}</span>{value}{small}</div>'


def chart(member: Chart, lang: str) -> str:
    return f"<figure><figcaption>{escape(member.title)}</figcaption>{svg(member, lang)}{notes(member.notes)}</figure>"


def notes(texts: Iterable[str]) -> str:
    return "".join(f'<p class="note">{escape(text)}</p>' for text in texts)


def table(member: Table, is_trace: bool) -> str:
    heading = "".join(
        f'<th scope="col"{number(column.is_number)}>{escape(column.heading)}</th>'
        for column in member.columns
    )
    rows = "".join(table_row(row, member, is_trace) for row in member.rows)
    return (
        f'<div class="scroll"><table><caption>{escape(member.title)}</caption>'
        f"<thead><tr>{heading}</tr></thead><tbody>{rows}</tbody></table>{notes(member.notes)}</div>"
    )


def table_row(row: Row, member: Table, is_trace: bool) -> str:
    address = f' id="trace-{row.cells[0].text}"' if is_trace else ""
    look = f' class="{row.look}"' if row.look else ""
    cells = "".join(
        f"<td{number(column.is_number)}>{cell_text(cell)}</td>"
        for cell, column in zip(row.cells, member.columns, strict=True)
    )
    return f"<tr{address}{look}>{cells}</tr>"


def number(is_number: bool) -> str:
    return ' class="number"' if is_number else ""


def cell_text(cell: Cell) -> str:
    mark = f"<sup>{escape(cell.mark)}</sup>" if cell.mark else ""
    return sentence(cell.text, cell.figures) + mark
