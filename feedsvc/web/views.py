"""What do the pages show? Plain values for the templates, read from the store and the config in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from feedsvc.config import ALL, Config
from feedsvc.errors import StoreError
from feedsvc.model import Entry, Feed, FeedState, Format, SafeHtml
from feedsvc.refine.text import visible
from feedsvc.services import Services
from feedsvc.web import words
from feedsvc.web.glance import Glance
from feedsvc.web.words import Cursor

PAGE: Final = 50  # entries of a page
WHOLE: Final = 400  # characters that are shown without folding
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

_READERS: Final = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{url}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={url}"),
    ("NewsBlur", "https://www.newsblur.com/?url={url}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={url}"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date as a page says it: machine-readable, exact, and how long ago."""

    iso: str
    exact: str
    ago: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry in a list, at ``anchor`` on its page.

    ``body`` is there only where there is no page elsewhere to read it on; ``whole`` says that it is hardly
    longer than the excerpt.
    """

    anchor: str
    title: str
    link: str | None
    source: str
    authors: str
    language: str | None
    when: Moment
    excerpt: str
    body: Markup | None
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A feed on the index, and at the head of its own page."""

    key: str
    title: str
    description: str
    language: str | None
    urls: Mapping[Format, str]
    sources: int
    entries: int
    changed: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    everything: Card
    cards: Sequence[tuple[Card, Sequence[Line]]]
    idle: bool  # some category has no source that is switched on


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a feed; ``older`` is the cursor of the next one."""

    card: Card
    lines: Sequence[Line]
    older: str | None
    readers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """What stands at the head of every page; ``everything`` is the feed that has all."""

    title: str
    description: str
    everything: Feed | None


def site(services: Services) -> SiteView:
    """Never fails: error pages need it too, and may be shown because there is no store."""
    try:
        config = services.config()
    except StoreError:
        return SiteView(title="Feeds", description="", everything=None)
    everything = config.feed(ALL, updated=NEVER, tag=services.tag)
    return SiteView(title=config.site.title, description=config.site.description, everything=everything)


def index(services: Services, glance: Glance) -> Index:
    config, now, states = services.config(), services.clock(), glance.states()
    everything, *cards = [_card(services, config, key, states, now) for key in config.open_feeds(now)]
    newest = [glance.newest(card.key) for card in cards]
    return Index(
        everything=everything,
        cards=[(card, [_line(one, now) for one in found]) for card, found in zip(cards, newest, strict=True)],
        idle=any(not card.sources for card in cards),
    )


def page(services: Services, glance: Glance, key: str, before: Cursor | None) -> Page:
    """:raises NotFound: if the config in force has no such feed."""
    config, now = services.config(), services.clock()
    card = _card(services, config, key, glance.states(), now)
    found = services.store.page(key, limit=PAGE + 1, before=before)
    shown = found[:PAGE]
    return Page(
        card=card,
        lines=[_line(entry, now) for entry in shown],
        older=words.cursor(shown[-1]) if len(found) > PAGE else None,
        readers=[(name, form.format(url=quote(card.urls["rss"], safe=""))) for name, form in _READERS],
    )


def feeds(services: Services, glance: Glance) -> list[Feed]:
    """All that is published: the feed of everything, then the categories in the order of the config."""
    config, states = services.config(), glance.states()
    return [
        config.feed(key, updated=_changed(states.get(key)) or NEVER, tag=services.tag)
        for key in config.open_feeds(services.clock())
    ]


def _card(
    services: Services, config: Config, key: str, states: Mapping[str, FeedState], now: datetime
) -> Card:
    state = states.get(key)
    changed = _changed(state)
    feed = config.feed(key, updated=changed or NEVER, tag=services.tag)
    return Card(
        key=key,
        title=feed.title,
        description=feed.description,
        language=feed.language,
        urls=feed.urls,
        sources=state.sources if state else 0,
        entries=state.entries if state else 0,
        changed=_moment(changed, now) if changed else None,
    )


def _changed(state: FeedState | None) -> datetime | None:
    return state.last_modified if state else None


def _line(entry: Entry, now: datetime) -> Line:
    article = entry.article
    markup = article.content or article.summary
    return Line(
        anchor=words.anchor(entry.id),
        title=article.title,
        link=article.link,
        source=entry.origin.title,
        authors=", ".join(author.name for author in article.authors[:3]),
        language=article.language,
        when=_moment(entry.published, now),
        excerpt=words.excerpt(article),
        body=_marked(markup) if article.link is None and markup else None,
        whole=len(visible(markup)) <= WHOLE,
    )


def _marked(markup: SafeHtml) -> Markup:
    return Markup(words.without_media(markup))  # noqa: S704 - SafeHtml: made by refine.clean alone


def _moment(moment: datetime, now: datetime) -> Moment:
    return Moment(
        iso=moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        exact=words.exactly(moment),
        ago=words.ago(moment, now),
    )
