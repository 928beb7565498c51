"""Ask the cube and `naive` the same questions and say where they differ.

A `Question` is asked of both; counts must be equal, hours and values within a billionth, statuses the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from metrics.catalogue import load_catalogue
from metrics.periods import Period
from metrics.query import query
from tests import naive, naive_facts
from tests.conftest import REPOSITORY
from tests.generate import CITY, CITY_WITHOUT_DATA, SECOND_CITY, Case

REFERENCE = REPOSITORY / "data" / "reference"
BOTH_BASES = ("residence", "service")


def asked_of_catalogue() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Every measure and indicator of the catalogue with the basis to ask for ('' where there is only one): those
    that people's gender and age break down, and the others. A new one is asked for as soon as it is there."""
    personal, others = [], []
    for entry in load_catalogue().all():
        terms = [term for term in (entry.numerator, entry.denominator) if term is not None]
        # No population is known by gender and age.
        is_personal = "gender" in entry.dimensions and not any(term.measure.scopes for term in terms)
        bases = entry.bases if len(entry.bases) > 1 else ("",)
        (personal if is_personal else others).extend((entry.id, basis) for basis in bases)
    return personal, others


PERSONAL, NOT_PERSONAL = asked_of_catalogue()
PER_RESIDENT = {
    entry.id
    for entry in load_catalogue().all()
    if any(term.measure.scopes for term in (entry.numerator, entry.denominator) if term is not None)
}
# Measures in which districts and members add up to the city, in every window.
ADDITIVE = [
    *[(name, "") for name in ("registered_volunteers", "new_registrations", "active_volunteers")],
    *[(name, basis) for name in ("service_hours", "service_visits") for basis in BOTH_BASES],
    ("activities", ""),
]
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Question:
    """What is asked of both; `by` is '', 'district', 'gender' or 'age_band'."""

    name: str
    basis: str
    area: str
    period: str
    window: str
    by: str = ""
    part: str = ""  # of the residents, by the variant's option; '' everybody


# --- both answers ---------------------------------------------------------------------------------------


