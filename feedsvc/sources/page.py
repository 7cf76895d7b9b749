"""What does a page that lists articles say, be it told by selectors or found out?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document, Parsed, ParsedItem, Request, WebSource
from feedsvc.pages import page as pages
from feedsvc.pages.listing import chosen, listed, outcome, selectors, wordpress
from feedsvc.pages.listing.dates import Order
from feedsvc.pages.listing.paging import next_url
from feedsvc.pages.listing.selectors import BadSelector, Selector
from feedsvc.pages.meta import first, meta
from feedsvc.pages.page import Page
from feedsvc.pages.trouble import trouble
from feedsvc.refine.clean import language_tag
from feedsvc.sources.contract import SourceType

_ACCEPT: Final = "text/html, application/xhtml+xml, */*;q=0.1"


def _selects(text: str) -> str:
    try:
        selectors.compiled(text)
    except BadSelector as error:
        raise ValueError(str(error)) from error
    return text


Select = Annotated[str, AfterValidator(_selects)]


class Fields(BaseModel):
    """Where in an item its fields are: CSS (with ::text, ::attr(name)) or XPath. The others are found."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Select | None = Field(None, description="Its title.", examples=["h2 ::text"])
    link: Select | None = Field(None, description="Its address.", examples=["h2 a::attr(href)"])
    date: Select | None = Field(None, description="When it was published.", examples=["time::attr(datetime)"])
    updated: Select | None = Field(None, description="When it was last changed.")
    summary: Select | None = Field(None, description="What it is about, as text.", examples=["p ::text"])
    content: Select | None = Field(None, description="Its full text, as elements.", examples=[".body"])
    image: Select | None = Field(None, description="A picture.", examples=["img::attr(src)"])
    author: Select | None = Field(None, description="Who wrote it.", examples=[".by ::text"])
    tags: Select | None = Field(
        None, description="Its tags, each by itself or with commas.", examples=[".tag ::text"]
    )
    guid: Select | None = Field(
        None, description="A text that is the item's own for ever.", examples=["::attr(id)"]
    )
    enclosure: Select | None = Field(
        None, description="An audio or video file.", examples=["audio::attr(src)"]
    )


class PageSource(WebSource):
    """A page that lists articles."""

    type: Literal["page"] = Field(description="page: a web page that lists articles.")
    item: Select | None = Field(
        None,
        description="What each article is in: CSS or XPath. Default: found out.",
        examples=["article.card"],
    )
    fields: Fields = Field(Fields(), description="Where in an item its fields are. Default: found out.")
    next: Select | None = Field(
        None,
        description="The link to the next page of the list, where pages is above 1. Default: found out.",
        examples=["a[rel=next]::attr(href)"],
    )
    pages: int = Field(1, ge=1, le=20, description="How many pages of the list are read at each poll.")
    date_order: Order | None = Field(
        None,
        description="How 1/2/2026 is meant: DMY, MDY or YMD. Default: as the page tells, by its language.",
    )

    @property
    def documents(self) -> int:
        return max(self.pages, 2)  # a page without a list may lead to the API that has it


def start(source: PageSource) -> Request:
    return Request(url=source.url, headers={"Accept": _ACCEPT}, render=source.render)


def parse(source: PageSource, document: Document) -> Parsed:
    """The articles that a page lists, in its order; or those of WordPress's API, where a page named it.

    :raises ParseError: if something stands before the page, or there is no list or nothing in it.
    """
    posts = wordpress.posts(document)
    if posts is not None:
        return _posts(posts, document)
    page = pages.read(document)
    stands_before = trouble(document, page)
    if stands_before is not None and stands_before.kind != "needs-browser":
        raise stands_before.error()
    try:
        items, rejected = _items(source, page)
    except ParseError as error:
        api = wordpress.request_url(page) if error.kind.startswith("list-") and source.item is None else None
        if api is not None:
            return replace(_parsed(page, (), ()), follow=(Request(url=api),))
        raise (stands_before.error() if stands_before is not None else error) from None
    return replace(_parsed(page, items, rejected), follow=_follow(source, page))


def _posts(posts: tuple[ParsedItem, ...], document: Document) -> Parsed:
    if not posts:
        raise ParseError(f"WordPress has no articles at {show_url(document.url)}", kind="list-empty")
    return Parsed(items=posts)


def _parsed(page: Page, items: tuple[ParsedItem, ...], rejected: tuple[str, ...]) -> Parsed:
    declared = meta(page)
    return Parsed(
        items=items,
        rejected=rejected,
        title=first(declared, "og:site_name", "application-name")
        or (page.tree.findtext(".//title") or "").strip()
        or None,
        link=page.url,
        language=language_tag(page.tree.get("lang")),
    )


# ---- items ------------------------------------------------------------------------------------------


def _items(source: PageSource, page: Page) -> tuple[tuple[ParsedItem, ...], tuple[str, ...]]:
    """Items with links, and reasons for those without.

    :raises ParseError: if there are none.
    """
    found = listed(page, item=_compiled(source.item), fields=_chosen(source), order=source.date_order)
    linked = tuple(one for one in found.items if one.link)
    if not linked:
        raise ParseError(
            f"none of the {len(found.items)} items on {show_url(page.url)} has a link; "
            "say with fields: link where it is",
            kind="no-links",
        )
    return linked, tuple(chosen.missing(found.items))


def _compiled(text: str | None) -> Selector | None:
    return selectors.compiled(text) if text is not None else None


def _chosen(source: PageSource) -> Mapping[str, Selector]:
    given: Mapping[str, Any] = source.fields.model_dump(exclude_none=True)
    return {name: selectors.compiled(text) for name, text in given.items()}


# ---- the next page ----------------------------------------------------------------------------------


def _follow(source: PageSource, page: Page) -> tuple[Request, ...]:
    """The page after this one; collect stops after ``pages`` of them."""
    if source.pages == 1:
        return ()
    url = _next(source.next, page) if source.next is not None else next_url(page)
    return (replace(start(source), url=url),) if url else ()


def _next(selector: str, page: Page) -> str | None:
    for found in selectors.matches(selectors.compiled(selector), page.tree):
        href = found if isinstance(found, str) else found.get("href")
        if url := page.link(href):
            return url
    return None


__all__ = ["TYPE", "Fields", "PageSource", "outcome", "parse", "start"]

TYPE: Final = SourceType(name="page", model=PageSource, start=start, parse=parse, revision=1)
