"""What our suppliers' spreadsheets do to the values: ID numbers, dates, hours and digits written otherwise."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from bench.polluters import Dirty, polluter
from bench.polluters.clean import ACTIVITY, DAY, HOURS, PERSON, STATUS, Clean, joined, written

FAMILY = "suppliers: values"
FULL_WIDTH = str.maketrans("0123456789X.-", "０１２３４５６７８９Ｘ．－")
SPREADSHEET_EPOCH = date(1899, 12, 30)


def _changed(clean: Clean, place: int, change: Callable[[str], str], every: int = 1) -> Dirty:
    """One column's cells changed, in every row or in every n-th."""
    texts = [
        change(row[place]) if number % every == 0 else row[place] for number, row in enumerate(clean.rows)
    ]
    return Dirty(written(clean.column(place, texts)), clean.truth())


def _set(clean: Clean, place: int, text: str, every: int) -> Dirty:
    """One column's cells all set to a text, in every n-th row."""
    return _changed(clean, place, lambda _: text, every)


def _in_days(clean: Clean, change: Callable[[date], str], every: int = 1) -> Dirty:
    return _changed(clean, DAY, lambda text: change(date.fromisoformat(text)), every)


def _formatted(form: str, days: int = 0) -> Callable[[date], str]:
    """Writes a day (or one some days off), and the day two days later where the form has a place for it."""

    def write(day: date) -> str:
        first = day + timedelta(days=days)
        return form.format(first, first + timedelta(days=2))

    return write


def _in_hours(clean: Clean, change: Callable[[Decimal], str], every: int = 1) -> Dirty:
    return _changed(clean, HOURS, lambda text: change(Decimal(text)), every)


@polluter(family=FAMILY, about="ID numbers as a spreadsheet shows and saves them: 1.30202E+17")
def supplier_id_scientific(clean: Clean) -> Iterator[Dirty]:
    def scientific(text: str) -> str:
        return text if text.endswith("X") else f"{Decimal(text):.5E}"

    yield _changed(clean, PERSON, scientific)
    yield _changed(clean, PERSON, scientific, every=40)


@polluter(family=FAMILY, about="ID numbers rounded to 15 digits: the last three are 000")
def supplier_id_rounded(clean: Clean) -> Iterator[Dirty]:
    for every in (30, 1):
        yield _changed(clean, PERSON, lambda text: text if text.endswith("X") else text[:15] + "000", every)


@polluter(
    family=FAMILY, about="ID numbers forced to text: apostrophe, tab, formula, blanks, full width, small x"
)
def supplier_id_forced_to_text(clean: Clean) -> Iterator[Dirty]:
    for change in (
        lambda text: "'" + text,
        lambda text: text + "\t",
        lambda text: f'="{text}"',
        lambda text: f"{text[:6]} {text[6:14]} {text[14:]}",
        lambda text: text.translate(FULL_WIDTH),
        lambda text: text.lower(),
    ):
        yield _changed(clean, PERSON, change)
    lines = [",".join(f'="{text}"' if place == PERSON and row else text for place, text in enumerate(cells) if place != 4)
             for row, cells in enumerate(clean.table())]  # fmt: skip
    yield Dirty(joined(lines), clean.truth())


@polluter(family=FAMILY, about="ID numbers of 15 digits, as issued before 1999, of those born before 2000")
def supplier_id_of_15_digits(clean: Clean) -> Iterator[Dirty]:
    yield _changed(clean, PERSON, lambda text: text[:6] + text[8:17] if text[6:8] == "19" else text)


@polluter(family=FAMILY, about="ID numbers mistyped or masked in some rows")
def supplier_id_wrong(clean: Clean) -> Iterator[Dirty]:
    def next_digit(text: str) -> str:
        return f"{text[:12]}{(int(text[12]) + 1) % 10}{text[13:]}"

    yield _changed(clean, PERSON, next_digit, every=20)
    yield _changed(clean, PERSON, lambda text: text[:17], every=20)
    yield _changed(clean, PERSON, lambda text: text.replace("0", "O", 1), every=20)
    yield _changed(clean, PERSON, lambda text: f"{text}、{text}", every=20)
    yield _changed(clean, PERSON, lambda text: f"{text[:4]}**********{text[14:]}", every=20)


@polluter(
    family=FAMILY, about="dates written with slashes, points, characters, without separators, with a time"
)
def supplier_date_written(clean: Clean) -> Iterator[Dirty]:
    for change in (
        lambda day: f"{day.year}/{day.month}/{day.day}",
        lambda day: f"{day.year}.{day.month}.{day.day}",
        lambda day: f"{day.year}年{day.month}月{day.day}日",
        lambda day: f"{day:%Y%m%d}",
        lambda day: f"{day} 00:00:00",
        lambda day: f"{day.year}/{day.month}/{day.day} 0:00",
        lambda day: f"{day} 星期{'一二三四五六日'[day.weekday()]}",
        lambda day: f"{day.year}年{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）",
        lambda day: f"{day}".translate(FULL_WIDTH),
    ):
        yield _in_days(clean, change)
    ways = ("{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}")
    texts = [ways[number % 4].format(record.day) for number, record in enumerate(clean.records)]
    yield Dirty(written(clean.column(DAY, texts)), clean.truth())


