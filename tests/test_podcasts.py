"""Do episodes, pictures and files come through whole, from a source's feed to ours in every format?"""

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from lxml import etree
from pytest_httpserver import HTTPServer

from feedsvc.bootstrap import open_services
from feedsvc.collect import collect_source
from feedsvc.config import Config
from feedsvc.model import Document, Format, Podcast
from feedsvc.publish import publish_due
from feedsvc.services import Services
from feedsvc.sources.feed import FeedSource, parse
from feedsvc.store import Store
from tests.conftest import Clock
from tests.lint import lint_all

SHOW = """\
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Tide Talk</title><link>https://pod.example/</link><description>d</description>
<item><title>7: Ebb</title><guid isPermaLink="false">ebb</guid><link>https://pod.example/7</link>
  <pubDate>Sun, 01 Mar 2026 09:00:00 +0000</pubDate><description>&lt;p&gt;Of tides.&lt;/p&gt;</description>
  <enclosure url="https://pod.example/7.mp3" length="7000000" type="audio/mpeg"/>
  <itunes:title>Ebb</itunes:title><itunes:duration>30:05</itunes:duration><itunes:explicit>true</itunes:explicit>
  <itunes:episode>7</itunes:episode><itunes:season>2</itunes:season><itunes:episodeType>full</itunes:episodeType>
  <itunes:image href="https://pod.example/7.jpg"/><itunes:block>Yes</itunes:block>
  <podcast:transcript url="/7.vtt" type="text/vtt" language="en"/>
  <podcast:chapters url="/7.json" type="application/json+chapters"/>
  <podcast:person role="host">Gil Shore</podcast:person>{more}</item>
<item><title>A picture</title><guid isPermaLink="false">picture</guid><link>https://pod.example/p</link>
  <pubDate>Sun, 01 Mar 2026 08:00:00 +0000</pubDate><description>Of the sea.</description>
  <media:content url="https://pod.example/p.jpg" medium="image" width="900" height="600">
    <media:title>The sea</media:title><media:credit>Ada</media:credit></media:content>
  <media:content url="https://pod.example/p.mp4" type="video/mp4" fileSize="9" duration="61"/></item>
</channel></rss>
"""
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
ATOM = "{http://www.w3.org/2005/Atom}"
TIDE = {
    "site": {"title": "Tests", "url": "https://feeds.example.org"},
    "fetch": {"allow": ["127.0.0.0/8"]},
    "categories": [{"id": "talk", "title": "Talk"}],
}


@pytest.fixture
def services(store: Store, clock: Clock, httpserver: HTTPServer) -> Iterator[Services]:
    source = {"id": "tide", "type": "feed", "url": httpserver.url_for("/tide"), "categories": ["talk"]}
    opened = open_services(store, Config.model_validate(TIDE | {"sources": [source]}), clock=clock)
    yield opened
    lint_all(opened)
    opened.fetcher.close()


def collected(services: Services, clock: Clock, httpserver: HTTPServer, *, more: str = "") -> None:
    httpserver.clear()
    httpserver.expect_request("/tide").respond_with_data(
        SHOW.format(more=more), content_type="application/rss+xml"
    )
    clock.advance(minutes=30)
    lease = uuid.uuid4().hex
    assert services.store.claim("tide", now=clock(), lease=lease, lease_for=timedelta(minutes=1))
    collect_source(services, "tide", lease=lease)
    publish_due(services)


