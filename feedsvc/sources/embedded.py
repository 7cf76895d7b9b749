"""Which JSON is written into a page?

``where`` says it: a CSS selector of script elements (``script#__NEXT_DATA__``) or of an attribute
(``div#app::attr(data-page)``), or a JavaScript variable that it is assigned to (``window.__STATE__``).
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import AfterValidator

from feedsvc.errors import ParseError
from feedsvc.pages.page import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST: Final = 200  # scripts of one page
_VARIABLE: Final = re.compile(
    r"(?:(?:window|self|globalThis)(?:\.[\w$]+|\[[\"'][\w$.-]+[\"']\])+|[\w$.]+\s*=)"
)
_ASSIGNED: Final = re.compile(
    r"(?<![\w$.])((?:window|self|globalThis)(?:\.[\w$]{1,80}|\[[\"'][\w$.-]{1,80}[\"']\])"
    r"|(?:var|let|const)\s+[\w$]{1,80})\s*=\s*(?=[{\[]|JSON\.parse\()"
)
_PARSE: Final = re.compile(r"JSON\.parse\(\s*")
# What JavaScript has and JSON has not.
_WORD: Final = re.compile(r"(?:undefined|void 0)(?![\w$])")
_TEXT_OR_WORD: Final = re.compile(r'(?s)"(?:[^"\\]|\\.)*+"?|(?<![\w$])(?:undefined|void 0)(?![\w$])')
_DECODER: Final = json.JSONDecoder(parse_constant=lambda _: None)  # NaN, Infinity
_WRAPPING: Final = re.compile(r"\s*(?:<!--[^\n]*\n|//\s*<!\[CDATA\[|/\*<!\[CDATA\[\*/)?\s*")
_DECLARED: Final = re.compile(r"(?:var|let|const)\s+(.*)", re.DOTALL)
_PLAIN_ID: Final = re.compile(r"[A-Za-z_][\w-]*")
_DATA_TYPES: Final = frozenset({"application/json", "text/json"})
_SCRIPT_TYPES: Final = frozenset({"", "application/javascript", "module", "text/javascript"})
_MOST_TRIED: Final = 30_000_000  # characters in all: what follows an assignment is read for each of them


def find(page: Page, where: str) -> object:
    """The value; a list of values where ``where`` finds several.

    :raises ParseError: "list-gone" if there is nothing, "invalid" if it is no JSON.
    """
    found = list(_of_variable(page, where) if is_variable(where) else _of_selector(page, where))
    if not found:
        raise ParseError(f"the page has nothing at json_in: {where}", kind="list-gone")
    return found[0] if len(found) == 1 else found


def every(page: Page) -> Iterator[tuple[str, object]]:
    """All JSON of a page that is no JSON-LD, each with what finds it again."""
    tried = 0
    for where, content in _places(page):
        tried += len(content)
        if tried > _MOST_TRIED:
            return
        try:
            yield where, _value(content, where)
        except ParseError:
            continue  # JavaScript, which need not be JSON


def _places(page: Page) -> Iterator[tuple[str, str]]:
    scripts = [(one, _kind(one)) for one in page.tree.xpath("//script[not(@src)]")[:MOST]]
    kinds = Counter(kind for _, kind in scripts)
    for script, kind in scripts:
        content, name = script.text or "", script.get("id") or ""
        if kind in _DATA_TYPES and _PLAIN_ID.fullmatch(name):
            yield f"script#{name}", content
        elif kind in _DATA_TYPES and kinds[kind] == 1:  # several have no name of their own
            yield f'script[type="{kind}"]', content
        elif kind in _SCRIPT_TYPES:
            for assigned in _ASSIGNED.finditer(content):
                yield _DECLARED.sub(r"\1 =", assigned[1]), content[assigned.end() :]


def _kind(script: "HtmlElement") -> str:
    return (script.get("type") or "").partition(";")[0].strip().lower()


def is_variable(where: str) -> bool:
    return _VARIABLE.fullmatch(where.strip()) is not None


def _where(text: str) -> str:
    if is_variable(text):
        return text
    from cssselect import SelectorError  # noqa: PLC0415 slow to import
    from parsel.csstranslator import css2xpath  # noqa: PLC0415 slow to import

    try:
        css2xpath(text)
    except SelectorError as error:
        raise ValueError(
            f"neither a CSS selector such as script#data nor a variable such as window.data: {error}"
        ) from error
    return text


Where = Annotated[str, AfterValidator(_where)]


def _of_selector(page: Page, where: str) -> Iterator[object]:
    from parsel import Selector  # noqa: PLC0415 slow to import

    for one in Selector(root=page.tree).css(where)[:MOST]:
        node = one.root
        yield _value(node if isinstance(node, str) else "".join(node.itertext()), where)


def _of_variable(page: Page, where: str) -> Iterator[object]:
    name = re.escape(where.strip().removesuffix("=").strip())
    assigned = re.compile(rf"(?<![\w$.]){name}\s*=(?!=)")
    for script in page.tree.xpath("//script[not(@src)]")[:MOST]:
        content = script.text or ""
        if found := assigned.search(content):
            yield _value(content[found.end() :], where)


def _value(content: str, where: str) -> object:
    """The JSON at the beginning of a script's text; what follows it is JavaScript."""
    start = _WRAPPING.match(content)
    content = content[start.end() :] if start else content
    try:
        if parse := _PARSE.match(content):
            return json.loads(_literal(content[parse.end() :]))
        return _decoded(content)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            f"what the page has at json_in: {where} is no JSON, or breaks off: {error}"
        ) from error


def _decoded(content: str) -> object:
    try:
        return _DECODER.raw_decode(content)[0]
    except json.JSONDecodeError as error:
        if not _WORD.match(content, error.pos):
            raise
    plain = _TEXT_OR_WORD.sub(lambda one: one[0] if one[0].startswith('"') else "null", content)
    return _DECODER.raw_decode(plain)[0]


def _literal(content: str) -> str:
    """The text of a JavaScript string literal (ECMAScript 12.9.4), as far as JSON's escapes go."""
    mark = content[:1]
    if mark == '"':
        text = _DECODER.raw_decode(content)[0]
        return str(text)
    found = re.match(r"'((?:[^'\\]|\\.)*+)'|`((?:[^`\\]|\\.)*+)`", content, re.DOTALL)
    if found is None:
        raise ValueError("JSON.parse() of no text")
    inner = (found[1] or found[2] or "").replace("\\'", "'").replace("\\`", "`")
    inner = re.sub(r"\\x([0-9a-fA-F]{2})", r"\\u00\1", inner)
    return str(json.loads('"' + re.sub(r'(\\.)|(")', lambda one: one[1] or '\\"', inner) + '"', strict=False))
