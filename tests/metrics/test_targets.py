"""The target of a figure: with its unit, and met or not as its polarity and interval say."""

from dataclasses import replace

import pytest

from metrics.catalogue import load_catalogue
from metrics.indicator import Target
from metrics.observation import Observation
from metrics.targets import target_told, verdict
from tests.metrics.test_explain import observation

RATE = load_catalogue().indicator("active_rate")
LOWER = replace(RATE, polarity="lower")
TARGET = Target(60.0, 2023, 2023, "", "", "五年规划")


def of(
    value: float, lower: float | None = None, upper: float | None = None, status: str = "ok"
) -> Observation:
    return observation(value=value, lower=lower, upper=upper, status=status)


@pytest.mark.parametrize(
    ("value", "limits", "higher", "lower"),
    [
        (59.9, (None, None), "not_met", "met"),
        (60.0, (None, None), "met", "met"),
        (60.1, (None, None), "met", "not_met"),
        (61.2, (60.0, 63.3), "met", "not_met"),
        (61.2, (59.9, 63.3), "met_within_interval", "not_met_within_interval"),
        (58.0, (56.0, 59.9), "not_met", "met"),
        (58.0, (56.0, 60.1), "not_met_within_interval", "met_within_interval"),
    ],
)
def test_a_target_is_met_on_its_better_side_and_surely_so_outside_the_interval(
    value: float, limits: tuple[float | None, float | None], higher: str, lower: str
) -> None:
    assert verdict(RATE, of(value, *limits), 60.0) == higher
    assert verdict(LOWER, of(value, *limits), 60.0) == lower


@pytest.mark.parametrize("status", ["provisional", "suppressed", "not_reported"])
def test_a_figure_that_is_not_final_is_not_judged(status: str) -> None:
    assert verdict(RATE, of(61.2, 60.5, 63.3, status=status), 60.0) == "not_final"


def test_nothing_is_judged_where_neither_side_is_better() -> None:
    assert verdict(replace(RATE, polarity="neither"), of(61.2), 60.0) == "no_better_side"


def test_the_target_is_told_with_unit_source_and_verdict() -> None:
    told = target_told(replace(RATE, targets=(TARGET,)), of(61.2, 60.5, 63.3))
    assert told is not None
    assert (told["unit"], told["verdict"]) == ("percent", "met")
    assert told["zh"] == "60%（五年规划）：已达到"
    assert told["en"] == "60% (五年规划): met"


def test_a_sentence_names_the_target_in_its_own_language_and_the_source_stays_whole() -> None:
    named = replace(
        TARGET, names={"zh": "五年规划", "en": "the five-year plan"}, source="五年规划 (five-year plan) p. 3"
    )
    told = target_told(replace(RATE, targets=(named,)), of(61.2, 60.5, 63.3))
    assert told is not None
    assert told["zh"] == "60%（五年规划）：已达到"
    assert told["en"] == "60% (the five-year plan): met"
    assert told["source"] == "五年规划 (five-year plan) p. 3"


def test_shipped_targets_have_a_name_in_each_language() -> None:
    targets = [target for entry in load_catalogue().all() for target in entry.targets]
    assert targets
    for target in targets:
        assert not any("a" <= character.lower() <= "z" for character in target.name("zh"))
        assert target.name("en").isascii()


def test_a_target_of_the_usual_definition_says_nothing_of_another() -> None:
    asked = replace(of(61.2), variant="active=clocked")
    assert target_told(replace(RATE, targets=(TARGET,)), asked) is None
