"""The pandas + pandera baseline does the work it is compared for: types, rules, keys, the latest row of each."""

import json
from pathlib import Path

import pandas as pd
import pytest

from bench.pandera_load import load
from tests.etl.desk import ADA, BEA, CAI

HOURS = "记录编号,身份证号,活动编号,服务日期,服务时长,审核状态"
ROWS = (
    f"J1,{ADA},A1,2024-05-01,2.5,通过",
    f"J2,{BEA},A1,2024-05-01,25,通过",
    f"J3,{BEA[:17]}Y,A2,2024-05-02,1,通过",
    f"J4,{CAI},A2,2024-05-32,1,待审",
    f",{ADA},A2,2024-05-03,1.5,通过",
    f",{BEA},A2,2024-05-03,1.5,驳回",
    f"J1,{ADA},A1,2024-05-01,3,通过",
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pandera")
    (folder / "service_hours.csv").write_text("\n".join([HOURS, *ROWS]) + "\n", encoding="utf-8")
    out = folder / "out"
    figures = load(folder, out)
    assert figures["service_hours_rows"] == 3
    assert figures["load_seconds"] > 0
    assert figures["database_bytes"] > 0
    return out


def test_the_latest_row_of_a_record_is_stored_typed(loaded: Path) -> None:
    stored = pd.read_parquet(loaded / "service_hours.parquet").set_index("record_key")
    assert stored.loc["J1", "service_hours"] == 3
    assert stored.loc["J1", "service_date"] == pd.Timestamp("2024-05-01")
    assert sorted(stored["service_hours"]) == [1.5, 1.5, 3]
    assert set(stored["status"]) == {"approved", "rejected"}
    assert stored["person_key"].nunique() == 2


def test_rows_that_break_a_rule_are_set_aside_with_number_and_check(loaded: Path) -> None:
    quarantine = pd.read_parquet(loaded / "service_hours_quarantine.parquet")
    reasons = set(zip(quarantine["row_no"], quarantine["check"], strict=True))
    assert {
        (3, "hours_within_a_day"),
        (4, "id_number_valid"),
        (5, "value_readable"),
    } <= reasons
    assert set(quarantine["row_no"]) == {3, 4, 5}


def test_the_ledger_counts_and_no_id_number_is_stored(loaded: Path) -> None:
    (entry,) = json.loads((loaded / "ledger.json").read_text())
    assert (entry["rows_read"], entry["rows_accepted"]) == (7, 4)
    for path in loaded.glob("*.parquet"):
        texts = pd.read_parquet(path).astype(str).to_numpy().ravel()
        assert not any(number in text for number in (ADA, BEA, CAI) for text in texts)
