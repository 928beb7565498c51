"""What the matrix does to figures: not_reported, provisional or ok, of districts and of their city."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from etl.completeness import declared
from etl.messages import WrongCall
from etl.warehouse import create_schema
from metrics.build import Build, open_build
from metrics.comparisons import compare
from metrics.explain import explain
from metrics.output import explanation_text
from metrics.periods import Period
from metrics.query import query
from tests.commands import run
from tests.etl.desk import ADA, HOURS, Desk, text
from tests.etl.sendings import Sendings, area_code, statuses

TWO = """
    supplier | received   | rows
    平台甲   | 2021-02-03 | 路南区 2021-01-05 x9
    平台甲   | 2021-03-03 | 路南区 2021-02-05 x9
    平台甲   | 2021-04-03 | 路南区 2021-03-05 x9
    平台甲   | 2021-05-03 | 路南区 2021-04-05 x9
    平台乙   | 2021-02-03 | 古冶区 2021-01-05 x9
    平台乙   | 2021-04-03 | 古冶区 2021-03-05 x9
    平台乙   | 2021-05-03 | 古冶区 2021-04-05 x9
"""


@pytest.fixture
def sendings(desk: Desk) -> Sendings:
    return Sendings(desk)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two suppliers with a district each; 平台乙 left February out. 开平区 never had a row."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        create_schema(connection)
        made = Sendings(Desk(tmp_path_factory.mktemp("two"), connection))
        made.send(TWO)
        made.build()
        return made.desk.home


@pytest.fixture(scope="module")
def two(home: Path) -> Build:
    build = open_build(home)
    assert build is not None
    return build


def test_a_month_left_out_is_not_zero_and_makes_the_city_provisional(two: Build) -> None:
    statuses(
        two,
        """
        area   | 2020-12      | 2021-01 | 2021-02      | 2021-03 | 2021-04 | 2021-05      | 2021-Q1
        路南区 | not_reported | ok      | ok           | ok      | ok      | not_reported | ok
        古冶区 | not_reported | ok      | not_reported | ok      | ok      | not_reported | provisional
        开平区 | not_reported | ok      | ok           | ok      | ok      | not_reported | ok
        唐山市 | not_reported | ok      | provisional  | ok      | ok      | not_reported | provisional
        """,
        basis="service",
    )
    for window in ("ytd", "to_date"):
        statuses(
            two,
            """
            area   | 2021-01 | 2021-03
            路南区 | ok      | ok
            古冶区 | ok      | provisional
            唐山市 | ok      | provisional
            """,
            basis="service",
            window=window,
        )
    statuses(
        two,
        """
        area   | 2021-01     | 2021-03
        路南区 | provisional | provisional
        唐山市 | provisional | provisional
        """,
        basis="service",
        window="rolling12",  # begins before anything came
    )
    assert query(two, "service_hours", "130200", Period.parse("2021-02"), basis="service")[0].value == 9


def test_the_city_says_who_is_missing(two: Build) -> None:
    told = explain(two, "service_hours", "130200", Period.parse("2021-Q1"), basis="service")["completeness"]
    assert told["zh"][-1] == "平台乙的服务时长 2021-02 尚未报来（古冶区）。"
    assert told["en"][-1] == "平台乙 has not sent service hours of 2021-02 (Guye District)."
    text = explanation_text(explain(two, "service_hours", "130200", Period.parse("2021-Q1"), basis="service"))
    assert (text.count(told["zh"][-1]), text.count(told["en"][-1])) == (1, 1), (
        "once, and not as a caveat, too"
    )
    of_another = explain(two, "service_hours", area_code("路南区"), Period.parse("2021-Q1"), basis="service")
    assert not any("平台乙" in caveat for caveat in of_another["completeness"]["zh"])


def test_without_named_suppliers_silence_between_two_drops_is_zero(sendings: Sendings) -> None:
    """As ever: nobody says how many files there should have been."""
    sendings.send("""
        supplier | received   | rows
                 | 2021-02-03 | 路南区 2021-01-05
                 | 2021-04-03 | 路南区 2021-03-05, 路北区 2021-03-05
    """)
    statuses(
        sendings.build(),
        """
        area   | 2021-01 | 2021-02 | 2021-03 | 2021-04
        路南区 | ok      | ok      | ok      | not_reported
        路北区 | ok      | ok      | ok      | not_reported
        开平区 | ok      | ok      | ok      | not_reported
        唐山市 | ok      | ok      | ok      | not_reported
        """,
        basis="service",
    )
    assert {row["state"] for row in sendings.matrix() if row["month"].month == 2} == {"absent"}


UNNAMED_HALF = """
    supplier | received   | rows
             | 2021-10-05 | 路南区 2021-09-05, 路北区 2021-09-28
             | 2021-10-16 | 路南区 2021-10-05, 路北区 2021-10-15
             | 2021-12-05 | 路南区 2021-11-05, 路北区 2021-11-28
