"""One figure beside another: what a comparison holds, and its sentence."""

from dataclasses import dataclass, field
from datetime import date

from metrics.change import Change
from metrics.comparisons.peers import PeerMedian
from metrics.comparisons.reasons import Reason
from metrics.difference import Difference
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import window_span
from metrics.sentences import format_value, window_text

KINDS = ("previous", "year_earlier", "target", "benchmark", "peer", "chosen")
NAMES = {
    "previous": ("上期", "the period before"),
    "year_earlier": ("上年同期", "the year before"),
    "target": ("目标", "the target"),
    "benchmark": ("全市", "the whole city"),
    "peer": ("对比组中位数", "the peer median"),
    "chosen": ("所选时期", "the chosen period"),
}


@dataclass(frozen=True)
class Comparison:
    """One figure beside another. `now` and `other` are up to corresponding days where `through` names them."""

    kind: str  # one of KINDS
    name_zh: str
    name_en: str
    now: Observation
    other: Observation | None  # None beside a fixed number, and where there is nothing to compare with
    reference: float | None  # the number compared with
    change: Change | None  # None where the two are not compared
    reasons: tuple[Reason, ...] = ()  # why not, the decisive one first
    difference: Difference | None = None  # of what can be tested: whether it is more than chance
    through: tuple[date, date] | None = None
    peers: PeerMedian | None = None  # of kind peer only
    indicator: Indicator = field(repr=False, kw_only=True)

    @property
    def is_allowed(self) -> bool:
        return self.change is not None

    @property
    def is_provisional(self) -> bool:
        return self.is_allowed and self.now.status == "provisional"

    @property
    def status(self) -> str:
        if self.reasons:
            return self.reasons[0].status
        return "provisional" if self.is_provisional else "ok"

    def name(self, lang: str) -> str:
        return self.name_zh if lang == "zh" else self.name_en

    def change_text(self, lang: str) -> str:
        """The change as written beside what the test says of it; '' where the two are not compared."""
        is_told_apart = self.difference is not None and self.difference.is_distinguishable
        return self.change.text(lang, is_told_apart=is_told_apart) if self.change else ""

    def text(self, lang: str) -> str:
        """'与上年同期（2022年，65.6%）相比：+2.3 个百分点，差别超出偶然波动。', or why the two are not compared."""
        name, zh = self.name(lang), lang == "zh"
        if self.change is None:
            why = ("" if zh else " ").join(reason.text(lang) for reason in self.reasons)
            of = self.peers.told(lang) if self.peers else ""
            name += (f"（{of}）" if zh else f" ({of})") if of else ""
            return f"不与{name}比较：{why}" if zh else f"Not compared with {name}: {why}"
        told = [] if self.other is None or self.kind == "benchmark" else [self.when(lang)]
        told.append(format_value(self.reference, self.indicator, lang))
        if self.through and self.kind in ("benchmark", "peer"):
            told.insert(0, f"截至 {self.through[1]}" if zh else f"up to {self.through[1]}")
        if self.peers:
            told[-1] += ("；" if zh else "; ") + self.peers.told(lang)
        parts = [self.change_text(lang)]
        if self.through:  # the figure asked for may reach further than what is compared
            value, day = format_value(self.now.value, self.indicator, lang), self.through[0]
            parts.insert(0, f"到 {day} 为 {value}" if zh else f"{value} up to {day}")
        if self.difference:
            parts.append(self.difference.text(lang))
        if self.peers and self.peers.note(lang):
            parts.append(self.peers.note(lang))
        if self.is_provisional:
            parts.append("未完结，暂定" if zh else "provisional")
        if zh:
            return f"与{name}（{'，'.join(told)}）相比：{'，'.join(parts)}。"
        return f"Against {name} ({', '.join(told)}): {', '.join(parts)}."

    def when(self, lang: str) -> str:
        """The other window in words, and the day up to which it is read where that is not its end."""
        assert self.other is not None, "a fixed number has no window"
        if self.through:
            start, _ = window_span(self.other.period, self.other.window)
            return f"{start}–{self.through[1]}"
        return window_text(self.other, lang)
