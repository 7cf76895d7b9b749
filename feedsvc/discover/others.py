"""What is there besides feeds: interfaces of JSON, sitemaps, and the page as a list of its own?"""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import urljoin, urlsplit

from feedsvc.discover.place import Place, is_article
from feedsvc.discover.trial import Trials, source_of
from feedsvc.discover.visits import Visits
from feedsvc.errors import FetchError, ParseError, Stopped
from feedsvc.model import Document, Request, Source
from feedsvc.pages import listing as lists
from feedsvc.pages import page
from feedsvc.pages.alternates import Candidate
from feedsvc.pages.listing import Listing
from feedsvc.pages.listing import wordpress as posts
from feedsvc.pages.page import Page
from feedsvc.pages.trouble import Trouble
from feedsvc.sources import TYPES, api
from feedsvc.sources.discover import Proposal, judged

_DEPTH: Final = 3  # sitemaps of sitemaps
_BESIDE: Final = 0.5  # what the page of an article lists is hardly what somebody wants
_UNTRIED: Final = 0.8  # how sure it is that a browser would help
_WILD: Final = re.compile(r"[*$]")  # what means something in a pattern
_SOME: Final = 3  # articles below the page's own path that make it a section of the sitemap

# Where the posts of WordPress's REST API have their parts.
_POSTS: Final[Mapping[str, str]] = {
    "guid": "guid.rendered",
    "link": "link",
    "title": "title.rendered",
    "date": "date_gmt",
    "updated": "modified_gmt",
    "summary": "excerpt.rendered",
    "content": "content.rendered",
    "author": "_embedded.author[].name",
    "image": '_embedded."wp:featuredmedia"[0].source_url',
}


# ---- interfaces -------------------------------------------------------------------------------------


def json_at(trials: Trials, place: Place) -> Iterator[Proposal]:
    """What stands at the address, as JSON; else JSON that is written into the page there."""
    document = place.document
    found = api.propose(document) if document is not None else None
    if document is None or found is None:
        return
    kind = "itself" if found.json_in is None else "api"
    candidate = Candidate(url=place.given, how=found.evidence, found="api" if kind == "api" else "itself")
    written = {"items": found.items, "fields": dict(found.fields), "json_in": found.json_in}
    source = source_of("api", url=place.given, **{key: value for key, value in written.items() if value})
    yield from _some(
        trials.proposal(candidate, source, document, trust=found.confidence, title=place.asked.title)
    )


def wordpress(trials: Trials, visits: Visits, place: Place) -> Iterator[Proposal]:
    """The posts of a site, or of a section of it, whose page names the site's REST API."""
    url = posts.request_url(place.page) if place.page is not None else None
    if url is None or not visits.left:
        return
    source = source_of("api", url=url, items="@", fields=dict(_POSTS))
    document = _had(visits, TYPES["api"].start(source))
    if document is not None:
        candidate = Candidate(url=url, how="the REST API that the page names (WordPress)", found="api")
        yield from _some(trials.proposal(candidate, source, document, title=place.asked.title))


# ---- sitemaps ---------------------------------------------------------------------------------------


def sitemaps(trials: Trials, visits: Visits, place: Place) -> Iterator[Proposal]:
    """Those that robots.txt names, else the one at the usual place."""
    root = urljoin(place.asked.url, "/")
    for path, how in (
        ("/", "the sitemaps that robots.txt names"),
        ("/sitemap.xml", "a usual place: /sitemap.xml"),
    ):
        source = source_of("sitemap", url=urljoin(root, path))
        found = _listed(visits, source)
        if found is not None:
            candidate = Candidate(url=source.location, how=how, found="sitemap")
            yield from _some(_section(trials, candidate, source, found, place))
            return


def _listed(visits: Visits, source: Source) -> Document | None:
    """The first sitemap that lists articles, from the index or robots.txt down."""
    request = TYPES["sitemap"].start(source)
    for _ in range(_DEPTH):
        document = _had(visits, request) if visits.left else None
        if document is None:
            return None
        try:
            parsed = TYPES["sitemap"].parse(source, document)
        except ParseError:
            return None
        if parsed.items or not parsed.follow:
            return document if parsed.items else None
        request = parsed.follow[0]
    return None


def _section(
    trials: Trials, candidate: Candidate, source: Source, document: Document, place: Place
) -> Proposal | None:
    """Only what is below the path of the page, if the sitemap has articles there."""
    title = place.asked.title
    whole = trials.proposal(candidate, source, document, title=title)
    path = urlsplit(place.asked.url).path.rstrip("/")
    if whole is None or not path or _WILD.search(path):
        return whole
    narrow = source.model_copy(update={"include": (f"{path}/",)})
    part = trials.proposal(candidate, narrow, document, title=title)
    return part if part is not None and part.count >= _SOME else whole


# ---- the page ---------------------------------------------------------------------------------------


def listing(trials: Trials, visits: Visits, place: Place) -> Iterator[Proposal]:
    """The page as a list of articles; as Chromium draws it where there is nothing in the bytes."""
    if isinstance(place.trouble, Trouble) and place.trouble.kind == "needs-browser":
        yield from _drawn(trials, visits, place)
    elif place.page is not None and place.document is not None and isinstance(place.listing, Listing):
        source = source_of("page", url=place.given)
        yield from _some(_list_in(trials, source, place.document, place.page, place.listing))


def _list_in(
    trials: Trials, source: Source, document: Document, read: Page, found: Listing
) -> Proposal | None:
    """The list that was found in a page, and the selectors that would find it again."""
    candidate = Candidate(url=source.location, how=f"a list on the page: {found.evidence}", found="page")
    trust = found.confidence * (_BESIDE if is_article(read) else 1.0)
    made = trials.proposal(candidate, source, document, trust=trust)
    selection = lists.proposal(read, found) if made is not None else None
    if made is None or selection is None:
        return made
    return replace(made, selectors={"item": selection.item, "fields": dict(selection.fields)})


def _drawn(trials: Trials, visits: Visits, place: Place) -> Iterator[Proposal]:
    """A page that only a browser can draw. It is proposed even where there is none to try it with."""
    source = source_of("page", url=place.given, render="browser")
    try:
        document = visits.get(TYPES["page"].start(source))
    except Stopped:
        raise
    except FetchError as error:
        how = "the page is drawn by JavaScript"
        candidate = Candidate(url=place.given, how=how, found="page", title=place.asked.title)
        made = judged(candidate, source, (), asked=place.asked, now=trials.now, trust=_UNTRIED)
        yield replace(made, notes=(f"not tried: {error}",))
        return
    with suppress(ParseError):
        read = page.read(document)
        yield from _some(_list_in(trials, source, document, read, lists.find(read)))


def _had(visits: Visits, request: Request) -> Document | None:
    try:
        return visits.get(request)
    except Stopped:
        raise
    except FetchError:
        return None


def _some(one: Proposal | None) -> tuple[Proposal, ...]:
    return () if one is None else (one,)
