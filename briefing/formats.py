"""The formats a briefing can be written in. One more format is one more writer and one line here."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from briefing.model import Briefing
from briefing.slides.write import write as write_slides
from briefing.web.write import write as write_page
from briefing.word.write import write as write_document
from metrics.reference import did_you_mean
from metrics.refusals import Refused

FORMATS: dict[str, Callable[[Briefing, Path], None]] = {
    "docx": write_document,
    "pptx": write_slides,
    "html": write_page,
}


class FormatNotKnown(Refused):
    """No writer for this format."""


def parse_formats(text: str) -> list[str]:
    """'docx,pptx' → the formats, each once, in that order. Raises FormatNotKnown."""
    names = [name.strip().lower().removeprefix(".") for name in text.split(",") if name.strip()]
    for name in names or [text]:
        if name not in FORMATS:
            raise FormatNotKnown(
                f"没有格式“{name}”；可用：{'、'.join(FORMATS)}。",
                f"There is no format '{name}'.{did_you_mean(name, FORMATS)} There are {', '.join(FORMATS)}.",
            )
    return list(dict.fromkeys(names))


def write_all(briefing: Briefing, formats: Iterable[str], folder: Path, name: str) -> list[Path]:
    """Write each format beside its final name and move it there, so that no half file is ever found."""
    written = []
    for extension in formats:
        path = folder / f"{name}.{extension}"
        beside = folder / f".{name}.{os.getpid()}.{extension}"
        try:
            FORMATS[extension](briefing, beside)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        written.append(path)
    return written
