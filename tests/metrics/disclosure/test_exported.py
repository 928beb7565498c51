"""An export of a public build tells no count that the build withholds, and nothing together with its Saturday shares."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from metrics.build import Build, open_build
from tests.metrics.disclosure.attack import attack
from tests.metrics.disclosure.exported import Exported, exported, not_told
from tests.metrics.disclosure.told import SERVED, TO_DAY, Table, read
from tests.metrics.disclosure.town import Published, on_days, random_town


def opened(published: Published, name: str) -> Build:
    found = open_build(published.directory / name, published.builds[-1].stem)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Fourteen months on all days of the week, the last of which came in before it was over."""
    town = on_days(random_town(5, 300, 14, 3, ages=(None, 1985)), 5)
    return Published(tmp_path_factory.mktemp("exported"), received_at="2022-02-15").publish(town)


@pytest.fixture(scope="module")
def of_public(published: Published) -> Exported:
    return exported(opened(published, "public"), published.directory / "export")


@pytest.fixture(scope="module")
def of_internal(published: Published) -> Exported:
    return exported(opened(published, "internal"), published.directory / "export-internal")


def everything(path: Path) -> Table:
    """The counts of people and what follows them, hours among them."""
    with duckdb.connect(str(path), read_only=True) as build:
        keys = build.execute("SELECT DISTINCT measure || '/' || basis FROM observations").fetchall()
    return read(path, only=[key for (key,) in keys])


def test_an_export_tells_no_count_its_build_withholds(
    published: Published, of_public: Exported, of_internal: Exported
) -> None:
    table = everything(published.builds[-1])
    assert len(of_public) > 1000
    assert not_told(of_public, table) == {}
    beyond = not_told(of_internal, table)
    assert {SERVED, "service_hours/residence", "active_volunteers/residence"} <= {
        cell.measure for cell in beyond
    }


def test_counts_up_to_a_day_and_shares_of_saturdays_are_looked_at(
    published: Published, of_internal: Exported
) -> None:
    """A growth of an unfinished window is told up to a day; kinds of day are shown of this build, and withheld."""
    assert any(cell.window.endswith(TO_DAY) for cell in of_internal)
    kinds = [value for cell, value in read(published.builds[-1]).items() if cell.dimension == "day_kind"]
    assert None in kinds
    assert any(kinds)


def test_nobody_recovers_anything_from_builds_and_their_exports(
    published: Published, of_public: Exported, of_internal: Exported
) -> None:
    asked = {"at_most": 40, "rounds": 1, "only": (SERVED,), "until": 2021 * 12 + 5}
    outcome = attack(published.builds, published.truths, exports=[of_public], **asked)  # type: ignore[arg-type]
    assert outcome.tried == 40
    assert outcome.recovered == {}
    of_kinds = asked | {"about": ("day_kind",)}
    assert attack(published.builds, published.truths, exports=[of_public], **of_kinds).recovered == {}  # type: ignore[arg-type]
    # With the districts' months an export of the internal build tells, kinds of day would follow as well.
    assert attack(published.builds, published.truths, exports=[of_internal], **of_kinds).recovered  # type: ignore[arg-type]
