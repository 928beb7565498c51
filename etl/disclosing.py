"""From how few people on a build withholds a count: what commands and the home say of it."""

import argparse
from pathlib import Path

import duckdb

from etl.messages import Refusal, Text
from metrics.build import BuildBroken, open_build
from metrics.definitions import DefinitionFault
from metrics.disclosure import Places, Summary, threshold_of
from metrics.disclosure.settings import is_said


def add_threshold(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--threshold",
        type=count,
        metavar="N",
        help="少于 N 人的数不公布，0 为内部版本（默认见 disclosure.toml，否则 10）/ withhold counts of fewer than N "
        "people; 0 = a build for internal eyes (default: disclosure.toml, else 10)",
    )


def count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def required_threshold(home: Path, argument: int | None) -> int:
    """The threshold for a build of this home. Raises Refusal for a file that says none."""
    try:
        return threshold_of(home, argument)
    except DefinitionFault as fault:
        raise Refusal(
            f"disclosure.toml 无法使用，应只有一行 threshold = 10 之类的整数：{fault}",
            f"disclosure.toml cannot be used, expected one line such as threshold = 10: {fault}",
        ) from None


def changed_threshold(home: Path, threshold: int) -> Text | None:
    """What to tell who publishes with a threshold nobody has said, after a build that was made with another one.

    --threshold holds for one command, and withdraw, release and replay have none: without a word, the next one would
    make a home public that was internal.
    """
    if is_said(home):
        return None
    try:
        before = open_build(home)
    except BuildBroken:
        return None  # publishing repairs it
    if before is None or before.disclosure_threshold == threshold:
        return None
    kept = before.disclosure_threshold
    was_zh = f"公开版本，少于 {kept} 人的数不显示" if kept else "内部版本（门槛 0）"
    was_en = f"withheld those of fewer than {kept}" if kept else "was for internal eyes (threshold 0)"
    return Text(
        f"新版本是公开版本，少于 {threshold} 人的数不显示；原来的版本是{was_zh}。--threshold 只管一次命令；要一直用原来的门槛，"
        f"在数据目录的 disclosure.toml 写一行 threshold = {kept}；然后：python -m etl publish。",
        f"The new build withholds counts of fewer than {threshold} people; the one before {was_en}. --threshold holds for "
        f"one command: to keep the one before, write threshold = {kept} into disclosure.toml of the data home; then: "
        "python -m etl publish.",
    )


def exposing(summary: Summary) -> Refusal:
    """Why a build is not published: it, beside what earlier ones told, would give small counts away, and nothing is
    left to withhold. What docs/disclosure.md promises has no exceptions."""
    return Refusal(
        f"没有发布：对照以前已公布的版本，仍有 {summary.exposed} 个小数字（1 至 {summary.threshold - 1}）可以推算出来，"
        "再没有可以不予显示的数了。原版本照旧；报送的增删已在数据仓库里。可以等更多报送来了再发布，撤回引起这一变化的"
        "报送，或只在内部看：python -m etl publish --threshold 0。",
        f"Not published: beside what earlier builds have told, {summary.exposed} counts of 1 to {summary.threshold - 1} "
        "could still be computed, and nothing is left to withhold. The build before stays current; what was loaded or "
        "withdrawn stays so in the warehouse. Publish when more has come, withdraw the drop that made the difference, "
        "or publish for internal eyes: python -m etl publish --threshold 0.",
    )


def places_of_drops(connection: duckdb.DuckDBPyConnection) -> Places:
    """By drop, the areas in which its rows lie, also those of rows another drop has since repeated or replaced."""
    found = connection.execute("""
        SELECT drop_id, list(DISTINCT area_code) FROM (
            SELECT drop_id, area_code FROM reported UNION ALL SELECT drop_id, area_code FROM registrations_past
        ) WHERE area_code IS NOT NULL GROUP BY drop_id""")
    return {drop_id: frozenset(codes) for drop_id, codes in found.fetchall()}
