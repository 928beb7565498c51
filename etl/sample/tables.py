"""From arrays to the columns of a drop: text as a platform would export it, headers varying by platform.

A platform's `form` is "full" (身份证号, districts by name, hours) or "minutes" (证件号码, districts by code,
minutes, times of day). Every row of every table begins with the mark 数据性质 = 示例数据; it comes first so
that a row cut short still carries it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from etl.sample.activities import CATEGORIES, Activities
from etl.sample.calibration import Calibration, City, Platform
from etl.sample.days import NEVER
from etl.sample.people import LEAVER, STRANGER, People
from etl.sample.service import Records
from etl.sample.texts import (
    activity_text,
    area_text,
    banded,
    blank_where,
    constant,
    day_text,
    id_text,
    labels,
    numbered,
    organisation_of,
    organisation_text,
)

Array = npt.NDArray[Any]
Table = dict[str, Any]  # header -> pyarrow string array

MARK = ("数据性质", "示例数据")
CAMPAIGNS = ("", "学雷锋志愿服务月", "国际志愿者日", "新时代文明实践")


def registrations(
    index: int, people: People, city: City, calibration: Calibration, generator: np.random.Generator
) -> Table:
    """One row per person registered on platform `index`: a full register, those who left included."""
    platform, assumed = city.platforms[index], calibration.assumptions
    on_second = people.second_platform == index
    on_first = (people.platform == index) & (people.kind != STRANGER)
    rows = np.flatnonzero(on_first | on_second)
    is_second = on_second[rows]
    registered_on = np.where(is_second, people.second_registered_on[rows], people.registered_on[rows])
    order = np.argsort(registered_on, kind="stable")
    rows, is_second, registered_on = rows[order], is_second[order], registered_on[order]
    count = len(rows)
    left = people.kind[rows] == LEAVER
    moved = ~is_second & (people.moved_on[rows] < NEVER)
    closed = is_second & (people.second_left_on[rows] < NEVER)
    gone_on = np.where(
        is_second, people.second_left_on[rows], np.minimum(people.left_on, people.moved_on)[rows]
    )
    gone_on = np.where(left & people.left_day_is_blank[rows], NEVER, gone_on)
    in_force = "有效" if platform.form == "full" else "正常"
    birth = np.where(generator.random(count) < assumed.blank_birth_date_share, NEVER, people.birth_day[rows])
    gender = np.where(generator.random(count) < assumed.blank_gender_share, 2, people.is_male[rows])
    area = np.where(is_second, people.second_area[rows], people.area[rows])
    table = {MARK[0]: constant(MARK[1], count)}
    if platform.form == "full":
        table["志愿者编号"] = numbered(city.prefix(platform) + "-", rows + 1, 9)
    table |= {
        "姓名": numbered("示例志愿者", rows + 1, 7),
        id_header(platform): id_text(people.id_number[rows], platform, generator),
        "性别": labels(["女", "男", ""], gender),
        "出生日期": day_text(birth, platform.form),
        area_header(platform): area_text(area, city, platform, assumed.city_as_area_share, generator),
        "注册日期" if platform.form == "full" else "注册时间": day_text(registered_on, platform.form),
        "状态": labels([in_force, "注销", "合并"], np.where(moved, 2, np.where(left | closed, 1, 0))),
        "注销日期": day_text(gone_on, platform.form),
        "所属组织": organisation_text(area, city, len(people), assumed.in_organisation_share, generator),
    }
    bands = people.band[rows]
    table["政治面貌"] = banded(calibration.age_bands, "political_status", bands, generator)
    table["职业"] = banded(calibration.age_bands, "occupation", bands, generator)
    table["学历"] = banded(calibration.age_bands, "education", bands, generator)
    table["来源平台"] = constant(platform.name, count)
    return table


def service_hours(
    records: Records,
    year: int,
    platform: Platform,
    people: People,
    activities: Activities,
    city: City,
    calibration: Calibration,
    generator: np.random.Generator,
) -> Table:
    """One row per service record of one platform and year, in the order of service dates."""
    assumed, count = calibration.assumptions, len(records)
    is_home = records.area == people.area[records.person]
    written = np.where(is_home & (generator.random(count) < 0.5), len(city.residents), records.area)
    activity = np.where(records.activity >= 0, activities.number[records.activity], 0)
    table = {
        MARK[0]: constant(MARK[1], count),
        "记录编号": numbered(f"{city.prefix(platform)}-{year}-", np.arange(1, count + 1), 8),
        "姓名": numbered("示例志愿者", records.person + 1, 7),
        id_header(platform): id_text(people.id_number[records.person], platform, generator),
        "活动编号": activity_text(activity, city.prefix(platform)),
        "服务日期": day_text(records.day, platform.form),
    }
    if platform.form == "full":
        table["服务时长"] = labels([f"{quarters / 4:g}" for quarters in range(41)], records.quarters)
    else:
        times = [f" {quarter // 4:02d}:{quarter % 4 * 15:02d}" for quarter in range(97)]
        date = day_text(records.day, platform.form)
        end_quarter = records.start_quarter + records.quarters
        table["开始时间"] = pc.binary_join_element_wise(date, labels(times, records.start_quarter), "")
        table["结束时间"] = pc.binary_join_element_wise(date, labels(times, end_quarter), "")
        table["服务时长(分钟)"] = labels([str(quarters * 15) for quarters in range(41)], records.quarters)
    table |= {
        "录入日期": day_text(records.recorded_on, platform.form),
        "计时方式": labels(list(assumed.evidence), records.evidence),
        "审核状态": labels(list(assumed.record_status), records.status),
        "服务地区": area_text(written, city, platform, 0.0, generator),
    }
    return table


def activity_rows(
    which: Array,
    platform: Platform,
    activities: Activities,
    city: City,
    calibration: Calibration,
    generator: np.random.Generator,
) -> Table:
    """One row per activity of one platform (`which`: its indices), in the order of their days."""
    which = which[np.argsort(activities.starts_on[which], kind="stable")]
    count, form = len(which), platform.form
    start, end = activities.starts_on[which], activities.ends_on[which]
    campaign = campaign_of(start, generator)
    hours = [f" {hour:02d}:00" for hour in range(25)]
    closing = activities.start_hour[which] + activities.length_hours[which]
    projects = np.where(
        generator.random(count) < 0.4, generator.integers(1, 2 + len(activities) // 8, count), 0
    )
    planned = np.rint(activities.records[which] * generator.uniform(1.0, 1.5, count)).astype(np.int64) + 2
    helped = generator.poisson(
        calibration.assumptions.beneficiaries_per_hour * activities.service_hours[which]
    )
    number = pc.utf8_lpad(pa.array(activities.number[which]).cast(pa.string()), 6, "0")
    names = list(CATEGORIES)
    category = labels(names, activities.category[which])
    return {
        MARK[0]: constant(MARK[1], count),
        "活动编号": activity_text(activities.number[which], city.prefix(platform)),
        "活动名称": pc.binary_join_element_wise("示例活动", number, "(", category, ")", ""),
        "主办组织": organisation_of(activities.area[which], activities.number[which] % 7 + 1, city),
        "项目编号": blank_where(projects == 0, numbered(f"XM{city.area_code[:4]}-", projects, 6)),
        "专项行动": labels(CAMPAIGNS, campaign),
        "服务类别": category,
        area_header(platform): area_text(activities.area[which], city, platform, 0.0, generator),
        "开始时间": pc.binary_join_element_wise(
            day_text(start, form), labels(hours, activities.start_hour[which]), ""
        ),
        "结束时间": pc.binary_join_element_wise(day_text(end, form), labels(hours, closing), ""),
        "招募人数": pa.array(planned).cast(pa.string()),
        "受益人次": pa.array(helped).cast(pa.string()),
        "状态": labels(["已结束", "已取消"], activities.is_cancelled[which].astype(np.int64)),
    }


def campaign_of(days: Array, generator: np.random.Generator) -> Array:
    """Index into CAMPAIGNS: March and the first week of December have theirs, some others a standing one."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    month = months.astype(np.int64) % 12 + 1
    day_of_month = (days.astype("datetime64[D]") - months).astype(np.int64) + 1
    standing = np.where(generator.random(len(days)) < 0.1, 3, 0)
    return np.where(month == 3, 1, np.where((month == 12) & (day_of_month <= 7), 2, standing))


def id_header(platform: Platform) -> str:
    return "身份证号" if platform.form == "full" else "证件号码"


def area_header(platform: Platform) -> str:
    return "所属区县" if platform.form == "full" else "区划代码"
