"""What an analysis gives back: numbers, how many they rest on, a status, and one sentence in two languages."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

from metrics.observation import Observation, strongest
from metrics.sentences import format_number, status_text


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The part all findings share; each adds its numbers. None is missing, which is never the same as zero."""

    area_code: str
    status: str  # one of observation.STATUSES
    n: int  # what the numbers rest on; each finding says what it counts
    zh: str
    en: str
    build_id: str

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


def with_status(status: str, zh: str, en: str) -> tuple[str, str]:
    """A pair of sentences without their full stops, closed with what is to be minded about the figures."""
    if status == "ok":
        return f"{zh}。", f"{en}."
    return f"{zh}；{status_text(status, 'zh')}。", f"{en}; {status_text(status, 'en')}."


def percent_text(share: float, decimals: int = 1) -> str:
    """A fraction of 1 as '12.3%'."""
    return f"{format_number(100 * share, decimals)}%"
