"""Keeping the Chinese catalogue complete: `python -m pages.i18n update` and `… check`.

`update` extracts every `_("…")` of app.py and pages/ into redvest.pot and merges it into the .po, where
new texts appear with an empty translation. `check` (part of `make check`) changes nothing and exits 1
when a text is untranslated, fuzzy, obsolete or missing.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.pofile import read_po, write_po

from pages.i18n import CATALOGUES, LOCALES

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = LOCALES / "redvest.pot"
KEYWORDS = {"_": None, "N_": None}
# Dates of extraction would make every update a change; git knows when a text was written.
HEADER = {"project": "Redvest", "version": "1", "copyright_holder": "Redvest", "charset": "utf-8"}
HEADER |= {"last_translator": "Redvest", "language_team": "zh_CN", "msgid_bugs_address": "-"}
COMMENT = "# Texts of the dashboard. Kept by `python -m pages.i18n update`; translate here, by hand."
WRITTEN_AT = datetime(2025, 1, 1, tzinfo=UTC)


def extract() -> Catalog:
    """Every marked text of app.py and pages/, with the files it stands in."""
    catalogue = Catalog(**HEADER, creation_date=WRITTEN_AT, revision_date=WRITTEN_AT, fuzzy=False)
    for filename, message, location in _marked_texts():
        # File names without line numbers: a moved line must not change the catalogue.
        entry = catalogue.add(message, locations=[(filename, None)] if location else [])  # type: ignore[list-item]
        if entry is not None:
            entry.flags.discard(
                "python-format"
            )  # texts are filled with str.format; "95 % i" is no placeholder
    return catalogue


def _marked_texts() -> list[tuple[str, str, int]]:
    found = [("app.py", row[1], row[0]) for row in extract_from_file("python", ROOT / "app.py", KEYWORDS)]
    rows = extract_from_dir(ROOT / "pages", [("**.py", "python")], keywords=KEYWORDS)
    found += [(f"pages/{row[0]}", row[2], row[1]) for row in rows]
    return sorted(((name, str(text), line) for name, text, line in found), key=lambda item: item[:2])


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN")


def problems() -> list[str]:
    """One sentence per text that a Chinese reader would see in English, or that nobody sees any more."""
    template, catalogue = extract(), read(CATALOGUES["zh"])
    wanted = {message.id for message in template if message.id}
    known = {message.id: message for message in catalogue if message.id}
    found = [f"missing from the catalogue: {text!r}" for text in sorted(wanted - set(known), key=str)]
    found += [f"no longer used: {text!r}" for text in sorted(set(known) - wanted, key=str)]
    found += [f"obsolete entry: {text!r}" for text in catalogue.obsolete]
    found += [f"not translated: {text!r}" for text, message in known.items() if not message.string]
    found += [f"fuzzy: {text!r}" for text, message in known.items() if message.fuzzy]
    return found


def update() -> int:
    """Write the template, merge it into the Chinese catalogue; how many texts wait for a translation."""
    template, path = extract(), CATALOGUES["zh"]
    catalogue = Catalog(
        locale="zh_CN", **HEADER, creation_date=WRITTEN_AT, revision_date=WRITTEN_AT, fuzzy=False
    )
    known = {message.id: message.string for message in read(path)} if path.exists() else {}
    for message in template:
        if message.id:
            catalogue.add(message.id, known.get(message.id, ""), locations=message.locations)
            catalogue[message.id].flags.discard("python-format")
    for content in (template, catalogue):
        content.header_comment = COMMENT
    for target, content in ((TEMPLATE, template), (path, catalogue)):
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            write_po(file, content, width=100, omit_header=False, sort_output=True, include_lineno=False)
    return sum(1 for message in catalogue if message.id and not message.string)


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        waiting = update()
        sys.stderr.write(f"{CATALOGUES['zh'].relative_to(ROOT)}: {waiting} texts wait for a translation.\n")
        return 0
    if arguments == ["check"]:
        found = problems()
        sys.stderr.writelines(f"{sentence}\n" for sentence in found)
        return 1 if found else 0
    sys.stderr.write("Usage: python -m pages.i18n update|check\n")
    return 2
