"""The sample city: what its files say is recounted here from the written bytes, with pandas or by hand."""

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from etl.sample import Sample, write_sample, write_sample_with_truth
from etl.sample.calibration import FILE, City, load_calibration, read_calibration
from etl.sample.faults import KINDS
from etl.sample.identity_numbers import check_character
from etl.source import load_sources
from metrics.areas import load_areas
from metrics.paths import REFERENCE
from tests.commands import load

CITIES = load_calibration().cities
LAST_DAY = "2023-12-31"
MARK = "示例数据"
SAME_COLUMN = {"证件号码": "身份证号", "注册时间": "注册日期"}
DAYS = ("注册日期", "注销日期", "服务日期", "录入日期", "开始时间")


class Written:
    """A sample read back: registers, activities and service records, spellings made the same."""

    def __init__(self, paths: list[Path], city: City) -> None:
        self.city, self.paths = city, paths
        self.registers = self._read("registrations")
        self.activities = self._read("activities")
        self.records = self._read("service_hours")
        self.counted = self.records.query("审核状态 == '通过'") if len(self.records) else self.records

    def _read(self, source: str) -> pd.DataFrame:
        frames = [self._file(path) for path in self.paths if path.name.startswith(source)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    def _file(self, path: Path) -> pd.DataFrame:
        platform = next(one for one in self.city.platforms if one.name == path.parent.name)
        frame = pd.read_csv(
            path, dtype=str, keep_default_na=False, sep=platform.delimiter, encoding=platform.encoding
        )
        frame = frame.rename(columns=SAME_COLUMN)
        if "身份证号" in frame:
            frame["身份证号"] = frame["身份证号"].str.upper()
        for column in DAYS:
            if column in frame:
                frame[column] = frame[column].str.replace("/", "-")
        if "服务时长(分钟)" in frame:
            frame["服务时长"] = frame["服务时长(分钟)"].astype(float) / 60
        if "服务时长" in frame:
            frame["服务时长"] = frame["服务时长"].astype(float)
        return frame

    def in_force(self, day: str) -> set[str]:
        rows = self.registers[self.registers["注册日期"] <= day]
        has_left = rows["状态"].isin(["注销", "合并"])
        gone = has_left & ((rows["注销日期"] == "") | (rows["注销日期"] <= day))
        return set(rows[~gone]["身份证号"])

    def served(self, people: set[str], year: str = "") -> pd.DataFrame:
        mine = self.counted[self.counted["身份证号"].isin(people)]
        return mine[mine["服务日期"].str.startswith(year)]


@pytest.fixture(scope="module")
def tangshan(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("tangshan")
    return Written(write_sample(folder, "130200", 15_000), CITIES["130200"])


@pytest.fixture(scope="module", params=[code for code in CITIES if code != "130200"])
def other_city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp(request.param)
    return Written(write_sample(folder, request.param, 2_000), CITIES[request.param])


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sample]:
    folder = tmp_path_factory.mktemp("faulty")
    return folder, write_sample_with_truth(folder, "130200", 400, months=12, faults=0.2)


def source_of(path: Path) -> str:
    return re.sub(r"_[\d-]+$", "", path.stem)


def require_calibrated(written: Written, volunteers: int) -> None:
    people = written.in_force(LAST_DAY)
    assert len(people) == volunteers
    targets = written.city.targets
    ever = written.served(people)["身份证号"].nunique() / volunteers
    assert ever == pytest.approx(targets["ever_active_share"].value, abs=0.005)
    last_year = written.served(people, "2023")
    active = last_year["身份证号"].nunique() / volunteers
    assert active == pytest.approx(targets["active_share"].value, abs=0.01)
    hours = targets["hours_per_registered"]
    if hours.counted == "last_year":
        assert last_year["服务时长"].sum() / volunteers == pytest.approx(hours.value, rel=0.03)
    else:
        in_span = written.served(people)["服务时长"].sum() / volunteers
        assert in_span == pytest.approx(hours.value * 36 / hours.months, rel=0.03)
    a_year_earlier = len(written.in_force("2022-12-31"))
    assert volunteers / a_year_earlier - 1 == pytest.approx(targets["growth"].value, abs=0.005)


def test_tangshan_has_its_published_shares_hours_and_growth(tangshan: Written) -> None:
    require_calibrated(tangshan, 15_000)


def test_the_other_cities_have_theirs(other_city: Written) -> None:
    require_calibrated(other_city, 2_000)


def test_calibration_values_are_the_published_ones() -> None:
    with (REFERENCE / "published_figures.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["figure_id"]: row for row in csv.DictReader(file)}
    for city in CITIES.values():
        for name, target in city.targets.items():
            if not target.figures:
                assert target.note.startswith("assumption"), f"{city.area_code} {name} has no source"
                continue
            parts = [float(rows[figure]["value"]) for figure in target.figures]
            expected = parts[0] / parts[1] if len(parts) == 2 else parts[0]
            if rows[target.figures[0]]["unit"].startswith("%"):
                expected /= 100
            assert target.value == pytest.approx(expected, rel=1e-3), f"{city.area_code} {name}"


def test_every_district_and_zone_has_residents() -> None:
    for code, city in CITIES.items():
        leaves = {area.area_code for area in load_areas().children(code) if area.level != "unknown"}
        assert set(city.residents) == leaves


def test_a_mistyped_calibration_key_is_refused(tmp_path: Path) -> None:
    sheet = FILE.read_text(encoding="utf-8").replace("female_share", "femal_share")
    (tmp_path / "calibration.toml").write_text(sheet, encoding="utf-8")
    with pytest.raises(ValueError, match=r"assumptions: key 'femal_share' .* mean 'female_share'"):
        read_calibration(tmp_path / "calibration.toml")


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    first, again, other = (
        write_sample(tmp_path / name, "371000", 300, months=14, seed=seed, faults=0.05)
        for name, seed in (("first", 1), ("again", 1), ("other", 2))
    )
    assert [path.relative_to(tmp_path / "first") for path in first] == [
        path.relative_to(tmp_path / "again") for path in again
    ]
    for left, right, different in zip(first, again, other, strict=True):
        assert left.read_bytes() == right.read_bytes()
        assert left.read_bytes() != different.read_bytes()


def test_writing_again_into_the_same_folder_changes_nothing(tmp_path: Path) -> None:
    first = {path: path.read_bytes() for path in write_sample(tmp_path, "130200", 20)}
    second = {path: path.read_bytes() for path in write_sample(tmp_path, "130200", 20)}
    assert first == second
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted(first)


def test_every_row_of_every_file_says_it_is_made_up(faulty: tuple[Path, Sample], tangshan: Written) -> None:
    for path in [*faulty[1].paths, *tangshan.paths]:
        encoding = next(one.encoding for one in CITIES["130200"].platforms if one.name == path.parent.name)
        header, *rows = path.read_bytes().decode(encoding, errors="replace").splitlines()
        assert header.startswith("数据性质,")
        assert rows
        assert all(row.startswith(MARK + ",") for row in rows)
    assert tangshan.registers["姓名"].str.fullmatch(r"示例志愿者\d{7}").all()
    assert tangshan.records["姓名"].str.fullmatch(r"示例志愿者\d{7}").all()


def test_platforms_differ_in_encoding_headers_and_delimiters(other_city: Written) -> None:
    starts = {path.parent.name: path.read_bytes()[:4000] for path in other_city.paths}
    for platform in other_city.city.platforms:
        start = starts[platform.name]
        assert start.startswith(b"\xef\xbb\xbf") == (platform.encoding == "utf-8-sig")
        if platform.encoding == "gb18030":
            with pytest.raises(UnicodeDecodeError, match="utf-8"):
                start.decode("utf-8")
    assert {platform.encoding for platform in other_city.city.platforms} >= {"utf-8-sig", "gb18030"}


def test_a_load_recognises_every_column_and_every_area(tangshan: Written, other_city: Written) -> None:
    for written in (tangshan, other_city):
        for path in written.paths:
            platform = next(one for one in written.city.platforms if one.name == path.parent.name)
            with path.open(encoding=platform.encoding) as file:
                header = file.readline().strip().split(platform.delimiter)
            source = load_sources()[source_of(path)]
            assert sorted(source.recognise(header).values()) == list(range(len(header))), path
        for frame in (written.registers, written.activities, written.records):
            for column in {"所属区县", "区划代码", "服务地区"} & set(frame):
                for text in set(frame[column].dropna()) - {""}:
                    assert load_areas().resolve(text, written.city.area_code), text


def test_id_numbers_are_valid_and_belong_to_one_person_each(tangshan: Written) -> None:
    registers = tangshan.registers
    assert registers.groupby("身份证号")["姓名"].nunique().max() == 1
    assert registers.groupby("姓名")["身份证号"].nunique().max() == 1
    for number, gender, birth in zip(
        registers["身份证号"], registers["性别"], registers["出生日期"], strict=True
    ):
        assert number.startswith("900000")
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        assert birth.replace("/", "-") in ("", born.isoformat())
        weighted = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
        assert number[17] == "10X98765432"[weighted % 11]
        assert gender in ("", "男" if int(number[16]) % 2 else "女")


def test_check_character_of_the_standards_own_example() -> None:
    assert check_character("11010519491231002") == "X"


def test_two_cities_share_no_person_record_or_activity(tangshan: Written, other_city: Written) -> None:
    for frame, column in (("registers", "身份证号"), ("records", "记录编号"), ("activities", "活动编号")):
        assert not set(getattr(tangshan, frame)[column]) & set(getattr(other_city, frame)[column])


def test_some_people_are_on_two_platforms_and_moved_accounts_stay_in_force(tangshan: Written) -> None:
    accounts = tangshan.registers.groupby("身份证号").size()
    assert 0.05 < (accounts == 2).mean() < 0.09
    merged = set(tangshan.registers[tangshan.registers["状态"] == "合并"]["身份证号"])
    assert merged
    assert merged <= tangshan.in_force(LAST_DAY)
    left = tangshan.registers[tangshan.registers["注销日期"] != ""]
    assert (left["注销日期"] >= left["注册日期"]).all()


def test_service_peaks_on_saturdays_5_march_and_5_december_and_rests_at_spring_festival(
    tangshan: Written,
) -> None:
    days = pd.to_datetime(tangshan.counted["服务日期"])
    per_weekday = days.dt.day_of_week.value_counts().sort_index()
    assert per_weekday.idxmax() == 5
    assert per_weekday[5] > 2 * per_weekday.loc[0:3].mean()
    per_day = days.value_counts()
    for year in (2021, 2022, 2023):
        assert per_day[f"{year}-03-05"] > 5 * per_day.median()
        assert per_day[f"{year}-12-05"] > 4 * per_day.median()
    festival = per_day.sort_index()["2023-01-20":"2023-01-31"]
    assert festival.mean() < 0.6 * per_day["2023"].mean()


def test_districts_follow_residents_and_a_few_are_unknown(tangshan: Written) -> None:
    registers = tangshan.registers
    area = registers["所属区县"].fillna(registers["区划代码"])
    codes = area.map(lambda text: load_areas().resolve(text, "130200") if text else None)
    unknown = codes.isna() | (codes == "130200")
    assert 0.02 < unknown.mean() < 0.04
    counts = codes[~unknown].value_counts()
    assert counts["130208"] > counts["130202"] > counts["130271"]  # 丰润 798,600; 路南 336,600; 芦台 43,500
    assert len(counts) > 15


def test_hours_are_heavy_tailed_and_in_allowed_amounts(tangshan: Written) -> None:
    amounts = tangshan.records["服务时长"]
    assert amounts.between(0.5, 10).all()
    assert ((amounts * 4) % 1 == 0).all()
    per_person = tangshan.counted.groupby("身份证号")["服务时长"].sum().sort_values()
    assert per_person.tail(len(per_person) // 10).sum() > 0.25 * per_person.sum()
    assert per_person.max() > 20 * per_person.median()


def test_who_served_last_year_is_likelier_to_serve_this_year(tangshan: Written) -> None:
    people = tangshan.in_force(LAST_DAY) & tangshan.in_force("2021-12-31")
    before, after = (set(tangshan.served(people, year)["身份证号"]) for year in ("2022", "2023"))
    assert len(before & after) / len(before) > len(after - before) / len(people - before) + 0.1


def test_records_have_small_shares_of_everything_that_occurs(tangshan: Written) -> None:
    records, registers = tangshan.records, tangshan.registers
    status = records["审核状态"].value_counts(normalize=True)
    assert status["通过"] > 0.95
    assert 0 < status["驳回"] < status["待审"] < 0.03
    assert set(records["计时方式"]) == {"自动签到", "人工补录", "批量导入", "荣誉"}
    delay = (pd.to_datetime(records["录入日期"]) - pd.to_datetime(records["服务日期"])).dt.days
    assert delay.min() == 0
    assert 0.9 < (delay <= 10).mean() < 1
    assert records["录入日期"].max() <= LAST_DAY
    first = registers.groupby("身份证号")["注册日期"].min()
    assert 0 < (records["服务日期"] < records["身份证号"].map(first)).sum() < 0.005 * len(records)
    strangers = set(records["身份证号"]) - set(registers["身份证号"])
    assert 0 < len(strangers) < 0.005 * len(first)
    linked = records["活动编号"] != ""
    assert 0.6 < linked.mean() < 0.95
    assert set(records["活动编号"][linked]) <= set(tangshan.activities["活动编号"])


def test_cancelled_activities_have_no_records_and_others_stay_in_their_city(tangshan: Written) -> None:
    activities = tangshan.activities
    cancelled = activities[activities["状态"] == "已取消"]
    assert 0.01 < len(cancelled) / len(activities) < 0.06
    assert not set(cancelled["活动编号"]) & set(tangshan.records["活动编号"])
    assert activities["服务类别"].nunique() >= 20
    assert activities["活动编号"].is_unique
    first_days = activities.set_index("活动编号")["开始时间"].str[:10]
    linked = tangshan.records[tangshan.records["活动编号"] != ""]
    assert (linked["服务日期"] >= linked["活动编号"].map(first_days)).all()


@pytest.mark.parametrize(("months", "first_month"), [(1, "2023-12"), (14, "2022-11"), (50, "2019-11")])
def test_the_span_ends_with_december_2023(tmp_path: Path, months: int, first_month: str) -> None:
    written = Written(write_sample(tmp_path, "411000", 400, months=months), CITIES["411000"])
    days = written.records["服务日期"]
    assert days.min()[:7] == first_month
    assert days.max() <= LAST_DAY
    assert len(written.in_force(LAST_DAY)) == 400


@pytest.mark.parametrize("city", CITIES)
def test_the_smallest_city_still_writes_whole_files(tmp_path: Path, city: str) -> None:
    written = Written(write_sample(tmp_path, city, 1, months=1), CITIES[city])
    assert len(written.in_force(LAST_DAY)) == 1


def test_faults_come_in_the_share_and_kinds_asked_for(faulty: tuple[Path, Sample], tmp_path: Path) -> None:
    folder, sample = faulty
    clean = write_sample(tmp_path, "130200", 400, months=12)
    planted = Counter(fault.file for fault in sample.faults)
    for path in clean:
        name = path.relative_to(tmp_path).as_posix()
        right, wrong = (Counter(base.joinpath(name).read_bytes().splitlines()) for base in (tmp_path, folder))
        rows = right.total() - 1
        assert planted[name] == round(0.2 * rows)
        assert wrong.total() - right.total() == planted[name]
        assert not right - wrong  # every right row is there; a re-sent one as its second version
        kinds = Counter(fault.kind for fault in sample.faults if fault.file == name)
        possible = KINDS[source_of(path)]
        assert set(kinds) <= set(possible)
        assert max(kinds.values()) - min(kinds[kind] for kind in possible) <= 1
    assert {fault.kind for fault in sample.faults} == set().union(*KINDS.values())


def test_the_truth_names_the_very_rows(faulty: tuple[Path, Sample]) -> None:
    folder, sample = faulty
    seen: set[str] = set()
    for fault in sample.faults:
        lines = folder.joinpath(fault.file).read_bytes().split(b"\n")
        line = lines[fault.row_no - 1]
        width = lines[0].count(b",")
        if fault.kind == "too_few_fields":
            assert line.count(b",") == width - 2
        elif fault.kind == "too_many_fields":
            assert line.count(b",") == width + 1
        elif fault.kind == "undecodable_byte":
            assert b"\xff" in line
        elif fault.kind == "duplicated_row":
            assert line == lines[fault.row_no - 2]
        elif fault.kind == "impossible_date":
            assert re.search(rb"2023-02-3[01]", line)
        elif fault.kind == "impossible_birth_date":
            assert re.search(rb",900000\d{4}023[01]\d{3}[\dXx],", line)
        elif fault.kind == "wrong_check_digit":
            found = re.search(rb",(900000\d{11}[\dXx]),", line)
            assert found
            assert check_character(found[1][:17].decode()) != found[1][17:].decode().upper()
        elif fault.kind == "negative_hours":
            assert re.search(rb",-[\d.]+,", line)
        elif fault.kind == "missing_id":
            assert b",900000" not in line
        else:
            continue
        seen.add(fault.kind)
    assert len(seen) == 9


def test_a_load_finds_each_fault_and_ends_with_the_clean_facts(
    faulty: tuple[Path, Sample], tmp_path: Path
) -> None:
    clean = Written(write_sample(tmp_path / "clean", "130200", 400, months=12), CITIES["130200"])
    drops = load(tmp_path / "home", faulty[0])["drops"]
    kinds = Counter(fault.kind for fault in faulty[1].faults)
    unchanged, superseding = kinds.pop("duplicated_row"), kinds.pop("resent_with_changed_hours")
    assert sum(drop["rows_quarantined"] for drop in drops) == kinds.total()
    assert sum(drop["rows_unchanged"] for drop in drops) == unchanged
    assert sum(drop["rows_superseding"] for drop in drops) == superseding
    assert all(drop["is_synthetic"] for drop in drops)
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            """SELECT (SELECT count(*) FROM current_registrations), (SELECT count(*) FROM current_activities),
                count(*), count_if(is_counted), sum(service_minutes) FILTER (WHERE is_counted)
            FROM current_service_records"""
        ).fetchone()
    assert found == (
        len(clean.registers),
        len(clean.activities),
        len(clean.records),
        len(clean.counted),
        clean.counted["服务时长"].sum() * 60,
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"city": "110000"}, "no sample city with the code '110000'; choose one of 130200 唐山市, .*惠州市"),
        ({"city": "130202"}, "no sample city with the code '130202'"),
        ({"volunteers": 0}, "volunteers is 0; expected 1 to"),
        ({"volunteers": 10**9}, "volunteers is 1000000000; expected 1 to"),
        ({"months": 0}, "months is 0; expected 1 to 240"),
        ({"months": 241}, "months is 241; expected 1 to 240"),
        ({"faults": -0.1}, "faults is -0.1; expected a share from 0 to 0.5"),
        ({"faults": 0.51}, "faults is 0.51; expected a share from 0 to 0.5"),
        ({"faults": float("nan")}, "faults is nan; expected a share from 0 to 0.5"),
        ({"seed": -1}, "seed is -1; expected a whole number from 0"),
    ],
)
def test_wrong_arguments_are_refused_with_a_sentence(
    tmp_path: Path, arguments: dict[str, object], sentence: str
) -> None:
    call: dict[str, object] = {"city": "130200", "volunteers": 10} | arguments
    with pytest.raises(ValueError, match=sentence):
        write_sample(tmp_path, **call)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_a_folder_with_drops_of_another_span_is_refused(tmp_path: Path) -> None:
    write_sample(tmp_path, "130200", 10, months=36)
    with pytest.raises(ValueError, match="already holds other drops"):
        write_sample(tmp_path, "130200", 10, months=12)
