"""Definitions: those that ship are complete, and those that cannot be right are refused with their place."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from metrics.areas import load_areas
from metrics.build import open_build
from metrics.catalogue import FOLDER, IndicatorNotKnown, load_catalogue, read_catalogue
from metrics.definitions import DefinitionFault
from metrics.members import (
    DIMENSIONS,
    age_bands,
    band_of,
    member_name,
    members,
    read_age_bands,
    read_hours_bands,
)
from metrics.observe import observe
from metrics.periods import Period
from metrics.query import QueryRefused, ask, query
from metrics.reference import ReferenceFault
from tests.metrics.build_factory import small_city

INDICATORS = (
    "registered_share", "active_rate", "ever_active_rate", "hours_per_registered", "hours_per_active",
    "hours_per_resident", "registration_growth", "clocked_active_rate", "lapsed_rate", "sleeping_share_12m",
    "sleeping_share_24m", "sleeping_share_36m",
)  # fmt: skip
MEASURES = (
    "registered_volunteers", "new_registrations", "active_volunteers", "service_hours", "service_visits",
    "activities", "permanent_population", "active_clocked_volunteers", "lapsed_volunteers",
    "sleeping_12m_volunteers", "sleeping_24m_volunteers", "sleeping_36m_volunteers",
)  # fmt: skip


def test_every_indicator_and_measure_of_the_design_is_there() -> None:
    catalogue = load_catalogue()
    assert set(catalogue.indicators) >= set(INDICATORS)
    assert set(catalogue.measures) == set(catalogue.counts) >= set(MEASURES)


def test_every_definition_speaks_both_languages_and_none_is_a_placeholder() -> None:
    for entry in load_catalogue().all():
        for lang in ("zh", "en"):
            assert entry.question(lang).endswith("？" if lang == "zh" else "?")
            assert entry.name(lang)
            assert entry.formula(lang)
            assert entry.caveats(lang)
            assert entry.unit_name(lang)
        assert re.search("[\u4e00-\u9fff]", entry.name("zh"))
        assert not re.search("[\u4e00-\u9fff]", entry.name("en") + entry.question("en") + entry.formula("en"))


def test_chinese_is_written_with_chinese_punctuation() -> None:
    for entry in load_catalogue().all():
        texts = [entry.name("zh"), entry.question("zh"), entry.formula("zh"), *entry.caveats("zh")]
        for text in texts:
            assert not re.search("[\u4e00-\u9fff][,;:?()]|[,;:?()][\u4e00-\u9fff]", text), text


def test_every_definition_computes_a_value_on_a_made_up_city(tmp_path: Path) -> None:
    build = open_build(small_city(tmp_path, since=2019))
    assert build is not None
    city, year = load_areas().get("130200"), Period.parse("2023")
    for entry in load_catalogue().all():
        (row,) = observe(build, ask(entry.id, year, None, None, ""), [city], [year])
        assert row.value is not None, entry.id
        assert row.value > 0 or entry.kind == "growth", entry.id


def test_proportions_are_known_by_their_measures() -> None:
    proportions = {entry.id for entry in load_catalogue().all() if entry.is_proportion}
    rates = {"active_rate", "ever_active_rate", "clocked_active_rate", "lapsed_rate"}
    assert proportions == rates | {f"sleeping_share_{months}m" for months in (12, 24, 36)}


def test_an_unknown_indicator_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(IndicatorNotKnown) as refusal:
        load_catalogue().indicator("actve_rate")
    assert "“active_rate”" in refusal.value.zh
    assert "Did you mean 'active_rate'?" in refusal.value.en


Edit = Callable[[str, str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Replace a piece of text in one definition of a copy of the catalogue."""

    def edit(file: str, old: str, new: str) -> Path:
        folder = tmp_path / "metrics"
        shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "cube", "__pycache__"))
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return edit


RATE = "indicators/active_rate.toml"


SHARE = "indicators/registered_share.toml"
HOURS = "indicators/hours_per_active.toml"
MEASURES_FILE = "measures.toml"
REGISTERED = '"registered_volunteers"'

