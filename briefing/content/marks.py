"""Marks ①②③ that point from a cell to the status under its table."""

from briefing.words import Words
from metrics.explain import status_text

CIRCLED = "①②③④⑤⑥⑦⑧"


class Marks:
    """Statuses other than ok, numbered in the order in which a table meets them."""

    def __init__(self) -> None:
        self._statuses: list[str] = []

    def of(self, status: str) -> str:
        if status == "ok":
            return ""
        if status not in self._statuses:
            self._statuses.append(status)
        return CIRCLED[self._statuses.index(status)]

    def notes(self, words: Words) -> tuple[str, ...]:
        return tuple(
            words("note_mark", mark=CIRCLED[number], status=status_text(status, words.lang))
            for number, status in enumerate(self._statuses)
        )
