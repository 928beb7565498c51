"""A city in which one of two suppliers left a month out: for whatever shows figures that are not whole."""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl.warehouse import create_schema
from tests.etl.desk import Desk
from tests.etl.sendings import Sendings

HOURS = """
    supplier | received   | rows
    平台甲   | 2021-02-03 | 路南区 2021-01-05 x9
    平台甲   | 2021-03-03 | 路南区 2021-02-05 x9
    平台甲   | 2021-04-03 | 路南区 2021-03-31 x9
    平台乙   | 2021-02-03 | 古冶区 2021-01-05 x9
    平台乙   | 2021-04-03 | 古冶区 2021-03-31 x9
"""
REGISTERS = """
    supplier | received   | rows
    平台甲   | 2021-02-03 | 路南区 2021-01-05, 古冶区 2021-01-06
    平台甲   | 2021-03-03 | 路南区 2021-02-05, 古冶区 2021-02-06
    平台甲   | 2021-04-03 | 路南区 2021-03-31, 古冶区 2021-03-31
"""
# What is missing, as the sentences say it.
MISSING_ZH = "平台乙的服务时长 2021-02 尚未报来（古冶区）。"
MISSING_EN = "平台乙 has not sent service hours of 2021-02 (Guye District)."


def lacking_city(folder: Path) -> Path:
    """Tangshan, first quarter of 2021, without 平台乙's February; gives the data home."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        create_schema(connection)
        made = Sendings(Desk(folder, connection))
        made.send(REGISTERS, source="registrations")
        made.send(HOURS)
        made.build()
        return made.desk.home
