"""What the file of a briefing is called: another build, window, definition or language is another file."""

import re

from metrics.build import Build
from metrics.periods import Period
from metrics.variants import Variant


def file_name(
    template: str, area: str, period: Period, window: str, lang: str, build: Build, variant: Variant
) -> str:
    """'overview-130200-2023-<build>', without its ending."""
    parts = [template, area, period.code]
    if window != period.kind:
        parts.append(window)
    if variant.choices:
        parts.append(re.sub(r"[^\w.]+", "_", variant.code))  # '=' and ':' are no good in names of files
    parts.append(build.build_id)
    if lang != "zh":
        parts.append(lang)
    return "-".join(parts)
