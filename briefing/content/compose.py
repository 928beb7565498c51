"""From a question (area, period, window, template) to a Briefing. Everything a writer prints is decided here."""

from briefing.content.definitions import definition_section
from briefing.content.districts import district_section
from briefing.content.headlines import headline_section
from briefing.content.sources import source_section
from briefing.content.subject import Subject
from briefing.content.trace import trace_section
from briefing.content.trend import trend_section
from briefing.model import Briefing, Section
from briefing.template import Template
from briefing.typography import typeset
from briefing.words import load_words
from metrics.areas import load_areas
from metrics.build import Build
from metrics.periods import Period, require_window
from metrics.refusals import QueryRefused
from metrics.variants import USUAL, Variant


class NothingToSay(RuntimeError):
    """The build holds nothing about this area in this window; the sentences say how far it reaches."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en


def compose(
    build: Build,
    area_code: str,
    period: Period,
    window: str | None,
    template: Template,
    lang: str = "zh",
    variant: Variant = USUAL,
) -> Briefing:
    """The briefing in one language, every figure that `variant` concerns by that definition, the others as usual.

    Raises NothingToSay, and what metrics.query raises for a wrong question."""
    area = load_areas().get(area_code)
    subject = Subject(
        build, area, period, require_window(period, window), template, load_words(lang), variant
    )
    require_chosen(subject)
    require_reported(subject)
    sections = (
        headline_section(subject),
        district_section(subject),
        trend_section(subject),
        definition_section(subject),
        source_section(subject),
    )
    briefing = framed(subject, sections)
    return typeset(briefing) if lang == "zh" else briefing


def require_chosen(subject: Subject) -> None:
    """A choice that no figure can be read by would be on the title page and nowhere else."""
    if subject.chosen.choices and not any(
        subject.variant(one).choices for one in subject.template.indicators
    ):
        label = {lang: subject.chosen.label(lang) for lang in ("zh", "en")}
        raise QueryRefused(
            f"口径“{label['zh']}”在窗口 {subject.window} 里读不了本简报的任何一个指标，没有生成简报。",
            f"No figure of this briefing can be read with {label['en']} over the window {subject.window}.",
        )


def require_reported(subject: Subject) -> None:
    """A page of dashes is no briefing: some counted headline must have a value."""
    indicators = [indicator for group in subject.template.groups for indicator in group.indicators]
    if any(subject.now(indicator).value is not None for indicator in indicators):
        return
    reach = subject.as_of()
    zh, en = (subject.city.name(lang) for lang in ("zh", "en"))
    if reach is None:
        raise NothingToSay(
            f"数据版本 {subject.build.build_id} 里没有{zh}的数据，没有生成简报。",
            f"Build {subject.build.build_id} holds nothing about {en}, so no briefing was written.",
        )
    raise NothingToSay(
        f"{zh} {subject.period.label('zh')}没有数据（已报送至 {reach}），没有生成简报。",
        f"{en} has reported nothing for {subject.period.label('en')} (data reach up to {reach}), "
        "so no briefing was written.",
    )


def framed(subject: Subject, sections: tuple[Section, ...]) -> Briefing:
    """The sections with title, the facts under it, what stands on every page, and the trace sheet."""
    words, build = subject.words, subject.build
    title = subject.template.titles[subject.lang].format(area=subject.area.name(subject.lang))
    as_of = str(subject.as_of() or words("days_unknown"))
    chosen = subject.chosen.label(subject.lang)
    running = words("running_subject", title=title, window=subject.window_text)
    return Briefing(
        lang=subject.lang,
        title=title,
        subtitle=words("subtitle", window=subject.window_text),
        facts=(
            (words("fact_window"), subject.window_text),
            (words("fact_as_of"), as_of),
            (words("fact_build"), build.build_id),
            (words("fact_published"), build.created_at.date().isoformat()),
            *([(words("fact_chosen"), words("chosen", chosen=chosen))] if chosen else []),
        ),
        running_subject=words("running_chosen", subject=running, chosen=chosen) if chosen else running,
        running_data=words("running_data", as_of=as_of, build=build.build_id),
        sample_mark=words("sample_mark") if build.is_synthetic else "",
        sample_warning=words("sample_warning") if build.is_synthetic else "",
        sections=sections,
        trace=trace_section(subject.trace, words, build.build_id, bool(chosen)),
        figures=tuple(subject.trace.figures.values()),
        build_id=build.build_id,
    )