# file, what is replaced, by what, and the complaint
FAULTS = [
    (RATE, "denominator =", "denomnator =",
     "active_rate.toml: unknown key 'denomnator'. Did you mean 'denominator'?"),
    (RATE, '"active_volunteers"', '"actve_volunteers"',
     "numerator: no measure called 'actve_volunteers'. Did you mean 'active_volunteers'?"),
    (RATE, 'polarity = "higher"', 'polarity = "high"', "polarity: found 'high', expected one of 'higher'"),
    (RATE, 'unit = "percent"', 'unit = "per cent"', "unit: found 'per cent'"),
    (RATE, 'unit = "percent"', 'unit = "hours"',
     "unit: found 'hours', but people over people make 'percent' or 'people_per_10k'"),
    (HOURS, 'unit = "hours"', 'unit = "percent"', "unit: found 'percent', but hours over people make 'hours'"),
    ("indicators/active_growth.toml", 'unit = "percent"', 'unit = "people"',
     "unit: found 'people', but people over people grow by 'percent'"),
    (RATE, "reviewed = 2026-11-22", 'reviewed = "soon"', "reviewed: found 'soon', expected a day"),
    (RATE, "decimals = 1", "decimals = -1", "decimals: found -1"),
    (RATE, 'en = "Active rate"', "", "name: the key 'en' is missing"),
    (RATE, 'zh = "活跃率"', 'zh = ""', "name: zh: found '', expected a text"),
    (RATE, '"active_volunteers"', '"active_volunteers", aggregate = "sum"',
     "a sum over active_volunteers would count people more than once"),
    (RATE, REGISTERED, f'{REGISTERED}, aggregate = "sum"',
     "aggregate: found 'sum', but registered_volunteers is a stock: expected 'last'"),
    (RATE, REGISTERED, f'{REGISTERED}, window = "year"',
     "registered_volunteers is a stock, read at the window's end"),
    (RATE, REGISTERED, f'{REGISTERED}, scope = "whole"', "registered_volunteers has no scopes"),
    (RATE, REGISTERED, f'{REGISTERED}, basis = "service"',
     "basis: found 'service', expected one of 'residence'"),
    (RATE, 'kind = "ratio"', 'kind = "growth"', "a growth, and only a growth, has years_earlier"),
    (RATE, "kind =", "kind : ", "active_rate.toml: not readable as TOML"),
    (SHARE, 'scope = "whole"', 'scope = "all"', "scope: found 'all', expected one of 'whole', 'built_up'"),
    (SHARE, "to_year = 2009", "to_year = 2007", "targets, no. 1: to_year: found 2007, expected 2008 or later"),
    (SHARE, "to_year = 2009", 'area = "130299"', "targets, no. 1: area: found '130299'"),
    (SHARE, "value = 8", 'value = "8"', "targets, no. 1: value: found '8', expected a number"),
    (SHARE, "from_year = 2008", "form_year = 2008",
     "targets, no. 1: unknown key 'form_year'. Did you mean 'from_year'?"),
    (SHARE, "[[targets]]", '[[targets]]\nvalue = 9\nfrom_year = 2005\nsource = "x"\n\n[[targets]]',
     "targets: no. 1 and no. 2 hold in the same year"),
    (SHARE, 'comparability = "between_cities"', 'comparability = "between_citys"',
     "comparability: found 'between_citys', expected one of 'between_cities'"),
    ("indicators/hours_per_resident.toml", 'basis = "service"', 'basis = "service", window = "year"',
     "service_hours is a flow fixed to the window 'year', but permanent_population is a stock"),
    (HOURS, '"service_hours"', '"service_hours", window = "year"',
     "each side must be read over the same months"),
    (MEASURES_FILE, 'kind = "stock"', 'kind = "stok"',
     "measures.toml, registered_volunteers: kind: found 'stok'"),
    (MEASURES_FILE, 'fact = "registrations"', 'fact = "registration"',
     "fact: found 'registration', expected one of 'registrations'"),
    (MEASURES_FILE, 'grain = "person"', 'grian = "person"', "unknown key 'grian'. Did you mean 'grain'?"),
    (MEASURES_FILE, "factor = 10_000", "factor = 0", "units, activities_per_10k: factor: found 0.0"),
    ("indicators/lapsed_rate.toml", '"lapsed_volunteers"', '"lapsed_volunteers", window = "ytd"',
     "lapsed_volunteers has no window 'ytd'"),
    (MEASURES_FILE, 'activity_state = ["month"', 'activity_state = ["week"', "activity_state: found 'week'"),
    (MEASURES_FILE, 'sources = ["registrations"]', 'sources = ["registration"]',
     "sources: found 'registration'"),
    (MEASURES_FILE, f"subset_of = [{REGISTERED}]", 'subset_of = ["registered"]',
     "subset_of: no measure called 'registered'"),
    (MEASURES_FILE, "[measures.registered_volunteers.caveats]\nzh = [",
     '[measures.registered_volunteers.caveats]\nzh = ["多一句。", ', "3 sentences in zh but 2 in en"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_a_definition_that_cannot_be_right_is_refused_with_its_place(
    edited: Edit, file: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(DefinitionFault, match=re.escape(message)):
        read_catalogue(edited(file, old, new))


def test_a_definition_may_say_its_source_in_both_languages(edited: Edit) -> None:
    """So that an indicator of one's own is one file; with one language only it is refused."""
    (line,) = re.findall("^source = .*$", (FOLDER / RATE).read_text(encoding="utf-8"), re.MULTILINE)
    folder = edited(RATE, line, 'source = { zh = "市文明办通知", en = "Notice of the office" }')
    entry = read_catalogue(folder).indicator("active_rate")
    assert (entry.source, entry.source_text("zh"), entry.source_text("en")) == (
        "市文明办通知", "市文明办通知", "Notice of the office",
    )  # fmt: skip
    path = folder / RATE
    path.write_text(
        path.read_text(encoding="utf-8").replace(', en = "Notice of the office"', ""), encoding="utf-8"
    )
    with pytest.raises(DefinitionFault, match="'en' is missing"):
        read_catalogue(folder)


def test_another_definition_has_another_digest(edited: Edit) -> None:
    folder = edited(RATE, '"registered_volunteers"', '"active_volunteers"')
    digests = {entry.id: entry.digest for entry in load_catalogue().all()}
    changed = {entry.id for entry in read_catalogue(folder).all() if entry.digest != digests[entry.id]}
    assert changed == {"active_rate"}


def test_another_measure_is_another_definition_of_every_indicator_that_uses_it(edited: Edit) -> None:
    folder = edited("measures.toml", "窗口内至少有一条自动签到的", "窗口内至少有两条自动签到的")
    before = {entry.id: entry for entry in load_catalogue().all()}
    found = read_catalogue(folder).all()
    using = {
        entry.id
        for entry in found
        for term in (entry.numerator, entry.denominator)
        if term is not None and term.measure.id == "active_clocked_volunteers"
    }
    assert len(using) > 1
    assert {entry.id for entry in found if entry.meaning != before[entry.id].meaning} == using


def test_adding_an_indicator_is_adding_a_file(
    edited: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = edited(RATE, "", "")
    text = (folder / RATE).read_text(encoding="utf-8")
    new = text.replace('"active_volunteers"', '"service_visits"').replace('"percent"', '"visits"')
    (folder / "indicators" / "visits_per_registered.toml").write_text(new, encoding="utf-8")
    added = read_catalogue(folder).indicator("visits_per_registered")
    assert added.unit == "visits"
    monkeypatch.setattr("metrics.query.load_catalogue", lambda: read_catalogue(folder))
    build = open_build(small_city(tmp_path / "home"))
    assert build is not None
    (row,) = query(build, "visits_per_registered", "130200", Period.parse("2023"))
    assert row.value == (row.numerator or 0) / (row.denominator or 1) > 0


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-13"), (13, "0-13"), (14, "14-17"), (17, "14-17"), (18, "18-35"), (35, "18-35"), (36, "36-45"),
        (45, "36-45"), (46, "46-59"), (59, "46-59"), (60, "60-69"), (69, "60-69"), (70, "70+"), (103, "70+"),
        (-1, "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_every_age_has_one_band(age: int | None, band: str) -> None:
    assert band_of(age) == band


def test_members_end_with_unknown_and_have_names() -> None:
    for dimension in DIMENSIONS:
        # What is known of everybody needs no member for those of whom it is not.
        assert (members(dimension)[-1] == "unknown") == (dimension not in {"identity", "activity_state"})
        assert all(
            member_name(dimension, member, lang) for member in members(dimension) for lang in ("zh", "en")
        )
    assert len(age_bands()) == 7


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [("14-17,14,17", "14-17,15,17", "age_from"), ("70+,70,,", "70+,70,99,", "age_to"), ("0-13,0,13", "0-13,0,x", "age_to")],
)  # fmt: skip
def test_age_bands_that_would_lose_people_are_refused(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    source = FOLDER.parent / "data" / "reference" / "age_bands.csv"
    text = source.read_text(encoding="utf-8").replace(old, new)
    (tmp_path / "age_bands.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceFault, match=f"age_bands.csv, row ., column {column}"):
        read_age_bands(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("1-2,1,2", "1-2,2,3", "hours_from"),
        ("1500+,1500,", "1500+,1500,2000", "hours_below"),
        ("0-1,0,1", "0-1,0,0", "hours_below"),
    ],
)
def test_hours_bands_that_would_lose_people_are_refused(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    source = FOLDER.parent / "data" / "reference" / "hours_bands.csv"
    text = source.read_text(encoding="utf-8").replace(old, new)
    (tmp_path / "hours_bands.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ReferenceFault, match=f"hours_bands.csv, row .+, column {column}"):
        read_hours_bands(tmp_path)


def test_a_window_that_a_measure_or_a_breakdown_lacks_is_refused() -> None:
    month = Period.parse("2023-05")
    with pytest.raises(QueryRefused) as refusal:
        ask("lapsed_rate", month, "rolling12", None, None)
    assert refusal.value.zh == "“流失率”没有窗口“rolling12”，只有：month、quarter、year。"
    with pytest.raises(QueryRefused) as refusal:
        ask("active_volunteers", month, "ytd", None, "activity_state")
    assert "by activity_state has no window 'ytd'; it has month, quarter, year" in refusal.value.en
    assert ask("active_volunteers", month, "month", None, "activity_state").dimension == "activity_state"
    assert ask("active_volunteers", month, "ytd", None, "gender").window == "ytd"


def test_a_breakdown_of_a_rate_is_one_that_both_sides_have() -> None:
    with pytest.raises(QueryRefused):
        ask("active_rate", Period.parse("2023-05"), None, None, "activity_state")
