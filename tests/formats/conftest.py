"""Which feeds do the tests of the formats show?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedsvc.model import (
    Article,
    Author,
    Enclosure,
    Entry,
    Feed,
    Image,
    Origin,
    Person,
    Podcast,
    SafeHtml,
    Soundbite,
    Transcript,
)

DAY = datetime(2025, 3, 1, 8, 30, tzinfo=UTC)
SITE = "https://feeds.example.org"


@dataclass(frozen=True, kw_only=True)
class Case:
    """A feed with its entries, and the further links of its document."""

    feed: Feed
    entries: tuple[Entry, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)


def feed(key: str = "c/world", **changes: Any) -> Feed:
    values: dict[str, Any] = {
        "key": key,
        "id": f"tag:feeds.example.org,2025:{key}",
        "title": "World",
        "description": "News from everywhere",
        "language": "en",
        "page_url": f"{SITE}/{key}/",
        "urls": {form: f"{SITE}/{key}.{form}" for form in ("rss", "atom", "json")},
        "updated": DAY + timedelta(days=30),
        "site_title": "Example feeds",
    }
    return Feed(**values | changes)


def origin(**changes: Any) -> Origin:
    values: dict[str, Any] = {
        "id": "example-news",
        "iri": "https://news.example.com/feed.xml",
        "title": "Example News",
        "link": "https://news.example.com/",
        "feed_url": "https://news.example.com/feed.xml",
    }
    return Origin(**values | changes)


def entry(number: int = 1, **changes: Any) -> Entry:
    """An entry; what an ``Article`` has of ``changes`` goes there."""
    published = DAY + timedelta(hours=number)
    article: dict[str, Any] = {
        "title": f"Article {number}",
        "link": f"https://news.example.com/{number}",
        "summary": SafeHtml(f"<p>Summary {number}</p>"),
        "content": SafeHtml(f"<p>Content {number}</p>"),
        "published": published,
        "fingerprint": "f",
    }
    values: dict[str, Any] = {
        "id": f"tag:feeds.example.org,2025:{number}",
        "published": published,
        "updated": published,
        "origin": origin(),
    }
    of_entry = {name: changes.pop(name) for name in tuple(changes) if name in values}
    return Entry(article=Article(**article | changes), **values | of_entry)


def full() -> Entry:
    return entry(
        id="https://news.example.com/full",
        link="https://news.example.com/full",
        title="Everything an article can have",
        updated=DAY + timedelta(days=2, microseconds=5),
        authors=(
            Author(name="Ada Lovelace", email="ada@example.com", url="https://example.com/ada"),
            Author(name="Grace Hopper", email="no address"),
        ),
        tags=("science", "R&D"),
        enclosures=(
            Enclosure(
                url="https://cdn.example.com/1.mp3", type="audio/mpeg", length=1234, title="Talk", duration=61
            ),
            Enclosure(url="https://cdn.example.com/slides.PDF?v=1"),
            Enclosure(url="https://cdn.example.com/talk.mp4", type="video/mp4", length=99, duration=62),
        ),
        image=Image(url="https://cdn.example.com/lead.jpg", width=640, height=480),
        language="en-GB",
        rights="© 2025 Example",
        via="https://wire.example.net/feed",
        via_title="The Wire",
    )


def episodes() -> tuple[Entry, ...]:
    audio = Enclosure(
        url="https://cdn.example.com/7.mp3", type="audio/mpeg", length=7_000_000, duration=1_805
    )
    whole = Podcast(
        title="Ebb & flow",
        subtitle="On tides",
        summary="We ask a harbour master about tides.",
        author="Tide Team",
        duration=1_805,
        explicit=True,
        block=True,
        episode=7,
        episode_name="Seven",
        season=2,
        season_name="The sea",
        kind="full",
        chapters="https://pod.example.com/7/chapters.json",
        transcripts=(
            Transcript(url="https://pod.example.com/7.vtt", type="text/vtt", language="en", captions=True),
            Transcript(url="https://pod.example.com/7.srt"),
        ),
        soundbites=(
            Soundbite(start=73.5, duration=60.0, title="Spring tide"),
            Soundbite(start=0, duration=5),
        ),
        people=(
            Person(name="Gil Shore", role="host", url="https://example.com/gil"),
            Person(name="Ada & Co", group="cast", image="https://example.com/ä.png"),
        ),
        location="Dover, Kent",
        license="cc-by-4.0",
    )
    return (
        entry(
            7,
            title="7: Ebb & flow",
            authors=(Author(name="Tide Team"),),
            enclosures=(audio,),
            podcast=whole,
            image=Image(
                url="https://pod.example.com/7.jpg", credit="A. Photographer", caption="Dover <by> night"
            ),
        ),
        entry(6, enclosures=(audio,), podcast=Podcast(explicit=False, episode=6, kind="bonus")),
        entry(5, enclosures=(Enclosure(url="https://cdn.example.com/5.mp3", duration=9),)),
    )


NASTY_TITLES = (
    """He said "it's" <b>bold</b> & done""",
    "How to write &amp; and &#8217; in HTML",
    "<script>alert(1)</script>",
    "]]> ends a section <![CDATA[",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{GRINNING FACE}\U0001f3f4\U000e0067\U000e007f emoji",
    "if a<b then c>d",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe\N{POP DIRECTIONAL FORMATTING}",
    "word " * 800,
)
NASTY_HTML = SafeHtml(
    "<p>AT&amp;T said &quot;]]&gt;&quot; &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    '<pre>a &lt; b\n\tc</pre><img src="https://cdn.example.com/a.png?x=1&amp;y=2" alt="a > b">'
)


def nasty() -> tuple[Entry, ...]:
    titled = [
        entry(
            n,
            title=title.strip(),
            summary=SafeHtml(""),
            content=NASTY_HTML,
            authors=(Author(name=f'O\'Neil & "Sons" {n}'),),
            tags=("C&A", "a < b", 'say "x"'),
        )
        for n, title in enumerate(NASTY_TITLES, 1)
    ]
    return (
        *titled,
        entry(50, title="Long", content=SafeHtml("<p>" + "long text " * 5000 + "</p>")),
        entry(51, title="Hindi, in two scripts: हिन्दी", language="hi", content=SafeHtml("<p>देवनागरी</p>")),
    )


def right_to_left() -> tuple[Entry, ...]:
    return (
        entry(
            1,
            title="مرحبا بالعالم",
            language="ar",
            content=SafeHtml("<p>نص</p>"),
            summary=SafeHtml("<p>م</p>"),
        ),
        entry(
            2, title="שלום", language="he-IL", content=SafeHtml('<p dir="rtl">טקסט</p>'), summary=SafeHtml("")
        ),
        entry(3, title="Azərbaycan", language="az-Latn"),
        entry(4, title="آذربایجان", language="az-Arab", summary=SafeHtml("")),
    )


def bare() -> tuple[Entry, ...]:
    nothing = SafeHtml("")
    nowhere = origin(id="tag:feeds.example.org,2025:notes", title="Notes", link=None, feed_url=None)
    return (
        entry(1, title="Title & link only", summary=nothing, content=nothing),
        entry(2, title="Title <only>", link=None, summary=nothing, content=nothing, origin=nowhere),
        entry(3, title="Summary only", link=None, content=nothing, origin=nowhere),
        entry(4, title="Summary and link", content=nothing),
        entry(5, title="Content only", link=None, summary=nothing, origin=nowhere),
        entry(6, title="Summary is content", summary=SafeHtml("<p>Content 6</p>")),
        entry(7, title="IRI", link="https://пример.example/путь?q=[é]", origin=origin(updated=DAY)),
        entry(8, title="IRI as id", id="tag:feeds.example.org,2025:a%20b"),
    )


def cases() -> dict[str, Case]:
    icon = f"{SITE}/icon.png"
    return {
        "empty": Case(feed=feed(description="")),
        "plain": Case(feed=feed(), entries=tuple(map(entry, range(1, 4)))),
        "full": Case(
            feed=feed(title="R&D <World>", icon_url=icon, ttl=timedelta(minutes=90)), entries=(full(),)
        ),
        "nasty": Case(feed=feed(), entries=nasty()),
        "rtl": Case(feed=feed(language="ar", title="العالم"), entries=right_to_left()),
        "bare": Case(feed=feed(language=None, description=""), entries=bare()),
        "links": Case(
            feed=feed(icon_url=f"{SITE}/icon.svg"),
            entries=(entry(),),
            links={
                "hub": f"{SITE}/hub",
                "prev-archive": f"{SITE}/c/world/archive/3",
                "current": f"{SITE}/c/world",
            },
        ),
        "podcast": Case(feed=feed(icon_url=icon), entries=episodes()),
        "private": Case(feed=feed(urls={}), entries=(entry(),)),
    }


@pytest.fixture(scope="session")
def all_cases() -> dict[str, Case]:
    return cases()


@pytest.fixture(scope="session")
def make_feed() -> Callable[..., Feed]:
    return feed


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., Entry]:
    return entry


@pytest.fixture(scope="session")
def make_origin() -> Callable[..., Origin]:
    return origin


@pytest.fixture(scope="session")
def full_entry() -> Entry:
    return full()


@pytest.fixture(scope="session")
def nasty_entries() -> tuple[Entry, ...]:
    return nasty()
