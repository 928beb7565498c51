"""Questions to a build: an indicator, an area, a period → observations with counts, interval and status.

Sum first, divide last: numerator and denominator are read separately for the same area, window and member,
and divided once, here. Anything over zero is missing.
"""

from metrics.areas import Area, load_areas
from metrics.build import Build
from metrics.catalogue import BASES, load_catalogue
from metrics.indicator import Indicator
from metrics.members import DIMENSIONS, DISTRICT, dimension_name
from metrics.merged_members import merged_members
from metrics.observation import Observation
from metrics.observe import Question, observe
from metrics.periods import Period, require_window
from metrics.reference import did_you_mean
from metrics.refusals import QueryRefused
from metrics.variants import Variant

__all__ = ["Observation", "QueryRefused", "breakdown", "query", "series"]

BREAKDOWNS = (DISTRICT, *DIMENSIONS)


def query(
    build: Build,
    indicator_id: str,
    area_code: str,
    period: Period,
    window: str | None = None,
    basis: str | None = None,
    by: str | None = None,
    variant: str | None = None,
) -> list[Observation]:
    """Observations of one indicator: one row, or one per child area or member.

    by None gives the area's own figure; 'district' one row per child (districts, zones, the unknown bucket
    last); 'gender' or 'age_band' one row per member, `unknown` included. `variant` is a choice of definition such
    as 'active=clocked,hours=approved'; '' or None the usual one. Raises QueryRefused, IndicatorNotKnown,
    PeriodNotKnown or AreaNotKnown, all ValueError, for a question that makes no sense.
    """
    return answer(build, indicator_id, area_code, period, window, basis, by, variant)[1]


def breakdown(
    build: Build,
    indicator_id: str,
    area_code: str,
    period: Period,
    window: str | None = None,
    basis: str | None = None,
    by: str = "district",
    variant: str | None = None,
) -> list[Observation]:
    """What query() answers, for readers: where members or districts are withheld, and what they come to together can
    be told, one row more (`is_merged`), the last one, which names them."""
    question, rows = answer(build, indicator_id, area_code, period, window, basis, by, variant)
    return [*rows, *merged_members(build, question, [period], rows)]


def answer(
    build: Build,
    indicator_id: str,
    area_code: str,
    period: Period,
    window: str | None,
    basis: str | None,
    by: str | None,
    variant: str | None,
) -> tuple[Question, list[Observation]]:
    question = ask(indicator_id, period, window, basis, "" if by in (None, DISTRICT) else by, variant)
    areas = children_of(area_code) if by == DISTRICT else [load_areas().get(area_code)]
    require_known(build, question.variant, area_code, question.dimension)
    return question, observe(build, question, areas, [period])


def series(
    build: Build,
    indicator_id: str,
    area_code: str,
    period: Period,
    window: str | None = None,
    count: int = 12,
    basis: str | None = None,
    variant: str | None = None,
) -> list[Observation]:
    """The same figure for `count` consecutive periods, oldest first, ending with `period`."""
    if count < 1:
        raise QueryRefused("序列至少要有一个统计期。", "A series needs at least one period.")
    question = ask(indicator_id, period, window, basis, "", variant)
    require_known(build, question.variant, area_code, question.dimension)
    periods = [period.previous(n) for n in range(count - 1, -1, -1)]
    return observe(build, question, [load_areas().get(area_code)], periods)


def ask(
    indicator_id: str,
    period: Period,
    window: str | None,
    basis: str | None,
    dimension: str | None,
    variant: str | None = None,
) -> Question:
    """A question whose parts go together, or a refusal that says which do not."""
    indicator = load_catalogue().indicator(indicator_id)
    if dimension:
        require_dimension(indicator, dimension)
    window = require_window(period, window)
    require_window_of(indicator, window, dimension or "")
    chosen = Variant.parse(variant)
    basis = require_basis(indicator, basis)
    chosen.require(indicator, window, dimension or "")
    return Question(chosen.as_read(indicator), window, basis, dimension or "", chosen)


def require_known(build: Build, variant: Variant, area_code: str, dimension: str = "") -> None:
    """Which platforms there are a build knows, by city: raises QueryRefused for a choice of another one."""
    chosen = [option.member for option in variant.options if option.of == "platform"]
    if not chosen and dimension != "platform":
        return
    city = load_areas().get(load_areas().city_of(area_code))
    known = build.platforms(city.area_code)
    if not known:
        raise QueryRefused(
            f"数据版本 {build.build_id} 没有{city.area_name}分平台的注册人数：没有报送注册数据，或者这个版本发布较早"
            "（请重新发布：python -m etl publish）。",
            f"Build {build.build_id} has no registers by platform for {city.area_name_en or city.area_code}: nothing "
            "was reported, or it is an earlier program's (run python -m etl publish).",
        )
    for name in chosen:
        if name not in known:
            raise QueryRefused(
                f"{city.area_name}的注册数据里没有平台“{name}”；有：{'、'.join(known)}。",
                f"The registers of {city.area_name_en or city.area_code} name no platform '{name}'."
                f"{did_you_mean(name, known)} There are {', '.join(known)}.",
            )


def require_window_of(indicator: Indicator, window: str, dimension: str) -> None:
    """Some measures, and some breakdowns, compare a window with the one before, which not every window has."""
    windows = indicator.windows(dimension)
    if window not in windows:
        zh = f"按{dimension_name(dimension, 'zh')}细分时" if dimension else ""
        en = f" by {dimension}" if dimension else ""
        raise QueryRefused(
            f"“{indicator.name('zh')}”{zh}没有窗口“{window}”，只有：{'、'.join(windows)}。",
            f"{indicator.id}{en} has no window '{window}'; it has {', '.join(windows)}.",
        )


def require_basis(indicator: Indicator, basis: str | None) -> str:
    if basis is None:
        return indicator.bases[0]
    if basis not in BASES:
        raise QueryRefused(
            f"没有“{basis}”这种口径；可用：residence（居住地）、service（服务地）。",
            f"There is no basis '{basis}'.{did_you_mean(basis, BASES)} There are residence and service.",
        )
    if basis not in indicator.bases:
        only = "、".join(indicator.bases)
        raise QueryRefused(
            f"“{indicator.name('zh')}”不能用 {basis} 口径，只有：{only}。",
            f"{indicator.id} has no basis '{basis}'; it has {', '.join(indicator.bases)}.",
        )
    return basis


def require_dimension(indicator: Indicator, by: str) -> None:
    if by not in BREAKDOWNS:
        raise QueryRefused(
            f"不能按“{by}”细分；可用：{'、'.join(BREAKDOWNS)}。",
            f"There is no breakdown by '{by}'.{did_you_mean(by, BREAKDOWNS)} "
            f"There are {', '.join(BREAKDOWNS)}.",
        )
    if by not in indicator.dimensions:
        raise QueryRefused(
            f"“{indicator.name('zh')}”不能按{dimension_name(by, 'zh')}细分："
            "它不是按人统计的，只能按区县（district）细分。",
            f"{indicator.id} has no breakdown by {by}: it does not count people by their attributes; "
            "it can be asked by district.",
        )


def children_of(area_code: str) -> list[Area]:
    area = load_areas().get(area_code)
    children = load_areas().children(area_code)
    if not children:
        raise QueryRefused(
            f"{area.area_name}没有下级地区，不能按 district 细分；请改用所属城市。",
            f"{area.area_name_en or area.area_code} has no areas below it: ask for its city by district.",
        )
    return children