"""


def test_half_a_month_is_no_whole_one_though_nobody_is_named(sendings: Sendings) -> None:
    """October was loaded on the 16th, and then came November: what happened after the 15th is not known."""
    sendings.send(UNNAMED_HALF)
    build = sendings.build()
    statuses(
        build,
        """
        area   | 2021-09 | 2021-10     | 2021-11 | 2021-12      | 2021-Q3     | 2021-Q4
        路南区 | ok      | provisional | ok      | not_reported | provisional | provisional
        开平区 | ok      | ok          | ok      | not_reported | provisional | provisional
        唐山市 | ok      | provisional | ok      | not_reported | provisional | provisional
        """,
        basis="service",
    )
    told = explain(build, "service_hours", "130200", Period.parse("2021-10"), basis="service")["completeness"]
    assert told["zh"] == [
        "未注明来源的报送：服务时长 2021-10 只报来一部分，收到时该月尚未结束（路南区、路北区）。"
    ]
    assert told["en"] == [
        "Service hours of 2021-10 came only in part, received before the month was over (Lunan District, Lubei "
        "District; drops that name no supplier)."
    ]
    # The rest comes in November: October is whole, and so is a month between in which nothing came at all.
    sendings.send("supplier | received | rows\n | 2021-11-04 | 路南区 2021-10-20")
    statuses(sendings.build(), "area   | 2021-10 | 2021-11\n唐山市 | ok | ok", basis="service")


def test_a_month_that_ends_early_is_no_whole_one_though_nobody_is_named(sendings: Sendings) -> None:
    months = [f" | 2021-{month + 1:02}-03 | 路南区 2021-{month:02}-28 x40" for month in (1, 2, 4, 5)]
    few = " | 2021-07-03 | 路南区 2021-06-29 x3"
    sendings.send("\n".join(["supplier | received | rows", *months, few]))
    sendings.send("supplier | received | rows\n | 2021-04-03 | 路南区 2021-03-10 x40")
    build = sendings.build()
    statuses(
        build,
        """
        area   | 2021-02 | 2021-03     | 2021-04 | 2021-05 | 2021-06
        路南区 | ok      | provisional | ok      | ok      | ok
        唐山市 | ok      | provisional | ok      | ok      | ok
        """,  # few rows, of June, tell nothing where nobody is named
        basis="service",
    )
    told = explain(build, "service_hours", "130200", Period.parse("2021-03"), basis="service")["completeness"]
    assert told["zh"] == ["未注明来源的报送：服务时长 2021-03 只报来一部分，月末没有记录（路南区）。"]


def test_half_a_month_of_nobody_in_particular_is_whole_where_a_named_supplier_has_sent_all_of_it(
    sendings: Sendings,
) -> None:
    sendings.send(UNNAMED_HALF)
    sendings.send("supplier | received | rows\n平台甲 | 2021-11-04 | 路南区 2021-09-02, 路南区 2021-10-20")
    build = sendings.build()
    statuses(
        build,
        """
        area   | 2021-10
        路南区 | ok
        路北区 | provisional
        唐山市 | provisional
        """,
        basis="service",
    )
    told = explain(build, "service_hours", "130200", Period.parse("2021-10"), basis="service")["completeness"]
    assert [one for one in told["zh"] if "未注明" in one] == [
        "未注明来源的报送：服务时长 2021-10 只报来一部分，收到时该月尚未结束（路北区）。"
    ]


def test_the_month_that_still_runs_is_compared_to_its_day_though_nobody_is_named(sendings: Sendings) -> None:
    """Provisional for want of time only: up to the 15th it is held against the October before."""
    sendings.send("""
        supplier | received   | rows
                 | 2020-12-05 | 路南区 2020-09-05 x9, 路南区 2020-10-04 x9, 路南区 2020-10-28 x9
                 | 2021-10-05 | 路南区 2021-01-05 x9, 路南区 2021-09-30 x9
                 | 2021-10-16 | 路南区 2021-10-03 x9, 路南区 2021-10-15 x9
    """)
    build = sendings.build(date(2021, 10, 16))
    (now,) = query(build, "service_hours", "130202", Period.parse("2021-10"), basis="service")
    assert now.status == "provisional"
    (found,) = compare(build, now, ["year_earlier"])
    assert found.through == (date(2021, 10, 15), date(2020, 10, 15))
    assert (found.now.value, found.reference) == (18, 9)


def test_one_named_supplier_who_left_a_month_out_and_then_says_it_was_empty(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-02-03 | 路南区 2021-01-05
        平台甲   | 2021-04-03 | 路南区 2021-03-05
    """)
    drawing = """
        area   | 2021-01 | 2021-02  | 2021-03 | 2021-Q1
        路南区 | ok      | february | ok      | quarter
        开平区 | ok      | february | ok      | quarter
        唐山市 | ok      | february | ok      | quarter
    """
    silent = drawing.replace("february", "not_reported").replace("quarter", "provisional")
    statuses(sendings.build(), silent, basis="service")
    sendings.declare('[[supplier]]\nname = "平台甲"\nsources = ["service_hours"]\nzero = ["2021-02"]\n')
    statuses(sendings.build(), drawing.replace("february", "ok").replace("quarter", "ok"), basis="service")


