"""Sentences for people: every message exists in Chinese and English and is written to stderr."""

import errno
import os
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


def joined(*texts: Text | None) -> Text | None:
    """Remarks as one; None where there is none."""
    told = [one for one in texts if one is not None]
    return Text("；".join(one.zh for one in told), "; ".join(one.en for one in told)) if told else None


class Refusal(Exception):
    """A mistake in a file or a call that a person can correct: shown as a sentence, never as a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


class WrongCall(Refusal):
    """The command itself was wrong (exit code 2)."""


# What the system says of a file, in Chinese; in English it says it itself.
REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOENT: "文件或文件夹不存在",
    errno.ENOTDIR: "路径中有一处不是文件夹",
    errno.EISDIR: "这是文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多",
    errno.EFBIG: "文件超过了允许的大小",
    errno.ENOMEM: "内存不足",
}
# How the engine says it, apart from the system's own words, which it quotes.
OF_THE_ENGINE = {"max_temp_directory_size": errno.ENOSPC, "Out of Memory": errno.ENOMEM}


def reason_of(error: Exception) -> Text:
    """Why the system, or the engine, would not read or write a file.

    Of the engine's words only what is known is told on: they may quote cells of a drop.
    """
    number, said = _number_of(error), type(error).__name__
    if isinstance(error, OSError):
        said = error.strerror or said
    elif number:
        said = os.strerror(number)
    return Text(REASONS.get(number, said), said)


def _number_of(error: Exception) -> int:
    if isinstance(error, OSError):
        return error.errno or 0
    if isinstance(error, MemoryError):
        return errno.ENOMEM
    words = OF_THE_ENGINE | {os.strerror(number): number for number in REASONS}
    return next((number for said, number in words.items() if said in str(error)), 0)


def say(text: Text | str) -> None:
    """Write a sentence to stderr; stdout is kept for what other programs read."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201  stderr is this function's purpose
