"""What each command of python -m metrics does, once the call has been read: ask a build, print the answer."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from metrics import revision_output
from metrics.analysis import command as analysing
from metrics.areas import load_areas
from metrics.build import Build, BuildBroken, BuildNotFound, data_home, open_build
from metrics.catalogue import load_catalogue
from metrics.catalogue_table import catalogue_markdown, write_into
from metrics.comparisons import compare
from metrics.comparisons import telling as compared
from metrics.definitions import LANGUAGES
from metrics.explain import explain
from metrics.export import export, file_names
from metrics.output import (
    SYNTHETIC,
    as_csv,
    as_json,
    as_table,
    catalogue_rows,
    catalogue_table,
    explanation_text,
    plain_csv,
)
from metrics.own_files import require_folder
from metrics.periods import Period
from metrics.query import breakdown, query
from metrics.reconcile import reconcile
from metrics.reconcile import telling as reconciled
from metrics.reviews import record, reviews_of_home
from metrics.sensitivity import sensitivity
from metrics.sensitivity_text import sensitivity_markdown, sensitivity_text
from metrics.small_counts import exposed, exposed_text
from metrics.variants import Variant
from metrics.vintages import revisions


class NothingPublished(Exception):
    """The data home has no build yet."""


def say(zh: str, en: str) -> None:
    """A sentence for people, on stderr."""
    print(f"{zh}\n{en}", file=sys.stderr)


def list_indicators(arguments: argparse.Namespace) -> None:
    catalogue = load_catalogue()
    if arguments.json:
        reviews = reviews_of_home(data_home(arguments.data))
        print(json.dumps(catalogue_rows(catalogue, reviews), ensure_ascii=False, indent=2))
    elif arguments.markdown:
        chosen = LANGUAGES if arguments.markdown == "both" else (arguments.markdown,)
        table = catalogue_markdown(catalogue, chosen)
        if arguments.into:
            changed = write_into(arguments.into, table)
            zh, en = ("已更新", "is up to date now") if changed else ("本来就是最新的", "was up to date")
            say(
                f"{arguments.into.name} 的指标表{zh}。",
                f"The table of indicators in {arguments.into.name} {en}.",
            )
        else:
            print(table)
    else:
        print(catalogue_table(catalogue, reviews_of_home(data_home(arguments.data))))


def query_indicator(arguments: argparse.Namespace) -> None:
    load_catalogue().indicator(arguments.indicator)
    period, area_code = Period.parse(arguments.period), area_of(arguments.area)
    build = require_build(arguments)
    ask = breakdown if arguments.by else query
    rows = ask(
        build, arguments.indicator, area_code, period, arguments.window, arguments.basis, arguments.by,
        arguments.variant,
    )  # fmt: skip
    if arguments.format == "json":
        print(as_json(rows))
    elif arguments.format == "csv":
        print(as_csv(build, rows))
    else:
        print(as_table(build, rows))
    mark(build)


def explain_figure(arguments: argparse.Namespace) -> None:
    load_catalogue().indicator(arguments.indicator)
    period, area_code = Period.parse(arguments.period), area_of(arguments.area)
    build = require_build(arguments)
    explanation = explain(
        build, arguments.indicator, area_code, period, arguments.window, arguments.basis, arguments.variant
    )
    if arguments.format == "json":
        print(json.dumps(explanation, ensure_ascii=False, indent=2))
    else:
        print(explanation_text(explanation))
    mark(build)


def compare_figure(arguments: argparse.Namespace) -> None:
    load_catalogue().indicator(arguments.indicator)
    period, area_code = Period.parse(arguments.period), area_of(arguments.area)
    kinds, chosen = compared.asked_for(arguments.others)
    build = require_build(arguments)
    question = (arguments.indicator, area_code, period, arguments.window, arguments.basis)
    (now,) = query(build, *question, variant=arguments.variant)
    found = compare(build, now, kinds, chosen=chosen, home=arguments.home)
    if arguments.format == "json":
        print(compared.as_json(found))
    elif arguments.format == "csv":
        print(compared.as_csv(build, found))
    else:
        print(compared.as_table(build, found, now))
    mark(build)


def reconcile_city(arguments: argparse.Namespace) -> None:
    period, area_code = Period.parse(arguments.period), area_of(arguments.area)
    build = require_build(arguments)
    write = {"text": reconciled.as_text, "csv": reconciled.as_csv, "json": reconciled.as_json}
    print(write[arguments.format](reconcile(build, area_code, period, arguments.window)))
    mark(build)


def compare_variants(arguments: argparse.Namespace) -> None:
    load_catalogue().indicator(arguments.indicator)
    period, codes = Period.parse(arguments.period), [area_of(text) for text in arguments.area]
    build = require_build(arguments)
    result = sensitivity(build, arguments.indicator, codes, period, arguments.window, arguments.basis)
    if arguments.format == "json":
        print(json.dumps({"build_id": build.build_id, **result.as_dict()}, ensure_ascii=False, indent=2))
    elif arguments.format == "csv":
        print(plain_csv(build, result.as_rows()))
    else:
        write = sensitivity_markdown if arguments.format == "markdown" else sensitivity_text
        print(write(build, result))
    mark(build)


def review_definitions(arguments: argparse.Namespace) -> None:
    entries = [load_catalogue().indicator(indicator_id) for indicator_id in arguments.indicators]
    for entry in entries:
        review = record(data_home(arguments.data), entry, arguments.by, date.today())
        say(
            f"已记录：{entry.name('zh')}（{entry.id}）由 {review.by} 于 {review.on} 核定；定义一改，核定即失效。",
            f"Recorded: {entry.id} was reviewed by {review.by} on {review.on}; any change of it makes this lapse.",
        )
    say(
        "页面、解释和导出从下次发布（python -m etl publish）起显示。",
        "Pages, explanations and exports show it from the next publication on (python -m etl publish).",
    )


def revise_figure(arguments: argparse.Namespace) -> None:
    period, area_code = Period.parse(arguments.period), area_of(arguments.area)
    arguments.home = data_home(arguments.data)
    question = (
        arguments.indicator, area_code, period, arguments.window, arguments.basis, arguments.variant,
    )  # fmt: skip
    # As on the page: beside a build for everybody, one for internal eyes is named without its figure.
    found = revisions(arguments.home, *question, least_threshold=threshold_of_current(arguments.home))
    if not found:
        raise NothingPublished
    write = {
        "json": revision_output.as_json,
        "csv": revision_output.as_csv,
        "table": revision_output.as_table,
    }
    print(write[arguments.format](found))
    for one in found:
        if one.problem_zh:
            say(f"{one.build_id}：{one.problem_zh}", f"{one.build_id}: {one.problem_en}")
    if any(one.is_synthetic for one in found):
        print(SYNTHETIC, file=sys.stderr)


def threshold_of_current(home: Path) -> int:
    """Counts from 1 to below this it withholds; where it cannot be read, any build but internal ones is told."""
    try:
        build = open_build(home)
    except (BuildBroken, BuildNotFound):
        return 1
    return build.disclosure_threshold if build else 0


def analyse_build(arguments: argparse.Namespace) -> None:
    if arguments.name is None:
        print(analysing.listing(arguments.format == "json"))
        return
    analysing.require_known(arguments)
    area_code = area_of(arguments.area)
    build = require_build(arguments)
    print(analysing.run(arguments, build, area_code))
    mark(build)


def export_build(arguments: argparse.Namespace) -> None:
    build = require_build(arguments)
    wanted = [load_catalogue().indicator(name) for name in arguments.indicators or ()]
    variant = None if arguments.variants else Variant.parse(arguments.variant)
    require_folder(arguments.folder, arguments.home, file_names(arguments.formats))
    paths = export(build, arguments.folder, arguments.formats, wanted, variant)
    names = ", ".join(path.name for path in paths)
    say(f"已导出到 {arguments.folder}:{names}。", f"Exported to {arguments.folder}: {names}.")
    mark(build)


def require_build(arguments: argparse.Namespace) -> Build:
    arguments.home = data_home(arguments.data)
    build = open_build(arguments.home, arguments.build)
    if build is None:
        raise NothingPublished
    return build


def area_of(text: str) -> str:
    """The area a code or a name means today. Raises AreaNotKnown."""
    areas = load_areas()
    if text in areas:
        return text
    return areas.resolve(text) or areas.get(text).area_code


def mark(build: Build) -> None:
    """Say on stderr, which no format can hide, that figures are not real, or give small counts away."""
    if build.is_synthetic:
        print(SYNTHETIC, file=sys.stderr)
    if exposed(build):
        say(exposed_text(build, "zh"), exposed_text(build, "en"))
