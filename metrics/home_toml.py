"""Reading the tables an office keeps in its data home (TOML): one refusal for all that cannot be read, with the place."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def read_home_toml(
    path: Path, refusal: Callable[[str, str], Exception], zh: str | None = None, en: str | None = None
) -> dict[str, Any]:
    """What a file of a data home holds; a file that is not there holds nothing.

    Raises `refusal` with a sentence in Chinese and one in English; `zh` and `en`: what the file is called in them.
    """
    zh, en = zh or path.name, en or path.name
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise refusal(
            f"{zh} 无法读取（{error.strerror}）。", f"{en} cannot be read ({error.strerror})."
        ) from None
    try:
        return tomllib.loads(data.decode("utf-8-sig"))  # Windows' editor puts a mark before the text
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"0x{data[error.start]:02X}"
        raise refusal(
            f"{zh} 不是有效的 TOML：第 {line} 行有字节 {found}，不是 UTF-8 文字；请用 UTF-8 编码另存。",
            f"{en} is not valid TOML: line {line} holds the byte {found}, which is no UTF-8; save it as UTF-8.",
        ) from None
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        at = AT.search(said)
        place = f"第 {at[1]} 行第 {at[2]} 个字符处" if at and at[1] else "文件末尾"
        raise refusal(
            f"{zh} 不是有效的 TOML：{place}写法有误（{AT.sub('', said)}）；应为“键 = 值”，文字加引号，或以 [ ] 写的小节。",
            f"{en} is not valid TOML: {said}; expected 'key = value' with texts in quotes, or a [table].",
        ) from None
