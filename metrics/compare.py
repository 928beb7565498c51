"""Which published and derived figures of several cities may be ranked together, and why the others may not.

Sources: data/reference/concepts.csv (one row per concept, in the order of display) and concept_figures.csv
(one row per concept and figure, with the traits that must agree).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from metrics.comparability import ComparedFigure, Reason, reasons_against
from metrics.figures import Figure
from metrics.paths import REFERENCE
from metrics.published import derived_figures, published_figures
from metrics.reference import ReferenceFault, did_you_mean, read_rows
from metrics.words import load_words


@dataclass(frozen=True)
class Concept:
    """What several cities may have printed a figure about."""

    concept_id: str
    position: int  # order of display
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    figures: tuple[ComparedFigure, ...]

    @property
    def figure_ids(self) -> tuple[str, ...]:
        return tuple(figure.figure_id for figure in self.figures)

    def name(self, lang: str) -> str:
        return self.name_zh if lang == "zh" else self.name_en

    def note(self, lang: str) -> str:
        """What a reader must know before comparing; '' when the figures speak for themselves."""
        return self.note_zh if lang == "zh" else self.note_en


@dataclass(frozen=True)
class Group:
    """Figures every two of which may be ranked together, the largest first."""

    figures: tuple[ComparedFigure, ...]

    @property
    def is_ranked(self) -> bool:
        """A group of one is shown, not ranked: being first of one means nothing."""
        return len(self.figures) > 1

    def rank_of(self, figure_id: str) -> int | None:
        """1 for the largest, the same for equal values, None in a group of one."""
        value = next(figure.figure.value for figure in self.figures if figure.figure_id == figure_id)
        if not self.is_ranked or value is None:
            return None
        return 1 + sum(
            1 for other in self.figures if other.figure.value is not None and other.figure.value > value
        )


@dataclass(frozen=True)
class PairReasons:
    """Why two figures are not ranked together."""

    first_id: str
    second_id: str
    reasons: tuple[Reason, ...]

    def text(self, lang: str) -> str:
        return ("" if lang == "zh" else " ").join(reason.text(lang) for reason in self.reasons)


@dataclass(frozen=True)
class Comparison:
    """Figures of one concept, in the groups that may be ranked, with a reason for every pair that may not."""

    concept: Concept
    figures: tuple[ComparedFigure, ...]
    groups: tuple[Group, ...]
    reasons: tuple[PairReasons, ...]

    def group_of(self, figure_id: str) -> Group:
        return next(group for group in self.groups if figure_id in {one.figure_id for one in group.figures})

    def reasons_between(self, first_id: str, second_id: str) -> tuple[Reason, ...]:
        """In either order; empty when the two may be ranked together."""
        pair = {first_id, second_id}
        return next(
            (found.reasons for found in self.reasons if {found.first_id, found.second_id} == pair), ()
        )

    def reasons_for(self, figure_id: str) -> list[PairReasons]:
        return [found for found in self.reasons if figure_id in (found.first_id, found.second_id)]


def concepts() -> list[Concept]:
    """Every concept with at least one figure, in the order of display."""
    return list(_shipped())


def comparison(concept_id: str) -> Comparison:
    """The comparison of a concept's figures. Raises ValueError for an unknown concept."""
    known = {concept.concept_id: concept for concept in _shipped()}
    if concept_id not in known:
        raise ValueError(f"No concept is called '{concept_id}'.{did_you_mean(concept_id, known)}")
    return compare(known[concept_id])


def compare(concept: Concept) -> Comparison:
    groups = partition(concept.figures)
    reasons = tuple(
        PairReasons(first.figure_id, second.figure_id, found)
        for first, second in combinations(concept.figures, 2)
        if (found := reasons_apart(first, second, groups))
    )
    return Comparison(concept, concept.figures, groups, reasons)


def partition(figures: Sequence[ComparedFigure]) -> tuple[Group, ...]:
    """Groups in which every two figures may be ranked together, the largest first within each.

    'May be ranked together' does not carry over (January and October may, October and June may, January and
    June may not), so each figure, oldest first, joins the first group all of whose members accept it.
    """
    members: list[list[ComparedFigure]] = []
    for figure in sorted(figures, key=lambda one: (one.figure.as_of.last, one.figure_id)):
        home = next(
            (group for group in members if not any(reasons_against(figure, one) for one in group)), None
        )
        if home is None:
            members.append([figure])
        else:
            home.append(figure)
    return tuple(
        Group(tuple(sorted(group, key=lambda one: (-(one.figure.value or 0), one.figure_id))))
        for group in members
    )


def reasons_apart(
    first: ComparedFigure, second: ComparedFigure, groups: tuple[Group, ...]
) -> tuple[Reason, ...]:
    """The pair's own reasons, or that one of them already stands with a figure the other may not meet."""
    own = reasons_against(first, second)
    if own or any(first in group.figures and second in group.figures for group in groups):
        return own
    return (
        Reason(
            "grouped_elsewhere",
            f"{first.city('zh')}与{second.city('zh')}单独可比，但分在两组：其中一方已与另一方不可比的城市同组。",
            f"{first.city('en')} and {second.city('en')} alone could be compared, but one of them is ranked with "
            "a city that the other cannot be compared with.",
        ),
    )


def read_concepts(directory: Path, figures: Sequence[Figure]) -> list[Concept]:
    """Read both tables. Raises ReferenceFault naming file, row and column."""
    words = load_words()
    by_id = {figure.figure_id: figure for figure in figures}
    columns = ("concept_id", "position", "name_zh", "name_en", "note_zh", "note_en")
    rows = read_rows(directory / "concepts.csv", columns, key=("concept_id",))
    known = [row.required("concept_id") for row in rows]
    members: dict[str, list[ComparedFigure]] = {concept_id: [] for concept_id in known}
    member_columns = ("concept_id", "figure_id", "scope", "reading", "counted", "denominator")
    path = directory / "concept_figures.csv"
    for row in read_rows(path, member_columns, key=("concept_id", "figure_id")):
        concept_id = row.reference("concept_id", known, "a concept of concepts.csv")
        figure_id = row.reference("figure_id", by_id, "a published or derived figure")
        traits = {name: row.choice(name, words.codes(name)) for name in member_columns[2:]}
        members[concept_id].append(ComparedFigure(by_id[figure_id], **traits))
    for concept_id, found in members.items():
        if not found:
            raise ReferenceFault(f"concept_figures.csv: found no figure for '{concept_id}', expected one.")
    read = [
        Concept(
            concept_id=row.text("concept_id"),
            position=row.integer("position"),
            name_zh=row.required("name_zh"),
            name_en=row.required("name_en"),
            note_zh=row.text("note_zh"),
            note_en=row.text("note_en"),
            figures=tuple(members[row.text("concept_id")]),
        )
        for row in rows
    ]
    return sorted(read, key=lambda concept: concept.position)


@lru_cache(maxsize=1)
def _shipped() -> tuple[Concept, ...]:
    return tuple(read_concepts(REFERENCE, [*published_figures(), *derived_figures()]))
