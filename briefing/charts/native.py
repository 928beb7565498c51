"""One chart of the model as a native chart on a slide; Word borrows the finished part (word/charts.py)."""

from math import ceil
from typing import cast

from lxml import etree
from pptx.chart.chart import Chart as NativeChart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml.ns import qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.shapetree import SlideShapes
from pptx.util import Emu, Pt

from briefing.charts.style import BAR_COLOURS, BLUE, INK, LINE, MUTED, label_format, plain_format
from briefing.model import Chart, Figure
from metrics.rounding import rounded

BREAKS = "┆"  # the name of the series that draws breaks
Box = tuple[Emu, Emu, Emu, Emu]  # left, top, width, height
CHART_NS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING_NS = "http://schemas.openxmlformats.org/drawingml/2006/main"


def add_chart(shapes: SlideShapes, chart: Chart, box: Box, lang: str, font_size: float) -> NativeChart:
    """Draw bars or a line; a missing value is a gap, never a zero.

    A bar's value stands beside its name: on the bar there is no room when it is short, and at its end the
    interval would run through it.
    """
    bars = chart.kind == "bars"
    data = CategoryChartData(number_format=plain_format(chart.indicator))
    data.categories = [
        f"{point.label}  {point.figure.text}" if bars else point.label for point in chart.points
    ]
    data.add_series(chart.indicator.name(lang), [as_printed(point.figure, chart) for point in chart.points])
    if chart.breaks:
        data.add_series(BREAKS, break_heights(chart))
    kind = XL_CHART_TYPE.BAR_CLUSTERED if bars else XL_CHART_TYPE.LINE_MARKERS
    frame = cast(GraphicFrame, shapes.add_chart(kind, *box, data))  # type: ignore[arg-type]
    frame.name = chart.title
    frame._element.nvGraphicFramePr.cNvPr.set("descr", alt_text(chart))
    native: NativeChart = frame.chart
    clear_frame(native)
    native.has_legend = False
    native.has_title = False
    native.font.size = Pt(font_size)
    native.font.color.rgb = RGBColor.from_string(INK)
    style_axes(native, chart)
    if bars:
        style_bars(native, chart)
    else:
        style_line(native)
        label_points(native, chart, lang, font_size)
        if chart.breaks:
            draw_breaks(native, chart)
    return native


def as_printed(figure: Figure, chart: Chart) -> float | None:
    """The value with the decimals it is printed with: so paper and chart agree.

    What is too small for its decimals stays as it is, and its label's format says so.
    """
    if figure.value is None:
        return None
    printed = float(rounded(figure.value, chart.indicator.decimals))
    return printed or figure.value


def alt_text(chart: Chart) -> str:
    """What a screen reader says instead of the chart."""
    return f"{chart.title}: " + ", ".join(f"{point.label} {point.figure.text}" for point in chart.points)


def clear_frame(native: NativeChart) -> None:
    """No border, no rounded corners, no background of its own."""
    root = native._chartSpace
    for corners in root.findall(qn("c:roundedCorners")):
        corners.set("val", "0")
    shape = etree.Element(f"{{{CHART_NS}}}spPr", nsmap={"c": CHART_NS, "a": DRAWING_NS})
    etree.SubElement(shape, f"{{{DRAWING_NS}}}noFill")
    etree.SubElement(etree.SubElement(shape, f"{{{DRAWING_NS}}}ln"), f"{{{DRAWING_NS}}}noFill")
    root.find(qn("c:chart")).addnext(shape)


def style_axes(native: NativeChart, chart: Chart) -> None:
    """Every value is written out, so the value axis is hidden; then it has to begin at zero."""
    category, value = native.category_axis, native.value_axis
    category.format.line.color.rgb = RGBColor.from_string(LINE)
    category.major_tick_mark = XL_TICK_MARK.NONE
    category.has_major_gridlines = False
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    value.has_major_gridlines = False
    value.visible = False
    show_every_label(native)
    if chart.kind == "bars":
        category.reverse_order = True
    uppers = [point.figure.observation.upper or 0 for point in chart.points]
    if chart.kind == "bars" and any(uppers):
        value.maximum_scale = 1.02 * max(uppers)  # or the longest whiskers would be cut off
    if all((point.figure.value or 0) >= 0 for point in chart.points):
        value.minimum_scale = 0


def show_every_label(native: NativeChart) -> None:
    """Programs leave out every second name when they think it crowded; a bar without a name says nothing."""
    skip = etree.Element(f"{{{CHART_NS}}}tickLblSkip", val="1")
    native.category_axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)


