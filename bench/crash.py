"""`python -m bench crash`: kill -9 at random moments, far more often than the tests have time for.

What is left after each kill is compared with an undisturbed run, by the same code as in the tests
(tests/etl/crash). Most commands are forks of one prepared process; with --processes each is started anew as an
operator's would be, which takes three times as long.
"""

import argparse
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

Figures = dict[str, Any]

KILLS_OF_A_SEED = 25  # a campaign that finds something is repeated from the nearest seed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=500, help="kills in all (default: 500)")
    parser.add_argument("--minutes", type=float, default=0, help="kill for so many minutes at most")
    parser.add_argument("--seed", type=int, default=1, help="first seed; one more for every 25 kills")
    parser.add_argument("--processes", action="store_true", help="start every command as a new process")


def run(options: argparse.Namespace) -> Figures:
    """The counts of what was hit and left. A difference from the undisturbed run ends it with AssertionError."""
    # The tests are part of the repository, not of what is installed: imported only when this is asked for.
    from tests.etl.crash.campaign import call, campaign, copy_home, undisturbed
    from tests.etl.crash.forge import ENVIRONMENT, Forge, Subprocesses

    os.environ.update(ENVIRONMENT)
    hit: Counter[str] = Counter()
    left: Counter[str] = Counter()
    kills = finished = quicker = 0
    with tempfile.TemporaryDirectory(prefix="redvest-bench-") as name, Forge(Path(name)) as forge:
        folder = Path(name)
        known = undisturbed(forge, folder)
        runner = Subprocesses() if options.processes else forge
        last = known[-1]
        # How long a process takes to start: no kill before that would find it at work.
        home = copy_home(last.before, folder / "home")
        late = call(runner, home, ("status",), last.step.today).seconds if options.processes else 0.0
        seed, began = options.seed, time.monotonic()  # killing; the undisturbed run before it is not counted
        while kills < options.kills and not 0 < options.minutes * 60 < time.monotonic() - began:
            wanted = min(KILLS_OF_A_SEED, options.kills - kills)
            tally = campaign(runner, folder, known, seed=seed, kills=wanted, late=late)
            kills, finished, seed = kills + tally.kills, finished + tally.finished, seed + 1
            quicker += tally.not_killed
            hit, left = hit + tally.hit, left + tally.left
    return {
        "kills": kills,
        "quicker": quicker,
        "compared": finished + quicker,
        "differences": 0,
        "killed": dict(hit),
        "left_behind": dict(left),
        "seeds": [options.seed, seed - 1],
        "seconds": round(time.monotonic() - began, 1),
    }


def table(figures: Figures) -> str:
    killed = "\n".join(f"  {command:32}{times:>6,}" for command, times in sorted(figures["killed"].items()))
    left = "\n".join(f"  {what:32}{times:>6,}" for what, times in sorted(figures["left_behind"].items()))
    return (
        f"{figures['kills']:,} processes killed in {figures['seconds']:,} s, each warehouse and build looked at; "
        f"{figures['compared']:,} brought to the end of their work ({figures['quicker']:,} of them were quicker than "
        f"the kill) and compared (seeds {figures['seeds'][0]} to {figures['seeds'][1]}); differences from the "
        f"undisturbed run: {figures['differences']}\n\nkilled\n{killed}\n\nfound after the kill\n{left}"
    )
