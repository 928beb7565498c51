"""The five cities' published figures, the texts they come from, and what can be derived from them.

The front door to metrics.figures and metrics.derived; everything is read once per process.
"""

from functools import lru_cache

from metrics.derived import DerivedFigure, read_derived_figures
from metrics.figures import Document, PublishedFigure, read_documents, read_published_figures
from metrics.paths import REFERENCE

__all__ = [
    "DerivedFigure",
    "Document",
    "PublishedFigure",
    "derived_figures",
    "documents",
    "published_figures",
]


@lru_cache(maxsize=1)
def _documents() -> tuple[Document, ...]:
    return tuple(read_documents(REFERENCE))


@lru_cache(maxsize=1)
def _published_figures() -> tuple[PublishedFigure, ...]:
    return tuple(read_published_figures(REFERENCE))


@lru_cache(maxsize=1)
def _derived_figures() -> tuple[DerivedFigure, ...]:
    return tuple(read_derived_figures(REFERENCE))


def documents() -> list[Document]:
    """One per published text."""
    return list(_documents())


def published_figures() -> list[PublishedFigure]:
    """One per printed number, in the order of the texts."""
    return list(_published_figures())


def derived_figures() -> list[DerivedFigure]:
    """One per formula, with value and bound computed."""
    return list(_derived_figures())
