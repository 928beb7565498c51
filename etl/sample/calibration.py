"""What the sample city is calibrated to, read strictly from calibration.toml (one City per city of the house)."""

import difflib
import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "calibration.toml"
TARGETS = (
    "ever_active_share",
    "active_share",
    "hours_per_registered",
    "growth",
    "activities_per_registered",
    "organisations_per_registered",
)
COUNTED = ("last_year", "span")
FORMS = ("full", "minutes")


@dataclass(frozen=True)
class Target:
    """A value to hit, the published figures it comes from (none: an assumption) and a note on how.

    `months` is the time the value covers and `counted` where it is hit: in the last year, or as
    span months / months over the whole span.
    """

    value: float
    figures: tuple[str, ...]
    note: str
    months: int = 12
    counted: str = "last_year"


@dataclass(frozen=True)
class Platform:
    """A supplier and the shape of its files; `form` chooses its headers (etl/sample/tables.py)."""

    name: str
    code: str
    share: float
    form: str
    encoding: str
    delimiter: str
    line_end: str


@dataclass(frozen=True)
class City:
    """One city: targets as shares or hours, leaf area code to residents (weights of districts and zones)."""

    area_code: str
    targets: dict[str, Target]
    platforms: tuple[Platform, ...]
    residents: dict[str, int]
    visits_per_active: float

    def prefix(self, platform: Platform) -> str:
        """What a platform's numbers begin with here; one platform serves several cities."""
        return platform.code + self.area_code[:4]

    def target(self, name: str) -> float:
        return self.targets[name].value

    def per_year(self, name: str) -> float:
        """A target that covers `months`, spread evenly."""
        return self.targets[name].value * 12 / self.targets[name].months


@dataclass(frozen=True)
class Assumptions:
    """Shares nobody published, in one place; each is explained in calibration.toml."""

    unknown_area_share: float
    city_as_area_share: float
    second_platform_share: float
    moved_account_share: float
    closed_second_share: float
    other_area_share: float
    leaving_per_year: float
    unknown_leaving_day_share: float
    leaver_ever_active_share: float
    leaving_year_active_share: float
    female_share: float
    blank_gender_share: float
    blank_birth_date_share: float
    in_organisation_share: float
    active_share_drift: float
    hours_drift: float
    linked_record_share: float
    served_elsewhere_share: float
    multi_day_activity_share: float
    cancelled_activity_share: float
    early_record_share: float
    stranger_share: float
    frailty_sigma: float
    registration_sigma: float
    district_sigma: float
    growth_before_span: float
    beneficiaries_per_hour: float
    evidence: dict[str, float]
    record_status: dict[str, float]


@dataclass(frozen=True)
class Peak:
    """A day of the year on which many serve; weights multiply the weekday's."""

    month: int
    day: int
    weight: float
    around: int  # days before and after
    around_weight: float


@dataclass(frozen=True)
class Calendar:
    """How service spreads over the days of a year, as weights."""

    weekday_weights: tuple[float, ...]
    spring_festival_weight: float
    spring_festival_days: tuple[int, ...]
    spring_festivals: tuple[date, ...]
    registration_month_weights: tuple[float, ...]
    peaks: tuple[Peak, ...]


@dataclass(frozen=True)
class AgeBand:
    """Ages `first` to `last` at the end of the span, and what people of that age are."""

    first: int
    last: int
    share: float
    political_status: dict[str, float]
    occupation: dict[str, float]
    education: dict[str, float]


@dataclass(frozen=True)
class Calibration:
    last_month: str
    assumptions: Assumptions
    calendar: Calendar
    age_bands: tuple[AgeBand, ...]
    cities: dict[str, City]


@lru_cache(maxsize=1)
def load_calibration() -> Calibration:
    """The calibration of the house."""
    return read_calibration(FILE)


def read_calibration(path: Path) -> Calibration:
    """Raises ValueError naming the table and the nearest known key when a key is unknown or missing."""
    sheet = tomllib.loads(path.read_text(encoding="utf-8"))
    _require_keys(
        "the file", sheet, {"last_month", "assumptions", "calendar", "age_bands", "cities"}, path.name
    )
    calendar = dict(sheet["calendar"])
    calendar["peaks"] = [_build(Peak, "calendar.peaks", peak) for peak in calendar.get("peaks", [])]
    bands = [
        {("first" if key == "from" else "last" if key == "to" else key): value for key, value in band.items()}
        for band in sheet["age_bands"]
    ]
    return Calibration(
        last_month=sheet["last_month"],
        assumptions=_build(Assumptions, "assumptions", sheet["assumptions"]),
        calendar=_build(Calendar, "calendar", calendar),
        age_bands=tuple(_build(AgeBand, "age_bands", band) for band in bands),
        cities={code: _city(code, table) for code, table in sheet["cities"].items()},
    )


def _city(code: str, table: dict[str, Any]) -> City:
    place = f"cities.{code}"
    _require_keys(place, table, {"visits_per_active", "platforms", "targets", "residents"})
    _require_keys(f"{place}.targets", table["targets"], set(TARGETS))
    targets = {
        name: _build(Target, f"{place}.targets.{name}", entry) for name, entry in table["targets"].items()
    }
    platforms = tuple(_build(Platform, f"{place}.platforms", entry) for entry in table["platforms"])
    for name, target in targets.items():
        if target.counted not in COUNTED:
            raise ValueError(
                f"calibration.toml, {place}.targets.{name}: counted is one of {', '.join(COUNTED)}."
            )
    for platform in platforms:
        if platform.form not in FORMS:
            raise ValueError(f"calibration.toml, {place}.platforms: form is one of {', '.join(FORMS)}.")
    return City(code, targets, platforms, dict(table["residents"]), float(table["visits_per_active"]))


def _build(kind: Any, place: str, entry: dict[str, Any]) -> Any:
    """A dataclass from a table whose keys are exactly its fields (those with a default may be absent)."""
    names = {field.name for field in fields(kind)}
    optional = {field.name for field in fields(kind) if not _is_required(field)}
    _require_keys(place, entry, names, optional=optional)
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})


def _is_required(field: Any) -> bool:
    return type(field.default).__name__ == "_MISSING_TYPE"


def _require_keys(
    place: str,
    entry: dict[str, Any],
    known: set[str],
    file: str = FILE.name,
    optional: frozenset[str] | set[str] = frozenset(),
) -> None:
    for key in entry:
        if key not in known:
            near = difflib.get_close_matches(key, sorted(known), 1)
            hint = f" (did you mean '{near[0]}'?)" if near else ""
            raise ValueError(f"{file}, {place}: key '{key}' is not known{hint}.")
    for key in sorted(known - set(entry) - set(optional)):
        raise ValueError(f"{file}, {place}: key '{key}' is missing.")
