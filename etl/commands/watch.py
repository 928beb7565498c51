"""python -m etl watch: load drops as they arrive, until stopped."""

import argparse
import signal
from pathlib import Path
from types import FrameType

from etl.disclosing import add_threshold
from etl.messages import Text, say
from etl.watch import watch

HELP = "守候收件目录，到齐即载入并发布 / load drops as they arrive, until stopped"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--inbox", type=Path, help="收件目录（默认 <data>/drops）/ the folder to watch")
    parser.add_argument(
        "--every", type=float, default=5.0, metavar="SECONDS", help="间隔秒数 / seconds between looks"
    )
    parser.add_argument(
        "--rounds", type=int, default=0, help="看几轮后停止，0 为不停 / stop after N looks, 0 = never"
    )
    add_threshold(parser)


def run(args: argparse.Namespace) -> int:
    inbox = args.inbox or args.home / "drops"
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        """End after the drop at hand and a last publish. A second signal does not wait: a drop is all or nothing."""
        stopped.append(number)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        say(Text(f"正在守候 {inbox}，按 Ctrl+C 停止。", f"Watching {inbox}; stop with Ctrl+C."))
        left = watch(
            args.home, inbox, args.every, lambda: bool(stopped), args.rounds, threshold=args.threshold
        )
    finally:
        signal.signal(signal.SIGTERM, before)
    if stopped:
        say(Text("已按要求停止。", "Stopped as asked."))
    # A service that is stopped has done what it was to do; who asked for some rounds wants to know of them.
    return 1 if left and args.rounds else 0
