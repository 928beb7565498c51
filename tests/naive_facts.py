"""What is in force after all drops, with loops over lists of dicts (the first half of `naive`).

What goes in: typed rows, areas already resolved to a leaf code (`U…` = in this city, district unknown).

* registration: drop row id_number volunteer_number platform area gender birth_date
                registered_on has_left left_on
* record:       drop row record_id id_number volunteer_number platform activity_id area drop_area
                service_date start_at hours status evidence
* activity:     drop row activity_id area starts_on is_cancelled
* population:   {(area, year): persons}         parent: {leaf area: city}
* parts_of_population: {(part, area, year): persons}, of those in the built-up area and those aged 16 to 70

`drop` and `row` say when a row came: a greater (drop, row) is later. A missing value is None.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]


# --- who is who ----------------------------------------------------------------------------------------


def number_owners(registrations: list[Row]) -> dict[tuple[str, str], str]:
    """(platform, volunteer number) -> person, from every registration that states an ID number as well.

    A number without a platform is that of the one person who is registered with it, on whichever platform; where
    two persons share it, it would be a guess.
    """
    owners = {}
    numbered = [row for row in registrations if row["volunteer_number"]]
    for row in numbered:
        if row["id_number"]:
            owners[row["platform"], row["volunteer_number"]] = row["id_number"]
    sharing: dict[str, set[str]] = {}
    for row in numbered:
        sharing.setdefault(row["volunteer_number"], set()).add(person_of(row, owners))
    for number, persons in sharing.items():
        if len(persons) == 1:
            owners.setdefault(("", number), *persons)
    return owners


def person_of(row: Row, owners: dict[tuple[str, str], str]) -> str:
    """The same ID number is the same person; without one, the same number on the same platform is."""
    if row["id_number"]:
        return str(row["id_number"])
    number = (row["platform"], row["volunteer_number"])
    return owners.get(number, f"{number[0]} number {number[1]}")


def gender_of(row: Row) -> str | None:
    """As stated; else from the ID number, whose 17th digit is odd for a man."""
    if row["gender"]:
        return str(row["gender"])
    if row["id_number"]:
        return "male" if int(row["id_number"][16]) % 2 == 1 else "female"
    return None


def birth_year_of(row: Row) -> int | None:
    """As stated; else from the ID number, digits 7 to 10."""
    if row["birth_date"]:
        return int(row["birth_date"].year)
    return int(row["id_number"][6:10]) if row["id_number"] else None


# --- what is in force ----------------------------------------------------------------------------------


def latest_rows(rows: list[Row], columns: list[str]) -> list[Row]:
    """One row per key, the latest, in order of arrival.

    A row that repeats what is already in force says nothing new and stays without effect: a register sent
    whole every month does not make its every row the latest.
    """
    in_force: dict[Any, Row] = {}
    for row in sorted(rows, key=lambda row: (row["drop"], row["row"])):
        before = in_force.get(row["key"])
        if before is None or any(row[column] != before[column] for column in columns):
            in_force[row["key"]] = row
    return sorted(in_force.values(), key=lambda row: (row["drop"], row["row"]))


def latest_registrations(registrations: list[Row], owners: dict[tuple[str, str], str]) -> list[Row]:
    """One row per person and platform."""
    rows = []
    for row in registrations:
        person = person_of(row, owners)
        facts = {"person": person, "gender": gender_of(row), "birth_year": birth_year_of(row)}
        rows.append({**row, **facts, "key": (person, row["platform"])})
    return latest_rows(rows, ["area", "gender", "birth_year", "registered_on", "has_left", "left_on"])


def latest_records(records: list[Row], owners: dict[tuple[str, str], str]) -> list[Row]:
    """One row per record number; a record without one is known by its person, activity, day and start."""
    rows = []
    for row in records:
        person = person_of(row, owners)
        key = row["record_id"] or (person, row["activity_id"], row["service_date"], row["start_at"])
        rows.append({**row, "person": person, "key": key})
    columns = ["person", "activity_id", "area", "drop_area", "service_date", "start_at", "hours", "status"]
    columns.append("evidence")
    return latest_rows(rows, columns)


def latest_activities(activities: list[Row]) -> list[Row]:
    """One row per activity number."""
    rows = [{**row, "key": row["activity_id"]} for row in activities]
    return latest_rows(rows, ["area", "starts_on", "is_cancelled"])


def persons_from(registrations: list[Row]) -> dict[str, Row]:
    """One dict per person: attributes of the latest row, the earliest registration, every spell, and by platform."""
    persons: dict[str, Row] = {}
    for row in registrations:  # in order of arrival, so what comes later overwrites
        person = persons.setdefault(
            row["person"],
            {
                "gender": "unknown",
                "birth_year": None,
                "registered_on": date.max,
                "spells": [],
                "platforms": {},
            },
        )
        person["area"] = row["area"]
        person["gender"] = row["gender"] or person["gender"]
        person["birth_year"] = row["birth_year"] or person["birth_year"]
        person["registered_on"] = min(person["registered_on"], row["registered_on"])
        spell = (row["registered_on"], row["has_left"], row["left_on"])
        person["spells"].append(spell)
        person["platforms"].setdefault(row["platform"] or "unknown", []).append(spell)
    return persons


def service_area_of(
    record: Row, activity_areas: dict[str, str], persons: dict[str, Row], parent: dict[str, str]
) -> str | None:
    """The activity's area, else the record's, else the person's, else that of the drop.

    The first of them that is stated fixes the city. Where it only knows the city, the next one that knows a
    district of that city says which; an activity held somewhere in one city does not move to another.
    """
    person = persons.get(record["person"])
    candidates = [
        activity_areas.get(record["activity_id"]),
        record["area"],
        person["area"] if person else None,
        record["drop_area"],
    ]
    stated = [area for area in candidates if area]
    for area in stated:
        if not area.startswith("U") and parent[area] == parent[stated[0]]:
            return area
    return stated[0] if stated else None


def prepare(
    registrations: list[Row],
    records: list[Row],
    activities: list[Row],
    population: dict[tuple[str, int], int],
    parent: dict[str, str],
    parts_of_population: dict[tuple[str, str, int], int] | None = None,
) -> dict[str, Any]:
    """What is in force after all drops, ready to be counted by `observe`."""
    owners = number_owners(registrations)
    persons = persons_from(latest_registrations(registrations, owners))
    known_by_id = {person_of(row, owners) for row in registrations if row["id_number"]}
    for name, person in persons.items():
        person["has_id_number"] = name in known_by_id  # by some registration, if not by the latest
    current_activities = latest_activities(activities)
    activity_areas = {row["activity_id"]: row["area"] for row in current_activities}
    current_records = [
        {**row, "service_area": service_area_of(row, activity_areas, persons, parent)}
        for row in latest_records(records, owners)
    ]
    world = {
        "persons": persons,
        "records": current_records,
        "activities": current_activities,
        "population": population,
        "parts_of_population": parts_of_population or {},
        "parent": parent,
    }
    return {**world, "coverage": coverage(latest_registrations(registrations, owners), world)}


# --- what is known at all ------------------------------------------------------------------------------


def end_of_month(day: date) -> date:
    after = date(day.year + 1, 1, 1) if day.month == 12 else date(day.year, day.month + 1, 1)
    return after - timedelta(days=1)


def coverage(registrations: list[Row], world: Row) -> dict[tuple[str, str], tuple[date, date]]:
    """(city, source) -> first day with data, and the end of the last month with data.

    A register stays known for as long as its city reports anything: a month in which nobody registered is not a
    month without a register.
    """
    dated = [("registrations", row["area"], row["registered_on"]) for row in registrations]
    dated += [("service_hours", row["service_area"], row["service_date"]) for row in world["records"]]
    dated += [("activities", row["area"], row["starts_on"]) for row in world["activities"]]
    days: dict[tuple[str, str], list[date]] = {}
    for source, area, day in dated:
        if area is not None:
            days.setdefault((world["parent"][area], source), []).append(day)
    covered = {key: (min(found), end_of_month(max(found))) for key, found in days.items()}
    for (city, source), (first_on, _) in covered.items():
        if source == "registrations":
            last_on = max(span[1] for (other, _), span in covered.items() if other == city)
            covered[city, source] = (first_on, last_on)
    return covered
