"""What does the page of a search, a filter or a saved feed show, and what can be chosen there?"""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from feedsvc.model import Choosable, Query
from feedsvc.ondemand import Asked, asked, describe, find
from feedsvc.refine.tokens import folded
from feedsvc.services import Services
from feedsvc.web import words
from feedsvc.web.fastpath import FastPath
from feedsvc.web.glance import Glance
from feedsvc.web.views import PAGE, READERS, Card, Page, line_of, moment

MOST: Final = {"source": 60, "tag": 40, "lang": 20}
KEPT: Final = 200  # feeds whose choices are kept in memory

Option = tuple[str, str]  # value, what it is called


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One list to choose from: ``name`` is that of the parameter, ``none`` what leaves it out."""

    name: str
    label: str
    none: str
    options: Sequence[Option]
    chosen: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The form of a feed's page: what was typed, what may be chosen. ``narrowed``: only a part is shown."""

    text: str
    filters: Sequence[Filter]
    narrowed: bool


class Choosing:
    """What the latest articles of each feed have, until something new is published."""

    def __init__(self, services: Services, fast: FastPath) -> None:
        self._services = services
        self._fast = fast
        self._kept: OrderedDict[Query, tuple[object, Choosable]] = OrderedDict()

    def of(self, query: Query) -> Choosable:
        stamp = tuple(map(self._fast.stamp, query.feeds))
        kept = self._kept.get(query)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        found = self._services.store.choosable(query)
        self._kept[query] = stamp, found
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found


def choice(services: Services, choosing: Choosing, wanted: Asked, text: str) -> Choice:
    """The form for what is asked for; ``text`` as it was typed."""
    config, query = services.config(), wanted.query
    whole = asked(config, wanted.key, {}).query
    there = choosing.of(whole)
    names = {
        one.id: one.title or there.titles.get(one.id, one.id)
        for key in query.feeds
        for one in config.sources_of(key)
        if one.enabled or one.id in there.titles
    }
    sources = sorted(names.items(), key=lambda pair: pair[1].casefold())
    lists = [
        Filter(
            name="source",
            label="Source",
            none="All sources",
            options=_with(sources, query.sources, MOST["source"]),
            chosen=frozenset(query.sources),
        ),
        Filter(
            name="tag",
            label="Tag",
            none="All tags",
            options=_with(_common(there.tags), query.tags, MOST["tag"]),
            chosen=frozenset(query.tags),
        ),
        Filter(
            name="lang",
            label="Language",
            none="All languages",
            options=_with(_languages(there.languages), query.languages, MOST["lang"]),
            chosen=frozenset(query.languages),
        ),
    ]
    if whole.sources:  # the page of one source
        del lists[0]
    return Choice(
        text=text,
        filters=[one for one in lists if len(one.options) > 1 or one.chosen],
        narrowed=query != whole,
    )


def found_page(services: Services, glance: Glance, wanted: Asked, before: int | None) -> Page:
    """The page of a feed that is made when asked for; ``before`` is the place of the last one seen."""
    config, now = services.config(), services.clock()
    found = find(services, wanted, before=before, most=PAGE + 1)
    shown = found.entries[:PAGE]
    feed = describe(services, wanted, shown, found.created)
    inside = {one.id for key in wanted.query.feeds for one in config.sources_of(key) if one.enabled}
    named = inside & set(wanted.query.sources) if wanted.query.sources else inside
    more = len(found.entries) > PAGE
    return Page(
        card=Card(
            key=wanted.key,
            title=feed.title,
            description=feed.description if feed.title else "",
            language=feed.language,
            urls=feed.urls,
            sources=len(named),
            changed=moment(max(one.updated for one in shown), now) if shown else None,
            pace="",
        ),
        entries=f"{PAGE}+ articles" if more or before else words.count(len(shown), "article"),
        lines=[line_of(entry, now) for entry in shown],
        older=str(shown[-1].seq) if more else None,
        readers=[(name, form.format(url=quote(feed.urls["rss"], safe=""))) for name, form in READERS]
        if feed.urls
        else [],
    )


def _with(options: Sequence[Option], chosen: Iterable[str], most: int) -> list[Option]:
    """The first options, and in any case what is chosen."""
    kept = list(options[:most])
    there = {value for value, _ in kept}
    known = dict(options)
    return kept + [(one, known.get(one, one)) for one in chosen if one not in there]


def _common(tags: Sequence[str]) -> list[Option]:
    """Each tag as it is mostly written, the commonest first."""
    times: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for tag in tags:
        plain = " ".join(folded(tag).split())
        times[plain] += 1
        written.setdefault(plain, Counter())[tag] += 1
    return [(plain, written[plain].most_common(1)[0][0]) for plain, _ in times.most_common()]


def _languages(tags: Sequence[str]) -> list[Option]:
    """The languages without their regions, the commonest first."""
    times: Mapping[str, int] = Counter(tag.partition("-")[0].lower() for tag in tags)
    return [(one, one) for one in sorted(times, key=lambda one: (-times[one], one))]
