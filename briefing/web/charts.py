"""Charts as inline SVG: no script, sharp in print, readable aloud."""

from html import escape

from briefing.charts.style import BAR_COLOURS, BLUE, INK, MUTED
from briefing.model import Chart, Point

WIDTH = 560
LABEL, VALUE = 165, 84  # room left and right of the bars
BAR, STEP = 13, 20
LINE_HEIGHT, EDGE = 170, 46


def svg(chart: Chart, lang: str) -> str:
    """The whole picture; its title is what a screen reader says."""
    height, body = bars(chart) if chart.kind == "bars" else line(chart, lang)
    spoken = ", ".join(f"{point.label} {point.figure.text}" for point in chart.points)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(chart.title)}: {escape(spoken)}">'
        f"{body}</svg>"
    )


def link(point: Point, body: str) -> str:
    """A figure leads to its row in the trace sheet, drawn ones too."""
    return f'<a href="#trace-{point.figure.number}">{body}</a>'


def text(
    x: float, y: float, content: str, anchor: str = "start", colour: str = INK, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#{colour}"{weight}>{escape(content)}</text>'


def bars(chart: Chart) -> tuple[int, str]:
    """Bars from zero with their interval as a thin line."""
    rows = [point.figure.observation for point in chart.points]
    largest = max([row.upper or row.value or 0 for row in rows] + [row.value or 0 for row in rows] + [0])
    scale = (WIDTH - LABEL - VALUE) / largest if largest else 0
    parts = []
    for number, point in enumerate(chart.points):
        row, top = point.figure.observation, 6 + number * STEP
        colour, middle = BAR_COLOURS[point.look], top + BAR / 2
        parts.append(text(LABEL - 8, middle + 4, point.label, "end", bold=point.look in ("total", "own")))
        width = max(0.0, (row.value or 0) * scale)
        bar = f'<rect x="{LABEL}" y="{top}" width="{width:.1f}" height="{BAR}" fill="#{colour}"/>'
        end = LABEL + width
        if row.lower is not None and row.upper is not None:
            left, right = LABEL + row.lower * scale, LABEL + row.upper * scale
            bar += whisker(left, right, middle)
            end = max(end, right)
        parts.append(link(point, bar + text(end + 7, middle + 4, point.figure.text)))
    return 8 + STEP * len(chart.points), "".join(parts)


def whisker(left: float, right: float, y: float) -> str:
    path = f"M{left:.1f} {y - 3}V{y + 3}M{left:.1f} {y}H{right:.1f}M{right:.1f} {y - 3}V{y + 3}"
    return f'<path d="{path}" stroke="#{INK}" stroke-width="1" fill="none"/>'


def line(chart: Chart, lang: str) -> tuple[int, str]:
    """A line from zero over the periods; a missing value is a gap."""
    values = [point.figure.value for point in chart.points]
    largest, lowest = max([v or 0 for v in values] + [0]), min([v or 0 for v in values] + [0])
    reach = (largest - lowest) or 1
    bottom, top = LINE_HEIGHT - 34, 28
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)

    def place(number: int, value: float) -> tuple[float, float]:
        return EDGE + number * step, bottom - (value - lowest) / reach * (bottom - top)

    path, parts, is_open = "", [], False
    for number, (point, value) in enumerate(zip(chart.points, values, strict=True)):
        parts.append(text(EDGE + number * step, LINE_HEIGHT - 12, point.label, "middle", MUTED))
        if value is None:
            is_open = False
            continue
        x, y = place(number, value)
        path += f"{'L' if is_open else 'M'}{x:.1f} {y:.1f}"
        is_open = True
        dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#{BLUE}"/>'
        printed = point.figure.without_unit(chart.indicator, lang)
        parts.append(link(point, dot + text(x, y - 10, printed, "middle")))
    drawn = f'<path d="{path}" stroke="#{BLUE}" stroke-width="2" fill="none"/>' if path else ""
    base = f'<path d="M{EDGE - 30} {bottom + 6}H{WIDTH - EDGE + 30}" stroke="#{MUTED}" stroke-width="0.6"/>'
    uprights = "".join(upright(EDGE + position * step, top - 16, bottom + 6) for position in chart.breaks)
    return LINE_HEIGHT, base + uprights + drawn + "".join(parts)


def upright(x: float, top: float, bottom: float) -> str:
    """A break in the series: what lies left and right of it does not compare."""
    return (
        f'<path class="series-break" d="M{x:.1f} {top}V{bottom}" stroke="#{MUTED}" stroke-width="1.2" '
        f'stroke-dasharray="4 3" fill="none"/>'
    )