@polluter(family=FAMILY, about="dates as a spreadsheet's serial numbers, in every row or in some")
def supplier_date_serial(clean: Clean) -> Iterator[Dirty]:
    for every in (1, 25):
        yield _in_days(clean, lambda day: str((day - SPREADSHEET_EPOCH).days), every)


@polluter(family=FAMILY, about="dates with the day first, or with a year of two digits: 03/04/2023, 23-4-3")
def supplier_date_ambiguous(clean: Clean) -> Iterator[Dirty]:
    for every in (1, 25):
        yield _in_days(clean, lambda day: f"{day:%d/%m/%Y}", every)
    yield _in_days(clean, lambda day: f"{day:%d-%m-%y}")
    yield _in_days(clean, lambda day: f"{day:%y}-{day.month}-{day.day}")


@polluter(family=FAMILY, about="midnight in Beijing as UTC: 2023-05-01T16:00:00Z is the second of May")
def supplier_date_utc(clean: Clean) -> Iterator[Dirty]:
    for form in ("{}T16:00:00Z", "{}T16:00:00.000Z", "{} 16:00:00+00:00"):
        yield _in_days(clean, _formatted(form, -1))


@polluter(family=FAMILY, about="months, days without a year and spans of days, in some rows")
def supplier_date_partial(clean: Clean) -> Iterator[Dirty]:
    for form in ("{0:%Y-%m}", "{0.year}年{0.month}月", "{0.month}月{0.day}日", "{0}至{1}", "{0}~{1:%m-%d}"):
        yield _in_days(clean, _formatted(form), every=33)


@polluter(family=FAMILY, about="days that do not exist or have not come, in some rows")
def supplier_date_impossible(clean: Clean) -> Iterator[Dirty]:
    for text in ("2023-02-30", "2032-05-01", "0000-00-00", "1900-01-00"):
        yield _set(clean, DAY, text, every=33)


@polluter(family=FAMILY, about="hours with a unit, as a clock time, with a decimal comma, as words")
def supplier_hours_written(clean: Clean) -> Iterator[Dirty]:
    for change in (
        lambda hours: f"{hours}小时",
        lambda hours: f"{hours}h",
        lambda hours: f"{int(hours)}小时{int(hours % 1 * 60)}分",
        lambda hours: f"{int(hours)}:{int(hours % 1 * 60):02}",
        lambda hours: str(hours).replace(".", ","),
        lambda hours: f"{hours}".translate(FULL_WIDTH),
        lambda hours: f"{hours:.2f}",
    ):
        yield _in_hours(clean, change)
        yield _in_hours(clean, change, every=29)


@polluter(family=FAMILY, about="the hours in minutes, as the header or each cell says")
def supplier_hours_in_minutes(clean: Clean) -> Iterator[Dirty]:
    table = clean.column(HOURS, [f"{record.minutes:.0f}" for record in clean.records])
    table[0][HOURS] = "服务时长（分钟）"
    yield Dirty(written(table), clean.truth())
    texts = [f"{record.minutes:.0f}分钟" for record in clean.records]
    yield Dirty(written(clean.column(HOURS, texts)), clean.truth())


@polluter(family=FAMILY, about="hours that cannot be: negative, above 24, ranges, errors of a formula")
def supplier_hours_impossible(clean: Clean) -> Iterator[Dirty]:
    for text in ("-3", "300", "#DIV/0!", "#########", "3-4", "若干", "1天", "50%", "2..5"):
        yield _set(clean, HOURS, text, every=33)


@polluter(family=FAMILY, about="cells left empty in some rows, or filled with a dash, 无, NULL or N/A")
def supplier_missing_values(clean: Clean) -> Iterator[Dirty]:
    for place in (PERSON, DAY, HOURS):
        for text in ("", "-", "无", "NULL", "N/A"):
            yield _set(clean, place, text, every=50)


@polluter(
    family=FAMILY, about="a status, or an activity's number, in other words: invisible characters, full width"
)
def supplier_codes_written(clean: Clean) -> Iterator[Dirty]:
    yield _changed(clean, STATUS, lambda text: f"\u00a0{text}\u3000")
    yield _changed(clean, STATUS, lambda text: {"通过": "审核通过", "待审": "待审核", "驳回": "已驳回"}[text])
    yield _set(clean, STATUS, "作废", every=37)
    yield _changed(clean, ACTIVITY, lambda text: f" {text}\u200b")
