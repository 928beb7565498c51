"""Comparisons for the command line: what --with asks for, and the answers as a table, as CSV or as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from metrics.build import Build
from metrics.comparisons import Comparison
from metrics.comparisons.peers import PEER, PeerMedian
from metrics.definitions import LANGUAGES
from metrics.observation import Observation
from metrics.output import aligned, build_line, plain_csv
from metrics.periods import Period
from metrics.reference import did_you_mean
from metrics.refusals import QueryRefused
from metrics.sentences import MISSING, describe, format_value, status_text

USUAL = ("previous", "year_earlier", "target", "benchmark")
USUALLY = ",".join(USUAL)
ASKED = (*USUAL, PEER)
PERIOD = "period:"


def asked_for(text: str) -> tuple[list[str], list[Period]]:
    """'previous,target,peer:same_type,period:2021' as kinds and chosen periods. Raises QueryRefused for anything
    else; which peer groups there are the comparison knows."""
    kinds, chosen = [], []
    for one in (part.strip() for part in text.split(",")):
        if one.startswith(PERIOD):
            chosen.append(Period.parse(one.removeprefix(PERIOD)))
        elif one in ASKED or one.startswith(f"{PEER}:"):
            kinds.append(one)
        else:
            raise QueryRefused(
                f"不能与“{one}”比较；可写 {'、'.join(ASKED)} 、{PEER}:same_type（对比组）和 {PERIOD}2021，用逗号连起来。",
                f"There is no comparison with '{one}'.{did_you_mean(one, ASKED)} Expected any of {', '.join(ASKED)}, "
                f"{PEER}:same_type (a peer group) and {PERIOD}2021, separated by commas.",
            )
    return kinds, chosen


def comparison_rows(found: Sequence[Comparison]) -> list[dict[str, Any]]:
    """One plain dictionary per comparison; both figures are up to `through` where it is named."""
    return [
        {
            "kind": one.kind,
            **{f"name_{lang}": one.name(lang) for lang in LANGUAGES},
            "period": one.other.period.code if one.other else None,
            "window": one.other.window if one.other else None,
            "through": one.through[1].isoformat() if one.through else None,
            "value": one.now.value,
            "other_value": one.reference,
            "change": one.change.amount if one.change else None,
            "change_unit": None if one.change is None else "points" if one.change.is_points else "percent",
            "is_distinguishable": one.difference.is_distinguishable if one.difference else None,
            "status": one.status,
            **peers_told(one.peers),
            **{f"text_{lang}": one.text(lang) for lang in LANGUAGES},
            "build_id": one.now.build_id,
        }
        for one in found
    ]


def peers_told(peers: PeerMedian | None) -> dict[str, Any]:
    """Which version of which group a median is of, how many areas count and how many do not."""
    group = peers.group if peers else None
    return {
        "peer_group": group.group_id if group else None,
        "peer_group_version": group.version if group else None,
        "peers_counted": len(peers.counted) if peers else None,
        "peers_left_out": len(peers.left_out) if peers else None,
    }


def as_json(found: Sequence[Comparison]) -> str:
    return json.dumps(comparison_rows(found), ensure_ascii=False, indent=2)


def as_csv(build: Build, found: Sequence[Comparison]) -> str:
    """The JSON fields as columns."""
    return plain_csv(build, comparison_rows(found))


def heading(one: Comparison) -> str:
    """In both languages; of a peer median also the group, for there may be several in a table."""
    group = one.peers.group if one.peers else None
    return f"{one.name('zh')} {one.name('en')}" + (f"：{group.name('zh')}" if group else "")


def as_table(build: Build, found: Sequence[Comparison], now: Observation) -> str:
    """The figure itself, a line per comparison (each with the figure as it is compared, which may be up to an earlier
    day), then each comparison as a sentence."""
    table = [["与 against", "本项 this", "对方 other", "差别 change", "状态 status"]]
    for one in found:
        table.append(
            [
                heading(one),
                format_value(one.now.value, one.indicator, "zh"),
                format_value(one.reference, one.indicator, "zh"),
                one.change_text("zh") or MISSING,
                f"{status_text(one.status, 'zh')} {one.status}",
            ]
        )
    lines = [describe(now, "zh"), describe(now, "en"), build_line(build), ""]
    lines += [aligned(table, (1, 2, 3)), ""]
    for one in found:
        lines += [one.text("zh"), f"    {one.text('en')}"]
    return "\n".join(lines)
