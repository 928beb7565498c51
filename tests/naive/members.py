"""The parts a total is broken into: attributes of a person, or the grade of evidence of a record."""

from __future__ import annotations

from datetime import date

from tests.naive_facts import Row

AGE_BANDS = [(0, 13), (14, 17), (18, 35), (36, 45), (46, 59), (60, 69)]
MEMBERS = {
    "gender": ["male", "female", "unknown"],
    "age_band": [f"{youngest}-{oldest}" for youngest, oldest in AGE_BANDS] + ["70+", "unknown"],
    "identity": ["id_number", "number_only"],
    "activity_state": ["new", "returning", "reactivated"],
    "evidence": ["clocked", "manual", "imported", "honorary", "unknown"],
    "platform": ["燕赵志愿云", "志愿汇", "unknown"],  # that any test tells of
}


def is_member(person: Row | None, end: date, dimension: str, member: str) -> bool:
    """Whether a person counts for a member of a dimension; who was never registered is unknown."""
    if not dimension:
        return True
    if dimension == "gender":
        return (person["gender"] if person else "unknown") == member
    if dimension == "identity":
        assert person is not None, "only registered people are asked how they are known"
        return identity_of(person) == member
    if dimension == "platform":
        assert person is not None, "only registered people are asked where they are registered"
        return is_on_platform(person, member, end)
    assert dimension == "age_band", dimension
    return age_band(person["birth_year"] if person else None, end) == member


def identity_of(person: Row) -> str:
    """id_number where some registration of the person carries an ID number."""
    return "id_number" if person["has_id_number"] else "number_only"


def is_on_platform(person: Row, platform: str, day: date) -> bool:
    """Registered on that platform and not left it on that day, whatever holds elsewhere."""
    return holds(person["platforms"].get(platform, []), day)


def holds(spells: list[tuple[date, bool, date | None]], day: date) -> bool:
    """Whether some registration is in force on a day. Who has left on an unknown day is never counted."""
    for registered_on, has_left, left_on in spells:
        if registered_on <= day and not has_left:
            return True
        if registered_on <= day and left_on is not None and left_on > day:
            return True
    return False


def age_band(birth_year: int | None, end: date) -> str:
    """Age is the year of the window's end minus the year of birth."""
    if birth_year is None or birth_year > end.year:
        return "unknown"
    for youngest, oldest in AGE_BANDS:
        if youngest <= end.year - birth_year <= oldest:
            return f"{youngest}-{oldest}"
    return "70+"
