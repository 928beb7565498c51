"""The choices of definition (口径): one TOML file an axis, its options inside, read strictly.

An option says what is read instead of the usual: another measure, members of a dimension added up, the bands of
hours from an edge on, or the population of another scope. One option may stand for many: `of` names a dimension
whose members a build knows (platforms), and the member is chosen after a colon, `platform:志愿汇`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from metrics.catalogue import Catalogue, load_catalogue
from metrics.definitions import DefinitionFault, Sheet, read_toml
from metrics.members import COUNTED_FROM, OVERLAPPING, member_name, members
from metrics.periods import WINDOWS
from metrics.reference import did_you_mean

# An option whose member is still to be chosen.
ANY = {"zh": "某一平台", "en": "one platform"}
FOLDER = Path(__file__).resolve().parent
AXIS_KEYS = ("order", "default", "concerns", "leaves", "leaves_all", "name", "options")
OPTION_KEYS = ("name", "note", "of", "reads", "goes_with")
READING_KEYS = ("measure", "dimension", "members", "hours_from", "column", "scope", "window")
COLUMNS = ("people", "hours")


@dataclass(frozen=True)
class Reading:
    """What is read in a build in place of a measure's usual rows; exactly one of the five ways, or none."""

    measure: str = ""  # another measure
    dimension: str = ""  # the sum of these members of a dimension
    members: tuple[str, ...] = ()
    hours_from: float | None = None  # people with at least so many hours (members.COUNTED_FROM)
    column: str = ""
    scope: str = ""  # the population of another scope
    window: str = ""  # the same measure over this window, whatever window is asked for

    @property
    def is_of_other_counts(self) -> bool:
        """Whether other rows of the build are added up than the measure's own."""
        return bool(self.measure or self.dimension) or self.hours_from is not None

    @property
    def is_without_breakdown(self) -> bool:
        """Whether it is known for the total only: the build holds no cross of two dimensions."""
        return bool(self.dimension) or self.hours_from is not None


@dataclass(frozen=True)
class Option:
    """One answer on an axis."""

    axis: str
    id: str
    names: Mapping[str, str]
    notes: Mapping[str, str]
    reads: Mapping[str, Reading]  # measure → how it is read
    goes_with: tuple[str, ...]  # choices on other axes ('hours=clocked') that read what this one cannot
    of: str = ""  # a dimension of which a member is to be chosen
    member: str = ""  # the one that was; names and notes say which by {member}

    @property
    def code(self) -> str:
        """'active=clocked'; of an option with a member still to choose, how it is written."""
        return f"{self.axis}={self.id}" + (":NAME" if self.of and not self.member else "")

    def name(self, lang: str) -> str:
        return self._said(self.names[lang], lang)

    def note(self, lang: str) -> str:
        return self._said(self.notes[lang], lang)

    def about(self, member: str) -> "Option":
        """This option with its member chosen."""
        reads = {measure: replace(reading, members=(member,)) for measure, reading in self.reads.items()}
        return replace(self, id=f"{self.id}:{quoted(member)}", reads=reads, member=member)

    def _said(self, text: str, lang: str) -> str:
        which = member_name(self.of, self.member, lang) or ANY[lang]
        return text.replace("{member}", which)


@dataclass(frozen=True)
class Axis:
    """One question of definition: what it concerns, what it leaves as it is, and its options."""

    id: str
    order: int
    default: str
    concerns: tuple[str, ...]
    leaves: tuple[str, ...]
    leaves_all: bool
    names: Mapping[str, str]
    options: Mapping[str, Option]

    def stays(self, measure_id: str) -> bool:
        """Whether a measure is the same whatever is chosen here."""
        return self.leaves_all or measure_id in self.leaves

    def option(self, text: str) -> Option | None:
        """The option as it is written in a choice, with its member where it has one; None if there is none such."""
        head, _, member = text.replace("：", ":", 1).partition(":")
        found = self.options.get(head.strip())
        member = unquoted(member.strip())
        if found is None or bool(found.of) != bool(member):
            return None
        return found.about(member) if member else found

    def choices(self, offered: Mapping[str, Sequence[str]]) -> list[Option]:
        """Every option that can be chosen, given the members offered of each open dimension."""
        found: list[Option] = []
        for option in self.options.values():
            found += (
                [option.about(member) for member in offered.get(option.of, ())] if option.of else [option]
            )
        return found


def quoted(member: str) -> str:
    """A name as it can stand in a list of choices, which are divided by commas."""
    return member.replace("%", "%25").replace(",", "%2C")


def unquoted(text: str) -> str:
    return text.replace("%2C", ",").replace("%2c", ",").replace("%25", "%")


