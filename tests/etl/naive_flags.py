"""The boring second implementation of the flags: pandas and loops over typed rows, no SQL, no shared code.

Rows are dicts as tests.etl.flag_town draws them; a row is known by (drop, row_no).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from statistics import median
from typing import Any

import pandas as pd
from chinese_calendar import is_workday

Row = dict[str, Any]
Flag = tuple[str, str, int]  # check, drop, row_no

TRAINING, PAID = ("培训", "例会"), ("有偿", "公益岗")
VOID = ("作废", "已撤销")  # as the towns write it


def flags_of(registrations: list[Row], activities: list[Row], records: list[Row]) -> set[Flag]:
    records = [row for row in records if row["status"] != "驳回"]
    return {
        (name, row["drop"], row["row_no"])
        for rows in (
            _about_one(registrations, activities, records),
            _about_people(records),
            _about_crowds(records),
            _about_organisations(registrations, activities),
        )
        for name, row in rows
    }


def _about_one(registrations: list[Row], activities: list[Row], records: list[Row]) -> list[tuple[str, Row]]:
    people = {person: group.to_dict("records") for person, group in _frame(registrations).groupby("person")}
    held = {row["activity"]: row for row in activities}
    found = []
    for row in records:
        if registrations:
            papers = people.get(row["person"], [])
            if not papers:
                found.append(("person_unregistered", row))
            elif row["day"] < min(paper["registered_on"] for paper in papers):
                found.append(("served_before_registered", row))
            left = [paper["left_on"] for paper in papers]
            if papers and all(left) and row["day"] > max(left):
                found.append(("served_after_leaving", row))
        activity = held.get(row["activity"])
        if activity is None and row["activity"] and activities:
            found.append(("activity_unknown", row))
        if activity is not None:
            after = activity["ends_on"] is not None and row["day"] > activity["ends_on"]
            if row["day"] < activity["starts_on"] or after:
                found.append(("outside_activity_dates", row))
            if activity["is_cancelled"]:
                found.append(("activity_cancelled", row))
            if any(word in activity["title"] for word in PAID):
                found.append(("paid_as_service", row))
            elif any(word in activity["title"] for word in TRAINING):
                found.append(("training_as_service", row))
        if row["evidence"] != "荣誉时长":
            found += [(name, row) for name in _about_times(row)]
        found += [(name, row) for name in _about_recording(row)]
        if row["remark"] in VOID:
            found.append(("voided_in_remark", row))
    return found


def _about_times(row: Row) -> list[str]:
    found = []
    if row["minutes"] >= 16 * 60 or (row["end"] and (row["end"].hour, row["end"].minute) == (23, 59)):
        found.append("check_out_forgotten")
    if row["end"]:
        between = (row["end"] - row["start"]).total_seconds() / 60
        if not between - 120 <= row["minutes"] <= between + 15:
            found.append("hours_disagree_with_times")
    return found


def _about_recording(row: Row) -> list[str]:
    if row["recorded_on"] is None:
        return []
    if row["recorded_on"] < row["day"]:
        return ["recorded_before_service"]
    ended = row["end"].date() if row["end"] else row["day"]
    last, worked = ended, 0
    while worked < 10:
        last += timedelta(days=1)
        worked += is_workday(last)
    return ["recorded_late"] if row["recorded_on"] > last else []


def _about_people(records: list[Row]) -> list[tuple[str, Row]]:
    """One person's records side by side, every pair of them."""
    found = []
    by_person = defaultdict(list)
    for row in sorted(records, key=lambda row: (row["drop"], row["row_no"])):
        if row["evidence"] != "荣誉时长":
            by_person[row["person"]].append(row)
    for rows in by_person.values():
        sessions: list[Row] = []
        seen = set()
        for row in rows:
            same = (row["day"], row["activity"], row["start"], None if row["start"] else row["minutes"])
            if same in seen:
                found.append(("same_session_twice", row))
            elif row["end"] and row["start"] < row["end"] <= row["start"] + timedelta(hours=24):
                sessions.append(row)
            seen.add(same)
            if sum(other["minutes"] for other in rows if other["day"] == row["day"]) > 24 * 60:
                found.append(("over_24_hours_a_day", row))
        sessions.sort(key=lambda row: (row["start"], row["end"], row["drop"], row["row_no"]))
        for place, row in enumerate(sessions):
            late = row["start"] + timedelta(minutes=5)
            if any(late < other["end"] for other in sessions[:place]):
                found.append(("sessions_overlap", row))
    return found


def _about_crowds(records: list[Row]) -> list[tuple[str, Row]]:
    found = []
    served = _frame([row | {"row": row} for row in records if row["evidence"] != "荣誉时长"])
    if served.empty:
        return []
    for _, crowd in served[served["activity"] != ""].groupby(["activity", "day"]):
        minutes = crowd["minutes"]
        if len(crowd) >= 20 and minutes.nunique() == 1 and minutes.iloc[0] % 60 == 0 and minutes.iloc[0] > 0:
            found += [("same_round_hours", row) for row in crowd["row"]]
    served["month"] = [day.replace(day=1) for day in served["day"]]
    for _, month in served.groupby(["supplier", "month"]):
        days = month.groupby("day").size()
        if len(days) < 5:
            continue
        alike = ["activity", "day", "start", "end", "minutes"]
        for _, batch in month.groupby(alike, dropna=False):
            if len(batch) >= 50 and len(batch) >= 10 * median(days):
                found += [("batch_entry_spike", row) for row in batch["row"]]
    return found


def _about_organisations(registrations: list[Row], activities: list[Row]) -> list[tuple[str, Row]]:
    known = {row["organisation"] for row in registrations if row["organisation"]}
    return [
        ("organisation_unknown", row)
        for row in activities
        if known and row["organisation"] and row["organisation"] not in known
    ]


def _frame(rows: list[Row]) -> pd.DataFrame:
    """Cells stay the Python objects they are: pandas would make days of None and moments of days."""
    names = list(rows[0]) if rows else ["person", "activity", "day", "minutes", "supplier"]
    return pd.DataFrame({name: pd.Series([row[name] for row in rows], dtype=object) for name in names})
