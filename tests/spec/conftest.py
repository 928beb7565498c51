"""The fixtures of the specs: a city without any drop, and one where reporting goes on around the case."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from metrics.build import open_build
from tests.against_tables import Asked, Parts, build_tables
from tests.commands import load
from tests.spec.drawn import City
from tests.spec.town import Told, ToldByBuild, ToldByNaive, write_drops


@pytest.fixture
def empty_city(tmp_path: Path) -> City:
    """A city that never sent anything: whatever a spec draws is all there is."""
    return City(tmp_path)


@pytest.fixture(scope="session")
def reporting_city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Tangshan, reporting from January 2019 to December 2022, all of it from 玉田县 (130229).

    A period is only `ok` where data came before and after it. Nobody here is ever counted in a stock: both left
    on an unknown day, and the records are of people who never registered.
    """
    city = City(tmp_path_factory.mktemp("reporting-city"))
    city.registrations("""
        person | area   | registered_on | status
        first  | 130229 | 2019-01-01    | 注销
        last   | 130229 | 2022-12-31    | 注销
    """)
    city.service_hours("""
        person   | area   | service_date | service_hours
        stranger | 130229 | 2019-01-01   | 1
        stranger | 130229 | 2022-12-31   | 1
    """)
    city.activities("""
        activity_id | area   | start_at
        first       | 130229 | 2019-01-01
        last        | 130229 | 2022-12-31
    """)
    city.receive()
    return city


@pytest.fixture
def city(reporting_city: City, tmp_path: Path) -> City:
    """A copy of the reporting city; the districts 130202, 130203 and 130207 are empty."""
    shutil.copytree(reporting_city.home, tmp_path / "home")
    copy = City(tmp_path)
    copy.people = dict(reporting_city.people)
    return copy


@pytest.fixture(scope="session")
def tables_of_all_towns(tmp_path_factory: pytest.TempPathFactory) -> dict[Asked, Parts]:
    """The tables of one build, to which the drawn rows of every town in this folder went."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("test_*.py"))
    modules = [import_module(f"tests.spec.{name}") for name in names]
    directory = tmp_path_factory.mktemp("towns")
    towns = [module.TOWN for module in modules if hasattr(module, "TOWN")]
    answer = load(directory / "home", *write_drops(towns, directory))
    refused = [row for row in answer["drops"] if row["rows_quarantined"]]
    assert not refused, f"rows of the drawn towns were set aside: {refused}"
    build = open_build(directory / "home")
    assert build is not None, "nothing was published"
    return build_tables(build)


@pytest.fixture(scope="module", params=["naive", "build"])
def told(request: pytest.FixtureRequest) -> Told:
    """The TOWN of the module that asks, told by naive and by a build."""
    if request.param == "naive":
        return ToldByNaive(request.module.TOWN)
    return ToldByBuild(request.getfixturevalue("tables_of_all_towns"))
