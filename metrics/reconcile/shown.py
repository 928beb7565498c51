"""A reconciliation in one language, ready to be drawn: a sentence, and a row of texts per check."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from metrics.areas import load_areas
from metrics.catalogue import load_catalogue
from metrics.members import dimension_name
from metrics.reconcile import PartsCheck, PublishedCheck, Reconciliation, StatementsCheck
from metrics.reconcile.telling import parts_numbers, reasons_text, verdict_text
from metrics.sentences import basis_text, format_number, format_value
from metrics.variants import Variant

TO_LOOK_INTO = ("flagged", "contradicts")
ALIKE = ("agrees", "within")
KINDS = {
    "parts": ("全市与各部分之和", "the city against the sum of its parts"),
    "published": ("计算数与公布数", "computed against published"),
    "statements": ("公布数之间", "published figures among themselves"),
}


@dataclass(frozen=True)
class Shown:
    """One check. `first` and `second` are what is held against each other; '' where there is nothing to say."""

    kind: str
    name: str
    about: str
    first: str
    second: str
    difference: str
    verdict: str
    reasons: str
    is_alike: bool
    is_to_look_into: bool


def shown(found: Reconciliation, lang: str) -> list[Shown]:
    """Every check, those to be looked into first, then those that differ for a reason, as they came."""
    rows = [
        *(parts_shown(check, lang) for check in found.parts),
        *(published_shown(check, lang) for check in found.published),
        *(statements_shown(check, lang) for check in found.statements),
    ]
    return sorted(rows, key=lambda row: (not row.is_to_look_into, row.is_alike))


def parts_shown(check: PartsCheck, lang: str) -> Shown:
    indicator = load_catalogue().indicator(check.measure)
    basis = basis_text(check.basis, lang) if len(indicator.bases) > 1 else ""
    area = "地区" if lang == "zh" else "area"
    parts = area if check.parts == "area" else dimension_name(check.parts, lang)
    about = " · ".join(one for one in (parts, basis) if one)
    return shown_row(check, "parts", indicator.name(lang), about, parts_numbers(check, lang), lang)


def published_shown(check: PublishedCheck, lang: str) -> Shown:
    figure = check.printed.figure
    chosen = Variant.parse(check.computed[-1].variant).label(lang)
    about = " · ".join(one for one in (str(figure.as_of), chosen) if one)
    numbers = [
        figure.value_text(lang),
        format_value(check.value, check.indicator, lang),
        format_number(check.difference, check.indicator.decimals),
    ]
    return shown_row(check, "published", figure.name(lang), about, numbers, lang)


def statements_shown(check: StatementsCheck, lang: str) -> Shown:
    first, second = check.first.figure, check.second.figure
    numbers = [first.value_text(lang), second.value_text(lang), ""]
    about = f"{first.figure_id} | {second.figure_id}"
    return shown_row(check, "statements", check.concept.name(lang), about, numbers, lang)


def shown_row(
    check: PartsCheck | PublishedCheck | StatementsCheck,
    kind: str,
    name: str,
    about: str,
    numbers: Sequence[str],
    lang: str,
) -> Shown:
    first, second, difference = numbers
    return Shown(
        kind, name, about, first, second, difference, verdict_text(check.verdict, lang), reasons_text(check.reasons, lang),
        check.verdict in ALIKE, check.verdict in TO_LOOK_INTO,
    )  # fmt: skip


def summary(found: Reconciliation, lang: str) -> str:
    """How many checks of each kind, and how many of them ask for somebody to look."""
    zh, rows = lang == "zh", shown(found, lang)
    where = load_areas().get(found.area_code).name(lang)
    when = found.window_text(lang)
    told = []
    for kind, (name_zh, name_en) in KINDS.items():
        counts = Counter(row.verdict for row in rows if row.kind == kind)
        each = ("、" if zh else ", ").join(
            f"{verdict} {count} 项" if zh else f"{count} {verdict}" for verdict, count in counts.items()
        )
        if each:
            told.append(f"{name_zh}：{each}" if zh else f"{name_en}: {each}")
    todo = found.to_look_into
    if zh:
        return (
            f"{where}{when}：{'没有待查的差异' if not todo else f'{todo} 项待查'}。" + "；".join(told) + "。"
        )
    body = "; ".join(told)
    return f"{where}, {when}: {todo or 'nothing'} to look into. {body[:1].upper()}{body[1:]}."