def label_points(native: NativeChart, chart: Chart, lang: str, font_size: float) -> None:
    """The value above every point of a line, without its unit, which the title names."""
    plot = native.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format = label_format(chart.indicator, lang)
    labels.number_format_is_linked = False
    labels.font.size = Pt(font_size)
    labels.show_value = True
    labels.position = XL_LABEL_POSITION.ABOVE


def style_bars(native: NativeChart, chart: Chart) -> None:
    plot = native.plots[0]
    plot.gap_width = 35
    plot.vary_by_categories = False
    series = plot.series[0]
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = RGBColor.from_string(BLUE)
    for number, point in enumerate(chart.points):
        if point.look:
            fill = series.points[number].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(BAR_COLOURS[point.look])
    if has_intervals(chart):
        add_error_bars(series._element, chart)


def style_line(native: NativeChart) -> None:
    series = native.plots[0].series[0]
    series.smooth = False
    series.format.line.color.rgb = RGBColor.from_string(BLUE)
    series.format.line.width = Pt(2)
    series.marker.size = 6
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = RGBColor.from_string(BLUE)
    series.marker.format.line.color.rgb = RGBColor.from_string(BLUE)


def break_heights(chart: Chart) -> list[float | None]:
    """A point at the top of the chart over the first period after each break; programs draw lines at periods
    only, so one between two periods stands at the later."""
    highest = max((point.figure.value or 0 for point in chart.points), default=0) or 1
    at = {ceil(position) for position in chart.breaks}
    return [highest if number in at else None for number in range(len(chart.points))]


def draw_breaks(native: NativeChart, chart: Chart) -> None:
    """Each break as a dashed upright: an error bar down to the axis of a point that itself is not drawn."""
    series = native.plots[0].series[1]
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    labels = etree.Element(f"{{{CHART_NS}}}dLbls", nsmap={"c": CHART_NS})
    etree.SubElement(labels, f"{{{CHART_NS}}}delete", val="1")
    bars = etree.Element(f"{{{CHART_NS}}}errBars", nsmap={"c": CHART_NS, "a": DRAWING_NS})
    for name, value in (
        ("errDir", "y"), ("errBarType", "minus"), ("errValType", "percentage"), ("noEndCap", "1"), ("val", "100"),
    ):  # fmt: skip
        etree.SubElement(bars, f"{{{CHART_NS}}}{name}", val=value)
    line = etree.SubElement(
        etree.SubElement(bars, f"{{{CHART_NS}}}spPr"), f"{{{DRAWING_NS}}}ln", w=str(Pt(1))
    )
    fill = etree.SubElement(line, f"{{{DRAWING_NS}}}solidFill")
    etree.SubElement(fill, f"{{{DRAWING_NS}}}srgbClr", val=MUTED)
    etree.SubElement(line, f"{{{DRAWING_NS}}}prstDash", val="dash")
    for element in (labels, bars):
        series._element.find(qn("c:cat")).addprevious(element)


def has_intervals(chart: Chart) -> bool:
    return any(point.figure.observation.lower is not None for point in chart.points)


def add_error_bars(series: etree._Element, chart: Chart) -> None:
    """Whiskers from the lower to the upper limit; python-pptx has no call for them."""
    rows = [point.figure.observation for point in chart.points]
    plus = [(row.upper or row.value or 0) - (row.value or 0) for row in rows]
    minus = [(row.value or 0) - (row.lower or row.value or 0) for row in rows]
    bars = etree.Element(f"{{{CHART_NS}}}errBars", nsmap={"c": CHART_NS, "a": DRAWING_NS})
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, f"{{{CHART_NS}}}{name}", val=value)
    for name, values in (("plus", plus), ("minus", minus)):
        literal = etree.SubElement(etree.SubElement(bars, f"{{{CHART_NS}}}{name}"), f"{{{CHART_NS}}}numLit")
        etree.SubElement(literal, f"{{{CHART_NS}}}formatCode").text = "General"
        etree.SubElement(literal, f"{{{CHART_NS}}}ptCount", val=str(len(values)))
        for number, length in enumerate(values):
            point = etree.SubElement(literal, f"{{{CHART_NS}}}pt", idx=str(number))
            etree.SubElement(point, f"{{{CHART_NS}}}v").text = f"{length:.6f}"
    shape = etree.SubElement(bars, f"{{{CHART_NS}}}spPr")
    line = etree.SubElement(shape, f"{{{DRAWING_NS}}}ln", w=str(Pt(0.75)))
    fill = etree.SubElement(line, f"{{{DRAWING_NS}}}solidFill")
    etree.SubElement(fill, f"{{{DRAWING_NS}}}srgbClr", val=MUTED)
    series.find(qn("c:cat")).addprevious(bars)
