"""The attack on more and larger cities than the tests can afford: python -m tests.metrics.disclosure.campaign."""

import tempfile
from pathlib import Path

from tests.metrics.disclosure.attack import attack
from tests.metrics.disclosure.exported import told_together
from tests.metrics.disclosure.histories import exposed, random_history
from tests.metrics.disclosure.town import Published, random_town

# seed, people, months, areas
TOWNS = [(0, 300, 5, 4), (1, 900, 7, 4), (2, 2500, 15, 5), (3, 700, 14, 3), (4, 6000, 13, 4)]


def main() -> None:
    for seed, people, months, leaves in TOWNS:
        with tempfile.TemporaryDirectory() as directory:
            published = Published(Path(directory)).publish(random_town(seed, people, months, leaves))
            outcome = attack(published.builds, published.truths, merged=told_together(published))
        print(
            f"{people} people, {months} months, {leaves} areas: {outcome.tried} small cells tried, "
            f"{len(outcome.recovered)} recovered, narrowest interval {outcome.narrowest:g}",
            flush=True,
        )
    for seed in range(12):
        with tempfile.TemporaryDirectory() as directory:
            published = random_history(Path(directory), seed, (120, 250, 500)[seed % 3], 2 + seed % 3)
            merged = told_together(published)
            outcome = attack(published.builds, published.truths, at_most=150, rounds=4, merged=merged)
        print(
            f"history {seed}: {outcome.tried} small cells tried, {len(outcome.recovered)} recovered, "
            f"exposed {exposed(published)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
