"""The indicators as a Markdown table, which the pages for people carry word for word (make docs, tests/test_docs.py)."""

from collections.abc import Sequence
from pathlib import Path

from metrics.catalogue import Catalogue
from metrics.definitions import LANGUAGES
from metrics.refusals import Refused

HEADS = {"zh": ("名称", "公式"), "en": ("name", "formula")}
FIRST = {"zh": "指标", "en": "indicator"}


def catalogue_markdown(catalogue: Catalogue, languages: Sequence[str] = LANGUAGES) -> str:
    """id, name and formula of every indicator in each language; measures have a table of their own."""
    rows = [[FIRST[languages[0]], *(head for lang in languages for head in HEADS[lang])]]
    rows.append(["---"] * len(rows[0]))
    for entry in catalogue.indicators.values():
        texts = (text for lang in languages for text in (entry.name(lang), entry.formula(lang)))
        rows.append([f"`{entry.id}`", *(text.replace("|", "\\|") for text in texts)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


class NoTable(Refused):
    """A page that is to carry the table has none yet."""


def write_into(page: Path, table: str) -> bool:
    """Put the table in place of the one with the same heading row; whether the page has changed by it."""
    text = page.read_text(encoding="utf-8")
    heading = table.split("\n", 1)[0]
    before, found, after = text.partition(f"{heading}\n")
    if not found:
        raise NoTable(
            f"{page.name} 里没有表头为“{heading}”的表：请先放一个，内容由程序写。",
            f"{page.name} has no table with the heading row '{heading}': put one there, its rows will be written.",
        )
    rows = after.split("\n")
    rest = next((no for no, line in enumerate(rows) if not line.startswith("|")), len(rows))
    written = "\n".join([before + table, *rows[rest:]])
    if written == text:
        return False
    page.write_text(written, encoding="utf-8")
    return True
