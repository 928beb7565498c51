"""Sentences for people: every message exists in Chinese and English and is written to stderr."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One sentence in both languages of the house."""

    zh: str
    en: str

    def format(self, **values: object) -> "Text":
        return Text(self.zh.format(**values), self.en.format(**values))

    def __str__(self) -> str:
        return f"{self.zh}\n  {self.en}"


class Refusal(Exception):
    """A mistake in a file or a call that a person can correct: shown as a sentence, never as a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class WrongCall(Refusal):
    """The command itself was wrong (exit code 2)."""


def say(text: Text | str) -> None:
    """Write a sentence to stderr; stdout is kept for what other programs read."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  stderr is this function's purpose
