"""Builds as vintages: what was said of one figure in every build published since, against what is known now.

Every build is read as it was published; the arithmetic, the population and the words are today's, so where a
definition or a population has changed between two builds, that is told beside the figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from metrics.areas import load_areas
from metrics.build import Build, BuildBroken, BuildNotFound, new_connection, published_build_ids
from metrics.change import Change, change_of
from metrics.indicator import Indicator
from metrics.observation import Observation, alike
from metrics.observe import observe
from metrics.one_by_one import read_build
from metrics.periods import Period
from metrics.query import ask, require_known
from metrics.refusals import QueryRefused
from metrics.told_together import Said, places_beside, said_of, told_together

MOST_NAMED = 3  # drops of one build
NOT_TOLD = "not_told"


@dataclass(frozen=True)
class Drop:
    drop_id: int
    file_name: str


@dataclass(frozen=True)
class Revision:
    """One build and what it says; None and '' where it cannot be read or told, which `problem` explains."""

    build_id: str
    published_at: datetime | None
    observation: Observation | None
    since_first: Change | None  # against the first and the previous build that gives a value
    since_previous: Change | None
    added: tuple[
        Drop, ...
    ] = ()  # drops in force that were not so in the previous build, and the other way round
    withdrawn: tuple[Drop, ...] = ()
    corrections: tuple[str, ...] = ()  # declared corrections that came
    is_redefined: bool = False  # the definition's digest, or one of its measures', is another than before
    is_repopulated: bool = False  # the build carries another population of the area than the one before
    is_synthetic: bool = False
    is_withheld: bool = False  # the build can be read; its figure is not told here, beside the others
    problem_zh: str = ""
    problem_en: str = ""

    @property
    def value(self) -> float | None:
        return self.observation.value if self.observation else None

    @property
    def is_told(self) -> bool:
        """Whether what the build says is told, be it that it withholds the figure itself."""
        return self.observation is not None and not self.is_withheld

    @property
    def is_unreadable(self) -> bool:
        """Whether nothing of the build could be read, not even when it was published."""
        return self.observation is None and self.published_at is None and not self.is_withheld

    @property
    def status(self) -> str | None:
        """That of the figure, or not_told; None where the build has no such figure or cannot be read."""
        if self.is_withheld:
            return NOT_TOLD
        return self.observation.status if self.observation else None

    def reasons(self, lang: str) -> list[str]:
        """What changed since the previous build, in words; the problem where there is one."""
        zh = lang == "zh"
        if self.observation is None:
            return [self.problem_zh if zh else self.problem_en]
        found = []
        for drops, words in (
            (self.added, ("新报送", "drops added")),
            (self.withdrawn, ("撤回", "withdrawn")),
        ):
            if drops:
                names = ("、" if zh else ", ").join(
                    f"{drop.drop_id} {drop.file_name}" for drop in drops[:MOST_NAMED]
                )
                more = len(drops) - MOST_NAMED
                rest = (f" 等 {len(drops)} 份" if zh else f" and {more} more") if more > 0 else ""
                found.append(f"{words[0]} {names}{rest}" if zh else f"{words[1]}: {names}{rest}")
        if self.corrections:
            names = ", ".join(self.corrections)
            found.append(f"更正 {names}" if zh else f"corrected: {names}")
        if self.is_redefined:
            found.append("定义已改" if zh else "definition changed")
        if self.is_repopulated:
            found.append("常住人口已改" if zh else "population changed")
        problem = self.problem_zh if zh else self.problem_en
        return [*found, problem] if problem else found


def revisions(
    home: Path,
    indicator_id: str,
    area_code: str,
    period: Period,
    window: str | None = None,
    basis: str | None = None,
    variant: str | None = None,
    least_threshold: int = 0,
) -> list[Revision]:
    """The figure in every build of a data home, oldest first. Raises what query() raises for a wrong question.

    A build that does not hold the chosen definition yet is told as one that cannot be read; so is one published
    with a lower threshold than `least_threshold`: where everybody looks, an internal build must not speak, nor two
    builds between them of fewer people.
    """
    question = ask(indicator_id, period, window, basis, None, variant)
    area = load_areas().get(area_code)
    places = places_beside(area_code) if least_threshold else [area]
    found: list[Revision] = []
    said: list[Said | None] = []
    previous: Contents | None = None
    least = least_threshold
    with new_connection() as connection:
        for build_id in published_build_ids(home):
            said.append(None)
            try:
                with read_build(home, build_id, connection) as build:
                    if build.disclosure_threshold < least_threshold:
                        found.append(not_for_all(build, least_threshold))
                        continue
                    require_known(build, question.variant, area_code)
                    answers = observe(build, question, places, [period])
                    if least_threshold:
                        least = max(least, build.disclosure_threshold)
                        said[-1] = said_of(build, question, places, period, answers)
                    contents = Contents(build, question.indicator, area_code)
                    row = next(one for one in answers if one.area_code == area_code)
                    found.append(revision_of(build_id, build, row, contents, previous))
                    previous = contents
            except (BuildBroken, BuildNotFound) as problem:
                found.append(unreadable(build_id, str(problem)))
            except QueryRefused as refused:
                found.append(refusing(build, refused))
    for number, is_told in enumerate(told_together(said, area_code, least)):
        if said[number] is not None and not is_told:
            found[number] = not_beside_the_others(found[number], least)
    return with_differences(found, question.indicator)


def revision_of(
    build_id: str, build: Build, row: Observation, contents: "Contents", previous: "Contents | None"
) -> Revision:
    """What a build says, and what it was made of against the one before."""
    changed = contents.since(previous)
    return Revision(build_id, build.created_at, row, None, None, *changed, is_synthetic=build.is_synthetic)


def with_differences(found: Sequence[Revision], indicator: Indicator) -> list[Revision]:
    """Against the first and the previous one of those that give a value."""
    rows = []
    first = last = None
    for one in found:
        value = one.value
        rows.append(
            replace(
                one,
                since_first=moved(value, first, indicator),
                since_previous=moved(value, last, indicator),
            )
        )
        if value is not None:
            first, last = value if first is None else first, value
    return rows


def moved(value: float | None, earlier: float | None, indicator: Indicator) -> Change | None:
    return None if value is None or earlier is None else change_of(value, earlier, indicator)


def not_for_all(build: Build, least: int) -> Revision:
    return Revision(
        build.build_id, build.created_at, None, None, None, is_synthetic=build.is_synthetic, is_withheld=True,
        problem_zh=f"该版本会显示少于 {least} 人的数（内部版本），这里不给出",
        problem_en=f"it shows counts of fewer than {least} people (an internal build), so nothing of it is told here",
    )  # fmt: skip


def refusing(build: Build, refused: QueryRefused) -> Revision:
    return Revision(
        build.build_id, build.created_at, None, None, None, problem_zh=refused.zh, problem_en=refused.en
    )


def not_beside_the_others(one: Revision, least: int) -> Revision:
    """What a build was made of is told, its figure is not."""
    row = one.observation
    if row is None or row.status == "suppressed":
        return one
    nothing = dict.fromkeys(("numerator", "denominator", "value", "lower", "upper"))
    return replace(
        one, observation=alike(row, **nothing, status="suppressed"), is_withheld=True,
        problem_zh=f"该版本（本地区或同市其他区县）与另一次发布相差不足 {least} 人（人次），这里不给出",
        problem_en=f"here, or in another district of the city, it differs from another build by fewer than {least} "
        "people or visits, so its figure is not told beside it",
    )  # fmt: skip


def unreadable(build_id: str, problem: str) -> Revision:
    """Chinese and English stand one after the other in the sentence of a build that cannot be read."""
    zh, _, en = problem.partition("。 ")
    return Revision(
        build_id, None, None, None, None, problem_zh=f"{zh}。" if en else problem, problem_en=en or problem
    )


class Contents:
    """What a build was made of, as far as one figure is concerned."""

    def __init__(self, build: Build, indicator: Indicator, area_code: str) -> None:
        in_force = "SELECT drop_id, file_name FROM drops WHERE status = 'loaded'"
        self.drops = {drop_id: Drop(drop_id, file_name) for drop_id, file_name in build.rows(in_force)}
        self.corrections = {one for (one,) in build.rows("SELECT DISTINCT correction_id FROM corrections")}
        terms = [term for term in (indicator.numerator, indicator.denominator) if term]
        names = [indicator.id, *(term.measure.id for term in terms)]
        self.digests = build.rows(
            "SELECT indicator_id, digest FROM indicators WHERE list_contains($1, indicator_id) "
            "UNION ALL SELECT measure_id, digest FROM measures WHERE list_contains($1, measure_id) ORDER BY ALL",
            [names],
        )
        needs_population = any(term.measure.scopes for term in terms)
        self.population = (
            build.rows(
                "SELECT year, scope, permanent_population FROM population WHERE area_code = ? ORDER BY ALL",
                [area_code],
            )
            if needs_population
            else []
        )

    def since(
        self, before: "Contents | None"
    ) -> tuple[tuple[Drop, ...], tuple[Drop, ...], tuple[str, ...], bool, bool]:
        """Drops added and gone, corrections that came, and whether definition or population are others."""
        if before is None:
            return (), (), (), False, False
        added = tuple(drop for key, drop in sorted(self.drops.items()) if key not in before.drops)
        gone = tuple(drop for key, drop in sorted(before.drops.items()) if key not in self.drops)
        corrections = tuple(sorted(self.corrections - before.corrections))
        return (
            added, gone, corrections, self.digests != before.digests, self.population != before.population,
        )  # fmt: skip


def revision_rows(found: Sequence[Revision]) -> list[dict[str, Any]]:
    """One plain dictionary per build, for CSV and JSON; differences in points for rates, else in percent."""
    rows = []
    for one in found:
        row = one.observation
        rows.append(
            {
                "build_id": one.build_id,
                "published_at": one.published_at.isoformat() if one.published_at else None,
                "numerator": row.numerator if row else None,
                "denominator": row.denominator if row else None,
                "value": one.value,
                "status": one.status,
                "since_first": one.since_first.amount if one.since_first else None,
                "since_previous": one.since_previous.amount if one.since_previous else None,
                "difference_unit": unit_of(one),
                "drops_added": [drop.drop_id for drop in one.added],
                "drops_withdrawn": [drop.drop_id for drop in one.withdrawn],
                "corrections": list(one.corrections),
                "is_redefined": one.is_redefined,
                "is_repopulated": one.is_repopulated,
                "is_synthetic": one.is_synthetic,
                "problem_zh": one.problem_zh or None,
                "problem_en": one.problem_en or None,
                "variant": row.variant if row else None,
            }
        )
    return rows


def unit_of(one: Revision) -> str | None:
    moves = [change for change in (one.since_first, one.since_previous) if change]
    return None if not moves else "points" if moves[0].is_points else "percent"
