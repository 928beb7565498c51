"""Which figures keep two windows from being subtracted: the rule of metrics.judging, with its sentence."""

from collections.abc import Sequence

from metrics.analysis.finding import status_of, together
from metrics.indicator import Indicator
from metrics.judging import FEWEST_FOR_HOURS, is_whole
from metrics.observation import Observation
from metrics.sentences import status_text, window_text


def what_is_not_whole(
    whole: Sequence[Observation], leaves: Sequence[Sequence[Observation]], indicator: Indicator
) -> tuple[str, str] | None:
    """Why figures of a city and its leaves are not complete, in both languages; None where all are.

    Districts may be of few people, as long as the city is not.
    """
    unfinished = [row for row in whole if row.value is not None and not is_whole(row, indicator)]
    zh = [f"{window_text(row, 'zh')}{why_not_whole(row, 'zh')}" for row in unfinished]
    en = [f"{window_text(row, 'en')} is {why_not_whole(row, 'en')}" for row in unfinished]
    parts = [row for rows in leaves for row in rows if row.value is not None]
    status = together([row.status for row in parts])
    if not unfinished and status != "ok":
        zh, en = [status_of(status, parts, "zh")], [status_of(status, parts, "en")]
    if not zh:
        return None
    return (
        f"{'；'.join(zh)}；只有完整的数才相减",
        f"{'; '.join(en)}; only complete figures are subtracted",
    )


def why_not_whole(row: Observation, lang: str) -> str:
    if row.status != "ok":
        return status_text(row.told_status, lang)
    return f"不足 {FEWEST_FOR_HOURS} 人" if lang == "zh" else f"of fewer than {FEWEST_FOR_HOURS} people"
