"""Values written once above several rows: merged cells of a spreadsheet that were saved as text.

A text file does not say which of its cells were merged. Persons and days must be there in every row; an area or an
activity may be missing, and a row below would silently belong to none. Where the values of such a column stand at the
heads of runs of blanks, each once or in turn with others, a person has to look: the drop is held.
"""

from collections.abc import Iterator

import duckdb

from etl.messages import Text
from etl.profile import Profile
from etl.reader import Drop
from etl.screen import Screened
from etl.sql import only_row

# The fewest rows that say anything, and how many of the values must have a blank below them. An activity or an
# organisation is often missing here and there and seldom comes twice in a short list: only in a longer one where every
# value heads a block is that no chance. A value that comes again (a list sorted by day) says less: then the list must
# be as long, most values must head a block, and none may follow upon itself, which neighbours that were merged never do.
LIMITS = {"area": (4, 0.5), "reference": (12, 1.0)}
FEWEST_IN_TURN, LEAST_IN_TURN = 12, 0.8


def suspicions(
    connection: duckdb.DuckDBPyConnection, drop: Drop, screened: Screened, profile: Profile
) -> Iterator[Text]:
    """A sentence for each column that looks like merged cells, of which rows that passed are without a value."""
    filled, passed = profile.filled, profile.passed
    for name, column in drop.header.source.columns.items():
        fewest, least = LIMITS.get(column.type, (0, 0.0))
        if not fewest or name not in drop.header.positions or passed < fewest:
            continue
        if 0 < filled.get(name, 0) * 2 <= passed and _is_in_blocks(connection, screened, name, least):
            title = drop.header.fields[drop.header.positions[name]].strip()
            yield Text(
                f"“{title}”一列只有 {filled[name]:,} 行有值，每个值下面都空着几行，像是合并单元格另存成的文本；"
                "请逐行填写后重报，或直接报送工作簿。确实没有的再放行。",
                f"column '{title}' has a value in {filled[name]:,} rows, with blanks below each, as merged cells saved "
                "as text; ask for a file with every row filled in, or for the workbook. Release only if the blanks are meant.",
            )


def _is_in_blocks(connection: duckdb.DuckDBPyConnection, screened: Screened, name: str, least: float) -> bool:
    """Whether the first row has a value, and the values lie as merged cells would; see LIMITS."""
    first, rows, values, distinct, heads, in_turn = only_row(
        connection,
        f"""WITH lines AS (
            SELECT {name} AS value, {screened.row_no} AS place, lead({name}) OVER down AS below,
                   lead(1) OVER down IS NULL AS is_last
            FROM screened WHERE {screened.row_no} NOT IN (SELECT row_no FROM furniture)
            WINDOW down AS (ORDER BY {screened.row_no})
        ), filled AS (
            SELECT value = lag(value) OVER (ORDER BY place) AS is_again FROM lines WHERE value IS NOT NULL
        )
        SELECT arg_min(value IS NOT NULL, place), count(*), count(value), count(DISTINCT value),
               count(*) FILTER (value IS NOT NULL AND below IS NULL AND NOT is_last),
               (SELECT count(*) > 2 AND NOT bool_or(coalesce(is_again, false)) FROM filled)
        FROM lines""",
    )
    if not first:
        return False
    if values == distinct:
        return bool(heads >= least * values)
    return bool(rows >= FEWEST_IN_TURN and in_turn and heads >= max(least, LEAST_IN_TURN) * values)
