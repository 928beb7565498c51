"""Commands of etl started for a page: in a process of their own, watched by what they write."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl import journal
from etl.journal import work_of
from etl.messages import Text
from metrics.paths import ROOT

__all__ = ["Answer", "Busy", "Job", "Text", "ask", "busy", "start"]

# A page asks for a list and somebody waits for it: longer than this, it is told who is at work instead.
WAITS_SECONDS = 20.0
LOOKS_EVERY_SECONDS = 0.05
STOPPED = Text(
    "处理这件事的程序意外中断。已完成的部分都有效，没有留下一半的数据；请再试一次。",
    "The program at work on this was stopped. What was done counts, nothing is half done; please try again.",
)
CRASHED = "Traceback"
ENGLISH_LINE = "  "  # etl.messages.Text writes the Chinese line, then the English one indented


@dataclass(frozen=True)
class Answer:
    """What a command left: its exit code, what it printed for programs, what it said to people."""

    code: int
    printed: str
    told: list[Text]

    @property
    def is_good(self) -> bool:
        return self.code == 0

    def json(self) -> Any:
        """The JSON it printed; None when it ended before it could."""
        try:
            return json.loads(self.printed)
        except ValueError:
            return None


@dataclass
class Job:
    """A command at work. What it writes goes to files of a private folder, gone with this object."""

    process: "subprocess.Popen[bytes]"
    folder: "tempfile.TemporaryDirectory[str]"
    began: float = field(default_factory=time.monotonic)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def told(self) -> list[Text]:
        """The sentences so far."""
        return sentences(_read(self.folder.name, "err"))

    def wait(self, seconds: float) -> bool:
        """Whether it ended within so many seconds."""
        until = time.monotonic() + seconds
        while self.is_running and time.monotonic() < until:
            time.sleep(LOOKS_EVERY_SECONDS)
        return not self.is_running

    def answer(self) -> Answer:
        """What it left, once it has ended."""
        code = self.process.wait()
        told = self.told()
        crash = [number for number, text in enumerate(told) if text.zh.startswith(CRASHED)]
        if crash:  # its words may quote cells of a drop, and nobody here can do anything with them
            told = told[: crash[0]]
        if code < 0 or crash:
            told.append(STOPPED)
        return Answer(code, _read(self.folder.name, "out"), told)


class Busy(Exception):
    """Somebody else is at work on the warehouse; `text` says who."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def busy(home: Path) -> Text | None:
    """Who writes at this moment, as a sentence; None when nobody does. Reads one small file."""
    who = journal.writing(home)
    if who is None:
        return None
    work = work_of(who.doing)
    return Text(
        f"数据仓库正在使用中：{work.zh}（{who.since} 开始）。请稍候，完成后即可操作。",
        f"The warehouse is in use: {work.en}, begun {who.since}. Please wait until it is done.",
    )


def interrupted(home: Path) -> list[Text]:
    """Work that died and that nobody has made up for yet."""
    return [
        Text(
            f"{one.since} 开始的工作（{work_of(one.doing).zh}）中断了。已完成的部分都有效，没有留下一半的数据；"
            "请在“上传”栏载入收件箱，把它做完。",
            f"Work begun {one.since} ({work_of(one.doing).en}) was interrupted. What was done counts, nothing "
            "is half done; load the inbox under “Upload” to finish it.",
        )
        for one in journal.read(home)
        if one.finished_at is None
    ]


def start(home: Path, *arguments: object) -> Job:
    """Start `python -m etl ARGUMENTS` on a data home and come back at once."""
    folder = tempfile.TemporaryDirectory(prefix="redvest-")
    command = [sys.executable, "-m", "etl", *(str(one) for one in arguments), "--data", str(home.absolute())]
    with Path(folder.name, "out").open("wb") as out, Path(folder.name, "err").open("wb") as err:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
    return Job(process, folder)


def ask(home: Path, *arguments: object, seconds: float = WAITS_SECONDS) -> Answer:
    """The answer of a command that takes a moment. Raises Busy rather than wait for a writer."""
    writer = busy(home)
    if writer is not None:
        raise Busy(writer)
    job = start(home, *arguments)
    if job.wait(seconds):
        return job.answer()
    # It is left to come to its end: killed, it would be noted as interrupted work.
    slow = Text("这项查询用时较长，请稍后再试。", "This takes longer than usual; please try again later.")
    raise Busy(busy(home) or slow)


def sentences(text: str) -> list[Text]:
    """Sentences as etl.messages.say wrote them; a line still being written is left out."""
    lines = text.split("\n")[:-1]
    found: list[Text] = []
    for line in lines:
        if line.startswith(ENGLISH_LINE) and found and not found[-1].en:
            found[-1] = Text(found[-1].zh, line.strip())
        elif line.strip():
            found.append(Text(line.strip(), ""))
    return [Text(one.zh, one.en or one.zh) for one in found]


def without_commands(text: Text) -> Text:
    """A sentence for somebody without a terminal: what says which command to type is left out."""
    zh = re.sub(r"[^。；：]*[：:]?\s*python -m etl[^。]*。?", "", text.zh)
    en = re.sub(r"\s*[^.;:]*:?\s*python -m etl.*$", "", text.en)
    return Text(zh.rstrip("；：") or text.zh, en.rstrip(";: ") or text.en)


def _read(folder: str, name: str) -> str:
    return Path(folder, name).read_text(encoding="utf-8", errors="replace")
