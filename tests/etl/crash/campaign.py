"""Look at what commands leave when they are killed, and go on until everything is as if nothing had happened."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random

from etl import journal
from etl.desk import Desk
from etl.inbox import find_drops
from etl.load import load_file
from etl.situation import leftovers
from etl.warehouse import open_warehouse
from metrics.build import current_build_id
from tests.etl.crash.forge import Ended, Forge, Runner, Taken
from tests.etl.crash.scene import HOME, Step, steps, write_drops
from tests.etl.crash.state import EMPTY, State, look, look_at_build, read_state
from tests.etl.desk import TANGSHAN


@dataclass
class Known:
    """What an undisturbed run of one command was: every disturbed one must come to the same."""

    step: Step
    before: Path  # the home it began with; copied for each trial
    snapshots: Path  # what a kill at each of its steps would leave
    allowed: list[State]  # of the warehouse, in order: before it, after each drop, after it
    figures: tuple[str | None, str | None]  # of the current build, before and after it
    receipts: set[str]
    code: int
    seconds: float
    steps: list[Taken]

    @property
    def working_seconds(self) -> float:
        """Until it publishes, which takes the most of its time and is one transaction and a rename."""
        return next((one.seconds for one in self.steps if one.part == "publishing"), self.seconds)


@dataclass
class Tally:
    """What the kills hit and left."""

    kills: int = 0
    not_killed: int = 0  # the command was quicker
    finished: int = 0  # brought to an end afterwards and compared with the undisturbed run
    hit: Counter[str] = field(default_factory=Counter)  # command → kills
    left: Counter[str] = field(default_factory=Counter)  # what a kill left → times

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.not_killed} commands were quicker), {self.finished} brought to the end and "
            f"compared; {dict(self.hit)}; {dict(self.left)}"
        )


def at_work(written: str) -> str:
    """What the lock says of a process that died at work; '' of one that only looked, which is not told of."""
    try:
        doing = json.loads(written)["doing"]
    except ValueError:
        return written
    return "" if doing in journal.READERS else written


def call(runner: Runner, home: Path, argv: tuple[str, ...], today: str, **options: object) -> Ended:
    given = (one.replace(HOME, str(home)) for one in argv)
    return runner.run(*given, "--data", home, today=today, **options)  # type: ignore[arg-type]


def new_home(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    write_drops(folder / "drops")
    return folder


def copy_home(source: Path, home: Path) -> Path:
    """A home to be worked on. Drops and the current build, which nobody changes, are linked; no other build comes."""
    shutil.rmtree(home, ignore_errors=True)
    current = (current_build_id(source) or "") if (source / "published").exists() else ""

    def copy(one: str, other: str) -> None:
        folder = Path(one).relative_to(source).parts[0]
        if folder == "published" and Path(one).suffix == ".duckdb" and current not in one:
            return
        is_fixed = folder in ("drops", "published") and not Path(one).name.startswith((".", "CURRENT"))
        (os.link if is_fixed and is_one_disk else shutil.copyfile)(one, other)

    home.parent.mkdir(parents=True, exist_ok=True)
    is_one_disk = source.stat().st_dev == home.parent.stat().st_dev
    shutil.copytree(source, home, copy_function=copy)
    return home


def undisturbed(forge: Forge, folder: Path) -> list[Known]:
    """Run every command of the scene once, keeping the home before it and what a kill at each step would leave."""
    home, scratch = new_home(folder / "home"), folder / "scratch"
    known: list[Known] = []
    state, figures = EMPTY, None
    for number, step in enumerate(steps()):
        before = copy_home(home, folder / f"before{number}")
        snapshots = folder / f"snapshots{number}"
        options = {"count_steps": True, "snapshots_of": str(home), "snapshots_to": str(snapshots)}
        ended = call(forge, home, step.argv, step.today, **options)
        assert ended.code in (0, 1), ended.said
        allowed = [state, *_states_between(before, folder / "one_by_one", step)]
        state, was = look(home, scratch), figures
        figures = look_at_build(home)
        assert figures != was, f"{step.name}: nothing would be seen in the figures"
        if step.argv[0] == "load":
            assert allowed[-1] == state, f"{step.name}: loading drop by drop comes to something else"
        else:
            allowed.append(state)
        receipts = {path.name for path in (home / "receipts").iterdir()}
        seconds = ended.steps[-1].seconds
        known.append(
            Known(
                step, before, snapshots, allowed, (was, figures), receipts, ended.code, seconds, ended.steps
            )
        )
    return known


def _states_between(before: Path, home: Path, step: Step) -> list[State]:
    """The states of the warehouse after each drop of a load; none for other commands."""
    argv, states = step.argv, []
    if argv[0] != "load":
        return []
    copy_home(before, home)
    files = [Path(one.replace(HOME, str(home))) for one in argv[1 : argv.index("--area")]]
    scope = argv[argv.index("--replace") + 1] if "--replace" in argv else None
    with open_warehouse(home, "load") as connection:
        desk = Desk(connection, home, date.fromisoformat(step.today), replace=scope)
        for found in find_drops(files, TANGSHAN, argv[argv.index("--supplier") + 1]):
            states += [read_state(connection) for _ in load_file(desk, found)]
    return states


@dataclass
class Trial:
    """A home that was left by a killed command: looked at, and worked on until the command's end."""

    runner: Runner
    known: Known
    home: Path
    scratch: Path
    tally: Tally
    place: int = 0  # in the order of allowed states: none may be an earlier one again
    is_published: bool = False

    @property
    def is_done(self) -> bool:
        return self.place == len(self.known.allowed) - 1

    @property
    def argv(self) -> tuple[str, ...]:
        return self.known.step.again if self.is_done else self.known.step.argv

    def examine(self) -> tuple[object, ...]:
        """Require what a kill may leave, and say what it left."""
        allowed, (before, after) = self.known.allowed, self.known.figures
        state = look(self.home, self.scratch) if (self.home / "warehouse.duckdb").exists() else EMPTY
        places = [place for place, one in enumerate(allowed) if one == state and place >= self.place]
        assert places, f"a state between two drops, or a step back from {self.place}: {state}"
        figures = look_at_build(self.home)
        assert figures in (before, after), "figures of something else"
        assert figures == after or not self.is_published, "the figures of before are published again"
        self.place, self.is_published = places[0], figures == after
        assert self.is_done or not self.is_published, "published before it is so"
        kinds = sorted(one.kind for one in leftovers(self.home))
        return self.place, self.is_published, *kinds

    def finish(self, by_way_of_status: bool) -> None:
        """What a steward does after a crash; then everything must be as if it had never happened."""
        step, lock = self.known.step, self.home / "warehouse.lock"
        died = at_work(lock.read_text(encoding="utf-8")) if lock.exists() else ""
        if by_way_of_status:
            ended = call(self.runner, self.home, ("status", "--json"), step.today)
            assert ended.code == 0, ended.said
            assert not died or '"interrupted": [{' in ended.said, f"nobody was told of {died}"
        ended = call(self.runner, self.home, self.argv, step.today)
        assert ended.code in (0, self.known.code), ended.said
        assert "Traceback" not in ended.said, ended.said
        self.require_end()
        if died:
            assert journal.read(self.home)[-1].finished_at is not None, (
                f"it is not told that {died} was made up for"
            )
        self.tally.finished += 1

    def require_end(self) -> None:
        known = self.known
        assert look(self.home, self.scratch) == known.allowed[-1], "not the facts of an undisturbed run"
        assert look_at_build(self.home) == known.figures[1], "not the figures of an undisturbed run"
        assert leftovers(self.home) == [], "something is left behind"
        if known.step.argv[0] == "load":
            receipts = {path.name for path in (self.home / "receipts").iterdir()}
            assert receipts == known.receipts, (
                f"receipts are missing or too many: {receipts ^ known.receipts}"
            )


