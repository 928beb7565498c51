"""Text as people write it: what stands for nothing, what cannot be seen, what Excel wraps around a value.

The common cell must be told by the cheapest tests, because screening asks them of every row: comparing with
a constant costs nothing, one character of a text 50 ns, a regular expression 200 ns, trimming a chosen set
of characters two microseconds.
"""

from etl.source import Column
from metrics.characters import SIMPLIFIED, TRADITIONAL

INVISIBLE = "\u00a0\u3000\u200b\u200c\u200d\u200e\u200f\u2060\u202a\u202c\u202d\u00ad\ufeff\t\r\n "
BLANKS = "\u00a0\u3000\t\r\n"  # of these, what holds two words apart; the others are nothing at all
MISSING_WORDS = (
    *("-", "--", "—", "——", "/", "\\", "无", "無", "暂无", "空", "未填", "未填写", "不详", "不明", "未知"),
    *("null", "n/a", "#n/a", "na", "none", "nan"),
)
FULL_WIDTH = "".join(
    chr(code) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
)
FULL_WIDTH += "：／－．，＋＝＇＂％"
HALF_WIDTH = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:/-.,+='\"%"
QUOTES = "'`‘’′\"“”="


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def regex_class(characters: str) -> str:
    """The inside of a character class of a regular expression."""
    return "".join("\\" + one if one in "\\]^-" else one for one in characters)


AROUND = f"[{regex_class(INVISIBLE + QUOTES)}]*"
_WORDS = "|".join(word.replace("\\", "\\\\") for word in MISSING_WORDS if not set(word) <= set("-—"))
# One expression for all words: a comparison with each would be two dozen nodes for DuckDB to plan.
MISSING = f"{AROUND}(?:[-—–－]+|(?i:{_WORDS}))?{AROUND}"
# A character that is neither ASCII nor a common Chinese one: full width, invisible, or a stray blank.
SQL_ODD = quoted("[^ -~一-鿿]")
SQL_FOLD = (
    quoted(FULL_WIDTH + BLANKS + "".join(one for one in INVISIBLE if one not in BLANKS + " ")),
    quoted(HALF_WIDTH + " " * len(BLANKS)),
)
# ="2021-05-01" keeps Excel from guessing, as does a leading apostrophe; a closing one alone may mean minutes or
# seconds (30"), of which nobody writes fractions: after 3.5 it is left over from an export.
SQL_WRAPPED = quoted('^ *(?:=? *["“]([^"“”]*)["”]|[\'`‘’′]([^\'‘’]*)[\'’]?|(\\d+\\.\\d+)["”]) *$')


def tidy(raw: str) -> str:
    """The text in half width, without what cannot be seen and without wrapping (for the slow branch only)."""
    folded = f"CASE WHEN regexp_matches({raw}, {SQL_ODD}) THEN translate({raw}, {', '.join(SQL_FOLD)}) ELSE {raw} END"
    return f"trim(regexp_replace({folded}, {SQL_WRAPPED}, '\\1\\2\\3'))"


def is_missing(raw: str) -> str:
    """True for an absent or empty cell and for the words people write for 'nothing', none of which begins
    with a digit."""
    return f"""CASE WHEN {raw} IS NULL OR {raw} = '' THEN true WHEN {raw} BETWEEN '0' AND ':' THEN false
        ELSE regexp_full_match({raw}, {quoted(MISSING)}) END"""


def _is_plain(raw: str) -> str:
    """ASCII, longer than a word of MISSING_WORDS in ASCII, beginning and ending with a letter or a digit.

    And not ending as a program writes a number it took for an amount.
    """
    return (
        f"strlen({raw}) > 6 AND strlen({raw}) = length({raw}) AND {raw} BETWEEN '0' AND '{{' AND {raw}[-1] >= '0' "
        f"AND NOT suffix({raw}, '.0')"
    )


def _as_number(sql: str) -> str:
    """A number without the .0 of a column that was read as amounts: 1000 and 1000.0 are the same record or person."""
    return f"regexp_replace({sql}, '^(\\d{{1,15}})\\.0$', '\\1')"


def text(raw: str, column: Column) -> str:
    return (
        f"CASE WHEN {_is_plain(raw)} THEN {raw} WHEN NOT {is_missing(raw)} THEN {_as_number(tidy(raw))} END"
    )


def common_text(raw: str, column: Column) -> str:
    return f"CASE WHEN {_is_plain(raw)} THEN {raw} END"


def area(raw: str, column: Column) -> str:
    """As it is: metrics.area_names compares spellings, once for each distinct one."""
    return f"CASE WHEN NOT {is_missing(raw)} THEN {raw} END"


def common_area(raw: str, column: Column) -> str:
    """A code, or a name that ends as no word for nothing does."""
    ends = " OR ".join(f"suffix({raw}, '{unit}')" for unit in "区县市")
    return f"CASE WHEN {raw} BETWEEN '0' AND ':' OR {ends} THEN {raw} END"


def label(raw: str, column: Column) -> str:
    """Short text that is kept: long digit runs are starred, so no phone or ID number can be stored in it."""
    numbers = r"'1\d{2}[- ]\d{4}[- ]\d{4}|\d{6,}[Xx]?'"
    starred = f"regexp_replace({tidy(raw)}, {numbers}, '*', 'g')"
    return f"""CASE WHEN {_is_name(raw)} THEN {raw} WHEN NOT {is_missing(raw)} THEN left({starred}, 80) END"""


def common_label(raw: str, column: Column) -> str:
    return f"CASE WHEN {_is_name(raw)} THEN {raw} END"


def _is_name(raw: str) -> str:
    return f"regexp_full_match({raw}, '[一-鿿]{{4,40}}')"


def synthetic(raw: str, column: Column) -> str:
    marked = f"{raw} LIKE '%示例%' OR lower({raw}) LIKE '%sample%' OR lower({raw}) LIKE '%synthetic%'"
    return f"CASE WHEN {raw} = '示例数据' THEN true WHEN {raw} IS NULL OR {raw} = '' THEN false ELSE {marked} END"


def code(raw: str, column: Column) -> str:
    """The code of a listed word, in traditional characters too; of another one the column's code for unknown, or none."""
    words, codes = _words_and_codes(column)
    tidied = f"lower({tidy(raw)})"
    simple = f"translate({tidied}, {quoted(TRADITIONAL)}, {quoted(SIMPLIFIED)})"
    found = (f"list_position({words}, {one})" for one in (raw, tidied, simple))
    place = f"coalesce({', '.join(found)})"
    otherwise = f"ELSE CAST({quoted(column.unknown)} AS {column.enumeration})" if column.unknown else ""
    return f"""CASE WHEN {raw} IS NULL OR {raw} = '' THEN NULL ELSE
        coalesce({codes}[{place}], CASE WHEN {is_missing(raw)} THEN NULL {otherwise} END) END"""


def common_code(raw: str, column: Column) -> str:
    """A listed word as it is listed."""
    words, codes = _words_and_codes(column)
    return f"{codes}[list_position({words}, {raw})]"


def _words_and_codes(column: Column) -> tuple[str, str]:
    """Two SQL lists side by side: every listed word in lower case, and its code."""
    by_word = {word.lower(): one for one, words in column.codes.items() for word in words}
    codes = f"CAST([{', '.join(map(quoted, by_word.values()))}] AS {column.enumeration}[])"
    return f"[{', '.join(map(quoted, by_word))}]", codes
