"""Which picture does an <img> show, and which video does an embedded player play?"""

import re
from html import escape
from typing import Final
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from feedsvc.pages.page import Page
from feedsvc.refine.text import one_line

# Where scripts that load pictures late keep the real address; before src, which then is a placeholder.
_LAZY: Final = (
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-lazy",
    "data-url",
    "data-image",
    "data-img-src",
    "data-full-src",
    "data-hi-res-src",
    "data-src-large",
    "data-actualsrc",
    "data-echo",
    "data-cfsrc",
)
_SETS: Final = ("data-srcset", "data-lazy-srcset", "srcset")
_TINY: Final = re.compile(r"\s*0*[0-9](?:px)?\s*")
_PLAYERS: Final = re.compile(
    r"/(?:embed|player|videos?|v|watch|e|iframe|plugins/video\.php)(?:[/._?-]|$)|(?:player|video|embed)[.\w-]*\.",
    re.IGNORECASE,
)
# What else sits in frames: never something to watch or hear.
_NO_PLAYERS: Final = re.compile(
    r"googletagmanager|doubleclick|recaptcha|/ads?[/.]|plugins/(?:like|share|follow|page)|comments?",
    re.IGNORECASE,
)


def picture(element: HtmlElement, page: Page) -> str:
    """``<img>`` with its real address, "" for pixels, placeholders and the like."""
    get = element.get
    if _TINY.fullmatch(get("width") or "") or _TINY.fullmatch(get("height") or ""):
        return ""
    url = _picture_url(element, page)
    if url is None:
        return ""
    size = "".join(
        f' {name}="{value}"' for name in ("width", "height") if (value := get(name) or "").isdigit()
    )
    return f'<img src="{escape(url)}" alt="{escape(one_line(get("alt") or ""))}"{size}>'


def _picture_url(element: HtmlElement, page: Page) -> str | None:
    get = element.get
    for name in _LAZY:
        value = get(name)
        if value and not value.startswith(("data:", "{")) and (url := page.link(value)):
            return url
    src = get("src")
    if src and not src.startswith("data:"):
        return page.link(src)
    for name in _SETS:
        value = get(name)
        if value:
            return page.link(_largest(value))
    return None


def _largest(candidates: str) -> str:
    """Of a ``srcset`` (HTML 4.8.4.2.1) the last one named: lists go from small to large."""
    parts = [part.split() for part in re.split(r",\s+", candidates.strip().rstrip(","))]
    sized = [(_number(part[1]) if len(part) > 1 else 0.0, part[0]) for part in parts if part]
    return max(sized, default=(0.0, ""), key=lambda one: one[0])[1]


def _number(text: str) -> float:
    found = re.match(r"\d{1,6}(?:\.\d{1,3})?", text)
    return float(found[0]) if found else 0.0


def player(element: HtmlElement, page: Page) -> str:
    """A link to what an embedded player plays, "" for frames and objects that play nothing."""
    url = _player_url(element, page)
    if url is None or _NO_PLAYERS.search(url):
        return ""
    if element.tag not in {"video", "audio"} and not _PLAYERS.search(url):
        return ""
    title = one_line(element.get("title") or "") or f"Video: {urlsplit(url).hostname}"
    return f'<a href="{escape(url)}">{escape(title)}</a>'


def _player_url(element: HtmlElement, page: Page) -> str | None:
    for name in ("src", "data-src", "data-lazy-src", "data-url", "data"):
        value = element.get(name)
        if value and not value.startswith(("data:", "about:")):
            return page.link(value)
    source = element.find(".//source")
    return page.link(source.get("src")) if source is not None else None
