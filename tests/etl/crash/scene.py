"""The drops and the commands of a crash trial: small, and every fate a drop or a row can have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.drops import id_number
from tests.etl.desk import ACTIVITIES, HOURS, REGISTER, TANGSHAN, text

PERSONS = [id_number(date(1970 + number, 3, 7), 2 * number) for number in range(1, 13)]
DISTRICTS = ("路南区", "路北区", "古冶区")

# The day of the load, and a later one: a record of a day between the two is quarantined, then replayed.
THEN, LATER = "2024-06-30", "2024-12-31"


def write_drops(inbox: Path) -> Path:
    """Six drops: register, hours, activities, one nobody can read, hours resent with changes, a late register."""
    registered = [
        f"{person},某某,{DISTRICTS[number % 3]},2024-04-{number + 1:02},正常"
        for number, person in enumerate(PERSONS)
    ]
    hours = [f"R{n},{person},2024-05-{n + 1:02},{1 + n % 3},路南区" for n, person in enumerate(PERSONS)]
    faulty = [
        f"R90,{PERSONS[0]},2024-05-30,2,火星区",
        "R91,,2024-05-30,2,路南区",
        f"R92,{PERSONS[1]},2024-07-15,2,路南区",
    ]
    resent = [f"R{n},{person},2024-05-{n + 1:02},4,路南区" for n, person in enumerate(PERSONS[:4])]
    resent += [hours[5], f"R80,{PERSONS[7]},2024-06-02,1.5,路北区"]
    left = [f"{PERSONS[0]},某某,路南区,2024-04-01,注销,2024-06-01", registered[3] + ","]
    drops = {
        "a/1.csv": text(REGISTER, *registered[:9]),
        "a/2.csv": text(HOURS, *hours, *faulty),
        "b/3.csv": text(
            ACTIVITIES, "A1,植树,路南区,2024-05-05 08:00,已结束", "A2,清扫,路北区,2024-05-07 08:00,已取消"
        ),
        "b/4.csv": "今天天气很好\n",
        "b/5.csv": text(HOURS, *resent),
        "b/6.csv": text(f"{REGISTER},注销日期", *left, *(f"{row}," for row in registered[9:])),
    }
    for name, content in drops.items():
        path = inbox / TANGSHAN / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return inbox


FILES = 6  # one state of the warehouse before them, one after each


@dataclass(frozen=True)
class Step:
    """One command of the scene, as often repeated as it is killed. `again` is what a steward does afterwards.

    A withdrawal that was done but not published is not repeated (the ledger says so) but published.
    """

    name: str
    argv: tuple[str, ...]
    today: str
    again: tuple[str, ...] = ("publish",)


def steps(inbox: Path) -> list[Step]:
    """What happens to a home, in order; every state between two commands is known from an undisturbed run."""
    load = ("load", str(inbox))
    return [
        Step("load", load, THEN, load),
        Step("withdraw", ("withdraw", "5", "--reason", "测试"), LATER),
        Step("undo", ("withdraw", "5", "--undo", "--reason", "测试"), LATER),
        Step("replay", ("replay",), LATER),
        Step("publish", ("publish",), LATER),
    ]
