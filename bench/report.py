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
            f"{'':24}{'seconds':>10}{'rows/s':>12}{'peak MiB':>12}{'stored MiB':>12}",
            line(
                "bare typed load", bare["load_seconds"], rows, bare["peak_memory_mib"], bare["database_bytes"]
            ),
            line(
                "complete load",
                complete["load_seconds"],
                rows,
                complete["peak_memory_mib"],
                complete["database_bytes"],
            ),
            line(
                "publish (cube, build)",
                complete["publish_seconds"],
                rows,
                complete["publish_peak_memory_mib"],
                complete["build_bytes"],
            ),
            "",
            f"complete load / bare typed load: {figures['ratio']:.2f}    "
            f"with publishing: {figures['ratio_with_publish']:.2f}",
        ]
    )


def line(name: str, seconds: float, rows: int, peak_mib: float, stored_bytes: float) -> str:
    per_second = rows / seconds
    return f"{name:24}{seconds:>10.2f}{per_second:>12,.0f}{peak_mib:>12,.0f}{stored_bytes / MIB:>12,.1f}"
