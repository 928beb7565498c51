"""Every text a reader sees goes through the catalogue, and the catalogue is complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from metrics.paths import ROOT
from pages import messages
from pages.i18n import CATALOGUES, translations

CHINESE = re.compile(r"[\u3400-\u9fff]")
WORDS = re.compile(r"[A-Za-z]{2,} +[A-Za-z]{2,}")
LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}")
MARKUP = re.compile(r"<[^>]*(?:>|$)|\{[^}]*\}|:material/\w+:")
# Streamlit calls whose text is not for readers, and arguments that are never shown.
NOT_SHOWN = {"key", "language", "mime", "file_name", "icon", "width", "height", "theme", "on_click"}
# What needs no translation: names, and commands to be typed.
ALLOWED = {"Redvest 红马甲", "中文", "English", "python -m etl load", "万", "亿"}
MARKERS = {"_", "N_"}


def sources() -> list[str]:
    """Everything that may speak to readers; messages.py speaks to developers only."""
    paths = [path for path in (ROOT / "pages").rglob("*.py") if path.name != "messages.py"]
    return ["app.py", *sorted(str(path.relative_to(ROOT)) for path in paths)]


def test_every_text_is_translated_and_none_is_stale() -> None:
    assert messages.problems() == []


def test_the_check_notices_an_untranslated_text(monkeypatch: pytest.MonkeyPatch) -> None:
    template = messages.extract()
    template.add("A text nobody has translated")
    monkeypatch.setattr(messages, "extract", lambda: template)
    assert messages.problems() == ["missing from the catalogue: 'A text nobody has translated'"]


def test_the_template_is_the_one_update_would_write() -> None:
    written = {message.id for message in messages.read(messages.TEMPLATE) if message.id}
    assert written == {message.id for message in messages.extract() if message.id}


def test_no_marked_text_hides_from_extraction() -> None:
    """Babel does not look inside f-strings, and `_(variable)` gives it nothing to extract."""
    extracted = {message.id for message in messages.extract() if message.id}
    marked = {
        argument.value
        for name in sources()
        for call in marked_calls(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
    assert marked == extracted


def test_placeholders_survive_translation() -> None:
    """A lost {placeholder} would drop a number from a sentence; an invented one would raise."""
    catalogue = messages.read(CATALOGUES["zh"])
    fields = re.compile(r"\{(\w+)\}")
    wrong = [
        message.id
        for message in catalogue
        if message.id and set(fields.findall(str(message.id))) != set(fields.findall(str(message.string)))
    ]
    assert wrong == []


def test_chinese_is_read_from_the_catalogue_and_english_needs_none() -> None:
    assert translations("zh").gettext("Overview") == "总览"
    assert translations("en").gettext("Overview") == "Overview"


@pytest.mark.parametrize("name", sources())
def test_no_text_bypasses_the_catalogue(name: str) -> None:
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    marked = {id(node) for call in marked_calls(tree) for node in ast.walk(call)}
    hidden = marked | {id(node) for node in not_for_readers(tree)}
    found = [
        f"{name}:{node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in hidden
        if node.value not in ALLOWED and reads_like_text(node.value)
    ]
    found += [f"{name}:{line}: {text!r}" for line, text in drawn_literals(tree, marked)]
    assert found == []


def test_the_scan_finds_what_it_should() -> None:
    tree = ast.parse(
        'st.title("Hello"); x = "本月"; st.write(_("fine")); st.metric("Hours", 1, key="hours_key")'
    )
    assert drawn_literals(tree, {id(n) for c in marked_calls(tree) for n in ast.walk(c)}) == [
        (1, "Hello"),
        (1, "Hours"),
    ]
    assert [text for text in ("本月", "two words", "registered_share") if reads_like_text(text)] == [
        "本月",
        "two words",
    ]


def reads_like_text(text: str) -> bool:
    """Chinese, or at least two English words in a row, outside markup."""
    bare = MARKUP.sub("", text)
    return bool(CHINESE.search(bare) or (WORDS.search(bare) and bare.strip() not in ALLOWED))


def marked_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKERS:
            yield node


def drawn_literals(tree: ast.AST, marked: set[int]) -> list[tuple[int, str]]:
    """Literal texts handed to st.something(…), even single words."""
    found = []
    for call in ast.walk(tree):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if not (isinstance(call.func.value, ast.Name) and call.func.value.id == "st"):
            continue
        if call.func.attr in {"Page", "page_link", "code", "get_option"}:
            arguments = [keyword.value for keyword in call.keywords if keyword.arg in {"title", "label"}]
        else:
            arguments = [*call.args, *(k.value for k in call.keywords if k.arg not in NOT_SHOWN)]
        for argument in arguments:
            if isinstance(argument, ast.Constant) and id(argument) not in marked:
                text = argument.value
                if isinstance(text, str) and text not in ALLOWED and shown_words(call.func.attr, text):
                    found.append((argument.lineno, text))
    return found


def shown_words(function: str, text: str) -> bool:
    """Options such as "collapsed" or "line" are lower-case words of Streamlit's, never sentences."""
    bare = MARKUP.sub("", text)
    return (
        bool(LETTERS.search(bare)) and not re.fullmatch(r"[a-z_-]+", bare) and function != "set_page_config"
    )


def not_for_readers(tree: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, log lines, subjects of `raise`, command-line output, and constants named for CSS."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Raise):
            yield from ast.walk(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if owner in {"logger", "sys.stderr"} or owner.startswith("re"):
                yield from ast.walk(node)
        elif isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id in {"FONT", "FIRST_COMMANDS"}
            for target in node.targets
        ):
            yield from ast.walk(node)
