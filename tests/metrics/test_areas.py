"""The area tree, and that every spelling lands in one area or in none."""

import shutil
from pathlib import Path

import pytest

from metrics.area_names import names_needing_a_city
from metrics.areas import AreaNotKnown, Areas, load_areas, read_areas
from metrics.paths import REFERENCE
from metrics.reference import ReferenceFault

TABLES = ("areas.csv", "area_code_changes.csv", "generic_area_names.csv")


@pytest.fixture(scope="module")
def areas() -> Areas:
    return load_areas()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for table in TABLES:
        shutil.copy(REFERENCE / table, tmp_path / table)
    return tmp_path


def edit(path: Path, found: str, replacement: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert found in text
    path.write_text(text.replace(found, replacement, 1), encoding="utf-8")


def test_there_are_62_areas_and_an_unknown_leaf_for_each_of_the_five_cities(areas: Areas) -> None:
    levels = [area.level for area in areas]
    assert (levels.count("city"), levels.count("unknown"), len(areas)) == (5, 5, 67)
    assert [city.area_code for city in areas.cities()] == ["130200", "370600", "371000", "411000", "441300"]


def test_every_district_has_a_centroid_and_every_area_an_english_name(areas: Areas) -> None:
    for area in areas:
        assert area.area_name_en
        assert area.area_name_en.isascii()
        assert (area.longitude is not None) == (area.level == "district")
        assert (area.latitude is not None) == (area.level == "district")
    assert areas.get("130202").name("en") == "Lunan District"
    assert areas.get("130202").name("zh") == "路南区"


def test_children_are_districts_then_zones_then_unknown(areas: Areas) -> None:
    assert [child.area_code for child in areas.children("371000")] == [
        "371002", "371003", "371082", "371083", "371071", "371072", "371073", "U371000",
    ]  # fmt: skip
    assert areas.children("371002") == []


def test_the_unknown_leaf_says_so_in_both_languages(areas: Areas) -> None:
    leaf = areas.get("U130200")
    assert (leaf.area_name, leaf.area_name_en) == ("唐山市(区县不详)", "Tangshan (district unknown)")
    assert (leaf.level, leaf.parent_code, areas.city_of("U130200")) == ("unknown", "130200", "130200")
    assert areas.unknown_of("130202") == areas.unknown_of("130200") == "U130200"


def test_an_unknown_code_is_refused_with_the_nearest_one(areas: Areas) -> None:
    with pytest.raises(AreaNotKnown, match=r"No area has the code '130206'\. Did you mean '13020"):
        areas.get("130206")
    with pytest.raises(AreaNotKnown) as near:
        areas.get("130299")
    assert near.value.zh == "没有区划代码为“130299”的地区。是否指“130229”（玉田县）？"
    with pytest.raises(AreaNotKnown, match=r"Did you mean '130284' \(滦州市\)"):
        areas.get("130223")


@pytest.mark.parametrize(
    ("old_code", "old_name", "today"),
    [
        ("130282", "丰南市", "130207"),
        ("130221", "丰润县", "130208"),
        ("130230", "唐海县", "130209"),
        ("130223", "滦县", "130284"),
        ("370634", "长岛县", "370614"),
        ("370684", "蓬莱市", "370614"),
        ("371081", "文登市", "371003"),
        ("411023", "许昌县", "411003"),
        ("441381", "惠阳市", "441303"),
    ],
)
def test_old_codes_and_names_land_in_todays_unit(
    areas: Areas, old_code: str, old_name: str, today: str
) -> None:
    assert areas.resolve(old_code) == today
    assert areas.resolve(old_name) == today
    assert areas.resolve(old_name, areas.city_of(today)) == today


def test_the_short_form_of_an_old_name_and_of_a_zone(areas: Areas) -> None:
    assert areas.resolve("唐海") == areas.resolve("唐山唐海") == "130209"
    assert areas.resolve("国际旅游岛", "130200") == areas.resolve("唐山国际旅游岛") == "Z130201"
    assert areas.resolve("国际旅游岛") is None
    assert areas.resolve("国际旅游岛", "370600") is None


@pytest.mark.parametrize(
    "spelling",
    ["130202", "130202000000", "路南区", "路南", "唐山市路南区", "唐山路南区", "河北省唐山市路南区",
     "唐山市 路南区", "唐山市-路南区", " 路南区 ", "Lunan District", "河北省路南区", "河北省,唐山市,路南区",
     "130202001", "130202001004", "１３０２０２", "'130202", '="130202"', "路\u200b南区", "“路南区”",
     "路南区（唐山市）", "路南区(城区)", "（唐山市）路南区", "路南区【130202】", "130202 路南区", "路南区130202",
     "130202-路南区", "唐山市 130202", "路南区（不含高新区）",
     "130202.0", "130202001004.0"],
)  # fmt: skip
def test_every_spelling_of_a_district_resolves_with_and_without_its_city(areas: Areas, spelling: str) -> None:
    assert areas.resolve(spelling, "130200") == "130202"
    assert areas.resolve(spelling) == "130202"


@pytest.mark.parametrize(
    "contradiction",
    ["130202 路北区", "路南区（路北区）", "路南区（许昌市）", "130203(路南区)", "路南区 路北区", "路南区（高新区）",
     "130202 火星区", "999999 路南区", "路南区 学院路", "130200001", "13020", "1302020", "13020200", "x130202",
     "130202.5", "130202.00", "1302020.0"],
)  # fmt: skip
def test_parts_that_do_not_agree_or_are_not_known_are_no_area(areas: Areas, contradiction: str) -> None:
    assert areas.resolve(contradiction, "130200") is None


def test_a_city_beside_a_name_tells_which_one_is_meant(areas: Areas) -> None:
    assert areas.resolve("开发区（烟台市）") == areas.resolve("开发区（烟台）", "370600") == "370676"
    assert areas.resolve("唐山市（高新区）") == areas.resolve("130200 高新区") == "130273"
    assert areas.resolve("开发区（烟台市）", "411000") is None
    assert areas.resolve("河南省开发区") is None, "许昌 is not the only city of Henan with one"


def test_old_codes_of_streets_land_in_todays_unit(areas: Areas) -> None:
    assert areas.resolve("130282101") == areas.resolve("130282101 丰南市") == "130207"


def test_names_that_need_a_city_say_which_areas_go_by_them(areas: Areas) -> None:
    needing = names_needing_a_city(areas)
    assert needing["开发区"] == ("370676", "411071")
    assert needing["高新区"] == ("130273", "370671")
    assert "路南区" not in needing


def test_a_city_and_its_unknown_leaf_resolve(areas: Areas) -> None:
    for spelling in ("130200", "唐山市", "唐山", "河北省唐山市", "Tangshan"):
        assert areas.resolve(spelling) == "130200"
    assert areas.resolve("U130200") == "U130200"
    assert areas.resolve("许昌") == "411000", "the old 许昌县 must not claim the city's short name"


@pytest.mark.parametrize(
    ("generic", "expected"),
    [
        ("开发区", {"370600": "370676", "411000": "411071", "371000": None}),
        ("高新区", {"370600": "370671", "130200": "130273", "441300": None}),
        ("经济技术开发区", {"370600": "370676", "371000": "371072", "411000": "411071"}),
        ("高区", {"371000": "371071", "130200": None}),
        ("东城区", {"411000": "Z411002", "130200": None}),
    ],
)
def test_a_name_many_cities_use_needs_the_city(
    areas: Areas, generic: str, expected: dict[str, str | None]
) -> None:
    assert areas.resolve(generic) is None
    assert {city: areas.resolve(generic, city) for city in expected} == expected


def test_zones_resolve_by_official_name_by_alias_and_with_the_city_before_it(areas: Areas) -> None:
    assert areas.resolve("河北唐山芦台经济开发区") == "130271"
    assert areas.resolve("芦台经济开发区") == "130271"
    assert areas.resolve("唐山市汉沽管理区") == areas.resolve("汉沽管理区") == "130272"
    assert areas.resolve("烟台开发区") == areas.resolve("烟台市开发区") == "370676"
    assert areas.resolve("威海高区") == "371071"
    assert areas.resolve("许昌市东城区") == "Z411002"
    assert areas.resolve("大亚湾") == "Z441301"


def test_zones_without_a_national_code_have_our_own_and_never_a_made_up_national_one(areas: Areas) -> None:
    own = [area for area in areas if area.code_system.startswith("own code") and area.level == "zone"]
    assert {area.area_code for area in own} == {
        "Z130201", "Z370601", "Z370602", "Z411001", "Z411002", "Z441301", "Z441302",
    }  # fmt: skip
    assert areas.get("Z370601").area_name == "昆嵛山保护区"
    assert areas.city_of("Z370602") == "370600"


def test_what_is_not_an_area_resolves_to_nothing(areas: Areas) -> None:
    for text in ("", "滦", "海淀区", "999999", "区"):
        assert areas.resolve(text) is None
        assert areas.resolve(text, "130200") is None


def test_names_are_unambiguous_and_are_exactly_what_resolve_knows(areas: Areas) -> None:
    names = areas.names()
    assert len({(text, city) for text, city, _ in names}) == len(names)
    anywhere = {text for text, city, _ in names if city is None}
    assert not anywhere & {text for text, city, _ in names if city is not None}
    for text, city, code in names:
        assert areas.resolve(text, city) == code
        assert city in (None, areas.city_of(code))
    assert {code for _, _, code in names} == {area.area_code for area in areas}


@pytest.mark.parametrize(
    ("table", "found", "replacement", "message"),
    [
        ("areas.csv", ",level,", ",levle,", "areas.csv, row 1, column levle: .* Did you mean 'level'"),
        ("areas.csv", ",level,", ",", "areas.csv, row 1, column level: found no such column"),
        ("areas.csv", "130203,", "130202,", "areas.csv, row 4, column area_code: found '130202'.*row 3"),
        ("areas.csv", "Lunan District,district", "Lunan District,distrct",
         "areas.csv, row 3, column level: found 'distrct', expected one of .* Did you mean 'district'"),
        ("areas.csv", "district,130200,", "district,130201,",
         "areas.csv, row 3, column parent_code: found '130201'.* Did you mean '130200'"),
        ("areas.csv", "118.154354", "118.15E", "areas.csv, row 3, column longitude: found '118.15E'"),
        ("areas.csv", "39.625058,", "39.625058,,", "areas.csv, row 3: found 10 fields, expected 9"),
        ("areas.csv", "39.625058,", "39.625058,路北区", "'路北区' in 130200 means 130202 and 130203"),
        ("area_code_changes.csv", "130282,130207", "130282,130206",
         "area_code_changes.csv, row 2, column new_code: found '130206'"),
        ("area_code_changes.csv", "130282,", "130208,", "column old_code: found '130208', expected a"),
        ("area_code_changes.csv", "丰南市→丰南区", "丰南市", "column what: found '丰南市', expected 'old"),
    ],
)  # fmt: skip
def test_a_fault_names_file_row_column_found_and_expected(
    folder: Path, table: str, found: str, replacement: str, message: str
) -> None:
    edit(folder / table, found, replacement)
    with pytest.raises(ReferenceFault, match=message):
        read_areas(folder)


def test_a_table_saved_by_excel_with_a_byte_order_mark_is_read(folder: Path) -> None:
    path = folder / "areas.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read_areas(folder)) == 67