def read_axes(folder: Path, catalogue: Catalogue) -> dict[str, Axis]:
    """Axis → its definition, in the order they are shown. Raises DefinitionFault naming file and key."""
    axes = [axis_from(path, catalogue) for path in sorted(folder.glob("*.toml"))]
    choices = [option.code for axis in axes for option in axis.options.values()]
    for axis in axes:
        for option in axis.options.values():
            for other in option.goes_with:
                if other not in choices:
                    raise DefinitionFault(
                        f"{axis.id}.toml, options, {option.id}: goes_with: no choice '{other}'."
                        + did_you_mean(other, choices)
                    )
    return {axis.id: axis for axis in sorted(axes, key=lambda axis: (axis.order, axis.id))}


def axis_from(path: Path, catalogue: Catalogue) -> Axis:
    sheet = Sheet(path.name, read_toml(path), AXIS_KEYS)
    tables = sheet.required("options")
    options = {
        name: option_from(Sheet(f"{path.name}, options, {name}", values, OPTION_KEYS), path.stem, name, catalogue)
        for name, values in tables.items()
    }  # fmt: skip
    default = sheet.choice("default", options)
    if options[default].reads:
        raise sheet.fault(f"default: '{default}' reads something else, but the default reads what is usual.")
    axis = Axis(
        id=path.stem,
        order=sheet.whole_number("order"),
        default=default,
        concerns=sheet.choices("concerns", catalogue.measures),
        leaves=sheet.choices("leaves", catalogue.measures),
        leaves_all=sheet.values.get("leaves_all") is True,
        names=sheet.both_languages("name"),
        options=options,
    )
    for option in options.values():
        for measure_id in option.reads:
            if axis.stays(measure_id) and measure_id not in axis.concerns:
                raise sheet.fault(
                    f"options, {option.id}: {measure_id} is both left as it is and read otherwise."
                )
        if option.id != default and not set(option.reads) & set(axis.concerns):
            raise sheet.fault(f"options, {option.id}: expected a reading of {' or '.join(axis.concerns)}.")
    return axis


def option_from(sheet: Sheet, axis: str, option: str, catalogue: Catalogue) -> Option:
    reads = {}
    of = sheet.choice("of", OVERLAPPING) if "of" in sheet.values else ""
    if "reads" in sheet.values:
        tables = sheet.table("reads", sheet.required("reads"))
        for measure_id in tables.values:
            if measure_id not in catalogue.measures:
                nearest = did_you_mean(measure_id, catalogue.measures)
                raise tables.fault(f"no measure called '{measure_id}'.{nearest}")
            reads[measure_id] = reading_from(tables.table(measure_id, READING_KEYS), measure_id, catalogue)
            if of and reads[measure_id].dimension != of:
                raise tables.fault(f"{measure_id}: expected dimension = '{of}', whose member is chosen.")
    return Option(
        axis=axis,
        id=option,
        names=sheet.both_languages("name"),
        notes=sheet.both_languages("note"),
        reads=reads,
        goes_with=tuple(sheet.values.get("goes_with", ())),
        of=of,
    )


def reading_from(sheet: Sheet, measure_id: str, catalogue: Catalogue) -> Reading:
    """Raises DefinitionFault unless it is exactly one way of reading that the measure has."""
    measure = catalogue.measures[measure_id]
    ways = [key for key in ("measure", "dimension", "hours_from", "scope", "window") if key in sheet.values]
    if len(ways) != 1:
        raise sheet.fault("expected exactly one of 'measure', 'dimension', 'hours_from', 'scope', 'window'.")
    if ways == ["measure"]:
        subsets = {known.id: known.subset_of for known in catalogue.measures.values()}
        other = sheet.choice("measure", subsets)
        if measure_id not in subsets[other]:
            raise sheet.fault(f"measure: {other} is not a subset of {measure_id}.")
        return Reading(measure=other)
    if ways == ["scope"]:
        return Reading(scope=sheet.choice("scope", measure.scopes))
    if ways == ["window"]:
        return Reading(window=sheet.choice("window", measure.windows or WINDOWS))
    if ways == ["hours_from"]:
        edge = sheet.number("hours_from")
        if edge not in COUNTED_FROM:
            known = ", ".join(str(known) for known in COUNTED_FROM)
            raise sheet.fault(f"hours_from: found {edge:g}, expected an edge of hours_bands.csv: {known}.")
        return Reading(hours_from=edge, column=sheet.choice("column", COLUMNS))
    dimension = sheet.choice("dimension", measure.dimensions)
    if dimension in OVERLAPPING:
        if "members" in sheet.values:
            raise sheet.fault(f"members: which {dimension} is chosen with the option, and known by a build.")
        return Reading(dimension=dimension)
    chosen = sheet.choices("members", members(dimension))
    if not chosen:
        raise sheet.fault("members: expected at least one.")
    if measure.kind == "distinct" and len(chosen) > 1:
        raise sheet.fault(
            f"a sum over {measure_id} would count people more than once: it is a distinct count, so one member."
        )
    return Reading(dimension=dimension, members=chosen)


@lru_cache(maxsize=1)
def load_axes() -> dict[str, Axis]:
    """The axes of this installation."""
    return read_axes(FOLDER, load_catalogue())
