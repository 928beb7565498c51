"""Published and derived figures are read as printed, and faulty tables are refused where they are faulty."""

import csv
import re
import shutil
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from metrics.derived import read_derived_figures
from metrics.figures import read_published_figures
from metrics.paths import REFERENCE
from metrics.printed import Interval, interval, printed_step, printed_text
from metrics.published import derived_figures, documents, published_figures
from metrics.reference import PartialDate, ReferenceFault
from metrics.words import read_words


def test_172_figures_from_five_documents() -> None:
    assert len(documents()) == 5
    assert Counter(figure.document_id for figure in published_figures()) == {
        "weihai-2021": 18,
        "tangshan-2021": 25,
        "xuchang-2020": 80,
        "huizhou-2017": 27,
        "yantai-2023": 22,
    }


def test_every_field_is_what_the_table_says_and_blanks_stay_blank() -> None:
    with (REFERENCE / "published_figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row, figure in zip(rows, published_figures(), strict=True):
        assert (figure.figure_id, figure.name_zh, figure.scope) == (
            row["figure_id"],
            row["indicator"],
            row["scope"],
        )
        assert (figure.value is None) == (row["value"] == "")
        assert figure.value is None or figure.value == Decimal(row["value"])
        assert (figure.unit, figure.qualifier, figure.kind) == (row["unit"], row["qualifier"], row["kind"])
        assert str(figure.as_of) == row["as_of"]
        assert str(figure.period_start or "") == row["period_start"]
        assert str(figure.period_end or "") == row["period_end"]


def test_every_figure_can_be_read_in_english() -> None:
    for figure in [*published_figures(), *derived_figures()]:
        for text in (
            figure.name("en"),
            figure.scope_name("en"),
            figure.kind_name("en"),
            figure.value_text("en"),
        ):
            assert text
            assert not any("\u4e00" <= character <= "\u9fff" for character in text), text
    for figure in derived_figures():
        assert bool(figure.caveat("zh")) == bool(figure.caveat("en"))


@pytest.mark.parametrize(
    ("figure_id", "bound", "zh", "en"),
    [
        ("tangshan-2021-07", "exact", "147.37万名", "1,473,700 persons"),
        ("tangshan-2021-22", "at_least", "100万余名", "more than 1,000,000 persons"),
        ("tangshan-2021-23", "at_least", "超156万余小时", "more than 1,560,000 h"),
        ("xuchang-2020-16", "at_most", "近30万株", "nearly 300,000 trees"),
        ("xuchang-2020-40", "about", "约10,310小时", "about 10,310 h"),
        ("xuchang-2020-51", "about", "约10万余元", "about 100,000 yuan"),
        ("huizhou-2017-01", "at_least", "逾45万人", "more than 450,000 persons"),
        ("huizhou-2017-07", "at_least", "75%以上", "at least 75%"),
        ("huizhou-2017-14", "at_least", "超90.9%", "more than 90.9%"),
        ("weihai-2021-05", "exact", "2021-05-01", "2021-05-01"),
        ("weihai-2021-06", "exact", "2018年", "2018"),
        ("weihai-2021-12", "at_most", "近30年", "nearly 30 years"),
        ("tangshan-2021-04", "exact", "2003-01", "2003-01"),
        ("huizhou-2017-15", "exact", "1名", "1 person"),
    ],
)
def test_a_qualifier_becomes_a_bound_and_stays_readable(figure_id: str, bound: str, zh: str, en: str) -> None:
    figure = next(figure for figure in published_figures() if figure.figure_id == figure_id)
    assert (figure.bound, figure.value_text("zh"), figure.value_text("en")) == (bound, zh, en)


def test_a_figure_without_a_value_is_shown_as_missing_not_as_0() -> None:
    assert printed_text(None, "人", "", "zh") == "—"


@pytest.mark.parametrize(
    ("value", "unit", "step"),
    [
        ("14.4", "%", "0.1"),
        ("87", "%", "1"),
        ("29", "小时/人·年", "1"),
        ("3834", "个", "0"),
        ("9900", "人", "0"),
        ("30837", "次", "0"),
        ("12000", "个", "1000"),
        ("1473700", "名", "100"),
        ("1460000", "人", "10000"),
        ("1000000", "人", "10000"),
    ],
)
def test_the_last_printed_digit(value: str, unit: str, step: str) -> None:
    assert printed_step(Decimal(value), unit) == Decimal(step)


@pytest.mark.parametrize(
    ("left", "right", "is_decided"),
    [
        (("100", "exact"), ("200", "exact"), True),
        (("100", "exact"), ("100", "exact"), True),  # a tie is certain too
        (("100", "at_least"), ("200", "exact"), False),
        (("100", "at_least"), ("100", "exact"), False),
        (("200", "at_least"), ("100", "exact"), True),
        (("200", "at_least"), ("100", "at_least"), False),
        (("200", "at_least"), ("100", "at_most"), True),
        (("109", "about"), ("100", "exact"), False),
        (("150", "about"), ("100", "exact"), True),
    ],
)
def test_bounds_decide_an_order_or_leave_it_open(
    left: tuple[str, str], right: tuple[str, str], is_decided: bool
) -> None:
    first, second = (interval(Decimal(value), bound, Decimal(0)) for value, bound in (left, right))
    assert first.decides_against(second) is second.decides_against(first) is is_decided


def test_rounded_neighbours_are_not_put_in_order() -> None:
    assert not Interval(Decimal("14.35"), Decimal("14.45")).decides_against(
        Interval(Decimal("14.4"), Decimal("14.4"))
    )


def test_partial_dates_are_as_precise_as_printed() -> None:
    month = PartialDate.parse("2021-02")
    assert (month.first.isoformat(), month.last.isoformat()) == ("2021-02-01", "2021-02-28")
    assert PartialDate.parse("2018").last.isoformat() == "2018-12-31"
    for wrong in ("2021-13", "2021-02-30", "21-02", "2021/02", ""):
        with pytest.raises(ValueError, match=r"."):
            PartialDate.parse(wrong)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for table in ("documents.csv", "published_figures.csv", "derived_figures.csv", "words.csv"):
        shutil.copy(REFERENCE / table, tmp_path / table)
    return tmp_path


def edit(path: Path, found: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert found in text
    path.write_text(text.replace(found, replacement, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "found", "replacement", "message"),
    [
        (
            "published_figures.csv",
            "-02,weihai-2021",
            "-02,weihai-2012",
            r"published_figures.csv, row 3, column document_id: .* mean 'weihai-2021'",
        ),
        (
            "published_figures.csv",
            "weihai-2021-02,",
            "weihai-2021-01,",
            r"row 3, column figure_id: .* expected a key .* not used in row 2",
        ),
        (
            "published_figures.csv",
            "371000,威海市",
            "370600,烟台市",
            r"row 2, column area_code: found '370600', expected 371000, the area its doc",
        ),
        (
            "published_figures.csv",
            "371000,威海市",
            "371000,烟台市",
            r"row 2, column area_name: found '烟台市', expected 威海市",
        ),
        (
            "published_figures.csv",
            ",80,个,",
            ",八十,个,",
            r"row 2, column value: found '八十', expected a number",
        ),
        (
            "published_figures.csv",
            ",80,个,",
            ",inf,个,",
            r"row 2, column value: found 'inf', expected a finite number",
        ),
        ("published_figures.csv", ",80,个,", ",80,各,", r"row 2, column unit: found '各', expected one of"),
        (
            "published_figures.csv",
            "%,近,",
            "%,近乎,",
            r"row 8, column qualifier: found '近乎', expected one of",
        ),
        (
            "published_figures.csv",
            "flow,2021-01",
            "flwo,2021-01",
            r"row 2, column kind: found 'flwo', .* Did you mean 'flow'\?",
        ),
        (
            "published_figures.csv",
            "flow,2021-01",
            "flow,2021-05",
            r"row 2, column period_end: .* expected an end not before the start",
        ),
        (
            "published_figures.csv",
            "市,2021-04",
            "市,2021.4",
            r"row 2, column as_of: found '2021.4', expected a year",
        ),
        ("published_figures.csv", ",value,", ",wert,", r"row 1, column wert: unknown column"),
        (
            "documents.csv",
            "2021-04,true",
            "2021-04,yes",
            r"documents.csv, row 2, column is_date_inferred: found 'yes'",
        ),
        ("documents.csv", ",371000,", ",371009,", r"documents.csv, row 2, column area_code: found '371009'"),
        (
            "derived_figures.csv",
            "percentage",
            "procentage",
            r"derived_figures.csv, row 2, column operation: .* Did you mean 'percentage'",
        ),
        (
            "derived_figures.csv",
            "weihai-2021-03|",
            "",
            r"row 2, column operands: .*expected 2 operands for 'percentage'",
        ),
        (
            "derived_figures.csv",
            "weihai-2021-03|",
            "weihai-2021-99|",
            r"row 2, column operands: .*not 'weihai-2021-99'",
        ),
        (
            "derived_figures.csv",
            "weihai-2021-03|",
            "yantai-2023-03|",
            r"row 2, column operands: .*figures of 371000 only",
        ),
        (
            "derived_figures.csv",
            "|weihai-2021-02",
            "|0",
            r"row 2, column operands: .*a denominator other than 0",
        ),
        (
            "derived_figures.csv",
            "population:130200:2020",
            "population:130200:2021",
            r"a population row for 'population:130200:2021'",
        ),
        (
            "derived_figures.csv",
            "population:130200:2020",
            "population:13:x",
            r"a population row for 'population:13:x'",
        ),
    ],
)
def test_a_fault_names_file_row_column_found_and_expected(
    folder: Path, table: str, found: str, replacement: str, message: str
) -> None:
    edit(folder / table, found, replacement)
    read = read_derived_figures if table == "derived_figures.csv" else read_published_figures
    with pytest.raises(ReferenceFault, match=message):
        read(folder)


def test_a_figure_whose_value_was_not_printed_has_none(folder: Path) -> None:
    edit(folder / "published_figures.csv", ",80,个,", ",,个,")
    assert read_published_figures(folder)[0].value is None
    with pytest.raises(ReferenceFault, match=r"figures with a value; weihai-2021-01 has none"):
        read_derived_figures(folder)


CHINESE_TEXTS = {
    "words.csv": ("zh",),
    "concepts.csv": ("name_zh", "note_zh"),
    "derived_figures.csv": ("name_zh", "caveat_zh"),
    "documents.csv": ("date_basis_zh",),
    "standards.csv": ("item_zh", "standard_zh"),
}


@pytest.mark.parametrize("table", CHINESE_TEXTS)
def test_chinese_texts_have_chinese_punctuation(table: str) -> None:
    """What a document printed stays as it was printed; these texts are ours."""
    half_width = re.compile(r"[\u4e00-\u9fff”][,:;?!()]|[,:;?!()][\u4e00-\u9fff“]")
    with (REFERENCE / table).open(encoding="utf-8", newline="") as lines:
        texts = [row[column] for row in csv.DictReader(lines) for column in CHINESE_TEXTS[table]]
    assert [text for text in texts if half_width.search(text)] == []


def test_words_are_unique_per_vocabulary(folder: Path) -> None:
    edit(folder / "words.csv", "unit,%,%,%", "unit,个,个,pieces")
    with pytest.raises(ReferenceFault, match=r"words\.csv, row 6, column code: found '个'"):
        read_words(folder)
