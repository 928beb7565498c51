"""Every observation of a build as files that others can use: CSV for Excel, Parquet for analysis.

Each file names the build, when it was made, and whether its figures come from synthetic drops. Figures are those of
the usual definition (the column `variant` is empty), of one chosen, or of every one in which they can be asked; the
Parquet file's metadata says which.
"""

import csv
import gc
import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from metrics.areas import load_areas
from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.disclosure.report import withheld
from metrics.export_safe import safe_cell, safe_table
from metrics.indicator import Indicator
from metrics.members import DIMENSIONS
from metrics.merged_members import merged_members
from metrics.observation import COLUMNS as OF_OBSERVATION
from metrics.observation import Observation
from metrics.observe import Question, observe
from metrics.output import NATURE, SYNTHETIC, WITHHELD, catalogue_rows
from metrics.periods import PERIOD_KINDS, WINDOWS, Period, window_span
from metrics.small_counts import mark
from metrics.variants import USUAL, Variant
from metrics.variants.exported import definition_told, definitions_of, require_exportable
from metrics.variants.fitting import refusal

# A CSV repeats where it is from in every row, so it is large; compressed, or as Parquet, a few hundredths of that.
FORMATS = ("csv", "csv.gz", "parquet")
BOM = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the local code page
REAL = "真实数据 Real data"

OF_BATCH = ("indicator", "window", "basis", "build_id", "variant")
FIELDS = tuple(name for name in OF_OBSERVATION if name not in OF_BATCH)
fields_of = attrgetter(*FIELDS)
COLUMNS = {
    **dict.fromkeys(OF_OBSERVATION, pa.string()),
    "period_start": pa.date32(),
    "period_end": pa.date32(),
    **dict.fromkeys(("numerator", "denominator", "value", "lower", "upper"), pa.float64()),
    "population_year": pa.int32(),
    "published_at": pa.string(),
    NATURE: pa.string(),
    WITHHELD: pa.string(),
}


def export(
    build: Build,
    folder: Path,
    formats: Sequence[str] = ("csv", "parquet"),
    only: Sequence[Indicator] = (),
    variant: Variant | None = USUAL,
) -> list[Path]:
    """Write the observations in some FORMATS, definitions.csv and withheld.csv; gives their paths.

    Of all indicators and measures, or only some; as one definition reads them, or (None) as every one does. Raises
    QueryRefused for a definition in which none of them, or one that was named, can be asked.

    A window nobody reported has no row, nor has a member of a breakdown with nobody in it. What does not
    depend on the window (stocks) is given for month, quarter and year ends only. Files appear whole or not
    at all. Raises OSError when the folder cannot be written.
    """
    if variant:
        require_exportable(build, variant, only)
    folder.mkdir(parents=True, exist_ok=True)
    nature = SYNTHETIC if build.is_synthetic else REAL
    paths = [folder / name for name in file_names(formats)]
    tables = dict(zip((form for form in FORMATS if form in formats), paths, strict=False))
    beside = {path: path.with_name(f".{path.name}.tmp") for path in paths}
    try:
        write_observations(
            build, {form: beside[path] for form, path in tables.items()}, nature, only, variant
        )
        write_definitions(build, beside[paths[-2]], nature)
        write_withheld(build, beside[paths[-1]])
        for path, written in beside.items():
            written.replace(path)
    finally:
        for written in beside.values():
            written.unlink(missing_ok=True)
    return paths


def file_names(formats: Sequence[str]) -> list[str]:
    """The observations in each format asked for, in the order of FORMATS, then what goes with them."""
    tables = [f"observations.{form}" for form in FORMATS if form in formats]
    return [*tables, "definitions.csv", "withheld.csv"]


def write_observations(
    build: Build,
    paths: Mapping[str, Path],
    nature: str,
    only: Sequence[Indicator] = (),
    variant: Variant | None = USUAL,
) -> None:
    provenance = {
        "build_id": build.build_id,
        "published_at": build.created_at.isoformat(),
        NATURE: nature,
        **definition_told(variant),
        WITHHELD: mark(build),
    }
    schema = pa.schema(
        list(COLUMNS.items()), metadata={"redvest": json.dumps(provenance, ensure_ascii=False)}
    )
    told = {"published_at": provenance["published_at"], NATURE: nature, WITHHELD: provenance[WITHHELD]}
    with ExitStack() as files:
        files.enter_context(uncollected())
        as_csv = []
        for form in ("csv", "csv.gz"):
            if form in paths:
                file = files.enter_context(opened(form, paths[form]))
                file.write(BOM)
                as_csv.append(files.enter_context(pa_csv.CSVWriter(file, schema)))
        as_parquet = None
        if "parquet" in paths:
            as_parquet = files.enter_context(pq.ParquetWriter(paths["parquet"], schema, compression="zstd"))
        for rows in batches(build, only, variant):
            columns: dict[str, Any] = dict(zip(FIELDS, zip(*map(fields_of, rows), strict=True), strict=True))
            columns["period_start"] = first_days(rows)
            # Repeated rather than read off every row: the same throughout a batch, or throughout the build.
            same = {name: getattr(rows[0], name) for name in OF_BATCH} | told
            columns |= {
                name: pa.repeat(pa.scalar(text, pa.string()), len(rows)) for name, text in same.items()
            }
            table = pa.table(columns, schema=schema)
            if as_csv:
                safe = safe_table(table)
                for writer in as_csv:
                    writer.write_table(safe)
            if as_parquet:
                as_parquet.write_table(table)


