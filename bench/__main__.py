"""Benchmarks: ratios against named baselines, measured in one run: `python -m bench ingest`."""

import argparse
import json
import sys

from bench import ingest, report


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    ingest_parser = commands.add_parser("ingest", help="a complete load against DuckDB's bare typed load")
    ingest.add_arguments(ingest_parser)
    ingest_parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    options = parser.parse_args(argv)
    figures = ingest.run(options)
    print(json.dumps(figures, indent=1) if options.json else report.table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
