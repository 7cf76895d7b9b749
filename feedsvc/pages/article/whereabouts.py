"""Where does an article live, which picture goes with it, and where does it go on?"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from lxml.html import HtmlElement

from feedsvc.model import Image
from feedsvc.pages.meta import Meta, first
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing, address_of, first_text, values

# Pictures that stand for a site rather than an article.
_STAND_IN: Final = re.compile(
    r"logo|placeholder|default|fallback|favicon|avatar|blank\.|spacer|no[-_]?image|share[-_]?image|icon[-_.]",
    re.IGNORECASE,
)
_IMAGE: Final = re.compile(r'<img src="([^"]+)"[^>]*?(?: width="(\d+)")?(?: height="(\d+)")?>')
_SMALL: Final = 100  # pixels; what is smaller is an ornament
_PAGE_WORDS: Final = r"(?:page|seite|pagina|página|strona|sida|side|part|teil|pg|p|s)"
_MORE: Final = re.compile(rf"[-_/,.]?(?:{_PAGE_WORDS}[-_/,.=]?)?(?P<number>\d{{1,2}})", re.IGNORECASE)
_PARAMETER: Final = re.compile(rf"{_PAGE_WORDS}|seitenr|pagenumber|pageno|page_no|paged", re.IGNORECASE)
_MOST_LINKS: Final = 3_000
_ENDS_IN_NUMBER: Final = re.compile(r"\d(?:\.\w{3,5}|/)?$")
_BAR: Final = re.compile(r"pagina|page-?links|page-?numbers|pager|pages\b", re.IGNORECASE)
_ENDING: Final = re.compile(r"(?:\.[a-z]{3,5}|/)$", re.IGNORECASE)


def canonical(page: Page, declared: Meta) -> str | None:
    """The address that the page gives as its own; not the front page, for which some take every page."""
    for name in ("link:canonical", "og:url"):
        for value in declared.get(name, ())[:1]:
            url = page.link(value)
            if url and (urlsplit(url).path not in {"", "/"} or urlsplit(page.url).path in {"", "/"}):
                return url
    return None


def lead_image(page: Page, declared: Meta, subjects: Iterable[Thing], html: str) -> Image | None:
    """The picture that the page names for itself, else the first one in its text."""
    found = [*_declared(page, declared, subjects), *_in_text(html)]
    return next((one for one in found if not _STAND_IN.search(one.url)), found[0] if found else None)


def _declared(page: Page, declared: Meta, subjects: Iterable[Thing]) -> Iterator[Image]:
    for name in ("og:image", "og:image:url", "og:image:secure_url"):
        for value in declared.get(name, ())[:2]:
            if url := page.link(value):
                size = (_pixels(first(declared, f"og:image:{side}")) for side in ("width", "height"))
                yield _image(url, *size)
    for thing in list(subjects)[:3]:
        for one in values(thing, "image", "thumbnailUrl"):
            if url := page.link(address_of(one)):
                size = (
                    _pixels(first_text(one, side)) if isinstance(one, dict) else None
                    for side in ("width", "height")
                )
                yield _image(url, *size)
    for name in (
        "twitter:image",
        "twitter:image:src",
        "thumbnail",
        "parsely-image-url",
        "link:image_src",
        "sailthru.image.full",
    ):
        if url := page.link(first(declared, name)):
            yield Image(url=url)


def _in_text(html: str) -> Iterator[Image]:
    for url, width, height in _IMAGE.findall(html[:200_000]):
        size = _pixels(width), _pixels(height)
        if all(one is None or one >= _SMALL for one in size):
            yield _image(url.replace("&amp;", "&"), *size)


def _image(url: str, width: int | None = None, height: int | None = None) -> Image:
    return Image(url=url, width=width, height=height)


def _pixels(text: str | None) -> int | None:
    found = re.match(r"\d{1,5}(?!\d)", (text or "").strip())
    return int(found[0]) or None if found else None


# ---- the next page ----------------------------------------------------------------------------------


def next_page(page: Page, declared: Meta) -> str | None:
    """The next page of the same article. ``rel=next`` may mean the next article: the address must show it."""
    here = urlsplit(page.url)
    for href in (*declared.get("link:next", ()), *_leading_on(page)):
        url = page.link(href)
        if url and is_next_page(here, urlsplit(url)):
            return url
    return None


def _leading_on(page: Page) -> Iterator[str]:
    """Links that are marked as the next page, and those within a paging bar."""
    for link in islice(page.tree.iter("a"), _MOST_LINKS):
        href = link.get("href", "")
        if "next" in link.get("rel", "") or (_ENDS_IN_NUMBER.search(href[-12:]) and _is_in_bar(link)):
            yield href


def _is_in_bar(link: HtmlElement) -> bool:
    around = islice(link.iterancestors(), 4)
    return any(_BAR.search(one.get("class", "")) for one in around)


def is_next_page(here: SplitResult, there: SplitResult) -> bool:
    """Do two addresses differ by the number of the page alone, and is it the next one?"""
    if (here.netloc.lower(), here.scheme) != (there.netloc.lower(), there.scheme):
        return False
    if here.path == there.path:
        return _numbered(here.query, there.query)
    if here.query != there.query:
        return False
    ending = _ENDING.search(here.path)
    stem, mine = _stem(_ENDING.sub("", here.path))
    return any(
        _continues(there.path, base, number, ending[0] if ending else "")
        for base, number in ((_ENDING.sub("", here.path), 1), (stem, mine))
        if base.strip("/")
    )


def _stem(path: str) -> tuple[str, int]:
    found = re.search(rf"(?:[-_/,.](?:{_PAGE_WORDS}[-_/,.]?)?)(\d{{1,2}})$", path, re.IGNORECASE)
    return (path[: found.start()], int(found[1])) if found else (path, 1)


def _continues(path: str, base: str, number: int, ending: str) -> bool:
    if not path.startswith(base):
        return False
    rest = _ENDING.sub("", path[len(base) :].removeprefix(ending if ending != "/" else ""))
    found = _MORE.fullmatch(rest)
    return found is not None and int(found["number"]) == number + 1


def _numbered(mine: str, theirs: str) -> bool:
    before, after = dict(parse_qsl(mine, True)), dict(parse_qsl(theirs, True))
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if len(changed) != 1:
        return False
    name = changed.pop()
    now, then = before.get(name, "1"), after.get(name, "")
    return (
        bool(_PARAMETER.fullmatch(name))
        and now.isdecimal()
        and then.isdecimal()
        and len(then) < 3
        and int(then) == int(now[:3]) + 1
    )
