"""What may be shown of a value that was refused.

A steward needs to recognise the cell; nobody may learn an ID number, a name or a phone number from a
message, a log or the quarantine. Columns shift in broken rows, so any text may be a name and any long
number an ID: the rule looks at the value, not at the column it was found in. The price is that a refused
free text shows only its first character.
"""

import os
import re

SHOWN_NUMBER = re.compile(
    r"[-+]?[\d,]{1,6}(\.\d{1,4})?[千万亿萬億]{0,2}(%|个?小时|分钟?|人次?)?(（合并单元格）|（起算年不明）)?$"
)
SHOWN_DATE = re.compile(
    r"(1[89]|20|21)\d{2}([-/.年月]\d{1,2}){0,2}[月日]?([ T]\d{1,2}:\d{2}(:\d{2})?)?$|(19|20)\d{6}$"
    r"|\d{1,2}[-/.]\d{1,2}([-/.]\d{1,4})?$|\d{1,2}:\d{2}(:\d{2})?$"
)
# 张红旗 and 王新村 are people: what ends like a banner, a town or a village is shown only when it is longer
# than a name.
# 光明路幸福小区 is where somebody lives: what names a road, a lane or a house is no area (路南区 and 路北区 are).
AN_ADDRESS = r"(?!.*(小区|社区|花园|家园|公寓|[弄巷栋楼]|[^市]路(?![南北]区)))"
# And only where an area is written: in any other column it may be a name that has slipped (曾省, 独孤求胜旗).
PLACE_COLUMNS = ("area",)
SHOWN_PLACE = re.compile(
    rf"{AN_ADDRESS}(?:[\u4e00-\u9fff]{{1,12}}(区|县|街道)$|[\u4e00-\u9fff]{{2,12}}(省|市)$"
    r"|[\u4e00-\u9fff]{4,12}(旗|镇|乡|村)$)"
)
SHOWN_CODE = re.compile(r"\d{6}$")
# What may stand between the digits of a phone or an ID number, and what makes a number a day and not a phone.
BETWEEN = r"[-‐‑–—－ \u3000\xa0()（）]{0,3}"
A_DAY = r"(?:19|20)\d\d[-./ ](?:0?[1-9]|1[0-2])[-./ ](?:0?[1-9]|[12]\d|3[01])(?!\d)|(?:19|20)\d{6}(?!\d)"
LONG_DIGITS = re.compile(
    "|".join(
        (
            r"\d{9,}[Xx]?",
            r"(?<!\d)\d{3}[- ]\d{4}[- ]\d{4}",
            rf"\d{{6}}{BETWEEN}\d{{4}}{BETWEEN}\d{{2}}{BETWEEN}\d{{2}}{BETWEEN}\d{{3}}[\dXx]",
            # A mobile number, however it is grouped: 138 1234 5678, +86-138…; not "138 2021-05-01".
            rf"(?<!\d)(?:(?:\+|00)?86{BETWEEN})?1[3-9]\d(?![- ](?:19|20)\d\d[-./ ])(?:{BETWEEN}\d){{8}}(?!\d)",
            r"(?<!\d)1[3-9]\d\.\d{4}\.\d{4}(?!\d)",
            # A landline with its area code: 0315-2345678, (010) 6234 5678, +86 315 2345678.
            rf"(?<!\d)[(（]?0(?:10|2\d|[3-9]\d\d){BETWEEN}\d{{3,4}}{BETWEEN}\d{{4}}(?!\d)",
            rf"(?<!\d)(?:\+|00)86{BETWEEN}(?:10|2\d|[3-9]\d\d){BETWEEN}\d{{3,4}}{BETWEEN}\d{{4}}(?!\d)",
            # One without: only where a word says that it is a phone.
            rf"(?:(?<=电话)|(?<=座机)|(?<=固话)|(?<=传真)|(?<=热线)|(?<=拨打)|(?<=致电)|(?<=[Tt]el))"
            rf"[^\d\n]{{0,3}}(?!{A_DAY})\d{{3,4}}[- ]?\d{{4}}(?![- ]?\d)",
            r"(?<!\d)[48]00[- ]?\d{3}[- ]?\d{4}(?!\d)",
        )
    )
)
# Digits in full width are digits too; one character for one, so that places stay.
NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
LONGEST_SHOWN = 24
PERSONAL_DAYS = ("birth_date",)
AN_ID_NUMBER = re.compile(
    r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]|"
    r"\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
)


def mask(value: str | None) -> str:
    """The part of a refused value that may be shown; '' for an empty one.

    >>> mask("13020219900307001X"), mask("张三丰"), mask("火星区"), mask("25.5"), mask("3亿")
    ('1****************X(18)', '张**(3)', '火**(3)', '25.5', '3亿')
    """
    if value is None:
        return ""
    text = value.strip()
    if not text:
        return ""
    if len(text) <= LONGEST_SHOWN and any(
        shown.match(text) for shown in (SHOWN_NUMBER, SHOWN_DATE, SHOWN_CODE)
    ):
        return text
    if len(text) == 1:
        return "*"
    if re.fullmatch(r"[\dXx]{15,18}", text):
        return f"{text[0]}{'*' * (len(text) - 2)}{text[-1]}({len(text)})"
    return f"{text[0]}{'*' * min(len(text) - 1, LONGEST_SHOWN)}({len(text)})"


def mask_of(column: str | None, value: str | None) -> str:
    """As mask, knowing the column: a day of birth is shown by its form only, what looks like an area as it is.

    >>> mask_of("birth_date", "1990-02-30"), mask_of("service_date", "1990-02-30"), mask_of("birth_date", "张三")
    ('****-**-**', '1990-02-30', '张*(2)')
    >>> mask_of("area", "火星区"), mask_of("area", "张三丰"), mask_of("area", "曾省"), mask_of("service_hours", "李三省")
    ('火星区', '张**(3)', '曾*(2)', '李**(3)')
    """
    text = (value or "").strip()
    if column in PLACE_COLUMNS and len(text) <= LONGEST_SHOWN and SHOWN_PLACE.match(text):
        return text
    if column in PERSONAL_DAYS and len(text) <= LONGEST_SHOWN and re.fullmatch(r"[\d\s年月日./:T-]+", text):
        return re.sub(r"\d", "*", text)
    return mask(value)


def looks_like_id(value: str | None) -> bool:
    """Whether a cell holds what has the form of an ID number, however it is grouped.

    >>> looks_like_id("130202 19900307 001X"), looks_like_id("2021-05-01"), looks_like_id("900000900307002")
    (True, False, True)
    """
    digits = re.sub(r"[\s'`‘’\"-]", "", value or "").translate(NARROW)
    return AN_ID_NUMBER.fullmatch(digits) is not None


def mask_label(text: str) -> str:
    """A header, file or folder name as it may be kept: verbatim, long digit runs starred, length bounded."""
    return mask_digits(text)[:120]


def mask_digits(text: str) -> str:
    """Text with every phone or ID number starred, also one written in groups; days stay legible.

    >>> mask_digits("2021-05-01 来电 0315-2345678，138 1234 5678")
    '2021-05-01 来电 ************，*************'
    """
    shown = list(legible(text))
    for found in LONG_DIGITS.finditer("".join(shown).translate(NARROW)):
        begin, end = found.span()
        shown[begin:end] = "*" * (end - begin)
    return "".join(shown)


def legible(name: str) -> str:
    """A file name as people read it; one that is no UTF-8 was named in GBK by a Chinese Windows."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name
