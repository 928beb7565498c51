"""Activities of the sample city: one element per activity in every array, sorted by platform, area and day."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from etl.sample.calibration import Assumptions, City
from etl.sample.days import DayWeights, first_day, last_day

Array = npt.NDArray[Any]

# The 22 categories platforms in use offer, with the weight given to each here.
CATEGORIES = {
    "社区服务": 18, "扶贫减贫": 3, "支教助学": 6, "卫生健康": 5, "法律服务": 2, "环境保护": 12, "科技科普": 3,
    "文化艺术": 5, "平安综治": 4, "文明风尚": 12, "交通引导": 6, "志愿消防": 2, "应急救援": 2, "禁毒宣传": 2,
    "体育健身": 2, "旅游服务": 2, "关爱特殊群体": 7, "大型活动": 2, "海外志愿服务": 0.2, "税收服务": 1,
    "疫情防控": 2, "其他": 2,
}  # fmt: skip
UNKNOWN_AREA_SHARE = 0.01
LONGEST_DAYS = 60
GROUP_SPAN = 10**6  # more days than any span, so that group and day fit one sortable number


@dataclass
class Activities:
    number: Array  # from 1, unique in the city
    platform: Array
    area: Array
    starts_on: Array
    ends_on: Array
    start_hour: Array
    length_hours: Array
    is_cancelled: Array
    category: Array
    attraction: Array  # cumulative weights of being chosen; cancelled ones weigh nothing
    sort_key: Array
    records: Array  # service records that name it, and their hours; added up while records are drawn
    service_hours: Array

    def __len__(self) -> int:
        return len(self.number)

    def choose(
        self, generator: np.random.Generator, platform: Array, area: Array, start: Array, end: Array
    ) -> Array:
        """For each row an activity of that platform and area that starts in [start, end]; -1: there is none."""
        group = group_key(platform, area)
        low = np.searchsorted(self.sort_key, group + start)
        high = np.searchsorted(self.sort_key, group + end, side="right")
        weight_before, weight_after = self.attraction[low], self.attraction[high]
        point = weight_before + generator.random(len(platform)) * (weight_after - weight_before)
        chosen = np.searchsorted(self.attraction, point, side="right") - 1
        return np.where(weight_after > weight_before, np.clip(chosen, low, high - 1), -1)

    def count(self, activity: Array, service_hours: Array) -> None:
        """Add records to their activities (-1: none)."""
        linked = activity >= 0
        self.records += np.bincount(activity[linked], minlength=len(self))
        self.service_hours += np.bincount(activity[linked], service_hours[linked], minlength=len(self))


def group_key(platform: Array, area: Array) -> Array:
    return (platform * 1000 + area) * GROUP_SPAN


def draw_activities(
    city: City,
    stocks: dict[int, int],
    assumed: Assumptions,
    weights: DayWeights,
    generator: np.random.Generator,
) -> Activities:
    """As many per year as the city's published number per registered person (assumed where none is)."""
    starts = []
    for year, stock in sorted(stocks.items()):
        wanted = max(1, round(city.per_year("activities_per_registered") * stock))
        first, last = np.full(wanted, first_day(year)), np.full(wanted, last_day(year))
        starts.append(weights.draw(generator, first, last))
    starts_on = np.concatenate(starts)
    count = len(starts_on)
    residents = np.array(list(city.residents.values()), float)
    area = generator.choice(len(residents), count, p=residents / residents.sum())
    area[generator.random(count) < UNKNOWN_AREA_SHARE] = len(residents)
    shares = np.array([platform.share for platform in city.platforms])
    platform = generator.choice(len(shares), count, p=shares / shares.sum())
    sort_key = group_key(platform, area) + starts_on
    order = np.argsort(sort_key, kind="stable")
    several_days = generator.random(count) < assumed.multi_day_activity_share
    days = np.where(several_days, generator.integers(1, LONGEST_DAYS, count), 0)
    is_cancelled = generator.random(count) < assumed.cancelled_activity_share
    attraction = np.where(is_cancelled, 0.0, generator.lognormal(0, 1, count))
    likelihood = np.array(list(CATEGORIES.values()))
    return Activities(
        number=np.arange(1, count + 1),
        platform=platform[order],
        area=area[order],
        starts_on=starts_on[order],
        ends_on=np.minimum((starts_on + days)[order], last_day(max(stocks))),
        start_hour=generator.integers(8, 16, count),
        length_hours=generator.integers(2, 5, count),
        is_cancelled=is_cancelled,
        category=generator.choice(len(CATEGORIES), count, p=likelihood / likelihood.sum()),
        attraction=np.concatenate([[0.0], np.cumsum(attraction)]),
        sort_key=sort_key[order],
        records=np.zeros(count, np.int64),
        service_hours=np.zeros(count),
    )