def try_every_step(forge: Forge, folder: Path, known: Known, random: Random) -> Tally:
    """Look at what a kill at each step would leave, and go on from the most delicate of these places.

    These are the last one before a new build is current, and the last one with staged copies of a received file.
    """
    tally = Tally()
    home, scratch = folder / "home", folder / "scratch"
    trial = Trial(forge, known, home, scratch, tally)
    chosen: dict[object, tuple[Path, int]] = {}
    snapshots = sorted(known.snapshots.iterdir())
    for snapshot in snapshots:
        trial.home = snapshot
        try:
            place, is_published, *kinds = trial.examine()
        except AssertionError as error:
            taken = known.steps[int(snapshot.name) - 1]
            raise AssertionError(
                f"{known.step.name}, before step {snapshot.name} {taken}: {error}"
            ) from error
        tally.left[f"{'done' if trial.is_done else place}{', published' * bool(is_published)} {kinds}"] += 1
        here = snapshot, trial.place
        if not is_published:
            chosen["unpublished"] = here
        if "staging" in kinds:
            chosen["staging"] = here
    for snapshot, place in sorted(set(chosen.values())):
        copy_home(snapshot, home)
        for name in (
            "drops",
            "receipts",
        ):  # not in the snapshot: no command here changes what lies in them before
            if (known.before / name).exists():
                shutil.copytree(known.before / name, home / name)
        trial = Trial(forge, known, home, scratch, tally, place)
        try:
            trial.finish(by_way_of_status=random.random() < 0.5)
        except AssertionError as error:
            taken = known.steps[int(snapshot.name) - 1]
            raise AssertionError(
                f"{known.step.name}, gone on from step {snapshot.name} {taken}: {error}"
            ) from error
    return tally