def first_days(rows: Sequence[Observation]) -> list[date | None]:
    """Of the window each row of a batch is read in, not of the period it is named by; none for all up to a day."""
    by_start = {row.period_start: row for row in rows}
    firsts = {start: window_span(row.period, row.window)[0] for start, row in by_start.items()}
    return [firsts[row.period_start] for row in rows]


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for cycles of garbage, which millions of rows have none of: a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def opened(form: str, path: Path) -> Any:
    """A file to write bytes into. No time of writing in a compressed one: the same build gives the same bytes."""
    return gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) if form == "csv.gz" else path.open("wb")


def batches(
    build: Build, only: Sequence[Indicator] = (), variant: Variant | None = USUAL
) -> Iterator[list[Observation]]:
    """The observations of one indicator, city, definition, window and breakdown at a time."""
    areas = load_areas()
    for indicator in only or load_catalogue().all():
        for city in build.cities_with_data():
            places = [areas.get(city), *areas.children(city)]
            for question, kind in questions(build, indicator, city, variant):
                periods = periods_reported(build, city, indicator, kind, question.basis)
                if not periods:
                    continue
                found = observe(build, question, places, periods, is_told_only=True)
                merged = merged_members(build, question, periods, found)
                rows = [row for row in found if says_something(row)] + merged
                if rows:
                    yield rows


def questions(
    build: Build, indicator: Indicator, city: str, variant: Variant | None
) -> Iterator[tuple[Question, str]]:
    """Everything to ask about an indicator in a city, as query() would ask it, with the kind of period."""
    for chosen in definitions_of(build, indicator, city, variant):
        as_read = chosen.as_read(indicator)
        for kind, window in windows_of(as_read):
            for basis in indicator.bases:
                for dimension in dimensions_of(indicator, window):
                    if refusal(chosen, indicator, window, dimension) is None:
                        yield Question(as_read, window, basis, dimension, chosen), kind


def periods_reported(build: Build, city: str, indicator: Indicator, kind: str, basis: str) -> list[Period]:
    """The periods of a kind since a city began to report what is counted, up to the last day of any report."""
    spans, term = build.coverage(city), indicator.numerator
    own = term.basis or (basis if basis in term.measure.bases else term.measure.bases[0])
    sources = term.measure.sources_for(own)
    if any(source not in spans for source in sources):
        return []
    first_on = min(span.first_on for span in spans.values())
    first_on = max((spans[source].first_on for source in sources), default=first_on)
    # A window that ends before the last of its sources begins is not reported, and has no row.
    return periods_between(kind, first_on, max(span.last_on for span in spans.values()))


def dimensions_of(indicator: Indicator, window: str) -> list[str]:
    """'' for the total, and the breakdowns there are in a window."""
    names = ("", *(name for name in DIMENSIONS if name in indicator.dimensions))
    return [name for name in names if window in indicator.windows(name)]


def windows_of(indicator: Indicator) -> list[tuple[str, str]]:
    """(kind of period, window) pairs in which the indicator has values of its own."""
    own = [(kind, kind) for kind in PERIOD_KINDS]
    if not indicator.numerator.is_of_window:
        return own
    return own + [("month", window) for window in WINDOWS if window not in PERIOD_KINDS]


def periods_between(kind: str, first_on: date, last_on: date) -> list[Period]:
    """Every period of a kind that has a day in common with the two days, oldest first."""
    period, last = Period.containing(kind, first_on), Period.containing(kind, last_on)
    periods = [period]
    while period != last:
        period = period.previous(-1)
        periods.append(period)
    return periods


def says_something(row: Observation) -> bool:
    """Neither unreported nor an empty member of a breakdown; what is suppressed says that it is."""
    if row.status in ("not_reported", "suppressed"):
        return row.status == "suppressed"
    return not row.dimension or bool(row.numerator) or bool(row.denominator)


def write_definitions(build: Build, path: Path, nature: str) -> None:
    """One row per indicator and measure, as the figures of this export are defined."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = [flat(row) | {"build_id": build.build_id, NATURE: nature} for row in definition_rows(build)]
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({key: safe_cell(value) for key, value in row.items()} for row in rows)


def write_withheld(build: Build, path: Path) -> None:
    """How many figures of each measure and breakdown are withheld, and how many published."""
    about = {"build_id": build.build_id, "threshold": build.disclosure_threshold, WITHHELD: mark(build)}
    rows = [{**row, **about} for row in withheld(build)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else list(about))
        writer.writeheader()
        writer.writerows(rows)


def definition_rows(build: Build) -> list[dict[str, Any]]:
    return catalogue_rows(load_catalogue(), build.reviews)


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """{'name': {'zh': …, 'en': …}} → name_zh, name_en; lists are joined."""
    result: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            result |= {f"{key}_{lang}": joined(text) for lang, text in value.items()}
        else:
            result[key] = joined(value)
    return result


def joined(value: Any) -> Any:
    return " | ".join(value) if isinstance(value, list) else value
