"""When was an article published and last changed, by all that its page says?

schema.org, ``<meta>``, ``<time>``, the line that a reader sees and the address each name a day, some of them
an instant. The day that carries most weight wins; of its instants the one that says most is given.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from feedsvc.pages.article.surroundings import DATE, HEADLINE, Line, Spot, Surroundings
from feedsvc.pages.article.written import find_dates
from feedsvc.pages.meta import Meta, first
from feedsvc.pages.page import Page
from feedsvc.pages.structured import Thing, texts
from feedsvc.refine.dates import read_date

Moment = datetime | date

_PUBLISHED: Final = (
    "article:published_time", "article:published", "og:published_time", "og:article:published_time", "datepublished",
    "parsely-pub-date", "sailthru.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
    "published_time_telegram", "publishedtime", "published-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime",
    "citation_publication_date", "citation_online_date", "citation_date", "dc.date.issued", "dcterms.issued",
    "dcterms.available", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "dc.date.publication",
    "date.created", "article.created", "article.published", "created", "datecreated", "originalpublicationdate",
    "displaydate", "rnews:datepublished", "bt:pubdate", "shareaholic:article_published_time", "date", "release_date",
    "og:pubdate", "timestamp", "iso-8601-publish-date", "gentime", "article_date_original", "hdl_p",
)  # fmt: skip
_MODIFIED: Final = (
    "article:modified_time", "article:modified", "og:updated_time", "og:modified_time", "datemodified", "dcterms.modified",
    "dc.date.modified", "lastmod", "last-modified", "article.updated", "modified", "updated_time",
)  # fmt: skip
_UPDATED: Final = re.compile(
    r"updat|modif|aktuali|actuali|atualiz|aggiorn|mis(?:e)? à jour|bijgewerkt|uppdater|opdater|oppdater|обновл|изменен"
    r"|güncelle|päivit|diperbarui|cập nhật|更新|修改|수정|geändert|^stand\b|edited|redigert|muokattu|frissít|uuend|zmienion"
    r"|last\s+rev|corrig|ενημερ|תאריך עדכון|עודכן|تحديث",
    re.IGNORECASE,
)
_ISSUED: Final = re.compile(
    r"publi|veröff|erst|posted|pubbl|gepubl|опубл|yayın|發布|发布|등록|입력|creat|erschien|opprett",
    re.IGNORECASE,
)
_IN_PATH: Final = re.compile(
    r"/(?P<y>(?:19|20)\d{2})[/\-_.]?(?P<m>0[1-9]|1[0-2])[/\-_.]?(?P<d>0[1-9]|[12]\d|3[01])(?=[/\-_.T]|$)"
)
_MILLISECONDS: Final = re.compile(r"(\d{2}:\d{2}:\d{2})[:.,]\d+")
_MONTH_FIRST: Final = frozenset({"en", "en-us", "en-ph", "fil"})
_NEAR = (-700, 1_500)  # characters from the headline
_LONGEST_LINE: Final = 200
_EARLIEST: Final = 1990
_DECLARED: Final = 3.4  # weight of a claim that the page makes for machines
_DIGITS: Final = re.compile(r"\d")


class Claim(NamedTuple):
    when: Moment
    weight: float
    source: str


class Dates(NamedTuple):
    """``source`` says where ``published`` was found."""

    published: Moment | None = None
    source: str = ""
    modified: Moment | None = None


def dated(
    page: Page,
    declared: Meta,
    subjects: Iterable[Thing],
    around: Surroundings,
    headline: Spot | None,
    language: str | None,
) -> Dates:
    """``around``: what stands beside the ``headline``; ``language`` tells how 11/10/2026 is meant."""
    subjects = list(subjects)
    month_first = (language or "").lower() in _MONTH_FIRST
    seen = _Seen.around(around, headline, month_first=month_first)
    told = _read_all(value for thing in subjects for value in texts(thing, "dateModified"))
    told += _read_all(value for name in _MODIFIED for value in declared.get(name, ()))
    changed = [*told, *seen.changed]
    claims = [*_told(declared, subjects, told), *seen.claims, *_in_address(page, declared)]
    modified = _fuller(changed[0], changed) if changed else None
    if not claims:
        return _last_resort(page, seen, modified)
    best = _best(claims, {_day(one) for one in changed})
    when = _in_zone(best.when, claims, changed)
    return Dates(when, best.source, modified)


def _last_resort(page: Page, seen: "_Seen", modified: Moment | None) -> Dates:
    if seen.far:
        return Dates(seen.far[0], "text", modified)
    if modified is not None:
        return Dates(modified, "change", modified)
    return Dates(*_by_htmldate(page), None)


# ---- what is declared -------------------------------------------------------------------------------


def _told(declared: Meta, subjects: list[Thing], changed: list[Moment]) -> Iterator[Claim]:
    """Software that writes the moment of the last change for that of publication is believed less."""
    for claim in _published(declared, subjects):
        yield claim._replace(weight=claim.weight * 0.7) if any(map(partial(_is_same, claim.when), changed)) else claim


def _is_same(one: Moment, other: Moment) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime) and bool(one.tzinfo) == bool(other.tzinfo):
        return abs(one - other) < timedelta(minutes=5)
    return False


def _published(declared: Meta, subjects: list[Thing]) -> Iterator[Claim]:
    for number, thing in enumerate(subjects[:4]):
        weight = (4.0 if thing["@source"] == "json-ld" else 3.5) * (1.0, 0.5, 0.4, 0.3)[number]
        for when in (
            _read_all(texts(thing, "datePublished"))[:1]
            or _read_all(texts(thing, "dateCreated", "uploadDate"))[:1]
        ):
            yield Claim(when, weight, thing["@source"])
    for number, name in enumerate(_PUBLISHED):
        for when in _read_all(declared.get(name, ()))[:1]:
            yield Claim(when, 4.0 if number < 12 else 2.0, "meta")


def _read_all(values: Iterable[str]) -> list[Moment]:
    return [when for value in values if (when := read_moment(value))]


def read_moment(text: str) -> Moment | None:
    """A moment as machines write it, or as people do; a ``date`` where there is no time in it."""
    text = _MILLISECONDS.sub(r"\1", text.strip())[:100]
    if re.fullmatch(r"\d{10}(?:\d{3})?", text):
        when: datetime | None = datetime.fromtimestamp(int(text[:10]), UTC)
    else:
        when = read_date(text)
    if when is None:
        return next((found.when for found in find_dates(text) if _is_possible(found.when)), None)
    return _as_told(when, text) if _is_possible(when) and len(text) > 7 else None


def _as_told(when: datetime, text: str) -> Moment:
    """Midnight without a zone is what a day becomes in software."""
    is_day = ":" not in text and "T" not in text and len(text) < 13 and not text.isdigit()
    return when.date() if is_day or (when.tzinfo is None and when.time() == time(0)) else when


def _is_possible(when: Moment) -> bool:
    return when.year >= _EARLIEST and (when.month, when.day, when.year) != (1, 1, _EARLIEST)


# ---- what is seen -----------------------------------------------------------------------------------


class _Seen(NamedTuple):
    """The days that stand around the headline, those that say they are of a change, and those far away."""

    claims: list[Claim]
    changed: list[Moment]
    far: list[Moment]

    @classmethod
    def around(cls, around: Surroundings, headline: Spot | None, *, month_first: bool) -> "_Seen":
        seen = cls([], [], [])
        start = _start(around, headline)
        for spot in around.of(DATE):
            if len(spot.text) <= _LONGEST_LINE:
                seen._take_spot(spot, _nearness(spot.place - start), month_first=month_first)
        for line in around.lines:
            if len(line.text) <= _LONGEST_LINE and _DIGITS.search(line.text) and line.place != start:
                seen._take_line(line, _nearness(line.place - start), month_first=month_first)
        return seen

    def _take_spot(self, spot: Spot, near: float, *, month_first: bool) -> None:
        attribute = spot.element.get("datetime") or spot.element.get("content") or ""
        moments = _moments(attribute, spot.text, month_first=month_first)
        if moments and _is_of_change(spot):
            self.changed.extend(moments)
        elif near > 0:
            weight, source = near * _mark(spot, bool(attribute)), "time" if attribute else "dateline"
            self.claims.extend(Claim(when, weight, source) for when in moments)

    def _take_line(self, line: Line, near: float, *, month_first: bool) -> None:
        end = 0
        for found in find_dates(line.text, month_first=month_first):
            lead, end = line.text[max(end, found.start - 40) : found.start], found.end
            plainness = _plainness(line, found.end - found.start)
            if not _is_possible(found.when):
                continue
            if _UPDATED.search(lead) and not _ISSUED.search(lead):
                self.changed.append(found.when)
            elif near > 0:
                self.claims.append(Claim(found.when, near * plainness, "dateline"))
            elif plainness > 2:
                self.far.append(found.when)


def _start(around: Surroundings, headline: Spot | None) -> int:
    """Where the article begins: at its headline, else at the first heading."""
    return next((spot.place for spot in (headline, *around.of(HEADLINE)) if spot is not None), 0)


def _nearness(distance: int) -> float:
    low, high = _NEAR
    if not low <= distance <= high:
        return 0.0
    return 1.0 - abs(distance) / (high if distance >= 0 else -low) * 0.7


def _moments(attribute: str, text: str, *, month_first: bool) -> list[Moment]:
    told = read_moment(attribute) if attribute else None
    written = [one.when for one in find_dates(text, month_first=month_first) if _is_possible(one.when)][:1]
    if told is None:
        return list(written)
    return [told, *(one for one in written if _day(one) == _day(told))]


def _mark(spot: Spot, machine: bool) -> float:
    names = f"{spot.element.get('class', '')} {spot.element.get('itemprop', '')}".lower()
    return (
        2.0
        + 0.7 * machine
        + 0.8 * (spot.element.tag == "time")
        + 0.5 * ("publi" in names or "entry" in names)
    )


def _is_of_change(spot: Spot) -> bool:
    names = f"{spot.element.get('class', '')} {spot.element.get('itemprop', '')}"
    names = re.sub(r"entry-date|published", "", names)
    is_published = "publi" in (spot.element.get("class") or "").lower()
    return not is_published and bool(
        _UPDATED.search(names) or _UPDATED.search(spot.text) and not _ISSUED.search(spot.text)
    )


def _plainness(line: Line, size: int) -> float:
    """A line that is little more than a date is a dateline; a day within a sentence may be any day."""
    share = size / max(1, len(line.text))
    return 2.3 if share > 0.3 else 1.2 if len(line.text) < 120 else 0.3


# ---- the address ------------------------------------------------------------------------------------


def _in_address(page: Page, declared: Meta) -> Iterator[Claim]:
    for address in dict.fromkeys((page.url, first(declared, "link:canonical"), first(declared, "og:url"))):
        try:
            found = _IN_PATH.search(urlsplit(address or "").path)
            if found:
                yield Claim(date(int(found["y"]), int(found["m"]), int(found["d"])), 2.0, "address")
                return
        except ValueError:  # no address, or no such day
            continue


def _by_htmldate(page: Page) -> tuple[Moment | None, str]:
    """htmldate's guess, where nothing else names a day."""
    from htmldate import find_date  # noqa: PLC0415 slow to import, and hardly ever needed

    try:
        found = find_date(page.text, original_date=True, extensive_search=True)
    except Exception:  # noqa: BLE001 whatever it trips over, the page just has no date then
        return None, ""
    when = read_date(found)
    return (when.date(), "htmldate") if when else (None, "")


