"""Every analysis by name: what it answers, what it has to be told, and how it is run."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from metrics.analysis.age_standardised import age_standardised
from metrics.analysis.bands import bands
from metrics.analysis.composite import composite_index
from metrics.analysis.composites import composite_called
from metrics.analysis.decomposition import decomposition
from metrics.analysis.distribution import hours_distribution
from metrics.analysis.finding import Finding
from metrics.analysis.flows import activity_flows
from metrics.analysis.funnel import funnel
from metrics.analysis.level_changes import level_changes
from metrics.analysis.needed import what_it_takes
from metrics.analysis.peers import peer_position
from metrics.analysis.ranking import ranking
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.analysis.retention import retention
from metrics.analysis.seasonality import seasonality
from metrics.analysis.shapes import Shape
from metrics.analysis.sleeping import sleeping
from metrics.analysis.verdicts import verdicts
from metrics.analysis.year_end import year_end
from metrics.build import Build
from metrics.periods import Period
from metrics.reference import did_you_mean
from metrics.variants import Variant


@dataclass(frozen=True)
class Call:
    """What was asked; an analysis takes of it what it needs."""

    build: Build
    area_code: str
    period: Period
    indicator: str = ""
    window: str | None = None
    basis: str | None = None
    variant: str | None = None
    group: str | None = None  # same_city for a district, same_type for a city
    group_version: str | None = None
    count: int = 12
    target: str | None = None
    before: Period | None = None
    composite: str = "vitality"
    is_corrected: bool = False
    home: Path | None = None

    @property
    def asked(self) -> Asked:
        return Asked(self.indicator, self.window, self.basis, self.variant)


@dataclass(frozen=True)
class Analysis:
    """options: the fields of Call it looks at, besides area and period; an indicator is then required.
    shapes: how its lists are drawn, the first one first; a list without one is shown as a table."""

    name: str
    zh: str
    en: str
    options: tuple[str, ...]
    run: Callable[[Call], Finding]
    shapes: tuple[Shape, ...] = ()

    def question(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    @property
    def needs_indicator(self) -> bool:
        return "indicator" in self.options


QUESTION = ("indicator", "window", "basis", "variant")

ANALYSES = {
    one.name: one
    for one in (
        Analysis(
            "peers", "在对比组里居什么位置", "where an area stands among its peers",
            (*QUESTION, "group", "group_version"),
            lambda c: peer_position(c.build, c.asked, c.area_code, c.period, c.group, c.home, c.group_version),
            (Shape("bars", "各对比地区", "The peers", levels=("median", "observation")),),
        ),
        Analysis(
            "bands", "对比组的百分位带和本地的线", "percentile bands of the peers through time",
            (*QUESTION, "group", "group_version", "count"),
            lambda c: bands(
                c.build, c.asked, c.area_code, c.period, c.group, c.count, c.home, c.group_version
            ),
            (Shape("bands", "对比组的百分位带和本地", "Percentiles of the peers and the area", name="period"),),
        ),
        Analysis(
            "outlook", "到年末会是多少", "where the year will end",
            ("indicator", "basis", "variant"),
            lambda c: year_end(c.build, c.asked, c.area_code, c.period),
            (
                Shape(
                    "bars", "往年截至同月和全年", "Earlier years by this month and whole", name="year",
                    drawn=("by_month", "whole"), levels=("so_far", "expected_count", "lower_count", "upper_count"),
                ),
            ),
        ),
        Analysis(
            "needed", "达到目标或对比组中位数还差多少", "what it takes to reach a target or the peers' median",
            (*QUESTION, "target", "group"),
            lambda c: what_it_takes(c.build, c.asked, c.area_code, c.period, c.target, c.group, c.home),
        ),
        Analysis(
            "distribution", "时长在人与人之间怎样分布", "how hours are spread over people",
            ("window",),
            lambda c: hours_distribution(c.build, c.area_code, c.period, c.window),
            (
                Shape("bars", "各时长段的人数", "People by hours given", name="band_code", drawn=("people",)),
                Shape("bars", "星级", "Stars", "stars", "stars", ("people",)),
            ),
        ),
        Analysis(
            "retention", "各季度注册的人后来还来不来", "retention of quarterly cohorts",
            ("count",),
            lambda c: retention(c.build, c.area_code, c.period, c.count),
            (
                Shape(
                    "lines", "注册后各季有服务记录的占比", "Share that served, by quarters since registration", "curve",
                    "age", ("share",), "lower", "upper", shares=("lower", "upper"),
                ),
                Shape("grid", "各批次", "The cohorts", name="cohort", drawn=("share",), across="age"),
            ),
        ),
        Analysis(
            "flows", "首次、持续、重新活跃、流失", "new, returning, reactivated and lapsed volunteers",
            (),
            lambda c: activity_flows(c.build, c.area_code, c.period),
            (
                Shape(
                    "bars", "活跃者从哪里来，流失和退出的", "Where the active come from, and who stopped", "", "",
                    ("new", "returning", "reactivated", "lapsed", "left"),
                ),
            ),
        ),
        Analysis(
            "sleeping", "多久没有记录的注册者", "registrations without a record for 12, 24, 36 months",
            (),
            lambda c: sleeping(c.build, c.area_code, c.period),
            (
                Shape(
                    "bars", "没有记录的注册者占比", "Share of registrations without a record", "rows", "months",
                    ("share",), "lower", "upper", shares=("lower", "upper"),
                ),
            ),
        ),
        Analysis(
            "seasonality", "什么时候来：月份、星期、节假日、3·5、12·5", "when people serve",
            (),
            lambda c: seasonality(c.build, c.area_code, c.period),
            (
                Shape("bars", "各月为月均的倍数", "Months, of the monthly mean", "months", "name", ("index",)),
                Shape("", "星期六占比", "The share of Saturdays", "saturdays", "name"),
                Shape("bars", "星期几", "Days of the week", "rows", "name", ("visits_share",)),
                Shape("bars", "工作日、周末、节假日", "Kinds of day", "day_kinds", "name", ("visits_per_day",)),
                Shape("", "3·5 和 12·5 前后一周", "The weeks about 5 March and 5 December", "campaigns", "name"),
            ),
        ),
        Analysis(
            "level_changes", "从哪个月起水平变了", "from which month the level has changed",
            ("indicator", "basis", "variant"),
            lambda c: level_changes(c.build, c.asked, c.area_code, c.period),
            (
                Shape(
                    "lines", "各月比上年同月的增减", "Growth of each month on that of the year before", name="period",
                    drawn=("growth", "usual"),
                ),
                Shape("", "水平改变", "Changes of level", "changes", ""),
            ),
        ),
        Analysis(
            "age_standardised", "各区县年龄结构相同时会是多少", "districts as with the whole city's ages",
            ("indicator", "window", "variant"),
            lambda c: age_standardised(c.build, c.asked, c.area_code, c.period),
            (
                Shape(
                    "bars", "按全市年龄结构标化的各区县", "Districts with the whole city's ages", drawn=("standardised",),
                    lower="lower", upper="upper", levels=("benchmark",),
                ),
            ),
        ),
        Analysis(
            "ranking", "区县名次及其误差、档次", "districts in order, with rank intervals and tiers",
            QUESTION,
            lambda c: ranking(c.build, c.asked, c.area_code, c.period),
            (Shape("bars", "各区县及 95% 区间", "Districts with 95% intervals", lower="lower", upper="upper"),),
        ),
        Analysis(
            "verdicts", "各区县高于还是低于全市", "each district against the city",
            (*QUESTION, "is_corrected"),
            lambda c: verdicts(c.build, c.asked, c.area_code, c.period, c.is_corrected),
            (
                Shape(
                    "bars", "各区县与全市", "Districts and the city", lower="lower", upper="upper", levels=("benchmark",)
                ),
            ),
        ),
        Analysis(
            "funnel", "漏斗图：差别是否超出偶然", "funnel plot with over-dispersion",
            QUESTION,
            lambda c: funnel(c.build, c.asked, c.area_code, c.period),
            (
                Shape(
                    "funnel", "各区县与控制限", "Districts and control limits", across="denominator", curve="curve",
                    levels=("average",),
                ),
            ),
        ),
        Analysis(
            "composite", "综合指数及名次对权重的敏感度", "a composite index and its sensitivity to weights",
            ("composite",),
            lambda c: composite_index(c.build, composite_called(c.composite), c.area_code, c.period),
            (Shape("bars", "各区县得分", "Scores of the districts", drawn=("score",)),),
        ),
        Analysis(
            "decomposition", "变化来自各地水平还是结构", "a city's change by rate and structure",
            (*QUESTION, "before"),
            lambda c: decomposition(c.build, c.asked, c.area_code, c.period, c.before),
            (
                Shape("bars", "各区县对变化的影响", "What each district did to the change", drawn=("rate", "structure")),
            ),
        ),
    )
}  # fmt: skip


def analysis_called(name: str) -> Analysis:
    """Raises AnalysisRefused with the nearest name."""
    if name not in ANALYSES:
        raise AnalysisRefused(
            f"没有“{name}”这种分析；可用：{'、'.join(ANALYSES)}。",
            f"There is no analysis '{name}'.{did_you_mean(name, ANALYSES)} There are {', '.join(ANALYSES)}.",
        )
    return ANALYSES[name]


def analyse(name: str, call: Call) -> Finding:
    """Run one analysis. Raises what it refuses, and AnalysisRefused when it lacks its indicator."""
    analysis = analysis_called(name)
    if analysis.needs_indicator and not call.indicator:
        raise AnalysisRefused(
            f"“{name}”要说明是哪个指标：--indicator，例如 active_rate。",
            f"'{name}' needs an indicator: --indicator, such as active_rate.",
        )
    return replace(analysis.run(call), variant=Variant.parse(call.variant).code)
