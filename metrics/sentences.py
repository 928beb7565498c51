"""How a figure is written: the one place where numbers become text and observations become sentences."""

from collections.abc import Iterable

from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.claims import Claim, Context, claims
from metrics.indicator import Indicator
from metrics.members import member_name
from metrics.observation import Observation
from metrics.periods import Period, end_label, window_label, window_until
from metrics.rounding import rounded_text
from metrics.statistics import expected_by_chance
from metrics.status_words import status_text
from metrics.variants import Variant

MISSING = "—"
BASIS_TEXTS = {"residence": ("按居住地", "by residence"), "service": ("按服务地", "by place of service")}


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

    More than zero is never written as zero: '<0.1%'. An upper bound is '至多 61.2%' / 'at most 61.2%'.
    """
    number = value.value if isinstance(value, Observation) else value
    if number is None:
        return MISSING
    smallest = 10**-indicator.decimals
    sign = "<" if 0 < number < smallest / 2 else ""
    text = sign + with_unit(format_number(smallest if sign else number, indicator.decimals), indicator, lang)
    return at_most(text, lang) if isinstance(value, Observation) and value.is_at_most else text


def at_most(text: str, lang: str) -> str:
    return f"至多 {text}" if lang == "zh" else f"at most {text}"


def format_count(count: float | None) -> str:
    """A numerator or denominator: whole, with separators; hours to the nearest hour."""
    return format_number(count, 0)


def exact_count(count: float | None) -> str:
    """A count as it enters the division: whole people, hours to two decimals where they have any."""
    whole = count is None or float(count).is_integer()
    return format_number(count, 0 if whole else 2)


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


def describe(observation: Observation, lang: str, context: Context | None = None) -> str:
    """One sentence: where, when, what, how much, of how many, how sure, and what is to be minded.

    With a context, further sentences: what can be claimed against the city, the year before and the last points.
    Nothing is called significant without its test (metrics.claims).
    """
    indicator = load_catalogue().indicator(observation.indicator)
    parts = [statement(observation, indicator, lang)]
    interval = format_interval(observation, indicator, lang)
    if interval:
        parts.append(f"，95% 区间 {interval}" if lang == "zh" else f", 95% interval {interval}")
    if observation.status != "ok" and observation.value is not None:
        text = status_text(observation.told_status, lang)
        parts.append(f"；{text}" if lang == "zh" else f"; {text}")
    sentence = "".join(parts) + ("。" if lang == "zh" else ".")
    if context is None:
        return sentence
    return ("" if lang == "zh" else " ").join([sentence, *claim_sentences(observation, context, lang)])


def claim_sentences(observation: Observation, context: Context, lang: str) -> list[str]:
    """What may be claimed of a figure, a sentence each; a warning of chance where many areas are judged at once."""
    indicator = load_catalogue().indicator(observation.indicator)
    sentences = []
    for claim in claims(observation, context):
        sentences.append(CLAIM_TEXTS[claim.kind](claim, indicator, lang))
        note = chance_note(context.judged_at_once, lang)
        if claim.kind == "benchmark" and claim.is_significant and note:
            sentences.append(note)
    return sentences


def benchmark_text(claim: Claim, indicator: Indicator, lang: str) -> str:
    """'显著高于全市（全市 46.9%，更好）。' / 'Significantly higher than the city as a whole (46.9%; better).'"""
    assert claim.other is not None
    area = load_areas().get(claim.other.area_code)
    value = format_value(claim.other, indicator, lang)
    if lang == "zh":
        whole = "全市" if area.level == "city" else area.area_name
        beside = f"（{whole} {value}{judged(claim, lang)}）"
        if claim.direction == "similar":
            return f"与{whole}无显著差异{beside}。"
        return f"显著{'高于' if claim.direction == 'higher' else '低于'}{whole}{beside}。"
    whole = "the city as a whole" if area.level == "city" else area.area_name_en
    beside = f"({value}{judged(claim, lang)})"
    if claim.direction == "similar":
        return f"No significant difference from {whole} {beside}."
    return f"Significantly {claim.direction} than {whole} {beside}."


def change_text(claim: Claim, indicator: Indicator, lang: str) -> str:
    """'比上年同期显著上升 2.3 个百分点（上年同期 65.6%，更好）。' Without a test the bare change."""
    assert claim.other is not None
    assert claim.change is not None
    value = format_value(claim.other, indicator, lang)
    amount = claim.change.text(lang, is_told_apart=claim.is_significant).lstrip("+-")
    if lang == "zh":
        beside = f"（上年同期 {value}{judged(claim, lang)}）"
        if claim.direction == "similar":
            return f"与上年同期{'无显著差异' if claim.is_tested else '持平'}{beside}。"
        moved = "上升" if claim.direction == "higher" else "下降"
        return f"比上年同期{'显著' if claim.is_tested else ''}{moved} {amount}{beside}。"
    beside = f"({value}{judged(claim, lang)})"
    if claim.direction == "similar":
        same = "No significant difference from" if claim.is_tested else "No change to speak of on"
        return f"{same} the year before {beside}."
    moved = "up" if claim.direction == "higher" else "down"
    moved = f"Significantly {moved}" if claim.is_tested else moved.capitalize()
    return f"{moved} {amount} on the year before {beside}."


def trend_text(claim: Claim, indicator: Indicator, lang: str) -> str:
    """'近5期显著上升（更好）。' / 'Rising significantly over the last 5 periods (better).'"""
    words = {
        "higher": ("近5期显著上升", "Rising significantly over the last 5 periods"),
        "lower": ("近5期显著下降", "Falling significantly over the last 5 periods"),
        "similar": ("近5期无显著升降", "No significant trend over the last 5 periods"),
    }
    zh, en = words[claim.direction]
    if not claim.judgement:
        return f"{zh}。" if lang == "zh" else f"{en}."
    word = JUDGEMENTS[claim.judgement][0 if lang == "zh" else 1]
    return f"{zh}（{word}）。" if lang == "zh" else f"{en} ({word})."


def judged(claim: Claim, lang: str) -> str:
    """'，更好' / '; better', or nothing where nothing is better."""
    if not claim.judgement:
        return ""
    zh, en = JUDGEMENTS[claim.judgement]
    return f"，{zh}" if lang == "zh" else f"; {en}"


def chance_note(tests: int, lang: str) -> str:
    """'同时比较 84 个地区时，平均约 4 个会仅因偶然而显得不同。' Nothing for a single test."""
    if tests < 2:
        return ""
    about = about_by_chance(tests, lang)
    if lang == "zh":
        return f"同时比较 {tests} 个地区时，平均{about}会仅因偶然而显得不同。"
    return f"Of {tests} areas compared at once, {about} will differ by chance alone."


def about_by_chance(tests: int, lang: str) -> str:
    """'约 4 个' / 'about 4': how many of so many comparisons stand out by chance, wherever it is said."""
    number = rounded_text(float(expected_by_chance(tests)), 0)
    if number == "0":
        return "不到 1 个" if lang == "zh" else "fewer than 1"
    return f"约 {number} 个" if lang == "zh" else f"about {number}"


JUDGEMENTS = {"better": ("更好", "better"), "worse": ("更差", "worse")}
CLAIM_TEXTS = {"benchmark": benchmark_text, "change": change_text, "trend": trend_text}


def statement(observation: Observation, indicator: Indicator, lang: str) -> str:
    """The sentence without interval, status and full stop."""
    subject = describe_subject(observation, indicator, lang)
    if observation.value is None:
        text = status_text(observation.told_status, lang)
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
    """The window in words; for what is read at a moment (a stock, or a count of all time), that moment: the last day
    counted, where the window still runs and has no end to be read at."""
    measure = indicator.numerator.measure
    if measure.scopes:
        return f"{observation.period_end.year}年" if lang == "zh" else f"{observation.period_end.year}"
    if measure.kind == "stock" or indicator.numerator.window == "to_date":
        return end_label(observation.period, lang, observation.counted_through)
    return window_text(observation, lang)


def window_text(observation: Observation, lang: str) -> str:
    """The window a figure is read in, in words; of everything to date, the last day counted."""
    return window_label(observation.period, observation.window, lang, observation.counted_through)


def window_of_all(rows: Iterable[Observation], period: Period, window: str, lang: str) -> str:
    """The window several figures are read in; of everything to date, the last day counted of any that has a value."""
    return window_until([row.counted_through for row in rows if row.value is not None], period, window, lang)


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
