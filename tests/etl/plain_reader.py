"""The boring second reader of values: one cell at a time, token by token, no regular expression decides.

It is lenient where etl/values is strict (blanks, quotes, what stands between parts), so it may read more;
but whatever etl/values makes of a text, this must make the same of it.
"""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

BLANK = "\u00a0\u3000\t\r\n "
NOTHING = "\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202c\u202d\u00ad\ufeff"
AROUND = "'`‘’′\"“”= "
DASHES = "-–—/.。"
MULTIPLES = {"千": 1000, "万": 10_000, "亿": 100_000_000}
HOURS = {"小时", "个小时", "钟头", "个钟头", "时", "h", "hr", "hrs", "hour", "hours"}
MINUTES = {"分", "分钟", "m", "min", "mins", "minute", "minutes"}
# After a number, and alone: 个半小时, 小时半; 半小时.
HALVES = (
    {"个半小时", "个半钟头", "小时半", "个小时半", "钟头半", "个钟头半"},
    {"半小时", "半个小时", "半钟头", "半个钟头"},
)
PEOPLE = {"人次", "人", "名", "位", "个"}


def tidy(text: str) -> str:
    plain = ""
    for one in text:
        if one in NOTHING:
            continue
        half = chr(ord(one) - 0xFEE0) if 0xFF01 <= ord(one) <= 0xFF5E else one
        plain += " " if one in BLANK else half
    return plain.strip(AROUND)


def kind(one: str) -> str:
    if one in "0123456789":
        return "digit"
    if one.isascii() and one.isalpha():
        return "letter"
    return "blank" if one == " " else "chinese" if "一" <= one <= "鿿" else one


def tokens(text: str) -> list[str]:
    """Runs of digits, of Latin letters and of Chinese characters; every other character by itself; no blanks."""
    runs = ["".join(group) for _, group in itertools.groupby(tidy(text), kind)]
    return [run for run in runs if run.strip()]


class Tokens:
    """Tokens taken one after the other."""

    def __init__(self, text: str) -> None:
        self.left = tokens(text)

    def take(self, *wanted: str) -> str:
        """The next token, or the beginning of it, if it is wanted; the longest wins."""
        for one in sorted(wanted, key=len, reverse=True):
            if self.left and self.left[0].lower().startswith(one.lower()):
                rest = self.left[0][len(one) :]
                self.left[:1] = [rest] if rest else []
                return one
        return ""

    def digits(self, least: int, most: int) -> str:
        if self.left and self.left[0][0] in "0123456789" and least <= len(self.left[0]) <= most:
            return self.left.pop(0)
        return ""


def read_moment(text: str) -> tuple[datetime, bool] | None:
    """The moment in Beijing time, and whether it was written as 24:00."""
    try:
        return _moment(Tokens(text))
    except (ValueError, OverflowError):
        return None


def _moment(left: Tokens) -> tuple[datetime, bool] | None:
    if serial := left.digits(5, 5):
        fraction = Fraction(0)
        if left.take("."):
            fraction = Fraction(Decimal("0." + left.digits(1, 15)))
        if left.left or not 10000 <= int(serial) <= 73050:
            return None
        seconds = int(fraction * 86400 + Fraction(1, 2))
        return datetime(1899, 12, 30) + timedelta(days=int(serial), seconds=seconds), False
    if compact := left.digits(8, 8):
        day = datetime(int(compact[:4]), int(compact[4:6]), int(compact[6:]))
    else:
        year = left.digits(4, 4)
        left.take("年", *DASHES)
        month = left.digits(1, 2)
        left.take("月", *DASHES)
        day = datetime(int(year), int(month), int(left.digits(1, 2)))
    if day.year < 1900:
        return None
    left.take("日", "号")
    left.take("(")
    for word in ("星期", "周", "礼拜"):
        if left.take(word):
            left.take(*"一二三四五六日天")
    left.take(")")
    left.take("T")
    if not left.left:
        return day, False
    return _with_time(day, left)


