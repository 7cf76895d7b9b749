"""What is done to untrusted markup before it is sanitised?

Nothing here makes markup safe: it is read with patterns, which can be fooled, and only what the sanitiser
leaves counts. It rescues what the sanitiser would drop (embedded players, lazy pictures), drops what is no
content (tracking pixels) and finds the markup that would cost the sanitiser too much.
"""

import html
import re
from typing import Final
from urllib.parse import urlsplit

from feedsvc.refine.links import absolute
from feedsvc.refine.text import one_line, words

LONGEST: Final = 1_000_000  # characters of one field; the rest is cut off
_FEW_TAGS: Final = 200  # cannot cost much, however they are arranged
_DEEPEST: Final = 512
_MOST_COPIES: Final = 300_000
_MOST_ENTITIES: Final = 200_000  # a run of text takes time by the square of them

_SPECIAL: Final = re.compile(r"<(/?)(iframe|embed|noscript|img)\b([^<>]{0,4000})>", re.IGNORECASE)
_SPECIAL_HINT: Final = re.compile(r"<(?:iframe|embed|noscript|img)\b", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""(?<![\w:-])([a-zA-Z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_SUSPECT: Final = re.compile(r"""[=:]\s*["']?[01](?:px)?["'\s/;>]|data-|display""", re.IGNORECASE)
_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "data-url")
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|(?:^|;)\s*(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|!|$)", re.IGNORECASE
)
# Formulas: the sanitiser drops MathML whole; without its tags the symbols stay.
_FORMULA: Final = re.compile(
    r"<annotation\b[^<>]*>[^<>]*(?=</annotation)|</?(?:math|semantics|annotation|m(?:[inos]|action|enclose|error|fenced|frac"
    r"|multiscripts|over|padded|phantom|prescripts|root|row|space|sqrt|style|sub|subsup|sup|table|td|text|tr"
    r"|under|underover))\b[^<>]*>",
    re.IGNORECASE,
)

_OPENING: Final = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*)([^<>]*)")
# Elements that have no end tag or may leave it out: they do not nest by themselves.
_FLAT: Final = words(
    "a area base br col colgroup dd dt embed hr img input li link meta option p param rp rt source tbody "
    "td tfoot th thead tr track wbr"
)
# What HTML opens again in every later block until it is closed ("active formatting elements").
_FORMATTING: Final = words("b big code em font i nobr s small strike strong tt u")


def prepared(markup: str, base: str) -> str:
    """``markup`` with players as links, lazy pictures as pictures, and neither pixels nor CDATA marks."""
    if "<![CDATA[" in markup:  # wrapped twice by its source; HTML would take it for a comment
        markup = markup.replace("<![CDATA[", "").replace("]]>", "")
    if "<math" in markup:
        markup = _FORMULA.sub("", markup)
    if not _SPECIAL_HINT.search(markup):
        return markup
    lazy = "<noscript" not in markup.lower()  # else the picture itself stands beside its placeholder
    return _SPECIAL.sub(lambda tag: _rewritten(tag, base, lazy=lazy), markup)


def is_too_costly(markup: str) -> bool:
    """Would parsing it as HTML take time or memory out of all proportion to its size?

    Nesting costs time by its square. Formatting that stays open across blocks is copied into each of
    them, up to three times where it is the same tag (HTML 13.2.4.3), which multiplies the size.
    """
    if markup.count("&") > _MOST_ENTITIES:
        return True
    tags = markup.count("<")
    return tags > _FEW_TAGS and _nests_deeper(markup, deepest=_DEEPEST, formatting=_MOST_COPIES // tags)


def flattened(markup: str) -> str:
    """The words alone, as plain text, found without parsing."""
    return html.unescape(re.sub(r"<[^<>]*>", " ", markup))


def _rewritten(tag: re.Match[str], base: str, *, lazy: bool) -> str:
    name = tag[2].lower()
    if name == "noscript" or tag[1]:  # what is in it shows without scripts, and there are none here
        return ""
    if name == "img" and not _SUSPECT.search(tag[0]):
        return tag[0]
    attributes = _attributes(tag[3])
    if name == "img":
        return _picture(tag[0], attributes, lazy=lazy)
    return _player(attributes, base)


def _attributes(text: str) -> dict[str, str]:
    """Names in lower case; of two with one name the first, as in HTML."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape(next(filter(None, values), "")))
    return found


def _picture(tag: str, attributes: dict[str, str], *, lazy: bool) -> str:
    tiny = attributes.get("width", "").removesuffix("px") in {"0", "1"}
    flat = attributes.get("height", "").removesuffix("px") in {"0", "1"}
    if (tiny and flat) or _HIDDEN.search(attributes.get("style", "")):
        return ""
    source = next((attributes[name] for name in _LAZY if attributes.get(name)), None)
    if lazy and source:
        return f'<img src="{html.escape(source)}" alt="{html.escape(attributes.get("alt", ""))}">'
    return tag


def _player(attributes: dict[str, str], base: str) -> str:
    source = next((attributes[name] for name in ("src", *_LAZY) if attributes.get(name)), "")
    url = absolute(source, base) if source else None
    if url is None:
        return ""
    text = one_line(attributes.get("title", "")) or f"embedded: {urlsplit(url).hostname}"
    return f'<p><a href="{html.escape(url)}">{html.escape(text)}</a></p>'


def _nests_deeper(markup: str, *, deepest: int, formatting: int) -> bool:
    """Does the depth, or the formatting that is open at once, ever exceed these? Errs towards yes."""
    depth = 0
    formats: list[tuple[str, str]] = []
    for closing, raw_name, attributes in _OPENING.findall(markup):
        name = raw_name.lower()
        if name in _FLAT:
            continue
        depth = max(0, depth + (-1 if closing else 1))
        if name in _FORMATTING:
            _note_formatting(formats, (name, attributes), closing=bool(closing))
        if depth > deepest or len(formats) > formatting:
            return True
    return False


def _note_formatting(formats: list[tuple[str, str]], tag: tuple[str, str], *, closing: bool) -> None:
    """Keep the list of open formatting as HTML does: a fourth copy of the same tag is not remembered."""
    if not closing:
        if formats.count(tag) < 3:
            formats.append(tag)
    elif last := next((one for one in reversed(formats) if one[0] == tag[0]), None):
        formats.remove(last)
