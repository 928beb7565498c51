"""What earlier public builds of the home have withheld and told, as far as it concerns the build at hand."""

from pathlib import Path

from metrics.disclosure import carried, still_told
from metrics.disclosure.grids import CountsOfBuild, Numbering
from metrics.disclosure.lines import Earlier, Grids, Line, UpTo
from metrics.disclosure.tables import SERVED


def read_earlier(numbering: Numbering, folder: Path, build_id: str) -> Earlier:
    """What the last public build before this one withheld, and what it and those before it told."""
    earlier = Earlier()
    for name in carried.bring_up_to_date(numbering, folder, build_id):
        with carried.attached(numbering.connection, folder / f"{name}.duckdb") as is_build:
            if is_build:
                earlier.build_id = name
                rows = numbering.connection.execute("SELECT * FROM earlier.disclosure").fetchall()
                earlier.lines = [Line(*row) for row in rows]
                break
    if earlier.build_id:
        read_days(numbering, earlier)
        read_to_day(numbering, earlier)
        earlier.told_zeros.update(numbering.connection.execute(f"FROM {carried.ZEROS}").fetchall())
        still_told.keep(numbering)
        earlier.told = [grids_of(numbering)]
        still_told.end(numbering)
    return earlier


def read_days(numbering: Numbering, earlier: Earlier) -> None:
    for city, day, visits in numbering.connection.execute(f"FROM {carried.DAYS}").fetchall():
        if visits is None:
            earlier.days.add((city, day))
        else:
            earlier.told_days.setdefault((city, day), set()).add(visits)


def read_to_day(numbering: Numbering, earlier: Earlier) -> None:
    """Of counts up to a day those of windows and days this build has, too, and a city's visits of a month, which
    stand beside its days: all others would be more with each build kept."""
    moment = "(time_window, period_end, through_on)"
    asked = [
        f"(measure || '/' || basis = '{SERVED}' AND time_window = 'month' "
        "AND area_code IN (SELECT area_code FROM disclosure_area WHERE parent_code = ''))"
    ]
    if numbering.has_table("to_day"):
        asked.append(f"{moment} IN (SELECT {moment} FROM {numbering.target}.to_day)")
    columns = ", ".join(UpTo._fields)
    for *key, value in numbering.connection.execute(
        f"SELECT {columns}, value FROM {carried.TO_DAY} WHERE {' OR '.join(asked)}"
    ).fetchall():
        if value is None:
            earlier.to_day.add(UpTo(*key))
        else:
            earlier.told_to_day.setdefault(UpTo(*key), set()).add(value)


def grids_of(numbering: Numbering) -> Grids:
    counts = CountsOfBuild(numbering, still_told.KEPT)
    return {
        (key, grid.place.city, grid.dimension): grid for key in numbering.keys for grid in counts.grids(key)
    }
