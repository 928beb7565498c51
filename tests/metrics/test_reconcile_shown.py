"""A reconciliation as readers see it: every check once, what asks for a look first, and a sentence that counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from metrics.build import open_build
from metrics.periods import Period
from metrics.reconcile import Reconciliation, reconcile
from metrics.reconcile.shown import shown, summary
from metrics.reconcile.telling import verdict_text
from tests.metrics.build_factory import small_city


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Reconciliation:
    build = open_build(small_city(tmp_path_factory.mktemp("shown"), is_synthetic=False))
    assert build is not None
    return reconcile(build, "130200", Period.parse("2021"))


def spoilt(found: Reconciliation) -> Reconciliation:
    """One of the checks that agree does not any more."""
    place = next(number for number, check in enumerate(found.parts) if check.verdict == "agrees")
    parts = list(found.parts)
    parts[place] = replace(parts[place], verdict="flagged")
    return replace(found, parts=tuple(parts))


def test_every_check_is_shown_once(found: Reconciliation) -> None:
    rows = shown(found, "zh")
    counts = {kind: sum(row.kind == kind for row in rows) for kind in ("parts", "published", "statements")}
    assert counts == {
        "parts": len(found.parts), "published": len(found.published), "statements": len(found.statements),
    }  # fmt: skip
    assert found.published, "what Tangshan printed in 2021 is held against"


def test_what_asks_for_a_look_comes_first_and_what_agrees_last(found: Reconciliation) -> None:
    rows = shown(spoilt(found), "zh")
    first = next(row for row in rows if row.verdict != verdict_text("contradicts", "zh"))
    assert first.verdict == "不符，待查"
    assert first.is_to_look_into
    places = [(not row.is_to_look_into, row.is_alike) for row in rows]
    assert places == sorted(places)


def test_the_sentence_counts_verdicts_and_what_is_to_be_looked_into(found: Reconciliation) -> None:
    agree = sum(check.verdict == "agrees" for check in found.parts)
    assert f"一致 {agree} 项" in summary(found, "zh")
    assert f"{agree} agrees" in summary(found, "en")
    more = found.to_look_into + 1
    assert summary(spoilt(found), "zh").startswith(f"唐山市2021年：{more} 项待查。")
    calm = replace(found, published=(), statements=())
    assert summary(calm, "zh").startswith("唐山市2021年：没有待查的差异。")
    assert "公布数" not in summary(calm, "zh")


def test_numbers_are_written_as_the_measure_is_counted(found: Reconciliation) -> None:
    hours = next(row for row in shown(found, "zh") if row.name == "服务时长")
    assert "." in hours.first
    people = next(row for row in shown(found, "en") if row.name == "Registered volunteers")
    assert "." not in people.first
    printed = next(row for row in shown(found, "zh") if row.kind == "published" and "147.37" in row.first)
    assert printed.second.endswith("人")
