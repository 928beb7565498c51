"""Marks ①②③ that point from a cell to the status under its table."""

from collections.abc import Iterable

from briefing.words import Words
from metrics.explain import status_text
from metrics.observation import Observation

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


class Marks:
    """Statuses other than ok, numbered in the order in which a table meets them.

    A status that all values of the table share is said once, below, instead of in every cell.
    """

    def __init__(self, rows: Iterable[Observation] = ()) -> None:
        self._statuses: list[str] = []
        shared = {row.told_status for row in rows if row.value is not None}
        self._shared = shared.pop() if len(shared) == 1 else "ok"

    def of(self, status: str) -> str:
        if status in ("ok", self._shared):
            return ""
        if status not in self._statuses:
            self._statuses.append(status)
        return CIRCLED[self._statuses.index(status)]

    def notes(self, words: Words) -> tuple[str, ...]:
        notes = [
            words("note_mark", mark=CIRCLED[number], status=status_text(status, words.lang))
            for number, status in enumerate(self._statuses)
        ]
        if self._shared != "ok":
            notes.insert(0, words("note_all", status=status_text(self._shared, words.lang)))
        return tuple(notes)
