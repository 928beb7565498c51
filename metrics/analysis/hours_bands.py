"""What the bands of hours per person are called (the bands: metrics.members, data/reference/hours_bands.csv)."""

from metrics.members import HoursBand


def band_name(band: HoursBand, lang: str) -> str:
    """'10 至不满 20 小时' / '10 to under 20 h'."""
    if band.hours_below is None:
        return f"{band.hours_from} 小时及以上" if lang == "zh" else f"{band.hours_from} h and more"
    if lang == "zh":
        return f"{band.hours_from} 至不满 {band.hours_below} 小时"
    return f"{band.hours_from} to under {band.hours_below} h"
