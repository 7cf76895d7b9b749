"""What do the pages of a source's articles say, each fetched once?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from feedsvc.addresses import show_url
from feedsvc.errors import FetchError, ParseError, Stopped
from feedsvc.follow.answers import Recall, is_own, is_passing
from feedsvc.follow.article import ArticlePage, article_at
from feedsvc.model import Extracted, Followed, NotModified, ParsedItem, Request, Source, WebSource
from feedsvc.pages.article import merge
from feedsvc.refine.links import absolute
from feedsvc.refine.recognise import Sighting
from feedsvc.services import Services

MOST_PAGES: Final = 30  # in one poll; the rest are read in the next ones
TRIES: Final = 3  # then an article is taken as the list has it
FEW: Final = 150  # characters; less is no article, where the list does not say that it is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Sightings with what their pages say.

    ``unchanged``: articles that we have and whose page is as it was. ``unread``: how many pages there was
    no time for. ``again``: one could not be had, but perhaps next time. ``rejected``: why not.
    """

    sightings: tuple[Sighting, ...] = ()
    unchanged: tuple[Sighting, ...] = ()
    followed: tuple[Followed, ...] = ()
    rejected: tuple[str, ...] = ()
    unread: int = 0
    again: bool = False
    wire_bytes: int = 0


def wants_pages(source: Source) -> bool:
    return isinstance(source, WebSource) and source.full_text


def read_pages(
    services: Services,
    source: Source,
    sightings: Sequence[Sighting],
    *,
    recall: Recall,
    most: int = MOST_PAGES,
    until: datetime,
) -> Texts:
    """Read the page of each article, at most ``most`` of them and until then.

    A page that cannot be had now is tried again at the next poll, and its article waits for it; after
    ``TRIES`` times, or if it can never be had, the article is taken as the list has it.
    """
    links = {one.keys.primary: _link(one.item) for one in sightings}
    known = recall([link for link in links.values() if link])
    reading = _Reading(services=services, source=source, known=known)
    for one in sightings:
        link = links[one.keys.primary]
        if link is None:
            reading.taken.append(one)
        elif reading.pages >= most or services.clock() >= until:
            reading.unread += one.known is None
        else:
            reading.read(one, link)
    return reading.texts()


@dataclass(slots=True, kw_only=True)
class _Reading:
    services: Services
    source: Source
    known: Mapping[str, Followed]
    pages: int = 0
    unread: int = 0
    again: bool = False
    wire_bytes: int = 0
    taken: list[Sighting] = field(default_factory=list)
    unchanged: list[Sighting] = field(default_factory=list)
    followed: list[Followed] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)

    def read(self, one: Sighting, link: str) -> None:
        before = self.known.get(link, Followed(url=link))
        if before.tries >= TRIES and one.known is None:
            self._as_listed(one)
            return
        self.pages += 1
        request = Request(url=link, render=getattr(self.source, "render", "http"))
        validators = before.validators if one.known is not None else None
        try:
            found = article_at(
                self.services.fetcher, request, validators=validators, configured=is_own(self.source, link)
            )
        except Stopped:
            raise
        except (FetchError, ParseError) as error:
            self._failed(one, before, error)
            return
        self._found(one, before, found)

    def _found(self, one: Sighting, before: Followed, found: ArticlePage | NotModified) -> None:
        self.wire_bytes += found.wire_bytes
        self.followed.append(Followed(url=before.url, validators=found.validators))
        if isinstance(found, NotModified):
            self.unchanged.append(one)
            return
        if not one.item.title and not _is_article(found.extracted):
            self.rejected.append(f"{show_url(before.url)}: no article on it")
            self.followed[-1] = replace(self.followed[-1], tries=TRIES)
            return
        self.taken.append(replace(one, item=merge(one.item, found.extracted)))

    def _failed(self, one: Sighting, before: Followed, error: FetchError | ParseError) -> None:
        tries = before.tries + 1 if is_passing(error) else TRIES
        self.followed.append(replace(before, tries=tries))
        self.rejected.append(f"{show_url(before.url)}: {error}")
        if one.known is not None:
            return  # its listing changed, its page cannot be had: it stays as it is, until it can
        if tries >= TRIES:
            self._as_listed(one)
        else:
            self.again = True

    def _as_listed(self, one: Sighting) -> None:
        """Only what the list itself calls an article."""
        if one.item.title:
            self.taken.append(one)

    def texts(self) -> Texts:
        return Texts(
            sightings=tuple(self.taken),
            unchanged=tuple(self.unchanged),
            followed=tuple(self.followed),
            rejected=tuple(self.rejected),
            unread=self.unread,
            again=self.again,
            wire_bytes=self.wire_bytes,
        )


def _is_article(found: Extracted) -> bool:
    return bool(found.title) and len(found.text) >= FEW


def _link(item: ParsedItem) -> str | None:
    return absolute(item.link, item.base_url or "") if item.link else None
