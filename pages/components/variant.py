"""口径 as a filter: one compact control with a choice per axis, kept in the address as `variant=active=clocked`.

What is chosen stays chosen while the reader changes indicators; each figure is read with the part of the choice
that concerns it and says so beside its title.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.build import Build
from metrics.indicator import Indicator
from metrics.query import require_known
from metrics.sentences import variant_text
from metrics.variants import Axis, Option, Variant, load_axes
from metrics.variants.fitting import fitting
from metrics.variants.fitting import objection as found_objection
from pages.components import address
from pages.i18n import _, language

__all__ = ["choose", "fitting", "objection", "titled"]

NAME = "variant"


def choose(build: Build, city: str, offered: Sequence[Axis]) -> Variant:
    """The reader's choice on all axes; the control shows those offered, and nothing if there are none.

    Members to choose among are those of the build and city: a platform of another city is not available here.
    """

    def canonical(text: str) -> str:
        variant = Variant.parse(text)
        require_known(build, variant, city)
        return variant.code

    variant = Variant.parse(address.resolve_text(NAME, canonical))
    if not offered:
        return variant
    lang = language()
    shown = [option for option in variant.options if option.axis in [axis.id for axis in offered]]
    label = "，" if lang == "zh" else ", "
    what = label.join(option.name(lang) for option in shown) or _("usual")
    with st.popover(_("Definition: {what}").format(what=what), width="stretch", key="variant_control"):
        st.caption(
            _("The same question has several honest answers. What is chosen is named with every figure.")
        )
        for axis in offered:
            _axis(axis, variant, axis.choices(build.offered(city)))
    return variant


def objection(variant: Variant, indicator: Indicator, window: str, dimension: str = "") -> str:
    """Why the choice cannot be read for a figure, in the reader's language; '' when it can."""
    refused = found_objection(variant, indicator, window, dimension)
    return refused.text(language()) if refused else ""


def titled(indicator: Indicator, variant: Variant | str) -> str:
    """The name of a figure with the definition chosen: '活跃率（口径：活跃＝满5小时）'."""
    code = variant if isinstance(variant, str) else variant.code
    return indicator.name(language()) + variant_text(code, language())


def _axis(axis: Axis, variant: Variant, choices: Sequence[Option]) -> None:
    lang = language()
    value = dict(variant.choices).get(axis.id, axis.default)
    chosen = axis.option(value)
    options = {option.id: option for option in choices} | ({value: chosen} if chosen else {})
    key = address.prepare(f"{NAME}_{axis.id}", value)
    st.selectbox(
        axis.names[lang] if lang == "zh" else axis.names[lang].capitalize(),
        list(options),
        format_func=lambda option: options[option].name(lang) if option in options else option,
        key=key,
        on_change=_take,
        args=(axis.id, key),
    )
    if chosen and value != axis.default:
        st.caption(chosen.note(lang))


def _take(axis: str, key: str) -> None:
    """Widget callback: one axis changes, the others stay."""
    chosen = dict(Variant.parse(address.chosen(NAME)).choices)
    chosen[axis] = st.session_state.get(key) or load_axes()[axis].default
    address.go(NAME, Variant.parse(",".join(f"{name}={option}" for name, option in chosen.items())).code)
