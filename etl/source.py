"""Source sheets: one TOML file in etl/sources/ describes one kind of drop.

A sheet names the columns a drop of its kind may have (with every header they go by), what each column
holds, what must be there, and which fact the rows become. Adding a spelling is one word in one sheet;
adding a kind of drop is one new file.
"""

import difflib
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from etl.header_words import column_of
from etl.messages import WrongCall
from metrics.areas import load_areas

FOLDER = Path(__file__).parent / "sources"

COLUMN_TYPES = (
    "id_number", "number", "text", "label", "code", "date", "datetime", "hours", "minutes", "count",
    "area", "reference", "synthetic", "unread",
)  # fmt: skip
COLUMN_KEYS = {"type", "aliases", "codes", "unknown", "kind"}
SHEET_KEYS = {"name", "title", "grain", "require_one_of", "columns", "fact"}
SHEET_OPTIONS = {"replace"}
# A drop may stand for all there is of its months: alone, or of its areas in them. '' = it only adds and corrects.
REPLACE_SCOPES = ("area+month", "month")
UNKNOWN = "unknown"
NOT_COMPARED = dict.fromkeys(map(ord, "\ufeff*'\"`_"))
FACT_KEYS = {"table", "day", "key", "same", "same_when", "columns"}


class SheetFault(ValueError):
    """A source sheet cannot be used; the message names file, place and what was expected."""


@dataclass(frozen=True)
class Column:
    """One column of a drop: what it is called here, the headers it goes by and what it holds."""

    name: str
    type: str
    aliases: tuple[str, ...]
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: str | None = None  # the code of an unlisted value; None: an unlisted value is refused
    kind: str | None = None  # for a reference: what it refers to

    @property
    def title(self) -> str:
        """The first Chinese header, for sentences."""
        return self.aliases[0]

    @property
    def enumeration(self) -> str:
        """The SQL type of a column of codes, see `enumeration`; facts store what is missing as unknown."""
        return enumeration({*self.codes, self.unknown or UNKNOWN, UNKNOWN})


def enumeration(members: Iterable[str]) -> str:
    """The SQL type of one of these texts, stored as a byte or two: as texts, columns that say the same in nearly every
    row are the dearest ones to compress, a quarter of storing a drop. It sorts as its texts do.
    """
    listed = ", ".join(f"'{one}'" for one in sorted(members))
    return f"ENUM({listed})"


@lru_cache
def area_enumeration() -> str:
    """The SQL type of a stored area code."""
    return enumeration(area.area_code for area in load_areas())


@dataclass(frozen=True)
class FactColumn:
    """One stored column: its SQL type and the expression over a drop's typed columns that fills it.

    In a sheet the type may be `code` (the codes of the column of the same name) or `area`.
    """

    name: str
    type: str
    value: str


@dataclass(frozen=True)
class Source:
    """One kind of drop."""

    name: str
    title: dict[str, str]
    grain: str
    require_one_of: tuple[tuple[str, ...], ...]
    columns: dict[str, Column]
    table: str
    day: str  # the stored column that says when it happened
    key: str
    same: str  # columns that, with the person, tell one fact from another when numbers turn out to be one person
    replace: str  # '' or one of REPLACE_SCOPES
    same_when: str  # the rows this is asked of (those not told apart by an identifier of their own)
    fact_columns: tuple[FactColumn, ...]

    def recognise(self, header: list[str]) -> dict[str, int]:
        """Position of each of this source's columns in a header.

        Of several names of a column the one the sheet lists first wins, of two equal ones the first.
        """
        return self.recognise_normalised([normalise_header(text) for text in header])

    def recognise_normalised(self, header: Iterable[str]) -> dict[str, int]:
        """The same of a header as `normalise_header` gives it, for who asks several sources about one."""
        return {name: places[0] for name, places in self.places(header).items()}

    def places(self, header: Iterable[str]) -> dict[str, list[int]]:
        """Every position at which a column is named, the one to be read first."""
        found: dict[str, list[tuple[int, int]]] = {}
        known, ranks = self._by_alias, _alias_ranks(self.name)
        for position, text in enumerate(header):
            name = column_of(text, known, self.columns)
            if name is not None:
                found.setdefault(name, []).append((ranks.get(text, len(ranks)), position))
        return {name: [position for _, position in sorted(places)] for name, places in found.items()}

    def identifies_persons(self, names: Iterable[str]) -> bool:
        """Whether one of these columns says who a row is about."""
        return any(self.columns[name].type in ("id_number", "number") for name in names)

    def keeps_label(self, name: str) -> bool:
        """Whether a label is kept, as kept_<name>: then it must be recognisably one."""
        return any(f"kept_{name}" in column.value for column in self.fact_columns)

    def missing(self, names: dict[str, int]) -> list[tuple[str, ...]]:
        """The groups of required columns of which none was found."""
        return [group for group in self.require_one_of if not any(name in names for name in group)]

    @property
    def _by_alias(self) -> dict[str, str]:
        return _alias_index(self.name)