def body(services: Services, form: Format) -> bytes:
    found = services.store.rendering("c/talk", form)
    assert found is not None
    return found.bodies["identity"]


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_xml_has_it_all(form: Format, services: Services, clock: Clock, httpserver: HTTPServer) -> None:
    collected(services, clock, httpserver)
    tree = etree.fromstring(body(services, form))
    episode, picture = tree.iter("item", f"{ATOM}entry")
    itunes = {one.tag.removeprefix(ITUNES): one.text for one in episode.iter(f"{ITUNES}*")}
    assert itunes == {
        "title": "Ebb",
        "duration": "1805",
        "explicit": "true",
        "episode": "7",
        "season": "2",
        "episodeType": "full",
        "block": "Yes",
        "image": None,
    }
    address = httpserver.url_for("").rstrip("/")
    assert [
        (one.tag.removeprefix(PODCAST), dict(one.attrib), one.text) for one in episode.iter(f"{PODCAST}*")
    ] == [
        ("transcript", {"url": f"{address}/7.vtt", "type": "text/vtt", "language": "en"}, None),
        ("chapters", {"url": f"{address}/7.json", "type": "application/json+chapters"}, None),
        ("person", {"role": "host"}, "Gil Shore"),
    ]
    files = episode.xpath("enclosure | *[local-name() = 'link' and @rel = 'enclosure']")
    assert [(one.get("url") or one.get("href"), one.get("type"), one.get("length")) for one in files] == [
        ("https://pod.example/7.mp3", "audio/mpeg", "7000000")
    ]
    assert [one.get("href") for one in episode.iter(f"{ITUNES}image")] == ["https://pod.example/7.jpg"]
    lead = picture.find(f"{MEDIA}content[@medium='image']")
    assert (lead.get("url"), lead.get("width"), lead.get("height")) == (
        "https://pod.example/p.jpg",
        "900",
        "600",
    )
    assert (lead.findtext(f"{MEDIA}title"), lead.findtext(f"{MEDIA}credit")) == ("The sea", "Ada")
    assert picture.find(f"{MEDIA}thumbnail").get("url") == "https://pod.example/p.jpg"
    assert picture.findtext(f"{ITUNES}duration") == "61"


def test_json_has_it_all(services: Services, clock: Clock, httpserver: HTTPServer) -> None:
    collected(services, clock, httpserver)
    episode, picture = json.loads(body(services, "json"))["items"]
    assert episode["_podcast"]["season"] == 2
    assert episode["_podcast"]["people"] == [{"name": "Gil Shore", "role": "host"}]
    assert episode["attachments"] == [
        {
            "url": "https://pod.example/7.mp3",
            "mime_type": "audio/mpeg",
            "size_in_bytes": 7_000_000,
            "duration_in_seconds": 1805,
        }
    ]
    assert (picture["image"], picture["_image"]) == (
        "https://pod.example/p.jpg",
        {"credit": "Ada", "caption": "The sea"},
    )
    assert "_podcast" not in picture
    assert [one["_source"]["title"] for one in (episode, picture)] == ["Tide Talk"] * 2


def test_a_transcript_that_comes_later_is_news(
    services: Services, clock: Clock, httpserver: HTTPServer
) -> None:
    collected(services, clock, httpserver)
    before = {one.id: one.updated for one in services.store.page("c/talk")}
    collected(services, clock, httpserver)
    assert {one.id: one.updated for one in services.store.page("c/talk")} == before
    collected(services, clock, httpserver, more='<podcast:transcript url="/7.html" type="text/html"/>')
    changed = [one for one in services.store.page("c/talk") if one.updated != before[one.id]]
    assert [one.article.title for one in changed] == ["7: Ebb"]
    assert body(services, "rss").count(b"<podcast:transcript ") == 2


def test_what_we_publish_is_read_back_whole(services: Services, clock: Clock, httpserver: HTTPServer) -> None:
    """By ourselves, as another feedsvc would."""
    collected(services, clock, httpserver)
    stored = {one.article.title: one.article for one in services.store.page("c/talk")}
    source = FeedSource(id="ours", type="feed", url="https://feeds.example.org/c/talk.rss")
    for form in ("rss", "atom"):
        for item in parse(source, Document(url=source.url, body=body(services, form))).items:  # type: ignore[arg-type]
            known = stored[str(item.title)]
            assert item.image == known.image
            assert {one.url: (one.type, one.length) for one in item.enclosures} == {
                one.url: (one.type, one.length) for one in known.enclosures
            }
            assert item.podcast == (known.podcast or Podcast(duration=61))


def test_a_feed_without_episodes_has_no_word_of_them(
    services: Services, clock: Clock, httpserver: HTTPServer
) -> None:
    collected(services, clock, httpserver)
    episode = next(one for one in services.store.page("c/talk") if one.article.podcast is not None)
    services.store.hide(episode.id, clock.advance(minutes=1))
    publish_due(services)
    assert b"podcastindex" not in body(services, "rss")
    assert b"_podcast" not in body(services, "json")
