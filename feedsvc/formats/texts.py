"""How does text look in every reader: in which language and direction, or as bare words?"""

import re
from html import unescape

from feedsvc import languages

_SCRIPT = re.compile(r"-([A-Za-z]{4})(?:-|$)")
_RTL_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"}
)
_STARTS_DIRECTED = re.compile(r"\s*<\w[^>]*\sdir=", re.ASCII)

# Quoted attribute values may hold ">"; possessive, so that no input is slow.
_TAG = re.compile(r"""</?([a-z][a-z0-9]*)(?:[^>"']|"[^"]*"|'[^']*')*+>""")
_INLINE = re.compile(
    "a|abbr|b|bdi|bdo|big|cite|code|del|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|sub|sup"
    "|time|tt|u|var|wbr"
)


def language_tag(tag: str | None) -> str | None:
    """``tag`` where it is one of BCP 47, else None: a wrong one makes a whole document invalid."""
    return languages.language_tag(tag) if tag else None


def is_rtl(tag: str | None) -> bool:
    """Whether the language is written from right to left; a script in the tag decides (``ks-Arab``)."""
    if not tag:
        return False
    if script := _SCRIPT.search(tag):
        return script[1].lower() in _RTL_SCRIPTS
    return tag.partition("-")[0].lower() in _RTL_LANGUAGES


def directed(html: str, tag: str | None) -> str:
    """``html`` that reads from right to left by itself, as few readers look at the language.

    Markup that begins with a direction of its own stays as it is.
    """
    if not html or not is_rtl(tag) or _STARTS_DIRECTED.match(html):
        return html
    return f'<div dir="rtl">{html}</div>'


def plain_text(html: str) -> str:
    """The words of safe markup; blocks are parted by a space."""
    return " ".join(unescape(_TAG.sub(_gap, html)).split())


def _gap(tag: re.Match[str]) -> str:
    return "" if _INLINE.fullmatch(tag[1]) else " "
