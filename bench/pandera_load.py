"""A second baseline: the same drops through pandas and pandera, as a careful analyst would write it.

`python -m bench.pandera_load FOLDER OUT` prints one JSON object. For each file: SHA-256, all cells read as text,
headers by our list of spellings, values cast column by column, rules checked with a pandera schema (all failures
collected, the rows set aside), ID numbers' check digits and birth dates, HMAC-SHA-256 of each distinct
ID number and reference; then the latest row of each key, stored as Parquet with the quarantine and a ledger.
The rules are those of etl/checks stage `read` and `resolve` that a regular drop can break. What it does
not do: odd encodings and lines, versions and withdrawals, areas by the drop's folder.
"""

import hashlib
import json
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from bench.measure import peak_memory_mib
from etl.identity import Secret
from etl.source import Column, Source, load_sources
from metrics.areas import load_areas

CITY = "130200"
EARLIEST = pd.Timestamp("1989-01-01")
PAST_DAYS = ("registered_on", "left_on", "service_date", "recorded_on")
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK_DIGITS = np.frombuffer(b"10X98765432", np.uint8)
# The columns that tell one row of a source from another: its latest row stands.
KEYS = {
    "registrations": ["person_key", "platform"],
    "activities": ["activity_key"],
    "service_hours": ["platform", "record_key"],
}
NEEDED = {
    "registrations": ["id_number", "registered_on"],
    "activities": ["activity_id", "start_at"],
    "service_hours": ["id_number", "service_date", "service_hours"],
}
NOT_STORED = ("id_number", "volunteer_number", "activity_id", "record_id", "unreadable")


@dataclass
class Keys:
    """Persons and references seen so far: keyed digests to small integers, shared by all files."""

    secret: Secret
    known: dict[str, dict[str, int]] = field(default_factory=dict)

    def of(self, kind: str, texts: pd.Series) -> pd.Series:
        """A key for each text; each distinct one is hashed once a file."""
        places, distinct = pd.factorize(texts)
        known = self.known.setdefault(kind, {})
        keys = [known.setdefault(self.secret.digest(kind, text), len(known) + 1) for text in distinct]
        found = pd.array([*keys, None], dtype="Int64").take(places)
        return pd.Series(found, index=texts.index)


def load(folder: Path, out: Path) -> dict[str, float | int]:
    """Load every drop of the folder; seconds, rows stored per source, peak memory, bytes."""
    started, cpu_started = time.perf_counter(), time.process_time()
    out.mkdir(parents=True)
    keys = Keys(Secret(secrets.token_bytes(32)))
    rows, ledger = {}, []
    for source in load_sources().values():
        good, faulty = [], []
        for path in sorted(folder.glob(f"{source.name}*.csv")):
            accepted, quarantined, entry = load_file(path, source, keys)
            good.append(accepted)
            faulty.append(quarantined)
            ledger.append(entry)
        if good:
            stored = pd.concat(good, ignore_index=True).drop_duplicates(KEYS[source.name], keep="last")
            stored.to_parquet(out / f"{source.name}.parquet", index=False)
            pd.concat(faulty, ignore_index=True).to_parquet(out / f"{source.name}_quarantine.parquet")
            rows[f"{source.name}_rows"] = len(stored)
    (out / "ledger.json").write_text(json.dumps(ledger))
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
    return {
        "load_seconds": seconds,
        "load_cpu_seconds": cpu_seconds,
        **rows,
        "peak_memory_mib": peak_memory_mib(),
        "database_bytes": sum(path.stat().st_size for path in out.iterdir()),
    }


