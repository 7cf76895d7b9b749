"""Which article stands at an address, or in a document, with all its parts?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from feedsvc.errors import BadStatus, FeedsvcError, ParseError, Stopped
from feedsvc.follow.answers import explained
from feedsvc.model import Document, Extracted, NotModified, Request, Validators
from feedsvc.pages import page
from feedsvc.pages.article import extract
from feedsvc.pages.trouble import trouble
from feedsvc.services import Network

MOST_PARTS: Final = 10  # of one article


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePage:
    """The article at an address, all its parts joined; ``validators`` are those of the first."""

    extracted: Extracted
    validators: Validators
    wire_bytes: int


def article_at(
    network: Network, request: Request, *, validators: Validators | None = None, configured: bool = True
) -> ArticlePage | NotModified:
    """Fetch a page and take the article out of it; the further pages of one that has several are joined.

    :raises FetchError: :raises ParseError: if something else stands there, its ``kind`` says what.
    """
    try:
        answer = network.get(request, validators=validators, configured=configured)
    except BadStatus as error:
        raise explained(error) from error
    if isinstance(answer, NotModified):
        return answer
    extracted = article_in(answer)
    parts = tuple(_parts(network, request, extracted, configured=configured))
    return ArticlePage(
        extracted=_joined(extracted, parts), validators=answer.validators, wire_bytes=answer.wire_bytes
    )


def article_in(document: Document) -> Extracted:
    """:raises ParseError: if it is no page, or something stands before the article."""
    read = page.read(document)
    stands_before = trouble(document, read)
    if stands_before is not None:
        raise ParseError(stands_before.reason, kind=stands_before.kind)
    return extract(read)


def _parts(network: Network, request: Request, first: Extracted, *, configured: bool) -> Iterator[Extracted]:
    """The further pages of an article, on the same host only; what cannot be had ends it."""
    seen, url = {request.url, first.url}, first.next_url
    while url is not None and url not in seen and len(seen) < MOST_PARTS and _host(url) == _host(first.url):
        seen.add(url)
        try:
            answer = network.get(replace(request, url=url), configured=configured)
            part = article_in(answer) if isinstance(answer, Document) else None
        except Stopped:
            raise
        except FeedsvcError:
            return
        if part is None:
            return
        yield part
        url = part.next_url


def _joined(first: Extracted, parts: Sequence[Extracted]) -> Extracted:
    """One article of its parts: the first says what it is, all say what is in it."""
    parts = (first, *parts)
    return replace(
        first,
        html="\n".join(part.html for part in parts if part.html),
        text="\n".join(part.text for part in parts if part.text),
        next_url=None,
    )


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
