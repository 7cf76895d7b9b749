"""Which articles does a site list in its sitemaps?

The addresses of articles and little else: their pages give the rest (``full_text``). A news sitemap names
articles and nothing but articles; in any other one they are told from sections and service pages by the
patterns of the source, else by the form of their addresses.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final, Literal
from urllib.parse import urlsplit, urlunsplit

from pydantic import Field

from feedsvc.addresses import show_url
from feedsvc.errors import ParseError
from feedsvc.model import Document, Image, Parsed, ParsedItem, Request, WebSource
from feedsvc.refine.clean import language_tag, plain
from feedsvc.refine.text import words
from feedsvc.sources import urlset
from feedsvc.sources.article_urls import day_of, likely
from feedsvc.sources.contract import SourceType
from feedsvc.sources.patterns import UrlPattern, match_any
from feedsvc.sources.text_type import text_type
from feedsvc.sources.urlset import Entry, Sitemap

_ACCEPT: Final = "application/xml, text/xml;q=0.9, text/plain;q=0.8, application/gzip;q=0.8, */*;q=0.1"

# What the names of sitemaps say of what they list, in the words of the software that writes them.
_NEWS: Final = words("news googlenews newssitemap sitemapnews")
_ARTICLES: Final = _NEWS | words(
    "actualites article articles artikel articoli articulo articulos artigos beitraege blog blogs "
    "nachrichten noticia noticias notizie nouvelles post posts stories story"
)
_OTHERS: Final = words(
    "attachment attachments auteur author authors autor autores categories category event events galleries "
    "gallery image images job jobs location locations page pages people person product products profile "
    "profiles section sections seiten static stores tag tags taxonomies taxonomy topic topics user users "
    "video videos"
)
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_NUMBER: Final = re.compile(r"\d+")
_NO_DAY: Final = date.min
_NO_MOMENT: Final = datetime.min.replace(tzinfo=UTC)


class SitemapSource(WebSource):
    """The sitemaps of a site."""

    type: Literal["sitemap"] = Field(description="sitemap: the articles that a site's sitemaps list.")
    full_text: bool = Field(
        True,
        description="Title, text and date of each article are taken from its own page, which is fetched "
        "once. false: only what the sitemap says, which is a title in a news sitemap alone.",
    )
    include: tuple[UrlPattern, ...] = Field(
        (),
        description="Patterns as in robots.txt: only these addresses are articles. Default: all of a news "
        "sitemap, else those that look like an article's.",
        examples=[["/news/"]],
    )
    exclude: tuple[UrlPattern, ...] = Field(
        (), description="Patterns as in robots.txt: these addresses are no articles.", examples=[["/*/live/"]]
    )
    sitemaps: tuple[UrlPattern, ...] = Field(
        (),
        description="Patterns as in robots.txt: which sitemaps of an index are read. Default: news sitemaps "
        "if there are any, else all but those of tags, authors, pictures and the like.",
        examples=[["*/post-sitemap"]],
    )
    limit: int = Field(
        200, ge=1, le=5_000, description="How many articles of a sitemap are taken, newest first."
    )
    newest: int = Field(5, ge=1, le=50, description="How many sitemaps of an index are read, newest first.")
    may_be_empty: bool = Field(
        False, description="true: a sitemap without articles is no failure. News sitemaps may always be."
    )

    @property
    def location(self) -> str:
        """A site's root stands for its robots.txt, which names the sitemaps."""
        parts = urlsplit(self.url)
        if parts.path in {"", "/"} and not parts.query:
            return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
        return self.url


def start(source: SitemapSource) -> Request:
    # Never in the browser: it would show the XML as a page. ``render`` is for the articles.
    return Request(url=source.location, headers={"Accept": _ACCEPT})


def parse(source: SitemapSource, document: Document) -> Parsed:
    """The articles that a sitemap lists, newest first, or the sitemaps that an index or robots.txt names.

    :raises ParseError: if it is no sitemap, breaks off, or names nothing that could be an article.
    """
    sitemap = urlset.read(document)
    follow = tuple(_request(one) for one in _chosen(sitemap.children, source))
    found = _articles(sitemap, source, document)
    if not found and not follow and not (source.may_be_empty or (sitemap.is_news and not sitemap.entries)):
        raise _nothing(sitemap, source, document)
    ordered = sorted(_oldest_last(list(found)), key=_age, reverse=True)
    return Parsed(
        items=tuple(_item(one, found[one], source) for one in ordered[: source.limit]),
        rejected=(_CUT,) if sitemap.cut else (),
        title=_title(ordered),
        follow=follow,
    )


_CUT: Final = f"the sitemap lists more than {urlset.MOST_URLS:,} addresses: the others were not read"