def read_reference() -> tuple[dict[str, str], dict[tuple[str, int], int]]:
    """(leaf area -> city, (area, year) -> residents), read without the project's own readers."""
    parent = {}
    with (REFERENCE / "areas.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["parent_code"]:
                parent[row["area_code"]] = row["parent_code"]
            else:
                parent[f"U{row['area_code']}"] = row["area_code"]
    population = {}
    with (REFERENCE / "population.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            # A count that includes the residents of zones is not the district's own: zones are areas here.
            if row["scope"] != "by_county_code_including_zones":
                population[row["area_code"], int(row["year"])] = int(row["permanent_population"])
    return parent, population


PARENT, POPULATION = read_reference()
# Of the parts of the residents nothing is shipped: what a home of these tests says, with gaps in years and areas.
PARTS_OF_POPULATION = {
    ("built_up", CITY, 2020): 3_011_000,
    ("built_up", CITY, 2022): 3_123_000,
    ("built_up", "130202", 2021): 201_300,
    ("built_up", SECOND_CITY, 2019): 1_402_000,
    ("age_16_70", CITY, 2021): 5_204_000,
    ("age_16_70", "130202", 2020): 171_500,
    ("age_16_70", "130202", 2022): 169_900,
    ("age_16_70", SECOND_CITY, 2022): 2_700_500,
}
PARTS = ("built_up", "age_16_70")


def write_own_population(home: Path) -> None:
    """reference/population.csv of a data home, with the parts."""
    with (REFERENCE / "areas.csv").open(encoding="utf-8-sig") as file:
        names = {row["area_code"]: row["area_name"] for row in csv.DictReader(file)}
    columns = "area_code,area_name,year,as_of,permanent_population,scope,basis,rounded_to,source,certainty"
    lines = [
        f"{area},{names[area]},{year},{year}-12-31,{persons},{part},supplied_by_user,1,统计局,high"
        for (part, area, year), persons in PARTS_OF_POPULATION.items()
    ]
    (home / "reference").mkdir(parents=True, exist_ok=True)
    (home / "reference" / "population.csv").write_text("\n".join([columns, *lines, ""]), encoding="utf-8")


def boring_world(case: Case, order: dict[str, int]) -> naive.Row:
    facts = case.facts(order)
    sources = (facts["registrations"], facts["service_hours"], facts["activities"])
    return naive_facts.prepare(*sources, POPULATION, PARENT, PARTS_OF_POPULATION)


def boring_answers(world: naive.Row, question: Question) -> dict[str, naive.Row]:
    """The observations by part: a child area, a member, or '' for the total."""
    period = Period.parse(question.period)
    asked = (question.window, (period.start, period.end), question.basis)
    if question.by == "district":
        children = [area for area, city in PARENT.items() if city == question.area]
        return {
            area: naive.observe(world, question.name, area, *asked, part=question.part) for area in children
        }
    if question.by:
        members = naive.MEMBERS[question.by]
        return {
            member: naive.observe(world, question.name, question.area, *asked, question.by, member)
            for member in members
        }
    return {"": naive.observe(world, question.name, question.area, *asked, part=question.part)}


def cube_answers(build: Any, question: Question) -> dict[str, naive.Row]:
    found = query(
        build,
        question.name,
        question.area,
        Period.parse(question.period),
        window=question.window,
        basis=question.basis or None,
        by=question.by or None,
        variant=f"population={question.part}" if question.part else None,
    )
    answers = {}
    for row in found:
        part = row.area_code if question.by == "district" else row.member
        numbers = {"numerator": row.numerator, "denominator": row.denominator, "value": row.value}
        answers[part] = {**numbers, "status": row.status}
    assert len(answers) == len(found), f"{question}: a part is answered twice"
    return answers


def is_same(boring: naive.Row, cube: naive.Row) -> bool:
    """Whether two observations agree; where a figure was not reported, the other side may be left out."""
    if boring["status"] != cube["status"]:
        return False
    if boring["status"] in {"not_reported", "insufficient"}:
        return cube["value"] is None
    for column in ("numerator", "denominator", "value"):
        expected, found = boring[column], cube[column]
        if (expected is None) != (found is None):
            return False
        if expected is not None and abs(expected - float(found)) > TOLERANCE * abs(expected):
            return False
    return True


def disagreements(world: naive.Row, build: Any, questions: Iterable[Question]) -> list[str]:
    """A sentence for each part on which the two disagree."""
    found = []
    for question in questions:
        boring, cube = boring_answers(world, question), cube_answers(build, question)
        if set(boring) != set(cube):
            found.append(f"{question}: parts {sorted(boring)}, cube has {sorted(cube)}")
            continue
        for part, expected in boring.items():
            if not is_same(expected, cube[part]):
                found.append(f"{question} {part}\n    naive {expected}\n    cube  {cube[part]}")
    return found


def require_agreement(world: naive.Row, build: Any, questions: Iterable[Question]) -> None:
    found = disagreements(world, build, questions)
    assert not found, f"{len(found)} disagreements, such as:\n" + "\n".join(found[:12])


# --- what is asked --------------------------------------------------------------------------------------


def asked_periods() -> Iterator[tuple[str, str]]:
    """(period, window): every month, quarter and year, from before the first data to after the last."""
    years = range(2019, 2024)
    months = [f"{year}-{month:02d}" for year in years for month in range(1, 13)]
    for month in months[10:-5]:
        for window in ("month", "ytd", "rolling12", "to_date"):
            yield month, window
    for year in years:
        yield str(year), "year"
        yield str(year), "to_date"
        for quarter in range(1, 5):
            yield f"{year}-Q{quarter}", "quarter"
            yield f"{year}-Q{quarter}", "rolling12"


def all_questions() -> list[Question]:
    """Every measure, window and period for both cities, by district and by every dimension."""
    questions = []
    for name, basis in PERSONAL + NOT_PERSONAL:
        windows = load_catalogue().indicator(name).windows()
        for period, window in asked_periods():
            if window not in windows:
                continue
            for city in (CITY, SECOND_CITY):
                questions += [Question(name, basis, city, period, window, by) for by in ("", "district")]
                for part in PARTS if name in PER_RESIDENT else ():
                    questions += [
                        Question(name, basis, city, period, window, by, part) for by in ("", "district")
                    ]
            questions.append(Question(name, basis, CITY_WITHOUT_DATA, period, window))
            questions.append(Question(name, basis, f"U{CITY}", period, window))
            if (name, basis) in PERSONAL:
                for area in (CITY, "130202", f"U{CITY}"):
                    questions += [
                        Question(name, basis, area, period, window, by) for by in ("gender", "age_band")
                    ]
    return questions


def kind_of(question: Question) -> tuple[str, str, str, str, str]:
    return question.name, question.basis, question.window, question.by, question.part


def some_questions(number: int, seed: int = 0) -> list[Question]:
    """A sample in which, if it is large enough, every measure, basis, window and breakdown is asked for."""
    shuffled = all_questions()
    Random(seed).shuffle(shuffled)
    one_of_each = {kind_of(question): question for question in shuffled}
    return [*one_of_each.values(), *shuffled[:number]]
