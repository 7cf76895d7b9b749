"""What do entries say of episodes and pictures that feedparser passes on only in part?"""

import pytest

from feedsvc.model import Document, Image, ParsedItem, Person, Podcast, Soundbite, Transcript
from feedsvc.sources.extras import NOTHING, extras
from feedsvc.sources.feed import FeedSource, parse

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
NAMES = f'xmlns:itunes="{ITUNES}" xmlns:podcast="{PODCAST}" xmlns:media="{MEDIA}"'
RSS = f'<rss version="2.0" {NAMES}><channel>%s</channel></rss>'
SOURCE = FeedSource(id="pod", type="feed", url="https://pod.example/feed")


def items(*bodies: str, around: str = RSS) -> tuple[ParsedItem, ...]:
    written = "".join(f"<item><title>t</title>{body}</item>" for body in bodies)
    document = Document(url=SOURCE.url, body=(around % written).encode())
    return parse(SOURCE, document).items


def podcast(body: str) -> Podcast | None:
    (item,) = items(body)
    return item.podcast


def test_an_episode_comes_whole() -> None:
    found = podcast("""
      <itunes:title>Ebb</itunes:title><itunes:author>Tide Team</itunes:author>
      <itunes:subtitle>On tides</itunes:subtitle><itunes:summary><![CDATA[Of <b>tides</b>]]></itunes:summary>
      <itunes:duration>1:02:03</itunes:duration><itunes:explicit>yes</itunes:explicit><itunes:block>Yes</itunes:block>
      <itunes:episode>7</itunes:episode><itunes:season>2</itunes:season><itunes:episodeType>Full</itunes:episodeType>
      <podcast:season name="The sea">2</podcast:season><podcast:episode display="Seven">7</podcast:episode>
      <podcast:transcript url="/7.vtt" type="text/vtt" language="en" rel="captions"/>
      <podcast:transcript url="/7.html" type="text/html"/><podcast:transcript type="text/html"/>
      <podcast:chapters url="/7.json" type="application/json+chapters"/>
      <podcast:soundbite startTime="73.5" duration="60">Spring tide</podcast:soundbite>
      <podcast:soundbite startTime="soon" duration="60"/>
      <podcast:person role="host" group="cast" href="/gil" img="/gil.png">Gil <i>Shore</i></podcast:person>
      <podcast:person role="guest"/>
      <podcast:location geo="geo:51,1">Dover</podcast:location><podcast:license>cc0</podcast:license>""")
    assert found == Podcast(
        title="Ebb",
        author="Tide Team",
        subtitle="On tides",
        summary="Of <b>tides</b>",
        duration=3723,
        explicit=True,
        block=True,
        episode=7,
        episode_name="Seven",
        season=2,
        season_name="The sea",
        kind="full",
        transcripts=(
            Transcript(url="/7.vtt", type="text/vtt", language="en", captions=True),
            Transcript(url="/7.html", type="text/html"),
        ),
        chapters="/7.json",
        chapters_type="application/json+chapters",
        soundbites=(Soundbite(start=73.5, duration=60.0, title="Spring tide"),),
        people=(Person(name="Gil Shore", role="host", group="cast", url="/gil", image="/gil.png"),),
        location="Dover",
        license="cc0",
    )


@pytest.mark.parametrize(
    ("written", "number", "name"),
    [
        ("<itunes:episode>Ep. 12</itunes:episode>", 12, None),
        ("<podcast:episode>12</podcast:episode>", 12, None),
        ("<podcast:episode>12.5</podcast:episode>", None, "12.5"),
        ("<itunes:episode>12</itunes:episode><podcast:episode display='XII'>13</podcast:episode>", 12, "XII"),
        ("<itunes:episode>last</itunes:episode><itunes:block>no</itunes:block>", None, None),
        ("<itunes:episode>0</itunes:episode>", None, None),
    ],
)
def test_numbers_of_episodes(written: str, number: int | None, name: str | None) -> None:
    found = podcast(written) or Podcast()
    assert (found.episode, found.episode_name) == (number, name)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [("true", True), ("Explicit", True), ("clean", False), ("no", False), ("", None), ("?", None)],
)
def test_explicit(word: str, meaning: bool | None) -> None:
    found = podcast(f"<itunes:explicit>{word}</itunes:explicit><itunes:season>1</itunes:season>")
    assert found == Podcast(season=1, explicit=meaning)


