"""When was an article published and last changed, by all that its page says?

schema.org, ``<meta>``, ``<time>``, the line that a reader sees and the address each name a day, some of them
an instant. The day that carries most weight wins; of its instants the one that says most is given.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from feedsvc.pages.article.datelines import DIGIT, LONGEST, Seen
from feedsvc.pages.article.moments import Claim, Moment, day_of, is_possible, is_zoned, read_all
from feedsvc.pages.article.surroundings import Headline, Surroundings
from feedsvc.pages.article.written import find_dates
from feedsvc.pages.article.zones import fuller, in_zone
from feedsvc.pages.meta import Meta, first
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing, texts
from feedsvc.refine.dates import read_date

_PUBLISHED: Final = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time",
    "datepublished", "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date",
    "publish_date", "publication_date", "published_time_telegram", "publishedtime", "published-date",
    "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "citation_publication_date",
    "citation_online_date", "citation_date", "dc.date.issued", "dcterms.issued", "dcterms.available",
    "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "dc.date.publication",
    "date.created", "article.created", "article.published", "created", "datecreated",
    "originalpublicationdate", "displaydate", "rnews:datepublished", "bt:pubdate",
    "shareaholic:article_published_time", "date", "release_date", "og:pubdate", "timestamp",
    "iso-8601-publish-date", "gentime", "article_date_original", "hdl_p",
)  # fmt: skip
_MODIFIED: Final = (
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "datemodified",
    "dcterms.modified", "dc.date.modified", "lastmod", "last-modified", "article.updated", "modified",
    "updated_time",
)  # fmt: skip
_IN_PATH: Final = re.compile(
    r"/(?P<y>(?:19|20)\d{2})[/\-_.]?(?P<m>0[1-9]|1[0-2])[/\-_.]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/\-_.T]|$)"
)
_MONTH_FIRST: Final = frozenset({"en", "en-us", "en-ph", "fil"})
_DECLARED: Final = 3.4  # weight of a claim that the page makes for machines
_MOST_MARKED: Final = 50
_LONGEST_PAGE: Final = 1_000_000  # characters
_MOST_PIECES: Final = 20_000


class Dates(NamedTuple):
    """``source`` says where ``published`` was found."""

    published: Moment | None = None
    source: str = ""
    modified: Moment | None = None


def dated(
    page: Page,
    declared: Meta,
    subjects: Sequence[Thing],
    around: Surroundings,
    headline: Headline | None,
    language: str | None,
) -> Dates:
    """``around``: what stands beside the ``headline``; ``language`` tells how 11/10/2026 is meant."""
    month_first = (language or "").lower() in _MONTH_FIRST
    seen = Seen.around(around, headline, month_first=month_first)
    told = read_all(value for thing in subjects for value in texts(thing, "dateModified"))
    told += read_all(value for name in _MODIFIED for value in declared.get(name, ()))
    changed = [*told, *seen.changed]
    claims = [
        *_told(declared, subjects, told),
        *seen.claims,
        *_marked_alone(page),
        *_in_address(page, declared),
    ]
    modified = fuller(changed[0], changed) if changed else None
    if not claims:
        return _last_resort(page, modified, month_first=month_first)
    best = _best(claims, {day_of(one) for one in changed})
    when = in_zone(best.when, claims, changed, language)
    return Dates(when, best.source, modified)


def _last_resort(page: Page, modified: Moment | None, *, month_first: bool) -> Dates:
    if modified is not None:
        return Dates(modified, "change", modified)
    guess = _by_htmldate(page)
    said = _said(page, month_first=month_first)
    if said and (
        guess is None or guess in map(day_of, said)
    ):  # of those that are seen, the first one is meant
        return Dates(said[0], "text")
    return Dates(guess, "htmldate") if guess else Dates()


def _said(page: Page, *, month_first: bool) -> list[Moment]:
    """The days that short pieces of text name, wherever they stand."""
    body = page.tree.find("body")
    pieces = () if body is None else islice(body.itertext(), _MOST_PIECES)
    short = (text for text in pieces if len(text) <= LONGEST and DIGIT.search(text))
    found = (one.when for text in short for one in find_dates(text, month_first=month_first))
    return [when for when in found if is_possible(when)]


def _by_htmldate(page: Page) -> date | None:
    """htmldate's guess, where nothing else names a day. It searches all markup: not that of endless pages."""
    if len(page.text) > _LONGEST_PAGE:
        return None
    from htmldate import find_date  # noqa: PLC0415 slow to import, and hardly ever needed

    try:
        when = read_date(find_date(page.text, original_date=True, extensive_search=True))
    except Exception:  # noqa: BLE001 whatever it trips over, the page just has no date then
        return None
    # The first of January is what it makes of a mere year, such as that of a copyright.
    return when.date() if when and (when.month, when.day) != (1, 1) else None


