"""Two implementations of completeness agree on towns drawn at random: the matrix, and every status."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from random import Random

import pytest

from metrics.periods import Period, window_span
from metrics.query import query
from tests.etl import naive_completeness as naive
from tests.etl.desk import Desk
from tests.etl.sendings import Sendings, area_code

TODAY = date(2021, 8, 10)
AREAS = ["路南区", "路北区", "古冶区", "开平区"]  # nobody ever reports the last one
SUPPLIERS = ["平台甲", "平台乙", "平台丙", ""]


def drawn_drops(random: Random) -> list[naive.Drop]:
    """Monthly drops of January to July: left out, early, late, about two months, with a neighbour's row."""
    drops = []
    for number, supplier in enumerate(random.sample(SUPPLIERS, random.choice([1, 2, 3]))):
        mine = random.sample(AREAS[:3], random.choice([1, 1, 2]))
        for month in range(1 + random.choice([0, 0, 2]), 1 + random.choice([5, 7, 7])):
            if random.random() < 0.25:
                continue
            days = [
                date(2021, month, random.randint(1, monthrange(2021, month)[1]))
                for _ in range(random.randint(1, 4))
            ]
            rows = [(random.choice(mine), day) for day in days]
            if random.random() < 0.2:
                rows.append((random.choice(AREAS[:3]), days[0]))
            if random.random() < 0.15 and month > 2:
                rows.append((mine[0], date(2021, month - 2, 7)))
            newest = max(day for _, day in rows)
            received = newest + timedelta(days=random.choice([0, 3, 35, 60]) + number)
            drops.append({"supplier": supplier, "received": received, "rows": rows})
    return sorted(drops, key=lambda drop: drop["received"])


def town(desk: Desk, seed: int) -> tuple[Sendings, list[naive.Drop], dict[str, naive.Month]]:
    random = Random(seed)
    drops = drawn_drops(random)
    until = {"平台甲": (2021, random.randint(3, 6))} if random.random() < 0.4 else {}
    sendings = Sendings(desk)
    for drop in drops:
        rows = ", ".join(f"{area} {day}" for area, day in drop["rows"])
        sendings.send(f"supplier | received | rows\n{drop['supplier']} | {drop['received']} | {rows}")
    for supplier, (year, month) in until.items():
        sendings.declare(
            f'[[supplier]]\nname = "{supplier}"\nsources = ["service_hours"]\nuntil = "{year}-{month:02}"\n'
        )
    return sendings, drops, until


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 12])
def test_both_agree(desk: Desk, seed: int) -> None:
    sendings, drops, until = town(desk, seed)
    build = sendings.build(TODAY)
    found = {
        (row["supplier"], row["area_code"], (row["month"].year, row["month"].month)): row["state"]
        + (" late" if row["is_late"] else "")
        for row in build.completeness()
    }
    expected = {
        (supplier, area_code(area), month): state
        for (supplier, area, month), state in naive.matrix(drops, until, TODAY).items()
    }
    assert found == expected
    wrong = []
    for code in [*(f"2021-{month:02}" for month in range(1, 10)), "2021-Q1", "2021-Q2", "2021-Q3", "2021"]:
        period = Period.parse(code)
        for window in (period.kind, "ytd", "to_date"):
            start, _ = window_span(period, window)
            for area in ("", *AREAS):
                (observation,) = query(
                    build, "service_hours", area_code(area), period, window, basis="service"
                )
                said = naive.status(drops, AREAS, area, start, (period.start, period.end), until, TODAY)
                if observation.status != said:
                    wrong.append((code, window, area or "the city", observation.status, said))
    assert not wrong