def test_an_article_is_no_episode() -> None:
    first, second = items("<link>https://pod.example/1</link>", "<itunes:season>3</itunes:season>")
    assert first.podcast is None
    assert second.podcast == Podcast(season=3)


@pytest.mark.parametrize(
    "around",
    [
        RSS.replace(ITUNES, "http://www.itunes.com/DTDs/Podcast-1.0.dtd"),
        RSS.replace("xmlns:itunes", "xmlns:other"),  # undeclared: the prefix tells
        RSS.replace("xmlns:itunes", "xmlns:it").replace("%s", "%s<!-- itunes -->"),
    ],
)
def test_vocabularies_are_known_however_they_are_declared(around: str) -> None:
    written = "<it:season>3</it:season>" if "xmlns:it=" in around else "<itunes:season>3</itunes:season>"
    (item,) = items(written, around=around)
    assert item.podcast == Podcast(season=3)


def test_atom_entries_are_episodes_too() -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom" {NAMES}><id>tag:a</id><title>a</title>
      <entry><id>tag:b</id><title>b</title><itunes:duration>61</itunes:duration></entry></feed>"""
    (item,) = parse(SOURCE, Document(url=SOURCE.url, body=body.encode())).items
    assert item.podcast == Podcast(duration=61)


def test_what_is_said_of_a_picture_stays_with_it() -> None:
    one, group, alone, none = items(
        '<media:content url="https://x/1.jpg" medium="image" width="9"><media:title>Harbour</media:title>'
        "<media:credit>Ada</media:credit><media:credit>Ben</media:credit></media:content>"
        '<media:content url="https://x/2.jpg"><media:credit>Cleo</media:credit></media:content>',
        '<media:group><media:content url="https://x/3.mp4" type="video/mp4"/>'
        '<media:thumbnail url="https://x/3.jpg"/><media:title>A film</media:title>'
        "<media:description>Waves</media:description></media:group>",
        '<media:thumbnail url="https://x/4.jpg"/><media:credit role="photographer">Dan</media:credit>'
        "<media:description>of the article</media:description>",
        '<enclosure url="https://x/5.jpg" type="image/jpeg" length="1"/>',
    )
    assert one.image == Image(url="https://x/1.jpg", width=9, credit="Ada, Ben", caption="Harbour")
    assert group.image == Image(url="https://x/3.jpg", caption="Waves")
    assert [file.title for file in group.enclosures] == ["A film"]
    assert alone.image == Image(url="https://x/4.jpg", credit="Dan")
    assert none.image == Image(url="https://x/5.jpg")


def test_a_document_whose_entries_cannot_be_told_apart_gives_nothing() -> None:
    two = b"<rss><item><itunes:season>1</itunes:season></item><item/></rss>"
    assert extras(two, 3) == (NOTHING,) * 3
    assert [one.podcast for one in extras(two, 2)] == [Podcast(season=1), None]
    assert extras(b"itunes", 1) == (NOTHING,)
    assert extras(b"<rss><item/></rss>", 1) == (NOTHING,)


def test_the_own_address_behind_a_counter_of_clicks_is_the_link() -> None:
    feedburner = 'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    around = RSS.replace("<rss", f"<rss {feedburner}")
    written = "<link>https://feeds.example/~r/1</link><feedburner:origLink>{}</feedburner:origLink>"
    found = [items(written.format(one), around=around)[0].link for one in ("https://pod.example/1", "none")]
    assert found == ["https://pod.example/1", "https://feeds.example/~r/1"]


def test_bytes_that_are_no_text_cost_nothing() -> None:
    broken = b"<rss><it\xed\xa0\x80em/><item><itunes:season>1</itunes:season><a\xff/></item></rss>"
    assert [one.podcast for one in extras(broken, 2)] == [None, Podcast(season=1)]
    unreal = b"<rss><item xmlns='a&#xD800;'><itunes:season>1</itunes:season></item></rss>"
    assert [one.podcast for one in extras(unreal, 1)] == [Podcast(season=1)]
