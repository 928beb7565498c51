"""Which definitions an export is of: the usual one, one that was chosen, or (None) every one there is."""

from collections.abc import Sequence

from metrics.build import Build
from metrics.catalogue import load_catalogue
from metrics.indicator import Indicator
from metrics.query import require_known
from metrics.refusals import QueryRefused
from metrics.variants import Variant, variants_of
from metrics.variants.fitting import refusal


def definition_told(variant: Variant | None) -> dict[str, str]:
    """Which definition a file's figures are of, for its metadata."""
    if variant is None:
        return {"variant": "all", "definition": "全部口径 every definition"}
    if not variant.choices:
        return {"variant": "", "definition": "通常口径 usual definition"}
    return {"variant": variant.code, "definition": f"{variant.label('zh')} {variant.label('en')}"}


def require_exportable(build: Build, variant: Variant, only: Sequence[Indicator]) -> None:
    """Raises what query() raises where an indicator that was named, or every one there is, cannot be asked so."""
    refusals = [fault for one in only or load_catalogue().all() if (fault := refusal(variant, one))]
    if refusals and (only or len(refusals) == len(load_catalogue().all())):
        raise refusals[0]
    cities = build.cities_with_data()
    if cities and not any(is_known(build, variant, city) for city in cities):
        require_known(build, variant, cities[0])


def definitions_of(build: Build, indicator: Indicator, city: str, variant: Variant | None) -> list[Variant]:
    """The definitions to read an indicator by in a city: all (None), or the one chosen where it can be asked so."""
    if variant is None:
        return variants_of(indicator, offered=build.offered(city))
    is_asked = refusal(variant, indicator) is None and is_known(build, variant, city)
    return [variant] if is_asked else []


def is_known(build: Build, variant: Variant, city: str) -> bool:
    """Whether a city has the platform that is chosen, if one is."""
    try:
        require_known(build, variant, city)
    except QueryRefused:
        return False
    return True
