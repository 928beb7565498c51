"""What an analysis gives back: numbers, how many they rest on, a status, and one sentence in two languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

from metrics.areas import load_areas
from metrics.observation import Observation, strongest
from metrics.sentences import format_number, status_text, window_text

MOST_NAMED = 3


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The part all findings share; each adds its numbers. None is missing, which is never the same as zero."""

    area_code: str
    status: str  # one of observation.STATUSES
    n: int  # what the numbers rest on; each finding says what it counts
    zh: str
    en: str
    build_id: str
    variant: str = ""  # the code of the chosen definition; '' the usual one
    told_status: str = ""  # as readers are told the status, where it has words of its own

    def text(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def as_dict(self) -> dict[str, Any]:
        """The fields as plain values, days as ISO text: a JSON object."""
        found = plain(self)
        assert isinstance(found, dict)
        return {"analysis": analysis_name(type(self)), **found}


def analysis_name(kind: type[Finding]) -> str:
    """'PeerPosition' is told as 'peer_position'."""
    return "".join(
        f"_{letter.lower()}" if letter.isupper() else letter for letter in kind.__name__
    ).removeprefix("_")


def plain(value: Any) -> Any:
    """A value made of lists, dictionaries, texts and numbers only; what is not a finite number is None."""
    if isinstance(value, Observation):
        return value.as_dict()
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def together(statuses: list[str] | tuple[str, ...]) -> str:
    """The strongest of many statuses; ok for none."""
    return strongest("ok", *statuses)


def with_status(status: str, zh: str, en: str, rows: Sequence[Observation] = ()) -> tuple[str, str]:
    """A pair of sentences without their full stops, closed with what is to be minded about the figures.

    With the figures the finding rests on, in the words of those that have this status, and which they are.
    """
    if status == "ok":
        return f"{zh}。", f"{en}."
    return f"{zh}；{status_of(status, rows, 'zh')}。", f"{en}; {status_of(status, rows, 'en')}."


def status_of(status: str, rows: Sequence[Observation], lang: str) -> str:
    """'路北区、古冶区：未完结，暂定', or the words alone where all figures, or none of them, have the status."""
    found = [row for row in rows if row.status == status]
    told = list(dict.fromkeys(row.told_status for row in found)) or [status]
    words = ("；" if lang == "zh" else "; ").join(status_text(one, lang) for one in told)
    if len(found) == len(rows) or not found:
        return words
    if len({row.area_code for row in rows}) > 1:
        names = [load_areas().get(code).name(lang) for code in dict.fromkeys(row.area_code for row in found)]
    else:
        names = [window_text(row, lang) for row in found]
    joined = ("、" if lang == "zh" else ", ").join(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        joined += f" 等 {len(names)} 个地区" if lang == "zh" else f" and {len(names) - MOST_NAMED} more"
    return f"{joined}：{words}" if lang == "zh" else f"{joined}: {words}"


def percent_text(share: float, decimals: int = 1) -> str:
    """A fraction of 1 as '12.3%'."""
    return f"{format_number(100 * share, decimals)}%"
