"""The desk at which the dashboard asks for a briefing: the one module of this room that pages may enter.

What is slow to load (Word, PowerPoint) is loaded when somebody asks for a file, not when a page is drawn.
"""

import tempfile
from pathlib import Path

from briefing.naming import file_name
from metrics.build import Build
from metrics.periods import Period
from metrics.variants import Variant

# Format → its MIME type, in the order in which they are offered.
OFFERED = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "html": "text/html",
}
TEMPLATE = "overview"


def name_of(
    build: Build, area: str, period: Period, window: str, variant: Variant, lang: str, extension: str
) -> str:
    return f"{file_name(TEMPLATE, area, period, window, lang, build, variant)}.{extension}"


def content_of(
    build: Build, area: str, period: Period, window: str, variant: Variant, lang: str, extension: str
) -> bytes:
    """The file as the command would write it. Raises what the command says in a sentence."""
    from briefing.content.compose import compose
    from briefing.formats import write_all
    from briefing.template import load_template

    briefing = compose(build, area, period, window, load_template(TEMPLATE), lang, variant)
    with tempfile.TemporaryDirectory(prefix="redvest-briefing-") as folder:
        (path,) = write_all(briefing, [extension], Path(folder), TEMPLATE)
        return path.read_bytes()