def _with_time(day: datetime, left: Tokens) -> tuple[datetime, bool] | None:
    half = left.take("上午", "下午")
    hour = int(left.digits(1, 2))
    minute = second = "0"
    fraction = ""
    if left.take(":"):
        minute = left.digits(1, 2)
        if left.take(":"):
            second = left.digits(1, 2)
            if left.take("."):
                fraction = left.digits(1, 9)
    else:
        if not left.take("时", "点"):
            return None
        one = left.digits(1, 2)
        if left.take("秒"):
            second = one
        else:
            minute = one or "0"
            left.take("分")
            second = left.digits(1, 2) or "0"
            left.take("秒")
    english = left.take("am", "pm", "a", "p")
    for one in (".", "m", ".") if english else ():
        left.take(one)
    if half and english:
        return None
    if half or english:
        if half == "下午" or english.startswith("p"):
            if not 1 <= hour <= 23:
                return None
            hour = hour + 12 if hour < 12 else hour
        elif hour == 12 and english:
            hour = 0
        elif hour >= 12:
            return None
    shift = _shift(left)
    if left.left or shift is None or int(minute) > 59 or int(second) > 59:
        return None
    if hour > 24 or (hour == 24 and int(minute + second + (fraction or "0"))):
        return None
    micro = int((fraction + "000000")[:6]) if fraction else 0
    offset = timedelta(hours=hour, minutes=int(minute), seconds=int(second), microseconds=micro)
    return day + offset + shift, hour == 24


def _shift(left: Tokens) -> timedelta | None:
    """What to add to come to Beijing time."""
    if not left.left:
        return timedelta(0)
    if left.take("Z"):
        return timedelta(hours=8)
    named = left.take("UTC", "GMT")
    sign = left.take("+", "-")
    if not sign:
        return timedelta(hours=8) if named else None
    zone = left.digits(1, 4)
    hours, minutes = (zone[:-2], zone[-2:]) if len(zone) > 2 else (zone, "0")
    if left.take(":"):
        minutes = left.digits(2, 2)
    if int(hours) > 14 or int(minutes) > 59:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timedelta(hours=8) - (offset if sign == "+" else -offset)


def read_day(text: str) -> date | None:
    found = read_moment(text)
    if found is None:
        return None
    moment, late = found
    serial = tokens(text)[0]
    if len(serial) == 5:
        return date(1899, 12, 30) + timedelta(days=int(serial))
    return (moment - timedelta(microseconds=1) if late else moment).date()


def read_number(left: Tokens) -> Fraction | None:
    """Digits, with commas between thousands, a fraction and a multiple."""
    sign = left.take("+", "-")
    whole = left.digits(1, 20)
    groups = []
    while left.take(","):
        groups.append(left.digits(3, 3))
    if "" in groups or (groups and not 1 <= len(whole) <= 3):
        return None
    part = left.digits(1, 20) if left.take(".") else ""
    if not whole and not part:
        return None
    number = Fraction(Decimal(f"{whole or '0'}{''.join(groups)}.{part or '0'}"))
    number *= MULTIPLES.get(left.take(*MULTIPLES), 1)
    return -number if sign == "-" else number


def read_duration(text: str, unit: int) -> Decimal | None:
    """In the column's unit of so many minutes; a number alone has that unit."""
    left = Tokens(text)
    if len(left.left) in (3, 5) and ":" in left.left:
        return _clock(left, unit)
    alone = len(left.left) == 1
    whole, spoken = ("0", *left.left)[-2:] if len(left.left) in (1, 2) else ("", "")
    if spoken in HALVES[alone] and whole.isdigit() and len(whole) <= 12:
        return _rounded(Fraction(int(whole) * 60 + 30) / unit, unit)
    number = read_number(left)
    if number is None:
        return None
    if not left.left:
        return _rounded(number, unit)
    if left.take(*HOURS):
        minutes = number * 60
        if left.left:
            more = left.digits(1, 2)
            if not more or not left.take(*MINUTES) or int(more) > 59 or number.denominator > 1:
                return None
            minutes += int(more)
    elif left.take(*MINUTES):
        minutes = number
    else:
        return None
    return None if left.left else _rounded(minutes / unit, unit)


def _clock(left: Tokens, unit: int) -> Decimal | None:
    hours = left.digits(1, 3)
    left.take(":")
    minutes = left.digits(2, 2)
    seconds = left.digits(2, 2) if left.take(":") else "0"
    if not (hours and minutes and seconds) or left.left or int(minutes) > 59 or int(seconds) > 59:
        return None
    return _rounded(Fraction(int(hours) * 3600 + int(minutes) * 60 + int(seconds), 60 * unit), unit)


def _rounded(number: Fraction, unit: int) -> Decimal:
    places = 6 if unit == 60 else 4
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def read_count(text: str) -> int | None:
    left = Tokens(text)
    number = read_number(left)
    left.take(*PEOPLE)
    if number is None or left.left or number.denominator > 1 or number < 0:
        return None
    written = sum(one.isdigit() or one in ".," for one in tidy(text))
    if number >= 10_000_000 and not (written <= 7 and any(one in text for one in MULTIPLES)):
        return None
    return int(number)