def normalise_header(text: str) -> str:
    """A header as compared: half width, lower case, without spaces, low lines, quotes, stars and byte-order marks."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(plain.split()).translate(NOT_COMPARED)


@lru_cache
def load_sources() -> dict[str, Source]:
    """Every sheet by name, in file-name order; a sheet with a mistake is refused with the place."""
    sources = {}
    for path in sorted(FOLDER.glob("*.toml")):
        source = read_sheet(path)
        sources[source.name] = source
    return sources


def source_named(name: str) -> Source:
    sources = load_sources()
    if name not in sources:
        near = _did_you_mean(name, sources)
        raise WrongCall(
            f"没有名为“{name}”的数据源；可用：{'、'.join(sources)}。",
            f"There is no source called '{name}'{near}; sources: {', '.join(sources)}.",
        )
    return sources[name]


def read_sheet(path: Path) -> Source:
    """Read one sheet strictly: an unknown key or type raises ValueError naming file, place and nearest name."""
    try:
        sheet = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SheetFault(f"{path.name}: not valid TOML: {error}.") from None
    _require_keys(path, "the sheet", sheet, SHEET_KEYS | SHEET_OPTIONS, SHEET_KEYS)
    replace = sheet.get("replace", "")
    if replace and replace not in REPLACE_SCOPES:
        near = _did_you_mean(replace, REPLACE_SCOPES)
        raise SheetFault(
            f"{path.name}: replace = '{replace}' is not known{near}; one of {', '.join(REPLACE_SCOPES)}."
        )
    columns = {name: _read_column(path, name, entry) for name, entry in sheet["columns"].items()}
    for group in sheet["require_one_of"]:
        for name in group:
            if name not in columns:
                raise SheetFault(f"{path.name}: require_one_of names '{name}'{_did_you_mean(name, columns)}.")
    owners: dict[str, str] = {}
    for column in columns.values():
        for alias in column.aliases:
            owner = owners.setdefault(normalise_header(alias), column.name)
            if owner != column.name:
                raise SheetFault(f"{path.name}: header '{alias}' belongs to both {owner} and {column.name}.")
    fact = sheet["fact"]
    _require_keys(path, "fact", fact, FACT_KEYS, {"table", "day", "key", "columns"})
    for name, entry in fact["columns"].items():
        _require_keys(path, f"fact.columns.{name}", entry, {"type", "value"}, {"type", "value"})
    return Source(
        name=sheet["name"],
        title=sheet["title"],
        grain=sheet["grain"],
        require_one_of=tuple(tuple(group) for group in sheet["require_one_of"]),
        columns=columns,
        table=fact["table"],
        day=fact["day"],
        key=fact["key"],
        same=fact.get("same", ""),
        same_when=fact.get("same_when", "true"),
        replace=replace,
        fact_columns=tuple(
            FactColumn(name, _stored_type(path, name, entry["type"], columns), entry["value"])
            for name, entry in fact["columns"].items()
        ),
    )


def _stored_type(path: Path, name: str, declared: str, columns: dict[str, Column]) -> str:
    if declared == "area":
        return area_enumeration()
    if declared != "code":
        return declared
    if name not in columns or not columns[name].codes:
        raise SheetFault(
            f"{path.name}, fact.columns.{name}: type 'code' needs a column '{name}' that lists its codes."
        )
    return columns[name].enumeration


def _read_column(path: Path, name: str, entry: dict[str, Any]) -> Column:
    _require_keys(path, f"columns.{name}", entry, COLUMN_KEYS, {"type", "aliases"})
    if entry["type"] not in COLUMN_TYPES:
        near = _did_you_mean(entry["type"], COLUMN_TYPES)
        raise SheetFault(f"{path.name}, columns.{name}: type '{entry['type']}' is not known{near}.")
    if entry["type"] == "reference" and "kind" not in entry:
        raise SheetFault(f"{path.name}, columns.{name}: expected the key 'kind', saying what is referred to.")
    return Column(
        name=name,
        type=entry["type"],
        aliases=tuple(entry["aliases"]),
        codes={code: tuple(values) for code, values in entry.get("codes", {}).items()},
        unknown=entry.get("unknown"),
        kind=entry.get("kind"),
    )


def _require_keys(path: Path, place: str, entry: dict[str, Any], known: set[str], needed: set[str]) -> None:
    for key in entry:
        if key not in known:
            raise SheetFault(f"{path.name}, {place}: key '{key}' is not known{_did_you_mean(key, known)}.")
    for key in sorted(needed - set(entry)):
        raise SheetFault(f"{path.name}, {place}: expected the key '{key}', which is not there.")


def _did_you_mean(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f" (did you mean '{near[0]}'?)" if near else ""


@lru_cache
def _alias_ranks(name: str) -> dict[str, int]:
    """How early the sheet lists each name: 服务日期 says more than 日期."""
    return {
        normalise_header(alias): rank
        for column in load_sources()[name].columns.values()
        for rank, alias in reversed(list(enumerate(column.aliases)))
    }


@lru_cache
def _alias_index(name: str) -> dict[str, str]:
    return {
        normalise_header(alias): column.name
        for column in load_sources()[name].columns.values()
        for alias in column.aliases
    }