# ---- what is declared -------------------------------------------------------------------------------


def _told(declared: Meta, subjects: Sequence[Thing], changed: list[Moment]) -> Iterator[Claim]:
    """Software that writes the moment of the last change for that of publication is believed less."""
    for claim in _published(declared, subjects):
        doubt = 0.7 if any(_is_same(claim.when, one) for one in changed) else 1.0
        yield claim._replace(weight=claim.weight * doubt)


def _is_same(one: Moment, other: Moment) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime) and bool(one.tzinfo) == bool(other.tzinfo):
        return abs(one - other) < timedelta(minutes=5)
    return False


def _published(declared: Meta, subjects: Sequence[Thing]) -> Iterator[Claim]:
    for number, thing in enumerate(subjects[:4]):
        weight = (4.0 if thing["@source"] == "json-ld" else 3.5) * (1.0, 0.5, 0.4, 0.3)[number]
        published = read_all(texts(thing, "datePublished")) or read_all(
            texts(thing, "dateCreated", "uploadDate")
        )
        for when in published[:1]:
            yield Claim(when, weight, thing["@source"])
    for number, name in enumerate(_PUBLISHED):
        for when in read_all(declared.get(name, ()))[:1]:
            yield Claim(when, 4.0 if number < 12 else 2.0, "meta")


def _marked_alone(page: Page) -> Iterator[Claim]:
    """The one day of the page that is marked as that of publication, wherever it stands."""
    if "datePublished" not in page.text and "pubdate" not in page.text.lower():
        return
    marked = page.tree.xpath("//*[@itemprop='datePublished' or @pubdate]")[:_MOST_MARKED]
    values = (one.get("datetime") or one.get("content") or str(one.xpath("string()"))[:100] for one in marked)
    moments = read_all(values)
    if len({day_of(one) for one in moments}) == 1:
        yield Claim(moments[0], _DECLARED, "marked")


def _in_address(page: Page, declared: Meta) -> Iterator[Claim]:
    for address in dict.fromkeys((page.url, first(declared, "link:canonical"), first(declared, "og:url"))):
        try:
            found = _IN_PATH.search(urlsplit(address or "").path)
            if found:
                yield Claim(date(int(found["y"]), int(found["m"]), int(found["d"])), 2.0, "address")
                return
        except ValueError:  # no address, or no such day
            continue


# ---- weighing ---------------------------------------------------------------------------------------


def _best(claims: list[Claim], changed: set[date]) -> Claim:
    """Of the day with most weight, the claim that says most."""
    rated = {day: _weight(day, claims) for day in {day_of(claim.when) for claim in claims}}
    day = max(rated, key=lambda one: (rated[one], -one.toordinal()))
    if day in changed:  # what readers see is often the day of the last change
        earlier = [day_of(one.when) for one in claims if one.weight >= _DECLARED and day_of(one.when) < day]
        day = min(earlier, default=day)
    same = [claim for claim in claims if _may_be(claim.when, day)]
    instants = [one for one in same if isinstance(one.when, datetime)]
    heaviest = max((one.weight for one in instants), default=0.0)
    leading = max(
        (one for one in instants or same if one.weight >= 0.6 * heaviest),
        key=lambda one: (is_zoned(one.when), one.weight),
    )
    return leading._replace(when=fuller(leading.when, [one.when for one in claims if one.weight >= 1]))


def _weight(day: date, claims: list[Claim]) -> float:
    """Each kind of source counts once; what is in UTC may be of the day before or after elsewhere."""
    heaviest: dict[str, float] = {}
    for claim in claims:
        if day_of(claim.when) == day:
            weight = claim.weight + 0.15 * isinstance(claim.when, datetime)
            heaviest[claim.source] = max(heaviest.get(claim.source, 0.0), weight)
        elif _may_be(claim.when, day):
            heaviest[claim.source] = max(heaviest.get(claim.source, 0.0), claim.weight * 0.6)
    return sum(heaviest.values())


def _may_be(when: Moment, day: date) -> bool:
    """Is it that day, or in UTC and that day somewhere?"""
    if day_of(when) == day:
        return True
    if not (isinstance(when, datetime) and when.utcoffset() == timedelta(0)):
        return False
    return day in {(when + timedelta(hours=14)).date(), (when - timedelta(hours=12)).date()}