# ---- weighing ---------------------------------------------------------------------------------------


def _best(claims: list[Claim], changed: set[date]) -> Claim:
    """Of the day with most weight, the claim that says most."""
    rated = {day: _weight(day, claims) for day in {_day(claim.when) for claim in claims}}
    day = max(rated, key=lambda one: (rated[one], -one.toordinal()))
    if day in changed:  # what readers see is often the day of the last change
        earlier = [_day(one.when) for one in claims if one.weight >= _DECLARED and _day(one.when) < day]
        day = min(earlier, default=day)
    same = [claim for claim in claims if _may_be(claim.when, day)]
    leading = max(same, key=lambda one: (isinstance(one.when, datetime), _is_zoned(one.when), one.weight))
    return leading._replace(when=_fuller(leading.when, [one.when for one in same]))


def _in_zone(when: Moment, claims: list[Claim], changed: list[Moment]) -> Moment:
    """An instant in UTC whose day readers see as another one, in a zone that the page uses where it is that day."""
    if not isinstance(when, datetime) or when.utcoffset() != timedelta(0):
        return when
    days = {_day(one.when) for one in claims if one.source in {"dateline", "address", "time"}}
    moments = [*(one.when for one in claims), *changed]
    zones = {one.tzinfo for one in moments if isinstance(one, datetime) and one.utcoffset()}
    local = (when.astimezone(zone) for zone in zones)
    return when if when.date() in days else next((one for one in local if one.date() in days), when)


