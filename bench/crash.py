"""`python -m bench crash`: kill -9 at random moments, far more often than the tests have time for.

Every command is a process of its own, started and killed as an operator's would be; what is left is compared
with an undisturbed run by the same code as in the tests (tests/etl/crash), which kill forks and single steps.
"""

import argparse
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

Figures = dict[str, Any]

SCENES_APART = 50  # kills of one seed: a campaign that finds something is repeated from the nearest seed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kills", type=int, default=500, help="kills in all (default: 500)")
    parser.add_argument("--seed", type=int, default=1, help="first seed; one more for every 50 kills")
    parser.add_argument(
        "--forks", action="store_true", help="fork prepared processes: as many kills in a third of the time"
    )


def run(options: argparse.Namespace) -> Figures:
    """The counts of what was hit and left. A difference from the undisturbed run ends it with AssertionError."""
    # The tests are part of the repository, not of what is installed: imported only when this is asked for.
    from tests.etl.crash.campaign import campaign, undisturbed
    from tests.etl.crash.forge import ENVIRONMENT, Forge, Subprocesses

    os.environ.update(ENVIRONMENT)
    hit: Counter[str] = Counter()
    left: Counter[str] = Counter()
    kills = finished = 0
    with tempfile.TemporaryDirectory(prefix="redvest-bench-") as name, Forge(Path(name)) as forge:
        folder = Path(name)
        runner = forge if options.forks else Subprocesses()
        known = undisturbed(runner, folder)
        seed = options.seed
        while kills < options.kills:
            wanted = min(SCENES_APART, options.kills - kills)
            tally = campaign(runner, folder, known, seed=seed, kills=wanted, by_step=False)
            kills, finished, seed = kills + tally.kills, finished + tally.runs_finished, seed + 1
            hit, left = hit + tally.hit, left + tally.left
    return {
        "kills": kills,
        "commands_finished": finished,
        "differences": 0,
        "killed": dict(hit),
        "left_behind": dict(left),
        "seeds": [options.seed, seed - 1],
    }


def table(figures: Figures) -> str:
    killed = "\n".join(f"  {command:12}{times:>6,}" for command, times in sorted(figures["killed"].items()))
    left = "\n".join(f"  {what:20}{times:>6,}" for what, times in sorted(figures["left_behind"].items()))
    return (
        f"{figures['kills']:,} processes killed, {figures['commands_finished']:,} ran to their end (seeds "
        f"{figures['seeds'][0]} to {figures['seeds'][1]}); differences from the undisturbed run: "
        f"{figures['differences']}\n\nkilled\n{killed}\n\nfound after the kill\n{left}"
    )
