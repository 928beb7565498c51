"""One figure in every build: what was said, what changed, and builds that cannot be read any more."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from metrics import vintages
from metrics.__main__ import main
from metrics.build import new_connection
from metrics.periods import Period
from metrics.query import QueryRefused
from metrics.revision_output import summary
from metrics.vintages import Revision, revision_rows, revisions
from tests.metrics.build_factory import DEFAULT_DROPS, make_build

PEOPLE = [{"volunteer_key": key, "registered_on": "2023-01-05"} for key in range(1, 11)]


def served(*people: int) -> list[dict[str, object]]:
    return [{"volunteer_key": key, "service_date": "2023-05-01"} for key in people]


def drops(*more: int, withdrawn: int = 0) -> list[dict[str, object]]:
    every = [*DEFAULT_DROPS, *({"drop_id": key, "source": "service_hours"} for key in more)]
    return [
        {
            **drop,
            "file_name": f"drop-{drop['drop_id']}.csv",
            "status": "withdrawn" if drop["drop_id"] == withdrawn else "loaded",
        }
        for drop in every
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four said first, six after a late drop, five after one was withdrawn; in between a build of an older format."""
    home = tmp_path_factory.mktemp("vintages")
    for build_id, people, its_drops, day in (
        ("20240101-a", (1, 2, 3, 4), drops(), date(2024, 1, 1)),
        ("20240201-b", (), drops(), date(2024, 2, 1)),
        ("20240301-c", (1, 2, 3, 4, 5, 6), drops(4, 5), date(2024, 3, 1)),
        ("20240401-d", (1, 2, 3, 4, 5), drops(4, 5, withdrawn=5), date(2024, 4, 1)),
    ):
        make_build(
            home,
            registrations=PEOPLE,
            service_records=served(*people),
            drops=its_drops,
            build_id=build_id,
            today=day,
        )
    with duckdb.connect(str(home / "published" / "20240201-b.duckdb")) as old:
        old.execute("UPDATE manifest SET value = '1' WHERE key = 'schema_version'")
    with duckdb.connect(str(home / "published" / "20240401-d.duckdb")) as changed:
        changed.execute("UPDATE indicators SET digest = 'other' WHERE indicator_id = 'active_rate'")
    (home / "published" / "20240501-e.duckdb").write_bytes(b"no database")
    return home


@pytest.fixture(scope="module")
def found(home: Path) -> list[Revision]:
    return revisions(home, "active_rate", "130202", Period.parse("2023"))


def test_every_build_says_what_it_said(found: list[Revision]) -> None:
    assert [one.build_id[-1] for one in found] == ["a", "b", "c", "d", "e"]
    assert [one.value for one in found] == [40.0, None, 60.0, 50.0, None]
    assert [one.published_at and one.published_at.month for one in found] == [1, None, 3, 4, None]


def test_differences_pass_over_builds_without_a_value(found: list[Revision]) -> None:
    assert [one.since_first and one.since_first.amount for one in found] == [None, None, 20.0, 10.0, None]
    assert [one.since_previous and one.since_previous.amount for one in found] == [
        None,
        None,
        20.0,
        -10.0,
        None,
    ]


def test_what_changed_is_told(found: list[Revision]) -> None:
    assert found[0].reasons("zh") == []
    assert [drop.drop_id for drop in found[2].added] == [4, 5]
    assert found[2].reasons("zh") == ["新报送 4 drop-4.csv、5 drop-5.csv"]
    assert found[3].reasons("en") == ["withdrawn: 5 drop-5.csv", "definition changed"]


def test_old_and_broken_builds_are_told(found: list[Revision]) -> None:
    assert "格式版本是 1" in found[1].problem_zh
    assert "has format 1" in found[1].problem_en
    assert "cannot be read" in found[4].problem_en
    assert "无法读取" in found[4].problem_zh


def test_another_population_is_told_where_it_matters(home: Path, tmp_path: Path) -> None:
    for number in (1, 2):
        make_build(tmp_path, registrations=PEOPLE, build_id=f"2024-{number}")
    with duckdb.connect(str(tmp_path / "published" / "2024-2.duckdb")) as changed:
        changed.execute("UPDATE population SET permanent_population = 1 WHERE area_code = '130200'")
    for indicator, expected in (("registered_share", ["population changed"]), ("active_rate", [])):
        assert revisions(tmp_path, indicator, "130200", Period.parse("2023"))[1].reasons("en") == expected


def test_a_wrong_question_is_refused(home: Path) -> None:
    with pytest.raises(QueryRefused):
        revisions(home, "active_rate", "130202", Period.parse("2023"), basis="service")


