"""What stands at the address that somebody gave?"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from feedsvc.discover.visits import Visits
from feedsvc.errors import FetchError, NotFound, ParseError, Stopped, Unreachable
from feedsvc.model import Document, Request
from feedsvc.pages import alternates, page
from feedsvc.pages import listing as lists
from feedsvc.pages.listing import Listing
from feedsvc.pages.meta import meta
from feedsvc.pages.page import Page
from feedsvc.pages.trouble import Trouble, trouble
from feedsvc.services import Services
from feedsvc.sources.doubts import Asked, folded

_SURE: Final = 0.5  # from where on a list is one
_SOME: Final = 3  # articles
_SCHEME: Final = re.compile(r"(?:feed:(?://)?)?(https?)://", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?://|[^0-9/])", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """``given`` is the address as it was fetched, ``asked.url`` where that led. Without a document the
    ``trouble`` is why; with one it is what stands before the page, if anything does. ``listing`` are the
    articles that the page lists; if it seems to list none, why."""

    given: str
    asked: Asked
    document: Document | None = None
    page: Page | None = None
    trouble: Trouble | FetchError | None = None
    listing: Listing | ParseError | None = None

    @property
    def told(self) -> str:
        """The trouble as a sentence."""
        return self.trouble.reason if isinstance(self.trouble, Trouble) else str(self.trouble or "")


def address(text: str) -> str:
    """The address that somebody typed: https where no scheme is given.

    :raises NotFound: if it cannot be one.
    """
    text = text.strip()
    if given := _SCHEME.match(text):
        text = f"{given[1].lower()}://{text[given.end() :]}"
    elif _OTHER_SCHEME.match(text):
        raise NotFound(
            f"{text!r} is no web address: it must start with https:// or http://, or with its host"
        )
    else:
        text = f"https://{text.removeprefix('//')}"
    try:
        host = urlsplit(text).hostname
    except ValueError:
        host = None
    if not host or re.search(r"\s", text):
        raise NotFound(f"{text!r} is no web address: write one like https://example.org/news")
    return text


def arrive(services: Services, text: str) -> tuple[Visits, Place]:
    """Fetch it; by http if it was typed without a scheme and nobody answers at https.

    :raises NotFound: if it is no address. :raises Stopped:
    """
    url = address(text)
    visits = Visits(services, url)
    try:
        return visits, _place(url, visits.get(Request(url=url)))
    except Stopped:
        raise
    except FetchError as error:
        if not isinstance(error, Unreachable) or _SCHEME.match(text.strip()) or error.kind == "dns":
            return visits, Place(given=url, asked=Asked(url=url), trouble=error)
        return arrive(services, url.replace("https://", "http://", 1))


def _place(url: str, document: Document) -> Place:
    read = _page(document)
    found = trouble(document, read)
    if read is None or found is not None:
        is_page = read if found is None or found.kind != "not-html" else None
        return Place(given=url, asked=Asked(url=document.url), document=document, page=is_page, trouble=found)
    listing = _listing(read)
    asked = Asked(
        url=document.url,
        title=alternates.title_of(read),
        links=alternates.linked(read),
        listed=frozenset() if is_article(read) else _titles(listing),
    )
    return Place(given=url, asked=asked, document=document, page=read, listing=listing)


def _page(document: Document) -> Page | None:
    try:
        return page.read(document)
    except ParseError:
        return None


def _listing(read: Page) -> Listing | ParseError:
    try:
        return lists.find(read)
    except ParseError as error:
        return error


def _titles(listing: Listing | ParseError) -> frozenset[str]:
    items = listing.items if isinstance(listing, Listing) and listing.confidence >= _SURE else ()
    found = frozenset(folded(one.title) for one in items if one.title)
    return found if len(found) >= _SOME else frozenset()


def is_article(read: Page) -> bool:
    """Does the page say that it is a single article? What it lists then are others to read next."""
    kinds = meta(read).get("og:type", ())
    return any(kind.lower().startswith(("article", "video.", "book")) for kind in kinds)