# Until it publishes a command has many moments that differ, and they cost little to come to.
SHARE_AT_WORK = 0.92
SHARE_FINISHED, SHARE_KILLED_AGAIN = 0.06, 0.4


def campaign(
    runner: Runner, folder: Path, known: list[Known], *, seed: int, kills: int, late: float = 0
) -> Tally:
    """Kill commands at random moments until so many kills were done; `late`: seconds a process takes to start.

    After each kill the home is looked at; some are killed again when they go on, some brought to their end and
    compared with the undisturbed run. Everything random comes from the seed, but not what a moment meets.
    """
    random, tally = Random(seed), Tally()
    home, scratch = folder / "home", folder / "scratch"
    while tally.kills < kills:
        one = random.choices(known, [one.step.weight for one in known])[0]
        trial = Trial(runner, one, copy_home(one.before, home), scratch, tally)
        try:
            while play(trial, random, late) and random.random() < SHARE_KILLED_AGAIN:
                pass
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, kill {tally.kills}, {one.step.name}: {error}") from error
    return tally


def play(trial: Trial, random: Random, late: float) -> bool:
    """Start the command and kill it. Whether the home may be worked on further."""
    known, tally = trial.known, trial.tally
    until = known.working_seconds if random.random() < SHARE_AT_WORK else known.seconds
    ended = call(
        trial.runner, trial.home, trial.argv, known.step.today, kill_after=late + random.uniform(0, until)
    )
    if not ended.was_killed:
        assert ended.code in (0, known.code), ended.said
        trial.require_end()
        tally.not_killed += 1
        return False
    tally.kills += 1
    tally.hit[known.step.name] += 1
    _, is_published, *kinds = trial.examine()
    tally.left["published" if is_published else "done" if trial.is_done else f"{trial.place} drops in"] += 1
    tally.left.update(str(kind) for kind in kinds)
    if random.random() < SHARE_FINISHED:
        trial.finish(by_way_of_status=random.random() < 0.5)
        return False
    return not trial.is_done
