"""The drops and the commands of a crash trial: small, and every fate a drop or a row can have."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.spreadsheet import Sheet, write_workbook
from tests.drops import id_number
from tests.etl.desk import ACTIVITIES, HOURS, REGISTER, TANGSHAN, text

PERSONS = [id_number(date(1970 + number, 3, 7), 2 * number) for number in range(1, 13)]
DISTRICTS = ("路南区", "路北区", "古冶区")

# The day of the loads, and a later one: a record of a day between the two is quarantined, then replayed.
THEN, LATER = "2024-06-30", "2024-12-31"
USUAL, UNUSUAL = 101, 260  # rows of two months of a supplier: the second is held


def write_drops(inbox: Path) -> Path:
    """Files in the order they come: a register, hours with faults, one nobody can read, a workbook of hours
    resent with changes, an archive (activities, a late register in GBK), a month sent anew, a usual month, one
    with far too many rows, the second file mended, and one that somebody watches for.
    """
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
    anew = [f"R{n},{person},2024-05-{n + 1:02},5,路南区" for n, person in enumerate(PERSONS[2:8], 2)]
    usual = [f"U{n},{PERSONS[n % 12]},2024-04-{1 + n % 30:02},2,路北区" for n in range(USUAL)]
    unusual = [f"V{n},{PERSONS[n % 12]},2024-06-{1 + n % 30:02},2,路北区" for n in range(UNUSUAL)]
    folder = inbox / TANGSHAN
    _write(folder / "甲" / "1.csv", text(REGISTER, *registered[:9]))
    _write(folder / "甲" / "2.csv", text(HOURS, *hours, *faulty))
    _write(folder / "甲" / "3.csv", "今天天气很好\n")
    rows = [row.split(",") for row in resent]
    write_workbook(folder / "甲" / "4.xlsx", [Sheet("明细", [20] * 5, HOURS.split(","), rows)], None)
    with zipfile.ZipFile(folder / "甲" / "5.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        planted = ["A1,植树,路南区,2024-05-05 08:00,已结束", "A2,清扫,路北区,2024-05-07 08:00,已取消"]
        late = text(f"{REGISTER},注销日期", *left, *(f"{row}," for row in registered[9:]))
        archive.writestr("activities.csv", text(ACTIVITIES, *planted))
        archive.writestr("register.csv", late.encode("gbk"))
    _write(folder / "甲" / "6.csv", text(HOURS, *anew))
    _write(folder / "乙" / "7.csv", text(HOURS, *usual))
    _write(folder / "乙" / "8.csv", text(HOURS, *unusual))
    # One fault of the second file is mended, in a district of which no month was sent anew since.
    mended = [row.replace("火星区", "古冶区") for row in faulty]
    _write(folder / "甲" / "2 改.csv", text(HOURS, *hours[1:], *mended))
    _write(
        folder / WATCHED / "9.csv",
        text(HOURS, f"W1,{PERSONS[8]},2024-05-20,3,路北区", f"W2,{PERSONS[9]},,3,路北区"),
    )
    return inbox


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


HOME = "{home}"  # stands for the home a command is run in


@dataclass(frozen=True)
class Step:
    """One command of the scene. `again` is what a steward does when it was killed after it had taken effect.

    A withdrawal that was done but not published is not repeated (the ledger says so) but published; a load is
    simply repeated.
    """

    name: str
    argv: tuple[str, ...]
    today: str
    weight: int  # of all kills, in relation to the other commands
    again: tuple[str, ...] = ("publish",)


def steps() -> list[Step]:
    """What happens to a home, in order; every state between two commands is known from an undisturbed run."""

    def load(name: str, weight: int, *files: str, options: tuple[str, ...] = ()) -> Step:
        argv = ("load", *(f"{HOME}/drops/{TANGSHAN}/{file}" for file in files), "--area", TANGSHAN, *options)
        return Step(name, argv, THEN, weight, argv)

    mend = ("replay", str(FAULTY), "--file", f"{HOME}/drops/{TANGSHAN}/甲/2 改.csv")
    watch = ("watch", "--inbox", f"{HOME}/drops/{TANGSHAN}/{WATCHED}", "--every", "0.01", "--rounds", "3")
    return [
        load("load", 20, "甲/1.csv", "甲/2.csv", "甲/3.csv", options=("--supplier", "甲")),
        load("load a workbook and an archive", 20, "甲/4.xlsx", "甲/5.zip", options=("--supplier", "甲")),
        load("load a month anew", 12, "甲/6.csv", options=("--supplier", "甲", "--replace", "area+month")),
        load("load one that is held", 8, "乙/7.csv", "乙/8.csv", options=("--supplier", "乙")),
        Step("release", ("release", str(HELD), "--by", "某主任", "--reason", "核实"), LATER, 16),
        Step("withdraw", ("withdraw", str(RESENT), "--reason", "测试"), LATER, 24),
        Step("undo", ("withdraw", str(RESENT), "--undo", "--reason", "测试"), LATER, 24),
        Step("replay", ("replay",), LATER, 16),
        Step("take a mended file", mend, LATER, 20),
        Step("watch", watch, LATER, 16, watch),
    ]


WATCHED = "丙"  # whose folder is looked at until what arrived is in
# Drops of the ledger: hours with faults, the workbook, and the month with too many rows.
FAULTY, RESENT, HELD = 2, 4, 9
