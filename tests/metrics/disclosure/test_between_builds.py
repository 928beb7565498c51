"""What two public builds say one after the other: the table of revisions tells no few people between them."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from metrics import vintages
from metrics.build import open_build, published_build_ids
from metrics.periods import Period
from metrics.query import query
from metrics.revision_output import as_table, summary
from metrics.vintages import Revision, revisions
from tests.metrics.disclosure.town import CITY, LEAVES, Published, Town

YEAR = Period.parse("2021")
A, B, C, D = LEAVES[:4]
INDICATORS = ("registered_volunteers", "active_volunteers", "active_rate", "service_visits", "service_hours")


def registered(people: dict[str, int], **more: object) -> Town:
    """Everybody serves in two months."""
    town = Town()
    for area, number in people.items():
        keys = town.register(area, number, 0)
        for month in (1, 2):
            town.serve(keys, month, **more)
    return town


def built(directory: Path, *towns: Town) -> Path:
    published = Published(directory)
    for town in towns:
        published.publish(town)
    return directory / "public"


def asked(home: Path, area: str, indicator: str = "registered_volunteers", least: int = 10) -> list[Revision]:
    return revisions(home, indicator, area, YEAR, least_threshold=least)


def values(found: list[Revision]) -> list[float | None]:
    return [one.value for one in found]


def test_a_small_file_withdrawn_is_seen_in_the_builds_and_not_told_in_one_table(tmp_path: Path) -> None:
    before, after = {A: 73, B: 80, C: 90, D: 100}, {A: 68, B: 60, C: 90, D: 100}
    home = built(tmp_path, registered(before), registered(after))
    told = {}
    for build_id in published_build_ids(home):
        build = open_build(home, build_id)
        assert build is not None
        told[build_id] = [query(build, "registered_volunteers", area, YEAR)[0].value for area in (CITY, A, B)]
    assert list(told.values()) == [[343, 73, 80], [318, 68, 60]]  # the builds themselves: disclosure.md
    assert values(asked(home, A)) == [None, 68]
    assert values(asked(home, B)) == [None, 60]  # or the city less the others would tell
    assert values(asked(home, C)) == [90, 90]
    assert values(asked(home, CITY)) == [343, 318]
    assert values(asked(home, A, least=0)) == [73, 68]


def test_what_is_not_told_has_a_status_and_a_reason(tmp_path: Path) -> None:
    home = built(tmp_path, registered({A: 73, B: 80}), registered({A: 68, B: 80}))
    first, last = asked(home, CITY, "active_rate")
    assert first.observation is not None
    assert (first.observation.status, first.observation.numerator, first.observation.lower) == (
        "suppressed",
        None,
        None,
    )
    line = as_table([first, last]).splitlines()[3]
    assert "不给出 not_told" in line
    assert "人数过少" not in line  # the city has many
    assert "不足 10 人" in first.reasons("zh")[-1]
    assert "fewer than 10 people" in first.reasons("en")[-1]
    assert (last.value, last.since_first, last.reasons("zh")) == (100.0, None, [])


def test_the_first_and_the_last_are_told_rather_than_one_between(tmp_path: Path) -> None:
    home = built(tmp_path, *(registered({A: number, B: 80}) for number in (60, 65, 70)))
    found = asked(home, A)
    assert values(found) == [60, None, 70]
    assert found[-1].since_previous == found[-1].since_first
    assert found[-1].since_first is not None
    assert "这里给出的最早一次" in summary(found, "zh")
    assert summary(found, "zh").endswith("给出的 2 次中有 1 次与前一次不同，另有 1 次不给出。")
    assert "这里给出一次发布" in summary(asked(home, A)[1:], "zh")


def test_hours_go_with_the_visits_they_are_of(tmp_path: Path) -> None:
    """One record's minutes were mended: no visit came or went, and the hours tell what one person gave."""
    towns = [registered({A: 60, B: 80}) for _ in range(2)]
    towns[1].records[0]["service_minutes"] = 600
    home = built(tmp_path, *towns)
    assert values(asked(home, CITY, "service_hours")) == [None, 289]
    assert values(asked(home, CITY, "service_visits")) == [280, 280]
    assert values(asked(home, CITY, "hours_per_active"))[0] is None
    assert values(asked(home, CITY, "hours_per_active", least=0))[0] == 2


def test_other_people_who_came_do_not_hide_whose_hours_changed(tmp_path: Path) -> None:
    """Twelve registered and one record was mended: per person registered, the hours would tell that record's."""
    towns = [registered({A: 60, B: 80}) for _ in range(2)]
    towns[1].records[0]["service_minutes"] = 600
    towns[1].register(A, 12, 0)
    home = built(tmp_path, *towns)
    assert values(asked(home, CITY, "registered_volunteers")) == [140, 152]
    assert values(asked(home, CITY, "hours_per_registered"))[0] is None
    assert values(asked(home, CITY, "service_hours"))[0] is None


def few_told_between(home: Path) -> set[tuple[str, str]]:
    """An attack on the table: one build's count less another's, of each area, and of the city less its districts."""
    found = set()
    for indicator in INDICATORS:
        told = {
            area: [
                None if one.observation is None else one.observation.numerator
                for one in asked(home, area, indicator)
            ]
            for area in (CITY, *LEAVES[:4])
        }
        for earlier, later in combinations(range(len(told[CITY])), 2):
            changes = {}
            for area, counts in told.items():
                then, now = counts[earlier], counts[later]
                if then is not None and now is not None:
                    changes[area] = now - then
            if CITY in changes:
                changes["rest"] = 2 * changes[CITY] - sum(changes.values())
            found |= {(indicator, area) for area, change in changes.items() if 0 < abs(change) < 10}
    return found


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """Five builds; in each every area has as many people as before, or a few or many more or fewer."""
    random, people, towns = Random(3), dict.fromkeys(LEAVES[:4], 200), []
    for _ in range(5):
        towns.append(registered(people))
        people = {area: number + random.choice((0, 0, 4, -12, 25)) for area, number in people.items()}
    return built(tmp_path, *towns)


def test_no_difference_of_few_people_can_be_read_off_the_tables(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert few_told_between(several) == set()
    assert sum(value is not None for value in values(asked(several, CITY))) > 1
    monkeypatch.setattr(vintages, "told_together", lambda said, area, least: [True] * len(said))
    assert {indicator for indicator, _ in few_told_between(several)} >= {
        "registered_volunteers",
        "active_rate",
    }
