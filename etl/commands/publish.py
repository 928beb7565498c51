"""python -m etl publish: compute a build from the warehouse as it is."""

import argparse
from datetime import date

from etl.disclosing import add_threshold
from etl.publish import publish, published_sentence
from etl.warehouse import open_warehouse

HELP = "重新计算并发布 / compute and publish a build"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_threshold(parser)


def run(args: argparse.Namespace) -> int:
    with open_warehouse(args.home, "publish") as connection:
        build_id = publish(connection, args.home, date.today(), args.threshold)
    say_done(build_id)
    return 0


def say_done(build_id: str) -> None:
    from etl.messages import say

    say(published_sentence(build_id))
    print(build_id)
