"""口径 as a choice: the same question under another definition, named wherever its answer goes.

A choice of options on several axes is a Variant; its code (`active=clocked,hours=approved`: axes sorted, defaults
left out, '' for all defaults; `registered=platform:志愿汇` where an option has a member to choose) travels with every
figure, address, export and sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from types import MappingProxyType

from metrics.catalogue import load_catalogue
from metrics.indicator import OVER_TIME, Indicator, Term
from metrics.observation import Observation
from metrics.reference import did_you_mean
from metrics.refusals import QueryRefused
from metrics.variants.axes import Axis, Option, Reading, load_axes

__all__ = [
    "USUAL",
    "Axis",
    "Option",
    "Reading",
    "Variant",
    "axes_of",
    "indicator_of",
    "load_axes",
    "variants_of",
]

USUAL_READING = Reading()
# The windows for which people are counted by their hours.
HOURS_WINDOWS = ("ytd", "year", "to_date")


@dataclass(frozen=True)
class Variant:
    """Choices (axis, option), sorted by axis, without those that are the default."""

    choices: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str | None) -> "Variant":
        """'active=clocked,hours=approved' in any order, defaults allowed. Raises QueryRefused with the nearest."""
        found: dict[str, str] = {}
        for part in (text or "").split(","):
            if not part.strip():
                continue
            axis, _, option = (piece.strip() for piece in part.partition("="))
            option = require_choice(axis, option).code.partition("=")[2]
            if found.setdefault(axis, option) != option:
                raise QueryRefused(
                    f"口径“{axis}”选了两次：{found[axis]} 和 {option}。",
                    f"The axis '{axis}' is chosen twice: {found[axis]} and {option}.",
                )
        axes = load_axes()
        return cls(tuple(sorted(item for item in found.items() if item[1] != axes[item[0]].default)))

    @property
    def code(self) -> str:
        return ",".join(f"{axis}={option}" for axis, option in self.choices)

    @property
    def options(self) -> list[Option]:
        """The chosen options in the order the axes are shown."""
        chosen = dict(self.choices)
        return [
            require_choice(axis.id, chosen[axis.id]) for axis in load_axes().values() if axis.id in chosen
        ]

    def label(self, lang: str) -> str:
        """'活跃＝有自动签到记录，时长＝仅自动签到' / 'active = a clocked record, hours = clocked only'; '' if usual.

        An option with a member needs no axis before it: '仅“志愿汇”注册者' says it all.
        """
        axes, joint = load_axes(), "＝" if lang == "zh" else " = "
        said = [
            one.name(lang) if one.of else f"{axes[one.axis].names[lang]}{joint}{one.name(lang)}"
            for one in self.options
        ]
        return ("，" if lang == "zh" else ", ").join(said)

    def notes(self, lang: str) -> list[str]:
        """What each choice means, as caveats of a figure."""
        return [option.note(lang) for option in self.options]

    def applies_to(self, indicator: Indicator) -> bool:
        try:
            self.require(indicator)
        except QueryRefused:
            return False
        return True

    def require(self, indicator: Indicator, window: str = "", dimension: str = "") -> None:
        """Raises QueryRefused unless a build can hold the indicator so, in the window and breakdown if given."""
        require_concerned(self, indicator)
        for term in terms_of(indicator):
            require_readable(self, indicator, term)
            reading = self.reading(term)
            if reading.hours_from is not None and (term.window or window or "year") not in HOURS_WINDOWS:
                raise QueryRefused(
                    f"口径“{self.label('zh')}”只在年初至今（ytd）、全年（year）和累计（to_date）窗口统计。",
                    f"'{self.code}' is counted for the windows {', '.join(HOURS_WINDOWS)} only.",
                )
            if reading.window:
                require_fixed_window(self, indicator, term, reading.window, dimension)
            if dimension and reading.is_without_breakdown:
                raise QueryRefused(
                    f"口径“{self.label('zh')}”不能再按 {dimension} 细分：数据版本里没有两者交叉的数；"
                    "可以按区县（district）细分，或改用通常口径。",
                    f"'{self.code}' has no breakdown by {dimension}: a build holds no cross of the two; "
                    "ask by district, or with the usual definition.",
                )

    def as_read(self, indicator: Indicator) -> Indicator:
        """The indicator with the window or the population its terms are read with, where a choice fixes one.

        Over the residents of a part, while everybody is counted, no other area is comparable: its part is another one.
        """
        if not self.choices:
            return indicator
        numerator, denominator = self._fixed(indicator.numerator), indicator.denominator
        is_of_a_part = any(self.reading(term).scope for term in terms_of(indicator))
        return replace(
            indicator, numerator=numerator, denominator=denominator and self._fixed(denominator),
            comparability=OVER_TIME if is_of_a_part else indicator.comparability,
        )  # fmt: skip

    def _fixed(self, term: Term) -> Term:
        reading = self.reading(term)
        return replace(term, window=reading.window or term.window, scope=reading.scope or term.scope)

    def concerning(self, indicator: Indicator) -> "Variant":
        """Without the choices on axes that have nothing to do with the indicator."""
        concerned = [axis.id for axis in axes_of(indicator)]
        return Variant(tuple(choice for choice in self.choices if choice[0] in concerned))

    def reading(self, term: Term) -> Reading:
        """How a term is read; at most one choice reads it otherwise, once require() has passed."""
        found = [option.reads[term.measure.id] for option in self.options if term.measure.id in option.reads]
        return found[0] if found else USUAL_READING


USUAL = Variant()


def terms_of(indicator: Indicator) -> list[Term]:
    return [term for term in (indicator.numerator, indicator.denominator) if term is not None]


def axes_of(indicator: Indicator) -> list[Axis]:
    """The axes on which an indicator has a choice, in the order they are shown."""
    counted = {term.measure.id for term in terms_of(indicator)}
    return [axis for axis in load_axes().values() if counted & set(axis.concerns)]


def variants_of(
    indicator: Indicator,
    window: str = "",
    dimension: str = "",
    offered: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> list[Variant]:
    """Every variant in which the indicator can be asked, the usual one first; offered: members by dimension."""
    found = []
    for chosen in product(*(axis.choices(offered) for axis in axes_of(indicator))):
        variant = Variant.parse(",".join(option.code for option in chosen))
        try:
            variant.require(indicator, window, dimension)
        except QueryRefused:
            continue
        found.append(variant)
    return sorted(found, key=lambda variant: len(variant.choices))


def indicator_of(row: Observation) -> Indicator:
    """The indicator of a figure, as its variant reads it."""
    return Variant.parse(row.variant).as_read(load_catalogue().indicator(row.indicator))


def require_fixed_window(
    variant: Variant, indicator: Indicator, term: Term, window: str, dimension: str
) -> None:
    """Raises QueryRefused where a term has another window by definition, or no such breakdown over that window."""
    if term.window and term.window != window:
        raise QueryRefused(
            f"“{indicator.name('zh')}”的窗口由定义固定（{term.window}），不能用口径“{variant.label('zh')}”。",
            f"The definition of {indicator.id} fixes its window ({term.window}), so '{variant.code}' cannot be chosen.",
        )
    if dimension and window not in (term.measure.dimension_windows.get(dimension) or (window,)):
        raise QueryRefused(
            f"口径“{variant.label('zh')}”不能再按 {dimension} 细分：{window} 窗口没有这种细分。",
            f"'{variant.code}' has no breakdown by {dimension}: there is none over the window {window}.",
        )


def require_choice(axis: str, option: str) -> Option:
    """The option of an axis as it is written in a choice; raises QueryRefused if there is none such."""
    axes = load_axes()
    if axis not in axes:
        known = "、".join(f"{one.id}（{one.names['zh']}）" for one in axes.values())
        raise QueryRefused(
            f"没有“{axis}”这种口径；可选：{known}。写法：active=clocked,hours=approved。",
            f"There is no axis '{axis}'.{did_you_mean(axis, axes)} There are {', '.join(axes)}; "
            "write active=clocked,hours=approved.",
        )
    found = axes[axis].option(option)
    if found is None:
        options = [one.code.partition("=")[2] for one in axes[axis].options.values()]
        raise QueryRefused(
            f"口径“{axis}”没有选项“{option}”；可选：{'、'.join(options)}。",
            f"The axis '{axis}' has no option '{option}'.{did_you_mean(option, options)} "
            f"There are {', '.join(options)}.",
        )
    return found


def require_concerned(variant: Variant, indicator: Indicator) -> None:
    concerned = axes_of(indicator)
    strange = [option for option in variant.options if option.axis not in [axis.id for axis in concerned]]
    if not strange:
        return
    axes = load_axes()
    name = axes[strange[0].axis].names["zh"]
    zh = "、".join(f"{axis.id}（{axis.names['zh']}）" for axis in concerned)
    raise QueryRefused(
        f"“{indicator.name('zh')}”与{name}口径（{strange[0].axis}）无关；"
        + (f"它可选的口径：{zh}。" if concerned else "它没有可选的口径。"),
        f"The axis '{strange[0].axis}' does not concern {indicator.id}; "
        + (f"those that do: {', '.join(axis.id for axis in concerned)}." if concerned else "none does."),
    )


def require_readable(variant: Variant, indicator: Indicator, term: Term) -> None:
    """Raises QueryRefused when two choices, or none, say how a measure is to be read."""
    measure_id, axes = term.measure.id, load_axes()
    readers = [option for option in variant.options if measure_id in option.reads]
    if len(readers) > 1:
        first, second = (option.code for option in readers[:2])
        raise QueryRefused(
            f"{first} 和 {second} 不能同时用于“{indicator.name('zh')}”：数据版本里没有两者交叉的数，请只选一个。",
            f"{first} and {second} cannot both be chosen for {indicator.id}: a build holds no cross of the two.",
        )
    for option in variant.options:
        if measure_id in option.reads or axes[option.axis].stays(measure_id):
            continue
        if any(reader.code in option.goes_with for reader in readers):
            continue
        helpful = [code for code in option.goes_with if reads(code, measure_id)]
        also_zh = f"请同时选 {'、'.join(helpful)}。" if helpful else "请改用其他口径。"
        also_en = f"Choose {' or '.join(helpful)} as well." if helpful else "Choose another one."
        raise QueryRefused(
            f"{option.code} 不能单独用于“{indicator.name('zh')}”：数据版本里没有这些人的 {measure_id}。{also_zh}",
            f"{option.code} cannot be used by itself for {indicator.id}: a build does not hold {measure_id} "
            f"of these people. {also_en}",
        )


def reads(code: str, measure_id: str) -> bool:
    axis, _, option = code.partition("=")
    return measure_id in require_choice(axis, option).reads
