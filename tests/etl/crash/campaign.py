"""Kill commands at random moments, look at what is left, and go on until everything is as if nothing happened."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from etl import journal
from etl.inbox import find_drops
from etl.loading import load_paths
from tests.etl.crash.forge import Ended, Runner
from tests.etl.crash.scene import FILES, THEN, Step, steps, write_drops
from tests.etl.crash.state import State, look, look_at_build

MOST_KILLS = 40  # of the load, and a fifth of it of any other command; then it is let run to its end
# Most kills come early, where a load continues what the one before it began: drop by drop it still comes to
# its end, and a trial costs a third of the time. The others may come at any moment.
EARLY, SHARE_OF_EARLY = 0.35, 0.7


@dataclass
class Known:
    """An undisturbed run: the states of the warehouse and the figures every disturbed run must come to."""

    prefixes: list[State]  # after 0, 1, 2 … drops of the load
    states: dict[str, State]  # after each step
    figures: dict[str, str | None]  # of the build that is current after each step
    seconds: dict[str, float]
    steps_taken: dict[str, int]
    codes: dict[str, int]


@dataclass
class Tally:
    """What the kills hit."""

    kills: int = 0
    runs_finished: int = 0
    scenes: int = 0
    hit: Counter[str] = field(default_factory=Counter)  # command → kills
    left: Counter[str] = field(default_factory=Counter)  # what a kill left → times

    def __str__(self) -> str:
        return (
            f"{self.kills} kills in {self.scenes} scenes ({self.runs_finished} commands ran to their end); "
            f"{dict(self.hit)}; {dict(self.left)}"
        )


def new_home(folder: Path) -> Path:
    """An empty home whose own inbox holds the drops: paths in the ledger are then the same in every home."""
    shutil.rmtree(folder, ignore_errors=True)
    write_drops(folder / "drops")
    return folder


def undisturbed(runner: Runner, folder: Path) -> Known:
    """Run the scene without kills, and load the drops one by one for the states in between."""
    known = Known([], {}, {}, {}, {}, {})
    home, scratch = new_home(folder / "undisturbed"), folder / "scratch"
    for step in steps(home / "drops"):
        ended = call(runner, home, step.argv, step.today, count_steps=True)
        known.states[step.name] = look(home, scratch)
        known.figures[step.name] = look_at_build(home)
        known.seconds[step.name], known.steps_taken[step.name] = ended.seconds, ended.steps
        known.codes[step.name] = ended.code
        assert ended.code in (0, 1), ended.said
    assert known.figures["load"] != known.figures["replay"] != known.figures["withdraw"], (
        "nothing would be seen"
    )
    one_by_one = new_home(folder / "one_by_one")
    files = find_drops([one_by_one / "drops"], None)
    assert len(files) == FILES
    for end in range(FILES + 1):
        load_paths(
            one_by_one,
            files[max(end - 1, 0) : end],
            today=date.fromisoformat(THEN),
            tell=lambda text: None,
            and_publish=False,
        )
        known.prefixes.append(look(one_by_one, scratch))
    assert known.prefixes[-1] == known.states["load"], "the order of loading changes what is stored"
    return known


def call(runner: Runner, home: Path, argv: tuple[str, ...], today: str, **options: object) -> Ended:
    return runner.run(*argv, "--data", home, today=today, **options)  # type: ignore[arg-type]


def campaign(runner: Runner, folder: Path, known: Known, *, seed: int, kills: int, by_step: bool) -> Tally:
    """Play the scene over and over, killing, until so many kills were done.

    Everything random comes from the seed. Raises AssertionError with the trial's place when anything is wrong.
    """
    random, tally = Random(seed), Tally()
    while tally.kills < kills:
        tally.scenes += 1
        home = new_home(folder / "home")
        before, figures = known.prefixes[0], None
        for step in steps(home / "drops"):
            trial = Trial(
                runner, home, folder / "scratch", known, random, tally, by_step, step, before, figures
            )
            try:
                trial.play(kills)
            except AssertionError as error:
                raise AssertionError(
                    f"seed {seed}, kill {tally.kills}, {step.name} {trial.last}: {error}"
                ) from error
            before, figures = known.states[step.name], known.figures[step.name]
    return tally


@dataclass
class Trial:
    """One command of the scene, killed until it comes to its end."""

    runner: Runner
    home: Path
    scratch: Path
    known: Known
    random: Random
    tally: Tally
    by_step: bool
    step: Step
    before: State
    figures: str | None
    last: str = ""

    def play(self, kills: int) -> None:
        name = self.step.name
        allowed = self.known.prefixes if name == "load" else [self.before, self.known.states[name]]
        reached, argv, most = 0, self.step.argv, MOST_KILLS if name == "load" else MOST_KILLS // 5
        for attempt in range(most + 1):
            spared = attempt == most or self.tally.kills >= kills
            ended = call(
                self.runner, self.home, argv, self.step.today, **({} if spared else self.moment(argv))
            )
            self.last = f"{argv} code {ended.code} after {ended.seconds:.3f} s"
            if not ended.was_killed:
                assert ended.code in (0, 1), ended.said
                break
            self.tally.kills += 1
            self.tally.hit[" ".join(argv[:1])] += 1
            reached = self.examine(allowed, reached)
            if name != "load" and allowed[reached] == allowed[-1] != self.before:
                argv = self.step.again  # it was done, only not published
            if self.random.random() < 0.3:
                self.restart(allowed[reached])
        assert "Traceback" not in ended.said, ended.said
        self.tally.runs_finished += 1
        assert look(self.home, self.scratch) == self.known.states[name], "not the facts of an undisturbed run"
        assert look_at_build(self.home) == self.known.figures[name], "not the figures of an undisturbed run"

    def moment(self, argv: tuple[str, ...]) -> dict[str, float | int]:
        """A random moment of the command's usual duration; some lie after its end, and it is spared then."""
        usual = self.step.name if argv == self.step.argv else argv[0]
        part = EARLY if usual == "load" and self.random.random() < SHARE_OF_EARLY else 1
        if self.by_step:
            return {"kill_at_step": self.random.randint(1, int(part * self.known.steps_taken[usual]))}
        return {"kill_after": self.random.uniform(0, part * self.known.seconds[usual])}

    def examine(self, allowed: list[State], reached: int) -> int:
        """What the kill left: the place of the state in the order of allowed ones, never an earlier one again."""
        state = look(self.home, self.scratch) if (self.home / "warehouse.duckdb").exists() else allowed[0]
        places = [place for place, one in enumerate(allowed) if one == state and place >= reached]
        assert places, f"a state between two drops, or a step back from {reached}: {state}"
        figures = look_at_build(self.home)
        assert figures in (self.figures, self.known.figures[self.step.name]), "figures of half a build"
        self.tally.left["state unchanged" if places[0] == reached else "state moved on"] += 1
        for name, pattern in (
            ("a log", "*.wal"),
            ("half a build", "published/.*"),
            ("a named lock", "*.lock"),
        ):
            if any(path.stat().st_size for path in self.home.glob(pattern)):
                self.tally.left[name] += 1
        return places[0]

    def restart(self, expected: State) -> None:
        """Let `status` be the next process: it tells what happened and changes nothing."""
        died = (self.home / "warehouse.lock").exists() and (self.home / "warehouse.lock").read_text()
        ended = call(self.runner, self.home, ("status", "--json"), self.step.today)
        assert ended.code == 0, ended.said
        if died:
            assert journal.read(self.home)[-1].finished_at is None, f"nobody was told of {died}"
            assert '"interrupted": [{' in ended.said
        if (self.home / "warehouse.duckdb").exists():
            assert look(self.home, self.scratch) == expected, "looking at the status changed the warehouse"
