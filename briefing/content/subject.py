"""What a briefing is about, and the only door through which its figures are asked of metrics."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from briefing.content.trace import Trace
from briefing.model import Bullets
from briefing.template import Template
from briefing.words import Words
from metrics.areas import Area, load_areas
from metrics.build import Build
from metrics.context import missing_sentences
from metrics.indicator import Indicator
from metrics.observation import Observation
from metrics.periods import Period
from metrics.query import query, series
from metrics.refusals import QueryRefused
from metrics.sentences import window_of_all
from metrics.variants import USUAL, Variant
from metrics.variants.fitting import fitting, objection

MOST_MISSING = 8  # sentences; the rest is in the dashboard and in python -m metrics explain


@dataclass
class Subject:
    """One area, one period, one window, one build, one language; and what has been printed so far."""

    build: Build
    area: Area
    period: Period
    window: str
    template: Template
    words: Words
    chosen: Variant = USUAL  # the definition asked for; each figure is read with the part that concerns it
    trace: Trace = field(default_factory=Trace)
    said_missing: set[str] = field(default_factory=set)
    tables: int = 0
    charts: int = 0

    @property
    def lang(self) -> str:
        return self.words.lang

    @property
    def city(self) -> Area:
        return load_areas().get(load_areas().city_of(self.area.area_code))

    @property
    def window_text(self) -> str:
        """The window in words; while what is counted to date still runs, up to the last day its figures count."""
        indicators = [indicator for group in self.template.groups for indicator in group.indicators]
        return window_of_all(map(self.now, indicators), self.period, self.window, self.lang)

    def now(self, indicator: Indicator) -> Observation:
        return self._one(indicator, self.area, self.period)

    def year_earlier(self, indicator: Indicator) -> Observation:
        return self._one(indicator, self.area, self.period.year_earlier())

    def whole_city(self, indicator: Indicator) -> Observation:
        return self._one(indicator, self.city, self.period)

    def by_district(self, indicator: Indicator) -> list[Observation]:
        """One row per district, zone and the unknown bucket of the city."""
        return query(
            self.build, indicator.id, self.city.area_code, self.period, self.window, None, "district",
            self.variant(indicator).code,
        )  # fmt: skip

    def course(self, indicator: Indicator) -> list[Observation]:
        """The last periods, oldest first."""
        count = self.template.trend_points[self.period.kind]
        code = self.variant(indicator).code
        return series(
            self.build, indicator.id, self.area.area_code, self.period, self.window, count, None, code
        )

    def _one(self, indicator: Indicator, area: Area, period: Period) -> Observation:
        code = self.variant(indicator).code
        (observation,) = query(self.build, indicator.id, area.area_code, period, self.window, variant=code)
        return observation

    def variant(self, indicator: Indicator) -> Variant:
        """How a figure is read: as chosen where that concerns it and can be answered, else as usual."""
        return fitting(self.chosen, indicator, self.window)

    def objection(self, indicator: Indicator) -> QueryRefused | None:
        """Why a figure that the choice concerns is read as usual all the same."""
        return objection(self.chosen, indicator, self.window)

    def titled(self, indicator: Indicator) -> str:
        """The name, with a mark where the figure is read by another definition than the usual one."""
        mark = self.words("chosen_mark") if self.variant(indicator).choices else ""
        return indicator.name(self.lang) + mark

    def mark_notes(self, indicators: Iterable[Indicator]) -> tuple[str, ...]:
        """What the mark means, below a table or chart in which it stands; of which figure, where it means several."""
        found: dict[str, list[str]] = {}
        shown = list(indicators)
        for indicator in shown:
            if self.variant(indicator).choices:
                names = found.setdefault(self.variant(indicator).label(self.lang), [])
                names.append(indicator.name(self.lang))
        if len(found) == 1 < len(shown):
            return tuple(self.words("note_chosen", chosen=label) for label in found)
        return tuple(
            self.words("note_chosen_of", chosen=label, indicators=self.words.join(names))
            for label, names in found.items()
        )

    def missing(self, rows: Iterable[Observation]) -> tuple[Bullets, ...]:
        """What has not been reported of some figures, as far as the briefing has not said it; nothing for nothing."""
        sentences = [
            one for one in missing_sentences(self.build, rows, self.lang) if one not in self.said_missing
        ]
        self.said_missing.update(sentences)
        if not sentences:
            return ()
        left_out = len(sentences) - MOST_MISSING
        more = (self.words("missing_more", count=left_out),) if left_out > 0 else ()
        return (Bullets((self.words("missing_heading"), *sentences[:MOST_MISSING], *more)),)

    def name_in_sentence(self, indicator: Indicator) -> str:
        name = indicator.name(self.lang)
        return name if self.lang == "zh" else name[0].lower() + name[1:]

    def area_name(self, code: str) -> str:
        """A name for a table: the unknown bucket without its city's name."""
        area = load_areas().get(code)
        return self.words("area_unknown") if area.level == "unknown" else area.name(self.lang)

    def table_title(self, title: str) -> tuple[str, str]:
        """The next table's place and its numbered title."""
        self.tables += 1
        place = self.words("place_table", number=self.tables)
        return place, self.words("table_title", number=self.tables, title=title)

    def chart_title(self, title: str) -> tuple[str, str]:
        self.charts += 1
        place = self.words("place_chart", number=self.charts)
        return place, self.words("chart_title", number=self.charts, title=title)

    def as_of(self) -> date | None:
        """The day up to which everything used here has been reported; None when nothing was."""
        spans = self.build.coverage(self.city.area_code)
        return min((span.last_on for span in spans.values()), default=None)
