"""Benchmarks against named baselines, measured in one run: `python -m bench ingest`, `python -m bench hostile`."""

import argparse
import json
import sys

from bench import crash, cube, hostile, ingest, query, report


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    ingest_parser = commands.add_parser("ingest", help="a complete load against DuckDB's bare typed load")
    ingest.add_arguments(ingest_parser)
    ingest_parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    hostile_parser = commands.add_parser("hostile", help="what readers make of polluted drops")
    hostile.add_arguments(hostile_parser)
    hostile_parser.add_argument(
        "--json", action="store_true", help="print one JSON object instead of a table"
    )
    crash_parser = commands.add_parser("crash", help="kill -9 at random moments, and what is left")
    crash.add_arguments(crash_parser)
    crash_parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    cube_parser = commands.add_parser("cube", help="building the cube, and what a monthly drop's takes")
    cube.add_arguments(cube_parser)
    cube_parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    query_parser = commands.add_parser("query", help="how long a question to a build takes")
    query.add_arguments(query_parser)
    query_parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args(argv)
    if options.command == "hostile":
        figures = hostile.run(options)
        text = hostile.markdown(figures) if options.markdown else hostile.table(figures)
    elif options.command == "crash":
        figures = crash.run(options)
        text = crash.table(figures)
    elif options.command == "cube":
        figures = cube.run(options)
        text = cube.table(figures)
    elif options.command == "query":
        figures = query.run(options)
        text = query.table(figures)
    else:
        figures = ingest.run(options)
        text = report.table(figures)
    print(json.dumps(figures, indent=1) if options.json else text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
