"""The indicators as a Markdown table, which the pages for people carry word for word (tests/test_docs.py)."""

from collections.abc import Sequence

from metrics.catalogue import Catalogue
from metrics.definitions import LANGUAGES

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