def test_a_supplier_who_joined_later_leaves_earlier_figures_of_the_city_alone(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-04-03 | 路南区 2021-01-05, 路南区 2021-03-30
        平台乙   | 2021-04-03 | 古冶区 2021-03-05
    """)
    drawing = """
        area   | 2021-01      | 2021-02      | 2021-03 | 2021-Q1
        路南区 | ok           | ok           | ok      | ok
        古冶区 | not_reported | not_reported | ok      | provisional
        唐山市 | {0}          | {0}          | ok      | {1}
    """
    statuses(sendings.build(), drawing.format("ok", "ok"), basis="service")
    sendings.declare('[[supplier]]\nname = "平台乙"\nsources = ["service_hours"]\nfrom = "2021-01"\n')
    statuses(sendings.build(), drawing.format("provisional", "provisional"), basis="service")


def test_a_supplier_who_stopped_makes_the_city_provisional_until_somebody_says_so(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-04-03 | 路南区 2021-01-05, 路南区 2021-03-30
        平台乙   | 2021-02-03 | 古冶区 2021-01-05
    """)
    drawing = """
        area   | 2021-01 | 2021-02      | 2021-03      | 2021-Q1
        路南区 | ok      | ok           | ok           | ok
        古冶区 | ok      | not_reported | not_reported | {}
        唐山市 | ok      | {}           | {}           | {}
    """
    statuses(sendings.build(), drawing.replace("{}", "provisional"), basis="service")
    sendings.declare('[[supplier]]\nname = "平台乙"\nsources = ["service_hours"]\nuntil = "2021-01"\n')
    statuses(sendings.build(), drawing.replace("{}", "ok"), basis="service")


def test_two_suppliers_of_one_district_of_whom_one_is_missing(sendings: Sendings) -> None:
    """平台丙 has one stray row of the district in a hundred: nobody waits for it."""
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-04-03 | 路南区 2021-01-05 x60, 路南区 2021-03-30 x40
        平台乙   | 2021-02-03 | 路南区 2021-01-05 x50
        平台丙   | 2021-02-03 | 路南区 2021-01-05 x1, 路北区 2021-01-05 x50
        平台丙   | 2021-04-03 | 路北区 2021-03-05 x50
    """)
    statuses(
        sendings.build(),
        """
        area   | 2021-01 | 2021-02      | 2021-03
        路南区 | ok      | provisional  | provisional
        路北区 | ok      | not_reported | ok
        唐山市 | ok      | provisional  | provisional
        """,
        basis="service",
    )
    sendings.declare('[[supplier]]\nname = "平台乙"\nsources = ["service_hours"]\nuntil = "2021-01"\n')
    statuses(
        sendings.build(),
        """
        area   | 2021-01 | 2021-02     | 2021-03
        路南区 | ok      | ok          | ok
        唐山市 | ok      | provisional | ok
        """,
        basis="service",
    )


def test_who_sends_without_districts_is_missed_in_all_of_them(sendings: Sendings) -> None:
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-04-03 | 路南区 2021-01-05, 路南区 2021-03-30
        平台乙   | 2021-02-03 | ? 2021-01-05
        平台乙   | 2021-04-03 | ? 2021-03-05
    """)
    statuses(
        sendings.build(),
        """
        area   | 2021-01 | 2021-02     | 2021-03
        路南区 | ok      | provisional | ok
        唐山市 | ok      | provisional | ok
        """,
        basis="service",
    )
    told = explain(
        sendings.build(), "service_hours", area_code("路南区"), Period.parse("2021-02"), basis="service"
    )
    assert "平台乙" in told["completeness"]["zh"][0]


