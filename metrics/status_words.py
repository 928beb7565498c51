"""What a status is called where readers are told it."""

from metrics.members import age_bands
from metrics.observation import AT_MOST, BEGINS_BEFORE, MERGED, NOBODY_AGED, OTHER_DAY, STATUSES

STATUS_TEXTS = {
    "ok": ("正常", "complete"),
    "provisional": ("未完结，暂定", "provisional: the window is not fully reported yet"),
    "no_denominator": ("没有分母，不能计算", "no denominator, so no value"),
    "denominator_year": ("人口用较早年份代替", "population of an earlier year"),
    "suppressed": ("人数过少，不予显示", "suppressed because few people are behind it"),
    MERGED: ("不予显示的各项合并", "withheld members told together"),
    "not_reported": ("未报送", "not reported"),
    "insufficient": ("没有可比基数，不能计算", "no base to compare with"),
    BEGINS_BEFORE: ("数据不完整（起始于数据之前），暂定", "incomplete: begins before the data, provisional"),
    AT_MOST: (
        "服务记录开始得晚，更早服务过的人也算作没有记录，所以是上限",
        "records begin late, and people who served before them count as without one, so this is an upper bound",
    ),
    OTHER_DAY: ("报到另一天", "reported to another day"),
    NOBODY_AGED: ("没有知道年龄的人，无从计算", "nobody of known age, so nothing to count by"),
    "series_break": ("口径或平台变动，前后不可比", "break in the series"),
}

assert set(STATUS_TEXTS) == {*STATUSES, AT_MOST, BEGINS_BEFORE, NOBODY_AGED, OTHER_DAY}, (
    "every status needs its words"
)


def status_text(status: str, lang: str) -> str:
    """The words of a status, or of an observation's told_status: '人口用较早年份代替（2020年）'."""
    told = []
    for part in status.split("+"):
        code, _, detail = part.partition(":")
        if code == NOBODY_AGED and detail:
            told.append(nobody_text(detail, lang))
            continue
        told.append(STATUS_TEXTS[code][0 if lang == "zh" else 1])
        if detail:
            told[-1] += f"（{detail}年）" if lang == "zh" else f" ({detail})"
    return ("；" if lang == "zh" else "; ").join(told)


def nobody_text(first_ages: str, lang: str) -> str:
    """'没有0–13岁、14–17岁的人，这些年龄的人会怎样无从知道', of bands by their first ages: '0|14'."""
    ages = {int(age) for age in first_ages.split("|")}
    bands = [band for band in age_bands() if band.age_from in ages]
    if lang == "zh":
        return f"没有{'、'.join(band.name for band in bands)}的人，这些年龄的人会怎样无从知道"
    names = " or ".join(band.name_en for band in bands)
    return f"nobody aged {names}, so what people of these ages would do is not known"
