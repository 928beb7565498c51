"""What a kind of briefing contains: templates/*.toml, read strictly. One template is one file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from metrics.catalogue import load_catalogue
from metrics.definitions import DefinitionFault, Sheet, read_toml
from metrics.indicator import Indicator
from metrics.periods import PERIOD_KINDS
from metrics.reference import did_you_mean
from metrics.refusals import Refused

FOLDER = Path(__file__).resolve().parent / "templates"
DEFAULT = "overview"


class TemplateNotKnown(Refused):
    """No template has this name."""


@dataclass(frozen=True)
class Group:
    """Headline figures that belong together."""

    names: Mapping[str, str]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class Template:
    id: str
    names: Mapping[str, str]
    titles: Mapping[str, str]
    groups: tuple[Group, ...]
    district_columns: tuple[Indicator, ...]
    district_charts: tuple[Indicator, ...]
    trend: tuple[Indicator, ...]
    trend_points: Mapping[str, int]  # by kind of period

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator used, each once, in order of appearance."""
        groups = [indicator for group in self.groups for indicator in group.indicators]
        every = [*groups, *self.district_columns, *self.district_charts, *self.trend]
        return tuple({indicator.id: indicator for indicator in every}.values())


def template_names(folder: Path = FOLDER) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.toml"))


def load_template(name: str = DEFAULT, folder: Path = FOLDER) -> Template:
    """The template of this name. Raises TemplateNotKnown, or DefinitionFault naming file and key."""
    known = template_names(folder)
    if name not in known:
        raise TemplateNotKnown(
            f"没有简报模板“{name}”；可用：{'、'.join(known)}。",
            f"There is no template '{name}'.{did_you_mean(name, known)} There is {', '.join(known)}.",
        )
    values = read_toml(folder / f"{name}.toml")
    sheet = Sheet(f"{name}.toml", values, ("name", "title", "groups", "districts", "trend"))
    districts = sheet.table("districts", ("columns", "charts"))
    trend = sheet.table("trend", ("indicators", "points"))
    points = trend.table("points", PERIOD_KINDS)
    titles = sheet.both_languages("title")
    for lang, title in titles.items():
        if "{area}" not in title:
            raise sheet.fault(f"title, {lang}: found {title!r}, expected a text that says {{area}}.")
    return Template(
        id=name,
        names=sheet.both_languages("name"),
        titles=titles,
        groups=read_groups(sheet),
        district_columns=indicators_of(districts, "columns"),
        district_charts=indicators_of(districts, "charts"),
        trend=indicators_of(trend, "indicators"),
        trend_points={kind: points.whole_number(kind) for kind in PERIOD_KINDS},
    )


def read_groups(sheet: Sheet) -> tuple[Group, ...]:
    values = sheet.required("groups")
    if not isinstance(values, list) or not values:
        raise sheet.fault("groups: expected at least one [[groups]].")
    groups = []
    for number, value in enumerate(values, start=1):
        group = Sheet(f"{sheet.place}, groups {number}", value, ("name", "indicators"))
        groups.append(Group(group.both_languages("name"), indicators_of(group, "indicators")))
    return tuple(groups)


def indicators_of(sheet: Sheet, key: str) -> tuple[Indicator, ...]:
    """The indicators a list names; at least one."""
    catalogue = load_catalogue()
    ids = sheet.choices(key, [indicator.id for indicator in catalogue.all()])
    if not ids:
        raise DefinitionFault(f"{sheet.place}, {key}: expected at least one indicator.")
    return tuple(catalogue.indicator(indicator_id) for indicator_id in ids)