def test_what_is_missing_from_a_register_stays_missing(sendings: Sendings) -> None:
    """New registrations of March are all there; who is registered at its end is not known."""
    sendings.send(
        """
        supplier | received   | rows
        平台甲   | 2021-02-03 | 路南区 2021-01-05 #1
        平台甲   | 2021-04-03 | 路南区 2021-03-05 #2
        """,
        source="registrations",
    )
    build = sendings.build()
    drawing = """
        area   | 2021-01 | 2021-02      | 2021-03
        路南区 | ok      | not_reported | {}
        唐山市 | ok      | not_reported | {}
    """
    statuses(build, drawing.format("ok", "ok"), "new_registrations")
    statuses(build, drawing.format("provisional", "provisional"), "registered_volunteers")


def test_hours_of_a_districts_people_elsewhere_are_not_hidden(sendings: Sendings) -> None:
    """By residence something is known of 古冶区 in February: its people served in 路南区."""
    sendings.send(
        """
        supplier | received   | rows
        平台甲   | 2021-06-03 | 古冶区 2021-01-01 #1, 路南区 2021-01-01 #2
        """,
        source="registrations",
    )
    sendings.send("""
        supplier | received   | rows
        平台甲   | 2021-03-03 | 路南区 2021-01-05, 路南区 2021-02-05
        平台乙   | 2021-02-03 | 古冶区 2021-01-05
    """)
    sendings.desk.connection.execute("""
        UPDATE service_records SET volunteer_key = (
            SELECT volunteer_key FROM registrations WHERE area_code = '130204')""")
    build = sendings.build()
    (found,) = query(build, "service_hours", area_code("古冶区"), Period.parse("2021-02"), basis="residence")
    assert (found.status, found.value) == ("provisional", 1)
    (found,) = query(build, "service_hours", area_code("古冶区"), Period.parse("2021-02"), basis="service")
    assert (found.status, found.value) == ("not_reported", None)


def test_the_command_prints_the_matrix_of_the_current_build(two: Build, home: Path) -> None:
    answer = run("etl", "completeness", "--area", "130204", "--json", home=home).require().json()
    assert answer["build_id"] == two.build_id
    february = [row for row in answer["completeness"] if row["month"] == "2021-02-01"]
    assert [(row["supplier"], row["area_code"], row["state"]) for row in february] == [
        ("平台乙", "130204", "absent")
    ]
    shown = run("etl", "completeness", "--area", "古冶区", home=home).require()
    assert "2021 ●×●●×××××××  130204 古冶区" in shown.out
    assert "2021-02            缺报 / absent" in shown.out
    assert "路南区" not in shown.out
    run("etl", "completeness", "--area", "火星区", home=home).require(2)
    asked = ("completeness", "--from", "2021-02", "--to", "2021-02")
    some = run("etl", *asked, "--json", home=home).require().json()["completeness"]
    assert {row["month"] for row in some} == {"2021-02-01"}
    assert "2021-02 " in run("etl", *asked, home=home).require().out
    assert "--from 应写成年-月" in run("etl", "completeness", "--from", "2021", home=home).require(2).err
    wrong = run("etl", "completeness", "--from", "2021-03", "--to", "2021-02", home=home).require(2).err
    assert "--from 不能晚于 --to" in wrong