def test_another_definition_is_asked_of_every_build_that_holds_it(tmp_path: Path) -> None:
    for number in (1, 2):
        make_build(tmp_path, registrations=PEOPLE, service_records=served(1, 2), build_id=f"2024-{number}")
    with duckdb.connect(str(tmp_path / "published" / "2024-1.duckdb")) as old:
        old.execute("DROP TABLE hours_bands")
        old.execute("DELETE FROM observations WHERE measure LIKE 'active_%h_volunteers'")
    first, second = revisions(
        tmp_path, "active_rate", "130202", Period.parse("2023"), variant="active=hours_1"
    )
    assert (first.observation, "does not count people by their hours" in first.problem_en) == (None, True)
    assert second.observation is not None
    assert (second.observation.variant, second.value) == ("active=hours_1", 20.0)
    with pytest.raises(QueryRefused, match="does not concern"):
        revisions(tmp_path, "active_rate", "130202", Period.parse("2023"), variant="hours=clocked")


def ask(home: Path, *more: str) -> int:
    question = ["active_rate", "--area", "路南区", "--period", "2023", "--data", str(home)]
    return main(["revisions", *question, *more])


def test_the_command_prints_a_table(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(home) == 0
    out, err = capsys.readouterr()
    assert out.startswith("活跃率 Active rate | 唐山市路南区 | 2023年 (2023, year)")
    (line,) = [line for line in out.splitlines() if line.startswith("20240301-c")]
    assert "60.0%" in line
    assert "+20.0 个百分点" in line
    assert "20240201-b" in err
    assert ask(home, "--variant", "active=recent") == 0
    assert capsys.readouterr().out.startswith("活跃率 Active rate（口径：活跃＝近12个月有记录）")


def test_the_command_prints_json_and_csv(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(home, "--format", "json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["value"] for row in rows] == [40.0, None, 60.0, 50.0, None]
    assert (rows[2]["drops_added"], rows[3]["drops_withdrawn"], rows[3]["is_redefined"]) == (
        [4, 5],
        [5],
        True,
    )
    assert rows[2]["difference_unit"] == "points"
    assert ask(home, "--format", "csv") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert "4;5" in lines[3]


def test_where_nothing_is_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(tmp_path) == 1
    assert "python -m etl load" in capsys.readouterr().err


def test_the_summary_tells_the_first_the_last_and_how_often_it_moved(found: list[Revision]) -> None:
    assert summary(found, "zh") == (
        "首次发布（2024-01-01）为 40.0%，最近一次（2024-04-01）为 50.0%（+10.0 个百分点）；3 次发布中有 2 次与前一次不同。"
    )
    assert summary(found[:2], "zh") == "只有一次发布（2024-01-01）给出这个数：40.0%。"
    assert summary(found[1:2], "en") == "No build gives this figure."


def test_a_build_that_shows_smaller_counts_is_named_without_its_figure(tmp_path: Path) -> None:
    """An internal build lies in every home where somebody has ever looked closer; the dashboard is for all."""
    for build_id, threshold in (("20240101-internal", 0), ("20240201-low", 5), ("20240301-open", 10)):
        make_build(
            tmp_path,
            registrations=PEOPLE,
            service_records=served(1, 2),
            build_id=build_id,
            threshold=threshold,
        )
    question = (tmp_path, "registered_volunteers", "130200", Period.parse("2023"))
    shown = {one.build_id: one.value for one in revisions(*question, least_threshold=10)}
    assert shown == {"20240101-internal": None, "20240201-low": None, "20240301-open": 10}
    told = revisions(*question, least_threshold=10)[0]
    assert told.observation is None
    assert "内部版本" in told.reasons("zh")[0]
    assert "10" not in revision_rows([told])[0].values()
    (row,) = revision_rows([told])
    assert (row["status"], row["value"]) == ("not_told", None)
    assert "这里不给出" in row["problem_zh"]
    assert "nothing of it is told here" in row["problem_en"]
    assert [one.value for one in revisions(*question)] == [10, 10, 10]


def test_the_command_tells_no_figure_of_an_internal_build_beside_a_public_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for build_id, threshold in (("20240101-internal", 0), ("20240301-open", 10)):
        make_build(
            tmp_path,
            registrations=PEOPLE[:9],
            service_records=served(1),
            build_id=build_id,
            threshold=threshold,
        )
    question = [
        "revisions",
        "registered_volunteers",
        "--area",
        "130200",
        "--period",
        "2023",
        "--format",
        "json",
    ]
    assert main([*question, "--data", str(tmp_path)]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["value"], row["status"]) for row in rows] == [(None, "not_told"), (None, "suppressed")]
    (tmp_path / "published" / "CURRENT").write_text("20240101-internal", encoding="utf-8")
    assert main([*question, "--data", str(tmp_path)]) == 0
    assert [row["value"] for row in json.loads(capsys.readouterr().out)] == [9, None]


def test_however_many_builds_are_kept_one_database_reads_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beginning one takes longer than all that is asked of a build."""
    begun: list[object] = []
    monkeypatch.setattr(vintages, "new_connection", lambda: begun.append(1) or new_connection())
    assert len(revisions(home, "active_rate", "130202", Period.parse("2023"))) == 5
    assert len(begun) == 1
