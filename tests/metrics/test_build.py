"""Opening builds: the current one, a named one, a new one, none."""

import threading
from datetime import date
from pathlib import Path

import pytest

from metrics.build import BuildBroken, BuildNotFound, data_home, open_build
from metrics.periods import Period
from metrics.query import query
from tests.metrics.build_factory import make_build


def one_volunteer(home: Path, build_id: str, people: int = 1) -> Path:
    registrations = [
        {"volunteer_key": key, "registered_on": "2023-05-01", "area_code": "130202"}
        for key in range(1, people + 1)
    ]
    return make_build(home, registrations=registrations, build_id=build_id, today=date(2024, 1, 15))


def test_a_home_without_builds_opens_nothing(tmp_path: Path) -> None:
    assert open_build(tmp_path) is None


def test_the_data_home_is_the_argument_then_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDVEST_DATA", "/somewhere/else")
    assert data_home("/given") == Path("/given")
    assert data_home() == Path("/somewhere/else")
    monkeypatch.delenv("REDVEST_DATA")
    assert data_home().name == "data"


def test_a_new_build_is_noticed_and_the_old_one_stays_readable(tmp_path: Path) -> None:
    first = open_build(one_volunteer(tmp_path, "2024-01-01-a"))
    assert first is not None
    old = first.cursor()
    second = open_build(one_volunteer(tmp_path, "2024-02-01-b", people=2))
    assert second is not None
    may = Period.parse("2023-05")
    assert [query(build, "registered_volunteers", "130202", may)[0].value for build in (first, second)] == [
        1,
        2,
    ]
    assert query(second, "registered_volunteers", "130202", may)[0].build_id == "2024-02-01-b"
    assert old.execute("SELECT value FROM manifest WHERE key = 'build_id'").fetchall() == [("2024-01-01-a",)]
    assert open_build(tmp_path, "2024-01-01-a") is first


def test_a_home_made_anew_under_the_same_path_is_not_mixed_up(tmp_path: Path) -> None:
    path = one_volunteer(tmp_path, "same") / "published" / "same.duckdb"
    first = open_build(tmp_path)
    path.unlink()
    one_volunteer(tmp_path, "same", people=3)
    second = open_build(tmp_path)
    assert first is not None
    assert second is not None
    assert second is not first
    assert query(second, "registered_volunteers", "130202", Period.parse("2023-05"))[0].value == 3


@pytest.mark.parametrize("build_id", ["2023-nothing", "../secret", "a/b", ""])
def test_an_id_that_is_no_build_is_refused_in_both_languages(tmp_path: Path, build_id: str) -> None:
    one_volunteer(tmp_path, "2024-01-01-a")
    with pytest.raises(BuildNotFound) as refusal:
        open_build(tmp_path, build_id)
    assert "2024-01-01-a" in refusal.value.en
    assert "2024-01-01-a" in refusal.value.zh


def test_current_naming_a_missing_build_says_which_command_repairs_it(tmp_path: Path) -> None:
    one_volunteer(tmp_path, "2024-01-01-a")
    (tmp_path / "published" / "CURRENT").write_text("2024-09-09-gone", encoding="utf-8")
    with pytest.raises(BuildBroken, match="python -m etl publish"):
        open_build(tmp_path)


def test_a_file_that_is_no_build_says_which_command_repairs_it(tmp_path: Path) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "broken.duckdb").write_bytes(b"not a database")
    (tmp_path / "published" / "CURRENT").write_text("broken", encoding="utf-8")
    with pytest.raises(BuildBroken, match="python -m etl publish"):
        open_build(tmp_path)


def test_many_threads_read_one_build(tmp_path: Path) -> None:
    build = open_build(one_volunteer(tmp_path, "2024-01-01-a", people=5))
    assert build is not None
    values: list[object] = []

    def read() -> None:
        for _ in range(10):
            values.append(query(build, "registered_volunteers", "130200", Period.parse("2023"))[0].value)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert values == [5] * 80


def test_the_last_complete_period_is_covered_by_every_core_source(tmp_path: Path) -> None:
    home = make_build(
        tmp_path,
        registrations=[{"volunteer_key": 1, "registered_on": "2023-12-20"}],
        service_records=[{"volunteer_key": 1, "service_date": "2023-11-03"}],
        activities=[{"activity_key": 1, "starts_on": "2022-01-01"}],
    )
    build = open_build(home)
    assert build is not None
    codes = {kind: build.last_period("130200", kind) for kind in ("month", "quarter", "year")}
    assert {kind: period and period.code for kind, period in codes.items()} == {
        "month": "2023-11",
        "quarter": "2023-Q3",
        "year": "2022",
    }
    assert build.last_period("371000", "year") is None
    assert build.cities_with_data() == ["130200"]
