"""From how few people on a build withholds a count: what commands and the home say of it."""

import argparse
from pathlib import Path

import duckdb

from etl.messages import Refusal
from metrics.definitions import DefinitionFault
from metrics.disclosure import Places, threshold_of


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


def places_of_drops(connection: duckdb.DuckDBPyConnection) -> Places:
    """By drop, the areas in which its rows lie, also those of rows another drop has since repeated or replaced."""
    found = connection.execute("""
        SELECT drop_id, list(DISTINCT area_code) FROM (
            SELECT drop_id, area_code FROM reported UNION ALL SELECT drop_id, area_code FROM registrations_past
        ) WHERE area_code IS NOT NULL GROUP BY drop_id""")
    return {drop_id: frozenset(codes) for drop_id, codes in found.fetchall()}
