"""The layout of the Word document, all of it: GB/T 9704-2012 for page, body and headings.

Lengths of the page in millimetres, letters and lines in points. The standard asks for 22 lines of 28
characters of 三号仿宋 in 156 × 225 mm. Its fonts are proprietary: they are named in the file with what may
stand in for them, and never shipped. Tables, charts and the running line are ours; the standard has none.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Font:
    """A Chinese typeface, what may replace it where it is missing, and the Latin one beside it."""

    name: str
    instead: tuple[str, ...]
    latin: str = "Times New Roman"


FONTS = {
    "title": Font("方正小标宋简体", ("FZXiaoBiaoSong-B05S", "小标宋", "宋体", "SimSun", "Noto Serif CJK SC")),
    "body": Font("仿宋_GB2312", ("仿宋", "FangSong", "FandolFang", "Noto Serif CJK SC")),
    "heading": Font("黑体", ("SimHei", "FandolHei", "Noto Sans CJK SC")),
    "subheading": Font("楷体_GB2312", ("楷体", "KaiTi", "FandolKai", "Noto Serif CJK SC")),
    "small": Font("宋体", ("SimSun", "FandolSong", "Noto Serif CJK SC")),
}

LAYOUT = {
    "page_width_mm": 210,
    "page_height_mm": 297,
    "top_mm": 37,
    "bottom_mm": 35,
    "left_mm": 28,
    "right_mm": 26,
    "header_mm": 22,
    "footer_mm": 26,
    "lines_per_page": 22,
    "characters_per_line": 28,
    "title_pt": 22,  # 二号
    "body_pt": 16,  # 三号
    "body_spacing_pt": -0.25,  # between letters: 28 of them fit into 156 mm
    "line_pt": 28,  # fixed, except in tables
    "indent_characters": 2,
    "page_number_pt": 14,  # 四号
    "running_pt": 8.5,
    "facts_pt": 10.5,  # 五号, under the title
    "caption_pt": 12,  # 小四
    "table_pt": 10.5,  # 五号
    "wide_table_pt": 9,  # 小五, tables of many columns
    "trace_pt": 7.5,  # 六号, the trace sheet on its landscape pages
    "note_pt": 9,
}


def text_width_mm(is_landscape: bool = False) -> float:
    """The width between the margins: 156 mm upright."""
    if is_landscape:
        return LAYOUT["page_height_mm"] - LAYOUT["top_mm"] - LAYOUT["bottom_mm"]
    return LAYOUT["page_width_mm"] - LAYOUT["left_mm"] - LAYOUT["right_mm"]
