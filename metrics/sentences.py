"""How a figure is written: the one place where numbers become text and observations become sentences."""

from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.indicator import Indicator
from metrics.members import member_name
from metrics.observation import STATUSES, Observation
from metrics.periods import end_label, window_label
from metrics.rounding import rounded_text
from metrics.variants import Variant

MISSING = "—"
STATUS_TEXTS = {
    "ok": ("正常", "complete"),
    "provisional": ("未完结，暂定", "provisional: the window is not fully reported yet"),
    "no_denominator": ("没有分母，不能计算", "no denominator, so no value"),
    "denominator_year": ("人口用较早年份代替", "population of an earlier year"),
    "suppressed": ("人数过少，不予显示", "suppressed because few people are behind it"),
    "not_reported": ("未报送", "not reported"),
    "insufficient": ("没有可比基数，不能计算", "no base to compare with"),
    "series_break": ("口径或平台变动，前后不可比", "break in the series"),
}
BASIS_TEXTS = {"residence": ("按居住地", "by residence"), "service": ("按服务地", "by place of service")}

assert set(STATUS_TEXTS) == set(STATUSES), "every status needs its words"


def status_text(status: str, lang: str) -> str:
    return STATUS_TEXTS[status][0 if lang == "zh" else 1]


def basis_text(basis: str, lang: str) -> str:
    return BASIS_TEXTS[basis][0 if lang == "zh" else 1]


def format_number(number: float | None, decimals: int) -> str:
    """'1,234.5'; what rounds to zero has no sign; missing is a dash."""
    if number is None:
        return MISSING
    text = rounded_text(number, decimals)
    return text.lstrip("-") if not text.strip("-0.,") else text


def with_unit(number: str, indicator: Indicator, lang: str) -> str:
    unit = indicator.unit_name(lang)
    return f"{number}{unit}" if lang == "zh" or unit == "%" else f"{number} {unit}"


def format_value(value: Observation | float | None, indicator: Indicator, lang: str) -> str:
    """A value with the indicator's decimals and unit: '61.2%', '1,234人' / '1,234 people'; missing is '—'.

    More than zero is never written as zero: '<0.1%'.
    """
    number = value.value if isinstance(value, Observation) else value
    if number is None:
        return MISSING
    smallest = 10**-indicator.decimals
    if 0 < number < smallest / 2:
        return "<" + with_unit(format_number(smallest, indicator.decimals), indicator, lang)
    return with_unit(format_number(number, indicator.decimals), indicator, lang)


def format_count(count: float | None) -> str:
    """A numerator or denominator: whole, with separators; hours to the nearest hour."""
    return format_number(count, 0)


def format_interval(observation: Observation, indicator: Indicator, lang: str) -> str:
    """'59.0%–63.3%', or nothing where there is no interval."""
    if observation.lower is None or observation.upper is None:
        return ""
    lower = format_value(observation.lower, indicator, lang)
    return f"{lower}–{format_value(observation.upper, indicator, lang)}"


def area_name_in_full(area_code: str, lang: str) -> str:
    """'唐山市路南区' / 'Lunan District, Tangshan': a district needs its city, a zone often names it."""
    areas = load_areas()
    area, city = areas.get(area_code), areas.get(areas.city_of(area_code))
    name, city_name = (
        (area.area_name, city.area_name) if lang == "zh" else (area.area_name_en, city.area_name_en)
    )
    if area is city or city_name.removesuffix("市") in name:
        return name
    return f"{city_name}{name}" if lang == "zh" else f"{name}, {city_name}"


def describe(observation: Observation, lang: str) -> str:
    """One sentence: where, when, what, how much, of how many, how sure, and what is to be minded."""
    indicator = load_catalogue().indicator(observation.indicator)
    parts = [statement(observation, indicator, lang)]
    interval = format_interval(observation, indicator, lang)
    if interval:
        parts.append(f"，95% 区间 {interval}" if lang == "zh" else f", 95% interval {interval}")
    if observation.status != "ok" and observation.value is not None:
        text = status_text(observation.status, lang)
        parts.append(f"；{text}" if lang == "zh" else f"; {text}")
    return "".join(parts) + ("。" if lang == "zh" else ".")


def statement(observation: Observation, indicator: Indicator, lang: str) -> str:
    """The sentence without interval, status and full stop."""
    subject = describe_subject(observation, indicator, lang)
    if observation.value is None:
        text = status_text(observation.status, lang)
        return f"{subject}：{text}" if lang == "zh" else f"{subject}: {text}"
    value = format_value(observation, indicator, lang)
    counts = describe_counts(observation, indicator, lang)
    if lang == "zh":
        return f"{subject}为 {value}" + (f"（{counts}）" if counts else "")
    return f"{subject}: {value}" + (f" ({counts})" if counts else "")


def describe_subject(observation: Observation, indicator: Indicator, lang: str) -> str:
    """'唐山市路南区 2023年活跃率' / 'Lunan District, Tangshan, 2023, active rate'."""
    where = area_name_in_full(observation.area_code, lang)
    if observation.member:
        member = member_name(observation.dimension, observation.member, lang)
        where += f"（{member}）" if lang == "zh" else f" ({member})"
    when = when_label(observation, indicator, lang)
    what = indicator.name(lang)
    if len(indicator.bases) > 1:
        basis = basis_text(observation.basis, lang)
        what += f"（{basis}）" if lang == "zh" else f" ({basis})"
    if observation.variant:
        what += variant_text(observation.variant, lang)
    return f"{where} {when}{what}" if lang == "zh" else f"{where}, {when}, {what[0].lower()}{what[1:]}"


def variant_text(code: str, lang: str) -> str:
    """'（口径：活跃＝有自动签到记录）' / ' (with active = a clocked record)'; '' for the usual definition."""
    label = Variant.parse(code).label(lang)
    if not label:
        return ""
    return f"（口径：{label}）" if lang == "zh" else f" (with {label})"


def when_label(observation: Observation, indicator: Indicator, lang: str) -> str:
    """The window in words; for what is read at a moment (a stock, or a count of all time), that moment."""
    measure = indicator.numerator.measure
    if measure.scopes:
        return f"{observation.period_end.year}年" if lang == "zh" else f"{observation.period_end.year}"
    if measure.kind == "stock" or indicator.numerator.window == "to_date":
        return end_label(observation.period, lang)
    return window_label(observation.period, observation.window, lang)


def describe_counts(observation: Observation, indicator: Indicator, lang: str) -> str:
    """What the value is made of; nothing for a plain count."""
    if indicator.kind == "measure":
        return ""
    above, below = format_count(observation.numerator), format_count(observation.denominator)
    if indicator.kind == "ratio":
        return f"{above} / {below}"
    if (observation.numerator or 0) >= 0:
        zh, en = f"增加 {above}", f"{above} more than"
    else:
        zh, en = f"减少 {above.lstrip('-')}", f"{above.lstrip('-')} fewer than"
    return f"比上年同期的 {below} {zh}" if lang == "zh" else f"{en} the {below} of a year earlier"
