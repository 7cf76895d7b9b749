"""What do the pages show? Plain values for the templates, read from the store and the config in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from feedsvc.config import ALL, Config
from feedsvc.errors import StoreError
from feedsvc.model import Entry, Feed, FeedState, Format, SafeHtml
from feedsvc.refine.amount import cut_to
from feedsvc.refine.text import visible
from feedsvc.services import Services
from feedsvc.web import words
from feedsvc.web.charts import Spark, spark
from feedsvc.web.glance import COUNTED_TO, Glance
from feedsvc.web.words import Cursor

PAGE: Final = 50  # entries of a page
CARDS: Final = 60  # categories that are shown with their headlines; the others have a line each
WHOLE: Final = 400  # characters that are shown without folding
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

READERS: Final = (
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
    address: str  # of its own page, under /a/
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
    """A feed on the index, and at the head of its own page; ``pace`` is what it gains, "18 a day"."""

    key: str
    title: str
    description: str
    language: str | None
    urls: Mapping[Format, str]
    sources: int
    changed: Moment | None
    pace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    everything: Card
    cards: Sequence[tuple[Card, Spark, Sequence[Line]]]
    more: Sequence[Card]  # of which only the names are shown
    saved: Sequence[Card]  # saved feeds
    idle: bool  # some category has no source that is switched on


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a feed; ``older`` is the cursor of the next one."""

    card: Card
    entries: str  # how many there are, in words
    lines: Sequence[Line]
    older: str | None
    readers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """What stands at the head of every page; ``everything`` is the feed that has all."""

    title: str
    description: str
    everything: Feed | None
    status: bool = False  # is there a page that says how the sources fare?


def site(services: Services) -> SiteView:
    """Never fails: error pages need it too, and may be shown because there is no store."""
    try:
        config = services.config()
    except StoreError:
        return SiteView(title="Feeds", description="", everything=None)
    everything = config.feed(ALL, updated=NEVER, tag=services.tag)
    return SiteView(
        title=config.site.title,
        description=config.site.description,
        everything=everything,
        status=config.site.status,
    )


def index(services: Services, glance: Glance) -> Index:
    config, now = services.config(), services.clock()
    everything, *cards = [
        card_of(services, glance, key) for key in config.open_feeds(now) if config.is_public(key)
    ]
    gains = glance.gains()
    return Index(
        everything=everything,
        cards=[
            (card, spark(gains.get(card.key, ())), [line_of(one, now) for one in glance.newest(card.key)])
            for card in cards[:CARDS]
        ],
        more=cards[CARDS:],
        saved=[card_of(services, glance, key) for key in config.listed(now) if key not in config.feed_keys()],
        idle=any(not card.sources for card in cards),
    )


def page(services: Services, glance: Glance, key: str, before: Cursor | None) -> Page:
    """:raises NotFound: if the config in force has no such feed."""
    config, now = services.config(), services.clock()
    card = card_of(services, glance, key)
    found = services.store.page(key, limit=PAGE + 1, before=before)
    shown = found[:PAGE]
    return Page(
        card=card,
        entries=_counted(glance.count(key)),
        lines=[line_of(cut_for(config, key, entry), now) for entry in shown],
        older=words.cursor(shown[-1]) if len(found) > PAGE else None,
        readers=[(name, form.format(url=quote(card.urls["rss"], safe=""))) for name, form in READERS],
    )


def feeds(services: Services, glance: Glance) -> list[Feed]:
    """All that is public: the feed of everything, then the categories and the saved feeds, both in the order
    of the config."""
    config, states = services.config(), glance.states()
    return [
        config.feed(key, updated=_changed(states.get(key)) or NEVER, tag=services.tag)
        for key in config.listed(services.clock())
    ]


def addresses(services: Services, glance: Glance) -> list[tuple[str, datetime | None]]:
    """The public pages, and when what they show last changed, if it ever did."""
    config, states = services.config(), glance.states()
    keys = [one.key for one in feeds(services, glance)]
    changes = {key: _changed(states.get(key)) for key in keys}
    latest = max(filter(None, changes.values()), default=None)
    base = config.base_url()
    return [(f"{base}/", latest), *((f"{base}/{key}/", changes[key]) for key in keys)]


def card_of(services: Services, glance: Glance, key: str) -> Card:
    """:raises NotFound: if the config in force has no such feed."""
    state = glance.states().get(key)
    changed = _changed(state)
    feed = services.config().feed(key, updated=changed or NEVER, tag=services.tag)
    return Card(
        key=key,
        title=feed.title,
        description=feed.description,
        language=feed.language,
        urls=feed.urls,
        sources=state.sources if state else 0,
        changed=moment(changed, services.clock()) if changed else None,
        pace=words.pace(glance.gains().get(key, ())[:-1]),  # today is not over
    )


def _counted(entries: int) -> str:
    return words.count(entries, "article") if entries <= COUNTED_TO else f"{COUNTED_TO:,}+ articles"


def _changed(state: FeedState | None) -> datetime | None:
    return state.last_modified if state else None


def cut_for(config: Config, key: str, entry: Entry) -> Entry:
    """The entry with as much of its article as the feed may show."""
    return replace(entry, article=cut_to(entry.article, config.amount(key, entry.origin.id)))


def line_of(entry: Entry, now: datetime) -> Line:
    article = entry.article
    markup = article.content or article.summary
    return Line(
        anchor=words.anchor(entry.id),
        address=words.address(entry),
        title=article.title,
        link=article.link,
        source=entry.origin.title,
        authors=", ".join(author.name for author in article.authors[:3]),
        language=article.language,
        when=moment(entry.published, now),
        excerpt=words.excerpt(article),
        body=_marked(markup) if article.link is None and markup else None,
        whole=len(visible(markup)) <= WHOLE,
    )


def _marked(markup: SafeHtml) -> Markup:
    return Markup(words.without_media(markup))  # noqa: S704 - SafeHtml: made by refine.clean alone


def moment(when: datetime, now: datetime) -> Moment:
    return Moment(
        iso=when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        exact=words.exactly(when),
        ago=words.ago(when, now),
    )