def load_file(
    path: Path, source: Source, keys: Keys
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str | int]]:
    """(accepted rows as they are stored, failures by row number and check, ledger entry) of one file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    raw = pd.read_csv(path, dtype=str, keep_default_na=False)
    positions = source.recognise(list(raw.columns))
    assert not source.missing(positions), f"{path.name}: required columns are missing"
    frame = typed(raw, source, positions)
    failures = failures_of(frame, schema_for(source, frozenset(frame.columns), pd.Timestamp(date.today())))
    accepted = frame.drop(index=failures["row_no"].unique() - 2)
    entry: dict[str, str | int] = {
        "file": path.name,
        "sha256": digest,
        "rows_read": len(frame),
        "rows_accepted": len(accepted),
    }
    return with_keys(accepted, source, keys), failures, entry


def typed(raw: pd.DataFrame, source: Source, positions: dict[str, int]) -> pd.DataFrame:
    """Columns of the sheet, cast; `unreadable` is true where a cell holds something that is no value."""
    columns = {}
    unreadable = pd.Series(False, index=raw.index)
    for name, position in positions.items():
        column = source.columns[name]
        if column.type == "unread":
            continue
        text = raw.iloc[:, position].str.strip()
        value = cast(column)(text.where(text != ""))
        if column.type not in ("text", "label", "number", "reference", "id_number", "synthetic"):
            unreadable |= value.isna() & (text != "")
        columns[name] = value
    columns["platform"] = columns.get("platform", pd.Series(None, index=raw.index, dtype=str)).fillna("")
    return pd.DataFrame({**columns, "unreadable": unreadable})


def cast(column: Column) -> Callable[[pd.Series], pd.Series]:
    """From text to the values of a type; what cannot be cast becomes missing."""
    if column.type == "date":
        return lambda text: pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    if column.type == "datetime":
        return lambda text: pd.to_datetime(text, format="%Y-%m-%d %H:%M:%S", errors="coerce")
    if column.type in ("hours", "minutes", "count"):
        return lambda text: pd.to_numeric(text, errors="coerce")
    if column.type == "code":
        by_value = {value.lower(): code for code, values in column.codes.items() for value in values}
        return lambda text: by_distinct(text, lambda one: by_value.get(one.lower(), column.unknown))
    if column.type == "area":
        areas = load_areas()
        return lambda text: by_distinct(text, lambda one: areas.resolve(one, CITY))
    return lambda text: text


def by_distinct(text: pd.Series, change: Callable[[str], str | None]) -> pd.Series:
    """Each distinct text changed once."""
    places, distinct = pd.factorize(text)
    changed = pd.array([*(change(one) for one in distinct), None], dtype="str")
    return pd.Series(changed.take(places), index=text.index)


def schema_for(source: Source, present: frozenset[str], today: pd.Timestamp) -> pa.DataFrameSchema:
    """The rules of the checks as a pandera schema over typed columns."""
    checks: dict[str, list[pa.Check]] = {name: [] for name in present}
    checks["unreadable"].append(pa.Check(lambda unreadable: ~unreadable, error="value_readable"))
    for name in present & set(PAST_DAYS):
        checks[name].append(pa.Check.in_range(EARLIEST, today, error="date_possible"))
    if "service_hours" in present:
        checks["service_hours"].append(pa.Check.in_range(0, 24, error="hours_within_a_day"))
    if "id_number" in present:
        valid = id_number_check(today)
        checks["id_number"].append(pa.Check(valid, error="id_number_valid"))
    needed = NEEDED[source.name]
    return pa.DataFrameSchema(
        {name: pa.Column(checks=rules, nullable=name not in needed) for name, rules in checks.items()}
    )


def id_number_check(today: pd.Timestamp) -> Callable[[pd.Series], pd.Series]:
    """Whether each number has the form, the birth date and the check digit of one; asked once for each."""

    def valid(numbers: pd.Series) -> pd.Series:
        places, distinct = pd.factorize(numbers)
        texts = pd.Series(distinct, dtype=str)
        good = texts.str.fullmatch(r"\d{17}[0-9X]").to_numpy(dtype=bool, copy=True)
        digits = np.frombuffer(texts.where(good, "0" * 18).to_numpy(dtype="S18").tobytes(), np.uint8)
        digits = digits.reshape(-1, 18)
        weighted = (digits[:, :17].astype(np.int64) - ord("0")) @ WEIGHTS
        born = pd.to_datetime(texts.str[6:14], format="%Y%m%d", errors="coerce")
        good &= digits[:, 17] == CHECK_DIGITS[weighted % 11]
        good &= born.between(pd.Timestamp("1900-01-01"), today).to_numpy()
        return pd.Series(good[places], index=numbers.index)

    return valid


def failures_of(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """(row_no, column, check) of every failure; no value is kept."""
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():  # of no row: the schema itself does not fit
            raise
        return pd.DataFrame(
            {
                "row_no": cases["index"].astype("int64") + 2,
                "column": cases["column"].astype(str),
                "check": cases["check"].astype(str),
            }
        )
    return pd.DataFrame({"row_no": pd.Series(dtype="int64"), "column": [], "check": []})


def with_keys(frame: pd.DataFrame, source: Source, keys: Keys) -> pd.DataFrame:
    """What is stored: keys in place of numbers, gender and year of birth out of the ID number."""
    found = {}
    if "id_number" in frame:
        found["person_key"] = keys.of("person", frame["id_number"])
        if source.name == "registrations":
            found["birth_year"] = pd.to_numeric(frame["id_number"].str[6:10])
            odd = pd.to_numeric(frame["id_number"].str[16]) % 2 == 1
            found["id_gender"] = odd.map({True: "male", False: "female"})
    if "volunteer_number" in frame:
        found["number_key"] = keys.of("number", frame["platform"] + "|" + frame["volunteer_number"])
    if "activity_id" in frame:
        found["activity_key"] = keys.of("activity", frame["activity_id"])
    if source.name == "service_hours":
        found["record_key"] = record_keys(frame.assign(**found))
    stored = [name for name in frame.columns if name not in NOT_STORED]
    return frame[stored].assign(**found)


def record_keys(frame: pd.DataFrame) -> pd.Series:
    """The record's own number, or else who, doing what and when."""
    given = frame.get("record_id", pd.Series(None, index=frame.index, dtype=str))
    without = frame[given.isna()]
    told = [name for name in ("person_key", "activity_key", "service_date", "start_at") if name in without]
    return given.fillna(without[told].astype(str).agg("|".join, axis=1)) if len(without) else given


if __name__ == "__main__":
    sys.stdout.write(json.dumps(load(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