def test_nothing_published_is_a_sentence(tmp_path: Path) -> None:
    assert "还没有发布过" in run("etl", "completeness", home=tmp_path).require(1).err


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[[suplier]]\n", "Did you mean 'supplier'?"),
        ("[[supplier]]\nname = '甲'\nsource = ['service_hours']", "Did you mean 'sources'?"),
        ("[[supplier]]\nname = '甲'\nsources = ['service_hour']", "Did you mean 'service_hours'?"),
        ("[[supplier]]\nsources = ['service_hours']", "name: expected a text"),
        ("[[supplier]]\nname = '甲'", "sources: expected at least one"),
        ("[[supplier]]\nname = '甲'\nsources = 'service_hours'", "sources: expected a list"),
        ("[[supplier]]\nname = '甲'\nsources = ['activities']\nareas = ['路南曲']", "Did you mean '路南区'?"),
        ("[[supplier]]\nname = '甲'\nsources = ['activities']\nfrom = '2021-13'", "from: expected a month"),
        ("[[supplier]]\nname = '甲'\nsources = ['activities']\nfrom = 2021-01-01", "from: expected a month"),
        (
            "[[supplier]]\nname = '甲'\nsources = ['activities']\nfrom = '2021-02'\nuntil = '2021-01'",
            "until is before from",
        ),
        ("[[supplier]]\nname = '甲'\nsources = ['activities']\ndue_day = 31", "from 1 to 28"),
        ("[[supplier]]\nname = '甲'\nsources = ['activities']\ndue_day = true", "from 1 to 28"),
        ("[[supplier]]\nname = '甲'\nsources = ['activities']\n" * 2, "declared twice"),
        ("supplier = 3", "begins with [[supplier]]"),
        ("[[supplier]\n", "not valid TOML"),
    ],
)
def test_suppliers_are_declared_strictly(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / "suppliers.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(WrongCall) as refused:
        declared(tmp_path)
    assert said in refused.value.text.en
    assert "suppliers.toml" in refused.value.text.zh


def test_a_figure_that_is_complete_has_no_such_caveat(two: Build) -> None:
    for area, period in (("130202", "2021-Q1"), ("130204", "2021-04"), ("130200", "2021-04")):
        told = explain(two, "service_hours", area, Period.parse(period), basis="service")["completeness"][
            "zh"
        ]
        assert not any("平台" in caveat for caveat in told)


def test_a_partial_month_is_told_with_its_numbers(sendings: Sendings) -> None:
    months = [f"平台甲 | 2021-{month + 1:02}-01 | 路南区 2021-{month:02}-28 x250" for month in (1, 2, 4, 5)]
    few = "平台甲 | 2021-04-01 | 路南区 2021-03-28 x12"
    sendings.send("\n".join(["supplier | received | rows", *months, few]))
    build = sendings.build()
    statuses(
        build,
        """
        area   | 2021-02 | 2021-03     | 2021-04 | 2021-Q1
        路南区 | ok      | provisional | ok      | provisional
        唐山市 | ok      | provisional | ok      | provisional
        """,
        basis="service",
    )
    told = explain(build, "service_hours", "130200", Period.parse("2021-Q1"), basis="service")["completeness"]
    assert told["zh"][-1] == "平台甲的服务时长 2021-03 只报来一部分，12 行，通常约 250 行（路南区）。"
    shown = run("etl", "completeness", home=sendings.desk.home).require().out
    assert "reported in part, 12 rows where about 250 are usual" in shown


def test_a_build_of_a_time_before_the_matrix_is_still_read(home: Path, tmp_path: Path) -> None:
    (path,) = (home / "published").glob("*.duckdb")
    (tmp_path / "published").mkdir()
    older = tmp_path / "published" / path.name
    shutil.copy(path, older)
    with duckdb.connect(str(older)) as build:
        build.execute("DROP TABLE gaps; DROP TABLE completeness")
    (tmp_path / "published" / "CURRENT").write_text(path.stem, encoding="utf-8")
    found = open_build(tmp_path)
    assert found is not None
    assert found.completeness() == []
    statuses(found, "area   | 2021-02 | 2021-Q1\n古冶区 | ok      | ok", basis="service")


def test_a_mistake_in_the_declarations_stops_publishing_and_loses_no_drop(tmp_path: Path) -> None:
    home, inbox = tmp_path / "home", tmp_path / "inbox" / "130200"
    home.mkdir()
    inbox.mkdir(parents=True)
    (inbox / "1.csv").write_text(text(HOURS, f"R1,{ADA},2021-01-05,1,路南区"), encoding="utf-8")
    (home / "suppliers.toml").write_text("[[suppliers]]\n", encoding="utf-8")
    refused = run("etl", "load", inbox, home=home)
    assert refused.code == 2
    assert "Did you mean 'supplier'?" in refused.err
    assert open_build(home) is None
    (home / "suppliers.toml").write_text("", encoding="utf-8")
    run("etl", "publish", home=home).require()
    build = open_build(home)
    assert build is not None
    assert [row["state"] for row in build.completeness() if row["month"] == date(2021, 1, 1)] == ["complete"]