def _weight(day: date, claims: list[Claim]) -> float:
    """Each kind of source counts once; the same instant elsewhere on earth may be of the day before or after."""
    heaviest: dict[str, float] = {}
    for claim in claims:
        if _day(claim.when) == day:
            weight = claim.weight + 0.4 * isinstance(claim.when, datetime)
            heaviest[claim.source] = max(heaviest.get(claim.source, 0.0), weight)
        elif _may_be(claim.when, day):
            heaviest[claim.source] = max(heaviest.get(claim.source, 0.0), claim.weight * 0.6)
    return sum(heaviest.values())


def _may_be(when: Moment, day: date) -> bool:
    """Is it that day, or in UTC and that day somewhere?"""
    if _day(when) == day:
        return True
    if not (isinstance(when, datetime) and when.utcoffset() == timedelta(0)):
        return False
    return day in {(when + timedelta(hours=14)).date(), (when - timedelta(hours=12)).date()}


def _fuller(when: Moment, others: Iterable[Moment]) -> Moment:
    """The instant, in the zone of the page where another claim of the same instant shows it."""
    if not isinstance(when, datetime):
        return when
    same = [one for one in others if isinstance(one, datetime)]
    if when.tzinfo is None:
        return next(
            (
                one
                for one in same
                if one.tzinfo and one.replace(tzinfo=None, second=0) == when.replace(second=0)
            ),
            when,
        )
    if when.utcoffset():
        return when
    for one in same:
        if one.tzinfo and one.utcoffset() and abs(one - when) < timedelta(minutes=1):
            return one
        if one.tzinfo is None:
            ahead = round((one - when.replace(tzinfo=None)) / timedelta(minutes=1))
            if ahead and ahead % 15 == 0 and abs(ahead) <= 14 * 60:
                return when.astimezone(timezone(timedelta(minutes=ahead)))
    return when


def _day(when: Moment) -> date:
    return when.date() if isinstance(when, datetime) else when


def _is_zoned(when: Moment) -> bool:
    return isinstance(when, datetime) and when.tzinfo is not None
