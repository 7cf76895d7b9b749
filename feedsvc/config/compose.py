"""How is a source written as YAML, so that it reads back as the same?"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from feedsvc.config.positions import locate

_STARTS_PLAIN: Final = re.compile(r"[\w/(]")
_LONGEST: Final = 100  # characters of a line
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")  # plain even between braces

_BOOLEANS: Final = frozenset({"n", "no", "off", "on", "y", "yes"})  # texts to us, not to YAML 1.1


def block(item: Mapping[str, object], *, indent: str = "  ") -> str:
    """An item of a list in block style, a line a key. What is below a key is written on its line, or below it
    where that line were too long."""
    lines = [line for key, value in item.items() for line in _lines(key, value)]
    return "".join(f"{indent}{'  ' if number else '- '}{line}\n" for number, line in enumerate(lines))


def _lines(key: str, value: object) -> list[str]:
    line = f"{key}: {_value(value)}"
    if len(line) <= _LONGEST or not isinstance(value, Mapping):
        return [line]
    return [f"{key}:", *(f"  {_plain_or_quoted(str(name))}: {_value(one)}" for name, one in value.items())]


def flow(value: object) -> str:
    """Anything on one line, in flow style."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_plain_or_quoted(str(key))}: {flow(one)}' for key, one in value.items())}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(flow, value))}]"
    return _plain_or_quoted(value) if isinstance(value, str) else json.dumps(value)


def _value(value: object) -> str:
    if not isinstance(value, str):
        return flow(value)
    return value if _is_plain(value) else _quoted(value)


def _is_plain(text: str) -> bool:
    """Can it stand behind its key without quotes? YAML itself is asked: its rules are many."""
    if not _STARTS_PLAIN.match(text) or not text.isprintable() or text.lower() in _BOOLEANS:
        return False
    located = locate(f"x: {text}\n", "")
    return located.data == {"x": text} and not located.problems


def _plain_or_quoted(text: str) -> str:
    return text if _WORD.fullmatch(text) and _is_plain(text) else _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes, which are JSON's; what one cannot see is escaped, as YAML 1.2 (5.7) wants it."""
    return "".join(_escaped(json.dumps(text, ensure_ascii=False)))


def _escaped(text: str) -> Iterator[str]:
    for char in text:
        if char.isprintable():
            yield char
        else:
            yield f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
