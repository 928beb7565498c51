"""The figures of a comparison as a table for people."""

from typing import Any

MIB = 1024**2


def table(figures: dict[str, Any]) -> str:
    """What was loaded, on what, how long each way took, and the ratio."""
    bare, complete, machine = figures["bare"], figures["complete"], figures["machine"]
    rows = figures["rows"]
    return "\n".join(
        [
            f"{rows:,} rows in {figures['files']} files, {figures['bytes'] / MIB:,.0f} MiB: "
            f"{figures['service_hours_rows']:,} service records, "
            f"{figures['registrations_rows']:,} registrations; medians of {figures['repeat']}",
            f"DuckDB {machine['duckdb']}, Python {machine['python']}, {machine['cores']} cores, "
            f"{machine['memory_gib']} GiB",
            "",
            f"{'':22}{'seconds':>10}{'CPU s':>10}{'rows/s':>12}{'peak MiB':>10}{'stored MiB':>12}",
            line("bare typed load", rows, bare, "load", "peak_memory_mib", "database_bytes"),
            line("complete load", rows, complete, "load", "peak_memory_mib", "database_bytes"),
            line(
                "publish (cube, build)", rows, complete, "publish", "publish_peak_memory_mib", "build_bytes"
            ),
            *floor_lines(rows, figures),
            *pandera_line(rows, figures),
            "",
            f"complete load / bare typed load: {figures['ratio']:.2f}    in CPU time: {figures['cpu_ratio']:.2f}"
            f"    with publishing: {figures['ratio_with_publish']:.2f}",
            f"one more month ({complete['later_rows']:,.0f} records), loaded and published: "
            f"{complete['later_seconds']:.2f} s, {complete['later_cpu_seconds']:.2f} CPU s = "
            f"{figures['later_ratio']:.1%} of loading and publishing all (CPU {figures['later_cpu_ratio']:.1%})",
        ]
    )


def floor_lines(rows: int, figures: dict[str, Any]) -> list[str]:
    """What of the complete load nobody could leave out: each step does what those above it do, and more."""
    return [
        line(f"least: {step}", rows, of_step, "load", "peak_memory_mib", "database_bytes")
        + f"  {of_step['load_seconds'] / figures['bare']['load_seconds']:.2f} of bare"
        for step, of_step in figures.get("floor", {}).items()
    ]


def pandera_line(rows: int, figures: dict[str, Any]) -> list[str]:
    if "pandera" not in figures:
        return []
    times = figures["times_faster"]
    return [
        line("pandas + pandera", rows, figures["pandera"], "load", "peak_memory_mib", "database_bytes"),
        f"complete load is {times['seconds']:.1f} times as fast (CPU {times['cpu_seconds']:.1f})",
    ]


def line(name: str, rows: int, figures: dict[str, Any], step: str, peak: str, stored: str) -> str:
    """CPU seconds are those of all threads: on a busy machine they are the steadier of the two."""
    seconds = figures[f"{step}_seconds"]
    return (
        f"{name:22}{seconds:>10.2f}{figures[f'{step}_cpu_seconds']:>10.2f}{rows / seconds:>12,.0f}"
        f"{figures[peak]:>10,.0f}{figures[stored] / MIB:>12,.1f}"
    )
