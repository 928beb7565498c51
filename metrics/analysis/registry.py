"""Every analysis by name: what it answers, what it has to be told, and how it is run."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from metrics.analysis.bands import bands
from metrics.analysis.composite import composite_index
from metrics.analysis.composites import composite_called
from metrics.analysis.decomposition import decomposition
from metrics.analysis.distribution import hours_distribution
from metrics.analysis.finding import Finding
from metrics.analysis.flows import activity_flows
from metrics.analysis.funnel import funnel
from metrics.analysis.needed import what_it_takes
from metrics.analysis.peers import peer_position
from metrics.analysis.ranking import ranking
from metrics.analysis.reading import AnalysisRefused, Asked
from metrics.analysis.retention import retention
from metrics.analysis.seasonality import seasonality
from metrics.analysis.sleeping import sleeping
from metrics.analysis.verdicts import verdicts
from metrics.analysis.year_end import year_end
from metrics.build import Build
from metrics.periods import Period
from metrics.reference import did_you_mean


@dataclass(frozen=True)
class Call:
    """What was asked; an analysis takes of it what it needs."""

    build: Build
    area_code: str
    period: Period
    indicator: str = ""
    window: str | None = None
    basis: str | None = None
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
        return Asked(self.indicator, self.window, self.basis)


@dataclass(frozen=True)
class Analysis:
    """options: the fields of Call it looks at, besides area and period; an indicator is then required."""

    name: str
    zh: str
    en: str
    options: tuple[str, ...]
    run: Callable[[Call], Finding]

    @property
    def needs_indicator(self) -> bool:
        return "indicator" in self.options


QUESTION = ("indicator", "window", "basis")

ANALYSES = {
    one.name: one
    for one in (
        Analysis(
            "peers", "在对比组里居什么位置", "where an area stands among its peers",
            (*QUESTION, "group", "group_version"),
            lambda c: peer_position(c.build, c.asked, c.area_code, c.period, c.group, c.home, c.group_version),
        ),
        Analysis(
            "bands", "对比组的百分位带和本地的线", "percentile bands of the peers through time",
            (*QUESTION, "group", "group_version", "count"),
            lambda c: bands(
                c.build, c.asked, c.area_code, c.period, c.group, c.count, c.home, c.group_version
            ),
        ),
        Analysis(
            "outlook", "到年末会是多少", "where the year will end",
            ("indicator", "basis"),
            lambda c: year_end(c.build, c.asked, c.area_code, c.period),
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
        ),
        Analysis(
            "retention", "各季度注册的人后来还来不来", "retention of quarterly cohorts",
            ("count",),
            lambda c: retention(c.build, c.area_code, c.period, c.count),
        ),
        Analysis(
            "flows", "首次、持续、重新活跃、流失", "new, returning, reactivated and lapsed volunteers",
            (),
            lambda c: activity_flows(c.build, c.area_code, c.period),
        ),
        Analysis(
            "sleeping", "多久没有记录的注册者", "registrations without a record for 12, 24, 36 months",
            (),
            lambda c: sleeping(c.build, c.area_code, c.period),
        ),
        Analysis(
            "seasonality", "什么时候来：月份、星期、节假日、3·5、12·5", "when people serve",
            (),
            lambda c: seasonality(c.build, c.area_code, c.period),
        ),
        Analysis(
            "ranking", "区县名次及其误差、档次", "districts in order, with rank intervals and tiers",
            QUESTION,
            lambda c: ranking(c.build, c.asked, c.area_code, c.period),
        ),
        Analysis(
            "verdicts", "各区县高于还是低于全市", "each district against the city",
            (*QUESTION, "is_corrected"),
            lambda c: verdicts(c.build, c.asked, c.area_code, c.period, c.is_corrected),
        ),
        Analysis(
            "funnel", "漏斗图：差别是否超出偶然", "funnel plot with over-dispersion",
            QUESTION,
            lambda c: funnel(c.build, c.asked, c.area_code, c.period),
        ),
        Analysis(
            "composite", "综合指数及名次对权重的敏感度", "a composite index and its sensitivity to weights",
            ("composite",),
            lambda c: composite_index(c.build, composite_called(c.composite), c.area_code, c.period),
        ),
        Analysis(
            "decomposition", "变化来自各地水平还是结构", "a city's change by rate and structure",
            (*QUESTION, "before"),
            lambda c: decomposition(c.build, c.asked, c.area_code, c.period, c.before),
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
    return analysis.run(call)