def _nothing(sitemap: Sitemap, source: SitemapSource, document: Document) -> ParseError:
    where, count = show_url(document.url), len(sitemap.entries)
    if sitemap.children:
        named = f"{len(sitemap.children)} sitemaps, but none that 'sitemaps' matches"
        return ParseError(f"{where} names {named}: the first is {show_url(sitemap.children[0].url)}")
    if not count:
        return ParseError(f"{where} is a sitemap, but lists nothing", kind="list-empty")
    first = show_url(sitemap.entries[0].url)
    if source.include or source.exclude:
        why = "none that 'include' and 'exclude' let through"
    else:
        why = "none that looks like an article's; say by 'include' which ones are"
    return ParseError(f"{where} lists {count} addresses, but {why}: the first is {first}", kind="no-links")


# ---- which sitemaps ---------------------------------------------------------------------------------


def _request(child: Entry) -> Request:
    return Request(url=child.url, headers={"Accept": _ACCEPT})


def _chosen(children: Sequence[Entry], source: SitemapSource) -> list[Entry]:
    """Those of an index that are worth reading, newest first."""
    if source.sitemaps:
        fit = [one for one in children if match_any(source.sitemaps, one.url)]
    else:
        kept = [one for one in children if _OTHERS.isdisjoint(_words_of(one.url))] or list(children)
        fit = [one for one in kept if not _NEWS.isdisjoint(_words_of(one.url))] or kept
    return sorted(_from_both_ends(fit), key=_age, reverse=True)[: source.newest]


def _words_of(url: str) -> frozenset[str]:
    """``https://x.example/sitemaps/post_tag-sitemap2.xml`` -> sitemaps, post, tag, sitemap, xml."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return frozenset()
    return frozenset(_LETTERS.findall(f"{parts.path}?{parts.query}".lower()))


def _from_both_ends(children: Sequence[Entry]) -> list[Entry]:
    """First, last, second, last but one ...: where no date tells, the newest are at one of the ends."""
    half = (len(children) + 1) // 2
    there, back = children[:half], children[half:][::-1]
    return [one for pair in zip(there, back, strict=False) for one in pair] + list(there[len(back) :])


# ---- which articles ---------------------------------------------------------------------------------


def _articles(sitemap: Sitemap, source: SitemapSource, document: Document) -> Mapping[Entry, str]:
    """The entries that are articles, each with what speaks for it."""
    entries = {one.url: one for one in sitemap.entries if not match_any(source.exclude, one.url)}
    if source.include:
        return {one: "included" for url, one in entries.items() if match_any(source.include, url)}
    if news := {one: "news sitemap" for one in entries.values() if one.news}:
        return news
    of_articles = not _ARTICLES.isdisjoint(_words_of(document.url.rpartition("/")[2]))
    found = likely(list(entries), of_articles=of_articles)
    return {entries[url]: f"sitemap, {why}" for url, why in found.items()}


def _age(entry: Entry) -> tuple[date, datetime]:
    """What grows with newness. The day in an address is that of publication: an old article that was
    edited is not new."""
    moment = (entry.news and entry.news.published) or entry.lastmod or _NO_MOMENT
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return day_of(entry.url) or (_NO_DAY if moment == _NO_MOMENT else moment.date()), moment


def _oldest_last(entries: list[Entry]) -> list[Entry]:
    """In the order of the document or the other way round, as the numbers in its addresses count down."""
    numbers = [int(found[-1][-18:]) for one in entries if (found := _NUMBER.findall(one.url))]
    ups = sum(one < other for one, other in pairwise(numbers))
    downs = sum(one > other for one, other in pairwise(numbers))
    return entries[::-1] if ups > 2 * downs and ups * 2 > len(entries) else entries


# ---- an article -------------------------------------------------------------------------------------


def _item(entry: Entry, evidence: str, source: SitemapSource) -> ParsedItem:
    """``lastmod`` is when the page changed. The day in an address stands in for the date of publication
    only where no page is asked, which knows the minute."""
    news = entry.news
    published = news.published if news else None
    if published is None and not source.full_text and (day := day_of(entry.url)):
        published = datetime(day.year, day.month, day.day)  # noqa: DTZ001 no zone: that of the source
    return ParsedItem(
        link=entry.url,
        title=news.title if news else None,
        title_type=text_type(news.title) if news else "text",
        published=published,
        updated=entry.lastmod,
        tags=news.keywords if news else (),
        image=Image(url=entry.image) if entry.image else None,
        language=language_tag(news.language if news else None, entry.language),
        base_url=entry.url,
        evidence=evidence,
    )


def _title(entries: Sequence[Entry]) -> str | None:
    """The name of the publication, if all are of one."""
    names = {one.news.publication for one in entries if one.news}
    return (plain(names.pop(), "text") or None) if len(names) == 1 else None


TYPE: Final = SourceType(name="sitemap", model=SitemapSource, start=start, parse=parse, revision=1)
